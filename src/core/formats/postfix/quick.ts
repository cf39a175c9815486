import { OutcomeCode } from '../../model';
import { KernelClaim, type Kernel } from '../../reading/kernel';
import type { Sink } from '../../reading/sink';
import type { SyslogReader } from '../../text/syslog';
import { SyslogLearner } from '../shared/sysloglearner';
import type { Words } from '../../text/words';
import { Verdict, type BlockLines, type BlockReader } from '../../reading/format';
import { DeliveryLine } from './delivery';
import type { Protocol } from './handshake';
import { type MessageReader } from './messages';
import { removeId, type Origin } from './origin';
import { PeerReader, type PostfixRelay, type Relays } from './peers';
import { QueueId } from './queueid';
import type { SessionEnd } from './session';

/** What a record of the kernel is about; the same numbers as in src/kernel/postfix. */
const enum Kind {
  unread,
  connect,
  disconnect,
  handshake,
  client,
  active,
  removed,
  relayHandshake,
  delivery,
  local,
}

/** Numbers of a record. */
const enum At {
  kind,
  line,
  start,
  end,
  seconds,
  pid,
  origin,
  a,
  b,
  c,
  d,
  e,
  f,
  g,
  id = 16,
  width = 32,
}

/**
 * Relays that the kernel shall know once it has given all its records: it tells of some that it still knows by the same
 * places.
 */
interface News {
  place: number;
  start: number;
  end: number;
  relay: PostfixRelay;
}

/** Takes the records that the kernel makes of the common lines of Postfix logs, and has the parser read the others. */
export class QuickLines implements BlockReader {
  ready = false;
  private readonly claim = new KernelClaim();
  private readonly kernel = this.claim.kernel;
  private readonly learner: SyslogLearner<Origin> | undefined;
  private readonly protocols: Protocol[] = [];
  private readonly relayAt: (PostfixRelay | undefined)[] = [];
  private readonly news: News[] = [];
  private readonly delivery = new DeliveryLine();
  private readonly id = new QueueId();
  private readonly peer: PeerReader;
  private readonly remotes: Words;
  /** Keeps the engine from leaving out the fetching. */
  fetched = 0;

  /** @param keepMarked has a deferred delivery kept with the mark of a queue id that was used before. */
  constructor(
    private readonly sink: Sink,
    private readonly prefix: SyslogReader,
    private readonly relays: Relays,
    private readonly messages: MessageReader,
    private readonly keepMarked: (b: Uint8Array, s: number, e: number) => void,
  ) {
    this.peer = new PeerReader(sink);
    this.remotes = sink.words.remotes;
    if (this.kernel) this.learner = new SyslogLearner(this.kernel);
  }

  /** Another file: with another clock, perhaps in another form. @param lines whether each line is one of syslog. */
  open(lines: boolean): void {
    this.ready = lines && this.kernel !== undefined;
    if (this.claim.holds) this.kernel!.functions.forgetStamp();
  }

  read(start: number, end: number, lines: BlockLines): void {
    const machine = this.kernel!,
      { functions } = machine;
    if (this.claim.take()) this.begin(machine);
    const base = functions.postfixRecords() >> 2;
    while (start < end) {
      const count = functions.postfix(start, end),
        before = lines.read,
        minute = this.learner!.minute;
      this.fetch(machine.numbers, base, count);
      for (let i = 0, at = base; i < count; i++, at += At.width) this.record(machine, at, before, minute, lines);
      lines.context(before + functions.lines.value - lines.read);
      for (const { place, start: s, end: e, relay } of this.news)
        if (functions.postfixRelay(place, s, e)) this.relayAt[place] = relay;
      this.news.length = 0;
      start = functions.next.value;
    }
  }

  /** Has the processor fetch what is known of all clients beside one another, since it lies far apart. */
  private fetch(n: Int32Array, base: number, count: number): void {
    const { remotes } = this,
      end = base + count * At.width;
    let sum = 0;
    for (let at = base; at < end; at += At.width)
      if (n[at] === Kind.client) sum = (sum + remotes.near(n[at + At.d])) | 0;
    this.fetched = sum;
  }

