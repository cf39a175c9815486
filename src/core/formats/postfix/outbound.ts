import { now, unknownStart } from '../../cube/evidencekey';
import { shifted } from '../../cube/placecode';
import { blankEvent } from '../shared/eventbuffer';
import {
  DirectionCode,
  FaultCode,
  ForcedCode,
  OutcomeCode,
  TlsCode,
  TypeCode,
  type MailEvent,
  type Milliseconds,
  type WordId,
} from '../../model';
import type { Sink } from '../../reading/sink';
import { hashOf } from '../../text/ascii';
import { Verdict } from '../../reading/format';
import type { DeliveryLine } from './delivery';
import type { JoinMap } from './inbound';
import type { PostfixRelay } from './peers';
import type { QueueId } from './queueid';
import { RemovedIds } from './removed';
import { anyRelay, forgetOthers, isSameHandOver, SmtpProcess } from './smtpprocess';

/** More processes than any host runs at once. */
const mostProcesses = 65_536;
/** Most lines left to the segment before. What a process did so much earlier does not matter for its next delivery. */
const mostUnresolved = 100_000;
/**
 * A delivery takes no longer from the start of its process: until then after a restart a process may log by the
 * settings of before.
 */
const longestDelivery: Milliseconds = 3_600_000;

/**
 * `delays=` has two digits of each part: a connection began up to so many milliseconds earlier for each second that it
 * says.
 */
const roundedUp = 1050;
/** Stamps are cut to whole seconds, one of the TLS line and one of the delivery. */
const secondsCut: Milliseconds = 2000;

/** Mail handed over by one host: deliveries by process id. */
export class Outbound {
  /** Whether a TLS line was logged: then `smtp_tls_loglevel` is at least 1. */
  tlsSeen = false;
  private marks = false;
  private lineMissed = false;
  /** The one event of all deliveries, since nobody keeps it. */
  private readonly event = blankEvent();
  private readonly processes = new Map<number, SmtpProcess>();
  /** Processes as they were saved, before any of them is asked for. */
  private loaded: Float64Array | undefined;
  /** How this host and its deliveries are named among those that show TLS. */
  private readonly source: number;
  private readonly evidence: number;
  private readonly server: WordId;
  /** From then on no process is older than the last restart; what came before this segment may end with one. */
  private settledFrom: Milliseconds;
  private deferred = 0;
  private readonly salt: number;

  /** @param began when the log of this host begins. */
  constructor(
    private readonly sink: Sink,
    private readonly removedIds: RemovedIds,
    host: string,
    public began: Milliseconds,
  ) {
    const name = new TextEncoder().encode(host);
    this.salt = hashOf(new DataView(name.buffer), 0, name.length);
    this.server = sink.words.servers.id(host);
    this.source = sink.evidenceSource(`postfix ${host}`, began);
    this.evidence = sink.evidence(`postfix outbound ${host}`, this.source);
    this.settledFrom = sink.first ? -Infinity : began + longestDelivery;
  }

  /** Whether a setting hides the TLS of mail that was handed over. */
  get hidden(): boolean {
    return this.lineMissed && !this.tlsSeen;
  }

  /** `TLS connection established to RELAY` or `reused to`. */
  handshake(pid: number, relay: number, tls: TlsCode, cipher: WordId, time: Milliseconds): void {
    this.tlsSeen = true;
    const isSettled = time >= this.settledFrom || this.sink.isShown(this.evidence, time);
    this.sink.showsTls(this.evidence, time, isSettled ? now : unknownStart);
    if (pid < 0) return;
    const process = this.reset(pid);
    if (!isSettled) {
      process.tlsFile = this.sink.account.file.index;
      process.tlsLine = this.sink.line;
    }
    process.relay = relay;
    process.tls = tls;
    process.cipher = cipher;
    process.tlsTime = time;
    process.tlsAt = this.sink.tlsAt();
    process.tlsQueueId = 0;
    process.failedRelay = 0;
  }

