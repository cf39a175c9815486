import type { Milliseconds, TlsCode, WordId } from '../../model';
import type { Sink } from '../../reading/sink';
import { four, fourAt, startsWith, hashOf } from '../../text/ascii';
import { Verdict } from '../../reading/format';
import { DeliveryLine } from './delivery';
import { HandshakeLine, clientEnd, peerEnd, relayEnd } from './handshake';
import { removeId, type Host, type Origin } from './origin';
import { PeerReader, type PostfixRelay, type Relays } from './peers';
import { Daemon, type Program } from './programs';
import { QueueId } from './queueid';
import { connectorOf } from './service';
import { SessionEnd } from './session';
import { isDiscard, isExpired, isRelay, isLost, isRestart, queueIdEnd } from './wordings';
import { countersOf } from './counters';
import { holdsAnother, isNearMiss } from './nearmiss';

const queueActive = [four(' (qu'), four('eue '), four('acti')],
  nrcpt = [four(', nr'), four('cpt=')],
  size = [four(', si'), four('ize=')];

/** Stands at the end of a deferred delivery line whose queue id was removed before in its segment. No log writes it. */
export const reusedMark = 0x1e;

/**
 * Understands Postfix's messages: what stands behind the program's name. They say by their first letters what they are.
 */
export class MessageReader {
  private readonly delivery = new DeliveryLine();
  private readonly id = new QueueId();
  private readonly peer: PeerReader;
  readonly tls: HandshakeLine;

  /** @param stamp time and process of the message that is being read; without a process id `pid` is -1. */
  constructor(
    private readonly sink: Sink,
    private readonly relays: Relays,
    private readonly stamp: { readonly time: Milliseconds; readonly pid: number; readonly structured: boolean },
  ) {
    this.tls = new HandshakeLine(sink.words);
    this.peer = new PeerReader(sink);
  }

  /** The connector of deliveries by a program. */
  connector(host: Host, program: Program): WordId {
    return (host.connectors[program.id] ??= connectorOf(program, this.sink));
  }

  /**
   * The lines that follow are of a host that is kept apart from others by this number alone; 0 for one that has a name.
   */
  set salt(salt: number) {
    this.id.salt = salt;
  }

  /** Reads the message `b[p, e)`; `v` looks at the same array. */
  read(b: Uint8Array, v: DataView, p: number, e: number, origin: Origin, line: number): Verdict {
    switch (origin.program.daemon) {
      case Daemon.smtpd:
        return this.server(b, v, p, e, origin, line);
      case Daemon.queueManager:
        return this.queueManager(b, v, p, e, origin, line);
      case Daemon.smtp:
        return this.client(b, v, p, e, origin, line);
      case Daemon.local:
        return this.local(b, v, p, e, origin, line);
      case Daemon.pickup:
      case Daemon.postsuper:
        return this.other(b, v, p, e, origin, line);
      case Daemon.cleanup:
        return this.cleanup(b, v, p, e, origin, line);
      case Daemon.master:
        return this.master(b, v, p, e, origin, line);
      case Daemon.unnamed:
        return this.unnamed(b, v, p, e, origin, line);
      default:
        return this.unread(b, v, p, e, origin, line);
    }
  }

  private get otherForm(): boolean {
    return this.stamp.structured || this.stamp.pid < 0;
  }

  /** What becomes of a line that states no fact: context, unless it looks like what is left of one. */
  private unread(b: Uint8Array, v: DataView, p: number, e: number, { program }: Origin, line: number): Verdict {
    const { otherForm } = this;
    const tells =
      program.daemon === Daemon.other
        ? holdsAnother(b, v, p, e, otherForm)
        : isNearMiss(b, p, e, program.daemon, otherForm);
    return tells ? this.sink.skip('bad-line', line) : Verdict.context;
  }

  /** A fact that could be read only in part: what is known of it counts, and the line is told. */
  private readInPart(verdict: Verdict, line: number): Verdict {
    return verdict === Verdict.unresolved ? verdict : this.sink.skip('bad-line', line);
  }

  /** smtpd */
  private server(b: Uint8Array, v: DataView, p: number, e: number, origin: Origin, line: number): Verdict {
    switch (b[p]) {
      case 99:
        if (startsWith(b, p, 'connect from ')) return this.connected(b, v, p + 13, e, origin, line);
        break;
      case 100:
        if (startsWith(b, p, 'disconnect from ')) return this.disconnected(b, v, p + 16, e, origin, line);
        break;
      case 78:
      case 112: {
        const verdict = this.filtered(b, v, p, e, origin, line);
        if (verdict !== undefined) return verdict;
        break;
      }
      case 65:
      case 84:
      case 85:
      case 86:
        if (this.tls.read(b, v, p, e, true)) return this.clientHandshake(b, v, e, origin, line);
    }
    return this.accepted(b, v, p, e, origin, line);
  }

