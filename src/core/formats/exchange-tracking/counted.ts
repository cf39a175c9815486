import type { Ids, StatePart } from '../../reading/state';
import { EventBuffer, blankEvent } from '../shared/eventbuffer';
import { KeyTable, doubled } from '../../cube/keytable';
import { DirectionCode, OutcomeCode, TlsCode, type MailEvent } from '../../model';
import type { Sink } from '../../reading/sink';
import type { Fingerprint } from '../../text/fingerprint';
import { Verdict } from '../../reading/format';
import { Counted, type AcceptedMessages } from '../exchange-smtp/accepted';

/** What a row is, for the decision whether it counts. */
export const enum Mark {
  received = 1,
  fromFrontEnd = 2,
  external = 4,
}

/** Places of the fingerprints among the keys of a row; two numbers each, both zero where there is none. */
export const enum Key {
  row = 0,
  message = 2,
  sessionMessage = 4,
  session = 6,
  queued = 8,
  width = 10,
}

/**
 * Rows that are remembered at least. Files of several servers are read in the order of their beginnings, and Exchange
 * begins a new one every hour, so repeats lie close together.
 */
const generation = 1 << 19;
/**
 * Rows that wait for the protocol log at least, where logs are followed while they grow: the two are not written at the
 * same moment.
 */
const waiting = 1 << 16;

/**
 * Decides which rows of message tracking are messages that nobody has counted:
 *
 * 1. A row that was read before, from another copy or export of the log, does not count again.
 * 2. A message that a second server of the organisation receives is the same message: internal. The network message id
 *    shows it, which the first server gave it. What comes through a front end always comes from outside.
 * 3. A message that the SMTP protocol logs have counted has its connector, size and TLS from there. A received one is
 *    found by its session and message id, or by the id that the server gave it: behind a front end only that leads to
 *    the session with the outside. A sent one is found by its session, for as many messages as the protocol log has of
 *    it. Where the protocol log knows only the inner hop of a message that came through a front end, the row counts,
 *    with TLS unknown.
 *
 * Only a segment that began with nothing before it can decide; others hold their rows until they are joined to it.
 */
export class CountedOnce implements StatePart {
  /** The keys of the row at hand. */
  readonly keys = new Int32Array(Key.width);
  /** A message was counted whose TLS nobody logged. */
  unknownTls = false;
  private readonly decides: boolean;
  private readonly joined: boolean;
  private held = new EventBuffer(Key.width);
  /** Rows seen lately, in two generations, of which the older is forgotten when the younger is full. */
  private young = new KeyTable();
  private old = new KeyTable();
  /** Sessions of the protocol log, and how many rows were messages of theirs. */
  private sessions = new KeyTable();
  private spent = new Int32Array(64);
  private readonly event = blankEvent();

  constructor(private readonly sink: Sink) {
    this.decides = sink.first;
    this.joined = sink.options.joined === true;
  }

  /** Sets a key of the row at hand. */
  key(at: Key, { a, b }: Fingerprint): void {
    this.keys[at] = a;
    this.keys[at + 1] = b;
  }

  /** Counts the row at hand, of the present file, if it is to be counted; `used` where that is not known yet. */
  offer(event: MailEvent, mark: number): Verdict {
    const file = this.sink.account.file.index;
    if (this.decides && !this.joined) return this.decide(event, file, mark) ? Verdict.used : Verdict.context;
    this.hold(event, file, mark);
    return Verdict.used;
  }

  merge(right: CountedOnce, ids: Ids, shift: readonly number[]): void {
    this.unknownTls ||= right.unknownTls;
    if (right.decides) {
      this.young = right.young.clone();
      this.old = right.old.clone();
      this.sessions = right.sessions.clone();
      this.spent = right.spent.slice();
    }
    const { held } = right;
    for (let i = 0; i < held.length; i++) {
      this.keys.set(held.keys.subarray(i * Key.width, (i + 1) * Key.width));
      this.hold(held.getFor(i, this.event, ids, shift), held.file(i), held.mark(i));
    }
    if (this.decides && !this.joined) this.settle(this.held.length);
  }

