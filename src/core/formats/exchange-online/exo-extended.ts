/**
 * The extended message trace of Exchange Online (Start-HistoricalSearch -ReportType MessageTraceDetail, "Extended report" in the admin center):
 * message tracking of the service as CSV, with the columns of the on-premises log in snake case, about 16 rows a message in no order.
 *
 * A message is inbound once, where it came from outside: among its `SMTP RECEIVE` rows that is the one with the tenant's connector or with the
 * address of the sender's server, the first of them in time; the others are hops inside the service. It is outbound at each `SENDEXTERNAL`.
 * The row's custom data has TLS version, cipher and connector. A row without a version means no TLS only where rows of its kind were seen
 * to have one.
 */
import { Byte } from '../../text/ascii';
import {
  DirectionCode,
  FaultCode,
  ForcedCode,
  OutcomeCode,
  TlsCode,
  UnitCode,
  type MailEvent,
  type Milliseconds,
  type WordId,
} from '../../model';
import type { Sink } from '../../reading/sink';
import { beginsWith } from '../../text/bytes';
import { Fingerprint } from '../../text/fingerprint';
import type { TableRow } from '../shared/row';
import { findTable } from '../../text/table';
import { Identity } from '../exchange-smtp/accepted';
import { bareName, trackingColumns, type TrackingColumns } from '../exchange-tracking/columns';
import { CustomData } from '../exchange-tracking/customdata';
import { Kind, kindOf } from '../exchange-tracking/hop';
import { Verdict, type Format, type Head } from '../../reading/format';
import { Deduplicator } from '../shared/deduplicator';
import { TableReader } from '../shared/tablereader';
import { TraceTable } from '../shared/tracetable';

export const exoExtended: Format = {
  id: 'exo-extended',
  name: 'Exchange Online extended trace',
  detect: ({ lines }: Head) => findTable(lines, fits) !== undefined,
  parser: (sink) => new ExtendedParser(sink),
};

function fits(names: readonly string[]): boolean {
  const bare = new Set(names.map(bareName));
  return ['datetimeutc', 'eventid', 'source', 'connectorid', 'customdata'].every((name) => bare.has(name));
}

/** How sure it is that a RECEIVE row is the one where the message came from outside. */
const enum Edge {
  unlikely,
  likely,
  certain,
}

class ExtendedParser extends TraceTable {
  protected readonly table: TableReader;
  private readonly custom: CustomData;
  readonly deduplicator: Deduplicator;
  private readonly print = new Fingerprint();
  private readonly message = new Fingerprint();
  private columns!: TrackingColumns;
  /** What rows of this kind with a TLS version prove. */
  private readonly received: WordId;
  private readonly sent: WordId;

  constructor(private readonly sink: Sink) {
    super();
    this.custom = new CustomData(sink.words.connectors, sink.words.ciphers);
    this.received = sink.evidence('exchange-online-receive');
    this.sent = sink.evidence('exchange-online-send');
    this.deduplicator = new Deduplicator(sink, {
      replaces: (kept, keptEdge, other, otherEdge) =>
        otherEdge !== keptEdge ? otherEdge > keptEdge : other.time < kept.time,
    });
    this.table = new TableReader(
      sink,
      {
        fits,
        open: ({ names }) => (this.columns = trackingColumns(names)).time,
        take: (row, line) => this.take(row, line),
      },
      true,
    );
  }

  private take(row: TableRow, line: number): Verdict {
    const { columns, custom } = this;
    const kind = kindOf(row, columns);
    if (kind === Kind.other || kind === Kind.defer || kind === Kind.fail) return Verdict.context;
    const time = this.table.time(row, columns.time);
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    custom.cell(row, columns.custom);
    if (kind === Kind.receive) return this.receive(row, time, line);
    // SEND is a hop inside the service, unless a connector of the tenant says otherwise.
    return kind === Kind.sendExternal || custom.outbound !== 0 ? this.send(row, time, line) : Verdict.context;
  }

