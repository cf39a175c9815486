/**
 * Stalwart's log, as text and as JSON (Stalwart, "Event types"): one event a line with its keys. Incoming sessions are joined by the
 * client's address and port, deliveries by queue id and host.
 *
 * `queue.message-queued` is a message taken in, `delivery.delivered` one recipient of a message handed over. A session that was seen to
 * begin and shows no handshake had no TLS, once the log has shown one in that direction; a delivery says so itself where STARTTLS is
 * not offered or switched off. The listener is the connector of incoming mail, the queue that of outgoing, where they are not the stock ones.
 */
import { DirectionCode, FaultCode, OutcomeCode, TlsCode, type Milliseconds } from '../../model';
import type { Sink } from '../../reading/sink';
import { isJson, looksLike } from '../../text/json';
import { Verdict, type Format, type Head, type Parser } from '../../reading/format';
import { Hops } from '../shared/hops';
import { isLoopback } from '../shared/loopback';
import { IdTable } from '../shared/idtable';
import { verdictOfAll } from '../shared/verdictofall';
import { isTextEvent, jsonEvents, textEvent, textLine, type ServerEvent } from './record';

export const stalwart: Format = {
  id: 'stalwart',
  name: 'Stalwart',
  detect,
  parser: (sink) => new StalwartParser(sink),
};