  /** A TLS line whose relay can't be read: what the next delivery went over is not known. */
  unreadHandshake(pid: number, time: Milliseconds): void {
    this.handshake(pid, anyRelay, TlsCode.unknown, 0, time);
  }

  /** `SSL_connect error to RELAY`: if this delivery still gets through to it, then in clear. 0: its connection has broken. */
  failedHandshake(pid: number, relay: number): Verdict {
    if (pid < 0) return Verdict.context;
    const process = this.reset(pid);
    process.relay = 0;
    process.failedRelay = relay;
    process.failedQueueId = 0;
    return Verdict.used;
  }

  /** Postfix was started or has read its settings anew; processes that are still delivering have the ones of before. */
  restarted(time: Milliseconds): Verdict {
    this.sink.restarted(this.source, time);
    this.settledFrom = Math.max(this.settledFrom, time + longestDelivery);
    return Verdict.used;
  }

  /** A queue id is free and will be used again. @param deferred whether the segment before will read this line. */
  removed(id: QueueId, deferred: boolean): void {
    this.removedIds.remove(RemovedIds.number(id, this.salt), deferred);
  }

  /**
   * A delivery by smtp to a relay that has been read into `d` from `b`. @param anew whether the line bears the mark
   * that `takeMark` asked for.
   */
  deliver(
    pid: number,
    connector: WordId,
    b: Uint8Array,
    id: QueueId,
    d: DeliveryLine,
    to: PostfixRelay,
    time: Milliseconds,
    line: number,
    anew: boolean,
  ): Verdict {
    if (d.outcome === undefined) return Verdict.context;
    const relay = to.id;
    const queueId = RemovedIds.number(id, this.salt);
    const process = this.processOf(pid);
    if (this.isLeft(process, relay, queueId, anew)) return Verdict.unresolved;
    if (anew) this.removedIds.remove(queueId, false);
    const sameMessage = process.lastQueueId === queueId && !this.removedIds.since(queueId, process.lastSequence);
    const repeated = sameMessage && isSameHandOver(process, relay, d);
    const event = this.eventOf(d, to, connector, time, line, repeated);
    const connected = d.connected(b);
    const began = this.startOf(connected || 0, time);
    if (process.tlsLine > 0) this.sink.settleTls(this.evidence, process.tlsFile, process.tlsLine, began);
    process.tlsLine = 0;
    // A TLS line belongs to the delivery that follows it, whose connection began no later.
    const isOlder = process.tlsTime < time - connected * roundedUp - secondsCut;
    if (isOlder || (!sameMessage && process.tlsQueueId !== 0)) process.relay = 0;
    process.tlsQueueId = queueId;
    this.judge(process, event, relay, queueId, pid >= 0, time - connected * 1000, began);
    process.lastRelay = relay;
    process.lastQueueId = queueId;
    process.lastResponse = d.response;
    process.lastLength = d.responseLength;
    process.lastAttempt = d.attempt;
    process.lastSequence = ++this.removedIds.sequence;
    this.sink.add(event);
    return Verdict.used;
  }

  /** The process with this id, new where none is known. */
  private processOf(pid: number): SmtpProcess {
    if (this.loaded) this.unpack();
    let process = this.processes.get(pid);
    if (!process) this.put(pid, (process = new SmtpProcess()));
    return process;
  }

  /** Whether a delivery is left to the segment before: its process may have done its handshake there. */
  private isLeft(process: SmtpProcess, relay: number, queueId: number, anew: boolean): boolean {
    const { lastRelay, lastQueueId } = process;
    if (lastRelay !== 0 && (lastRelay !== relay || lastQueueId !== queueId)) process.early = false;
    if (!process.early || this.sink.first || this.deferred++ >= mostUnresolved) return false;
    process.lastRelay = relay;
    process.lastQueueId = queueId;
    this.marks = this.removedIds.tell(queueId) || anew;
    return true;
  }

