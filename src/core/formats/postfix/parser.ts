import type { IdMap } from '../../cubebuilder';
import type { Milliseconds } from '../../model';
import type { FileAccount, Sink } from '../../sink';
import { four, fourAt, hashOf, startsWith } from '../../text/ascii';
import { journalLine, JournalRecords, RecordPart } from '../../text/journal';
import { Prefix, SyslogReader } from '../../text/syslog';
import { Words, decode } from '../../text/words';
import { Verdict, type Parser } from '../format';
import { DeliveryLine } from './delivery';
import { formOf, Form } from './form';
import { HandshakeLine, relayEnd } from './handshake';
import { Inbound } from './inbound';
import { Outbound } from './outbound';
import { Relays } from './peers';
import { Daemon, Programs, type Program } from './programs';
import { SessionEnd } from './session';

const conn = four('conn'), disc = four('disc'), ect = four('ect '), from = four('from');

/** A mail server: its processes and queue ids are its own. */
interface Host { inbound: Inbound; outbound: Outbound; connectors: number[] }

/** Reads Postfix logs in every form that syslog daemons and journalctl give them. */
export class PostfixParser implements Parser {
  /** They end the records of `journalctl -o export`. */
  readonly blankLines = true;
  private readonly prefix = new SyslogReader();
  private readonly delivery = new DeliveryLine();
  private readonly programs = new Programs();
  private readonly relays: Relays;
  private readonly tls: HandshakeLine;
  private readonly hostNames = new Words(10_000);
  private readonly hosts: (Host | undefined)[] = [];
  private account: FileAccount | undefined;
  private form = Form.lines;
  private records: JournalRecords | undefined;

  constructor(private readonly sink: Sink) {
    this.relays = new Relays(sink);
    this.tls = new HandshakeLine(sink.words);
  }

  line(b: Uint8Array, s: number, e: number, line: number): Verdict {
    if (this.sink.account !== this.account) this.open(this.sink.account);
    if (this.form === Form.lines) return s >= e ? Verdict.context : b[s] === 123 ? this.json(b, s, e, line) : this.syslog(b, s, e, line);
    return this.form === Form.texts ? this.bare(b, s, e, line) : this.record(b, s, e, line);
  }

  join(right: Parser, ids: IdMap, shift: readonly number[]): void {
    const other = right as PostfixParser;
    const map = { ids, shift, programs: this.programs.join(other.programs), relays: this.relays.join(other.relays, ids) };
    const names = this.hostNames.absorb(other.hostNames);
    other.hosts.forEach((theirs, id) => {
      if (!theirs) return;
      const own = this.hosts[names[id]] ??= this.newHost(names[id], theirs.outbound.began);
      own.inbound.join(theirs.inbound, map);
      own.outbound.join(theirs.outbound, map);
    });
    if (other.records) (this.records ??= new JournalRecords(other.records.pretty)).join(other.records, shift, () => this.noteCut());
  }

  finish(): void {
    if (this.records?.incomplete) this.noteCut();
    for (const host of this.hosts) host?.inbound.finish();
  }

  advice(): string[] {
    return [
      ...(this.hosts.some((host) => host?.inbound.hidden) ? ['postfix-smtpd-tls-loglevel'] : []),
      ...(this.hosts.some((host) => host?.outbound.hidden) ? ['postfix-smtp-tls-loglevel'] : []),
    ];
  }

  private open(account: FileAccount): void {
    this.account = account;
    this.form = formOf(account.file.head);
  }

  private syslog(b: Uint8Array, s: number, e: number, line: number): Verdict {
    const x = this.prefix;
    switch (x.read(b, s, e, this.sink.time)) {
      case Prefix.badLine: return this.sink.skip('bad-line', line);
      case Prefix.badTime: return this.sink.skip('bad-time', line);
      case Prefix.remark: return Verdict.context;
      case Prefix.program: break;
    }
    const hostId = this.hostNames.intern(b, x.hostStart, x.hostEnd);
    if (hostId === 1) return this.sink.skip('too-many-names', line);
    const host = this.hosts[hostId] ??= this.newHost(hostId, x.time);
    const program = this.programs.at(b, x.programStart, x.programEnd);
    if (program.daemon === Daemon.other) return Verdict.context;
    const verdict = this.text(b, x.textStart, e, host, program, x.pid, x.time, line);
    if (x.pid < 0 && verdict === Verdict.used) this.sink.note('no-process-id', line);
    return verdict;
  }

