import type { Sink } from '../../reading/sink';
import { Byte } from '../../text/ascii';
import { copyOf } from '../../text/bytes';
import { digitsEnd, numberAt } from '../../text/digits';

/** Most entries that are in pieces at once; more means that their ends are missing. */
const mostOpen = 256;
/** Most digits of a piece's number. */
const mostDigits = 4;

/** An entry whose pieces are still coming: the text so far, the number of the next piece, and where it began. */
interface Open {
  /** Empty behind a line end of the entry itself: what comes then is no entry of its own. */
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
 * Entries that Exim cuts for syslog (Exim specification, "Logging to syslog"): pieces of 870 characters begin with
 * `[1/3] `, or with `[1\3] ` where the cut is a line end of the entry itself. They are put together by host and
 * process.
 */
export class Parts {
  /** The entry after `Piece.complete`. */
  text: Uint8Array = new Uint8Array(0);
  /** What the head of a piece says: its number, how many there are, and whether it ends at a line end of the entry. */
  private part = 0;
  private parts = 0;
  private atLineEnd = false;
  private open = new Map<string, Open>();

  constructor(private readonly sink: Sink) {}

  /** Reads the text `b[p, e)` of a line by `process`, which is called only for pieces. */
  read(b: Uint8Array, p: number, e: number, process: () => string, line: number): Piece {
    const from = this.head(b, p, e);
    if (from === 0) return Piece.whole;
    const key = process();
    const before = this.open.get(key);
    if (this.part > 1) return before?.next === this.part ? this.goOn(key, before, b.subarray(from, e)) : Piece.headless;
    if (before) this.abandon(before);
    this.open.delete(key);
    return this.take(key, copyOf(b, from, e), { line, file: this.sink.account.file.index });
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

  /** Reads `[1/3] `. Returns where the text of the piece begins, or 0 where the line is none. */
  private head(b: Uint8Array, p: number, e: number): number {
    if (b[p] !== Byte.openBracket) return 0;
    const cut = digitsEnd(b, p + 1, Math.min(e, p + 1 + mostDigits));
    const close = digitsEnd(b, cut + 1, Math.min(e, cut + 1 + mostDigits));
    this.part = numberAt(b, p + 1, cut);
    this.parts = numberAt(b, cut + 1, close);
    this.atLineEnd = b[cut] === Byte.backslash;
    const isPiece =
      close < e &&
      b[close] === Byte.closeBracket &&
      (this.atLineEnd || b[cut] === Byte.slash) &&
      this.part > 0 &&
      this.part <= this.parts;
    return isPiece ? Math.min(close + 2, e) : 0;
  }

  private goOn(key: string, before: Open, text: Uint8Array): Piece {
    this.open.delete(key);
    if (before.text.length > 0) return this.take(key, joined(before.text, text), before);
    if (this.part < this.parts) this.keep(key, { ...before, next: this.part + 1 });
    return Piece.continuation;
  }

  /** Takes the entry as far as it is known, which began at `place`. */
  private take(key: string, text: Uint8Array, { line, file }: Pick<Open, 'line' | 'file'>): Piece {
    const ends = this.atLineEnd || this.part === this.parts;
    if (this.part < this.parts)
      this.keep(key, { text: ends ? new Uint8Array(0) : text, next: this.part + 1, line, file });
    if (!ends) return Piece.inside;
    this.text = text;
    return Piece.complete;
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
}

/** Two ranges of bytes as one. */
export function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
