/**
 * The enhanced summary of Exchange Online's historical search (Start-HistoricalSearch -ReportType MessageTrace, "Enhanced summary report"): one row
 * a message, with the connector but without TLS.
 *
 * `connector_id` names the connector by which the message came or went. `directionality` is 1 or `Incoming` for mail to the organisation, 2 or
 * `Originating` for mail from it. `recipient_status` is `a@x.example##Receive, Deliver;b@y.example##Receive, Send`.
 */
import { DirectionCode, FaultCode, ForcedCode, OutcomeCode, TlsCode, TypeCode, UnitCode } from '../../model';
import type { Sink } from '../../reading/sink';
import { Fingerprint } from '../../text/fingerprint';
import type { TableRow } from '../shared/row';
import { findTable } from '../../text/table';
import { Identity } from '../exchange-smtp/accepted';
import { bareName } from '../exchange-tracking/columns';
import type { Format, Head, Verdict } from '../../reading/format';
import { Deduplicator } from '../shared/deduplicator';
import { TableReader } from '../shared/tablereader';
import { TraceTable } from '../shared/tracetable';

/** These tell the same messages, with their TLS. */
const after = ['exo-extended', 'exo-detail'];

export const exoEnhanced: Format = {
  id: 'exo-enhanced',
  name: 'Exchange Online enhanced summary',
  detect: ({ lines }: Head) => findTable(lines, fits) !== undefined,
  after,
  parser: (sink) => new EnhancedParser(sink),
};

const needed = ['origintimestamputc', 'recipientstatus', 'directionality', 'connectorid'];

function fits(names: readonly string[]): boolean {
  const bare = names.map(bareName);
  return needed.every((name) => bare.includes(name));
}

class EnhancedParser extends TraceTable {
  protected readonly table: TableReader;
  /** The same message may stand in several reports. */
  readonly deduplicator: Deduplicator;
  private readonly message = new Fingerprint();
  private columns = { time: -1, status: -1, bytes: -1, id: -1, ip: -1, directionality: -1, connector: -1 };

  constructor(private readonly sink: Sink) {
    super();
    this.deduplicator = new Deduplicator(sink, { after });
    this.table = new TableReader(
      sink,
      {
        fits,
        open: ({ names }) => {
          const bare = names.map(bareName);
          const at = (name: string) => bare.indexOf(name);
          this.columns = {
            time: at('origintimestamputc'),
            status: at('recipientstatus'),
            bytes: at('totalbytes'),
            id: bare.includes('networkmessageid') ? at('networkmessageid') : at('messageid'),
            ip: at('originalclientip'),
            directionality: at('directionality'),
            connector: at('connectorid'),
          };
          return this.columns.time;
        },
        take: (row, line) => this.take(row, line),
      },
      true,
    );
  }

  override advice(): string[] {
    return [...(this.deduplicator.counted ? ['exchange-online-no-tls'] : []), ...super.advice()];
  }

  private take(row: TableRow, line: number): Verdict {
    const { columns } = this,
      { connectors, remotes, addresses } = this.sink.words;
    const time = this.table.time(row, columns.time);
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    const inbound = row.is(columns.directionality, '1') || row.is(columns.directionality, 'incoming');
    if (!inbound && !row.is(columns.directionality, '2') && !row.is(columns.directionality, 'originating'))
      return this.sink.skip('no-direction', line);
    const size = row.number(columns.bytes);
    if (Number.isNaN(size)) this.sink.note('bad-number', line);
    const status = statusOf(row.string(columns.status), inbound);
    const message = this.message.of(Identity.network);
    for (const column of row.isEmpty(columns.id) ? [columns.time, columns.status] : [columns.id]) {
      row.cell(column);
      message.text(row.text, row.start, row.end);
    }
    return this.deduplicator.offer(
      message,
      Number(inbound),
      {
        unit: UnitCode.message,
        direction: inbound ? DirectionCode.inbound : status.left ? DirectionCode.outbound : DirectionCode.internal,
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
        bytes: Number.isNaN(size) ? 0 : size,
        line,
      },
      0,
      message,
    );
  }
}

/**
 * What became of a message, from the events of its recipients. What came in was accepted, whatever became of it then. What the organisation's own
 * people wrote is outbound where it left, or failed to; what was only delivered stayed inside.
 */
function statusOf(text: string, inbound: boolean): { outcome: OutcomeCode; recipients: number; left: boolean } {
  const events = text
    .split(';')
    .filter((one) => one.includes('##'))
    .map((one) => one.slice(one.indexOf('##') + 2).toLowerCase());
  const sent = events.filter((event) => event.includes('send')).length;
  const failed = events.filter((event) => event.includes('fail')).length,
    delivered = events.filter((event) => event.includes('deliver')).length;
  if (inbound || sent > 0)
    return { outcome: OutcomeCode.accepted, recipients: inbound ? Math.max(1, events.length) : sent, left: true };
  if (delivered > 0) return { outcome: OutcomeCode.accepted, recipients: delivered, left: false };
  const outcome =
    failed > 0
      ? OutcomeCode.bounced
      : events.some((event) => event.includes('defer') || event.includes('pend'))
        ? OutcomeCode.deferred
        : OutcomeCode.accepted;
  return { outcome, recipients: Math.max(1, events.length), left: true };
}
