/**
 * Sendmail 8 in syslog (Sendmail Installation and Operation Guide, "Log level"), and Proofpoint's, which states TLS in
 * every line.
 *
 * A message has come in where `from=` has a `msgid=`; lines of transactions that came to nothing have none.
 * `proto=ESMTPS` and the like prove TLS, `proto=ESMTP` proves that there was none; the version is that of the process's
 * `STARTTLS=server` line. A hand-over (`to=`, one line for all its recipients) used TLS where the same process has
 * logged `STARTTLS=client` for the same host. Those lines need LogLevel 9, the default; hand-overs in clear are known
 * to be so once the host has shown one of them, else they are unknown.
 *
 * Recipients of an arrival are `nrcpts=`, which counts after aliases. The connector of an arrival is `daemon=`, that of
 * a hand-over `mailer=`; the stock names are none. Local mailers and hops over the loopback address are internal.
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
  type WordId,
} from '../../model';
import { Verdict, type Format, type Parser } from '../../reading/format';
import type { Sink } from '../../reading/sink';
import { Byte, startsWith } from '../../text/ascii';
import { wholeNumber } from '../../text/digits';
import { TlsSpellings } from '../../text/tls';
import { LoopbackHosts } from '../shared/loopback';
import { prefixVerdict } from '../shared/prefixverdict';
import { SyslogLine, writtenBy } from '../shared/syslogline';
import { duration, SendmailFields, type Field } from './fields';
import { Names } from './names';
import { Outcomes } from './outcome';
import { SendmailRelay } from './relay';
import { Found, SendmailSessions, Side } from './sessions';

/** What rounding to whole seconds can take from the start of an attempt. */
const rounding = 2_000;
const written = writtenBy('sendmail|sm-mta|sm-msp-queue|sm-[a-z-]+');

export const sendmail: Format = {
  id: 'sendmail',
  name: 'Sendmail',
  repeats: 'lines',
  detect: ({ lines }) => lines.some(written),
  parser: (sink) => new SendmailParser(sink),
};

class SendmailParser implements Parser {
  private readonly fields = new SendmailFields();
  private readonly relay = new SendmailRelay();
  private readonly sessions = new SendmailSessions();
  private readonly syslog = new SyslogLine((host, program) => ({
    ours: isSendmail(program),
    host: this.sessions.hostId(host),
  }));
  private readonly loopback = new LoopbackHosts();
  private readonly spellings = new TlsSpellings();
  private readonly names: Names;
  private readonly outcomes = new Outcomes();
  /** By host: the evidence that its log shows TLS, and whether it has. */
  private readonly evidence: number[] = [];
  private readonly shown: boolean[] = [];
  /** TLS was seen or may have been used on a host that does not log it. */
  private readonly silent: boolean[] = [];
  private host = 0;
  private lineNumber = 0;
  /** What the line says of TLS, set by `arrivalTls` and `deliveryTls`. */
  private tls = TlsCode.unknown;
  private cipher: WordId = 0;
  private absence: WordId = 0;

  constructor(private readonly sink: Sink) {
    this.names = new Names(sink.words.connectors);
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const { syslog, sink } = this;
    const verdict = prefixVerdict(syslog.read(bytes, start, end, sink.time), sink, line);
    if (verdict !== undefined) return verdict;
    if (!syslog.source.ours) return Verdict.context;
    this.lineNumber = line;
    this.host = this.sessions.host = syslog.source.host;
    const isOpening = Number.isNaN(this.sessions.began);
    if (isOpening) this.sessions.began = syslog.time;
    if (!isOpening || sink.first) return this.entry();
    // What came before a segment must learn when the log goes on, so its first line is read there too.
    if (this.isHandshake()) this.entry();
    return Verdict.unresolved;
  }

  merge(other: Parser, ids: IdMap): void {
    const right = other as SendmailParser;
    const hosts = this.sessions.join(right.sessions, ids);
    right.shown.forEach((shown, host) => {
      if (shown) this.shown[hosts[host]] = true;
    });
    right.silent.forEach((silent, host) => {
      if (silent) this.silent[hosts[host]] = true;
    });
  }

