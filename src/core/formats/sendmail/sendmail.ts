/**
 * Sendmail 8 in syslog (Sendmail Installation and Operation Guide, "Log level"), and Proofpoint's, which states TLS in every line.
 *
 * A message has come in where `from=` has a `msgid=`; lines of transactions that came to nothing have none. `proto=ESMTPS` and the like
 * prove TLS, `proto=ESMTP` proves that there was none; the version is that of the process's `STARTTLS=server` line. A hand-over
 * (`to=`, one line for all its recipients) used TLS where the same process has logged `STARTTLS=client` for the same host. Those lines
 * need LogLevel 9, the default; hand-overs in clear are known to be so once the host has shown one of them, else they are unknown.
 *
 * Recipients of an arrival are `nrcpts=`, which counts after aliases. The connector of an arrival is `daemon=`, that of a hand-over
 * `mailer=`; the stock names are none. Local mailers and hops over the loopback address are internal.
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
import type { Sink } from '../../reading/sink';
import { startsWith } from '../../text/ascii';
import { Prefix } from '../../text/syslog';
import { TlsSpellings } from '../../text/tls';
import { Verdict, type Format, type Parser } from '../../reading/format';
import { LoopbackHosts } from '../shared/loopback';
import { duration, SendmailFields, SendmailRelay, wholeNumber } from './fields';
import { Names } from './names';
import { Outcomes } from './outcome';
import { Found, SendmailSessions, Side } from './sessions';
import { SyslogLine, writtenBy } from '../shared/syslogline';

/** What rounding to whole seconds can take from the start of an attempt. */
const rounding = 2_000;
const written = writtenBy('sendmail|sm-mta|sm-msp-queue|sm-[a-z-]+');