  finish(): void {
    this.settle(this.held.length);
  }

  save(): unknown {
    return {
      held: this.held,
      young: this.young,
      old: this.old,
      sessions: this.sessions,
      spent: this.spent,
      unknownTls: this.unknownTls,
    };
  }

  load(saved: unknown): void {
    Object.assign(
      this,
      saved as {
        held: EventBuffer;
        young: KeyTable;
        old: KeyTable;
        sessions: KeyTable;
        spent: Int32Array<ArrayBuffer>;
        unknownTls: boolean;
      },
    );
  }

  private hold(event: MailEvent, file: number, mark: number): void {
    const at = this.held.push(event, file, mark);
    this.held.keys.set(this.keys, at * Key.width);
    if (this.decides && this.held.length >= 2 * waiting) this.settle(waiting);
  }

  /** Decides the first rows that wait. */
  private settle(count: number): void {
    const { held, keys, event } = this;
    for (let i = 0; i < count; i++) {
      keys.set(held.keys.subarray(i * Key.width, (i + 1) * Key.width));
      if (!this.decide(held.get(i, event), held.file(i), held.mark(i)))
        this.sink.amend(held.file(i), 'used', 'context');
    }
    held.drop(count);
  }

  private decide(event: MailEvent, file: number, mark: number): boolean {
    const { keys } = this,
      received = (mark & Mark.received) !== 0;
    if (this.seen(Key.row, event, file)) return false;
    const again = received && keys[Key.message] !== 0 && this.seen(Key.message, event, file);
    if (again && (mark & Mark.fromFrontEnd) === 0) event.direction = DirectionCode.internal;
    if (event.outcome === OutcomeCode.accepted && this.inProtocol(event, file, mark)) return false;
    if (
      event.tls === TlsCode.unknown &&
      event.outcome === OutcomeCode.accepted &&
      event.direction !== DirectionCode.internal
    )
      this.unknownTls = true;
    this.sink.add(event, file);
    return true;
  }

  /** Whether this key was seen before; from now on it was. */
  private seen(at: Key, { line }: MailEvent, file: number): boolean {
    const a = this.keys[at],
      b = this.keys[at + 1],
      before = this.young.length;
    if (this.young.row(a, b, 0) < before || this.old.find(a, b, 0) >= 0) return true;
    if (this.young.length >= generation) {
      if (this.old.length > 0) this.sink.note('repeats-forgotten', line, file);
      this.old = this.young;
      this.young = new KeyTable();
    }
    return false;
  }

  private inProtocol(event: MailEvent, file: number, mark: number): boolean {
    const protocol = this.joined
      ? (this.sink.options.related?.('exchange-smtp') as { accepted?: AcceptedMessages } | undefined)?.accepted
      : undefined;
    if (!protocol) return false;
    const counted = Math.max(
      this.find(protocol, Key.sessionMessage),
      mark & Mark.received ? this.find(protocol, Key.queued) : 0,
      this.findSession(protocol),
    );
    if (counted === Counted.external) return true;
    // The inner hop is the one that the row means, unless the row is of a message that came from outside or went there.
    const outside = (mark & (Mark.fromFrontEnd | Mark.external)) !== 0 && event.direction !== DirectionCode.internal;
    if (counted === Counted.internal && !outside) return true;
    if (protocol.full) this.sink.note('repeats-forgotten', event.line, file);
    return false;
  }

  private find(protocol: AcceptedMessages, at: Key): Counted {
    const a = this.keys[at],
      b = this.keys[at + 1];
    return a === 0 && b === 0 ? Counted.no : protocol.find(a, b);
  }

  /** The session stands for as many messages as the protocol log has of it. */
  private findSession(protocol: AcceptedMessages): Counted {
    const counted = this.find(protocol, Key.session);
    if (counted === Counted.no) return counted;
    const a = this.keys[Key.session],
      b = this.keys[Key.session + 1];
    const row = this.sessions.row(a, b, 0);
    if (row === this.spent.length) this.spent = doubled(this.spent);
    return this.spent[row]++ < protocol.timesOf(a, b) ? counted : Counted.no;
  }
}
