/**
 * OpenSMTPD 5 to 7, in syslog or as `smtpd -d` writes it to the terminal, without time (smtpd(8)).
 *
 * Every entry names its session, and a session logs the host, the handshake and each message, whatever the log's level.
 * So a session that was seen to begin and has no handshake was in clear. It takes several messages; a hand-over has a
 * line for each recipient, with the same message and the same answer.
 *
 * Listeners and actions are not logged, so there are no connectors. That TLS is demanded shows in the address that is
 * connected to: `smtp+tls://` and `smtps://`. Deliveries by programs (mda), LMTP and hops over the loopback address are
 * internal; messages from this host's own programs (`address=local`) are context.
 */
import type { IdMap } from '../../cube/cubebuilder';
import {
  DirectionCode,
  FaultCode,
  ForcedCode,
  OutcomeCode,
  TlsCode,
  TypeCode,
  UnitCode,
  type Milliseconds,
  type WordId,
} from '../../model';
import { Verdict, type Format, type Parser } from '../../reading/format';
import type { FileAccount, Sink } from '../../reading/sink';
import { Byte, hashOf, startsWith, ViewOf } from '../../text/ascii';
import { tlsVersion } from '../../text/tls';
import { decode } from '../../text/words';
import { LoopbackHosts } from '../shared/loopback';
import { OpenTable, type OpenEntry } from '../shared/opentable';
import { prefixVerdict } from '../shared/prefixverdict';
import { SyslogLine } from '../shared/syslogline';
import { detect, isBare } from './detect';
import { Entry, hex, Topic } from './entry';
import { OpensmtpdFields, Peer } from './fields';
import { copySession, newSession, type OpensmtpdSession } from './session';

/** Most sessions open at once. */
const mostSessions = 100_000;

export const opensmtpd: Format = {
  id: 'opensmtpd',
  name: 'OpenSMTPD',
  repeats: 'lines',
  detect,
  parser: (sink) => new OpenSmtpdParser(sink),
};

class OpenSmtpdParser implements Parser {
  private readonly syslog = new SyslogLine((_, program) => program === 'smtpd' || program === 'opensmtpd');
  private readonly entry = new Entry();
  private readonly fields = new OpensmtpdFields();
  private readonly peer = new Peer();
  private readonly view = new ViewOf();
  private readonly loopback = new LoopbackHosts();
  private readonly sessions: OpenTable<OpensmtpdSession>;
  private account: FileAccount | undefined;
  private bare = false;
  private time: Milliseconds = NaN;
  private lineNumber = 0;

  constructor(private readonly sink: Sink) {
    this.sessions = new OpenTable(mostSessions, (session) => {
      if (!session.failed) sink.note('join-evicted', this.lineNumber);
    });
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const { sink, syslog } = this;
    this.lineNumber = line;
    if (sink.account !== this.account) {
      this.account = sink.account;
      this.bare = isBare(
        decode(this.account.file.head)
          .replace(/^\ufeff/, '')
          .split('\n')
          .slice(0, 1000),
      );
    }
    if (this.bare) {
      this.time = sink.account.file.modified ?? 0;
      const read = this.text(bytes, start, end);
      if (read === Verdict.used) sink.note('bad-time', line);
      return read;
    }
    const verdict = prefixVerdict(syslog.read(bytes, start, end, sink.time), sink, line);
    if (verdict !== undefined) return verdict;
    this.time = syslog.time;
    return syslog.source ? this.text(syslog.bytes, syslog.textStart, syslog.end) : Verdict.context;
  }

  merge(other: Parser, ids: IdMap): void {
    for (const [a, b, c, d, session] of (other as OpenSmtpdParser).sessions.entries())
      this.sessions.set(a, b, c, d, copySession(session, ids));
  }

  finish(): void {
    /* Nothing waits for the end. */
  }

  save(): unknown {
    return this.sessions.entries();
  }

  load(saved: unknown): void {
    for (const [a, b, c, d, session] of saved as OpenEntry<OpensmtpdSession>[]) this.sessions.set(a, b, c, d, session);
  }

