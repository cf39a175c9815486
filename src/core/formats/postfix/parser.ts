import type { IdMap } from '../../cube/cubebuilder';
import type { FileAccount, Sink } from '../../reading/sink';
import { ViewOf } from '../../text/ascii';
import { isStartOrEnd } from '../shared/syslogline';
import { printOf } from '../../text/fingerprint';
import { hasBadTime, isEntry, journalLine } from '../../text/journal';
import { Prefix, SyslogReader } from '../../text/syslog';
import { Words, decode } from '../../text/words';
import { Verdict, type BlockReader, type Parser } from '../../reading/format';
import { areTexts } from './form';
import { Inbound } from './inbound';
import { MessageReader, reusedMark } from './messages';
import { type Host, type Origin } from './origin';
import { isLeftOfEntry } from './nearmiss';
import { Outbound } from './outbound';
import { Relays } from './peers';
import { Daemon, Programs } from './programs';
import { QuickLines } from './quick';
import { RemovedIds } from './removed';

/** What syslog daemons and the journal say of themselves: repeated lines, marks, reboots. */
const remark = /^(?:<\d+>)?(?:-- |.{0,64}(?:last message repeated \d+ times?|-- MARK --))/;
const mostOfRemark = 256;
/** A host as syslog daemons name it: its name, also in other alphabets, or its address; or none. */
const hostName = /^[\w.:@%[\]()/\u{80}-\u{10ffff}-]*$/u;

/** Reads Postfix logs in every form that syslog daemons and journalctl give them. */
export class PostfixParser implements Parser {
  private readonly view = new ViewOf();
  private programs = new Programs();
  private relays: Relays;
  private messages!: MessageReader;
  private readonly removed = new RemovedIds();
  private hostNames = new Words(10_000);
  private readonly hosts: (Host | undefined)[] = [];
  /** Host and program by `SyslogReader.origin`. */
  private readonly origins: (Origin | undefined)[] = [];
  private account: FileAccount | undefined;
  /** The log is one of `journalctl -o cat`. */
  private texts = false;
  private quick!: QuickLines;

  constructor(
    private readonly sink: Sink,
    private readonly prefix = new SyslogReader(),
  ) {
    this.relays = new Relays(sink);
    this.readMessages();
  }

  get block(): BlockReader {
    if (this.sink.account !== undefined && this.sink.account !== this.account) this.open(this.sink.account);
    return this.quick;
  }

  line(b: Uint8Array, s: number, e: number, line: number): Verdict {
    if (this.sink.account !== this.account) this.open(this.sink.account);
    if (s >= e) return Verdict.context;
    if (this.texts) return this.bare(b, s, e, line);
    return b[s] === 123 ? this.json(b, s, e, line) : this.syslog(b, s, e, line);
  }

  /** When the log of a host begins is told by its first line, which may be one that is not read again here. */
  beforeMerge(right: Parser): void {
    const other = right as PostfixParser;
    const names = this.hostNames.merge(other.hostNames);
    other.hosts.forEach((theirs, id) => {
      if (theirs) this.host(names[id], theirs.outbound.began);
    });
  }

  merge(right: Parser, ids: IdMap, shift: readonly number[]): void {
    const other = right as PostfixParser;
    const map = {
      ids,
      shift,
      programs: this.programs.join(other.programs),
      relays: this.relays.join(other.relays, ids),
    };
    const names = this.hostNames.merge(other.hostNames);
    other.hosts.forEach((theirs, id) => {
      if (!theirs) return;
      const own = this.host(names[id], theirs.outbound.began);
      own.inbound.join(theirs.inbound, map);
      own.outbound.join(theirs.outbound, map);
    });
    this.removed.join(other.removed);
  }

  finish(): void {
    for (const host of this.hosts) host?.inbound.finish();
  }

  save() {
    return {
      programs: this.programs.names,
      relays: this.relays.save(),
      hostNames: this.hostNames,
      removed: this.removed.save(),
      hosts: this.hosts.flatMap((host, id) =>
        host ? [{ id, inbound: host.inbound.save(), outbound: host.outbound.save() }] : [],
      ),
    };
  }

  load(data: unknown): void {
    const saved = data as ReturnType<PostfixParser['save']>;
    this.programs = new Programs(saved.programs);
    this.relays = Relays.load(this.sink, saved.relays);
    this.readMessages();
    this.hostNames = saved.hostNames;
    this.removed.load(saved.removed);
    for (const { id, inbound, outbound } of saved.hosts) {
      const host = this.host(id, outbound.began);
      host.inbound.load(inbound);
      host.outbound.load(outbound);
    }
  }

  advice(): string[] {
    return [
      ...(this.hosts.some((host) => host?.inbound.hidden) ? ['postfix-smtpd-tls-loglevel'] : []),
      ...(this.hosts.some((host) => host?.outbound.hidden) ? ['postfix-smtp-tls-loglevel'] : []),
    ];
  }

  /** Makes what reads messages by the names of relays that are known. */
  private readMessages(): void {
    this.messages = new MessageReader(this.sink, this.relays, this.prefix);
    this.quick = new QuickLines(this.sink, this.prefix, this.relays, this.messages, this.keepMarked.bind(this));
  }

