/**
 * Sendmail 8 in syslog (Sendmail Installation and Operation Guide, "Log level"), and Proofpoint's, which states TLS in
 * every line.
 *
 * A message has come in where `from=` has a `msgid=`; lines of transactions that came to nothing have none.
 * `proto=ESMTPS` and the like prove TLS, `proto=ESMTP` proves that there was none; the version is that of the process's
 * `STARTTLS=server` line. A hand-over (`to=`, one line for all its recipients) used TLS where the same process has
 * logged `STARTTLS=client` for the same host, and a connection that the process keeps (ConnectionCacheTimeout) has it
 * for later messages too. Those lines need LogLevel 9, the default; what their absence means is said by the evidence of
 * the host and program, which has one configuration, from one start (`starting daemon`) to the next.
 *
 * Recipients of an arrival are `nrcpts=`, which counts after aliases. The connector of an arrival is `daemon=`, that of
 * a hand-over `mailer=`; the stock names are none. Local mailers and hops over the loopback address are internal.
 */
import { now, unknownStart } from '../../cube/evidencekey';
import {
  DirectionCode,
  FaultCode,
  ForcedCode,
  OutcomeCode,
  TlsCode,
  TypeCode,
  UnitCode,
  type Milliseconds,
  type PlaceCode,
  type WordId,
} from '../../model';
import { Verdict, type Format, type Parser } from '../../reading/format';
import type { Sink } from '../../reading/sink';
import { startsWith, ViewOf } from '../../text/ascii';
import { wholeNumber } from '../../text/digits';
import { TlsSpellings, withSuite } from '../../text/tls';
import type { SyslogReader } from '../../text/syslog';
import { LoopbackHosts } from '../shared/loopback';
import { holdsOtherLine } from '../shared/otherline';
import { prefixVerdict } from '../shared/prefixverdict';
import type { Stream } from '../syslog/carrier';
import { SyslogLine, writtenBy } from '../shared/syslogline';
import { isProgram, isSendmail, isWholeRelay, protocolOf } from './arrival';
import { duration, SendmailFields, textEntry, type Field } from './fields';
import { SendmailHosts } from './hosts';
import { Names } from './names';
import { endsWithBits, isCutOff, isStart, isTlsFeatures, isTlsRemark, looksLikeFact } from './nearmiss';
import { Outcomes } from './outcome';
import { SendmailRelay } from './relay';
import { Found, SendmailSessions, Side } from './sessions';

/** What rounding to whole seconds can take from the start of an attempt. */
const rounding = 2_000;
const written = writtenBy('sendmail|sm-mta|sm-msp-queue|sm-[a-z-]+');

export const sendmail: Format & Stream = {
  id: 'sendmail',
  name: 'Sendmail',
  repeats: 'lines',
  byServer: true,
  inOrder: true,
  detect: ({ lines }) => lines.some(written),
  owns: isSendmail,
  parser: (sink: Sink, reader?: SyslogReader) => new SendmailParser(sink, reader),
};

class SendmailParser implements Parser {
  private readonly fields = new SendmailFields();
  private readonly relay = new SendmailRelay();
  private readonly sessions = new SendmailSessions();
  private readonly hosts: SendmailHosts;
  readonly state;
  private readonly syslog: SyslogLine<{ ours: boolean; host: number; server: WordId }>;
  private readonly view = new ViewOf();
  private readonly loopback = new LoopbackHosts();
  private readonly spellings = new TlsSpellings();
  private readonly names: Names;
  private readonly outcomes = new Outcomes();
  private host = 0;
  private lineNumber = 0;
  /** What the line says of TLS, set by `arrivalTls` and `deliveryTls`. */
  private tls = TlsCode.unknown;
  private cipher: WordId = 0;
  private absence: WordId = 0;
  private tlsAt: PlaceCode = 0;

  constructor(
    private readonly sink: Sink,
    reader?: SyslogReader,
  ) {
    this.syslog = new SyslogLine((host, program) => {
      const ours = isSendmail(program);
      return { ours, host: ours ? this.hosts.id(host, program) : 1, server: ours ? sink.words.servers.id(host) : 0 };
    }, reader);
    this.names = new Names(sink.words.connectors);
    this.hosts = new SendmailHosts(sink);
    this.state = { hosts: this.hosts, sessions: this.sessions };
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const { syslog, sink, sessions } = this;
    const verdict = prefixVerdict(syslog.read(bytes, start, end, sink.time), sink, line);
    if (verdict !== undefined) return verdict;
    this.lineNumber = line;
    const { bytes: b, textStart: p, end: e } = syslog;
    const damaged = holdsOtherLine(b, this.view.of(b), syslog.start, p, e);
    if (!syslog.source.ours)
      return damaged || looksLikeFact(b, this.view.of(b), p, e, 2) ? sink.skip('bad-line', line) : Verdict.context;
    this.host = sessions.host = syslog.source.host;
    this.hosts.seen(this.host, syslog.time);
    const isOpening = Number.isNaN(sessions.began);
    if (isOpening) sessions.began = syslog.time;
    if (isOpening && !sink.first) {
      // What came before a segment must learn when the log goes on, so its first line is read there too.
      if (this.isOfAllMail()) this.entry();
      return Verdict.unresolved;
    }
    return this.told(this.entry(), damaged);
  }

