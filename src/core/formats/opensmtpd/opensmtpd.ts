/**
 * OpenSMTPD 5 to 7, in syslog or as `smtpd -d` writes it to the terminal, without time (smtpd(8)).
 *
 * Every entry names its session by an id that never comes again, and a session logs the host, the handshake and each
 * message, whatever the settings: they only add to that (`smtpctl log`). So a session that was seen to begin and has no
 * handshake was in clear, and no start of the server changes that. It takes several messages; a hand-over has a line for
 * each recipient, with the same message and the same answer. One that failed says nothing of TLS in clear unless the
 * other server has answered.
 *
 * Listeners and actions are not logged, so there are no connectors. That TLS is demanded shows in the address that is
 * connected to: `smtp+tls://` and `smtps://`. Deliveries by programs (mda), LMTP and hops over the loopback address are
 * internal; messages from this host's own programs (`address=local`) are context.
 */
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
import { Verdict, type Format, type Parser } from '../../reading/format';
import type { FileAccount, Sink } from '../../reading/sink';
import { Byte, hashOf, startsWith, ViewOf } from '../../text/ascii';
import { tlsVersion, withSuite } from '../../text/tls';
import { decode } from '../../text/words';
import type { SyslogReader } from '../../text/syslog';
import { blankEvent } from '../shared/eventbuffer';
import { IdTable } from '../shared/idtable';
import { LoopbackHosts } from '../shared/loopback';
import { holdsOtherLine } from '../shared/otherline';
import { prefixVerdict } from '../shared/prefixverdict';
import type { Stream } from '../syslog/carrier';
import { SyslogLine } from '../shared/syslogline';
import { detect, isBareLog, isOpensmtpd } from './detect';
import { Entry, hex, holdsEntry, Topic } from './entry';
import { OpensmtpdFields, Peer } from './fields';
import { handshakeOf, hasAnswer, hasProtocol, isAnswered, isOfMail, isRemark, isUrl } from './wordings';
import { newSession, sessionFields, type OpensmtpdSession, writerOf, type Writer } from './session';

/** Most sessions open at once. */
const mostSessions = 100_000;

export const opensmtpd: Format & Stream = {
  id: 'opensmtpd',
  name: 'OpenSMTPD',
  repeats: 'lines',
  byServer: true,
  inOrder: true,
  detect,
  owns: isOpensmtpd,
  parser: (sink: Sink, reader?: SyslogReader) => new OpenSmtpdParser(sink, reader),
};

class OpenSmtpdParser implements Parser {
  private readonly syslog: SyslogLine<Writer>;
  private readonly entry = new Entry();
  private readonly fields = new OpensmtpdFields();
  private readonly peer = new Peer();
  private readonly view = new ViewOf();
  private readonly loopback = new LoopbackHosts();
  private readonly sessions: IdTable<string, OpensmtpdSession>;
  readonly state;
  private account: FileAccount | undefined;
  private bare = false;
  /** What wrote the line. */
  private from: Writer = { isOurs: true, host: '', server: 0 };
  private time: Milliseconds = NaN;
  private lineNumber = 0;

  constructor(
    private readonly sink: Sink,
    reader?: SyslogReader,
  ) {
    this.syslog = new SyslogLine((host, program) => writerOf(host, program, sink), reader);
    this.sessions = new IdTable(sink, {
      limit: mostSessions,
      fields: sessionFields,
      evicted: (session) => session.failed,
    });
    this.state = { sessions: this.sessions };
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const { sink, syslog } = this;
    this.lineNumber = line;
    if (sink.account !== this.account) {
      this.account = sink.account;
      this.bare = isBareLog(this.account.file.head);
    }
    if (this.bare) {
      this.time = sink.account.file.modified ?? 0;
      if (sink.host !== this.from.host) this.from = writerOf(sink.host, 'smtpd', sink);
      const read = this.whole(bytes, start, start, end);
      if (read === Verdict.used && isOfMail(this.entry.topic)) sink.note('bad-time', line);
      return read;
    }
    const verdict = prefixVerdict(syslog.read(bytes, start, end, sink.time), sink, line);
    if (verdict !== undefined) return verdict;
    this.time = syslog.time;
    const { bytes: b, textStart: p, end: e, source } = syslog;
    this.from = source;
    if (source.isOurs) return this.whole(b, syslog.start, p, e);
    return holdsEntry(b, this.view.of(b), p, e) ? sink.skip('bad-line', line) : Verdict.context;
  }

