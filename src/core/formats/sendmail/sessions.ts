import { TlsCode, type LineNumber, type Milliseconds, type PlaceCode, type WordId } from '../../model';
import { translated, type EntryFields, type Ids, type StatePart } from '../../reading/state';
import { OpenTable, type OpenEntry } from '../shared/opentable';

/**
 * Most TLS sessions and processes remembered; a process of sendmail lives for a connection or a run of the queue, so the
 * oldest are over.
 */
const mostSessions = 100_000;
/** How long after its last use a connection may be used again (ConnectionCacheTimeout: five minutes, by RFC 1123 no more than ten). */
const idle = 600_000;
/** How long an SMTP client may take for a message. */
const longestArrival = 7_200_000;
/** How much lines may be out of order. */
const disorder = 3_600_000;

export const enum Side {
  server,
  client,
  /** A process that was at work before the log began. */
  old,
}

/** A TLS session of a process. Plain data. */
export interface SendmailSession {
  /** `absent` where the connection has broken. */
  tls: TlsCode;
  cipher: WordId;
  peer: WordId;
  used: Milliseconds;
  tlsAt: PlaceCode;
  /** Its TLS line, as long as it is not known when the process had begun; else line 0. */
  file: number;
  line: LineNumber;
}

const fields: EntryFields<SendmailSession> = { peer: 'remotes', cipher: 'ciphers', line: 'line', tlsAt: 'place' };

export const enum Found {
  session,
  none,
  maybeEarlier,
  /** There was one, so long ago that it is over, unless the time of a line is wrong. */
  over,
  /** There was one, and it has broken. */
  closed,
}

const noSession: SendmailSession = { tls: TlsCode.none, cipher: 0, peer: 0, used: 0, tlsAt: 0, file: 0, line: 0 };

/**
 * The TLS sessions of sendmail's processes. The log has no line for the end of a session, and process ids come again,
 * so a session is over when it was not used for so long that the connection can't be open any more.
 */
export class SendmailSessions implements StatePart {
  session!: SendmailSession;
  /** The time of the first line of this segment. */
  began = NaN;
  /** The program on a host that the following calls are about. */
  host = 0;
  private readonly table = new OpenTable<SendmailSession>(mostSessions, () => {
    /* It ended long ago. */
  });

  open(side: Side, pid: number, session: SendmailSession): void {
    // Names past the limit can't be told apart, nor lines without a process id.
    if (pid >= 0 && this.host !== 1 && session.peer !== 1)
      this.table.set(this.host, pid, side === Side.client ? session.peer : 0, side, session);
  }

  /** The session of the server process `pid` with `peer`. */
  server(pid: number, peer: WordId, time: Milliseconds, first: boolean): Found {
    const session = this.table.get(this.host, pid, 0, Side.server);
    if (session && session.peer === peer && time - session.used <= longestArrival) return this.use(session, time);
    return first || time > this.began + longestArrival + disorder ? Found.none : Found.maybeEarlier;
  }

  /** The session of the client process `pid` with `peer` in an attempt that began at `start`. */
  client(pid: number, peer: WordId, start: Milliseconds, time: Milliseconds, first: boolean): Found {
    const session = this.table.get(this.host, pid, peer, Side.client);
    if (session?.tls === TlsCode.absent) return Found.closed;
    if (session && start - session.used <= idle) return this.use(session, time);
    if (!first && start <= this.began + idle + disorder) return Found.maybeEarlier;
    return session ? Found.over : Found.none;
  }

  /** The connection of the client process `pid` to `peer` has broken. That stays known: the next one is another. */
  closeClient(pid: number, peer: WordId): void {
    this.open(Side.client, pid, { ...noSession, tls: TlsCode.absent, peer, used: Infinity });
  }

  /** Whether the process was at work before the log began: what it does in clear may use a session of that time. */
  isOld(pid: number, start: Milliseconds, time: Milliseconds): boolean {
    const old = this.table.get(this.host, pid, 0, Side.old);
    if (start >= this.began && !(old && start - old.used <= idle)) return false;
    this.open(Side.old, pid, { ...noSession, used: time });
    return true;
  }

  merge(right: SendmailSessions, ids: Ids, shift: readonly number[]): void {
    if (Number.isNaN(this.began)) this.began = right.began;
    for (const [host, pid, peer, side, session] of right.table.entries()) {
      const key = side === Side.client ? ids.remotes[peer] : 0;
      this.table.set(ids.hosts[host], pid, key, side, translated(session, fields, ids, shift));
    }
  }

  save(): unknown {
    return { began: this.began, sessions: this.table.entries() };
  }

  load(saved: unknown): void {
    const { began, sessions } = saved as { began: number; sessions: OpenEntry<SendmailSession>[] };
    this.began = began;
    for (const [host, pid, peer, side, session] of sessions) this.table.set(host, pid, peer, side, session);
  }

  private use(session: SendmailSession, time: Milliseconds): Found {
    this.session = session;
    if (time > session.used) session.used = time;
    return Found.session;
  }
}
