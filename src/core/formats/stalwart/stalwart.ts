/**
 * Stalwart's log, as text and as JSON (Stalwart, "Event types"): one event a line with its keys. Incoming sessions are
 * joined by the client's address and port, deliveries by queue id and host.
 *
 * `queue.message-queued` is a message taken in, `delivery.delivered` one recipient of a message handed over. A session
 * that was seen to begin and shows no handshake had no TLS where and while its server shows one in that direction; a delivery
 * says so itself where STARTTLS is not offered or switched off. The listener is the connector of incoming mail, the
 * queue that of outgoing, where they are not the stock ones.
 */
import { DirectionCode, FaultCode, OutcomeCode, TlsCode, type Milliseconds, type PlaceCode } from '../../model';
import type { Sink } from '../../reading/sink';
import { isJson, looksLike } from '../../text/json';
import { Verdict, type Format, type Head, type Parser } from '../../reading/format';
import { Hops } from '../shared/hops';
import { isLoopback } from '../shared/loopback';
import { IdTable } from '../shared/idtable';
import { Misspelt } from '../shared/misspelt';
import { verdictOfAll } from '../shared/verdictofall';
import { isTextEvent, jsonEvents, textEvent, textLine, type ServerEvent } from './record';

export const stalwart: Format = {
  id: 'stalwart',
  name: 'Stalwart',
  repeats: 'lines',
  byServer: true,
  inOrder: true,
  detect: isStalwart,
  parser: (sink) => new StalwartParser(sink),
};

