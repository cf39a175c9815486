import { blankEvent } from '../shared/eventbuffer';
import { Silence } from '../../cube/evidence';
import { DirectionCode, FaultCode, ForcedCode, TlsCode, TypeCode, type Milliseconds, type WordId } from '../../model';
import { OpenTable } from '../shared/opentable';
import type { Sink } from '../../reading/sink';
import { type PostfixMessage, PostfixSession, SessionEnd, SessionStart } from './session';
import type { InboundService } from './service';

/** A session that never ends would keep all its messages waiting. */
const mostWaiting = 10_000;
/** More processes than any host runs at once. */
const mostSessions = 65_536;
/** Among so few, sessions that have ended stay as they are: their process will have the next. */
const fewSessions = 4096;
/**
 * Most lines left to the segment before. Sessions that are open at a cut are few; a log without `connect` lines must
 * not be deferred as a whole.
 */
const mostUnresolved = 100_000;

/** The SMTP sessions of one host by process id, and what their ends tell of the TLS of their messages. */
export class PostfixSessions {
  /** Whether a message from another host was accepted. */
  mailSeen = false;
  /** The one event of all messages, since nobody keeps it. */
  private readonly event = blankEvent();
  private readonly byPid = new OpenTable<PostfixSession>(mostSessions, (session, pid) => this.evict(session, pid));
  /**
   * Sessions of processes that are gone, to be used for others: a log of gigabytes has millions of processes, and
   * making an object for each costs more than all else that is made.
   */
  private readonly spare: PostfixSession[] = [];
  /** How many sessions there may be, and how many have to be new, before those that have ended are swept out. */
  private sweepFrom = fewSessions;
  private newcomers = 0;
  /**
   * Processes whose last session was forgotten since nothing matters of it but that it has ended. Where nothing came
   * before, not even that does.
   */
  private readonly over = new Set<number>();
  /** Lines left to the segment before so far. */
  deferred = 0;

  /** Whether lines came before, so that a process of which nothing is known here may have a session from there. */
  private readonly partial: boolean;

  constructor(private readonly sink: Sink) {
    this.partial = !sink.first;
  }

  begin(pid: number, service: InboundService, time: Milliseconds): void {
    let session = this.of(pid);
    if (session) {
      this.close(session, SessionEnd.uncounted);
      session.next(service, SessionStart.logged);
    } else this.put(pid, (session = this.fresh(service, SessionStart.logged)));
    session.silence = service.silence(time);
    session.epoch = service.epoch;
    session.tlsAt = this.sink.tlsAt();
  }

  /**
   * The open session of a process; undefined where it lies before this segment, and the line that asks is to be
   * deferred.
   */
  current(pid: number, service: InboundService): PostfixSession | undefined {
    const session = this.of(pid);
    if (!session ? this.isUnknown(pid) : session.start === SessionStart.earlier && session.end === SessionEnd.open) {
      if (++this.deferred < mostUnresolved) {
        if (!session) this.put(pid, this.fresh(service, SessionStart.earlier));
        return undefined;
      }
    } else if (session && session.end === SessionEnd.open) {
      if (session.service === service) return session;
      this.close(session, SessionEnd.uncounted);
    }
    return this.unannounced(pid, service);
  }

  /** The process has a session of which this segment knows nothing, or none at all. */
  isEarlier(pid: number): boolean {
    const session = this.of(pid);
    return session ? session.start === SessionStart.earlier && session.end === SessionEnd.open : this.isUnknown(pid);
  }

  /** `disconnect`; false where the line is to be deferred. */
  end(pid: number, service: InboundService, end: SessionEnd): boolean {
    const session = this.current(pid, service);
    if (session) this.close(session, end);
    else this.of(pid)!.end = end;
    return session !== undefined;
  }

