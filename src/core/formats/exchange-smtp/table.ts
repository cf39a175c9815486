import { SmtpSession } from './session';

/** Most sessions remembered at once. */
const mostSessions = 200_000;

/** The session has ended in this segment; only rows that come too late can name it again. */
export const ended = new SmtpSession();
/** The session began before this segment: its rows wait for the segment before. */
export const waiting = new SmtpSession();

/** A session id: its sixteen digits, four bytes in each number. */
export interface SessionId {
  a: number;
  b: number;
  c: number;
  d: number;
}

/** Open sessions by their id: open addressing over one typed array, so that a look-up makes no object. */
export class SessionTable {
  count = 0;
  private ids = new Int32Array(4 * 1024);
  private sessions = new Array<SmtpSession | undefined>(1024).fill(undefined);
  private births = 0;

  get(id: SessionId): SmtpSession | undefined {
    return this.sessions[this.find(id)];
  }

  /** Whether so many sessions can be added without one being given up for them. */
  hasRoom(sessions: number): boolean {
    return this.count + sessions < mostSessions;
  }

  /** Returns how many open sessions had to be given up to make room. */
  set(id: SessionId, session: SmtpSession): number {
    const evicted = this.count >= mostSessions ? this.evict() : 0;
    session.born = this.births++;
    if ((this.count + 1) * 2 > this.sessions.length) this.rebuild(this.sessions.length * 2, () => true);
    this.put(id, session);
    return evicted;
  }

  delete(id: SessionId): void {
    const { sessions, ids } = this;
    const mask = sessions.length - 1;
    let hole = this.find(id);
    if (sessions[hole] === undefined) return;
    this.count--;
    // Sessions behind the hole move up unless that would put them before their own place.
    for (let i = (hole + 1) & mask; sessions[i] !== undefined; i = (i + 1) & mask) {
      const home = hash(ids[4 * i], ids[4 * i + 1], ids[4 * i + 2], ids[4 * i + 3]) & mask;
      if (((i - home) & mask) < ((i - hole) & mask)) continue;
      ids.copyWithin(4 * hole, 4 * i, 4 * i + 4);
      sessions[hole] = sessions[i];
      hole = i;
    }
    sessions[hole] = undefined;
  }

  /** The open sessions in the order in which they were seen first: a copy of the table forgets in the same order. */
  entries(): { id: SessionId; session: SmtpSession }[] {
    const found: { id: SessionId; session: SmtpSession }[] = [];
    for (let i = 0; i < this.sessions.length; i++) {
      const session = this.sessions[i];
      if (session !== undefined && session !== ended && session !== waiting) found.push({ id: this.idAt(i), session });
    }
    return found.sort((x, y) => x.session.born - y.session.born);
  }

  /** The ids, four numbers each, of all sessions that are `ended` or `waiting`: nothing else is known of them. */
  idsOf(kind: SmtpSession): Int32Array {
    const { sessions, ids } = this,
      found = new Int32Array(4 * this.count);
    let length = 0;
    for (let i = 0; i < sessions.length; i++) {
      if (sessions[i] !== kind) continue;
      for (let k = 4 * i; k < 4 * i + 4; k++) found[length++] = ids[k];
    }
    return found.slice(0, length);
  }

  private idAt(i: number): SessionId {
    return { a: this.ids[4 * i], b: this.ids[4 * i + 1], c: this.ids[4 * i + 2], d: this.ids[4 * i + 3] };
  }

  /** Where the session is, or the free place where it would be. */
  private find({ a, b, c, d }: SessionId): number {
    const { sessions, ids } = this;
    const mask = sessions.length - 1;
    let i = hash(a, b, c, d) & mask;
    while (
      sessions[i] !== undefined &&
      (ids[4 * i + 3] !== d || ids[4 * i + 2] !== c || ids[4 * i + 1] !== b || ids[4 * i] !== a)
    )
      i = (i + 1) & mask;
    return i;
  }

  private put(id: SessionId, session: SmtpSession): void {
    const i = this.find(id);
    if (this.sessions[i] === undefined) this.count++;
    this.ids[4 * i] = id.a;
    this.ids[4 * i + 1] = id.b;
    this.ids[4 * i + 2] = id.c;
    this.ids[4 * i + 3] = id.d;
    this.sessions[i] = session;
  }

  /** Forgets sessions that have ended, and if there is still no room the older half of the open ones. */
  private evict(): number {
    this.rebuild(this.sessions.length, (session) => session !== ended && session !== waiting);
    if (this.count * 2 < mostSessions) return 0;
    const before = this.count;
    const oldest = this.entries()[before >> 1].session.born;
    this.rebuild(this.sessions.length, ({ born }) => born >= oldest);
    return before - this.count;
  }

  private rebuild(size: number, keep: (session: SmtpSession) => boolean): void {
    const { sessions, ids } = this,
      id: SessionId = { a: 0, b: 0, c: 0, d: 0 };
    this.ids = new Int32Array(4 * size);
    this.sessions = new Array<SmtpSession | undefined>(size).fill(undefined);
    this.count = 0;
    for (let i = 0; i < sessions.length; i++) {
      const session = sessions[i];
      if (session === undefined || !keep(session)) continue;
      id.a = ids[4 * i];
      id.b = ids[4 * i + 1];
      id.c = ids[4 * i + 2];
      id.d = ids[4 * i + 3];
      this.put(id, session);
    }
  }
}

/** Calls `each` with each of the ids that `SessionTable.idsOf` gave; it must not keep the object. */
export function eachId(ids: Int32Array, each: (id: SessionId) => void): void {
  const id: SessionId = { a: 0, b: 0, c: 0, d: 0 };
  for (let i = 0; i < ids.length; i += 4) {
    id.a = ids[i];
    id.b = ids[i + 1];
    id.c = ids[i + 2];
    id.d = ids[i + 3];
    each(id);
  }
}

function hash(a: number, b: number, c: number, d: number): number {
  const h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f);
  return h ^ (h >>> 15);
}