  /** A line whose text begins at `p`. It may hold another one that can't be read: that is told, whatever it says itself. */
  private whole(b: Uint8Array, s: number, p: number, e: number): Verdict {
    const v = this.view.of(b);
    const damaged = holdsOtherLine(b, v, s, p, e) || holdsEntry(b, v, Math.min(p + 17, e), e);
    const verdict = this.text(b, p, e);
    if (!damaged || verdict === Verdict.skipped || verdict === Verdict.unresolved) return verdict;
    if (verdict === Verdict.context) return this.sink.skip('bad-line', this.lineNumber);
    this.sink.note('bad-line', this.lineNumber);
    return verdict;
  }

  private text(b: Uint8Array, p: number, e: number): Verdict {
    const { entry, sink, lineNumber } = this;
    if (!entry.read(b, p, e)) return isRemark(b, p, e) ? Verdict.context : sink.skip('bad-line', lineNumber);
    switch (entry.topic) {
      case Topic.other:
        return Verdict.context;
      case Topic.unreadable:
        return sink.skip('bad-line', lineNumber);
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
    const { id } = this;
    const known = sessions.get(id);
    // It begins where it connects, unless it goes on in clear after a handshake that has failed.
    const begins =
      entry.topic === Topic.connecting && (!this.isInClear(b, entry.fields, e) || (known === undefined && sink.first));
    if (known && !begins) return known;
    if (!begins && sessions.mayHaveBegunEarlier(id)) return undefined;
    // The id of a handshake may be damaged; then it is missing from the session that it belongs to.
    if (entry.topic === Topic.tls) sink.note('session-began-earlier', this.lineNumber);
    const session = newSession(begins ? TlsCode.none : TlsCode.unknown);
    if (entry.topic !== Topic.disconnected) sessions.open(id, session, this.lineNumber);
    return session;
  }

  /** The session of the entry among those of all hosts. */
  private get id(): string {
    return `${this.from.host} ${this.entry.session}`;
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
        return this.handshake(session, b, p, e);
      case Topic.connecting:
        return this.connecting(session, b, p, e);
      case Topic.downgraded:
        session.downgraded = true;
        return Verdict.used;
      case Topic.error:
        session.failed = true;
        return Verdict.context;
      default:
        this.sessions.close(this.id);
        return Verdict.context;
    }
  }

