/**
 * The main log of Exim (Exim specification, chapter "Log files"): in its own files, in syslog, with every log_selector.
 *
 * What a line proves of TLS: `X=` names version and cipher suite; without it `CV=`, or an `s` behind the `smtp` of
 * `P=`, shows TLS of unknown version. A plain `P=` means none. A delivery without any sign means none as well, because
 * Exim logs `X=` and `CV=` unless it was told not to; a log in which an arrival over TLS shows neither proves that it
 * was told so, and such deliveries are unknown.
 *
 * Recipients of an arrival are those of `for` (`+received_recipients`). Where that is off, they are the different
 * addresses that the message's deliveries, failures and delays name, before aliases; at least one.
 *
 * Arrivals over SMTP have no connector; that of a delivery is its transport (`T=`), where `remote_smtp`, the stock one,
 * is none. Local deliveries, hops over the loopback address and transports for LMTP are internal. Refused commands are
 * no messages: they are context, as are failures and delays that name no host.
 */
import type { IdMap } from '../../cube/cubebuilder';
import { OutcomeCode, type Milliseconds, type WordId } from '../../model';
import { Verdict, type Format, type Parser } from '../../reading/format';
import type { Sink } from '../../reading/sink';
import { Byte } from '../../text/ascii';
import type { SyslogReader } from '../../text/syslog';
import { OpenTable, type OpenEntry } from '../shared/opentable';
import { prefixVerdict } from '../shared/prefixverdict';
import type { Stream } from '../syslog/carrier';
import { SyslogLine } from '../shared/syslogline';
import { detect, isContinuation } from './detect';
import { Events } from './events';
import { EximFields, isWholeArrival, isWholeDelivery } from './fields';
import { keyOf, lastOf, MessageId, serverOf } from './id';
import { addressNumber, bystander, copyMessage, mention, type EximMessage } from './message';
import { holdsAnother, holdsEntry, isDiscarded, isNearMiss } from './nearmiss';
import { Parts, Piece, joined } from './parts';
import { clearHost, isCompleted, isRestart, isTlsDemanded } from './phrases';
import { StampReader } from './prefix';

/** Most messages in the queue that are remembered at once. */
const mostMessages = 200_000;

/** The two characters of a flag. */
const enum Flag {
  arrival = 0x3c3d,
  fakeReject = 0x283d,
  delivery = 0x3d3e,
  more = 0x2d3e,
  cutThrough = 0x3e3e,
  suppressed = 0x2a3e,
  failed = 0x2a2a,
  delayed = 0x3d3d,
}

export const exim: Format & Stream = {
  id: 'exim',
  name: 'Exim',
  repeats: 'lines',
  byServer: true,
  inOrder: true,
  detect,
  owns: isExim,
  parser: (sink: Sink, reader?: SyslogReader) => new EximParser(sink, reader),
};

/** By server, the id of its latest cut-through delivery. */
type Cuts = Map<WordId, readonly number[]>;

/** The open state as data. */
interface Saved {
  messages: OpenEntry<EximMessage>[];
  pieces: ReturnType<Parts['save']>;
  cuts: Cuts;
  versionless: boolean;
}

class EximParser implements Parser {
  private readonly stamp = new StampReader();
  private readonly syslog: SyslogLine<{ isExim: boolean; host: string; server: WordId; name: string }>;
  private readonly parts: Parts;
  private readonly id = new MessageId();
  private readonly fields = new EximFields();
  private readonly events: Events;
  private readonly messages: OpenTable<EximMessage>;
  /** Lines of the same message follow a cut-through delivery when it has several recipients. */
  private cuts: Cuts = new Map();
  private lineNumber = 0;
  private time: Milliseconds = NaN;
  /** The host that wrote the line; empty in Exim's own files, which name none. */
  private source = '';
  private server: WordId = 0;

