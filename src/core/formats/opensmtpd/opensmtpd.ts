/**
 * OpenSMTPD 5 to 7, in syslog or as `smtpd -d` writes it to the terminal, without time (smtpd(8)).
 *
 * Every entry names its session, and a session logs the host, the handshake and each message, whatever the log's level. So a session
 * that was seen to begin and has no handshake was in clear. It takes several messages; a hand-over has a line for each recipient, with
 * the same message and the same answer.
 *
 * Listeners and actions are not logged, so there are no connectors. That TLS is demanded shows in the address that is connected to:
 * `smtp+tls://` and `smtps://`. Deliveries by programs (mda), LMTP and hops over the loopback address are internal; messages from this
 * host's own programs (`address=local`) are context.
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
import { OpenTable, type OpenEntry } from '../shared/opentable';
import type { FileAccount, Sink } from '../../reading/sink';
import { hashOf, startsWith, ViewOf } from '../../text/ascii';
import { Prefix } from '../../text/syslog';
import { tlsVersion } from '../../text/tls';
import { decode } from '../../text/words';
import { Verdict, type Format, type Head, type Parser } from '../../reading/format';
import { LoopbackHosts } from '../shared/loopback';
import { Entry, hex, Topic } from './entry';
import { OpensmtpdFields, Peer } from './fields';
import { copySession, newSession, type OpensmtpdSession } from './session';
import { SyslogLine, writtenBy } from '../shared/syslogline';

/** Most sessions open at once. */
const mostSessions = 100_000;

const written = writtenBy('smtpd|opensmtpd');
/** An entry of OpenSMTPD, whatever stands before it. */
const entry =
  /(?:[0-9a-f]{16} (?:smtp|mta|mda) |smtp-(?:in|out): (?:[A-Z]\w+) |(?:relay|delivery): (?:Ok|TempFail|PermFail) for [0-9a-f]{16}: )/;
const bare = new RegExp(`^${entry.source}|^info: OpenSMTPD `);

export const opensmtpd: Format = {
  id: 'opensmtpd',
  name: 'OpenSMTPD',
  detect,
  parser: (sink) => new OpenSmtpdParser(sink),
};

function detect({ lines }: Head): boolean {
  return (
    isBare(lines) ||
    lines.some((line) => written(line) && (entry.test(line.slice(0, 4096)) || line.includes('OpenSMTPD')))
  );
}

