import type { IdMap } from '../../cube/cubebuilder';
import { OpenTable, type OpenEntry } from '../shared/opentable';
import type { Milliseconds, TlsCode, WordId } from '../../model';
import { Words } from '../../text/words';

/**
 * Most TLS sessions remembered; a process of sendmail lives for a connection or a run of the queue, so the oldest are
 * over.
 */
const mostSessions = 100_000;
/**
 * How long after its last use a connection may be used again: sendmail keeps it for five minutes
 * (ConnectionCacheTimeout).
 */
const idle = 600_000;
/** How long an SMTP client may take for a message. */
const longestArrival = 7_200_000;
/** How much lines may be out of order. */
const disorder = 3_600_000;

export const enum Side {
  server,
  client,
  old,
}

/** A TLS session of a process. Plain data. */
export interface SendmailSession {
  tls: TlsCode;
  cipher: WordId;
  peer: WordId;
  used: Milliseconds;
}

export const enum Found {
  session,
  none,
  maybeEarlier,
}

/**
 * The TLS sessions of sendmail's processes. The log has no line for the end of a session, and process ids come again,
 * so a session is over when it was not used for so long that the connection can't be open any more.
 */
export class SendmailSessions {
  session!: SendmailSession;
  /** The time of the first line of this segment. */
  began = NaN;
  private readonly hosts = new Words(10_000);
  private readonly table = new OpenTable<SendmailSession>(mostSessions, () => {
    /* It ended long ago. */
  });
  /** The host that the following calls are about. */
  host = 0;

  hostId(name: string): number {
    return this.hosts.internText(name);
  }
  hostName(id: WordId): string {
    return this.hosts.text(id);
  }

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
    if (session && start - session.used <= idle) return this.use(session, time);
    return first || start > this.began + idle + disorder ? Found.none : Found.maybeEarlier;
  }

  /** Whether the process was at work before the log began: what it does in clear may use a session of that time. */
  isOld(pid: number, start: Milliseconds, time: Milliseconds): boolean {
    const old = this.table.get(this.host, pid, 0, Side.old);
    if (start >= this.began && !(old && start - old.used <= idle)) return false;
    this.open(Side.old, pid, { tls: 0, cipher: 0, peer: 0, used: time });
    return true;
  }

  /** Goes on with the sessions of `right`; returns for each of its hosts the id here. */
  join(right: SendmailSessions, ids: IdMap): Int32Array {
    if (Number.isNaN(this.began)) this.began = right.began;
    const hosts = this.hosts.merge(right.hosts);
    for (const [host, pid, , side, session] of right.table.entries()) {
      const peer = ids.remotes[session.peer];
      this.table.set(hosts[host], pid, side === Side.client ? peer : 0, side, {
        tls: session.tls,
        cipher: ids.ciphers[session.cipher],
        peer,
        used: session.used,
      });
    }
    return hosts;
  }

  save(): unknown {
    return { began: this.began, hosts: this.hosts.list(), sessions: this.table.entries() };
  }

  /** Takes what `save` gave; returns for each of its hosts the id here. */
  load(saved: unknown): number[] {
    const { began, hosts, sessions } = saved as {
      began: number;
      hosts: string[];
      sessions: OpenEntry<SendmailSession>[];
    };
    this.began = began;
    const ids = hosts.map((name, id) => (id < 2 ? id : this.hosts.internText(name)));
    for (const [host, pid, peer, side, session] of sessions) this.table.set(ids[host], pid, peer, side, session);
    return ids;
  }

  private use(session: SendmailSession, time: Milliseconds): Found {
    this.session = session;
    if (time > session.used) session.used = time;
    return Found.session;
  }
}