  constructor(
    private readonly sink: Sink,
    reader?: SyslogReader,
  ) {
    this.syslog = new SyslogLine(
      (host, program) => ({
        isExim: isExim(program),
        host,
        server: sink.words.servers.id(host),
        name: `${host} ${program}`,
      }),
      reader,
    );
    this.parts = new Parts(sink);
    this.events = new Events(sink, this.fields);
    this.messages = new OpenTable(mostMessages, () => sink.note('join-evicted', this.lineNumber));
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    this.lineNumber = line;
    if (StampReader.looksLike(bytes, start, end)) {
      if (!this.stamp.read(bytes, start, end, this.sink.time)) return this.sink.skip('bad-time', line);
      this.time = this.stamp.time;
      this.isBy(this.sink.host);
      return this.entry(bytes, this.stamp.end, end);
    }
    if (isContinuation(bytes, start, end))
      return holdsAnother(bytes, start, end) ? this.sink.skip('bad-line', line) : Verdict.context;
    return this.fromSyslog(bytes, start, end);
  }

  /** A line without host, in a box by this one. */
  private isBy(host: string): void {
    if (host === this.source) return;
    this.source = host;
    this.server = this.sink.words.servers.id(host);
  }

  /**
   * The message that the line is about, unless nothing is known of it: one of its host, or one that began where lines
   * named none.
   */
  private get message(): EximMessage | undefined {
    const { a, b, c, d } = this.id,
      own = this.messages.get(a, b, c, keyOf(this.server, d));
    return own ?? (this.server === 0 ? undefined : this.messages.get(a, b, c, keyOf(0, d)));
  }

  private set message(message: EximMessage) {
    const { a, b, c, d } = this.id;
    this.messages.set(a, b, c, keyOf(this.server, d), message);
  }

  /** A line of syslog: Exim's text, with or without its own stamp, whole or in pieces. */
  private fromSyslog(bytes: Uint8Array, start: number, end: number): Verdict {
    const { sink, lineNumber } = this;
    const verdict = prefixVerdict(this.syslog.read(bytes, start, end, sink.time), sink, lineNumber);
    if (verdict === Verdict.context && holdsEntry(bytes, start, end)) return sink.skip('bad-line', lineNumber);
    if (verdict !== undefined) return verdict;
    const { source, bytes: b, textStart: p, end: e, pid } = this.syslog;
    if (!source.isExim) return holdsAnother(b, p, e) ? sink.skip('bad-line', lineNumber) : Verdict.context;
    this.source = source.host;
    this.server = source.server;
    switch (this.parts.read(b, p, e, () => `${source.name} ${pid}`, lineNumber)) {
      case Piece.whole:
        return this.stamped(b, p, e);
      case Piece.inside:
      case Piece.continuation:
        return Verdict.context;
      case Piece.headless:
        return sink.first ? sink.skip('unfinished-record', lineNumber) : Verdict.unresolved;
      case Piece.complete: {
        const verdict = this.stamped(this.parts.text, 0, this.parts.text.length);
        // A piece can't be read again alone, so the whole entry waits in its place.
        if (verdict === Verdict.unresolved)
          sink.storedInstead = joined(b.subarray(this.syslog.start, p), this.parts.text);
        return verdict;
      }
    }
  }

  /** The text of a line of syslog, which may begin with Exim's own stamp. That has a year, so it goes first. */
  private stamped(b: Uint8Array, p: number, e: number): Verdict {
    if (!StampReader.looksLike(b, p, e)) {
      this.time = this.syslog.time;
      return this.entry(b, p, e);
    }
    if (!this.stamp.read(b, p, e, this.sink.time)) return this.sink.skip('bad-time', this.lineNumber);
    this.time = this.stamp.time;
    return this.entry(b, this.stamp.end, e);
  }

  /** An entry without its stamp. Only those of a message matter. */
  private entry(b: Uint8Array, p: number, e: number): Verdict {
    const { id } = this;
    const length = id.read(b, p, e);
    const q = p + length + 1;
    if (length === 0 && isRestart(b, p, e)) return this.events.restarted(this.source, this.time);
    if (length === 0 || q + 2 >= e) return this.unread(b, p, e);
    const verdict = b[q + 2] === Byte.space ? this.flagged((b[q] << 8) | b[q + 1], b, q + 3, e) : undefined;
    if (verdict !== undefined) return verdict;
    if (isCompleted(b, q, e) && !holdsAnother(b, q, e)) return this.completed();
    const host = clearHost(b, q, e);
    return host > 0 && !holdsAnother(b, q, e) ? this.goesOnInClear(b, host, e) : this.unread(b, p, e);
  }

