import type { Sink } from '../../reading/sink';
import { copyOf } from '../../text/bytes';

/** Most entries that are in pieces at once; more means that their ends are missing. */
const mostOpen = 256;
const slash = 47,
  backslash = 92,
  open = 91,
  close = 93;

/** An entry whose pieces are still coming: the text so far, the number of the next piece, and where it began. */
interface Open {
  text: Uint8Array;
  next: number;
  line: number;
  file: number;
}

/** What a piece has done. */
export const enum Piece {
  /** The line is no piece. */
  whole,
  /** More pieces of the entry follow. */
  inside,
  /** The entry is complete in `text`. */
  complete,
  /** The continuation of an entry of several lines: the first one holds all that matters. */
  continuation,
  /** The pieces before it are not known. */
  headless,
}

/**
 * Entries that Exim cuts for syslog (Exim specification, "Logging to syslog"): pieces of 870 characters begin with `[1/3] `, or with
 * `[1\3] ` where the cut is a line end of the entry itself. They are put together by host and process.
 */
export class Parts {
  /** The entry after `Piece.complete`. */
  text: Uint8Array = new Uint8Array(0);
  /** Where the text of a piece begins. */
  private start = 0;
  private open = new Map<string, Open>();

  constructor(private readonly sink: Sink) {}

  /** Reads the text `b[p, e)` of a line by `process`, which is called only for pieces. */
  read(b: Uint8Array, p: number, e: number, process: () => string, line: number): Piece {
    if (b[p] !== open) return Piece.whole;
    const part = this.number(b, p + 1, e);
    const cut = b[this.start];
    if (part <= 0 || (cut !== slash && cut !== backslash)) return Piece.whole;
    const parts = this.number(b, this.start + 1, e);
    if (parts < part || b[this.start] !== close) return Piece.whole;
    const from = Math.min(this.start + 2, e);
    const key = process();
    const before = this.open.get(key);
    if (part > 1 && before?.next !== part) return Piece.headless;
    if (part === 1 && before) this.abandon(before);
    this.open.delete(key);
    const text = part === 1 ? copyOf(b, from, e) : joined(before!.text, b.subarray(from, e));
    const ends = cut === backslash || part === parts;
    // Behind a line end of the entry itself comes what is no entry of its own: an empty text stands for it.
    if (part < parts)
      this.keep(key, {
        text: ends || before?.text.length === 0 ? new Uint8Array(0) : text,
        next: part + 1,
        line: before?.line ?? line,
        file: before?.file ?? this.sink.account.file.index,
      });
    if (part > 1 && before!.text.length === 0) return Piece.continuation;
    if (!ends) return Piece.inside;
    this.text = text;
    return Piece.complete;
  }

  /** Goes on with the entries that `right` has begun; `shift` says how many lines of each file stand before it. */
  merge(right: Parts, shift: readonly number[]): void {
    for (const [key, { text, next, line, file }] of right.open) {
      const before = this.open.get(key);
      if (before) this.abandon(before);
      this.keep(key, { text, next, line: line + (shift[file] ?? 0), file });
    }
  }

  /** No more pieces come. */
  finish(): void {
    for (const entry of this.open.values()) this.abandon(entry);
  }

  save(): Map<string, Open> {
    return this.open;
  }
  load(saved: Map<string, Open>): void {
    this.open = saved;
  }

  private keep(key: string, entry: Open): void {
    if (this.open.size >= mostOpen && !this.open.has(key)) {
      const [oldest, given] = this.open.entries().next().value!;
      this.open.delete(oldest);
      this.abandon(given);
    }
    this.open.set(key, entry);
  }

  /** The end of an entry is missing. One whose first line was complete has lost nothing. */
  private abandon({ text, line, file }: Open): void {
    if (text.length > 0) this.sink.note('unfinished-record', line, file);
  }

  private number(b: Uint8Array, p: number, e: number): number {
    let n = 0,
      q = p;
    for (; q < e && b[q] >= 48 && b[q] <= 57 && q - p < 4; q++) n = n * 10 + b[q] - 48;
    this.start = q;
    return q === p || q >= e ? -1 : n;
  }
}

/** Two stretches of bytes as one. */
export function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
