import { copyOf } from '../../text/bytes';
import { decode } from '../../text/words';
import { longestLine } from '../carry';
import { BoxedLine, Opened, Tier } from './box';
import { boxes } from './boxes';
import { isPlain } from './plainline';
import { beginsBare, stamp } from './stamps';
import { isJournalEntry } from './fields';
import type { LineTable } from './linetable';
import { RowOpener } from './rows';
import { newDocument, SpreadReader, type OpenDocument, type Spread } from './spread';
import type { FileContext } from '../sink';
import { isObject, parse } from '../../text/json';

/** Most boxes around one line. */
const mostLayers = 3;
/** How many lines may stand between two parts of one line, which come from two streams. */
const patience = 64;
/** Most streams whose lines are put together at once. */
const mostStreams = 64;
/** A row of more bytes has a stray quote. */
const longestRow = 64 * 1024;
/** The stream of rows that take several lines; no name of another has such a letter. */
const rowStream = '\n';
const lineFeed = Uint8Array.of(10);

/** A line of which parts have come. */
interface Parts {
  /** The file and line of its first part. */
  file: number;
  line: number;
  /** Lines that it is made of so far. */
  count: number;
  bytes: Uint8Array;
  length: number;
  /** Lines since its last part. */
  age: number;
}

/** Told of parts whose rest never came: `count` lines, the first of which is `line`. */
export type OnLost = (file: number, line: number, count: number) => void;

/**
 * Takes the boxes off the lines of a segment and puts together those that were written in parts. Of a segment that
 * begins in the middle of a file the first lines may be ends of lines that began before: they are `uncertain` until
 * none can be.
 */
export class LineOpener {
  /** What is looked for in the current file. */
  tier = Tier.bare;
  readonly line = new BoxedLine();
  /** How many boxes were around it. */
  layers = 0;
  /** Where it began, if it had several lines; else 0. */
  first = 0;
  private file = -1;
  private lines = 0;
  /** Bytes that have come before it was settled. */
  private waited = 0;
  private parts = new Map<string, Parts>();
  private table: LineTable | undefined;
  private rows: RowOpener | undefined;
  private spread: Spread | undefined;
  private document: OpenDocument | undefined;
  private records: SpreadReader | undefined;

  /** @param settled whether nothing came before. */
  constructor(
    private settled: boolean,
    private readonly onLost: OnLost,
  ) {}

  /** Whether parts of lines wait for the rest. */
  get waits(): boolean {
    return this.parts.size > 0;
  }

  /** The lines that follow are this file's. */
  lookFor({
    index,
    boxes: tier = Tier.bare,
    rows,
    spread,
  }: Pick<FileContext, 'index' | 'boxes' | 'rows' | 'spread'>): void {
    this.tier = tier;
    if (rows !== this.table) {
      this.table = rows;
      this.rows = rows && new RowOpener(rows);
    }
    if (this.document && this.document.file !== index) this.loseDocument();
    if (spread === this.spread && (spread === undefined) === (this.document === undefined)) return;
    this.spread = spread;
    this.records = spread && new SpreadReader(spread, (this.document ??= newDocument(index)));
  }

  /** Opens the line `bytes[start, end)` with its number in its file; after `Opened.line`, `line` is what was inside. */
  open(bytes: Uint8Array, start: number, end: number, file: number, number: number): Opened {
    if (file !== this.file) this.enter(file);
    if (this.parts.size > 0) this.grow();
    this.line.begin(bytes, start, end);
    // A document is read from its beginning.
    if (this.settled || this.records) return this.take(file, number);
    this.lines++;
    this.waited += end - start + 1;
    const begins = this.rows === undefined || this.waited > longestRow || this.rows.begins(this.line);
    this.take(file, number);
    if (this.lines > patience && begins && this.parts.size === 0) this.settled = true;
    return Opened.uncertain;
  }

  /** Lines are what they seem from now on, since too much would have to be kept. */
  settle(): void {
    this.settled = true;
  }

  /** Goes on where a neighbour has ended, whose uncertain lines have been opened here. */
  follow(right: LineOpener, shift: readonly number[]): void {
    if (right.document) {
      this.loseDocument();
      const { document } = right;
      this.document = { ...document, around: [...document.around], bytes: copyOf(document.bytes) };
      this.document.line += shift[document.file] ?? 0;
    }
    if (!right.settled || right.file < 0) return;
    this.loseAll();
    this.settled = true;
    this.file = right.file;
    for (const [stream, parts] of right.parts)
      this.parts.set(stream, { ...parts, line: parts.line + (shift[parts.file] ?? 0), bytes: copyOf(parts.bytes) });
  }

  /** The log has ended. */
  finish(): void {
    this.loseAll();
    this.loseDocument();
  }

  save() {
    const { settled, file, lines, waited, parts, document } = this;
    return { settled, file, lines, waited, parts, document };
  }

  load({ settled, file, lines, waited, parts, document }: ReturnType<LineOpener['save']>): void {
    this.settled = settled;
    this.file = file;
    this.lines = lines;
    this.waited = waited;
    this.parts = parts;
    this.document = document;
  }

  private enter(file: number): void {
    // Lines of another file stand before: this one is read from its beginning.
    if (this.file >= 0) {
      this.loseAll();
      this.settled = true;
    }
    this.file = file;
  }

