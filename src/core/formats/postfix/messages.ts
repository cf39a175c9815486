import type { Milliseconds, WordId } from '../../model';
import type { Sink } from '../../reading/sink';
import { find, four, fourAt, startsWith, hashOf } from '../../text/ascii';
import { Verdict } from '../../reading/format';
import { DeliveryLine } from './delivery';
import { HandshakeLine, peerEnd, relayEnd } from './handshake';
import type { Inbound } from './inbound';
import type { Outbound } from './outbound';
import { PeerReader, type Relays } from './peers';
import { Daemon, type Program } from './programs';
import { QueueId } from './queueid';
import { SessionEnd } from './session';

const queueActive = [four(' (qu'), four('eue '), four('acti')],
  nrcpt = [four(', nr'), four('cpt=')],
  size = [four(', si'), four('ize=')];
const conn = four('conn'),
  disc = four('disc'),
  ect = four('ect '),
  from = four('from'),
  remo = four('remo');

/** Stands at the end of a deferred delivery line whose queue id was removed before in its segment. No log writes it. */
export const reusedMark = 0x1e;

/** A mail server: its processes and queue ids are its own. */
export interface Host {
  inbound: Inbound;
  outbound: Outbound;
  /** The connector of deliveries by each program, once there was one. */
  connectors: (number | undefined)[];
}