  finish(): void {
    /* Nothing waits for the end. */
  }

  advice(): string[] {
    return this.hosts.anyHides ? ['sendmail-log-level'] : [];
  }

  /** A line may hold another one that can't be read: that is told, whatever it says itself. */
  private told(verdict: Verdict, damaged: boolean): Verdict {
    if (!damaged) return verdict;
    if (verdict === Verdict.context) return this.sink.skip('bad-line', this.lineNumber);
    if (verdict === Verdict.used) this.sink.note('bad-line', this.lineNumber);
    return verdict;
  }

  /** Reads the text of the line, with or without a queue id before it. */
  private entry(): Verdict {
    const { bytes: b, end: e, textStart, time } = this.syslog;
    const p = textEntry(b, textStart, e);
    if (startsWith(b, p, 'STARTTLS=')) return this.handshake(b, p + 9, e);
    if (p > textStart) {
      if (startsWith(b, p, 'from=')) return this.arrival(b, p + 5, e);
      if (startsWith(b, p, 'to=')) return this.delivery(b, p + 3, e);
    } else if (isStart(b, p, e)) {
      this.hosts.restarted(this.host, time);
      return Verdict.used;
    } else if (isTlsFeatures(b, p, e)) return Verdict.context;
    if (isCutOff(b, textStart, p, e)) return this.sink.skip('unfinished-record', this.lineNumber);
    return this.contextUnless(looksLikeFact(b, this.view.of(b), textStart, e, 1), 'bad-line');
  }

  private contextUnless(isFact: boolean, code: 'bad-line' | 'unfinished-record'): Verdict {
    return isFact ? this.sink.skip(code, this.lineNumber) : Verdict.context;
  }

  /** Whether the line says something of the mail that follows in this segment. */
  private isOfAllMail(): boolean {
    const { bytes: b, end: e, textStart } = this.syslog;
    return startsWith(b, textEntry(b, textStart, e), 'STARTTLS=') || isStart(b, textStart, e);
  }

  /** `STARTTLS=server, relay=…, version=…, verify=…, cipher=…, bits=256/256`, or `client`. */
  private handshake(b: Uint8Array, p: number, e: number): Verdict {
    const { fields } = this;
    const { pid, time } = this.syslog;
    const side = startsWith(b, p, 'server, ') ? Side.server : startsWith(b, p, 'client, ') ? Side.client : Side.old;
    fields.handshake(b, p + 8, e);
    const isWhole =
      side !== Side.old &&
      fields.version.start > 0 &&
      fields.relay.start > 0 &&
      fields.cipher.start > 0 &&
      endsWithBits(b, e);
    // Other lines tell of an error, or of certificates.
    if (!isWhole) return this.contextUnless(!isTlsRemark(b, p, e), 'bad-line');
    const peer = this.peer(b);
    if (this.relay.strange) return this.sink.skip('bad-line', this.lineNumber);
    const { hosts, host, sink } = this;
    hosts.at(host).shown = true;
    // A client does STARTTLS right after it has connected. Of a handshake of our own the hand-over says when it was begun.
    const isSettled = side === Side.server || hosts.isShown(host, time);
    hosts.showsTls(host, time, side === Side.server ? time - rounding : isSettled ? now : unknownStart);
    this.sessions.open(side, pid, {
      tls: this.version(b, TlsCode.tls),
      cipher: this.suite(b),
      peer,
      used: time,
      tlsAt: sink.tlsAt(),
      file: sink.account.file.index,
      line: isSettled ? 0 : sink.line,
    });
    return Verdict.used;
  }