  private receive(row: TableRow, time: Milliseconds, line: number): Verdict {
    const { columns, custom, received } = this;
    const direct = row.same(columns.clientIp, columns.originalIp);
    const edge =
      custom.inbound !== 0 || direct || custom.clientIp.end > 0
        ? Edge.certain
        : custom.proxied
          ? Edge.likely
          : Edge.unlikely;
    // What the tenant's own users write is received from their mailboxes; their connectors and submitting clients come from outside.
    if (!this.isIncoming(row) && custom.inbound === 0 && custom.clientIp.end === 0) return Verdict.context;
    if (custom.tls !== TlsCode.absent && custom.tls !== TlsCode.unknown) this.sink.showsTls(received);
    const tls = custom.tls === TlsCode.absent && edge === Edge.unlikely ? TlsCode.unknown : custom.tls;
    const event = this.event(
      DirectionCode.inbound,
      row,
      time,
      line,
      tls,
      received,
      custom.inbound || this.connector(row),
    );
    const message = this.identify(row);
    return this.deduplicator.offer(message, DirectionCode.inbound, event, edge, message);
  }

  private send(row: TableRow, time: Milliseconds, line: number): Verdict {
    const { columns, custom, sent } = this;
    if (custom.tls !== TlsCode.absent && custom.tls !== TlsCode.unknown) this.sink.showsTls(sent);
    const event = this.event(
      DirectionCode.outbound,
      row,
      time,
      line,
      custom.tls,
      sent,
      custom.outbound || this.connector(row),
    );
    // A message goes out as often as there are hand-overs; the same row in another export is the same hand-over.
    const message = this.identify(row),
      print = this.print
        .of(message.a)
        .number(message.b)
        .number(Math.floor(time / 1000) | 0);
    for (const column of [columns.recipient, columns.serverHost, columns.serverIp])
      if (column >= 0) print.text(row.bytes, row.fields.starts[column], row.fields.ends[column]);
    return this.deduplicator.offer(print, DirectionCode.outbound, event, 0, message);
  }

  private isIncoming(row: TableRow): boolean {
    const { text, start, end } = row.cell(this.columns.directionality);
    return beginsWith(text, start, end, 'incoming') || (end - start === 1 && text[start] === 49);
  }

  private identify(row: TableRow): Fingerprint {
    const { networkId, messageId } = this.columns;
    row.cell(row.isEmpty(networkId) ? messageId : networkId);
    return this.message.of(Identity.network).text(row.text, row.start, row.end);
  }

  /** The connector-id column where it names a connector of the tenant, not `SERVER\Default SERVER` or one of the service's own. */
  private connector(row: TableRow): WordId {
    const { text, start, end } = row.cell(this.columns.connector);
    for (let i = start; i < end; i++) if (text[i] === Byte.backslash) return 0;
    if (beginsWith(text, start, end, 'intra-organization') || beginsWith(text, start, end, 'inter-organization'))
      return 0;
    return this.sink.words.connectors.intern(text, start, end);
  }

  private event(
    direction: DirectionCode,
    row: TableRow,
    time: Milliseconds,
    line: number,
    tls: TlsCode,
    evidence: WordId,
    connector: WordId,
  ): MailEvent {
    const { columns, custom } = this,
      { remotes, addresses } = this.sink.words;
    const inbound = direction === DirectionCode.inbound;
    const address = inbound
      ? custom.clientIp.end > 0
        ? addresses.intern(custom.text, custom.clientIp.start, custom.clientIp.end)
        : row.word(row.isEmpty(columns.originalIp) ? columns.clientIp : columns.originalIp, addresses)
      : row.word(columns.serverIp, addresses);
    const host = inbound ? columns.clientHost : columns.serverHost;
    const remote =
      inbound && custom.clientHost.end > 0
        ? remotes.intern(custom.text, custom.clientHost.start, custom.clientHost.end)
        : row.isEmpty(host)
          ? remotes.internText(addresses.text(address))
          : row.word(host, remotes);
    return {
      unit: UnitCode.message,
      direction,
      outcome: OutcomeCode.accepted,
      tls,
      fault: FaultCode.none,
      forced: ForcedCode.unknown,
      type: custom.type,
      connector,
      cipher: custom.cipher,
      remote,
      address,
      evidence: tls === TlsCode.absent ? evidence : 0,
      time,
      count: 1,
      recipients: this.number(row, columns.recipients, line),
      bytes: this.number(row, columns.bytes, line),
      line,
    };
  }

  private number(row: TableRow, column: number, line: number): number {
    const value = row.number(column);
    if (!Number.isNaN(value)) return value;
    this.sink.note('bad-number', line);
    return 0;
  }
}