  /** `journalctl -o json`: one entry a line. */
  private json(b: Uint8Array, s: number, e: number, line: number): Verdict {
    let fields: unknown;
    try { fields = JSON.parse(decode(b.subarray(s, e))); } catch { return this.sink.skip('bad-json', line); }
    const bytes = journalLine(fields as Record<string, unknown>);
    return bytes ? this.syslog(bytes, 0, bytes.length, line) : Verdict.context;
  }

  /** `journalctl -o json-pretty` and `-o export`: entries of many lines. What is deferred is kept as one line of syslog. */
  private record(b: Uint8Array, s: number, e: number, line: number): Verdict {
    if (b[s] >= 48 && b[s] <= 57) return this.syslog(b, s, e, line);
    const { sink } = this;
    const records = this.records ??= new JournalRecords(this.form === Form.pretty);
    switch (records.line(b, s, e, line, sink.account.file.index, () => this.noteCut())) {
      case RecordPart.earlier: return sink.first || records.begun ? sink.skip('bad-line', line) : Verdict.deferred;
      case RecordPart.inside: return Verdict.context;
      case RecordPart.broken: return sink.skip('bad-json', line);
      case RecordPart.complete: break;
    }
    const bytes = journalLine(records.fields);
    if (!bytes) return Verdict.context;
    const verdict = this.syslog(bytes, 0, bytes.length, line);
    if (verdict === Verdict.deferred) sink.instead = bytes;
    return verdict;
  }

  /** `journalctl -o cat`: neither time nor host nor process. Messages are counted at the file's time of change; TLS stays unknown. */
  private bare(b: Uint8Array, s: number, e: number, line: number): Verdict {
    if (s >= e) return Verdict.context;
    const time = this.sink.account.file.modified ?? 0;
    const host = this.hosts[0] ??= this.newHost(0, time);
    const verdict = this.text(b, s, e, host, this.programs.unnamed, -1, time, line);
    if (verdict === Verdict.used) { this.sink.note('no-process-id', line); this.sink.note('bad-time', line); }
    return verdict;
  }

  /** The text of a line behind the program's name: it says by its first letters what it is. */
  private text(b: Uint8Array, p: number, e: number, host: Host, program: Program, pid: number, time: Milliseconds, line: number): Verdict {
    const { daemon } = program;
    const { tls } = this;
    const any = daemon === Daemon.unnamed;
    const c = b[p];
    if (daemon === Daemon.smtpd || any) {
      switch (c) {
        case 99: if (fourAt(b, p) === conn && fourAt(b, p + 4) === ect && fourAt(b, p + 8) === from) return host.inbound.connect(pid, program); break;
        case 100: if (fourAt(b, p) === disc && fourAt(b, p + 7) === ect && fourAt(b, p + 11) === from) return host.inbound.disconnect(pid, program, countersOf(b, p + 16, e)); break;
        case 78: case 112: {
          const q = startsWith(b, p, 'NOQUEUE: ') ? p + 9 : p;
          if (q > p && startsWith(b, q, 'client=')) return host.inbound.proxyClient(pid, program, b, q + 7, fieldEnd(b, q + 7, e), time, line);
          if (startsWith(b, q, 'proxy-accept: END-OF-MESSAGE: 2')) return host.inbound.proxyAccept(pid, program, time, line);
          break;
        }
        case 65: case 84: case 85: case 86:
          if (tls.read(b, p, e, true)) return host.inbound.handshake(pid, program, tls.tls, tls.cipher, hashOf(b, tls.peerStart, tls.peerEnd), time);
      }
    }
    if (daemon === Daemon.smtp || any) {
      if ((c === 84 || c === 85 || c === 86 || c === 65) && tls.read(b, p, e, false)) {
        host.outbound.handshake(pid, this.relays.id(b, tls.peerStart, tls.peerEnd), tls.tls, tls.cipher);
        return Verdict.context;
      }
      if (c === 83 && startsWith(b, p, 'SSL_connect error to ')) {
        host.outbound.failedHandshake(pid, this.relays.id(b, p + 21, relayEnd(b, p + 21, e)));
        return Verdict.context;
      }
    }
    const q = queueIdEnd(b, p, e);
    if (q < 0) return Verdict.context;
    switch (b[q + 2]) {
      case 99: // client=
        if ((daemon === Daemon.smtpd || any) && startsWith(b, q + 2, 'client=')) return host.inbound.client(pid, program, b, p, q, q + 9, fieldEnd(b, q + 9, e), time, line);
        return Verdict.context;
      case 102: // from=
        return (daemon === Daemon.queueManager || any) && startsWith(b, q + 2, 'from=<') ? this.active(b, p, q, e, host, line) : Verdict.context;
      case 114: // removed
        if (daemon === Daemon.smtpd || daemon === Daemon.smtp || e - q !== 9 || !startsWith(b, q + 2, 'removed')) return Verdict.context;
        return this.removed(b, p, q, host);
      case 116: // to=
        return (daemon === Daemon.smtp || daemon === Daemon.local || any) && startsWith(b, q + 2, 'to=') ? this.deliver(b, p, q, e, host, program, pid, time, line) : Verdict.context;
      case 117: // uid=
        return (daemon === Daemon.pickup || any) && startsWith(b, q + 2, 'uid=') ? host.inbound.forget(b, p, q) : Verdict.context;
      default: return Verdict.context;
    }
  }

