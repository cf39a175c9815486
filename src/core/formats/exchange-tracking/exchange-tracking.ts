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
import type { ProblemCode } from '../../model';
import type { FileAccount, Sink } from '../../reading/sink';
import type { State } from '../../reading/state';
import { TableRow } from '../shared/row';
import { canSplit, readRows, type RowTaker } from '../shared/splitrows';
import { decode } from '../../text/words';
import { trackingNames } from './columns';
import { Kind, TrackedHops, isDamaged, kindOf } from './hop';
import { HeaderLines } from './headers';
import { afterHeader, isExport, isFieldsLine, isTracking, type TrackingLayout } from './layout';
import { Verdict, type BlockLines, type BlockReader, type Format, type Parser } from '../../reading/format';
import { TableReader, type TableUser } from '../shared/tablereader';

export const exchangeTracking: Format = {
  id: 'exchange-tracking',
  name: 'Exchange message tracking',
  repeats: 'parser',
  byServer: true,
  detect: isTracking,
  after: ['exchange-smtp'],
  parser: (sink) => new TrackingParser(sink),
};

class TrackingParser implements Parser, BlockReader, RowTaker {
  readonly state: State;
  private readonly row = new TableRow();
  private readonly table: TableReader;
  private readonly hops: TrackedHops;
  private readonly headers = new HeaderLines(() => (this.account = undefined));
  private account: FileAccount | undefined;
  private layout!: TrackingLayout;

  constructor(private readonly sink: Sink) {
    this.hops = new TrackedHops(sink);
    const user: TableUser = {
      fits: isExport,
      names: trackingNames,
      open: () => {
        this.enter();
        return this.layout.columns.time;
      },
      take: (row, line) => this.exported(row, line),
    };
    this.table = new TableReader(sink, user, false);
    this.state = { ...this.table.state, headers: this.headers, counted: this.hops.counted };
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    if (this.sink.account !== this.account) this.enter();
    const { layout, row } = this;
    if (layout.exported) return this.table.line(bytes, start, end, line);
    if (bytes[start] === Byte.hash) return this.header(bytes, start, end, line);
    if (layout.foreign) return this.unfit('other-format', line);
    // A file that is being written has room filled with zeros at its end.
    if (bytes[start] === 0 || bytes[end - 1] === 0) return this.unfit('bad-line', line);
    return row.find(bytes, start, end, Byte.comma) ? this.readRow(line) : this.unfit('unfinished-record', line);
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
      : this.readRow(line);
  }

  /** Reads the row that has been split. */
  private readRow(line: number): Verdict {
    const {
      layout: { columns },
      row,
    } = this;
    // What is joined to a row about something else may be a hop.
    if (row.count !== columns.count) return this.unfit('bad-columns', line);
    const kind = kindOf(row, columns);
    if (kind === Kind.damaged) return this.unfit('bad-line', line);
    if (kind !== Kind.other) return this.hop(kind, row, line);
    return row.bytes[row.fields.starts[columns.time] + 4] === Byte.minus
      ? Verdict.context
      : this.unfit('bad-time', line);
  }

  finish(): void {
    this.table.finish();
    this.hops.counted.finish();
  }

  advice(): string[] {
    return [...(this.hops.counted.unknownTls ? ['exchange-tracking-no-tls'] : []), ...this.table.advice()];
  }

  private enter(): void {
    this.account = this.sink.account;
    const { index, head } = this.account.file;
    this.layout = this.headers.layout(index, head);
  }

  /** A header line in the log. It holds for the rows behind it, also for those that are read again later. */
  private header(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const text = decode(bytes.subarray(start, end));
    this.layout = afterHeader(this.layout, text);
    this.headers.add(this.account!.file.index, text);
    if (!this.sink.first) return Verdict.unresolved;
    return this.layout.damaged && isFieldsLine(text) ? this.sink.skip('bad-columns', line) : Verdict.context;
  }

  /** The row can't be used, unless a header before this segment has changed the columns. */
  private unfit(code: ProblemCode, line: number): Verdict {
    return this.sink.first || this.headers.hasColumns(this.account!.file.index)
      ? this.sink.skip(code, line)
      : Verdict.unresolved;
  }

  private hop(kind: Kind, row: TableRow, line: number): Verdict {
    const { columns } = this.layout;
    const { text, start, end } = row.cell(columns.time);
    const time = this.sink.time.iso(text, start);
    if (Number.isNaN(time) || this.sink.time.end !== end) return this.unfit('bad-time', line);
    return isDamaged(row, columns) ? this.unfit('bad-line', line) : this.hops.add(kind, row, columns, time, line);
  }

  /** A row of an exported table. */
  private exported(row: TableRow, line: number): Verdict {
    const { columns } = this.layout;
    const kind = kindOf(row, columns);
    if (kind === Kind.other) return Verdict.context;
    if (kind === Kind.damaged || isDamaged(row, columns)) return this.sink.skip('bad-line', line);
    const time = this.table.time(row);
    return Number.isNaN(time) ? this.sink.skip('bad-time', line) : this.hops.add(kind, row, columns, time, line);
  }
}