  advice(): string[] {
    return [];
  }

  private text(b: Uint8Array, p: number, e: number): Verdict {
    const { entry } = this;
    if (!entry.read(b, p, e)) return Verdict.context;
    switch (entry.topic) {
      case Topic.other:
        return Verdict.context;
      case Topic.connected:
        return this.connected(b, entry.fields, e);
      case Topic.delivered:
        return this.delivered(b, entry.fields, e);
      default: {
        const session = this.session(b, e);
        return session ? this.ofSession(session, b, entry.fields, e) : Verdict.unresolved;
      }
    }
  }

  /**
   * The session that the entry is about, one of unknown beginning where none is known; undefined where it may have
   * begun before this segment.
   */
  private session(b: Uint8Array, e: number): OpensmtpdSession | undefined {
    const { entry, sessions, sink } = this;
    if (this.isNowhere()) return newSession(TlsCode.unknown);
    const known = sessions.get(entry.high, entry.low, 0, 0);
    // It begins where it connects, unless it goes on in clear after a handshake that has failed.
    const begins =
      entry.topic === Topic.connecting && (!this.isInClear(b, entry.fields, e) || (known === undefined && sink.first));
    if (known && !begins) return known;
    if (!begins && !sink.first) return undefined;
    const session = newSession(begins ? TlsCode.none : TlsCode.unknown);
    if (entry.topic !== Topic.disconnected) sessions.set(entry.high, entry.low, 0, 0, session);
    return session;
  }

  /** Whether the entry names no session, as those of old versions. */
  private isNowhere(): boolean {
    return this.entry.high === 0 && this.entry.low === 0;
  }

  private ofSession(session: OpensmtpdSession, b: Uint8Array, p: number, e: number): Verdict {
    const { entry } = this;
    switch (entry.topic) {
      case Topic.message:
        return this.message(session, b, p, e);
      case Topic.relayed:
        return this.relayed(session, b, p, e);
      case Topic.tls:
        this.handshake(session, b, p, e);
        break;
      case Topic.connecting:
        this.connecting(session, b, p, e);
        break;
      case Topic.downgraded:
        session.downgraded = true;
        break;
      case Topic.error:
        session.failed = true;
        break;
      default:
        this.sessions.delete(entry.high, entry.low, 0, 0);
    }
    return Verdict.context;
  }

  /** `address=192.0.2.1 host=name`; 5.x: `from host name [192.0.2.1]`. */
  private connected(b: Uint8Array, p: number, e: number): Verdict {
    const { entry, fields, peer } = this;
    const session = newSession(TlsCode.none);
    if (entry.old) {
      const name = p + (startsWith(b, p, 'from host ') ? 10 : 0);
      let q = name;
      while (q < e && b[q] !== Byte.space) q++;
      peer.name(b, name, q);
      peer.address(b, q + 1, e);
    } else {
      if (!fields.find(b, p, e, 'address')) return this.sink.skip('bad-line', this.lineNumber);
      peer.address(b, fields.start, fields.end);
      if (fields.find(b, p, e, 'host')) peer.name(b, fields.start, fields.end);
      else peer.name(b, 0, 0);
    }
    session.local = peer.addressEnd - peer.addressStart === 5 && startsWith(b, peer.addressStart, 'local');
    this.place(session, b);
    this.sessions.set(entry.high, entry.low, 0, 0, session);
    return Verdict.context;
  }

  /** Whether a session connects without TLS: `smtp+notls://`, in 5.x `smtp://`. */
  private isInClear(b: Uint8Array, p: number, e: number): boolean {
    const { fields, entry } = this;
    return entry.old
      ? startsWith(b, p, 'smtp://')
      : fields.find(b, p, e, 'address') && startsWith(b, fields.start, 'smtp+notls://');
  }