  finish(): void {
    /* Nothing waits for the end. */
  }

  save(): unknown {
    return { sessions: this.sessions.save(), shown: this.shown, silent: this.silent };
  }

  load(saved: unknown): void {
    const { sessions, shown, silent } = saved as { sessions: unknown; shown: boolean[]; silent: boolean[] };
    const hosts = this.sessions.load(sessions);
    shown.forEach((value, host) => {
      this.shown[hosts[host]] = value;
    });
    silent.forEach((value, host) => {
      this.silent[hosts[host]] = value;
    });
  }

  advice(): string[] {
    return this.silent.some((silent, host) => silent && !this.shown[host]) ? ['sendmail-log-level'] : [];
  }

  /** Reads the text of the line, with or without a queue id before it. */
  private entry(): Verdict {
    const { bytes: b, end: e } = this.syslog;
    const p = textStart(b, this.syslog.textStart, e);
    if (p < 0) return Verdict.context;
    if (startsWith(b, p, 'STARTTLS=')) return this.handshake(b, p + 9, e);
    if (startsWith(b, p, 'from=')) return this.arrival(b, p + 5, e);
    return startsWith(b, p, 'to=') ? this.delivery(b, p + 3, e) : Verdict.context;
  }

  private isHandshake(): boolean {
    const { bytes: b, end: e } = this.syslog;
    const p = textStart(b, this.syslog.textStart, e);
    return p >= 0 && startsWith(b, p, 'STARTTLS=');
  }

  /** `STARTTLS=server, relay=…, version=…, verify=…, cipher=…, bits=…`, or `client`. */
  private handshake(b: Uint8Array, p: number, e: number): Verdict {
    const { fields } = this;
    const { pid, time } = this.syslog;
    const side = startsWith(b, p, 'server, ') ? Side.server : startsWith(b, p, 'client, ') ? Side.client : Side.old;
    if (side === Side.old) return Verdict.context;
    fields.handshake(b, p + 8, e);
    if (fields.version.start === 0 || fields.relay.start === 0) return Verdict.context;
    this.shown[this.host] = true;
    this.sink.showsTls(this.evidenceOf(this.host), time);
    this.sessions.open(side, pid, {
      tls: this.version(b, TlsCode.tls),
      cipher: this.suite(b),
      peer: this.peer(b),
      used: time,
    });
    return Verdict.context;
  }