  /** `from=<sender>, size=N, nrcpt=N (queue active)`, read from its end, since the sender is a stranger's text. */
  private active(b: Uint8Array, qs: number, qe: number, e: number, host: Host, line: number): Verdict {
    let p = e - 15;
    if (p <= qe || !startsWith(b, p, ' (queue active)')) return Verdict.context;
    let recipients = 0, bytes = 0, scale = 1;
    for (; b[p - 1] >= 48 && b[p - 1] <= 57; p--) { recipients += (b[p - 1] - 48) * scale; scale *= 10; }
    if (scale === 1 || !startsWith(b, p - 8, ', nrcpt=')) return this.sink.skip('bad-number', line);
    p -= 8;
    scale = 1;
    for (; b[p - 1] >= 48 && b[p - 1] <= 57; p--) { bytes += (b[p - 1] - 48) * scale; scale *= 10; }
    if (scale === 1 || !startsWith(b, p - 7, ', size=')) return this.sink.skip('bad-number', line);
    return host.inbound.active(b, qs, qe, recipients, bytes);
  }

  private removed(b: Uint8Array, qs: number, qe: number, host: Host): Verdict {
    const verdict = host.inbound.forget(b, qs, qe);
    host.outbound.removed(b, qs, qe, verdict === Verdict.deferred);
    return verdict;
  }

  private deliver(b: Uint8Array, qs: number, qe: number, e: number, host: Host, program: Program, pid: number, time: Milliseconds, line: number): Verdict {
    const { delivery } = this;
    if (!delivery.read(b, qe + 2, e)) return this.sink.skip('bad-line', line);
    if (program.daemon === Daemon.local || program.daemon === Daemon.unnamed && !isRelay(b, delivery.relayStart, delivery.relayEnd)) return host.outbound.deliverLocally(delivery, time, line);
    const connector = host.connectors[program.id] ??= program.service === '' ? 0 : this.sink.words.connectors.internText(program.service);
    return host.outbound.deliver(pid, connector, b, qs, qe, delivery, time, line);
  }

  private newHost(id: number, time: Milliseconds): Host {
    const name = this.hostNames.text(id);
    return { inbound: new Inbound(this.sink, this.programs, name), outbound: new Outbound(this.sink, this.relays, name, time), connectors: [] };
  }

  private noteCut(): void { this.sink.note('unfinished-record', this.records!.openLine, this.records!.openFile); }
}

/** The position of the colon behind a queue id, short or long, or -1. */
function queueIdEnd(b: Uint8Array, p: number, e: number): number {
  let q = p;
  for (; q < e; q++) {
    const c = b[q];
    if (!(c >= 48 && c <= 57 || c >= 65 && c <= 90 || c >= 97 && c <= 122)) break;
  }
  return q - p >= 5 && q - p <= 32 && b[q] === 58 && b[q + 1] === 32 && q + 2 < e ? q : -1;
}

function fieldEnd(b: Uint8Array, p: number, e: number): number {
  while (p < e && b[p] !== 44 && b[p] !== 32) p++;
  return p;
}

/** Whether a relay is another host or none; local delivery names its transport or a socket instead. */
function isRelay(b: Uint8Array, s: number, e: number): boolean {
  if (e - s === 4 && startsWith(b, s, 'none')) return true;
  let p = e;
  while (p > s && b[p - 1] >= 48 && b[p - 1] <= 57) p--;
  return p < e && b[p - 1] === 58 && b[p - 2] === 93;
}

/** What the counters behind the client say: `ehlo=2 starttls=1 mail=1 …`; `starttls=0/1` is one that failed. */
function countersOf(b: Uint8Array, p: number, e: number): SessionEnd {
  while (p < e && b[p] !== 32) p++;
  if (p >= e) return SessionEnd.uncounted;
  for (; p < e; p++) {
    if (b[p] !== 32 || b[p + 1] !== 115 || b[p + 2] !== 116 || b[p + 3] !== 97 || !startsWith(b, p + 1, 'starttls=')) continue;
    return b[p + 10] === 48 ? SessionEnd.failedStartTls : SessionEnd.startTls;
  }
  return SessionEnd.plain;
}
