import { Byte } from '../text/ascii';
import { Carry } from './carry';
import { Verdict, worstOf } from './format';

/** Reads a record `bytes[start, end)`, behind which there is room for a look. */
type Read = (bytes: Uint8Array, start: number, end: number) => Verdict;
/** Skips a part of the line that is no record. */
type Skip = (why: 'bad-json' | 'line-too-long' | 'unfinished-record') => Verdict;

/**
 * A line of JSON that is too long to be kept as a whole: a list of records, or records side by side, as exports and
 * delivery streams write them. Each record is taken by itself as soon as it is there; the limit for lines is one for
 * records. Its state goes from array to array, so a line may be cut anywhere.
 */
export class LongLine {
  /** A long line has begun and not ended. */
  open = false;
  private readonly record = new Carry();
  /** How many objects and lists are open inside of the record; 0 between records. */
  private depth = 0;
  private quoted = false;
  private escaped = false;
  /** What stands between records has been told of. */
  private stray = false;

  /** What became of the line so far. */
  private verdict = Verdict.context;

  constructor(
    private readonly read: Read,
    private readonly skip: Skip,
  ) {}

  /** Whether a line that begins so is of this kind. */
  static begins(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start;
    while (at < end && isBetween(bytes[at]) && bytes[at] !== Byte.openBracket) at++;
    return at < end && (bytes[at] === Byte.openBracket || bytes[at] === Byte.openBrace);
  }

  /** Reads more of the line. */
  push(bytes: Uint8Array, start: number, end: number): void {
    this.open = true;
    let from = start;
    for (let i = start; i < end; i++) {
      if (this.depth === 0) {
        if (bytes[i] === Byte.openBrace) {
          from = i;
          this.depth = 1;
          this.stray = false;
        } else this.between(bytes[i]);
      } else if (this.ends(bytes[i])) {
        this.record.add(bytes, from, i + 1);
        this.finishRecord();
      }
    }
    if (this.depth > 0) this.record.add(bytes, from, end);
  }

  /** The line has ended: what became of it. */
  end(): Verdict {
    if (this.depth > 0) this.add(this.skip(this.record.tooLong ? 'line-too-long' : 'unfinished-record'));
    const { verdict } = this;
    this.record.length = this.depth = 0;
    this.record.tooLong = this.quoted = this.escaped = this.stray = this.open = false;
    this.verdict = Verdict.context;
    return verdict;
  }

  private add(one: Verdict): void {
    this.verdict = worstOf(this.verdict, one);
  }

  /** A byte inside of a record; whether it ends it. */
  private ends(byte: number): boolean {
    if (this.quoted) {
      if (this.escaped) this.escaped = false;
      else if (byte === Byte.backslash) this.escaped = true;
      else if (byte === Byte.quote) this.quoted = false;
      return false;
    }
    if (byte === Byte.quote) this.quoted = true;
    else if (byte === Byte.openBrace || byte === Byte.openBracket) this.depth++;
    else if (byte === Byte.closeBrace || byte === Byte.closeBracket) return --this.depth === 0;
    return false;
  }

  private finishRecord(): void {
    const { record } = this;
    if (record.tooLong) {
      record.tooLong = false;
      this.add(this.skip('line-too-long'));
      return;
    }
    const end = record.take();
    this.add(this.read(record.bytes, 0, end));
  }

  /** A byte between records: what does not belong there is told once until the next record. */
  private between(byte: number): void {
    if (isBetween(byte)) return;
    if (!this.stray) this.add(this.skip('bad-json'));
    this.stray = true;
  }
}

/** Blanks, commas, the brackets of a list, a byte order mark, and what separates records of a sequence. */
function isBetween(byte: number): boolean {
  return between[byte] === 1;
}

const between = new Uint8Array(256);
for (const byte of [Byte.space, Byte.tab, Byte.carriageReturn, Byte.comma, Byte.openBracket, Byte.closeBracket])
  between[byte] = 1;
for (const byte of [Byte.recordSeparator, 0xef, 0xbb, 0xbf]) between[byte] = 1;
