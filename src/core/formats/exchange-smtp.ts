/**
 * The SMTP protocol logs of Exchange Server 2007 to SE, RECV*.LOG and SEND*.LOG: every command, reply and TLS handshake of every
 * session, as CSV with a header of `#` lines (Microsoft Learn, "Protocol logging in Exchange Server"). Also without that header,
 * as log shippers leave it. Sessions are interleaved and run on in the next file; rows of one session are numbered without gaps.
 *
 * A message is counted at the reply that accepts it. What the log proves of its TLS: the handshake's own row gives version and
 * cipher; a session that was seen to begin and has no such row is in clear; a session that began earlier, or lacks rows, is unknown.
 */
import type { IdMap } from '../cubebuilder';
import { TlsCode, type Milliseconds, type ProblemCode } from '../model';
import type { FileAccount, Sink } from '../sink';
import { commandAt, contains, sizeOf } from './exchange-smtp/commands';
import { hostNameEnd, isDotted } from './exchange-smtp/greeting';
import { Handshake, Handshakes } from './exchange-smtp/handshake';
import { continued, layoutOf, readHeader, type Layout } from './exchange-smtp/layout';
import { Messages } from './exchange-smtp/message';
import { Row } from './exchange-smtp/row';
import { Command, Session, Side, Step } from './exchange-smtp/session';
import { SessionTable, ended, waiting, type SessionId } from './exchange-smtp/table';
import { Verdict, type Format, type Head, type Parser } from './format';

const plus = 43, minus = 45, star = 42, less = 60, hash = 35;

export const exchangeSmtp: Format = {
  id: 'exchange-smtp',
  name: 'Exchange SMTP protocol',
  detect,
  parser: (sink) => new ProtocolParser(sink),
};

/** A row of the nine standard columns: time, connector, session id, number, local and remote endpoint, event. */
const row = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z?,(?:"(?:[^"]|"")*"|[^",][^,]*)?,[0-9A-Fa-f]{16},\d{1,9},[^,]{0,64},[^,]{0,64},[-+<>*],/;

