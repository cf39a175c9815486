import { Byte } from '../../text/ascii';
import type { FileAccount, Sink } from '../../reading/sink';
import { DateOrder, DateReader, dateOrder } from '../../text/dates';
import { headLines } from '../../text/head';
import { listOf, textOf, type JsonObject } from '../../text/json';
import { bareName, hasMisspelt, valuesOf, type ColumnNames } from './columnnames';
import { JsonRecords } from './jsonrecords';
import { CsvRecords } from './records';
import { TableRow } from './row';
import { findTable, isHeaderLine, type Table } from '../../text/table';
import { canSplit, readOneByOne, type Alike } from './splitrows';
import { Verdict, type BlockLines, type BlockReader, type Parser } from '../../reading/format';
import type { State } from '../../reading/state';
import { Noticed } from './noticed';
import { verdictOfAll } from './verdictofall';

const dayLength = 86_400_000;
const encoder = new TextEncoder();

/** What a format does with a table. */
export interface TableUser {
  /** Whether columns of these names are a table of this format. */
  fits(names: readonly string[]): boolean;
  /**
   * What the columns are called that it reads. Only of a format of which all tables are written by one program: names
   * and quotes that it would not write are damage then.
   */
  readonly names?: ColumnNames;
  /** The rows that follow are of this table. Returns the column of their date, −1 without one. */
  open(table: Table): number;
  /** Cells that have few different contents, to be hashed as one; known once `open` was called. */
  readonly alike?: Alike;
  /** A row with as many cells as the header. `line` is its first line. */
  take(row: TableRow, line: number, reader: TableReader): Verdict;
  /** What is carried from segment to segment besides the table. */
  readonly state?: State;
  /** The log has ended. */
  finish?(): void;
  /** @see Parser.advice */
  advice?(): string[];
}

/** The parser of a format that is a table and nothing else. @param utc whether dates without a zone are UTC. */
export function tableParser(sink: Sink, user: TableUser, utc: boolean): Parser {
  const reader = new TableReader(sink, user, utc);
  return {
    state: { ...reader.state, ...user.state },
    line: (bytes, start, end, line) => reader.line(bytes, start, end, line),
    get block() {
      return reader.block;
    },
    finish() {
      reader.finish();
      user.finish?.();
    },
    advice: () => [...(user.advice?.() ?? []), ...reader.advice()],
  };
}

/** Reads a file with a header line and records as CSV, for a format that says what the columns mean. */
export class TableReader implements BlockReader {
  /** Reads the dates of the present file. */
  private dates = DateReader.utc(DateOrder.unknown);
  private readonly records: CsvRecords;
  private readonly json: JsonRecords;
  private readonly noticed = new Noticed<'ambiguous-dates'>();
  readonly state: State;
  /** The cells of a JSON object. */
  private readonly row = new TableRow();
  private account: FileAccount | undefined;
  private table: Table | undefined;
  private isJson = false;
  private isHeaderDamaged = false;
  private order = DateOrder.unknown;
  private dateColumn = -1;

  /** @param utc whether dates without a zone are UTC, else they are local time. */
  constructor(
    private readonly sink: Sink,
    private readonly user: TableUser,
    private readonly utc: boolean,
  ) {
    this.json = new JsonRecords(sink, (objects, line) => this.objects(objects, line));
    this.records = new CsvRecords(sink, {
      enter: () => this.enter(),
      take: (row, start, end, line) => this.take(row, start, end, line),
      standsAlone: (bytes, start, end) => this.table !== undefined && isHeaderLine(this.table, bytes, start, end),
    });
    this.state = { records: this.records, json: this.json, noticed: this.noticed };
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    if (this.account !== this.sink.account) this.enter();
    return this.isJson ? this.json.line(bytes, start, end, line) : this.records.line(bytes, start, end, line);
  }

  /** `Parser.block` of a format that is such a table. */
  get block(): BlockReader | undefined {
    return canSplit() ? this : undefined;
  }

  /** Any line can be read this way: those of JSON are read one by one. */
  readonly ready = true;

  read(start: number, end: number, lines: BlockLines): void {
    if (this.account !== this.sink.account) this.enter();
    if (this.isJson) readOneByOne(start, end, lines);
    else this.records.block(start, end, lines);
  }

  finish(): void {
    this.records.finish();
    this.json.finish();
  }

  /** The date of a row; NaN where there is none, or where day and month can't be told apart. */
  time(row: TableRow): number {
    const { text, start, end } = row.cell(this.dateColumn);
    const time = this.dates.read(text, start, end);
    if (Number.isNaN(time) && this.order === DateOrder.unknown && end > start)
      if (/^\d{1,2}[/-]\d{1,2}[/-]\d{4}/.test(row.string(this.dateColumn))) this.noticed.add('ambiguous-dates');
    this.sink.covers(time, this.dates.wholeDay ? time + dayLength : time);
    return time;
  }

  /** What the administrator can do about dates that could not be read. */
  advice(): string[] {
    return this.noticed.has('ambiguous-dates') ? ['ambiguous-dates'] : [];
  }

  private enter(): void {
    if (this.account === this.sink.account) return;
    this.account = this.sink.account;
    this.table = findTable(headLines(this.account.file.head), (names) => this.user.fits(names));
    this.isJson = this.table !== undefined && this.table.separator === undefined;
    if (!this.table) return;
    this.isHeaderDamaged = hasMisspelt(this.table.names, this.user.names ?? {});
    this.records.separator = this.table.separator ?? Byte.comma;
    const column = (this.dateColumn = this.user.open(this.table));
    this.records.alike = this.user.alike ?? { first: -1, last: -1 };
    this.order = dateOrder(this.table.rows().map((cells) => cells[column] ?? ''));
    this.dates = this.utc ? DateReader.utc(this.order) : new DateReader(this.sink.time, this.order);
  }

  private take(row: TableRow, start: number, end: number, line: number): Verdict {
    const { table } = this;
    if (!table) return this.sink.skip('other-format', line);
    if (isHeaderLine(table, row.bytes, start, end))
      return this.isHeaderDamaged ? this.sink.skip('bad-columns', line) : Verdict.context;
    if (row.count !== table.names.length) return this.sink.skip('bad-columns', line);
    return row.fields.hasStrayQuote && this.user.names !== undefined
      ? this.sink.skip('bad-line', line)
      : this.user.take(row, line, this);
  }

  /** The objects of a JSON record, each as a row with its values in the order of the names. */
  private objects(objects: readonly JsonObject[], line: number): Verdict {
    const { names } = this.table!;
    return verdictOfAll(objects, (object) => {
      const values = this.isHeaderDamaged ? undefined : valuesOf(object, names, this.user.names ?? {});
      if (!values) return this.sink.skip('bad-columns', line);
      const cells = names.map(
        (name) =>
          `"${listOf(object[name] ?? values.get(bareName(name)))
            .map(textOf)
            .join(';')
            .replaceAll('"', '""')}"`,
      );
      const bytes = encoder.encode(cells.join(','));
      this.row.find(bytes, 0, bytes.length, Byte.comma);
      return this.user.take(this.row, line, this);
    });
  }
}