  /** The message of the line leaves the queue. */
  private completed(): Verdict {
    const { a, b, c, d } = this.id,
      known =
        this.messages.delete(a, b, c, keyOf(this.server, d)) ||
        (this.server !== 0 && this.messages.delete(a, b, c, keyOf(0, d)));
    return known || this.sink.first ? Verdict.used : Verdict.unresolved;
  }

  /** An entry of a message behind its flag; undefined where that is none. */
  private flagged(flag: Flag, b: Uint8Array, p: number, e: number): Verdict | undefined {
    switch (flag) {
      case Flag.arrival:
        return this.arrival(b, p, e, OutcomeCode.accepted);
      case Flag.fakeReject:
        return this.arrival(b, p, e, OutcomeCode.rejected);
      case Flag.delivery:
        return this.delivery(b, p, e, 1);
      case Flag.more:
        return this.delivery(b, p, e, 0);
      case Flag.cutThrough:
        return this.cutThrough(b, p, e);
      case Flag.failed:
        return this.failure(b, p, e, OutcomeCode.bounced);
      case Flag.delayed:
        return this.failure(b, p, e, OutcomeCode.deferred);
      case Flag.suppressed:
        return Verdict.context;
      default:
        return undefined;
    }
  }

  /** What becomes of an entry that states no fact: context, unless it looks like what is left of one. */
  private unread(b: Uint8Array, p: number, e: number): Verdict {
    return isNearMiss(b, p, e) ? this.sink.skip('bad-line', this.lineNumber) : Verdict.context;
  }

  private arrival(b: Uint8Array, p: number, e: number, outcome: OutcomeCode): Verdict {
    const { fields, sink } = this;
    fields.arrival(b, p, e);
    // Exim ends no arrival without its size.
    if (fields.cut || fields.size < 0) return sink.skip('unfinished-record', this.lineNumber);
    const isBounce = b[p] === Byte.less && b[p + 1] === Byte.greater && fields.routed;
    if (fields.mangled || !(isBounce || isWholeArrival(b, fields))) return sink.skip('bad-line', this.lineNumber);
    this.message = this.events.arrived(b, this.source, this.server, this.time, this.lineNumber, outcome) ?? bystander();
    return Verdict.used;
  }

  /** `=>` begins a hand-over; `->` adds a recipient to it. */
  private delivery(b: Uint8Array, p: number, e: number, count: number): Verdict {
    const { fields, sink, message } = this;
    if (message === undefined && !sink.first) return Verdict.unresolved;
    if (isDiscarded(b, p, e)) return holdsAnother(b, p, e) ? sink.skip('bad-line', this.lineNumber) : Verdict.context;
    fields.delivery(b, p, e, false);
    if (fields.cut) return sink.skip('unfinished-record', this.lineNumber);
    if (!isWholeDelivery(b, p, fields)) return sink.skip('bad-line', this.lineNumber);
    const named = this.mention(b, message);
    // `:blackhole:` is where mail is thrown away.
    if (b[p] === Byte.colon) return named ? Verdict.used : Verdict.context;
    this.handedOver(b, message, OutcomeCode.accepted, count, false);
    return Verdict.used;
  }