  /** The parser has read a line that the kernel did not: it may know the like from now on. */
  learn(b: Uint8Array, s: number, e: number, origin: Origin): void {
    if (b === this.kernel?.bytes) this.learner!.learn(b, s, e, this.prefix, origin.program.daemon, origin);
  }

  private record(
    { numbers: n, bytes: b, view: v }: Kernel,
    at: number,
    before: number,
    minute: number,
    lines: BlockLines,
  ): void {
    lines.context(before + n[at + At.line] - lines.read);
    const start = n[at + At.start],
      end = n[at + At.end];
    if (n[at] === Kind.unread) {
      this.unread(start, end, lines);
      return;
    }
    const { host, program } = this.learner!.sources[n[at + At.origin]],
      pid = n[at + At.pid],
      time = minute + n[at + At.seconds] * 1000,
      line = lines.read + 1;
    let verdict = Verdict.context;
    switch (n[at]) {
      case Kind.connect:
        verdict = host.inbound.connect(pid, program, time);
        break;
      case Kind.disconnect:
        verdict = host.inbound.disconnect(pid, program, n[at + At.a] as SessionEnd);
        break;
      case Kind.handshake: {
        const { tls, cipher } = this.protocols[n[at + At.a]];
        verdict = host.inbound.handshake(pid, program, tls, cipher, n[at + At.b], time);
        break;
      }
      case Kind.client: {
        const peer = this.peer.take(
          b,
          n[at + At.a],
          n[at + At.b],
          n[at + At.c],
          n[at + At.d],
          n[at + At.e],
          n[at + At.f],
        );
        verdict = host.inbound.client(pid, program, this.id.take(n, at + At.id), peer, time, line);
        break;
      }
      case Kind.active:
        verdict = host.inbound.active(this.id.take(n, at + At.id), n[at + At.a], n[at + At.b]);
        break;
      case Kind.removed:
        verdict = removeId(this.id.take(n, at + At.id), host);
        break;
      case Kind.relayHandshake: {
        const { tls, cipher } = this.protocols[n[at + At.d]];
        verdict = this.messages.relayHandshake(host, pid, this.relay(b, v, n, at), tls, cipher, time)
          ? Verdict.used
          : this.sink.skip('bad-line', line);
        break;
      }
      case Kind.delivery: {
        const { delivery } = this,
          relay = this.relay(b, v, n, at);
        if (!relay.whole) {
          verdict = this.sink.skip('bad-line', line);
          break;
        }
        delivery.accepted(n[at + At.d], n[at + At.e], n[at + At.g], n[at + At.f]);
        verdict = host.outbound.deliver(
          pid,
          this.messages.connector(host, program),
          b,
          this.id.take(n, at + At.id),
          delivery,
          relay,
          time,
          line,
          false,
        );
        if (verdict === Verdict.unresolved && host.outbound.takeMark()) this.keepMarked(b, start, end);
        break;
      }
      case Kind.local:
        this.delivery.outcome = OutcomeCode.accepted;
        verdict = host.outbound.deliverLocally(this.delivery, time, line);
        break;
    }
    lines.verdict(verdict, start, end);
  }

  /** The kernel was another parser's. */
  private begin(machine: Kernel): void {
    machine.functions.postfixForget();
    this.learner!.forget();
    this.protocols.length = this.relayAt.length = 0;
  }

  private unread(start: number, end: number, lines: BlockLines): void {
    const { tls } = this.messages;
    tls.way = undefined;
    lines.line(start, end);
    if (tls.way === undefined) return;
    const way: Protocol = tls.way,
      index = this.kernel!.functions.postfixProtocol(tls.wayStart, tls.wayStart + way.text.length);
    if (index >= 0) this.protocols[index] = way;
  }

  /** The relay that a record names. */
  private relay(b: Uint8Array, v: DataView, n: Int32Array, at: number): PostfixRelay {
    const place = n[at + At.c],
      start = n[at + At.a],
      end = n[at + At.b];
    const known = place >= 0 ? this.relayAt[place] : undefined;
    if (known) return known;
    const relay = this.relays.at(b, v, start, end);
    if (relay.id !== 1 && place < 0) this.news.push({ place: ~place, start, end, relay });
    return relay;
  }
}