  /**
   * `address=smtp://192.0.2.1:25 host=name`; 5.x: `smtp://192.0.2.1:25 (name) on session …`. The same session connects
   * again after a failed handshake.
   */
  private connecting(session: OpensmtpdSession, b: Uint8Array, p: number, e: number): void {
    const { entry, fields } = this;
    let s = p;
    if (!entry.old) {
      if (!fields.find(b, p, e, 'address')) return;
      s = fields.start;
    }
    // Version 5 calls opportunistic TLS smtp+tls and mandatory TLS tls.
    const demanded =
      startsWith(b, s, 'smtps://') || (entry.old ? startsWith(b, s, 'tls://') : startsWith(b, s, 'smtp+tls://'));
    session.forced = demanded ? ForcedCode.yes : ForcedCode.no;
    session.tls = demanded ? TlsCode.tls : TlsCode.none;
    session.cipher = 0;
    session.internal = startsWith(b, s, 'lmtp');
  }

  /**
   * `ciphers=TLSv1.3:TLS_AES_256_GCM_SHA384:256`; before 6.4 `version=TLSv1.2, cipher=…, bits=…`, with `ciphers="`
   * before it or not.
   */
  private handshake(session: OpensmtpdSession, b: Uint8Array, p: number, e: number): void {
    const text = decode(b.subarray(p, Math.min(e, p + 256)));
    const [, version, cipher] = /version=([^,\s]+), cipher=([^,\s"]+)/.exec(text) ??
      /ciphers="?([^:\s]+):(.+?):\d+"?(?:\s|$)/.exec(text) ?? [undefined, '', ''];
    const code = tlsVersion(version);
    session.tls = code === undefined || code === TlsCode.none ? TlsCode.tls : code;
    session.cipher = this.sink.words.ciphers.internText(cipher);
    session.downgraded = false;
  }

  /** `msgid=… size=… nrcpt=… proto=…`; before 6.4 a line for each recipient. */
  private message(session: OpensmtpdSession, b: Uint8Array, p: number, e: number): Verdict {
    const { fields, sink, entry } = this;
    if (session.local) return Verdict.context;
    const id = entry.old ? hex(b, p) : this.hexField(b, p, e, 'msgid');
    const size = fields.find(b, p, e, 'size') ? fields.number(b) : -1;
    if (Number.isNaN(id) || size < 0) return sink.skip('unfinished-record', this.lineNumber);
    const recipients = fields.find(b, p, e, 'nrcpt') || fields.find(b, p, e, 'nrcpts') ? fields.number(b) : 1;
    if (recipients < 0) return sink.skip('bad-number', this.lineNumber);
    const again = session.message === id && session.result === 1;
    session.message = id;
    session.result = 1;
    if (session.tls === TlsCode.unknown) sink.note('session-began-earlier', this.lineNumber);
    sink.add({
      unit: UnitCode.message,
      direction: session.internal ? DirectionCode.internal : DirectionCode.inbound,
      outcome: OutcomeCode.accepted,
      tls: session.tls,
      fault: FaultCode.none,
      forced: ForcedCode.unknown,
      type: TypeCode.unknown,
      connector: 0,
      cipher: session.cipher,
      remote: session.remote,
      address: session.address,
      evidence: 0,
      time: this.time,
      count: again ? 0 : 1,
      recipients,
      bytes: again ? 0 : size,
      line: this.lineNumber,
      tlsAt: 0,
    });
    return Verdict.used;
  }

  /** `evpid=… from=<…> to=<…> rcpt=<…> source="…" relay="…" delay=… result="Ok" stat="…"`; 5.x has the result first. */
  private relayed(session: OpensmtpdSession, b: Uint8Array, p: number, e: number): Verdict {
    const { fields, sink, entry, peer } = this;
    const outcome = this.outcome(b, p, e);
    const id = entry.old ? messageOf(b, p, e) : this.hexField(b, p, e, 'evpid');
    if (outcome === undefined || Number.isNaN(id) || !fields.find(b, p, e, 'relay'))
      return sink.skip('unfinished-record', this.lineNumber);
    peer.relay(b, fields.start, entry.old ? commaAt(b, fields.end, e) : fields.end);
    const again = this.isAgain(session, id, b, p, e);
    this.place(session, b);
    const accepted = outcome === OutcomeCode.accepted;
    const tls = accepted || session.tls !== TlsCode.tls ? session.tls : TlsCode.unknown;
    const isInClear = accepted && session.downgraded && tls === TlsCode.none;
    if (accepted && tls === TlsCode.unknown) sink.note('session-began-earlier', this.lineNumber);
    sink.add({
      unit: UnitCode.message,
      direction: session.internal ? DirectionCode.internal : DirectionCode.outbound,
      outcome,
      tls,
      fault: isInClear ? FaultCode.clearAfterFailedHandshake : FaultCode.none,
      forced: session.forced,
      type: TypeCode.unknown,
      connector: 0,
      cipher: session.cipher,
      remote: session.remote,
      address: session.address,
      evidence: 0,
      time: this.time,
      count: again ? 0 : 1,
      recipients: 1,
      bytes: 0,
      line: this.lineNumber,
      tlsAt: 0,
    });
    return Verdict.used;
  }

  /**
   * Whether the hand-over of message `id` goes on with a further recipient: it has the same answer as the line before.
   */
  private isAgain(session: OpensmtpdSession, id: number, b: Uint8Array, p: number, e: number): boolean {
    const { fields } = this;
    const answer = fields.find(b, p, e, 'stat') ? hashOf(this.view.of(b), fields.start, e) : 0;
    const again = !this.isNowhere() && session.message === id && session.result === answer;
    session.message = id;
    session.result = answer;
    return again;
  }

  /** Delivered by a program of this host. */
  private delivered(b: Uint8Array, p: number, e: number): Verdict {
    const outcome = this.outcome(b, p, e);
    if (outcome === undefined) return this.sink.skip('unfinished-record', this.lineNumber);
    this.sink.add({
      unit: UnitCode.message,
      direction: DirectionCode.internal,
      outcome,
      tls: TlsCode.unknown,
      fault: FaultCode.none,
      forced: ForcedCode.unknown,
      type: TypeCode.unknown,
      connector: 0,
      cipher: 0,
      remote: 0,
      address: 0,
      evidence: 0,
      time: this.time,
      count: 1,
      recipients: 1,
      bytes: 0,
      line: this.lineNumber,
      tlsAt: 0,
    });
    return Verdict.used;
  }

  private hexField(b: Uint8Array, p: number, e: number, key: string): number {
    return this.fields.find(b, p, e, key) ? hex(b, this.fields.start) : NaN;
  }

  private outcome(b: Uint8Array, p: number, e: number): OutcomeCode | undefined {
    const { fields, entry } = this;
    const s = entry.old ? p : fields.find(b, p, e, 'result') ? fields.start : e;
    if (startsWith(b, s, 'Ok')) return OutcomeCode.accepted;
    if (startsWith(b, s, 'TempFail')) return OutcomeCode.deferred;
    return startsWith(b, s, 'PermFail') || startsWith(b, s, 'Loop') ? OutcomeCode.bounced : undefined;
  }

  /** Notes in the session who is at the other end. */
  private place(session: OpensmtpdSession, b: Uint8Array): void {
    const { nameStart, nameEnd, addressStart, addressEnd } = this.peer;
    const { words, options } = this.sink;
    session.remote =
      nameEnd > nameStart
        ? words.remotes.intern(b, nameStart, nameEnd)
        : words.remotes.intern(b, addressStart, addressEnd);
    session.address = options.rules.length > 0 ? words.addresses.intern(b, addressStart, addressEnd) : 0;
    if (this.loopback.has(b, addressStart, addressEnd, nameStart, nameEnd)) session.internal = true;
  }
}

/** Where a value without quotes ends in 5.x: it may hold spaces, and a comma ends it. */
function commaAt(b: Uint8Array, p: number, e: number): number {
  while (p < e && b[p] !== Byte.comma) p++;
  return p;
}

/** The message of the envelope in `Ok for 4296f4901f55bdcd: …`, its first eight digits. */
function messageOf(b: Uint8Array, p: number, e: number): WordId {
  while (p < e && b[p] !== Byte.space) p++;
  return hex(b, p + 5);
}
