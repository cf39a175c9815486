import type { IdMap } from '../../cube/cubebuilder';
import { shifted } from '../../cube/placecode';
import type { Milliseconds, TlsCode, WordId } from '../../model';
import type { Sink } from '../../reading/sink';
import { Verdict } from '../../reading/format';
import type { Peer } from './peers';
import type { Program, Programs } from './programs';
import type { QueueId } from './queueid';
import { QueueIds } from './queueids';
import { InboundService } from './service';
import { PostfixMessage, PostfixSession, SessionEnd } from './session';
import { PostfixSessions } from './sessions';

/** How the parts of a joined log are named here. */
export interface JoinMap {
  ids: IdMap;
  shift: readonly number[];
  programs: Int32Array;
  relays: Int32Array;
}

/**
 * Mail taken in by one host. A message is accepted once smtpd has logged `client=` for its queue id and the queue
 * manager has
 * taken it: `client=` alone may be followed by RSET, QUIT or a lost connection.
 */
export class Inbound {
  /** Whether a TLS line was logged: then `smtpd_tls_loglevel` is at least 1. */
  tlsSeen = false;
  /** How this host is named among those that show TLS. */
  private readonly source: number;
  private readonly sessions: PostfixSessions;
  private readonly queue: QueueIds<PostfixMessage>;
  private readonly services: (InboundService | undefined)[] = [];

  constructor(
    private readonly sink: Sink,
    private readonly programs: Programs,
    private readonly host: string,
    began: Milliseconds,
  ) {
    this.source = sink.evidenceSource(`postfix ${host}`, began);
    this.sessions = new PostfixSessions(sink);
    this.queue = new QueueIds(!sink.first, (count) => {
      for (let i = 0; i < count; i++) sink.note('join-evicted', sink.account.lines.read + 1);
    });
  }

  /** Whether a setting hides the TLS of mail that was taken in. */
  get hidden(): boolean {
    return this.sessions.mailSeen && !this.tlsSeen;
  }

  connect(pid: number, program: Program, time: Milliseconds): Verdict {
    if (pid < 0) return Verdict.context;
    this.sessions.begin(pid, this.service(program), time);
    return Verdict.used;
  }

  handshake(pid: number, program: Program, tls: TlsCode, cipher: WordId, client: number, time: Milliseconds): Verdict {
    const service = this.service(program);
    this.tlsSeen = true;
    return pid < 0 || this.sessions.handshake(pid, service, tls, cipher, client, time)
      ? Verdict.used
      : Verdict.unresolved;
  }

  /** `QID: client=PEER`; a later message with the same queue id replaces the one before. */
  client(pid: number, program: Program, id: QueueId, peer: Peer, time: Milliseconds, line: number): Verdict {
    const message = this.message(program, peer, time, line);
    if (pid >= 0 && !this.sessions.attach(pid, message)) {
      this.queue.leave(id);
      return Verdict.unresolved;
    }
    this.queue.set(id, message);
    return Verdict.used;
  }

  /** `NOQUEUE: client=PEER`: the message goes through a before-queue filter (smtpd_proxy_filter). */
  proxyClient(pid: number, program: Program, peer: Peer, time: Milliseconds, line: number): Verdict {
    if (pid < 0) return Verdict.context;
    const message = this.message(program, peer, time, line);
    const session = this.sessions.attach(pid, message);
    if (!session) return Verdict.unresolved;
    session.proxied = message;
    return Verdict.used;
  }

  /** The before-queue filter has taken the message. Only one of its recipients is logged. */
  proxyAccept(pid: number, program: Program, time: Milliseconds, line: number): Verdict {
    const service = this.service(program);
    const session = pid < 0 ? undefined : this.sessions.current(pid, service);
    if (!session && pid >= 0) return Verdict.unresolved;
    let message = session?.proxied;
    if (!message) {
      message = new PostfixMessage(service, 0, 0, 0, false, time, this.sink.account.file.index, line);
      if (session) this.sessions.attach(pid, message);
    }
    if (session) session.proxied = undefined;
    this.sessions.accept(message, 1, 0);
    return Verdict.used;
  }

  /** `disconnect from`, with what its counters say of STARTTLS. */
  disconnect(pid: number, program: Program, end: SessionEnd): Verdict {
    const service = this.service(program);
    if (end === SessionEnd.startTls) service.countsStartTls();
    if (pid < 0) return end === SessionEnd.startTls ? Verdict.used : Verdict.context;
    return this.sessions.end(pid, service, end) ? Verdict.used : Verdict.unresolved;
  }

  /**
   * The queue manager takes a message for the first time: from here on it is accepted. It repeats its line at every
   * retry.
   */
  active(id: QueueId, recipients: number, bytes: number): Verdict {
    const message = this.queue.take(id);
    if (message === undefined && !this.sink.first) return Verdict.unresolved;
    if (!message) return Verdict.context;
    this.sessions.accept(message, recipients, bytes);
    return Verdict.used;
  }

  /** A message was accepted and thrown away; how many recipients it had is not logged, but it had one. */
  discarded(id: QueueId): Verdict {
    return this.active(id, 1, 0);
  }

  /**
   * The queue id is not, or no longer, that of a message from smtpd. Deferred where it may be one of an earlier
   * message.
   */
  forget(id: QueueId): Verdict {
    return this.queue.take(id) === undefined && !this.sink.first ? Verdict.unresolved : Verdict.used;
  }

  finish(): void {
    for (const message of this.queue.values())
      if (message.open) this.sink.note('not-finished', message.line, message.file);
    this.sessions.finish();
  }