  /** The event of a delivery, with what its line says. @param repeated whether it is about one more recipient. */
  private eventOf(
    d: DeliveryLine,
    to: PostfixRelay,
    connector: WordId,
    time: Milliseconds,
    line: number,
    repeated: boolean,
  ): MailEvent {
    const { event } = this;
    event.direction = to.loopback ? DirectionCode.internal : DirectionCode.outbound;
    event.outcome = d.outcome!;
    event.tls = d.tls;
    event.fault = d.fault;
    event.forced = d.forced;
    event.type = TypeCode.unknown;
    event.connector = connector;
    event.cipher = 0;
    event.server = this.server;
    event.remote = to.remote;
    event.address = to.address;
    event.evidence = event.tlsAt = 0;
    event.time = time;
    event.count = repeated ? 0 : 1;
    event.recipients = 1;
    event.line = line;
    return event;
  }

  /**
   * Whether the delivery line that was just deferred must be kept with a mark: its queue id was another message's
   * before.
   */
  takeMark(): boolean {
    const { marks } = this;
    this.marks = false;
    return marks;
  }

  /** A delivery inside the organisation: to a mailbox or a local program. */
  deliverLocally(d: DeliveryLine, time: Milliseconds, line: number): Verdict {
    if (d.outcome === undefined) return Verdict.context;
    const { event } = this;
    event.direction = DirectionCode.internal;
    event.outcome = d.outcome;
    event.tls = TlsCode.unknown;
    event.fault = FaultCode.none;
    event.forced = ForcedCode.unknown;
    event.type = TypeCode.unknown;
    event.server = this.server;
    event.connector = event.cipher = event.remote = event.address = event.evidence = event.tlsAt = 0;
    event.time = time;
    event.count = event.recipients = 1;
    event.line = line;
    this.sink.add(event);
    return Verdict.used;
  }

  /**
   * Takes over the processes of which `right` knows enough by itself; its lines of the others have been read again
   * here. Before `RemovedIds.join`.
   */
  join(right: Outbound, map: JoinMap): void {
    this.tlsSeen ||= right.tlsSeen;
    this.settledFrom = Math.max(this.settledFrom, right.settledFrom);
    this.lineMissed ||= right.lineMissed;
    this.began = Math.min(this.began, right.began);
    if (this.loaded) this.unpack();
    const theirs = right.packed();
    for (let i = 0; i < theirs.length; i += 1 + SmtpProcess.width) {
      const pid = theirs[i],
        own = SmtpProcess.of(theirs, i + 1);
      if (own.early && own.lastSequence === 0) continue;
      if (own.relay !== anyRelay) own.relay = map.relays[own.relay];
      if (own.tlsLine > 0) own.tlsLine += map.shift[own.tlsFile] ?? 0;
      own.tlsAt = shifted(own.tlsAt, map.shift);
      own.cipher = map.ids.ciphers[own.cipher];
      own.failedRelay = map.relays[own.failedRelay];
      own.lastRelay = map.relays[own.lastRelay];
      own.lastSequence += this.removedIds.sequence;
      this.put(pid, own);
    }
  }

  save() {
    return {
      began: this.began,
      tlsSeen: this.tlsSeen,
      settledFrom: this.settledFrom,
      lineMissed: this.lineMissed,
      deferred: this.deferred,
      // One array instead of thousands of objects.
      processes: this.packed(),
    };
  }

  private packed(): Float64Array {
    const packed = this.loaded ?? new Float64Array(this.processes.size * (1 + SmtpProcess.width));
    let at = 0;
    for (const [pid, process] of this.processes) {
      packed[at] = pid;
      process.write(packed, at + 1);
      at += 1 + SmtpProcess.width;
    }
    return packed;
  }