  /** `connect from PEER` */
  private connected(
    b: Uint8Array,
    v: DataView,
    p: number,
    e: number,
    { host, program }: Origin,
    line: number,
  ): Verdict {
    const { pid, time } = this.stamp,
      verdict = host.inbound.connect(pid, program, time);
    return clientEnd(b, v, p, e) === e ? verdict : this.readInPart(verdict, line);
  }

  /** `disconnect from PEER` and counters */
  private disconnected(
    b: Uint8Array,
    v: DataView,
    p: number,
    e: number,
    { host, program }: Origin,
    line: number,
  ): Verdict {
    const end = clientEnd(b, v, p, e),
      counters = end < 0 ? undefined : countersOf(b, end, e),
      verdict = host.inbound.disconnect(this.stamp.pid, program, counters ?? SessionEnd.uncounted);
    return counters === undefined ? this.readInPart(verdict, line) : verdict;
  }

  /** A message that goes through a filter before the queue; undefined where the line is about none. */
  private filtered(
    b: Uint8Array,
    v: DataView,
    p: number,
    e: number,
    { host: { inbound }, program }: Origin,
    line: number,
  ): Verdict | undefined {
    const { pid, time } = this.stamp,
      q = startsWith(b, p, 'NOQUEUE: ') ? p + 9 : p;
    if (q > p && startsWith(b, q, 'client=')) {
      if (!this.isWholeClient(b, v, q + 7, e)) return this.sink.skip('bad-line', line);
      return inbound.proxyClient(pid, program, this.peer.readClient(b, v, q + 7, peerEnd(v, q + 7, e)), time, line);
    }
    return startsWith(b, q, 'proxy-accept: END-OF-MESSAGE: 2')
      ? inbound.proxyAccept(pid, program, time, line)
      : undefined;
  }

  /** A client's handshake, which `tls` has read. */
  private clientHandshake(b: Uint8Array, v: DataView, e: number, { host, program }: Origin, line: number): Verdict {
    const { tls } = this,
      { pid, time } = this.stamp,
      client = hashOf(v, tls.peerStart, tls.peerEnd),
      verdict = host.inbound.handshake(pid, program, tls.tls, tls.cipher, client, time);
    return this.isWholeHandshake(b, v, e) ? verdict : this.readInPart(verdict, line);
  }

  /** `QID: client=PEER`; or `discard:` of an access rule, of mail that may still not come. */
  private accepted(b: Uint8Array, v: DataView, p: number, e: number, origin: Origin, line: number): Verdict {
    const q = queueIdEnd(b, p, e);
    if (q > 0 && startsWith(b, q + 2, 'discard: ')) this.sink.note('discard-not-counted', line);
    if (q < 0 || b[q + 2] !== 99 || !startsWith(b, q + 2, 'client=')) return this.unread(b, v, p, e, origin, line);
    if (!this.isWholeClient(b, v, q + 9, e)) return this.sink.skip('bad-line', line);
    return origin.host.inbound.client(
      this.stamp.pid,
      origin.program,
      this.id.read(v, p, q),
      this.peer.readClient(b, v, q + 9, peerEnd(v, q + 9, e)),
      this.stamp.time,
      line,
    );
  }

  /** `HOST[IP]` behind `client=`, and what may follow: SASL, the first server's queue id. */
  private isWholeClient(b: Uint8Array, v: DataView, p: number, e: number): boolean {
    const end = clientEnd(b, v, p, e);
    return end === e || (end > 0 && b[end] === 44 && b[end + 1] === 32 && !holdsAnother(b, v, end, e, this.otherForm));
  }

  private isWholeHandshake(b: Uint8Array, v: DataView, e: number): boolean {
    return this.tls.whole && !holdsAnother(b, v, this.tls.restStart, e, this.otherForm);
  }

  /** qmgr */
  private queueManager(b: Uint8Array, v: DataView, p: number, e: number, origin: Origin, line: number): Verdict {
    const q = queueIdEnd(b, p, e);
    if (q >= 0) {
      if (e - q === 9 && startsWith(b, q + 2, 'removed')) return removeId(this.id.read(v, p, q), origin.host);
      if (startsWith(b, q + 2, 'from=<')) {
        if (isExpired(b, e)) return Verdict.context;
        if (holdsAnother(b, v, q, e, this.otherForm)) return this.sink.skip('bad-line', line);
        return this.active(b, v, p, q, e, origin.host, line);
      }
    }
    return this.unread(b, v, p, e, origin, line);
  }