function isStalwart({ lines }: Head): boolean {
  return (
    lines.slice(0, 100).some(isTextEvent) ||
    looksLike(
      lines,
      (shape) =>
        (shape.has('createdAt') && shape.has('data') && /^"[a-z0-9-]+\.[a-z0-9-]+"$/.test(shape.get('type') ?? '')) ||
        /^\[\s*\{.{0,120}"createdAt"/s.test(shape.get('events') ?? ''),
    )
  );
}

/** A session with a client. `tls` is absent as long as nothing shows TLS. */
interface StalwartSession {
  tls: TlsCode;
  /** The line of its handshake, or its first one: see `MailEvent.tlsAt`. */
  tlsAt: PlaceCode;
  cipher: string;
  time: Milliseconds;
}
/** An attempt to hand a message over to a host. */
interface Delivery extends StalwartSession {
  address: string;
  failed: boolean;
  delivered: boolean;
  refused: boolean;
}

const mostOpen = 50_000;
/**
 * The end of a session is not logged at the usual level. After this time without a line it is over: RFC 5321, 4.5.3.2
 * has clients wait for 10 minutes at most.
 */
const over: Milliseconds = 3_600_000;
/** Ports of submission and relay; other listeners speak other protocols. */
const smtpPorts = new Set(['25', '465', '587', '2525']);
/** The names that listeners and queues have in every installation. */
const stockListeners = new Set(['smtp', 'remote', 'local']);
const queued = new Set([
  'queue.queue-message',
  'queue.message-queued',
  'queue.queue-message-authenticated',
  'queue.authenticated-message-queued',
  'queue.queue-message-submission',
]);
/** Most servers that are remembered. */
const mostServers = 10_000;
const refused = new Set(['delivery.mail-from-rejected', 'delivery.rcpt-to-rejected', 'delivery.message-rejected']);

/** How a server is named among those that show TLS, and its two directions. */
interface Shown {
  name: string;
  source: number;
  inbound: number;
  outbound: number;
}

/** Events that state something of mail. */
const facts = [
  ...['tls.handshake', 'smtp.ehlo', 'smtp.connection-start', 'queue.rescheduled', 'server.startup'],
  ...['delivery.connect', 'delivery.delivered', 'delivery.start-tls', 'delivery.start-tls-unavailable'],
  ...['delivery.start-tls-disabled', 'delivery.start-tls-error', 'delivery.implicit-tls-error'],
  ...queued,
  ...refused,
];

const damagedNames = new Misspelt(facts);

/** Whether the event is of a listener for SMTP. The keys of older versions have the protocol instead of the port. */
function isSmtp(event: ServerEvent): boolean {
  return (
    smtpPorts.has(event.value('localPort')) ||
    event.value('protocol') === 'smtp' ||
    /smtp|submission/i.test(event.value('listenerId'))
  );
}

/** Every event of a delivery names the host, and a refusal its code. */
function isWholeDelivery(event: ServerEvent): boolean {
  return event.own('hostname') !== '' && !(refused.has(event.name) && event.own('code') === '');
}

function tlsOf(session: StalwartSession | undefined, implicit: boolean): TlsCode {
  const known = session?.tls ?? TlsCode.unknown;
  return implicit && (!session || known === TlsCode.absent) ? TlsCode.tls : known;
}

class StalwartParser implements Parser {
  private readonly hops: Hops;
  readonly state;
  /** By host, how it is named among those that show TLS, and its two directions. */
  private readonly servers = new Map<string, Shown>();
  private server!: Shown;
  private time: Milliseconds = NaN;

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
    const table = {
      limit: mostOpen,
      fields: { tlsAt: 'place' as const },
      evicted: (entry: StalwartSession) => !(this.time - entry.time < over),
    };
    this.state = {
      sessions: new IdTable<string, StalwartSession>(sink, table),
      deliveries: new IdTable<string, Delivery>(sink, table),
    };
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    if (!isJson(bytes, start, end)) {
      const event = textEvent(textLine(bytes, start, end));
      return event ? this.event(event, line) : this.sink.skip('bad-line', line);
    }
    const events = jsonEvents(bytes, start, end);
    if (!events) return this.sink.skip('bad-json', line);
    if (!this.sink.first && events.length > 1) return Verdict.unresolved;
    return verdictOfAll(events, (event) => this.event(event, line));
  }

  private event(event: ServerEvent, line: number): Verdict {
    if (event.name === '') return this.sink.skip('bad-line', line);
    const verdict = this.read(event, line);
    if (event.whole || verdict === Verdict.skipped || verdict === Verdict.unresolved) return verdict;
    if (verdict === Verdict.context)
      return facts.includes(event.name) ? this.sink.skip('unfinished-record', line) : verdict;
    this.sink.note('unfinished-record', line);
    return verdict;
  }

  private read(event: ServerEvent, line: number): Verdict {
    const { name } = event;
    const inbound =
      name === 'tls.handshake' || name === 'smtp.ehlo' || name === 'smtp.connection-start' || queued.has(name);
    const isStart = name === 'server.startup';
    if (!inbound && !isStart && !name.startsWith('delivery.') && name !== 'queue.rescheduled')
      return damagedNames.has(name) ? this.sink.skip('bad-line', line) : Verdict.context;
    this.time = this.sink.time.iso(new TextEncoder().encode(event.time), 0);
    if (Number.isNaN(this.time)) return this.sink.skip('bad-time', line);
    this.server = this.serverOf(event.host || this.sink.host);
    if (isStart) {
      this.sink.restarted(this.server.source, this.time);
      return Verdict.used;
    }
    if (inbound) return this.incoming(event, line);
    if (name === 'queue.rescheduled') return this.add(event, {}, OutcomeCode.deferred, true, line);
    return this.outgoing(event, line);
  }

  private serverOf(host: string): Shown {
    let server = this.servers.get(host);
    if (!server) {
      const source = this.sink.evidenceSource(`stalwart ${host}`, this.time);
      server = {
        name: host,
        source,
        inbound: this.sink.evidence(`stalwart inbound ${host}`, source),
        outbound: this.sink.evidence(`stalwart outbound ${host}`, source),
      };
      if (this.servers.size < mostServers) this.servers.set(host, server);
    }
    return server;
  }

  private incoming(event: ServerEvent, line: number): Verdict {
    const address = event.value('remoteIp');
    // What the server itself has made has no other end.
    if (address === '' && event.value('remotePort') !== '') return this.sink.skip('bad-line', line);
    if (address === '' || !isSmtp(event)) return Verdict.context;
    if (event.value('remotePort') === '') this.sink.note('bad-line', line);
    const id = `${this.server.name} ${address} ${event.value('remotePort')}`,
      { sessions } = this.state;
    if (event.name === 'smtp.connection-start') {
      sessions.open(id, this.session(TlsCode.absent, ''), line);
      return Verdict.used;
    }
    if (event.name === 'tls.handshake') {
      this.sink.showsTls(this.server.inbound, this.time);
      sessions.open(id, this.session(this.hops.tls(event.own('version'), TlsCode.tls), event.own('details')), line);
      return Verdict.used;
    }
    if (sessions.mayHaveBegunEarlier(id)) return Verdict.unresolved;
    const session = this.alive(sessions.get(id));
    if (session) session.time = this.time;
    if (event.name !== 'smtp.ehlo') return this.received(event, session, line);
    // The client greets once more after STARTTLS.
    if (!session) sessions.open(id, this.session(TlsCode.absent, ''), line);
    return Verdict.used;
  }

  /** A session that begins here. */
  private session(tls: TlsCode, cipher: string): StalwartSession {
    return { tls, cipher, tlsAt: this.sink.tlsAt(), time: this.time };
  }

  /** The session unless it has been silent for so long that it is over. */
  private alive<Session extends StalwartSession>(session: Session | undefined): Session | undefined {
    return session && this.time - session.time < over ? session : undefined;
  }

  private received(event: ServerEvent, session: StalwartSession | undefined, line: number): Verdict {
    const listener = event.value('listenerId'),
      address = event.value('remoteIp');
    // Port 465 is TLS from the first byte (RFC 8314), whether or not the handshake is logged.
    const implicit = event.value('localPort') === '465' || listener === 'submissions';
    if (!session && !implicit) this.sink.note('session-began-earlier', line);
    const tls = tlsOf(session, implicit);
    this.hops.add({
      direction: isLoopback(address) ? DirectionCode.internal : DirectionCode.inbound,
      outcome: OutcomeCode.accepted,
      tls,
      cipher: session?.cipher,
      server: this.server.name,
      // The port says it in this line, where no handshake is logged.
      tlsAt: session?.tls === TlsCode.absent && implicit ? 0 : session?.tlsAt,
      evidence: tls === TlsCode.absent ? this.sink.absent(this.server.inbound, this.time) : 0,
      connector: stockListeners.has(listener) ? '' : listener,
      address,
      recipients: event.size('to'),
      bytes: Number(event.last('size')),
      time: this.time,
      line,
    });
    return Verdict.used;
  }

  private outgoing(event: ServerEvent, line: number): Verdict {
    const { name } = event,
      { deliveries } = this.state;
    const id = `${this.server.name} ${event.value('queueId')} ${event.own('hostname')}`;
    if (name === 'delivery.connect') return this.connecting(event, id, line);
    const security = name.startsWith('delivery.start-tls') || name === 'delivery.implicit-tls-error';
    if (!security && name !== 'delivery.delivered' && !refused.has(name))
      return damagedNames.has(name) ? this.sink.skip('bad-line', line) : Verdict.context;
    if (!isWholeDelivery(event)) return this.sink.skip('unfinished-record', line);
    if (security) this.sink.showsTls(this.server.outbound, this.time);
    if (deliveries.mayHaveBegunEarlier(id)) return Verdict.unresolved;
    if (refused.has(name) && Number(event.own('code')) < 500) return Verdict.context;
    let delivery = this.alive(deliveries.get(id));
    if (!delivery) {
      this.sink.note('session-began-earlier', line);
      delivery = this.delivery(event, security ? TlsCode.absent : TlsCode.unknown);
      deliveries.open(id, delivery, line);
    }
    return security ? this.secure(event, delivery) : this.handedOver(event, delivery, line);
  }

  private connecting(event: ServerEvent, id: string, line: number): Verdict {
    const port = event.own('remotePort'),
      implicit = port === '465';
    if (!/^\d+$/.test(port)) this.sink.note('bad-line', line);
    this.state.deliveries.open(id, this.delivery(event, implicit ? TlsCode.tls : TlsCode.absent), line);
    return Verdict.used;
  }

  private delivery(event: ServerEvent, tls: TlsCode): Delivery {
    return {
      tls,
      cipher: '',
      tlsAt: this.sink.tlsAt(),
      time: this.time,
      address: event.own('remoteIp'),
      failed: false,
      delivered: false,
      refused: false,
    };
  }

  /** What came of STARTTLS. */
  private secure(event: ServerEvent, delivery: Delivery): Verdict {
    switch (event.name) {
      case 'delivery.start-tls':
        delivery.tls = this.hops.tls(event.own('version'), TlsCode.tls);
        delivery.cipher = event.own('details');
        delivery.tlsAt = this.sink.tlsAt();
        break;
      case 'delivery.start-tls-unavailable':
      case 'delivery.start-tls-disabled':
        delivery.tls = TlsCode.none;
        break;
      default:
        delivery.failed = true;
    }
    return Verdict.used;
  }

  /** One recipient of a hand-over; each has a line. */
  private handedOver(event: ServerEvent, delivery: Delivery, line: number): Verdict {
    const delivered = event.name === 'delivery.delivered';
    const counted = delivered ? delivery.delivered : delivery.refused;
    if (delivered) delivery.delivered = true;
    else delivery.refused = true;
    return this.add(event, delivery, delivered ? OutcomeCode.accepted : OutcomeCode.bounced, !counted, line);
  }

  private add(
    event: ServerEvent,
    { address, tls, cipher, tlsAt, failed }: Partial<Delivery>,
    outcome: OutcomeCode,
    counts: boolean,
    line: number,
  ): Verdict {
    const queue = event.value('queueName'),
      accepted = outcome === OutcomeCode.accepted,
      connected = address !== undefined;
    // The log has told of the handshake that failed; nothing came after it but mail.
    const clear = accepted && failed === true && tls === TlsCode.absent;
    this.hops.add({
      direction: connected && isLoopback(address) ? DirectionCode.internal : DirectionCode.outbound,
      outcome,
      tls: clear ? TlsCode.none : (tls ?? TlsCode.unknown),
      cipher,
      server: this.server.name,
      tlsAt,
      evidence: tls === TlsCode.absent && !clear ? this.sink.absent(this.server.outbound, this.time) : 0,
      fault: clear ? FaultCode.clearAfterFailedHandshake : FaultCode.none,
      connector: stockListeners.has(queue) ? '' : queue,
      host: connected ? event.own('hostname') : '',
      address,
      count: counts ? 1 : 0,
      recipients: 1,
      bytes: accepted && counts ? Number(event.value('size')) : 0,
      time: this.time,
      line,
    });
    return Verdict.used;
  }
}