function detect({ lines }: Head): boolean {
  const first = lines.slice(0, 20).map((line) => line.replace(/^\ufeff/, ''));
  const type = first.find((line) => /^#log-type:/i.test(line));
  if (type !== undefined) return /^#log-type:\s*smtp (?:receive|send) protocol log/i.test(type);
  return first.some((line) => row.test(line));
}

class ProtocolParser implements Parser {
  private readonly row = new Row();
  private readonly table = new SessionTable();
  private readonly handshakes: Handshakes;
  private readonly messages: Messages;
  /** The layouts of the files by their index; undefined for files that were not met. */
  private layouts: (Layout | undefined)[] = [];
  private account: FileAccount | undefined;
  private layout!: Layout;
  /** The bytes of the last valid time stamp up to its minutes, four in each number. */
  private readonly minute = new Int32Array(4);
  /** A session that has ended, for use again. */
  private spare: Session | undefined;

  constructor(private readonly sink: Sink) {
    this.handshakes = new Handshakes(sink.words.ciphers);
    this.messages = new Messages(sink);
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    if (this.sink.account !== this.account) this.enter();
    if (bytes[start] === hash) return this.header(bytes, start, end);
    const { row, layout } = this;
    const problem = layout.foreign ? 'other-format' : row.read(layout, bytes, start, end);
    if (problem !== undefined) return this.unfit(problem, line);
    const known = this.table.get(row);
    if (known === undefined && !row.hasId(bytes)) return this.unfit('bad-columns', line);
    if (!this.isTime(bytes, row)) return this.unfit('bad-time', line);
    const session = this.sessionOf(row, known);
    if (session === undefined) return Verdict.deferred;
    session.next = row.sequence + 1;
    switch (row.event) {
      case star: return row.context < end && mayTellOfTls(bytes, row.context) ? this.information(session, bytes, end, line) : Verdict.context;
      case minus: this.close(row); this.spare = session; return Verdict.context;
      case plus: return Verdict.context;
      default: return this.spoken(session, bytes, end, line);
    }
  }

  join(other: Parser, ids: IdMap): void {
    const right = other as ProtocolParser;
    right.layouts.forEach((layout, file) => { if (layout) this.layouts[file] = continued(this.layouts[file], layout); });
    this.account = undefined;
    for (const { id, session } of right.table.entries()) {
      if (session === ended) this.close(id);
      else if (session !== waiting) this.remember(id, session.copy(ids.remotes, ids.ciphers));
    }
  }

  finish(): void { /* What has had no reply is no message. */ }

  save(): unknown {
    return { layouts: this.layouts, sessions: this.table.entries().map(({ id, session }) => [id, session === ended ? 'ended' : session === waiting ? 'waiting' : { ...session }]) };
  }

  load(saved: unknown): void {
    const { layouts, sessions } = saved as { layouts: Layout[]; sessions: [SessionId, 'ended' | 'waiting' | Session][] };
    this.layouts = layouts;
    for (const [id, session] of sessions) this.remember(id, session === 'ended' ? ended : session === 'waiting' ? waiting : Object.assign(new Session(), session));
  }

  advice(): string[] { return []; }

  /** The following rows are of another file. */
  private enter(): void {
    this.account = this.sink.account;
    this.layout = this.layouts[this.account.file.index] ??= layoutOf(this.account.file.head);
  }

  /** A header line. It holds for the rows behind it, also for those that are read again later. */
  private header(bytes: Uint8Array, start: number, end: number): Verdict {
    this.layout = this.layouts[this.account!.file.index] = readHeader(this.layout, bytes, start, end);
    return this.sink.first ? Verdict.context : Verdict.deferred;
  }

  /** The row can't be used, unless a header before this segment has changed the columns. */
  private unfit(code: ProblemCode, line: number): Verdict {
    return this.sink.first || (this.layout.typeSeen && this.layout.columnsSeen) ? this.sink.skip(code, line) : Verdict.deferred;
  }

  /** Whether there is a valid time stamp. Rows of one minute follow each other, so most need only be compared. */
  private isTime(bytes: Uint8Array, row: Row): boolean {
    const { minute } = this, at = row.time;
    if (row.isInMinute(minute)) return true;
    if (Number.isNaN(this.sink.time.iso(bytes, at))) return false;
    for (let i = 0; i < 4; i++) minute[i] = bytes[at + 4 * i] << 24 | bytes[at + 4 * i + 1] << 16 | bytes[at + 4 * i + 2] << 8 | bytes[at + 4 * i + 3];
    return true;
  }

  /** The session of a row, new where the row begins one; undefined where what came before this segment must be known. */
  private sessionOf(row: Row, known: Session | undefined): Session | undefined {
    const { first } = this.sink;
    if (row.sequence === 0 || row.event === plus) {
      if (known === waiting && !first) return undefined;
      const session = known === undefined || known === waiting || known === ended ? this.add(row) : known;
      session.begin();
      return session;
    }
    if (known === undefined || known === waiting || known === ended) {
      if (known !== ended && !first) {
        if (known === undefined) this.remember(row, waiting);
        return undefined;
      }
      const session = this.add(row);
      session.beginLate();
      return session;
    }
    if (row.sequence !== known.next) known.lose();
    return known;
  }

  private add(id: SessionId): Session {
    const session = this.spare ?? new Session();
    this.spare = undefined;
    this.remember(id, session);
    return session;
  }

  private remember(id: SessionId, session: Session): void {
    const evicted = this.table.set(id, session);
    for (let i = 0; i < evicted; i++) this.sink.note('join-evicted', this.sink.account.lines.read + 1);
  }

  /** The session has ended. A segment in the middle of a log remembers that, so that rows that come too late are not taken for an earlier session's. */
  private close(id: SessionId): void {
    if (this.sink.first) this.table.delete(id);
    else this.remember(id, ended);
  }

  private information(session: Session, bytes: Uint8Array, end: number, line: number): Verdict {
    const { row, handshakes } = this;
    handshakes.read(bytes, row.context, end);
    switch (handshakes.what) {
      case Handshake.succeeded: session.secure(handshakes.tls, handshakes.cipher); return Verdict.context;
      case Handshake.failed: session.fail(); return Verdict.context;
      case Handshake.required:
        if (session.refused) return Verdict.context;
        session.refused = true;
        if (session.side === Side.unknown) session.side = row.bare ? Side.send : Side.receive;
        return this.messages.refused(session, row, bytes, this.time(bytes), line, false);
      default: return Verdict.context;
    }
  }

  /** A row of what was sent or received. */
  private spoken(session: Session, bytes: Uint8Array, end: number, line: number): Verdict {
    const { event, data } = this.row;
    if (session.side === Side.unknown) session.side = this.sideOf(session, bytes, data, end);
    if ((session.side === Side.receive) === (event === less)) {
      const command = commandAt(bytes, data, end);
      if (command === Command.hello && session.side === Side.receive) session.host = this.hostAt(bytes, data + 5, end, false) || session.host;
      if (!session.command(command, sizeOf(command, bytes, data, end))) { session.lose(); this.sink.note('join-evicted', line); }
      return Verdict.context;
    }
    const code = replyCode(bytes, data, end);
    return code === 0 ? Verdict.context : this.reply(session, code, bytes, end, line);
  }

  private reply(session: Session, code: number, bytes: Uint8Array, end: number, line: number): Verdict {
    const { row } = this, { data } = row;
    if (code === 250 || code === 220) this.greeting(session, code, bytes, data, end);
    if (bytes[data + 3] === minus) return Verdict.context;
    const step = session.reply(code, code === 250 && isFinal(bytes, data + 4));
    if (step === Step.accepted) {
      const verdict = this.messages.accepted(session, row, bytes, data, end, this.time(bytes), line);
      session.forget();
      return verdict;
    }
    if (step === Step.failed && !session.refused && (contains(bytes, data, end, 'tls is required') || contains(bytes, data, end, 'must issue a starttls'))) {
      session.refused = true;
      return this.messages.refused(session, row, bytes, this.time(bytes), line, code >= 500);
    }
    return Verdict.context;
  }

  /** What the first lines of a greeting or of a reply to EHLO tell: a remote server's name, and that there is no TLS yet. */
  private greeting(session: Session, code: number, bytes: Uint8Array, data: number, end: number): void {
    if (session.side === Side.send) {
      if (session.host === 0 && (code === 250 ? session.awaits(Command.hello) : session.settled)) session.host = this.hostAt(bytes, data + 4, end, code === 220);
    } else if (session.tls === TlsCode.unknown && code === 250 && (session.awaits(Command.hello) || session.settled) && contains(bytes, data, end, 'starttls')) {
      // Exchange offers STARTTLS only where there is no TLS (RFC 3207, 4.2).
      session.plain();
    }
  }

  /** The word of the host name at this position; 0 where there is none. `dotted`: a word without a dot is not taken for one. */
  private hostAt(bytes: Uint8Array, at: number, end: number, dotted: boolean): number {
    while (at < end && bytes[at] === 32) at++;
    const to = hostNameEnd(bytes, at, end);
    return dotted && !isDotted(bytes, at, to) ? 0 : this.sink.words.remotes.intern(bytes, at, to);
  }

  /** In SMTP the server speaks first, which no client can change. Where the beginning is missing, what is said tells, else the name of the connector. */
  private sideOf(session: Session, bytes: Uint8Array, data: number, end: number): Side {
    const received = this.row.event === less;
    if (!session.incomplete || replyCode(bytes, data, end) > 0) return received ? Side.send : Side.receive;
    if (commandAt(bytes, data, end) !== Command.other) return received ? Side.receive : Side.send;
    return this.row.bare ? Side.send : Side.receive;
  }

  private time(bytes: Uint8Array): Milliseconds { return this.sink.time.iso(bytes, this.row.time); }
}

/** The first letters of what `Handshakes` reads; every message has information rows of its own that are not worth a look. */
function mayTellOfTls(bytes: Uint8Array, at: number): boolean {
  const letters = bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
  return letters === 0x544c5320 /* "TLS " */ || letters === 0x436f6e6e /* "Connector is configured …" */ || letters === 0x44726f70 /* "Drop connection …" */;
}

/** The three digits of a reply (RFC 5321, 4.2), or 0. */
function replyCode(bytes: Uint8Array, at: number, end: number): number {
  if (at + 3 > end) return 0;
  const a = bytes[at] - 48, b = bytes[at + 1] - 48, c = bytes[at + 2] - 48;
  return a >= 2 && a <= 5 && b >= 0 && b <= 9 && c >= 0 && c <= 9 ? a * 100 + b * 10 + c : 0;
}

/** `2.6.0 <message id>`, with which Exchange accepts a message; `2.6.0 CHUNK received` is for a part of one. */
function isFinal(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 50 && bytes[at + 2] === 54 && bytes[at + 4] === 48 && bytes[at + 6] === less;
}