  /** A TLS line; false where it is to be deferred. */
  handshake(
    pid: number,
    service: InboundService,
    tls: TlsCode,
    cipher: WordId,
    client: number,
    time: Milliseconds,
  ): boolean {
    const session = this.current(pid, service);
    service.showsTls(time, session ? session.epoch : -1);
    if (!session) return false;
    // A session can't do STARTTLS twice: what came before the handshake was in clear, whenever the session began.
    if (session.waiting) this.settleAsClear(session, session.waiting);
    session.tls = tls;
    session.cipher = cipher;
    session.client = client;
    session.tlsAt = this.sink.tlsAt();
    return true;
  }

  /**
   * Gives a message the TLS state of its session, or lets it wait for the session's end; undefined where the line is to
   * be deferred.
   */
  attach(pid: number, message: PostfixMessage): PostfixSession | undefined {
    let session = this.current(pid, message.service);
    if (!session) return undefined;
    // Another client than the TLS line names: the line that began this session got lost.
    if (session.tls !== TlsCode.absent && session.client !== message.client && message.client !== 0)
      session = this.unannounced(pid, message.service);
    message.session = session;
    message.serial = session.serial;
    message.tlsAt = session.tlsAt;
    if (session.tls !== TlsCode.absent) {
      message.tls = session.tls;
      message.cipher = session.cipher;
      return session;
    }
    message.waits = true;
    const waiting = (session.waiting ??= []);
    waiting.push(message);
    if (waiting.length > mostWaiting) {
      this.sink.note('join-evicted', message.line, message.file);
      this.close(session, SessionEnd.uncounted);
      session.end = SessionEnd.open;
    }
    return session;
  }

  accept(message: PostfixMessage, recipients: number, bytes: number): void {
    message.accepted = true;
    message.recipients = recipients;
    message.bytes = bytes;
    if (!message.waits) this.add(message);
  }

  /** The log has ended, and so have its sessions as far as it can tell. */
  finish(): void {
    for (const [, , , , session] of this.byPid.entries()) {
      if (session.end !== SessionEnd.open) continue;
      for (const message of session.waiting ?? [])
        if (message.accepted) this.sink.note('not-finished', message.line, message.file);
      this.close(session, SessionEnd.uncounted);
    }
  }

  /** Takes over the sessions that `right` has seen begin; its lines of earlier ones have been read again here. */
  join(right: PostfixSessions, copy: (session: PostfixSession) => PostfixSession): void {
    this.mailSeen ||= right.mailSeen;
    for (const [pid, , , , session] of right.byPid.entries()) {
      if (session.start === SessionStart.earlier) continue;
      this.endBefore(pid);
      this.put(pid, copy(session));
    }
    for (const pid of right.over) {
      this.endBefore(pid);
      this.byPid.delete(pid, 0, 0, 0);
      this.markOver(pid);
    }
  }

  /** The sessions of which something matters, and the processes of the others. */
  save(): { open: [number, PostfixSession][]; ended: Float64Array } {
    const open: [number, PostfixSession][] = [],
      ended: number[] = [];
    for (const [pid, , , , session] of this.byPid.entries())
      if (session.isOver) ended.push(pid);
      else open.push([pid, session]);
    return { open, ended: Float64Array.from([...ended, ...this.over]) };
  }

  load(
    open: readonly (readonly [number, PostfixSession])[],
    ended: Float64Array,
    mailSeen: boolean,
    deferred: number,
  ): void {
    for (const [pid, session] of open) this.byPid.set(pid, 0, 0, 0, session);
    for (const pid of ended) this.markOver(pid);
    this.mailSeen = mailSeen;
    this.deferred = deferred;
  }

  /** The process has no session here, and may have one in the segment before. */
  private isUnknown(pid: number): boolean {
    return !this.sink.first && !this.over.has(pid);
  }

  /** Nothing of the last session of a process matters any more. */
  private markOver(pid: number): void {
    if (!this.partial) return;
    if (this.over.size >= mostSessions) this.over.clear();
    this.over.add(pid);
  }

  /** The session that a process has here is not its last one. */
  private endBefore(pid: number): void {
    const before = this.of(pid);
    if (before) this.close(before, SessionEnd.uncounted);
  }

  private settleAsClear(session: PostfixSession, waiting: readonly PostfixMessage[]): void {
    session.waiting = undefined;
    for (const message of waiting) this.settle(message, TlsCode.none, 0);
  }

