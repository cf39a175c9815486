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
import { isAddress } from '../shared/addresscell';
import { isDamagedGuid } from '../shared/guid';
import { numberOr0 } from '../shared/numbers';
import type { TableRow } from '../shared/row';
import { Words } from '../../text/words';
import { isNearOwnConnector, isOwnConnector } from '../shared/exchange-connectors';
import { Identity } from '../exchange-smtp/accepted';
import type { Verdict } from '../../reading/format';
import type { TrackingColumns } from './columns';
import { CountedOnce, Key, Mark } from './counted';
import { CustomData } from './customdata';

/** Most cells whose servers are remembered. */
const mostServerCells = 10_000;

/**
 * What a row is about. `other`: no hop over SMTP, so no mail of a connector. `damaged`: its source or event is one
 * letter away from that of a hop.
 */
export const enum Kind {
  other,
  damaged,
  receive,
  send,
  sendExternal,
  fail,
  defer,
}

/** What the row at hand is about, by its source and event. */
export function kindOf(row: TableRow, { source, event }: TrackingColumns): Kind {
  const isSmtp = row.is(source, 'smtp');
  if (!isSmtp && !row.isNear(source, 'smtp')) return Kind.other;
  const kind = eventOf(row, event);
  return isSmtp || kind === Kind.other ? kind : Kind.damaged;
}

function eventOf(row: TableRow, event: number): Kind {
  for (const { name, kind } of events) if (row.is(event, name)) return kind;
  return events.some(({ name }) => row.isNear(event, name)) ? Kind.damaged : Kind.other;
}

/** The events of hops. */
const events: readonly { name: string; kind: Kind }[] = [
  { name: 'receive', kind: Kind.receive },
  { name: 'send', kind: Kind.send },
  { name: 'sendexternal', kind: Kind.sendExternal },
  { name: 'fail', kind: Kind.fail },
  { name: 'defer', kind: Kind.defer },
];

/** Whether a hop's row is damaged where that would count its message twice, or take its TLS or direction from it. */
export function isDamaged(row: TableRow, { networkId }: TrackingColumns): boolean {
  if (row.isEmpty(networkId)) return false;
  const { text, start, end } = row.cell(networkId);
  return isDamagedGuid(text, start, end);
}

/** Makes events of the rows of message tracking that are hops over SMTP. */
export class TrackedHops {
  readonly counted: CountedOnce;
  private readonly custom: CustomData;
  private readonly print = new Fingerprint();
  private readonly own: boolean[] = [];
  private readonly nearOwn: boolean[] = [];
  /** Cells that name servers, and which server each names. */
  private readonly serverCells = new Words(mostServerCells);
  private readonly servers: WordId[] = [];
  /** Addresses serve the user's rules only, and are many. */
  private readonly hasRules: boolean;

  constructor(private readonly sink: Sink) {
    this.counted = new CountedOnce(sink);
    this.custom = new CustomData(sink.words.connectors, sink.words.ciphers);
    this.hasRules = sink.options.rules.length > 0;
  }

  add(kind: Kind, row: TableRow, columns: TrackingColumns, time: Milliseconds, line: number): Verdict {
    const { custom } = this;
    const { words } = this.sink;
    const received = kind === Kind.receive;
    custom.cell(row, columns.custom);
    if (custom.damaged) return this.sink.skip('bad-line', line);
    const connector = row.word(columns.connector, words.connectors);
    if (this.isNearOwn(connector) || !hasAddresses(row, columns)) this.sink.note('bad-line', line);
    const event: MailEvent = {
      unit: UnitCode.message,
      direction: this.direction(kind, connector, row, columns),
      outcome: outcomeOf(kind),
      tls: this.tls(kind),
      fault: FaultCode.none,
      forced: custom.forced,
      type: custom.type,
      connector: (received ? custom.inbound : custom.outbound) || connector,
      cipher: custom.cipher,
      server: this.server(received, row, columns),
      remote: this.remote(received, row, columns),
      address: this.hasRules ? this.address(received, row, columns, words.addresses) : 0,
      evidence: 0,
      time,
      count: 1,
      recipients: numberOr0(this.sink, row, columns.recipients, line),
      bytes: numberOr0(this.sink, row, columns.bytes, line),
      line,
      tlsAt: 0,
    };
    this.identify(received, row, columns);
    return this.counted.offer(event, this.mark(kind));
  }

