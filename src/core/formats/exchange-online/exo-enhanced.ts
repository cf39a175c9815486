/**
 * The enhanced summary of Exchange Online's historical search (Start-HistoricalSearch -ReportType MessageTrace,
 * "Enhanced summary report"): one row a message, with the connector but without TLS.
 *
 * `connector_id` names the connector by which the message came or went. `directionality` is 1 or `Incoming` for mail
 * to the organisation, 2 or `Originating` for mail from it. `recipient_status` is `a@x.example##Receive,
 * Deliver;b@y.example##Receive, Send`.
 */
import { DirectionCode, FaultCode, ForcedCode, OutcomeCode, TlsCode, TypeCode, UnitCode } from '../../model';
import type { Sink } from '../../reading/sink';
import { Fingerprint } from '../../text/fingerprint';
import { numberOr0 } from '../shared/numbers';
import type { TableRow } from '../shared/row';
import { findTable, type Table } from '../../text/table';
import { Identity } from '../exchange-smtp/accepted';
import { columnsOf, hasColumns, type ColumnNames } from '../shared/columnnames';
import { isDamagedGuid } from '../shared/guid';
import { Misspelt } from '../shared/misspelt';
import type { Format, Head, Verdict } from '../../reading/format';
import { Deduplicator } from '../shared/deduplicator';
import { tableParser, type TableReader, type TableUser } from '../shared/tablereader';

/** These have the same messages, with their TLS. */
const after = ['exo-extended', 'exo-detail'];

export const exoEnhanced: Format = {
  id: 'exo-enhanced',
  name: 'Exchange Online enhanced summary',
  repeats: 'parser',
  detect: ({ lines }: Head) => findTable(lines, isEnhanced) !== undefined,
  after,
  parser: (sink) => tableParser(sink, new EnhancedRows(sink), true),
};

function isEnhanced(names: readonly string[]): boolean {
  return hasColumns(names, 'origintimestamputc', 'recipientstatus', 'directionality', 'connectorid');
}

const columnNames = {
  time: ['origintimestamputc'],
  status: ['recipientstatus'],
  bytes: ['totalbytes'],
  id: ['networkmessageid', 'messageid'],
  ip: ['originalclientip'],
  directionality: ['directionality'],
  connector: ['connectorid'],
} satisfies ColumnNames;

class EnhancedRows implements TableUser {
  readonly fits = isEnhanced;
  readonly names = columnNames;
  readonly state: { deduplicator: Deduplicator };
  /** The same message may stand in several reports. */
  private readonly deduplicator: Deduplicator;
  private readonly message = new Fingerprint();
  private columns = columnsOf([], columnNames);
  private readonly misspelt = new Misspelt(eventWords);

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
    const { connectors, remotes, addresses } = this.sink.words;
    const time = reader.time(row);
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    const inbound = this.isInbound(row);
    if (inbound === undefined) return this.sink.skip('no-direction', line);
    const text = row.string(columns.status);
    if (this.isDamaged(row, text)) return this.sink.skip('bad-line', line);
    const status = statusOf(text, inbound);
    const message = this.identify(row);
    return this.deduplicator.offer(
      message,
      Number(inbound),
      {
        unit: UnitCode.message,
        direction: hopDirection(inbound, status),
        outcome: status.outcome,
        tls: TlsCode.unknown,
        fault: FaultCode.none,
        forced: ForcedCode.unknown,
        type: TypeCode.unknown,
        connector: row.word(columns.connector, connectors),
        cipher: 0,
        server: 0,
        remote: inbound ? row.word(columns.ip, remotes) : 0,
        address: inbound ? row.word(columns.ip, addresses) : 0,
        evidence: 0,
        time,
        count: 1,
        recipients: status.recipients,
        bytes: numberOr0(this.sink, row, columns.bytes, line),
        line,
        tlsAt: 0,
      },
      0,
      message,
    );
  }

  private identify(row: TableRow): Fingerprint {
    const { columns } = this;
    const message = this.message.of(Identity.network);
    for (const column of row.isEmpty(columns.id) ? [columns.time, columns.status] : [columns.id]) {
      row.cell(column);
      message.text(row.text, row.start, row.end);
    }
    return message;
  }

  /** Whether the id or the recipients with what became of them are damaged. */
  private isDamaged(row: TableRow, status: string): boolean {
    const { text, start, end } = row.cell(this.columns.id);
    if (isDamagedGuid(text, start, end)) return true;
    const parts = status.split(';').filter((part) => part.trim() !== '');
    return (
      parts.some((part) => !part.includes('##') && parts.length > 1) ||
      eventsOf(status).some((event) => event.split(/[^a-z]+/).some((word) => this.misspelt.has(word)))
    );
  }

  /** Undefined where the column says neither. */
  private isInbound(row: TableRow): boolean | undefined {
    const { directionality } = this.columns;
    if (row.is(directionality, '1') || row.is(directionality, 'incoming')) return true;
    return row.is(directionality, '2') || row.is(directionality, 'originating') ? false : undefined;
  }
}

/** What became of a message. */
interface Status {
  outcome: OutcomeCode;
  recipients: number;
  /** It left the organisation, or failed to. */
  left: boolean;
}

function hopDirection(inbound: boolean, { left }: Status): DirectionCode {
  if (inbound) return DirectionCode.inbound;
  return left ? DirectionCode.outbound : DirectionCode.internal;
}

/** Words of events that decide what became of a message. */
const eventWords = ['send', 'deliver', 'fail', 'defer', 'pending'];

/** The events of each recipient, in lower case. */
function eventsOf(status: string): string[] {
  return status
    .split(';')
    .filter((one) => one.includes('##'))
    .map((one) => one.slice(one.indexOf('##') + 2).toLowerCase());
}

/**
 * What became of a message, from the events of its recipients. What came in was accepted, whatever became of it then.
 * What the organisation's own people wrote is outbound where it left, or failed to; what was only delivered stayed
 * inside.
 */
function statusOf(text: string, inbound: boolean): Status {
  const events = eventsOf(text);
  const count = (...words: string[]) => events.filter((event) => words.some((word) => event.includes(word))).length;
  const all = Math.max(1, events.length);
  if (inbound) return { outcome: OutcomeCode.accepted, recipients: all, left: true };
  const sent = count('send');
  if (sent > 0) return { outcome: OutcomeCode.accepted, recipients: sent, left: true };
  const delivered = count('deliver');
  if (delivered > 0) return { outcome: OutcomeCode.accepted, recipients: delivered, left: false };
  if (count('fail') > 0) return { outcome: OutcomeCode.bounced, recipients: all, left: true };
  const outcome = count('defer', 'pend') > 0 ? OutcomeCode.deferred : OutcomeCode.accepted;
  return { outcome, recipients: all, left: true };
}
