/** Finding ids in the bytes of a log. */

const encoder = new TextEncoder();
const native = (
  globalThis as { Buffer?: { prototype: { indexOf(this: Uint8Array, text: Uint8Array, start: number): number } } }
).Buffer?.prototype.indexOf;

/** Where these bytes next stand at or behind `start`, or -1. The search of Node's Buffer is by far the fastest. */
function indexOf(bytes: Uint8Array, text: Uint8Array, start: number): number {
  if (native) return native.call(bytes, text, start);
  for (let at = bytes.indexOf(text[0], start); at >= 0; at = bytes.indexOf(text[0], at + 1)) {
    let i = 1;
    while (i < text.length && bytes[at + i] === text[i]) i++;
    if (i === text.length) return at;
  }
  return -1;
}

const isWord = (c: number) => (c - 48) >>> 0 < 10 || ((c | 32) - 97) >>> 0 < 26;
const isJoin = (c: number) => c === 45 || c === 95 || c === 43;

/** An id that is looked for as a whole: `A1` is not in `A12`, nor `bob@a.example` in `rob.bob@a.example`. */
export class Key {
  readonly bytes: Uint8Array;
  private readonly startsInWord: boolean;
  private readonly endsInWord: boolean;

  constructor(readonly text: string) {
    this.bytes = encoder.encode(text);
    this.startsInWord = isWord(this.bytes[0]);
    this.endsInWord = isWord(this.bytes[this.bytes.length - 1]);
  }

  /** The next place of the id in `b` at or behind `start`, or -1. */
  next(b: Uint8Array, start: number): number {
    for (let at = indexOf(b, this.bytes, start); at >= 0; at = indexOf(b, this.bytes, at + 1))
      if (this.isWhole(b, at)) return at;
    return -1;
  }

  /** Whether the id stands at `at`, whole. */
  isAt(b: Uint8Array, at: number): boolean {
    const { bytes } = this;
    if (at + bytes.length > b.length) return false;
    for (let i = 0; i < bytes.length; i++) if (b[at + i] !== bytes[i]) return false;
    return this.isWhole(b, at);
  }

  private isWhole(b: Uint8Array, at: number): boolean {
    const end = at + this.bytes.length;
    const before =
      this.startsInWord &&
      at > 0 &&
      (isWord(b[at - 1]) || isJoin(b[at - 1]) || (b[at - 1] === 46 && at > 1 && isWord(b[at - 2])));
    const after =
      this.endsInWord &&
      end < b.length &&
      (isWord(b[end]) || isJoin(b[end]) || (b[end] === 46 && end + 1 < b.length && isWord(b[end + 1])));
    return !before && !after;
  }
}

/** From so many ids on, one search for all of them is faster than one for each. */
const many = 4;

/** Several ids that are looked for at once. */
export class KeySet {
  private readonly shifts: Uint8Array | undefined;
  private readonly ending = new Map<number, Key[]>();
  private readonly window: number;

  /**
   * Many ids are found by the method of Wu and Manber (A fast algorithm for multi-pattern searching, 1994): two bytes
   * of the log say how far the search may skip, since no id has them further left within the length of the shortest.
   */
  constructor(readonly keys: readonly Key[]) {
    this.window = Math.min(255, ...keys.map(({ bytes }) => bytes.length));
    if (keys.length < many || this.window < 2) return;
    this.shifts = new Uint8Array(65_536).fill(this.window - 1);
    for (const key of keys) {
      for (let i = 0; i < this.window - 1; i++) {
        const pair = key.bytes[i] | (key.bytes[i + 1] << 8);
        this.shifts[pair] = Math.min(this.shifts[pair], this.window - 2 - i);
      }
      const last = key.bytes[this.window - 2] | (key.bytes[this.window - 1] << 8);
      this.ending.set(last, [...(this.ending.get(last) ?? []), key]);
    }
  }

  /** Calls `found` for every id in every place of `b`, in any order. */
  each(b: Uint8Array, found: (key: Key, at: number) => void): void {
    const { shifts, window } = this;
    if (!shifts) {
      for (const key of this.keys) for (let at = key.next(b, 0); at >= 0; at = key.next(b, at + 1)) found(key, at);
      return;
    }
    for (let p = window - 1; p < b.length;) {
      const pair = b[p - 1] | (b[p] << 8),
        shift = shifts[pair];
      if (shift > 0) {
        p += shift;
        continue;
      }
      for (const key of this.ending.get(pair)!) if (key.isAt(b, p - window + 1)) found(key, p - window + 1);
      p++;
    }
  }
}