function isBare(lines: readonly string[]): boolean {
  return lines.some((line) => bare.test(line.slice(0, 256)));
}

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
      this.time = this.account.file.modified ?? 0;
      const verdict = this.text(bytes, start, end);
      if (verdict === Verdict.used) sink.note('bad-time', line);
      return verdict;
    }
    switch (syslog.read(bytes, start, end, sink.time)) {
      case Prefix.badTime:
        return sink.skip('bad-time', line);
      case Prefix.badLine:
        return sink.skip('bad-line', line);
      case Prefix.remark:
        return Verdict.context;
      case Prefix.program:
        break;
    }
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
    const { entry, sessions, sink } = this;
    if (!entry.read(b, p, e)) return Verdict.context;
    switch (entry.topic) {
      case Topic.other:
        return Verdict.context;
      case Topic.connected:
        return this.connected(b, entry.fields, e);
      case Topic.delivered:
        return this.delivered(b, entry.fields, e);
      default:
    }
    const nowhere = entry.high === 0 && entry.low === 0;
    let session = nowhere ? undefined : sessions.get(entry.high, entry.low, 0, 0);
    // It begins here, unless it goes on in clear after a handshake that has failed.
    if (
      entry.topic === Topic.connecting &&
      (!this.isInClear(b, entry.fields, e) || (session === undefined && sink.first))
    )
      sessions.set(entry.high, entry.low, 0, 0, (session = newSession(TlsCode.none)));
    if (session === undefined) {
      if (!nowhere && !sink.first) return Verdict.unresolved;
      session = newSession(TlsCode.unknown);
      if (!nowhere && entry.topic !== Topic.disconnected) sessions.set(entry.high, entry.low, 0, 0, session);
    }
    switch (entry.topic) {
      case Topic.tls:
        this.handshake(session, b, entry.fields, e);
        return Verdict.context;
      case Topic.message:
        return this.message(session, b, entry.fields, e);
      case Topic.connecting:
        this.connecting(session, b, entry.fields, e);
        return Verdict.context;
      case Topic.relayed:
        return this.relayed(session, b, entry.fields, e, nowhere);
      case Topic.downgraded:
        session.downgraded = true;
        return Verdict.context;
      case Topic.error:
        session.failed = true;
        return Verdict.context;
      default:
        sessions.delete(entry.high, entry.low, 0, 0);
        return Verdict.context;
    }
  }

  /** `address=192.0.2.1 host=name`; 5.x: `from host name [192.0.2.1]`. */
  private connected(b: Uint8Array, p: number, e: number): Verdict {
    const { entry, fields, peer } = this;
    const session = newSession(TlsCode.none);
    if (entry.old) {
      const name = p + (startsWith(b, p, 'from host ') ? 10 : 0);
      let q = name;
      while (q < e && b[q] !== 32) q++;
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

  /** `address=smtp://192.0.2.1:25 host=name`; 5.x: `smtp://192.0.2.1:25 (name) on session …`. The same session connects again after a failed handshake. */
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

  /** `ciphers=TLSv1.3:TLS_AES_256_GCM_SHA384:256`; before 6.4 `version=TLSv1.2, cipher=…, bits=…`, with `ciphers="` before it or not. */
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
    const id = entry.old ? hex(b, p) : fields.find(b, p, e, 'msgid') ? hex(b, fields.start) : NaN;
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
    });
    return Verdict.used;
  }

  /** `evpid=… from=<…> to=<…> rcpt=<…> source="…" relay="…" delay=… result="Ok" stat="…"`; 5.x has the result first. */
  private relayed(session: OpensmtpdSession, b: Uint8Array, p: number, e: number, nowhere: boolean): Verdict {
    const { fields, sink, entry, peer } = this;
    const outcome = this.outcome(b, p, e);
    const id = entry.old ? messageOf(b, p, e) : fields.find(b, p, e, 'evpid') ? hex(b, fields.start) : NaN;
    if (outcome === undefined || Number.isNaN(id) || !fields.find(b, p, e, 'relay'))
      return sink.skip('unfinished-record', this.lineNumber);
    // A value in quotes may hold spaces; in 5.x it has no quotes, and a comma ends it.
    let relayEnd = fields.end;
    if (entry.old) while (relayEnd < e && b[relayEnd] !== 44) relayEnd++;
    peer.relay(b, fields.start, relayEnd);
    const stat = fields.find(b, p, e, 'stat') ? hashOf(this.view.of(b), fields.start, e) : 0;
    const again = !nowhere && session.message === id && session.result === stat;
    session.message = id;
    session.result = stat;
    this.place(session, b);
    const accepted = outcome === OutcomeCode.accepted;
    const tls = accepted || session.tls !== TlsCode.tls ? session.tls : TlsCode.unknown;
    if (accepted && tls === TlsCode.unknown) sink.note('session-began-earlier', this.lineNumber);
    sink.add({
      unit: UnitCode.message,
      direction: session.internal ? DirectionCode.internal : DirectionCode.outbound,
      outcome,
      tls,
      fault:
        accepted && session.downgraded && tls === TlsCode.none ? FaultCode.clearAfterFailedHandshake : FaultCode.none,
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
    });
    return Verdict.used;
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
    });
    return Verdict.used;
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

/** The message of the envelope in `Ok for 4296f4901f55bdcd: …`, its first eight digits. */
function messageOf(b: Uint8Array, p: number, e: number): WordId {
  while (p < e && b[p] !== 32) p++;
  return hex(b, p + 5);
}