  private unannounced(pid: number, service: InboundService): PostfixSession {
    let session = this.of(pid);
    if (session) session.next(service, SessionStart.missing);
    else this.put(pid, (session = this.fresh(service, SessionStart.missing)));
    return session;
  }

  private put(pid: number, session: PostfixSession): void {
    if (!this.of(pid) && ++this.newcomers >= fewSessions && this.byPid.size >= this.sweepFrom) this.sweep();
    this.over.delete(pid);
    this.byPid.set(pid, 0, 0, 0, session);
  }

  /** Ends a session that is open, and settles the messages that waited for its end. */
  private close(session: PostfixSession, end: SessionEnd): void {
    if (session.end !== SessionEnd.open) return;
    session.end = end;
    const { waiting } = session;
    if (waiting === undefined) return;
    session.waiting = undefined;
    for (const message of waiting) this.settleAtEnd(message, session, end);
  }

  private settleAtEnd(m: PostfixMessage, { service, start, silence }: PostfixSession, end: SessionEnd): void {
    const began = start === SessionStart.logged;
    if (end === SessionEnd.startTls) {
      m.tlsAt = this.sink.tlsAt();
      this.settle(m, TlsCode.tls, 0);
      return;
    }
    m.beganEarlier = !began;
    if (end === SessionEnd.failedStartTls) m.fault = FaultCode.clearAfterFailedHandshake;
    if (end === SessionEnd.uncounted) this.settle(m, began ? TlsCode.absent : TlsCode.unknown, silence);
    else if (began) this.settle(m, TlsCode.absent, silence + Silence.counted);
    else this.settle(m, TlsCode.absent, service.silence(m.time) + Silence.countedOnly);
  }

  private settle(message: PostfixMessage, tls: TlsCode, evidence: WordId): void {
    message.waits = false;
    message.tls = tls;
    message.evidence = tls === TlsCode.absent ? evidence : 0;
    if (message.accepted) this.add(message);
  }

  private add(m: PostfixMessage): void {
    if (m.beganEarlier) this.sink.note('session-began-earlier', m.line, m.file);
    if (!m.loopback) this.mailSeen = true;
    const { event } = this;
    event.direction = m.loopback ? DirectionCode.internal : DirectionCode.inbound;
    event.tls = m.tls;
    event.cipher = m.cipher;
    event.server = m.service.server;
    event.fault = m.fault;
    event.evidence = m.evidence;
    event.connector = m.service.connector;
    event.remote = m.remote;
    event.address = m.address;
    event.time = m.time;
    event.count = 1;
    event.recipients = m.recipients;
    event.bytes = m.bytes;
    event.line = m.line;
    event.tlsAt = m.tlsAt;
    // A connector rule may have changed these for the message before.
    event.type = TypeCode.unknown;
    event.forced = ForcedCode.unknown;
    this.sink.add(event, m.file);
  }

  /**
   * Sessions that have ended make room. Where those are few the table grows, and in the end one of the oldest goes for
   * each that is new.
   */
  private sweep(): void {
    this.byPid.sweep((session, pid) => {
      if (!session.isOver) return false;
      this.markOver(pid);
      if (this.spare.length < fewSessions) this.spare.push(session);
      return true;
    });
    this.newcomers = 0;
    this.sweepFrom = Math.min(Math.max(fewSessions, this.byPid.size * 2), mostSessions);
  }

  private evict(session: PostfixSession, pid: number): void {
    if (session.isOver) this.markOver(pid);
    if (session.waiting) this.sink.note('join-evicted', session.waiting[0].line, session.waiting[0].file);
    this.close(session, SessionEnd.uncounted);
  }

  private of(pid: number): PostfixSession | undefined {
    return this.byPid.get(pid, 0, 0, 0);
  }

  private fresh(service: InboundService, start: SessionStart): PostfixSession {
    const session = this.spare.pop();
    if (!session) return new PostfixSession(service, start);
    session.next(service, start);
    return session;
  }
}
