/** Finding ids in the bytes of a log. */

const encoder = new TextEncoder();
const native = (globalThis as { Buffer?: { prototype: { indexOf(this: Uint8Array, text: Uint8Array, start: number): number } } }).Buffer?.prototype.indexOf;

/** Where these bytes next stand at or behind `start`, or -1. Node's Buffer has a search of its own, far faster than one in JavaScript. */
function indexOf(bytes: Uint8Array, text: Uint8Array, start: number): number {
  if (native) return native.call(bytes, text, start);
  for (let at = bytes.indexOf(text[0], start); at >= 0; at = bytes.indexOf(text[0], at + 1)) {
    let i = 1;
    while (i < text.length && bytes[at + i] === text[i]) i++;
    if (i === text.length) return at;
  }
  return -1;
}

const isWord = (c: number) => c - 48 >>> 0 < 10 || (c | 32) - 97 >>> 0 < 26;
const isJoin = (c: number) => c === 45 || c === 95 || c === 43;

/** An id that is looked for as a whole: `A1` is not in `A12`, nor `bob@a.example` in `rob.bob@a.example`. */
export class Key {
  private readonly bytes: Uint8Array;
  private readonly startsInWord: boolean;
  private readonly endsInWord: boolean;

  constructor(readonly text: string) {
    this.bytes = encoder.encode(text);
    this.startsInWord = isWord(this.bytes[0]);
    this.endsInWord = isWord(this.bytes[this.bytes.length - 1]);
  }

  /** The next place of the id in `b` at or behind `start`, or -1. */
  next(b: Uint8Array, start: number): number {
    for (let at = indexOf(b, this.bytes, start); at >= 0; at = indexOf(b, this.bytes, at + 1)) {
      const end = at + this.bytes.length;
      const before = this.startsInWord && at > 0 && (isWord(b[at - 1]) || isJoin(b[at - 1]) || (b[at - 1] === 46 && at > 1 && isWord(b[at - 2])));
      const after = this.endsInWord && end < b.length && (isWord(b[end]) || isJoin(b[end]) || (b[end] === 46 && end + 1 < b.length && isWord(b[end + 1])));
      if (!before && !after) return at;
    }
    return -1;
  }
}
