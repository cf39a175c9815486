/**
 * The summary trace of Exchange Online: what Get-MessageTrace and Get-MessageTraceV2 give with Export-Csv or
 * ConvertTo-Json, and the export of the message trace page in the admin center. One row for each recipient of a
 * message; no connector, no TLS.
 *
 * Only the addresses prove a direction: `FromIP` is empty for mail that was sent from Exchange Online, `ToIP` for
 * mail that was delivered there (Microsoft Learn, Get-MessageTrace). A table without them shows mail, but not its
 * direction.
 */
import {
  DirectionCode,
  FaultCode,
  ForcedCode,
  OutcomeCode,
  TlsCode,
  TypeCode,
  UnitCode,
  type Milliseconds,
} from '../../model';
import type { Sink } from '../../reading/sink';
import { Fingerprint } from '../../text/fingerprint';
import { numberOr0 } from '../shared/numbers';
import type { TableRow } from '../shared/row';
import { findTable, type Table } from '../../text/table';
import { Identity } from '../exchange-smtp/accepted';
import { bareName, columnsOf, type ColumnNames } from '../shared/columnnames';
import { isAddress } from '../shared/addresscell';
import { isDamagedGuid } from '../shared/guid';
import { Verdict, type Format, type Head } from '../../reading/format';
import { Deduplicator, besides } from '../shared/deduplicator';
import { tableParser, type TableReader, type TableUser } from '../shared/tablereader';

/** These have the same messages, with their connectors. */
const after = ['exo-extended', 'exo-detail', 'exo-enhanced'];

export const exoSummary: Format = {
  id: 'exo-summary',
  name: 'Exchange Online message trace',
  repeats: 'parser',
  detect: ({ lines }: Head) => findTable(lines, isSummary) !== undefined,
  after,
  parser: (sink) => tableParser(sink, new SummaryRows(sink), true),
};

const columnNames = {
  time: ['received', 'receiveddatetime', 'datereceived', 'date', 'dateutc', 'dateandtime'],
  sender: ['senderaddress', 'sender'],
  recipient: ['recipientaddress', 'recipient', 'recipients'],
  status: ['status', 'deliverystatus'],
  from: ['fromip'],
  to: ['toip'],
  size: ['size', 'messagesize'],
  id: ['messagetraceid', 'networkmessageid', 'messageid', 'id'],
} satisfies ColumnNames;

function isSummary(names: readonly string[]): boolean {
  const { time, sender, recipient, status, id, from, to } = columnsOf(names, columnNames);
  return (
    Math.min(time, sender, recipient, status) >= 0 &&
    Math.max(id, from, to) >= 0 &&
    !names.some((name) => /connector|tls/i.test(name))
  );
}

/** The outcome for a recipient by its status; undefined where a list was expanded, or nothing is known yet. */
const outcomes = new Map<string, OutcomeCode | undefined>([
  ['delivered', OutcomeCode.accepted],
  ['quarantined', OutcomeCode.accepted],
  ['filteredasspam', OutcomeCode.accepted],
  ['failed', OutcomeCode.bounced],
  ['pending', OutcomeCode.deferred],
  ['expanded', undefined],
  ['gettingstatus', undefined],
  ['none', undefined],
  ['', undefined],
]);

class SummaryRows implements TableUser {
  readonly fits = isSummary;
  readonly names = columnNames;
  readonly state: { deduplicator: Deduplicator };
  private readonly deduplicator: Deduplicator;
  private readonly row = new Fingerprint();
  private readonly message = new Fingerprint();
  private readonly group = new Fingerprint();
  private columns = columnsOf([], columnNames);

  constructor(private readonly sink: Sink) {
    this.deduplicator = new Deduplicator(sink, { after });
    this.state = { deduplicator: this.deduplicator };
  }

  open({ names }: Table): number {
    return (this.columns = columnsOf(names, columnNames)).time;
  }

  finish(): void {
    this.deduplicator.finish();
  }

  advice(): string[] {
    return this.deduplicator.counted ? ['exchange-online-no-tls'] : [];
  }

  take(row: TableRow, line: number, reader: TableReader): Verdict {
    const { columns } = this;
    const status = bareName(row.string(columns.status));
    if (!outcomes.has(status)) return this.sink.skip('unknown-status', line);
    const outcome = outcomes.get(status);
    if (outcome === undefined) return Verdict.context;
    const time = reader.time(row);
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    if (columns.from < 0 || columns.to < 0) return this.sink.skip('no-direction', line);
    row.cell(columns.id);
    if (isDamagedGuid(row.text, row.start, row.end)) return this.sink.skip('bad-line', line);
    const came = !row.isEmpty(columns.from),
      went = !row.isEmpty(columns.to);
    if (!isAddress(row, columns.from) || !isAddress(row, columns.to)) this.sink.note('bad-line', line);
    const size = numberOr0(this.sink, row, columns.size, line);
    const hop = (direction: DirectionCode, address: number, mark: number) =>
      this.hop(row, direction, address, outcome, time, size, line, mark);
    const inbound = came ? hop(DirectionCode.inbound, columns.from, 0) : undefined;
    const outbound = went ? hop(DirectionCode.outbound, columns.to, came ? besides : 0) : undefined;
    return inbound ?? outbound ?? hop(DirectionCode.internal, -1, 0);
  }

  /** One recipient of a message, on its way in one direction. */
  private hop(
    row: TableRow,
    direction: DirectionCode,
    address: number,
    outcome: OutcomeCode,
    time: Milliseconds,
    bytes: number,
    line: number,
    mark: number,
  ): Verdict {
    const { columns, group } = this,
      { remotes, addresses } = this.sink.words;
    const identity = row.isEmpty(columns.id) ? [columns.time, columns.sender] : [columns.id];
    const message = identity.reduce((print, column) => add(print, row, column), this.message.of(Identity.network));
    group.of(message.a).number(message.b);
    // Each server that took the message over got it once; a message comes in once.
    if (direction === DirectionCode.outbound) add(group, row, columns.to);
    [...identity, columns.recipient, columns.to].reduce(
      (print, column) => add(print, row, column),
      this.row.of(direction),
    );
    return this.deduplicator.offer(
      this.row,
      outcome,
      {
        unit: UnitCode.message,
        direction,
        outcome,
        tls: TlsCode.unknown,
        fault: FaultCode.none,
        forced: ForcedCode.unknown,
        type: TypeCode.unknown,
        connector: 0,
        cipher: 0,
        server: 0,
        remote: row.word(address, remotes),
        address: row.word(address, addresses),
        evidence: 0,
        time,
        count: 1,
        recipients: 1,
        bytes,
        line,
        tlsAt: 0,
      },
      mark,
      message,
      group,
    );
  }
}

function add(print: Fingerprint, row: TableRow, column: number): Fingerprint {
  row.cell(column);
  return print.text(row.text, row.start, row.end);
}