/** Where a message comes from. */
export interface Origin {
  host: Host;
  program: Program;
}

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
    private readonly stamp: { readonly time: Milliseconds; readonly pid: number },
  ) {
    this.tls = new HandshakeLine(sink.words);
    this.peer = new PeerReader(sink);
  }

  /** The connector of deliveries by a program. */
  connector(host: Host, program: Program): WordId {
    return (host.connectors[program.id] ??=
      program.service === '' ? 0 : this.sink.words.connectors.internText(program.service));
  }

  /** Reads the message `b[p, e)`; `v` looks at the same array. */
  read(b: Uint8Array, v: DataView, p: number, e: number, origin: Origin, line: number): Verdict {
    switch (origin.program.daemon) {
      case Daemon.smtpd:
        return this.server(b, v, p, e, origin, line);
      case Daemon.queueManager:
        return this.queueManager(b, v, p, e, origin.host, line);
      case Daemon.smtp:
        return this.client(b, v, p, e, origin, line);
      case Daemon.local:
        return this.local(b, v, p, e, origin.host, line);
      case Daemon.pickup:
      case Daemon.postsuper:
        return this.other(b, v, p, e, origin.host);
      case Daemon.cleanup:
        return this.cleanup(b, v, p, e, origin.host);
      case Daemon.unnamed:
        return this.unnamed(b, v, p, e, origin, line);
      default:
        return Verdict.context;
    }
  }

  /** smtpd */
  private server(
    b: Uint8Array,
    v: DataView,
    p: number,
    e: number,
    { host: { inbound }, program }: Origin,
    line: number,
  ): Verdict {
    const { pid } = this.stamp;
    switch (b[p]) {
      case 99:
        if (fourAt(b, p) === conn && fourAt(b, p + 4) === ect && fourAt(b, p + 8) === from)
          return inbound.connect(pid, program, this.stamp.time);
        break;
      case 100:
        if (fourAt(b, p) === disc && fourAt(b, p + 7) === ect && fourAt(b, p + 11) === from)
          return inbound.disconnect(pid, program, countersOf(b, v, p + 16, e));
        break;
      case 78:
      case 112: {
        const q = startsWith(b, p, 'NOQUEUE: ') ? p + 9 : p;
        if (q > p && startsWith(b, q, 'client='))
          return inbound.proxyClient(
            pid,
            program,
            this.peer.readClient(b, v, q + 7, peerEnd(v, q + 7, e)),
            this.stamp.time,
            line,
          );
        if (startsWith(b, q, 'proxy-accept: END-OF-MESSAGE: 2'))
          return inbound.proxyAccept(pid, program, this.stamp.time, line);
        break;
      }
      case 65:
      case 84:
      case 85:
      case 86: {
        const { tls } = this;
        if (tls.read(b, v, p, e, true))
          return inbound.handshake(
            pid,
            program,
            tls.tls,
            tls.cipher,
            hashOf(v, tls.peerStart, tls.peerEnd),
            this.stamp.time,
          );
      }
    }
    const q = queueIdEnd(b, v, p, e);
    if (q < 0 || b[q + 2] !== 99 || !startsWith(b, q + 2, 'client=')) return Verdict.context;
    return inbound.client(
      pid,
      program,
      this.id.read(v, p, q),
      this.peer.readClient(b, v, q + 9, peerEnd(v, q + 9, e)),
      this.stamp.time,
      line,
    );
  }

  /** qmgr */
  private queueManager(b: Uint8Array, v: DataView, p: number, e: number, host: Host, line: number): Verdict {
    const q = queueIdEnd(b, v, p, e);
    if (q < 0) return Verdict.context;
    if (b[q + 2] === 114)
      return e - q === 9 && fourAt(b, q + 2) === remo ? this.removed(v, p, q, host) : Verdict.context;
    return fourAt(b, q + 2) === from ? this.active(b, v, p, q, e, host, line) : Verdict.context;
  }

  /** smtp */
  private client(b: Uint8Array, v: DataView, p: number, e: number, { host, program }: Origin, line: number): Verdict {
    const { pid } = this.stamp;
    const c = b[p];
    if (c === 84 || c === 85 || c === 86 || c === 65) {
      const { tls } = this;
      if (tls.read(b, v, p, e, false)) {
        const { id } = this.relays.at(b, v, tls.peerStart, tls.peerEnd);
        host.outbound.handshake(pid, id, tls.tls, tls.cipher, this.stamp.time);
        return Verdict.context;
      }
    } else if (c === 83 && startsWith(b, p, 'SSL_connect error to ')) {
      host.outbound.failedHandshake(pid, this.relays.at(b, v, p + 21, relayEnd(b, v, p + 21, e)).id);
      return Verdict.context;
    }
    const q = queueIdEnd(b, v, p, e);
    if (q < 0 || b[q + 2] !== 116 || b[q + 3] !== 111 || b[q + 4] !== 61) return Verdict.context;
    const { delivery } = this;
    const anew = b[e - 1] === reusedMark;
    if (!delivery.read(b, v, q + 2, anew ? e - 1 : e)) return this.sink.skip('bad-line', line);
    return host.outbound.deliver(
      pid,
      this.connector(host, program),
      b,
      this.id.read(v, p, q),
      delivery,
      this.relays.at(b, v, delivery.relayStart, delivery.relayEnd),
      this.stamp.time,
      line,
      anew,
    );
  }

  /** lmtp, local, virtual, pipe */
  private local(b: Uint8Array, v: DataView, p: number, e: number, host: Host, line: number): Verdict {
    const q = queueIdEnd(b, v, p, e);
    if (q < 0 || b[q + 2] !== 116 || b[q + 3] !== 111 || b[q + 4] !== 61) return Verdict.context;
    if (!this.delivery.read(b, v, q + 2, e)) return this.sink.skip('bad-line', line);
    return host.outbound.deliverLocally(this.delivery, this.stamp.time, line);
  }

  /**
   * pickup, whose mail did not come by SMTP, and postsuper, which may remove a message before the queue manager saw it
   */
  private other(b: Uint8Array, v: DataView, p: number, e: number, host: Host): Verdict {
    const q = queueIdEnd(b, v, p, e);
    if (q < 0) return Verdict.context;
    if (startsWith(b, q + 2, 'uid=')) return host.inbound.forget(this.id.read(v, p, q));
    return e - q === 9 && startsWith(b, q + 2, 'removed') ? this.removed(v, p, q, host) : Verdict.context;
  }

  /** cleanup: mail that it discards was accepted all the same, and the queue manager never sees it. */
  private cleanup(b: Uint8Array, v: DataView, p: number, e: number, host: Host): Verdict {
    const q = queueIdEnd(b, v, p, e);
    if (q < 0 || !isDiscard(b, q + 2)) return Verdict.context;
    return host.inbound.discarded(this.id.read(v, p, q));
  }

  /** A message of which the log does not say what part of Postfix wrote it. */
  private unnamed(b: Uint8Array, v: DataView, p: number, e: number, origin: Origin, line: number): Verdict {
    const q = queueIdEnd(b, v, p, e);
    if (q < 0)
      return this.tls.read(b, v, p, e, false) || startsWith(b, p, 'SSL_')
        ? this.client(b, v, p, e, origin, line)
        : this.server(b, v, p, e, origin, line);
    switch (b[q + 2]) {
      case 116: {
        if (!this.delivery.read(b, v, q + 2, e))
          return startsWith(b, q + 2, 'to=') ? this.sink.skip('bad-line', line) : Verdict.context;
        const remote = isRelay(b, this.delivery.relayStart, this.delivery.relayEnd);
        return remote ? this.client(b, v, p, e, origin, line) : this.local(b, v, p, e, origin.host, line);
      }
      case 102:
        return this.queueManager(b, v, p, e, origin.host, line);
      case 100:
      case 109:
        return this.cleanup(b, v, p, e, origin.host);
      case 114:
      case 117:
        return this.other(b, v, p, e, origin.host);
      default:
        return this.server(b, v, p, e, origin, line);
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
      return Verdict.context;
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

  private removed(v: DataView, qs: number, qe: number, host: Host): Verdict {
    return removeId(this.id.read(v, qs, qe), host);
  }
}

/** The queue manager is done with a message. */
export function removeId(id: QueueId, { inbound, outbound }: Host): Verdict {
  const verdict = inbound.forget(id);
  outbound.removed(id, verdict === Verdict.unresolved);
  return verdict;
}

/** The position of the colon behind a queue id, short or long, or -1. */
function queueIdEnd(b: Uint8Array, v: DataView, p: number, e: number): number {
  const q = find(v, p, Math.min(e, p + 33), 58);
  return q - p >= 5 && b[q] === 58 && b[q + 1] === 32 && q + 2 < e && find(v, p, q, 32) === q ? q : -1;
}

/** Whether `discard:` (access maps, header and body checks) or `milter-discard:` stands at `p`. */
function isDiscard(b: Uint8Array, p: number): boolean {
  return startsWith(b, p, 'discard: ') || startsWith(b, p, 'milter-discard: ');
}

/** Whether a relay is another host or none; local delivery names its transport or a socket instead. */
function isRelay(b: Uint8Array, s: number, e: number): boolean {
  if (e - s === 4 && startsWith(b, s, 'none')) return true;
  let p = e;
  while (p > s && b[p - 1] >= 48 && b[p - 1] <= 57) p--;
  return p < e && b[p - 1] === 58 && b[p - 2] === 93;
}

/** What the counters behind the client say: `ehlo=2 starttls=1 mail=1 …`; `starttls=0/1` is one that failed. */
function countersOf(b: Uint8Array, v: DataView, p: number, e: number): SessionEnd {
  p = find(v, p, e, 32);
  if (p >= e) return SessionEnd.uncounted;
  for (; p < e; p++) {
    if (b[p] !== 32 || b[p + 1] !== 115 || b[p + 2] !== 116 || b[p + 3] !== 97 || !startsWith(b, p + 1, 'starttls='))
      continue;
    return b[p + 10] === 48 ? SessionEnd.failedStartTls : SessionEnd.startTls;
  }
  return SessionEnd.plain;
}
