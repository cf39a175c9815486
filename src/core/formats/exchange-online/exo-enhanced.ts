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
import { columnFinder, hasColumns } from '../exchange-tracking/columns';
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

class EnhancedRows implements TableUser {
  readonly fits = isEnhanced;
  readonly state: { deduplicator: Deduplicator };
  /** The same message may stand in several reports. */
  private readonly deduplicator: Deduplicator;
  private readonly message = new Fingerprint();
  private columns = { time: -1, status: -1, bytes: -1, id: -1, ip: -1, directionality: -1, connector: -1 };

  constructor(private readonly sink: Sink) {
    this.deduplicator = new Deduplicator(sink, { after });
    this.state = { deduplicator: this.deduplicator };
  }

  open({ names }: Table): number {
    const at = columnFinder(names);
    this.columns = {
      time: at('origintimestamputc'),
      status: at('recipientstatus'),
      bytes: at('totalbytes'),
      id: at('networkmessageid', 'messageid'),
      ip: at('originalclientip'),
      directionality: at('directionality'),
      connector: at('connectorid'),
    };
    return this.columns.time;
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
    const status = statusOf(row.string(columns.status), inbound);
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

/**
 * What became of a message, from the events of its recipients. What came in was accepted, whatever became of it then.
 * What the organisation's own people wrote is outbound where it left, or failed to; what was only delivered stayed
 * inside.
 */
function statusOf(text: string, inbound: boolean): Status {
  const events = text
    .split(';')
    .filter((one) => one.includes('##'))
    .map((one) => one.slice(one.indexOf('##') + 2).toLowerCase());
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