  private take(file: number, number: number): Opened {
    const { line } = this;
    this.layers = this.first = 0;
    if (this.records) {
      const opened = this.record(this.records, file, number);
      if (opened !== Opened.line) return opened;
      this.layers = 1;
    }
    if (this.rows) {
      const opened = this.row(this.rows, file, number);
      if (opened !== Opened.line) return opened;
      this.layers = 1;
    }
    for (; this.layers < mostLayers; this.layers++) {
      const opened = openOne(line, this.tier);
      // A log's own objects may be damaged inside of a box; its format tells.
      if (opened === Opened.broken && this.layers === 0) return opened;
      if (opened === Opened.none || opened === Opened.broken) return this.layers > 0 ? this.inside() : this.bare();
      if (opened === Opened.part) return this.keep(file, number);
      if (this.parts.size > 0 && this.join() === Opened.tooLong) return Opened.tooLong;
    }
    return this.inside();
  }

  /** A line of a document, which may complete records of it. */
  private record(records: SpreadReader, file: number, number: number): Opened {
    const { line } = this;
    const document = this.document!;
    if (records.begins(line)) {
      if (document.depth > 0) this.onLost(file, document.line, records.giveUp());
      records.restart();
    }
    const opened = records.push(line, number);
    if (opened === Opened.line) this.first = records.first;
    return opened;
  }

  /** A document ends before its end. */
  private loseDocument(): void {
    const { document } = this;
    this.document = this.records = this.spread = undefined;
    if (document && (document.depth > 0 || document.around.length > 0))
      this.onLost(document.file, document.line, document.count);
  }

  /** A row, which may go on in the lines that follow. */
  private row(rows: RowOpener, file: number, number: number): Opened {
    const { line } = this;
    let parts = this.parts.get(rowStream);
    if (parts && (parts.length + line.end - line.start >= longestRow || rows.begins(line))) {
      this.lose(rowStream, parts);
      parts = undefined;
    }
    line.stream = rowStream;
    if (parts) append(parts, lineFeed, 0, 1);
    if (!(parts ? rows.closes(line) : rows.isWhole(line))) return this.keep(file, number);
    this.join();
    line.stream = '';
    return rows.open(line);
  }

  /** In no box: a line as it is, or one of a box that is not known. */
  private bare(): Opened {
    const { line } = this;
    const beginning = line.beginning();
    if (line.start >= line.end || beginsBare(beginning)) return Opened.line;
    if (!beginning.startsWith('{')) return Opened.broken;
    const fields = parse(decode(line.bytes.subarray(line.start, line.end)));
    return isObject(fields) && isJournalEntry(fields) ? Opened.line : Opened.broken;
  }

  /**
   * The line inside; where it begins with its program, with the time and host of the box. `line.host` stays where the
   * line names no host itself.
   */
  private inside(): Opened {
    const { line } = this;
    if (line.host !== '' && ofHost.test(line.beginning())) line.host = '';
    if (line.time === '' || line.start >= line.end) return Opened.line;
    const found = withoutStamp.exec(line.beginning());
    if (!found) return Opened.line;
    const host = found[1] !== undefined || line.host === '' ? '' : `${line.host} `;
    line.becomeText(`${line.time} ${host}${decode(line.bytes.subarray(line.start, line.end))}`);
    return Opened.line;
  }

  /** Keeps a part until the rest comes. */
  private keep(file: number, line: number): Opened {
    const { bytes, start, end, stream } = this.line;
    let parts = this.parts.get(stream);
    if (!parts) {
      if (this.parts.size >= mostStreams) this.loseOldest();
      parts = { file, line, count: 0, bytes: new Uint8Array(0), length: 0, age: 0 };
      this.parts.set(stream, parts);
    }
    parts.count++;
    parts.age = 0;
    append(parts, bytes, start, end);
    return Opened.part;
  }

  /** Puts the parts before a line that is their rest. */
  private join(): Opened {
    const { line } = this;
    const parts = this.parts.get(line.stream);
    if (!parts) return Opened.line;
    this.parts.delete(line.stream);
    append(parts, line.bytes, line.start, line.end);
    if (parts.length > longestLine) return Opened.tooLong;
    const room = line.room(parts.length);
    room.set(parts.bytes.subarray(0, parts.length));
    line.become(room, parts.length);
    return Opened.line;
  }

  private grow(): void {
    for (const [stream, parts] of this.parts) if (++parts.age > patience) this.lose(stream, parts);
  }

  private loseAll(): void {
    for (const [stream, parts] of this.parts) this.lose(stream, parts);
  }

  private loseOldest(): void {
    const [[stream, parts]] = [...this.parts].sort(([, a], [, b]) => b.age - a.age);
    this.lose(stream, parts);
  }

  private lose(stream: string, { file, line, count }: Parts): void {
    this.parts.delete(stream);
    // What is not settled is opened again, and told then.
    if (this.settled) this.onLost(file, line, count);
  }
}

/** A line of syslog that names its host, whatever the box says. */
const ofHost = new RegExp(String.raw`^${stamp} [^\s:[\]]+ [\w./@+-]+(?:\[\d+\])?: `);
const withoutStamp = new RegExp(String.raw`^(?!${stamp} )(?:([^\s:[\]]+) )?[\w./@+-]+\[\d+\]: `);

/** Takes off one box. */
function openOne(line: BoxedLine, tier: Tier): Opened {
  // Most lines are, and every box is looked for in all others.
  if (isPlain(line.bytes, line.start, line.end)) return Opened.none;
  for (const box of boxes) {
    if (box.tier > tier) continue;
    const opened = box.open(line);
    if (opened !== Opened.none) return opened;
  }
  return Opened.none;
}

/** Adds bytes to parts, up to the longest line. */
function append(parts: Parts, bytes: Uint8Array, start: number, end: number): void {
  const length = parts.length + end - start;
  if (length <= longestLine) {
    if (length > parts.bytes.length) {
      const grown = new Uint8Array(length * 2);
      grown.set(parts.bytes.subarray(0, parts.length));
      parts.bytes = grown;
    }
    parts.bytes.set(bytes.subarray(start, end), parts.length);
  }
  parts.length = length;
}
