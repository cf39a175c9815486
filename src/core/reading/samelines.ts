import { Byte } from '../text/ascii';
import { indexOfByte } from '../text/bytes';
import { Fingerprint } from '../text/fingerprint';
import type { LineNumber } from '../model';
import { longestLine } from './carry';
import type { LineRanges } from './linemask';
import type { Source } from './source';

/** Lines that are compared at a time; of more, a part after the other, if the first shows that there is something. */
const mostLines = 2_000_000;
/** More ranges of lines than this are no overlap of logs any more. */
const mostRanges = 200_000;

/**
 * Which lines of each log stand in one before it, word for word, as often as there: the second of two equal lines of a
 * log is a repeat only of the second one there. Blank lines and remarks (`#`) are none.
 * @param lines how many lines they have together.
 * @returns by log, its lines; undefined where they are too scattered to be kept.
 */
export async function repeatedLines(sources: readonly Source[], lines: number): Promise<(LineRanges | undefined)[]> {
  // Nobody can write lines that have one fingerprint: it is another one each time.
  const seed = Math.floor(Math.random() * 2 ** 32) | 0;
  const marks = sources.map(() => new Marks()),
    parts = Math.max(1, Math.ceil(lines / mostLines));
  for (let part = 0; part < parts; part++) {
    const known = new KnownLines(Math.min(lines, mostLines * 2));
    let found = false;
    for (const [file, source] of sources.entries())
      await eachLine(source, seed, ({ a, b }, line) => {
        if (parts > 1 && (a >>> 0) % parts !== part) return;
        if (!known.repeats(a, b, file)) return;
        marks[file].add(line);
        found = true;
      });
    if (!found) break;
  }
  return marks.map((one) => one.ranges());
}

async function eachLine(
  source: Source,
  seed: number,
  take: (print: Fingerprint, line: LineNumber) => void,
): Promise<void> {
  const print = new Fingerprint();
  let carry: Uint8Array[] = [],
    carried = 0,
    line = 0;
  const lineAt = (bytes: Uint8Array, start: number, end: number) => {
    line++;
    if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
    if (bytes[start] === Byte.hash || end - start > longestLine) return;
    while (end > start && (bytes[end - 1] === Byte.carriageReturn || bytes[end - 1] === Byte.space)) end--;
    if (end > start) take(print.of(seed ^ (end - start)).text(bytes, start, end), line);
  };
  const last = () => {
    const whole = carry.length === 1 ? carry[0] : joined(carry, carried);
    carry = [];
    carried = 0;
    lineAt(whole, 0, whole.length);
  };
  for await (const chunk of source.chunks()) {
    let start = 0;
    for (;;) {
      const end = indexOfByte(chunk, Byte.lineFeed, start);
      const part = chunk.subarray(start, end < 0 ? chunk.length : end);
      if (end < 0 || carried > 0) {
        // Of a line that is too long, its length is enough.
        if (carried <= longestLine) carry.push(Uint8Array.from(part));
        carried += part.length;
        if (end < 0) break;
        last();
      } else lineAt(chunk, start, end);
      start = end + 1;
    }
  }
  if (carried > 0) last();
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Lines by their fingerprints, each with the log that had it first. An open-addressing hash table. */
class KnownLines {
  private readonly mask: number;
  private readonly a: Int32Array;
  private readonly b: Int32Array;
  /** The log, from 1; 0 is a free place. */
  private readonly owner: Uint16Array;
  /** How often it has the line. */
  private readonly count: Uint16Array;
  /** The last other log that had it too, and how often it may still have it. */
  private readonly by: Uint16Array;
  private readonly left: Uint16Array;
  private size = 0;

  constructor(lines: number) {
    const places = 2 ** Math.ceil(Math.log2(Math.max(16, lines * 2)));
    this.mask = places - 1;
    this.a = new Int32Array(places);
    this.b = new Int32Array(places);
    this.owner = new Uint16Array(places);
    this.count = new Uint16Array(places);
    this.by = new Uint16Array(places);
    this.left = new Uint16Array(places);
  }

  /** Whether another log has the line of this log; else it is known from now on. */
  repeats(a: number, b: number, file: number): boolean {
    const { owner, mask } = this,
      own = file + 1;
    let at = (a ^ Math.imul(b, 0x9e3779b1)) & mask;
    while (owner[at] !== 0 && (this.a[at] !== a || this.b[at] !== b)) at = (at + 1) & mask;
    if (owner[at] === 0) {
      // A table that is full takes no more lines: then some repeats are not found, and none is found that is none.
      if (this.size * 8 > mask * 7) return false;
      this.size++;
      this.a[at] = a;
      this.b[at] = b;
      owner[at] = own;
      this.count[at] = 1;
      return false;
    }
    if (owner[at] === own) {
      if (this.count[at] < 0xffff) this.count[at]++;
      return false;
    }
    if (this.by[at] !== own) {
      this.by[at] = own;
      this.left[at] = this.count[at];
    }
    return this.left[at] > 0 && this.left[at]-- > 0;
  }
}

/** Lines of a log, in a bit each. */
class Marks {
  private bits = new Uint8Array(64);

  add(line: LineNumber): void {
    const at = line >> 3;
    if (at >= this.bits.length) {
      const grown = new Uint8Array(Math.max(at + 1, this.bits.length * 2));
      grown.set(this.bits);
      this.bits = grown;
    }
    this.bits[at] |= 1 << (line & 7);
  }

  ranges(): LineRanges | undefined {
    const ranges: LineNumber[] = [];
    for (let at = 0; at < this.bits.length; at++)
      for (let bit = 0; this.bits[at] >> bit !== 0; bit++) {
        if (((this.bits[at] >> bit) & 1) === 0) continue;
        const line = at * 8 + bit;
        if (ranges[ranges.length - 1] === line - 1) ranges[ranges.length - 1] = line;
        else if (ranges.length >= mostRanges * 2) return undefined;
        else ranges.push(line, line);
      }
    return ranges;
  }
}