function detect({ lines }: Head): boolean {
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

/** `begun`: whether its beginning was seen, so that no sign of TLS means something. */
interface StalwartSession {
  begun: boolean;
  tls: TlsCode;
  cipher: string;
  time: Milliseconds;
}
interface Delivery extends StalwartSession {
  address: string;
  failed: boolean;
  delivered: boolean;
  refused: boolean;
}

const mostOpen = 50_000;
/** The end of a session is not logged at the usual level. After this time without a line it is over (RFC 5321, 4.5.3.2 has 10 minutes at most). */
const over: Milliseconds = 3_600_000;
/** Ports of submission and relay; other listeners speak other protocols. */
const smtpPorts = new Set(['25', '465', '587', '2525']);
const stockNames = new Set(['smtp', 'remote', 'local']);
const queued = new Set([
  'queue.queue-message',
  'queue.message-queued',
  'queue.queue-message-authenticated',
  'queue.authenticated-message-queued',
  'queue.queue-message-submission',
]);
const refused = new Set(['delivery.mail-from-rejected', 'delivery.rcpt-to-rejected', 'delivery.message-rejected']);

class StalwartParser implements Parser {
  private readonly hops: Hops;
  readonly state;
  private readonly inboundTls: number;
  private readonly outboundTls: number;
  private time: Milliseconds = NaN;

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
    const table = {
      limit: mostOpen,
      fields: {},
      evicted: (entry: StalwartSession) => !(this.time - entry.time < over),
    };
    this.state = {
      sessions: new IdTable<string, StalwartSession>(sink, table),
      deliveries: new IdTable<string, Delivery>(sink, table),
    };
    this.inboundTls = sink.evidence('stalwart inbound');
    this.outboundTls = sink.evidence('stalwart outbound');
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
    const { name } = event;
    const inbound =
      name === 'tls.handshake' || name === 'smtp.ehlo' || name === 'smtp.connection-start' || queued.has(name);
    if (!inbound && !name.startsWith('delivery.') && name !== 'queue.rescheduled') return Verdict.context;
    this.time = this.sink.time.iso(new TextEncoder().encode(event.time), 0);
    if (Number.isNaN(this.time)) return this.sink.skip('bad-time', line);
    if (inbound) return this.incoming(event, line);
    if (name === 'queue.rescheduled') return this.add(event, undefined, OutcomeCode.deferred, true, line);
    return this.outgoing(event, line);
  }

  private incoming(event: ServerEvent, line: number): Verdict {
    const listener = event.value('listenerId'),
      port = event.value('localPort'),
      address = event.value('remoteIp');
    // The keys of older versions have the protocol instead of the port.
    if (
      !(smtpPorts.has(port) || event.value('protocol') === 'smtp' || /smtp|submission/i.test(listener)) ||
      address === ''
    )
      return Verdict.context;
    const id = `${address} ${event.value('remotePort')}`;
    let session = this.state.sessions.get(id);
    if (session && !(this.time - session.time < over)) session = undefined;
    const open = (begun: boolean, tls: TlsCode, cipher: string): void =>
      this.state.sessions.open(id, { begun, tls, cipher, time: this.time }, line);

    if (event.name === 'smtp.connection-start') {
      open(true, TlsCode.absent, '');
      return Verdict.context;
    }
    if (event.name === 'tls.handshake') {
      this.sink.showsTls(this.inboundTls, this.time);
      open(true, this.hops.tls(event.own('version'), TlsCode.tls), event.own('details'));
      return Verdict.context;
    }
    if (!session && this.state.sessions.mayHaveBegunEarlier(id)) return Verdict.unresolved;
    if (event.name === 'smtp.ehlo') {
      // The client greets once more after STARTTLS.
      if (session) session.time = this.time;
      else open(true, TlsCode.absent, '');
      return Verdict.context;
    }
    if (session) session.time = this.time;
    // Port 465 is TLS from the first byte (RFC 8314), whether or not the handshake is logged.
    const implicit = port === '465' || listener === 'submissions';
    if (!session && !implicit) this.sink.note('session-began-earlier', line);
    const tls =
      session && session.tls !== TlsCode.absent
        ? session.tls
        : implicit
          ? TlsCode.tls
          : session
            ? TlsCode.absent
            : TlsCode.unknown;
    this.hops.add({
      direction: isLoopback(address) ? DirectionCode.internal : DirectionCode.inbound,
      outcome: OutcomeCode.accepted,
      tls,
      cipher: session?.cipher,
      evidence: tls === TlsCode.absent ? this.sink.absent(this.inboundTls, this.time) : 0,
      connector: stockNames.has(listener) ? '' : listener,
      address,
      recipients: event.size('to'),
      bytes: Number(event.last('size')),
      time: this.time,
      line,
    });
    return Verdict.used;
  }

  private outgoing(event: ServerEvent, line: number): Verdict {
    const { name } = event;
    const id = `${event.value('queueId')} ${event.own('hostname')}`;
    const fresh = (tls: TlsCode): Delivery => ({
      begun: true,
      tls,
      cipher: '',
      time: this.time,
      address: event.own('remoteIp'),
      failed: false,
      delivered: false,
      refused: false,
    });
    if (name === 'delivery.connect') {
      this.state.deliveries.open(id, fresh(event.own('remotePort') === '465' ? TlsCode.tls : TlsCode.absent), line);
      return Verdict.context;
    }
    const security = name.startsWith('delivery.start-tls') || name === 'delivery.implicit-tls-error';
    const delivered = name === 'delivery.delivered';
    if (!security && !delivered && !refused.has(name)) return Verdict.context;
    if (security) this.sink.showsTls(this.outboundTls, this.time);
    if (this.state.deliveries.mayHaveBegunEarlier(id)) return Verdict.unresolved;
    let delivery = this.state.deliveries.get(id);
    if (delivery && !(this.time - delivery.time < over)) delivery = undefined;
    if (security) {
      if (!delivery) this.state.deliveries.open(id, (delivery = fresh(TlsCode.absent)), line);
      if (name === 'delivery.start-tls') {
        delivery.tls = this.hops.tls(event.own('version'), TlsCode.tls);
        delivery.cipher = event.own('details');
      } else if (name === 'delivery.start-tls-unavailable' || name === 'delivery.start-tls-disabled')
        delivery.tls = TlsCode.none;
      else delivery.failed = true;
      return Verdict.context;
    }
    if (!delivered && Number(event.own('code')) < 500) return Verdict.context;
    // Each recipient of one hand-over has a line.
    const counted = delivered ? delivery?.delivered : delivery?.refused;
    if (!delivery) {
      this.sink.note('session-began-earlier', line);
      this.state.deliveries.open(id, { ...fresh(TlsCode.unknown), begun: false }, line);
      delivery = this.state.deliveries.get(id)!;
    }
    if (delivered) delivery.delivered = true;
    else delivery.refused = true;
    return this.add(event, delivery, delivered ? OutcomeCode.accepted : OutcomeCode.bounced, !counted, line);
  }

  private add(
    event: ServerEvent,
    delivery: Delivery | undefined,
    outcome: OutcomeCode,
    counts: boolean,
    line: number,
  ): Verdict {
    const queue = event.value('queueName');
    const accepted = outcome === OutcomeCode.accepted;
    const address = delivery?.address ?? '';
    // The log has told of the handshake that failed; nothing came after it but mail.
    const clear = accepted && delivery?.failed === true && delivery.tls === TlsCode.absent;
    const tls = clear ? TlsCode.none : (delivery?.tls ?? TlsCode.unknown);
    this.hops.add({
      direction: isLoopback(address) ? DirectionCode.internal : DirectionCode.outbound,
      outcome,
      tls,
      cipher: delivery?.cipher,
      evidence: tls === TlsCode.absent ? this.sink.absent(this.outboundTls, this.time) : 0,
      fault: clear ? FaultCode.clearAfterFailedHandshake : FaultCode.none,
      connector: stockNames.has(queue) ? '' : queue,
      host: delivery ? event.own('hostname') : '',
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