  join(right: Inbound, map: JoinMap): void {
    const { ids, shift } = map;
    const service = (of: InboundService) => this.service(this.programs.byId(map.programs[of.program.id]));
    const sessions = new Map<PostfixSession, PostfixSession>();
    const messages = new Map<PostfixMessage, PostfixMessage>();
    const copySession = (s: PostfixSession): PostfixSession => {
      let copy = sessions.get(s);
      if (copy) return copy;
      sessions.set(s, (copy = new PostfixSession(service(s.service), s.start)));
      copy.serial = s.serial;
      copy.end = s.end;
      copy.tls = s.tls;
      copy.cipher = ids.ciphers[s.cipher];
      copy.client = s.client;
      copy.silence = ids.evidence[s.silence];
      copy.tlsAt = shifted(s.tlsAt, shift);
      copy.epoch = s.epoch < 0 ? -1 : s.epoch + ids.epochs[right.source];
      copy.waiting = s.waiting?.map(copyMessage);
      copy.proxied = s.proxied && copyMessage(s.proxied);
      return copy;
    };
    const copyMessage = (m: PostfixMessage): PostfixMessage => {
      let copy = messages.get(m);
      if (copy) return copy;
      messages.set(
        m,
        (copy = new PostfixMessage(
          service(m.service),
          m.client,
          ids.remotes[m.remote],
          ids.addresses[m.address],
          m.loopback,
          m.time,
          m.file,
          m.line + (shift[m.file] ?? 0),
        )),
      );
      copy.session = m.session && copySession(m.session);
      copy.serial = m.serial;
      copy.tls = m.tls;
      copy.cipher = ids.ciphers[m.cipher];
      copy.evidence = ids.evidence[m.evidence];
      copy.fault = m.fault;
      copy.tlsAt = shifted(m.tlsAt, shift);
      copy.waits = m.waits;
      copy.beganEarlier = m.beganEarlier;
      copy.accepted = m.accepted;
      copy.recipients = m.recipients;
      copy.bytes = m.bytes;
      return copy;
    };
    this.tlsSeen ||= right.tlsSeen;
    this.sessions.join(right.sessions, copySession);
    this.queue.join(right.queue, copyMessage);
  }

  private message(
    program: Program,
    { client, remote, address, loopback }: Peer,
    time: Milliseconds,
    line: number,
  ): PostfixMessage {
    return new PostfixMessage(
      this.service(program),
      client,
      remote,
      address,
      loopback,
      time,
      this.sink.account.file.index,
      line,
    );
  }

  save() {
    const sessions = new Index<PostfixSession>(),
      messages = new Index<PostfixMessage>();
    const { open: openSessions, ended } = this.sessions.save();
    const open = openSessions.map(([pid, session]) => [pid, sessions.of(session)] as const);
    const queue = this.queue.save((m) => messages.of(m));
    // Going through the lists adds to them: a message names its session, a session the messages that wait for it.
    const savedMessages = [],
      savedSessions = [];
    for (let m = 0, s = 0; m < messages.list.length || s < sessions.list.length;) {
      if (s < sessions.list.length) {
        const { service, start, serial, end, tls, cipher, client, silence, epoch, tlsAt, waiting, proxied } =
          sessions.list[s++];
        savedSessions.push({
          program: service.program.id,
          start,
          serial,
          end,
          tls,
          cipher,
          client,
          silence,
          epoch,
          tlsAt,
          waiting: waiting?.map((w) => messages.of(w)) ?? [],
          proxied: proxied ? messages.of(proxied) : -1,
        });
      } else {
        const { service, session, ...rest } = messages.list[m++];
        savedMessages.push({ ...rest, program: service.program.id, session: session ? sessions.of(session) : -1 });
      }
    }
    return {
      tlsSeen: this.tlsSeen,
      mailSeen: this.sessions.mailSeen,
      deferred: this.sessions.deferred,
      queue,
      open,
      ended,
      sessions: savedSessions,
      messages: savedMessages,
    };
  }

  load(saved: ReturnType<Inbound['save']>): void {
    const service = (id: number) => this.service(this.programs.byId(id));
    this.tlsSeen = saved.tlsSeen;
    const sessions = saved.sessions.map((s) => new PostfixSession(service(s.program), s.start));
    const messages = saved.messages.map(({ program, session, ...m }) =>
      Object.assign(
        new PostfixMessage(service(program), m.client, m.remote, m.address, m.loopback, m.time, m.file, m.line),
        m,
        { session: sessions[session] },
      ),
    );
    saved.sessions.forEach(({ serial, end, tls, cipher, client, silence, epoch, tlsAt, waiting, proxied }, i) =>
      Object.assign(sessions[i], {
        serial,
        end,
        tls,
        cipher,
        client,
        silence,
        epoch,
        tlsAt,
        waiting: waiting.length > 0 ? waiting.map((w) => messages[w]) : undefined,
        proxied: messages[proxied],
      }),
    );
    const open = saved.open.map(([pid, index]) => [pid, sessions[index]] as const);
    this.sessions.load(open, saved.ended, saved.mailSeen, saved.deferred);
    this.queue.load(saved.queue, (index) => messages[index]);
  }

  private service(program: Program): InboundService {
    return (this.services[program.id] ??= new InboundService(this.sink, this.host, this.source, program));
  }
}

/** Numbers things in the order in which they are asked for. */
class Index<T> {
  readonly list: T[] = [];
  private readonly known = new Map<T, number>();

  of(thing: T): number {
    let index = this.known.get(thing);
    if (index === undefined) {
      this.known.set(thing, (index = this.list.length));
      this.list.push(thing);
    }
    return index;
  }
}