  private open(account: FileAccount): void {
    this.account = account;
    this.texts = areTexts(account.file.head);
    this.quick.open(!this.texts);
  }

  private syslog(b: Uint8Array, s: number, e: number, line: number): Verdict {
    const x = this.prefix;
    const v = this.view.of(b);
    const kind = x.read(b, v, s, e, this.sink.time);
    if (kind !== Prefix.program) return this.unwritten(kind, b, s, e, line);
    const origin = this.origins[x.origin] ?? this.originOf(b);
    if (!origin) return this.sink.skip('bad-line', line);
    if (origin.host === this.hosts[1]) return this.unnamed(b, v, e, origin, line);
    this.quick.learn(b, s, e, origin);
    const verdict = this.messages.read(b, v, x.textStart, e, origin, line);
    if (verdict === Verdict.unresolved && origin.host.outbound.takeMark()) this.keepMarked(b, s, e);
    if (verdict !== Verdict.used) return verdict;
    if (x.pid < 0) this.sink.note('no-process-id', line);
    if (origin.program.daemon === Daemon.unnamed) this.sink.note('no-service-name', line);
    return verdict;
  }

  /**
   * A line of a host that is one too many to have a name here. Such hosts are one, of which messages are put together
   * by their queue ids and nothing else, so that their TLS is unknown.
   */
  private unnamed(b: Uint8Array, v: DataView, e: number, origin: Origin, line: number): Verdict {
    const x = this.prefix;
    x.pid = -1;
    this.messages.salt = printOf(x.names(b).host) | 0;
    const verdict = this.messages.read(b, v, x.textStart, e, origin, line);
    this.messages.salt = 0;
    if (verdict === Verdict.used) this.sink.note('too-many-names', line);
    return verdict;
  }

  /** A line that no program wrote, or of which the program can't be read. */
  private unwritten(kind: Prefix, b: Uint8Array, s: number, e: number, line: number): Verdict {
    if (kind === Prefix.badTime) return this.sink.skip('bad-time', line);
    const text = kind === Prefix.remark ? decode(b.subarray(s, Math.min(e, s + mostOfRemark))) : '';
    return remark.test(text) || isStartOrEnd(text) ? Verdict.context : this.sink.skip('bad-line', line);
  }

  /** Host and program of the line that was just read; undefined where it names no host. */
  private originOf(b: Uint8Array): Origin | undefined {
    const x = this.prefix,
      names = x.names(b);
    if (!hostName.test(names.host)) return undefined;
    const program = this.programs.named(names.program),
      origin = { host: this.host(this.hostNames.internText(names.host), x.time), program };
    if (x.origin > 1 && program.id !== 1) this.origins[x.origin] = origin;
    return origin;
  }

  /** `journalctl -o json`: one entry a line. */
  private json(b: Uint8Array, s: number, e: number, line: number): Verdict {
    let fields: unknown;
    try {
      fields = JSON.parse(decode(b.subarray(s, e)));
    } catch {
      return this.sink.skip('bad-json', line);
    }
    const bytes =
      typeof fields === 'object' && fields !== null ? journalLine(fields as Record<string, unknown>) : undefined;
    return bytes ? this.syslog(bytes, 0, bytes.length, line) : this.entryWithout(fields, line);
  }

  /** An entry without program, time or text. */
  private entryWithout(fields: unknown, line: number): Verdict {
    if (typeof fields === 'object' && fields !== null && hasBadTime(fields as Record<string, unknown>))
      return this.sink.skip('bad-time', line);
    return typeof fields === 'object' && fields !== null && isEntry(fields) && !isLeftOfEntry(fields)
      ? Verdict.context
      : this.sink.skip('bad-json', line);
  }

  /**
   * `journalctl -o cat`: neither time nor host nor process. Messages are counted at the file's time of change; their
   * TLS stays unknown.
   */
  private bare(b: Uint8Array, s: number, e: number, line: number): Verdict {
    if (s >= e) return Verdict.context;
    this.prefix.time = this.sink.account.file.modified ?? 0;
    this.prefix.pid = -1;
    const verdict = this.messages.read(
      b,
      this.view.of(b),
      s,
      e,
      { host: this.host(0, this.prefix.time), program: this.programs.unnamed },
      line,
    );
    if (verdict === Verdict.used) {
      this.sink.note('no-process-id', line);
      this.sink.note('bad-time', line);
    }
    return verdict;
  }

  private host(id: number, time: number): Host {
    const name = this.hostNames.text(id);
    return (this.hosts[id] ??= {
      inbound: new Inbound(this.sink, this.programs, name, time),
      outbound: new Outbound(this.sink, this.removed, name, time),
      connectors: [],
    });
  }

  private keepMarked(b: Uint8Array, s: number, e: number): void {
    const marked = b[e - 1] === reusedMark ? e - s : e - s + 1;
    this.sink.storedInstead = new Uint8Array(marked);
    this.sink.storedInstead.set(b.subarray(s, e));
    this.sink.storedInstead[marked - 1] = reusedMark;
  }
}