  /**
   * Handed over while it arrives. The lines come before that of the arrival, one for each recipient of the same
   * hand-over.
   */
  private cutThrough(b: Uint8Array, p: number, e: number): Verdict {
    const { fields, id, sink } = this,
      cut = this.cuts.get(this.server);
    this.cuts.set(this.server, [id.a, id.b, id.c, id.d]);
    if (cut === undefined && !sink.first) return Verdict.unresolved;
    fields.delivery(b, p, e, false);
    if (fields.cut) return sink.skip('unfinished-record', this.lineNumber);
    if (!isWholeDelivery(b, p, fields)) return sink.skip('bad-line', this.lineNumber);
    const again = cut !== undefined && cut[0] === id.a && cut[1] === id.b && cut[2] === id.c && cut[3] === id.d;
    this.handedOver(b, undefined, OutcomeCode.accepted, again ? 0 : 1, false);
    return Verdict.used;
  }

  /** `**` failed for good, `==` will be tried again. */
  private failure(b: Uint8Array, p: number, e: number, outcome: OutcomeCode): Verdict {
    const { fields, sink, message } = this;
    if (message === undefined && !sink.first) return Verdict.unresolved;
    fields.delivery(b, p, e, true);
    if (fields.cut || fields.errorStart >= e) return sink.skip('unfinished-record', this.lineNumber);
    if (fields.mangled || holdsAnother(b, p, e)) return sink.skip('bad-line', this.lineNumber);
    const named = this.mention(b, message);
    if (fields.addressStart === 0) return named ? Verdict.used : Verdict.context;
    const demanded = isTlsDemanded(b, fields.errorStart, e);
    this.handedOver(b, message, outcome, 1, demanded);
    return Verdict.used;
  }

  /** Counts a hand-over, see `Events.handedOver`. */
  private handedOver(
    b: Uint8Array,
    message: EximMessage | undefined,
    outcome: OutcomeCode,
    count: number,
    demanded: boolean,
  ): void {
    const { events, source, server, time, lineNumber } = this;
    events.handedOver(b, source, server, time, lineNumber, message, outcome, count, demanded);
  }

  private mention(b: Uint8Array, message: EximMessage | undefined): boolean {
    if (!message?.counting) return false;
    return mention(
      message,
      addressNumber(b, this.fields.recipientStart, this.fields.recipientEnd),
      this.lineNumber,
      this.sink,
    );
  }

  /** A handshake failed, and Exim says that it goes on in clear to the host whose name begins at `p`. */
  private goesOnInClear(b: Uint8Array, p: number, e: number): Verdict {
    const { sink } = this;
    let { message } = this;
    if (message === undefined) {
      if (!sink.first) return Verdict.unresolved;
      this.message = message = bystander();
    }
    let end = p;
    while (end < e && b[end] !== Byte.space) end++;
    if (b[end - 1] === Byte.dot) end--;
    const host =
      b[p] === Byte.openBracket ? sink.words.remotes.intern(b, p + 1, end - 1) : sink.words.remotes.intern(b, p, end);
    if (host > 1) message.clear = [...(message.clear ?? []).filter((one) => one !== host).slice(-15), host];
    return Verdict.used;
  }

  merge(other: Parser, ids: IdMap, shift: readonly number[]): void {
    const right = other as EximParser;
    for (const [a, b, c, key, message] of right.messages.entries())
      this.messages.set(a, b, c, keyOf(ids.servers[serverOf(key)], lastOf(key)), copyMessage(message, ids));
    this.parts.merge(right.parts, shift);
    for (const [server, cut] of right.cuts) this.cuts.set(ids.servers[server], cut);
    this.events.versionless ||= right.events.versionless;
  }

  finish(): void {
    this.parts.finish();
  }

  save(): Saved {
    return {
      messages: this.messages.entries(),
      pieces: this.parts.save(),
      cuts: this.cuts,
      versionless: this.events.versionless,
    };
  }

  load(saved: unknown): void {
    const { messages, pieces, cuts, versionless } = saved as Saved;
    for (const [a, b, c, d, message] of messages) this.messages.set(a, b, c, d, message);
    this.parts.load(pieces);
    this.cuts = cuts;
    this.events.versionless = versionless;
  }

  advice(): string[] {
    return this.events.versionless ? ['exim-tls-cipher'] : [];
  }
}

/** Debian calls its daemon exim4; others add versions and roles. */
function isExim(program: string): boolean {
  return program.startsWith('exim');
}
