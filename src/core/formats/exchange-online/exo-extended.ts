/**
 * The extended message trace of Exchange Online (Start-HistoricalSearch -ReportType MessageTraceDetail, "Extended
 * report" in the admin center): message tracking of the service as CSV, with the columns of the on-premises log in
 * snake case, about 16 rows a message in no order.
 *
 * A message is inbound once, where it came from outside: among its `SMTP RECEIVE` rows that is the one with the
 * tenant's connector or with the address of the sender's server, the first of them in time; the others are hops
 * inside the service. It is outbound at each `SENDEXTERNAL`. The row's custom data has TLS version, cipher and
 * connector. A row without a version means no TLS only where rows of its kind were seen to have one.
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
import { numberOr0 } from '../shared/numbers';
import type { TableRow } from '../shared/row';
import type { Words } from '../../text/words';
import { findTable, type Table } from '../../text/table';
import { Identity } from '../exchange-smtp/accepted';
import { trackingColumns, trackingNames, type TrackingColumns } from '../exchange-tracking/columns';
import { hasColumns } from '../shared/columnnames';
import { CustomData } from '../exchange-tracking/customdata';
import { Kind, isDamaged, kindOf } from '../exchange-tracking/hop';
import { Verdict, type Format, type Head } from '../../reading/format';
import { Deduplicator } from '../shared/deduplicator';
import { tableParser, type TableReader, type TableUser } from '../shared/tablereader';

export const exoExtended: Format = {
  id: 'exo-extended',
  name: 'Exchange Online extended trace',
  repeats: 'parser',
  detect: ({ lines }: Head) => findTable(lines, isExtended) !== undefined,
  parser: (sink) => tableParser(sink, new ExtendedRows(sink), true),
};

function isExtended(names: readonly string[]): boolean {
  return hasColumns(names, 'datetimeutc', 'eventid', 'source', 'connectorid', 'customdata');
}

/** How sure it is that a RECEIVE row is the one where the message came from outside. */
const enum Edge {
  unlikely,
  likely,
  certain,
}

class ExtendedRows implements TableUser {
  readonly fits = isExtended;
  readonly names = trackingNames;
  readonly state: { deduplicator: Deduplicator };
  private readonly custom: CustomData;
  private readonly deduplicator: Deduplicator;
  private readonly print = new Fingerprint();
  private readonly message = new Fingerprint();
  private columns!: TrackingColumns;
  /** What rows of this kind with a TLS version prove. */
  private readonly received: number;
  private readonly sent: number;

  constructor(private readonly sink: Sink) {
    this.custom = new CustomData(sink.words.connectors, sink.words.ciphers);
    this.received = sink.evidenceOfTable('exchange-online-receive');
    this.sent = sink.evidenceOfTable('exchange-online-send');
    this.deduplicator = new Deduplicator(sink, {
      replaces: (kept, keptEdge, other, otherEdge) =>
        otherEdge !== keptEdge ? otherEdge > keptEdge : other.time < kept.time,
    });
    this.state = { deduplicator: this.deduplicator };
  }

  open({ names }: Table): number {
    return (this.columns = trackingColumns(names)).time;
  }

  finish(): void {
    this.deduplicator.finish();
  }

  take(row: TableRow, line: number, reader: TableReader): Verdict {
    const { columns, custom } = this;
    const kind = kindOf(row, columns);
    if (kind === Kind.other || kind === Kind.defer || kind === Kind.fail) return Verdict.context;
    const time = reader.time(row);
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    if (kind === Kind.damaged || isDamaged(row, columns) || row.isNear(columns.directionality, 'incoming'))
      return this.sink.skip('bad-line', line);
    custom.cell(row, columns.custom);
    if (custom.damaged) return this.sink.skip('bad-line', line);
    if (kind === Kind.receive) return this.receive(row, time, line);
    // SEND is a hop inside the service, unless a connector of the tenant says otherwise.
    return kind === Kind.sendExternal || custom.outbound !== 0 ? this.send(row, time, line) : Verdict.context;
  }

  private receive(row: TableRow, time: Milliseconds, line: number): Verdict {
    const { custom, received } = this;
    // What the tenant's own users write comes from their mailboxes; their connectors and submitting clients are
    // outside.
    if (!this.isIncoming(row) && custom.inbound === 0 && custom.clientIp.end === 0) return Verdict.context;
    if (showsTls(custom.tls)) this.sink.showsTls(received, time);
    const edge = this.edge(row);
    const tls = custom.tls === TlsCode.absent && edge === Edge.unlikely ? TlsCode.unknown : custom.tls;
    const connector = custom.inbound || this.connector(row);
    const event = this.event(DirectionCode.inbound, row, time, line, tls, received, connector);
    const message = this.identify(row);
    return this.deduplicator.offer(message, DirectionCode.inbound, event, edge, message);
  }

  private edge(row: TableRow): Edge {
    const { columns, custom } = this;
    if (custom.inbound !== 0 || custom.clientIp.end > 0) return Edge.certain;
    if (row.same(columns.clientIp, columns.originalIp)) return Edge.certain;
    return custom.proxied ? Edge.likely : Edge.unlikely;
  }

  private send(row: TableRow, time: Milliseconds, line: number): Verdict {
    const { columns, custom, sent } = this;
    if (showsTls(custom.tls)) this.sink.showsTls(sent, time);
    const connector = custom.outbound || this.connector(row);
    const event = this.event(DirectionCode.outbound, row, time, line, custom.tls, sent, connector);
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

  /**
   * The connector-id column where it names a connector of the tenant, not `SERVER\Default SERVER` or a connector of
   * the service.
   */
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
    evidence: number,
    connector: WordId,
  ): MailEvent {
    const { columns, custom } = this;
    const address = direction === DirectionCode.inbound ? this.client(row) : row.word(columns.serverIp, this.addresses);
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
      server: 0,
      remote: this.remote(direction, row, address),
      address,
      evidence: tls === TlsCode.absent ? this.sink.absent(evidence, time) : 0,
      time,
      count: 1,
      recipients: numberOr0(this.sink, row, columns.recipients, line),
      bytes: numberOr0(this.sink, row, columns.bytes, line),
      line,
      tlsAt: 0,
    };
  }

  /** The address of the sender's server. */
  private client(row: TableRow): WordId {
    const { columns, custom } = this;
    const { start, end } = custom.clientIp;
    if (end > 0) return this.addresses.intern(custom.text, start, end);
    return row.word(row.isEmpty(columns.originalIp) ? columns.clientIp : columns.originalIp, this.addresses);
  }

  /** The other end by name, else by its address. */
  private remote(direction: DirectionCode, row: TableRow, address: WordId): WordId {
    const { columns, custom } = this;
    const { remotes } = this.sink.words;
    const inbound = direction === DirectionCode.inbound;
    const { start, end } = custom.clientHost;
    if (inbound && end > 0) return remotes.intern(custom.text, start, end);
    const host = inbound ? columns.clientHost : columns.serverHost;
    return row.isEmpty(host) ? remotes.internText(this.addresses.text(address)) : row.word(host, remotes);
  }

  private get addresses(): Words {
    return this.sink.words.addresses;
  }
}

/** Whether this is a version of TLS, or TLS without one. */
function showsTls(tls: TlsCode): boolean {
  return tls !== TlsCode.absent && tls !== TlsCode.unknown;
}