export const sendmail: Format = {
  id: 'sendmail',
  name: 'Sendmail',
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
  private readonly proved: boolean[] = [];
  /** TLS was seen or may have been used on a host that does not log it. */
  private readonly silent: boolean[] = [];
  private host = 0;

  constructor(private readonly sink: Sink) {
    this.names = new Names(sink.words.connectors);
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const { syslog, sink, sessions } = this;
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
    const { bytes: b, end: e, time, source } = syslog;
    let p = syslog.textStart;
    if (!source.ours) return Verdict.context;
    this.host = sessions.host = source.host;
    // What came before a segment must learn when the log goes on, so the first line is read there too.
    const opening = Number.isNaN(sessions.began);
    if (opening) sessions.began = time;
    const defer = opening && !sink.first;
    if (b[p] !== 83) {
      const id = queueIdEnd(b, p, e);
      if (id < 0) return defer ? Verdict.unresolved : Verdict.context;
      p = id;
    }
    if (startsWith(b, p, 'STARTTLS=')) {
      this.handshake(b, p + 9, e, syslog.pid, time);
      return defer ? Verdict.unresolved : Verdict.context;
    }
    if (defer) return Verdict.unresolved;
    if (startsWith(b, p, 'from=')) return this.arrival(b, p + 5, e, line);
    return startsWith(b, p, 'to=') ? this.delivery(b, p + 3, e, line) : Verdict.context;
  }

  merge(other: Parser, ids: IdMap): void {
    const right = other as SendmailParser;
    const hosts = this.sessions.join(right.sessions, ids);
    right.proved.forEach((proved, host) => {
      if (proved) this.proved[hosts[host]] = true;
    });
    right.silent.forEach((silent, host) => {
      if (silent) this.silent[hosts[host]] = true;
    });
  }

  finish(): void {
    /* Nothing waits for the end. */
  }

  save(): unknown {
    return { sessions: this.sessions.save(), proved: this.proved, silent: this.silent };
  }

  load(saved: unknown): void {
    const { sessions, proved, silent } = saved as { sessions: unknown; proved: boolean[]; silent: boolean[] };
    const hosts = this.sessions.load(sessions);
    proved.forEach((value, host) => {
      this.proved[hosts[host]] = value;
    });
    silent.forEach((value, host) => {
      this.silent[hosts[host]] = value;
    });
  }

  advice(): string[] {
    return this.silent.some((silent, host) => silent && !this.proved[host]) ? ['sendmail-log-level'] : [];
  }

  /** `STARTTLS=server, relay=…, version=…, verify=…, cipher=…, bits=…`, or `client`. */
  private handshake(b: Uint8Array, p: number, e: number, pid: number, time: number): void {
    const { fields } = this;
    const side = startsWith(b, p, 'server, ') ? Side.server : startsWith(b, p, 'client, ') ? Side.client : Side.old;
    if (side === Side.old) return;
    fields.handshake(b, p + 8, e);
    if (fields.versionStart === 0 || fields.relayStart === 0) return;
    this.proved[this.host] = true;
    this.sink.showsTls(this.evidenceOf(this.host), time);
    this.sessions.open(side, pid, {
      tls: this.version(b, TlsCode.tls),
      cipher: this.cipher(b),
      peer: this.peer(b),
      used: time,
    });
  }

  private arrival(b: Uint8Array, p: number, e: number, line: number): Verdict {
    const {
      fields,
      sink,
      sessions,
      syslog: { pid, time },
    } = this;
    fields.arrival(b, p, e);
    if (fields.relayStart === 0 && fields.messageId) return sink.skip('unfinished-record', line);
    // Programs of the host itself hand over without SMTP.
    if (!fields.messageId || fields.protocolStart === 0) return Verdict.context;
    const peer = this.peer(b);
    if (this.relay.addressStart === 0) return Verdict.context;
    const recipients = wholeNumber(b, fields.recipientsStart, fields.recipientsEnd),
      size = wholeNumber(b, fields.sizeStart, fields.sizeEnd);
    if (recipients < 0 || size < 0) return sink.skip('bad-number', line);
    let tls = fields.versionStart > 0 ? this.version(b, TlsCode.unknown) : TlsCode.none,
      cipher = 0;
    if (fields.versionStart > 0) cipher = tls === TlsCode.none ? 0 : this.cipher(b);
    else if (isOverTls(b, fields.protocolStart, fields.protocolEnd)) {
      const found = sessions.server(pid, peer, time, sink.first);
      if (found === Found.maybeEarlier) return Verdict.unresolved;
      if (found === Found.session) {
        tls = sessions.session.tls;
        cipher = sessions.session.cipher;
      } else {
        tls = TlsCode.tls;
        this.silent[this.host] = true;
        sink.note(pid < 0 ? 'no-process-id' : 'session-began-earlier', line);
      }
    }
    const direction = this.isLoopback(b) ? DirectionCode.internal : DirectionCode.inbound;
    sink.add({
      unit: UnitCode.message,
      direction,
      outcome: OutcomeCode.accepted,
      tls,
      fault: FaultCode.none,
      forced: ForcedCode.unknown,
      type: TypeCode.unknown,
      connector: this.names.daemon(b, fields.daemonStart, fields.daemonEnd),
      cipher,
      remote: peer,
      address: this.address(b),
      evidence: 0,
      time,
      count: 1,
      recipients,
      bytes: size,
      line,
    });
    return Verdict.used;
  }

  private delivery(b: Uint8Array, p: number, e: number, line: number): Verdict {
    const {
      fields,
      sink,
      sessions,
      syslog: { pid, time },
    } = this;
    fields.delivery(b, p, e);
    // Without a mailer nothing was tried: the message waits, or was refused as a whole.
    if (fields.mailerStart === 0)
      return fields.statStart === 0 ? sink.skip('unfinished-record', line) : Verdict.context;
    if (fields.statStart === 0) return sink.skip('unfinished-record', line);
    const outcome = this.outcomes.read(b, fields.statStart, fields.statEnd, fields.dsn);
    if (outcome === undefined) return Verdict.context;
    let direction = DirectionCode.internal,
      tls = TlsCode.unknown,
      cipher = 0,
      remote = 0,
      address = 0,
      evidence = 0;
    if (fields.relayStart > 0 && !this.names.isLocal(b, fields.mailerStart, fields.mailerEnd)) {
      remote = this.peer(b);
      address = this.address(b);
      if (!this.isLoopback(b)) direction = DirectionCode.outbound;
      const start = time - duration(b, fields.xdelayStart, fields.xdelayEnd) - rounding;
      if (fields.versionStart > 0) {
        tls = this.version(b, TlsCode.unknown);
        if (tls !== TlsCode.none) cipher = this.cipher(b);
      } else {
        const found = sessions.client(pid, remote, start, time, sink.first);
        if (found === Found.maybeEarlier) return Verdict.unresolved;
        if (found === Found.session) {
          tls = sessions.session.tls;
          cipher = sessions.session.cipher;
        } else if (pid < 0 || remote === 1 || this.host === 1)
          sink.note(pid < 0 ? 'no-process-id' : 'too-many-names', line);
        else if (sessions.isOld(pid, start, time)) {
          if (outcome === OutcomeCode.accepted) sink.note('session-began-earlier', line);
        } else {
          tls = TlsCode.absent;
          evidence = sink.absent(this.evidenceOf(this.host), time);
          if (outcome === OutcomeCode.accepted) this.silent[this.host] = true;
        }
      }
    }
    const demanded = outcome !== OutcomeCode.accepted && this.outcomes.tlsDemanded;
    if (demanded) {
      tls = TlsCode.none;
      evidence = 0;
      cipher = 0;
    }
    sink.add({
      unit: UnitCode.message,
      direction,
      outcome,
      tls,
      fault: demanded ? FaultCode.requiredTlsNotMet : FaultCode.none,
      forced: demanded ? ForcedCode.yes : ForcedCode.unknown,
      type: TypeCode.unknown,
      connector: this.names.mailer(b, fields.mailerStart, fields.mailerEnd),
      cipher,
      remote,
      address,
      evidence,
      time,
      count: fields.more ? 0 : 1,
      recipients: fields.listed,
      bytes: 0,
      line,
    });
    return Verdict.used;
  }

  /** The host at the other end: its name, else its address; `relay` then holds its parts. */
  private peer(b: Uint8Array): WordId {
    const { fields, relay, sink } = this;
    relay.read(b, fields.relayStart, fields.relayEnd);
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
    return this.spellings.read(b, this.fields.versionStart, this.fields.versionEnd) ?? otherwise;
  }

  private cipher(b: Uint8Array): WordId {
    return this.sink.words.ciphers.intern(b, this.fields.cipherStart, this.fields.cipherEnd);
  }

  private evidenceOf(host: number): number {
    return (this.evidence[host] ??= this.sink.evidence(`sendmail ${this.sessions.hostName(host)}`));
  }
}

/** `sendmail`, and the names that Debian and FreeBSD give to its daemons: `sm-mta`, `sm-msp-queue` … */
function isSendmail(program: string): boolean {
  return program === 'sendmail' || program.startsWith('sm-');
}

/** Where the text behind a queue id begins, or -1. */
function queueIdEnd(b: Uint8Array, p: number, e: number): number {
  let q = p;
  for (; q < e; q++) {
    const c = b[q];
    if (!((c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122))) break;
  }
  return q - p >= 5 && q - p <= 20 && b[q] === 58 && b[q + 1] === 32 ? q + 2 : -1;
}

/** Whether a protocol is one over TLS: `ESMTPS`, `ESMTPSA`, `SMTPS` (RFC 3848). */
function isOverTls(b: Uint8Array, s: number, e: number): boolean {
  const at = b[s] === 69 ? s + 5 : s + 4;
  return at < e && b[at] === 83;
}