  /** Makes objects of what was loaded, which a segment that is only joined to another never needs. */
  private unpack(): void {
    const { loaded } = this;
    this.loaded = undefined;
    if (loaded)
      for (let i = 0; i < loaded.length; i += 1 + SmtpProcess.width)
        this.processes.set(loaded[i], SmtpProcess.of(loaded, i + 1));
  }

  load(saved: ReturnType<Outbound['save']>): void {
    this.tlsSeen = saved.tlsSeen;
    this.settledFrom = saved.settledFrom;
    this.began = saved.began;
    this.lineMissed = saved.lineMissed;
    this.deferred = saved.deferred;
    this.loaded = saved.processes;
  }

  /**
   * When the process of a delivery had certainly begun, as far as a restart may have come after that. Stamps are cut to
   * whole seconds.
   */
  private startOf(connected: number, time: Milliseconds): Milliseconds {
    if (time >= this.settledFrom && this.sink.lineAgain === 0) return now;
    return Math.max(time - connected * roundedUp - 1000, time - longestDelivery);
  }

  /**
   * TLS and fault of a delivery. @param connected when its connection to the relay was begun. @param began see
   * `startOf`.
   */
  private judge(
    process: SmtpProcess,
    event: MailEvent,
    relay: number,
    queueId: number,
    hasPid: boolean,
    connected: Milliseconds,
    began: Milliseconds,
  ): void {
    const counts = event.direction === DirectionCode.outbound && event.outcome === OutcomeCode.accepted;
    forgetOthers(process, relay, queueId);
    if (event.tls === TlsCode.none) process.relay = 0;
    else if (!hasPid) {
      if (event.tls === TlsCode.absent) event.tls = TlsCode.unknown;
    } else if (process.relay !== 0 && relay !== 1) {
      event.tls = process.tls;
      event.cipher = process.cipher;
      event.tlsAt = process.tlsAt;
    } else if (event.tls === TlsCode.absent) this.judgeSilence(process, event, relay, counts, connected, began);
    if (process.failedRelay !== 0 && event.outcome === OutcomeCode.accepted && isInClear(event))
      event.fault = FaultCode.clearAfterFailedHandshake;
    if (counts && lacksVersion(event)) this.lineMissed = true;
  }

  /** A delivery of which no line shows TLS. @param counts whether it is volume. */
  private judgeSilence(
    process: SmtpProcess,
    event: MailEvent,
    relay: number,
    counts: boolean,
    connected: Milliseconds,
    began: Milliseconds,
  ): void {
    // A connection that was begun after the log would have shown its handshake in it. Stamps are cut to whole seconds.
    const hidden = process.early && this.sink.first && connected < this.began + 1000;
    if (hidden && counts) this.sink.note('session-began-earlier', event.line);
    if (hidden || relay === 1) event.tls = TlsCode.unknown;
    else event.evidence = this.sink.absent(this.evidence, event.time, began);
  }

  /** A process that begins a new connection: what it did before does not matter any more. */
  private reset(pid: number): SmtpProcess {
    const process = this.processOf(pid);
    process.early = false;
    process.lastQueueId = process.lastRelay = process.tlsLine = 0;
    return process;
  }

  /**
   * Makes room where needed: the processes that appeared first go first, and with them nothing a living process needs.
   */
  private put(pid: number, process: SmtpProcess): void {
    if (this.processes.size >= mostProcesses && !this.processes.has(pid)) {
      for (const old of this.processes.keys()) {
        if (this.processes.size <= mostProcesses / 2) break;
        this.processes.delete(old);
      }
    }
    this.processes.set(pid, process);
  }
}

function isInClear({ tls }: MailEvent): boolean {
  return tls === TlsCode.absent || tls === TlsCode.none;
}

/** Whether the log has no TLS line of an event, so that a setting may hide it. */
function lacksVersion({ tls }: MailEvent): boolean {
  return tls === TlsCode.absent || tls === TlsCode.tls || tls === TlsCode.unknown;
}