  /** smtp */
  private client(b: Uint8Array, v: DataView, p: number, e: number, origin: Origin, line: number): Verdict {
    const c = b[p];
    if (c === 84 || c === 85 || c === 86 || c === 65) {
      if (this.tls.read(b, v, p, e, false)) return this.ownHandshake(b, v, e, origin.host, line);
    } else if (c === 83 && startsWith(b, p, 'SSL_connect error to '))
      return this.failedHandshake(b, v, p + 21, e, origin.host, line);
    const q = queueIdEnd(b, p, e);
    if (q >= 0 && isLost(b, q + 2)) {
      if (holdsAnother(b, v, q, e, this.otherForm)) this.sink.note('bad-line', line);
      return origin.host.outbound.failedHandshake(this.stamp.pid, 0);
    }
    if (q < 0 || !startsWith(b, q + 2, 'to=')) return this.unread(b, v, p, e, origin, line);
    return this.delivered(b, v, p, q, e, origin, line);
  }

  /** A handshake with a relay, which `tls` has read. */
  private ownHandshake(b: Uint8Array, v: DataView, e: number, host: Host, line: number): Verdict {
    const { tls } = this,
      relay = this.relays.at(b, v, tls.peerStart, tls.peerEnd),
      isRead = this.relayHandshake(host, this.stamp.pid, relay, tls.tls, tls.cipher, this.stamp.time);
    return isRead && this.isWholeHandshake(b, v, e) ? Verdict.used : this.sink.skip('bad-line', line);
  }

  /** `SSL_connect error to RELAY: …` */
  private failedHandshake(b: Uint8Array, v: DataView, p: number, e: number, host: Host, line: number): Verdict {
    const end = relayEnd(b, v, p, e),
      relay = this.relays.at(b, v, p, end);
    host.outbound.failedHandshake(this.stamp.pid, relay.id);
    return relay.whole && b[end] === 58 && b[end + 1] === 32 ? Verdict.used : this.sink.skip('bad-line', line);
  }

  /** `QID: to=<…>, relay=…` with the colon of the queue id at `q`. */
  private delivered(
    b: Uint8Array,
    v: DataView,
    p: number,
    q: number,
    e: number,
    { host, program }: Origin,
    line: number,
  ): Verdict {
    const { delivery } = this,
      anew = b[e - 1] === reusedMark;
    if (!delivery.read(b, v, q + 2, anew ? e - 1 : e)) return this.sink.skip('bad-line', line);
    const relay = this.relays.at(b, v, delivery.relayStart, delivery.relayEnd);
    if (!relay.whole) return this.sink.skip('bad-line', line);
    const verdict = host.outbound.deliver(
      this.stamp.pid,
      this.connector(host, program),
      b,
      this.id.read(v, p, q),
      delivery,
      relay,
      this.stamp.time,
      line,
      anew,
    );
    if (verdict === Verdict.used) this.noteRest(b, v, e, line);
    return verdict;
  }

  /** A TLS line of smtp; false where its relay can't be read. */
  relayHandshake(
    { outbound }: Host,
    pid: number,
    relay: PostfixRelay,
    tls: TlsCode,
    cipher: WordId,
    time: Milliseconds,
  ): boolean {
    if (relay.whole) outbound.handshake(pid, relay.id, tls, cipher, time);
    else outbound.unreadHandshake(pid, time);
    return relay.whole;
  }

  /** lmtp, local, virtual, pipe */
  private local(b: Uint8Array, v: DataView, p: number, e: number, origin: Origin, line: number): Verdict {
    const q = queueIdEnd(b, p, e);
    if (q < 0 || !startsWith(b, q + 2, 'to=')) return this.unread(b, v, p, e, origin, line);
    if (!this.delivery.read(b, v, q + 2, e)) return this.sink.skip('bad-line', line);
    const verdict = origin.host.outbound.deliverLocally(this.delivery, this.stamp.time, line);
    if (verdict === Verdict.used) this.noteRest(b, v, e, line);
    return verdict;
  }

  /** A delivery is counted though its response breaks off, as long lines do in syslog, or another line follows in it. */
  private noteRest(b: Uint8Array, v: DataView, e: number, line: number): void {
    if (this.delivery.cut) this.sink.note('unfinished-record', line);
    else if (holdsAnother(b, v, this.delivery.relayEnd, e, this.otherForm)) this.sink.note('bad-line', line);
  }