  private arrival(b: Uint8Array, p: number, e: number): Verdict {
    const { fields, sink } = this;
    fields.arrival(b, p, e);
    const isCut = !isWholeRelay(b, fields.relay);
    // Without a message id the transaction came to nothing.
    if (fields.messageId.start === 0)
      return this.contextUnless(
        isCut || fields.strange || !this.hasNumbers(b) || fields.hides(b, p, e, 'msgid'),
        'unfinished-record',
      );
    if (isCut) return sink.skip('unfinished-record', this.lineNumber);
    const peer = this.peer(b);
    // Programs of the host itself hand over without a connection.
    if (isProgram(b, fields.relay)) return Verdict.context;
    if (fields.protocol.start === 0) return sink.skip('unfinished-record', this.lineNumber);
    if (!this.hasNumbers(b)) return sink.skip('bad-number', this.lineNumber);
    if (!this.arrivalTls(b, peer)) return Verdict.unresolved;
    sink.add({
      unit: UnitCode.message,
      direction: this.isLoopback(b) ? DirectionCode.internal : DirectionCode.inbound,
      outcome: OutcomeCode.accepted,
      tls: this.tls,
      fault: FaultCode.none,
      forced: ForcedCode.unknown,
      type: TypeCode.unknown,
      connector: this.names.daemon(b, fields.daemon.start, fields.daemon.end),
      cipher: this.cipher,
      server: this.syslog.source.server,
      remote: peer,
      address: this.address(b),
      evidence: 0,
      time: this.syslog.time,
      count: 1,
      recipients: numberOf(b, fields.recipients),
      bytes: numberOf(b, fields.size),
      line: this.lineNumber,
      tlsAt: this.tlsAt,
    });
    return Verdict.used;
  }

  private hasNumbers(b: Uint8Array): boolean {
    return numberOf(b, this.fields.recipients) >= 0 && numberOf(b, this.fields.size) >= 0;
  }

  /** Finds what an arrival from `peer` used. Returns false where only lines before this segment can tell. */
  private arrivalTls(b: Uint8Array, peer: WordId): boolean {
    const { fields, sink, sessions } = this;
    const { pid, time } = this.syslog;
    if (fields.version.start > 0) return this.stated(b);
    const protocol = protocolOf(b, fields.protocol);
    const found = sessions.server(pid, peer, time, sink.first);
    if (found === Found.maybeEarlier) return false;
    const isSession = found === Found.session;
    if (protocol === TlsCode.tls && isSession)
      return this.showed(sessions.session.tls, sessions.session.cipher, sessions.session.tlsAt);
    if (protocol === TlsCode.tls) {
      this.hosts.at(this.host).silent = true;
      sink.note(pid < 0 ? 'no-process-id' : 'session-began-earlier', this.lineNumber);
      return this.showed(TlsCode.tls, 0);
    }
    // The process has begun TLS with this host, and the protocol says that it has not.
    if (protocol === TlsCode.none && !isSession) return this.showed(TlsCode.none, 0);
    sink.note('bad-line', this.lineNumber);
    return this.showed(TlsCode.unknown, 0);
  }

  private delivery(b: Uint8Array, p: number, e: number): Verdict {
    const { fields, sink } = this;
    fields.delivery(b, p, e);
    const isLocal = this.names.isLocal(b, fields.mailer.start, fields.mailer.end);
    const problem = this.problemOf(b, p, isLocal);
    if (problem) return sink.skip(problem, this.lineNumber);
    // Without a mailer nothing was tried: the message waits, or was refused as a whole.
    const outcome = fields.mailer.start > 0 ? this.outcomes.read(b, fields.stat, fields.dsn) : undefined;
    if (outcome === undefined) return Verdict.context;
    const isRemote = fields.relay.start > 0 && !isLocal;
    const remote = isRemote ? this.peer(b) : 0;
    this.showed(TlsCode.unknown, 0);
    if (isRemote && !this.deliveryTls(b, remote, outcome)) return Verdict.unresolved;
    const isDemanded = this.outcomes.tlsDemanded;
    if (isDemanded) this.showed(TlsCode.none, 0);
    sink.add({
      unit: UnitCode.message,
      direction: isRemote && !this.isLoopback(b) ? DirectionCode.outbound : DirectionCode.internal,
      outcome,
      tls: this.tls,
      fault: isDemanded ? FaultCode.requiredTlsNotMet : FaultCode.none,
      forced: isDemanded ? ForcedCode.yes : ForcedCode.unknown,
      type: TypeCode.unknown,
      connector: this.names.mailer(b, fields.mailer.start, fields.mailer.end),
      cipher: this.cipher,
      server: this.syslog.source.server,
      remote,
      address: isRemote ? this.address(b) : 0,
      evidence: this.absence,
      time: this.syslog.time,
      count: fields.more ? 0 : 1,
      recipients: fields.listed,
      bytes: 0,
      line: this.lineNumber,
      tlsAt: this.tlsAt,
    });
    return Verdict.used;
  }

