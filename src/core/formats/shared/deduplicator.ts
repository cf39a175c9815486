import { EventBuffer, blankEvent } from './eventbuffer';
import { KeyTable } from '../../cube/keytable';
import type { MailEvent } from '../../model';
import type { Sink } from '../../reading/sink';
import type { Fingerprint } from '../../text/fingerprint';
import { Verdict } from '../../reading/format';
import type { Ids, StatePart } from '../../reading/state';

/** Most facts held at once. Exports of Exchange Online have at most 100,000 rows each. */
const most = 400_000;
/** The mark of a second fact of a row, which does not decide its verdict. */
export const besides = 255;
/** Places among the keys of a held event: the group, the message. */
const enum Key {
  group,
  message = 2,
  width = 4,
}
/** What became of a fact that was offered. */
const enum Fate {
  new,
  known,
  replaced,
}

/**
 * Whether `other`, a later row about the same thing, takes the place of `kept`. The result must not depend on which of
 * several rows come together first.
 */
type Replaces = (kept: MailEvent, keptMark: number, other: MailEvent, otherMark: number) => boolean;

/** How a format uses the de-duplicator. */
export interface DeduplicatorUse {
  /** Default: the first row stays. */
  replaces?: Replaces;
  /** Whether a fact counts, once the log has ended; the numbers are its fingerprint. Default: it does. */
  counts?(event: MailEvent, mark: number, a: number, b: number): boolean;
  /** Formats that have more of the same messages: what they have does not count here. */
  after?: readonly string[];
}

/**
 * Facts that stand in several rows, in any order: each is held until the log ends, and counted once. The row that says
 * what counts is used, the others are context.
 */
export class Deduplicator implements StatePart {
  /** Something was counted. */
  counted = false;
  private buffer = new EventBuffer(Key.width);
  private keys = new KeyTable();
  /** Messages by fingerprint and direction, where other formats ask for them. */
  private messages = new KeyTable();
  private readonly kept = blankEvent();
  private readonly other = blankEvent();

  constructor(
    private readonly sink: Sink,
    private readonly use: DeduplicatorUse,
  ) {}

  /**
   * A row about something: `key` identifies it together with `kind` (any whole number). `mark` (0 to 255) is the
   * caller's. Of several facts with the same `group`, outcome and direction only the first counts a message, the
   * others recipients.
   * @param message identifies the message in all formats.
   */
  offer(
    key: Fingerprint,
    kind: number,
    event: MailEvent,
    mark: number,
    message: Fingerprint,
    group?: Fingerprint,
  ): Verdict {
    const { scratch } = this;
    scratch[Key.group] = group?.a ?? 0;
    scratch[Key.group + 1] = group?.b ?? 0;
    scratch[Key.message] = message.a;
    scratch[Key.message + 1] = message.b;
    const fate = this.put(key.a, key.b, kind, event, this.sink.account.file.index, mark);
    return fate === Fate.known ? Verdict.context : Verdict.used;
  }

  merge(right: Deduplicator, ids: Ids, shift: readonly number[]): void {
    const { a, b, c } = right.keys,
      { buffer: held } = right;
    for (let i = 0; i < held.length; i++) {
      this.scratch.set(held.keys.subarray(i * Key.width, (i + 1) * Key.width));
      const fate = this.put(a[i], b[i], c[i], held.getFor(i, this.other, ids, shift), held.file(i), held.mark(i));
      if (fate === Fate.known && held.mark(i) !== besides) this.sink.amend(held.file(i), 'used', 'context');
    }
  }

  /** Counts everything. */
  finish(): void {
    const { buffer: held, keys, kept } = this,
      groups = new KeyTable();
    for (let i = 0; i < held.length; i++) {
      const at = i * Key.width,
        a = held.keys[at + Key.group],
        b = held.keys[at + Key.group + 1],
        before = groups.length;
      held.get(i, kept);
      const counts =
        (this.use.counts?.(kept, held.mark(i), keys.a[i], keys.b[i]) ?? true) &&
        !this.isTold(held.keys[at + Key.message], held.keys[at + Key.message + 1], kept.direction);
      if (!counts) {
        if (held.mark(i) !== besides) this.sink.amend(held.file(i), 'used', 'context');
        continue;
      }
      if ((a !== 0 || b !== 0) && groups.row(a, b, (kept.outcome << 2) | kept.direction) < before)
        kept.count = kept.bytes = 0;
      this.sink.add(kept, held.file(i));
      this.counted = true;
    }
    this.buffer = new EventBuffer(Key.width);
    this.keys = new KeyTable();
  }

  save(): unknown {
    return { buffer: this.buffer, keys: this.keys, messages: this.messages, counted: this.counted };
  }

  load(saved: unknown): void {
    Object.assign(this, saved as { buffer: EventBuffer; keys: KeyTable; messages: KeyTable; counted: boolean });
  }

  private readonly scratch = new Int32Array(Key.width);

  /** Whether a format that comes before has this message in this direction. */
  private isTold(a: number, b: number, direction: number): boolean {
    const { after } = this.use,
      { related } = this.sink.options;
    return (
      after !== undefined &&
      related !== undefined &&
      after.some((id) => {
        const other = related(id)?.state?.deduplicator as Deduplicator | undefined;
        return other !== undefined && other.messages.find(a, b, direction) >= 0;
      })
    );
  }

  /** Holds a fact with the keys in `scratch`, unless it is known. */
  private put(a: number, b: number, kind: number, event: MailEvent, file: number, mark: number): Fate {
    if (this.buffer.length >= most && this.keys.find(a, b, kind) < 0) {
      this.sink.note('repeats-forgotten', event.line, file);
      this.finish();
    }
    const { buffer: held, kept } = this;
    const at = this.keys.row(a, b, kind);
    if (at === held.length) {
      held.push(event, file, mark);
      held.keys.set(this.scratch, at * Key.width);
      if (this.sink.options.joined)
        this.messages.row(this.scratch[Key.message], this.scratch[Key.message + 1], event.direction);
      return Fate.new;
    }
    if (!this.use.replaces?.(held.get(at, kept), held.mark(at), event, mark)) return Fate.known;
    if (held.mark(at) !== besides) this.sink.amend(held.file(at), 'used', 'context');
    held.set(at, event, file, mark);
    return Fate.replaced;
  }
}