  /**
   * pickup, whose mail did not come by SMTP, and postsuper, which may remove a message before the queue manager saw it
   */
  private other(b: Uint8Array, v: DataView, p: number, e: number, origin: Origin, line: number): Verdict {
    const q = queueIdEnd(b, p, e);
    if (q >= 0) {
      if (startsWith(b, q + 2, 'uid=') && !holdsAnother(b, v, q, e, this.otherForm))
        return origin.host.inbound.forget(this.id.read(v, p, q));
      if (e - q === 9 && startsWith(b, q + 2, 'removed')) return removeId(this.id.read(v, p, q), origin.host);
    }
    return this.unread(b, v, p, e, origin, line);
  }

  /** cleanup: mail that it discards was accepted all the same, and the queue manager never sees it. */
  private cleanup(b: Uint8Array, v: DataView, p: number, e: number, origin: Origin, line: number): Verdict {
    const q = queueIdEnd(b, p, e);
    if (q < 0 || !isDiscard(b, q + 2)) return this.unread(b, v, p, e, origin, line);
    const verdict = origin.host.inbound.discarded(this.id.read(v, p, q));
    if (verdict === Verdict.used && holdsAnother(b, v, q, e, this.otherForm)) this.sink.note('bad-line', line);
    return verdict;
  }

  /** master: from here on the log may show more or less. */
  private master(b: Uint8Array, v: DataView, p: number, e: number, origin: Origin, line: number): Verdict {
    if (!isRestart(b, p)) return this.unread(b, v, p, e, origin, line);
    if (holdsAnother(b, v, p, e, this.otherForm)) this.sink.note('bad-line', line);
    return origin.host.outbound.restarted(this.stamp.time);
  }

  /** A message of which the log does not say what part of Postfix wrote it. */
  private unnamed(b: Uint8Array, v: DataView, p: number, e: number, origin: Origin, line: number): Verdict {
    const q = queueIdEnd(b, p, e);
    if (q < 0)
      return this.tls.read(b, v, p, e, false) || startsWith(b, p, 'SSL_')
        ? this.client(b, v, p, e, origin, line)
        : isRestart(b, p)
          ? this.master(b, v, p, e, origin, line)
          : this.server(b, v, p, e, origin, line);
    switch (b[q + 2]) {
      case 116: {
        if (!this.delivery.read(b, v, q + 2, e))
          return startsWith(b, q + 2, 'to=') ? this.sink.skip('bad-line', line) : this.unread(b, v, p, e, origin, line);
        const remote = isRelay(b, this.delivery.relayStart, this.delivery.relayEnd);
        return remote ? this.client(b, v, p, e, origin, line) : this.local(b, v, p, e, origin, line);
      }
      case 102:
        return this.queueManager(b, v, p, e, origin, line);
      case 100:
      case 109:
        return this.cleanup(b, v, p, e, origin, line);
      case 114:
      case 117:
        return this.other(b, v, p, e, origin, line);
      default:
        return isLost(b, q + 2) ? this.client(b, v, p, e, origin, line) : this.server(b, v, p, e, origin, line);
    }
  }

  /** `from=<sender>, size=N, nrcpt=N (queue active)`, read from its end, since the sender is a stranger's text. */
  private active(b: Uint8Array, v: DataView, qs: number, qe: number, e: number, host: Host, line: number): Verdict {
    let p = e - 15;
    if (
      p <= qe ||
      v.getInt32(p, true) !== queueActive[0] ||
      v.getInt32(p + 4, true) !== queueActive[1] ||
      v.getInt32(p + 8, true) !== queueActive[2]
    )
      return this.sink.skip('bad-line', line);
    let recipients = 0,
      bytes = 0,
      scale = 1;
    for (; b[p - 1] >= 48 && b[p - 1] <= 57; p--) {
      recipients += (b[p - 1] - 48) * scale;
      scale *= 10;
    }
    if (scale === 1 || fourAt(b, p - 8) !== nrcpt[0] || fourAt(b, p - 4) !== nrcpt[1])
      return this.sink.skip('bad-number', line);
    p -= 8;
    scale = 1;
    for (; b[p - 1] >= 48 && b[p - 1] <= 57; p--) {
      bytes += (b[p - 1] - 48) * scale;
      scale *= 10;
    }
    if (scale === 1 || fourAt(b, p - 7) !== size[0] || fourAt(b, p - 4) !== size[1])
      return this.sink.skip('bad-number', line);
    return host.inbound.active(this.id.read(v, qs, qe), recipients, bytes);
  }
}
