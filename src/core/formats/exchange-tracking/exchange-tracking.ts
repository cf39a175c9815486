/**
 * Message tracking of Exchange Server 2007 to SE: what happened to every message, as CSV (Microsoft Learn, "Message
 * tracking"). Read from the log itself (MSGTRK*.LOG), from logs whose header a shipper stripped, and from what
 * Get-MessageTrackingLog gives with Export-Csv.
 *
 * Of the many rows of a message only those are volume where it came in (`SMTP RECEIVE`) or went out (`SMTP SEND`,
 * since 2016 `SENDEXTERNAL`). `directionality` is that of the message, not of the hop, so it decides nothing. On
 * premises there is no TLS version in this log: unknown, unless the row has one (`CustomData`) or the SMTP protocol
 * logs are read with it (`CountedOnce`).
 */
import { Byte } from '../../text/ascii';
import type { IdMap } from '../../cube/cubebuilder';
import type { ProblemCode } from '../../model';
import type { FileAccount, Sink } from '../../reading/sink';
import { TableRow } from '../shared/row';
import { canSplit, readRows, type RowTaker } from '../shared/splitrows';
import { decode } from '../../text/words';
import { Kind, TrackedHops, kindOf } from './hop';
import { afterHeader, isExport, isTracking, trackingLayout, type TrackingLayout } from './layout';
import { Verdict, type BlockLines, type BlockReader, type Format, type Parser } from '../../reading/format';
import { TableReader } from '../shared/tablereader';

export const exchangeTracking: Format = {
  id: 'exchange-tracking',
  name: 'Exchange message tracking',
  detect: isTracking,
  after: ['exchange-smtp'],
  parser: (sink) => new TrackingParser(sink),
};

class TrackingParser implements Parser, BlockReader, RowTaker {
  private readonly row = new TableRow();
  private readonly table: TableReader;
  private readonly hops: TrackedHops;
  /** The header lines that were read here, by file. What a file's head says is known without them. */
  private headers: (string[] | undefined)[] = [];
  private account: FileAccount | undefined;
  private layout!: TrackingLayout;

  constructor(private readonly sink: Sink) {
    this.hops = new TrackedHops(sink);
    this.table = new TableReader(
      sink,
      {
        fits: isExport,
        open: () => {
          this.enter();
          return this.layout.columns.time;
        },
        take: (row, line) => this.exported(row, line),
      },
      false,
    );
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    if (this.sink.account !== this.account) this.enter();
    const { layout, row } = this;
    if (layout.exported) return this.table.line(bytes, start, end, line);
    if (bytes[start] === Byte.hash) return this.header(bytes, start, end);
    if (layout.foreign) return this.unfit('other-format', line);
    // A file that is being written has room filled with zeros at its end.
    if (bytes[start] === 0 || bytes[end - 1] === 0) return this.unfit('bad-line', line);
    // Most rows are about other things than hops, which their first columns show.
    if (!row.find(bytes, start, end, Byte.comma, layout.lead)) return this.unfit('unfinished-record', line);
    return this.readRow(end, line, false);
  }

  get block(): BlockReader | undefined {
    return canSplit() ? this : undefined;
  }

  /** Any line can be read this way. */
  readonly ready = true;

  read(start: number, end: number, lines: BlockLines): void {
    if (this.sink.account !== this.account) this.enter();
    if (this.layout.exported) this.table.read(start, end, lines);
    else readRows(this.row, start, end, Byte.comma, { first: -1, last: -1 }, lines, this);
  }

  take({ bytes }: TableRow, start: number, end: number, line: number): Verdict | undefined {
    return this.layout.foreign || bytes[start] === Byte.hash || bytes[start] === 0 || bytes[end - 1] === 0
      ? undefined
      : this.readRow(end, line, true);
  }

  /** Reads the row that has been split, as a whole or only its first columns. */
  private readRow(end: number, line: number, whole: boolean): Verdict {
    const {
      layout: { columns, lead },
      row,
    } = this;
    if (row.count < lead) return this.unfit('bad-columns', line);
    const kind = kindOf(row, columns);
    if (kind === Kind.other)
      return row.bytes[row.fields.starts[columns.time] + 4] === Byte.minus
        ? Verdict.context
        : this.unfit('bad-time', line);
    if (!whole && !row.more(end, Byte.comma)) return this.unfit('unfinished-record', line);
    return this.hop(kind, row, line);
  }

  merge(right: Parser, ids: IdMap, shift: readonly number[]): void {
    const other = right as TrackingParser;
    other.headers.forEach((lines, file) => {
      for (const line of lines ?? []) this.remember(file, line);
    });
    this.account = undefined;
    this.table.merge(other.table, shift);
    this.hops.counted.merge(other.hops.counted, ids, shift);
  }

  finish(): void {
    this.table.finish();
    this.hops.counted.finish();
  }

  save(): unknown {
    return { headers: this.headers, table: this.table.save(), counted: this.hops.counted.save() };
  }

  load(saved: unknown): void {
    const { headers, table, counted } = saved as {
      headers: (string[] | undefined)[];
      table: unknown;
      counted: unknown;
    };
    this.headers = headers;
    this.table.load(table);
    this.hops.counted.load(counted);
  }

  advice(): string[] {
    return [...(this.hops.counted.unknownTls ? ['exchange-tracking-no-tls'] : []), ...this.table.advice()];
  }

  private enter(): void {
    this.account = this.sink.account;
    const { index, head } = this.account.file;
    this.layout = (this.headers[index] ?? []).reduce(afterHeader, trackingLayout(head));
  }

  /** A header line in the log. It holds for the rows behind it, also for those that are read again later. */
  private header(bytes: Uint8Array, start: number, end: number): Verdict {
    const text = decode(bytes.subarray(start, end));
    this.layout = afterHeader(this.layout, text);
    this.remember(this.account!.file.index, text);
    return this.sink.first ? Verdict.context : Verdict.unresolved;
  }

  /** Keeps the last header line of each kind. */
  private remember(file: number, line: string): void {
    const key = /^#(?:fields|log-type):/i.exec(line)?.[0].toLowerCase();
    if (key)
      this.headers[file] = [
        ...(this.headers[file] ?? []).filter((other) => !other.toLowerCase().startsWith(key)),
        line,
      ];
  }

  /** The row can't be used, unless a header before this segment has changed the columns. */
  private unfit(code: ProblemCode, line: number): Verdict {
    return this.sink.first || this.headers[this.account!.file.index]?.some((text) => /^#fields:/i.test(text))
      ? this.sink.skip(code, line)
      : Verdict.unresolved;
  }

  private hop(kind: Kind, row: TableRow, line: number): Verdict {
    const { columns } = this.layout;
    if (row.count !== columns.count) return this.unfit('bad-columns', line);
    const { text, start } = row.cell(columns.time);
    const time = this.sink.time.iso(text, start);
    return Number.isNaN(time) ? this.unfit('bad-time', line) : this.hops.add(kind, row, columns, time, line);
  }

  /** A row of an exported table. */
  private exported(row: TableRow, line: number): Verdict {
    const { columns } = this.layout;
    const kind = kindOf(row, columns);
    if (kind === Kind.other) return Verdict.context;
    const time = this.table.time(row, columns.time);
    return Number.isNaN(time) ? this.sink.skip('bad-time', line) : this.hops.add(kind, row, columns, time, line);
  }
}