  /** What is wrong with a hand-over, `to=` of which begins before `p`: a field is missing, or damaged. */
  private problemOf(b: Uint8Array, p: number, isLocal: boolean): 'bad-line' | 'unfinished-record' | undefined {
    const { fields } = this;
    if (fields.stat.start === 0) return 'unfinished-record';
    const isHidden = (key: string) => fields.strange || fields.hides(b, p, fields.stat.start - 5, key);
    if (fields.mailer.start === 0) return fields.relay.start > 0 || isHidden('mailer') ? 'bad-line' : undefined;
    return fields.relay.start === 0 && !isLocal && isHidden('relay') ? 'bad-line' : undefined;
  }

  /** Finds what a hand-over to `remote` used. Returns false where only lines before this segment can tell. */
  private deliveryTls(b: Uint8Array, remote: WordId, outcome: OutcomeCode): boolean {
    const { fields, sink, sessions, hosts } = this;
    const { pid, time } = this.syslog;
    if (fields.version.start > 0) return this.stated(b);
    const accepted = outcome === OutcomeCode.accepted,
      start = time - duration(b, fields.xdelay.start, fields.xdelay.end) - rounding,
      // No process hands over a message that came later than it: a run of the queue takes what was there.
      began = time - duration(b, fields.delay.start, fields.delay.end) - rounding;
    // The other server was not reached, or is no more.
    if (this.outcomes.isBroken) {
      sessions.closeClient(pid, remote);
      return true;
    }
    const found = sessions.client(pid, remote, start, time, sink.first);
    if (found === Found.maybeEarlier) return false;
    if (found === Found.session) {
      const { session } = sessions;
      if (session.line > 0) hosts.settle(this.host, session.file, session.line, began);
      session.line = 0;
      return this.showed(session.tls, session.cipher, session.tlsAt);
    }
    if (pid < 0) sink.note('no-process-id', this.lineNumber);
    else if (remote === 1 || this.host === 1) sink.note('too-many-names', this.lineNumber);
    else if (this.relay.strange) sink.note('bad-line', this.lineNumber);
    else if (found !== Found.closed && sessions.isOld(pid, start, time)) {
      if (accepted) sink.note('session-began-earlier', this.lineNumber);
    } else if (found !== Found.over) this.inClear(accepted, began);
    return true;
  }

  /** No TLS is shown of a hand-over. Where it failed, the other server must have answered for that to mean anything. */
  private inClear(accepted: boolean, began: Milliseconds): void {
    if (!accepted && this.fields.reply.start === 0) return;
    this.showed(TlsCode.absent, 0);
    this.absence = this.hosts.absent(this.host, this.syslog.time, began);
    if (accepted) this.hosts.at(this.host).silent = true;
  }

  /** Takes what the line itself says, as Proofpoint's do. */
  private stated(b: Uint8Array): boolean {
    const tls = this.version(b, TlsCode.unknown);
    if (tls === TlsCode.unknown) this.sink.note('bad-line', this.lineNumber);
    return this.showed(tls, tls === TlsCode.none ? 0 : this.suite(b));
  }

  private showed(tls: TlsCode, cipher: WordId, tlsAt: PlaceCode = 0): true {
    this.tls = tls;
    this.tlsAt = tlsAt;
    this.cipher = cipher;
    this.absence = 0;
    return true;
  }

  /** The host at the other end: its name, else its address; `relay` then holds its parts. */
  private peer(b: Uint8Array): WordId {
    const { relay, sink } = this;
    relay.read(b, this.fields.relay.start, this.fields.relay.end);
    return relay.nameEnd > relay.nameStart
      ? sink.words.remotes.intern(b, relay.nameStart, relay.nameEnd)
      : sink.words.remotes.intern(b, relay.addressStart, relay.addressEnd);
  }

  /** Its address, for which only the user's own connectors ask. */
  private address(b: Uint8Array): WordId {
    return this.sink.options.rules.length > 0
      ? this.sink.words.addresses.intern(b, this.relay.addressStart, this.relay.addressEnd)
      : 0;
  }

  private isLoopback(b: Uint8Array): boolean {
    const { addressStart, addressEnd, nameStart, nameEnd } = this.relay;
    return this.loopback.has(b, addressStart, addressEnd, nameStart, nameEnd);
  }

  /** The version that the line names, or that its cipher suite proves. */
  private version(b: Uint8Array, otherwise: TlsCode): TlsCode {
    const { start, end } = this.fields.version;
    const tls = this.spellings.read(b, start, end) ?? otherwise;
    return tls === TlsCode.tls ? withSuite(tls, this.sink.words.ciphers.text(this.suite(b))) : tls;
  }

  private suite(b: Uint8Array): WordId {
    const { start, end } = this.fields.cipher;
    return this.sink.words.ciphers.intern(b, start, end);
  }
}

/** `sendmail`, and the names that Debian and FreeBSD give to its daemons: `sm-mta`, `sm-msp-queue` … */
function numberOf(b: Uint8Array, { start, end }: Field): number {
  return wholeNumber(b, start, end);
}