  private direction(kind: Kind, connector: WordId, row: TableRow, columns: TrackingColumns): DirectionCode {
    if (this.isOwn(connector, row, columns)) return DirectionCode.internal;
    if (kind === Kind.receive)
      return this.cameFromInside(row, columns) ? DirectionCode.internal : DirectionCode.inbound;
    // A server that sends to itself.
    return kind === Kind.send && row.same(columns.clientIp, columns.serverIp)
      ? DirectionCode.internal
      : DirectionCode.outbound;
  }

  /** Whether the connector stays inside the organisation. Past the limit one word stands for all names. */
  private isOwn(connector: WordId, row: TableRow, columns: TrackingColumns): boolean {
    if (connector === 1) return isOwnConnector(row.string(columns.connector));
    return (this.own[connector] ??= isOwnConnector(this.sink.words.connectors.text(connector)));
  }

  /** Whether the name is one letter away from that of a connector which would make the hop internal. */
  private isNearOwn(connector: WordId): boolean {
    return (this.nearOwn[connector] ??= isNearOwnConnector(this.sink.words.connectors.text(connector)));
  }

  private tls(kind: Kind): TlsCode {
    const { tls, forced } = this.custom;
    if (tls !== TlsCode.absent) return tls;
    // Exchange does not hand a message over without TLS where it is required.
    const sent = kind === Kind.send || kind === Kind.sendExternal;
    return sent && forced === ForcedCode.yes ? TlsCode.tls : TlsCode.unknown;
  }

  private mark(kind: Kind): number {
    return (
      (kind === Kind.receive ? Mark.received : 0) |
      (this.custom.proxied ? Mark.fromFrontEnd : 0) |
      (kind === Kind.sendExternal ? Mark.external : 0)
    );
  }

  /** Whether a message was received from this organisation, as far as its row proves it. */
  private cameFromInside(row: TableRow, columns: TrackingColumns): boolean {
    const { custom, print } = this;
    if (custom.proxied) return this.isProbe(row, columns.sender);
    // The mailbox service of the same machine submits without a front end.
    if (
      row.same(columns.clientIp, columns.serverIp) &&
      (row.isEmpty(columns.originalIp) || row.same(columns.clientIp, columns.originalIp))
    )
      return true;
    // Another server of the organisation had it before.
    if (custom.firstServer.end === 0 || row.isEmpty(columns.serverHost)) return false;
    const { a, b } = print.of(0).host(custom.text, custom.firstServer.start, custom.firstServer.end);
    row.cell(columns.serverHost);
    print.of(0).host(row.text, row.start, row.end);
    return print.a !== a || print.b !== b;
  }

  /**
   * Whether this is one of Exchange's own health probes, which a front end hands on from the server itself. The sender
   * alone proves nothing: anybody can claim one.
   */
  private isProbe(row: TableRow, sender: number): boolean {
    const { text, clientIp } = this.custom;
    if (!['127.', '::1', '::ffff:127.'].some((local) => beginsWith(text, clientIp.start, clientIp.end, local)))
      return false;
    row.cell(sender);
    return ['healthmailbox', 'maildeliveryprobe@', 'inboundproxy@'].some((probe) =>
      beginsWith(row.text, row.start, row.end, probe),
    );
  }

  /**
   * The other end by name, else by address. Behind a front end the client of this hop is the front end, and the
   * client's own name stands elsewhere.
   */
  private remote(received: boolean, row: TableRow, columns: TrackingColumns): WordId {
    const { text, clientHost, proxied } = this.custom,
      { remotes } = this.sink.words;
    if (received && clientHost.end > 0)
      return remotes.intern(text, clientHost.start, withoutDot(text, clientHost.start, clientHost.end));
    const column = received ? columns.clientHost : columns.serverHost;
    if ((received && proxied) || row.isEmpty(column)) return this.address(received, row, columns, remotes);
    row.cell(column);
    return remotes.intern(row.text, row.start, withoutDot(row.text, row.start, row.end));
  }