  /** `address=192.0.2.1 host=name`; 5.x: `from host name [192.0.2.1]`. */
  private connected(b: Uint8Array, p: number, e: number): Verdict {
    const { entry, fields, peer } = this;
    const session = newSession(TlsCode.none, this.sink.tlsAt());
    if (entry.old) {
      const name = p + (startsWith(b, p, 'from host ') ? 10 : 0);
      let q = name;
      while (q < e && b[q] !== Byte.space) q++;
      peer.name(b, name, q);
      peer.address(b, q + 1, e);
    } else {
      if (!fields.find(b, p, e, 'address')) return this.sink.skip('bad-line', this.lineNumber);
      peer.address(b, fields.start, fields.end);
      if (!fields.find(b, p, e, 'host')) return this.sink.skip('bad-line', this.lineNumber);
      peer.name(b, fields.start, fields.end);
    }
    session.local = peer.addressEnd - peer.addressStart === 5 && startsWith(b, peer.addressStart, 'local');
    this.place(session, b);
    this.sessions.open(this.id, session, this.lineNumber);
    return Verdict.used;
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
  private connecting(session: OpensmtpdSession, b: Uint8Array, p: number, e: number): Verdict {
    const { entry, fields } = this;
    let s = p;
    if (!entry.old) {
      if (!fields.find(b, p, e, 'address')) return this.sink.skip('bad-line', this.lineNumber);
      s = fields.start;
    }
    if (!isUrl(b, s, e)) return this.sink.skip('bad-line', this.lineNumber);
    // Version 5 calls opportunistic TLS smtp+tls and mandatory TLS tls.
    const demanded =
      startsWith(b, s, 'smtps://') || (entry.old ? startsWith(b, s, 'tls://') : startsWith(b, s, 'smtp+tls://'));
    session.forced = demanded ? ForcedCode.yes : ForcedCode.no;
    session.tls = demanded ? TlsCode.tls : TlsCode.none;
    session.cipher = 0;
    session.tlsAt = this.sink.tlsAt();
    session.internal = startsWith(b, s, 'lmtp');
    return Verdict.used;
  }

  /**
   * `ciphers=TLSv1.3:TLS_AES_256_GCM_SHA384:256`; before 6.4 `version=TLSv1.2, cipher=…, bits=…`, with `ciphers="`
   * before it or not.
   */
  private handshake(session: OpensmtpdSession, b: Uint8Array, p: number, e: number): Verdict {
    const { version, cipher } = handshakeOf(decode(b.subarray(p, Math.min(e, p + 256))));
    const code = tlsVersion(version);
    session.tls = code === undefined || code === TlsCode.none ? TlsCode.tls : withSuite(code, cipher);
    session.cipher = this.sink.words.ciphers.internText(cipher);
    session.downgraded = false;
    session.tlsAt = this.sink.tlsAt();
    // The handshake itself is certain, whatever has become of the rest.
    if (version === '') this.sink.note('bad-line', this.lineNumber);
    return Verdict.used;
  }

  /** `msgid=… size=… nrcpt=… proto=…`; before 6.4 a line for each recipient. */
  private message(session: OpensmtpdSession, b: Uint8Array, p: number, e: number): Verdict {
    const { fields, sink, entry } = this;
    if (session.local) return Verdict.context;
    const id = entry.old ? hex(b, p) : this.hexField(b, p, e, 'msgid');
    const size = fields.find(b, p, e, 'size') ? fields.number(b) : -1;
    if (Number.isNaN(id) || size < 0 || !hasProtocol(fields, b, p, e))
      return sink.skip('unfinished-record', this.lineNumber);
    const recipients = fields.find(b, p, e, 'nrcpt') || fields.find(b, p, e, 'nrcpts') ? fields.number(b) : 1;
    if (recipients < 0) return sink.skip('bad-number', this.lineNumber);
    const again = session.message === id && session.result === 1;
    session.message = id;
    session.result = 1;
    if (session.tls === TlsCode.unknown) sink.note('session-began-earlier', this.lineNumber);
    this.add({
      direction: session.internal ? DirectionCode.internal : DirectionCode.inbound,
      outcome: OutcomeCode.accepted,
      tls: session.tls,
      tlsAt: session.tlsAt,
      cipher: session.cipher,
      remote: session.remote,
      address: session.address,
      count: again ? 0 : 1,
      recipients,
      bytes: again ? 0 : size,
    });
    return Verdict.used;
  }

  /** `evpid=… from=<…> to=<…> rcpt=<…> source="…" relay="…" delay=… result="Ok" stat="…"`; 5.x has the result first. */
  private relayed(session: OpensmtpdSession, b: Uint8Array, p: number, e: number): Verdict {
    const { fields, sink, entry, peer } = this;
    const outcome = this.outcome(b, p, e);
    const id = entry.old ? messageOf(b, p, e) : this.hexField(b, p, e, 'evpid');
    if (outcome === undefined || Number.isNaN(id) || !hasAnswer(fields, b, p, e) || !fields.find(b, p, e, 'relay'))
      return sink.skip('unfinished-record', this.lineNumber);
    peer.relay(b, fields.start, entry.old ? commaAt(b, fields.end, e) : fields.end);
    const again = this.isAgain(session, id, b, p, e);
    this.place(session, b);
    const accepted = outcome === OutcomeCode.accepted;
    const tls = this.tlsOfAttempt(session, accepted, b, p, e);
    const isInClear = accepted && session.downgraded && tls === TlsCode.none;
    if (accepted && tls === TlsCode.unknown) sink.note('session-began-earlier', this.lineNumber);
    this.add({
      direction: session.internal ? DirectionCode.internal : DirectionCode.outbound,
      outcome,
      tls,
      fault: isInClear ? FaultCode.clearAfterFailedHandshake : FaultCode.none,
      forced: session.forced,
      tlsAt: session.tlsAt,
      cipher: session.cipher,
      remote: session.remote,
      address: session.address,
      count: again ? 0 : 1,
    });
    return Verdict.used;
  }

  /** What is known of the TLS of an attempt. Where it failed, the other server must have answered for that to mean anything. */
  private tlsOfAttempt({ tls }: OpensmtpdSession, accepted: boolean, b: Uint8Array, p: number, e: number): TlsCode {
    if (accepted) return tls;
    const isKnown = tls === TlsCode.none ? isAnswered(this.fields, b, p, e) : tls !== TlsCode.tls;
    return isKnown ? tls : TlsCode.unknown;
  }

  /** Counts what the line says; what is left out is not known. */
  private add(stated: Pick<MailEvent, 'direction' | 'outcome'> & Partial<MailEvent>): void {
    this.sink.add({
      ...blankEvent(),
      tls: TlsCode.unknown,
      forced: ForcedCode.unknown,
      type: TypeCode.unknown,
      count: 1,
      recipients: 1,
      time: this.time,
      line: this.lineNumber,
      server: this.from.server,
      ...stated,
    });
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
    if (outcome === undefined || !hasAnswer(this.fields, b, p, e))
      return this.sink.skip('unfinished-record', this.lineNumber);
    this.add({ direction: DirectionCode.internal, outcome });
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
