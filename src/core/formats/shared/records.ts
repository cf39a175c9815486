import { Byte } from '../../text/ascii';
import { Verdict, type BlockLines } from '../../reading/format';
import type { FileAccount, Sink } from '../../reading/sink';
import type { Ids, StatePart } from '../../reading/state';
import { copyOf } from '../../text/bytes';
import { TableRow } from './row';
import { readRows, type Alike, type RowTaker } from './splitrows';

/** A record longer than this has a stray quote; the lines that it would swallow are read on their own. */
const longestRecord = 64 * 1024;

/** Who reads the records of a table. */
export interface RecordReader {
  /** The lines that follow belong to the file in `Sink.account`. */
  enter(): void;
  /** A whole record; `row` has found its fields. `line` is its first line. */
  take(row: TableRow, start: number, end: number, line: number): Verdict;
  /** Whether this line can be nothing but a record of its own, e.g. the header. */
  standsAlone(bytes: Uint8Array, start: number, end: number): boolean;
}

/** A record that goes on in the next line: its lines so far, joined by line feeds. */
export interface OpenRecord {
  file: number;
  bytes: Uint8Array;
  length: number;
  ends: number[];
  lines: number[];
}

/**
 * Records of comma-separated values that may span lines (RFC 4180), put together from single lines.
 *
 * A stray quote costs one record: an open record is given up as soon as a line shows that it can't belong to it (a
 * closing quote that is not followed by a separator), or at 64 KiB, or with its file; all its other lines are then
 * read on their own. A segment that begins in the middle of a file does not know whether it begins inside a record:
 * it defers lines until one must begin a record whatever came before, or until 64 KiB have passed, for longer is no
 * record.
 */
export class CsvRecords implements RowTaker, StatePart {
  private readonly row = new TableRow();
  separator = 44;
  /** The cells that are hashed as one where the scanner splits the rows. */
  alike: Alike = { first: -1, last: -1 };
  private open: OpenRecord | undefined;
  private account: FileAccount | undefined;
  private synced = false;
  private waited = 0;

  constructor(
    private readonly sink: Sink,
    private readonly reader: RecordReader,
  ) {}

  /** `Parser.line` of a format whose records are these. */
  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    if (this.sink.account !== this.account) this.enter();
    if (!this.synced) {
      if (!this.sink.first && !this.begins(bytes, start, end) && (this.waited += end - start + 1) <= longestRecord)
        return Verdict.unresolved;
      this.synced = true;
    }
    if (this.open) {
      if (this.begins(bytes, start, end)) this.giveUp();
      else return this.append(bytes, start, end, line);
    }
    if (this.row.find(bytes, start, end, this.separator)) return this.reader.take(this.row, start, end, line);
    this.open = {
      file: this.sink.account.file.index,
      bytes: copyOf(bytes, start, end),
      length: end - start,
      ends: [end - start],
      lines: [line],
    };
    return Verdict.context;
  }

  /** `BlockReader.read` of a format whose records are these. */
  block(start: number, end: number, lines: BlockLines): void {
    if (this.sink.account !== this.account) this.enter();
    readRows(this.row, start, end, this.separator, this.alike, lines, this);
  }

  take(row: TableRow, start: number, end: number, line: number): Verdict | undefined {
    return this.open || !this.synced ? undefined : this.reader.take(row, start, end, line);
  }

  /** The records go on where `right` ended. */
  merge(right: CsvRecords, _: Ids, shift: readonly number[]): void {
    if (!right.synced) return;
    // What `right` knows began with a record of its own, so ours was not to be finished.
    if (this.open) this.giveUp();
    this.synced = true;
    const { open } = right;
    if (open)
      this.open = {
        ...open,
        bytes: copyOf(open.bytes, 0, open.length),
        ends: [...open.ends],
        lines: open.lines.map((line) => line + (shift[open.file] ?? 0)),
      };
  }

  /** `Parser.finish`. */
  finish(): void {
    if (this.open) this.giveUp();
  }

  save(): unknown {
    return { open: this.open, synced: this.synced, waited: this.waited };
  }

  load(saved: unknown): void {
    const { open, synced, waited } = saved as { open: OpenRecord | undefined; synced: boolean; waited: number };
    this.open = open;
    this.synced = synced;
    this.waited = waited;
  }

  private enter(): void {
    const { account } = this.sink;
    if (this.open && this.open.file !== account.file.index) this.giveUp();
    // Another file begins with a record, whatever the one before ended with.
    if (this.account) this.synced = true;
    this.account = account;
    this.reader.enter();
  }

  /** Whether a record begins here even if one is open: inside quotes this line would be damaged. */
  private begins(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.reader.standsAlone(bytes, start, end)) return true;
    for (let i = start; i < end; i++) {
      if (bytes[i] !== Byte.quote) continue;
      if (i + 1 === end) return false;
      if (bytes[i + 1] !== Byte.quote) return bytes[i + 1] !== this.separator;
      i++;
    }
    return false;
  }

  private append(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const open = this.open!,
      length = open.length + 1 + end - start;
    if (length > longestRecord) {
      this.giveUp();
      return this.alone(bytes, start, end, line);
    }
    if (open.bytes.length < length) {
      const grown = new Uint8Array(Math.min(longestRecord, length * 2));
      grown.set(open.bytes.subarray(0, open.length));
      open.bytes = grown;
    }
    open.bytes[open.length] = 10;
    open.bytes.set(bytes.subarray(start, end), open.length + 1);
    open.length = length;
    open.ends.push(length);
    open.lines.push(line);
    if (!this.closes(bytes, start, end)) return Verdict.context;
    this.open = undefined;
    this.row.find(open.bytes, 0, length, this.separator);
    return this.reader.take(this.row, 0, length, open.lines[0]);
  }

  /** Whether this line ends the record that is open: it closes the quoted field and leaves none open. */
  private closes(bytes: Uint8Array, start: number, end: number): boolean {
    for (let i = start; i < end; i++) {
      if (bytes[i] !== Byte.quote) continue;
      if (i + 1 === end) return true;
      if (bytes[i + 1] !== Byte.quote) return this.row.find(bytes, i + 2, end, this.separator);
      i++;
    }
    return false;
  }

  /** The open record is none: its first line is damaged, the others are read on their own. */
  private giveUp(): void {
    const { file, bytes, ends, lines } = this.open!,
      { account } = this.sink;
    this.open = undefined;
    const elsewhere = account !== undefined && account.file.index !== file;
    this.sink.reopen(file);
    // The reader may still be in a file before it, when this segment was joined.
    this.reader.enter();
    this.sink.amend(file, 'context', 'skipped');
    this.sink.note('unfinished-record', lines[0]);
    for (let i = 1; i < lines.length; i++) {
      const verdict = this.alone(bytes, ends[i - 1] + 1, ends[i], lines[i]);
      if (verdict !== Verdict.context) this.sink.amend(file, 'context', verdict === Verdict.used ? 'used' : 'skipped');
    }
    if (elsewhere) {
      this.sink.reopen(account.file.index);
      this.reader.enter();
    }
  }

  /** Reads a line that may not go on in the next one. */
  private alone(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    return this.row.find(bytes, start, end, this.separator)
      ? this.reader.take(this.row, start, end, line)
      : this.sink.skip('unfinished-record', line);
  }
}