  /**
   * The server that wrote the row: it is the server of what it receives, and the client of what it sends (Microsoft
   * Learn, "Message tracking", fields of the log).
   */
  private server(received: boolean, row: TableRow, columns: TrackingColumns): WordId {
    const column = received ? columns.serverHost : columns.clientHost;
    if (row.isEmpty(column)) return 0;
    const cell = row.word(column, this.serverCells);
    // What stands for all cells that are too many is looked up each time.
    if (cell === 1) return this.sink.words.servers.id(row.string(column));
    return (this.servers[cell] ??= this.sink.words.servers.id(row.string(column)));
  }

  private address(received: boolean, row: TableRow, columns: TrackingColumns, words: Words): WordId {
    const { text, clientIp } = this.custom;
    if (received && clientIp.end > 0) return words.intern(text, clientIp.start, clientIp.end);
    return row.word(
      !received ? columns.serverIp : row.isEmpty(columns.originalIp) ? columns.clientIp : columns.originalIp,
      words,
    );
  }

  /** Finds what identifies the row, and its message in other rows and in the protocol logs. */
  private identify(received: boolean, row: TableRow, columns: TrackingColumns): void {
    const { print, counted } = this;
    const { bytes, fields } = row;
    counted.keys.fill(0);
    print.of(Identity.row);
    for (const column of columns.identity) {
      // A server's reply may follow the session in the context; recipients may be many.
      const start = fields.starts[column];
      const end = fields.ends[column];
      print.text(bytes, start, Math.min(end, start + 64)).number(end - start);
    }
    counted.key(Key.row, print);
    const { networkId } = columns;
    if (!row.isEmpty(networkId))
      counted.key(
        Key.message,
        print.of(Identity.network).text(bytes, fields.starts[networkId], fields.ends[networkId]),
      );
    if (!this.sink.options.joined) return;
    this.identifySession(row, columns);
    if (received) this.identifyQueued(row, columns);
  }

  /** The SMTP session, and the message in it: `source-context` begins with the session id. */
  private identifySession(row: TableRow, columns: TrackingColumns): void {
    const { print, counted } = this;
    const { text, start, end } = row.cell(columns.context);
    const idEnd = start + 16;
    if (end < idEnd || (end > idEnd && text[idEnd] !== Byte.semicolon)) return;
    counted.key(Key.session, print.of(Identity.session).text(text, start, idEnd));
    print.of(Identity.message).text(text, start, idEnd);
    row.cell(columns.messageId);
    counted.key(Key.sessionMessage, print.text(row.text, row.start, row.end));
  }

  /** The id that the receiving server gave to the message. */
  private identifyQueued(row: TableRow, columns: TrackingColumns): void {
    if (row.isEmpty(columns.internalId) || row.isEmpty(columns.serverHost)) return;
    const { print } = this;
    row.cell(columns.internalId);
    print.of(Identity.queued).text(row.text, row.start, row.end);
    row.cell(columns.serverHost);
    this.counted.key(Key.queued, print.host(row.text, row.start, row.end));
  }
}

/** Whether the ends of a hop, which decide its direction, are named by addresses where they are named. */
function hasAddresses(row: TableRow, { clientIp, serverIp, originalIp }: TrackingColumns): boolean {
  return isAddress(row, clientIp) && isAddress(row, serverIp) && isAddress(row, originalIp);
}

function outcomeOf(kind: Kind): OutcomeCode {
  if (kind === Kind.fail) return OutcomeCode.bounced;
  return kind === Kind.defer ? OutcomeCode.deferred : OutcomeCode.accepted;
}

function withoutDot(bytes: Uint8Array, start: number, end: number): number {
  return end > start && bytes[end - 1] === Byte.dot ? end - 1 : end;
}