  private arrival(b: Uint8Array, p: number, e: number): Verdict {
    const { fields, sink } = this;
    fields.arrival(b, p, e);
    if (fields.messageId.start === 0) return Verdict.context;
    if (fields.relay.start === 0) return sink.skip('unfinished-record', this.lineNumber);
    // Programs of the host itself hand over without SMTP.
    if (fields.protocol.start === 0) return Verdict.context;
    const peer = this.peer(b);
    if (this.relay.addressStart === 0) return Verdict.context;
    const recipients = numberOf(b, fields.recipients),
      size = numberOf(b, fields.size);
    if (recipients < 0 || size < 0) return sink.skip('bad-number', this.lineNumber);
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
      remote: peer,
      address: this.address(b),
      evidence: 0,
      time: this.syslog.time,
      count: 1,
      recipients,
      bytes: size,
      line: this.lineNumber,
      tlsAt: 0,
    });
    return Verdict.used;
  }

  /** Finds what an arrival from `peer` used. Returns false where only lines before this segment can tell. */
  private arrivalTls(b: Uint8Array, peer: WordId): boolean {
    const { fields, sink, sessions } = this;
    const { pid, time } = this.syslog;
    if (fields.version.start > 0) return this.stated(b);
    this.showed(TlsCode.none, 0);
    if (!isOverTls(b, fields.protocol)) return true;
    const found = sessions.server(pid, peer, time, sink.first);
    if (found === Found.maybeEarlier) return false;
    if (found === Found.session) return this.showed(sessions.session.tls, sessions.session.cipher);
    this.silent[this.host] = true;
    sink.note(pid < 0 ? 'no-process-id' : 'session-began-earlier', this.lineNumber);
    return this.showed(TlsCode.tls, 0);
  }

  private delivery(b: Uint8Array, p: number, e: number): Verdict {
    const { fields, sink } = this;
    fields.delivery(b, p, e);
    if (fields.stat.start === 0) return sink.skip('unfinished-record', this.lineNumber);
    // Without a mailer nothing was tried: the message waits, or was refused as a whole.
    if (fields.mailer.start === 0) return Verdict.context;
    const outcome = this.outcomes.read(b, fields.stat, fields.dsn);
    if (outcome === undefined) return Verdict.context;
    const isRemote = fields.relay.start > 0 && !this.names.isLocal(b, fields.mailer.start, fields.mailer.end);
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
      remote,
      address: isRemote ? this.address(b) : 0,
      evidence: this.absence,
      time: this.syslog.time,
      count: fields.more ? 0 : 1,
      recipients: fields.listed,
      bytes: 0,
      line: this.lineNumber,
      tlsAt: 0,
    });
    return Verdict.used;
  }

  /** Finds what a hand-over to `remote` used. Returns false where only lines before this segment can tell. */
  private deliveryTls(b: Uint8Array, remote: WordId, outcome: OutcomeCode): boolean {
    const { fields, sink, sessions } = this;
    const { pid, time } = this.syslog;
    if (fields.version.start > 0) return this.stated(b);
    const start = time - duration(b, fields.xdelay.start, fields.xdelay.end) - rounding;
    const found = sessions.client(pid, remote, start, time, sink.first);
    if (found === Found.maybeEarlier) return false;
    if (found === Found.session) return this.showed(sessions.session.tls, sessions.session.cipher);
    if (pid < 0) sink.note('no-process-id', this.lineNumber);
    else if (remote === 1 || this.host === 1) sink.note('too-many-names', this.lineNumber);
    else if (!sessions.isOld(pid, start, time)) {
      this.showed(TlsCode.absent, 0);
      this.absence = sink.absent(this.evidenceOf(this.host), time);
      if (outcome === OutcomeCode.accepted) this.silent[this.host] = true;
    } else if (outcome === OutcomeCode.accepted) sink.note('session-began-earlier', this.lineNumber);
    return true;
  }

  /** Takes what the line itself says, as Proofpoint's do. */
  private stated(b: Uint8Array): boolean {
    const tls = this.version(b, TlsCode.unknown);
    return this.showed(tls, tls === TlsCode.none ? 0 : this.suite(b));
  }

  private showed(tls: TlsCode, cipher: WordId): true {
    this.tls = tls;
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

  private version(b: Uint8Array, otherwise: TlsCode): TlsCode {
    const { start, end } = this.fields.version;
    return this.spellings.read(b, start, end) ?? otherwise;
  }

  private suite(b: Uint8Array): WordId {
    const { start, end } = this.fields.cipher;
    return this.sink.words.ciphers.intern(b, start, end);
  }

  private evidenceOf(host: number): number {
    return (this.evidence[host] ??= this.sink.evidence(`sendmail ${this.sessions.hostName(host)}`));
  }
}

/** `sendmail`, and the names that Debian and FreeBSD give to its daemons: `sm-mta`, `sm-msp-queue` … */
function isSendmail(program: string): boolean {
  return program === 'sendmail' || program.startsWith('sm-');
}

/** Where the text behind a queue id begins, or that of a line without one, `STARTTLS=…`; -1 in other lines. */
function textStart(b: Uint8Array, p: number, e: number): number {
  if (b[p] === 83) return p;
  let q = p;
  while (q < e && isLetterOrDigit(b[q])) q++;
  return q - p >= 5 && q - p <= 20 && b[q] === Byte.colon && b[q + 1] === Byte.space ? q + 2 : -1;
}

function isLetterOrDigit(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122);
}

/** Whether a protocol is one over TLS: `ESMTPS`, `ESMTPSA`, `SMTPS` (RFC 3848). */
function isOverTls(b: Uint8Array, { start, end }: Field): boolean {
  const at = b[start] === 69 ? start + 5 : start + 4;
  return at < end && b[at] === 83;
}

function numberOf(b: Uint8Array, { start, end }: Field): number {
  return wholeNumber(b, start, end);
}
