import type { IdMap } from '../cubebuilder';
import { HeldEvents, blankEvent } from '../held';
import { KeyTable } from '../keytable';
import type { MailEvent } from '../model';
import type { Sink } from '../sink';
import type { Fingerprint } from '../text/fingerprint';
import { Verdict } from './format';

/** Most facts held at once. Exports of Exchange Online have at most 100,000 rows each. */
const most = 400_000;
/** The mark of what a row says besides what its verdict is about. */
export const besides = 255;

/**
 * What becomes of two rows about one thing: whether `other`, which came later, takes the place of `kept`, which else may be changed.
 * The result must not depend on which of several rows are brought together first.
 */
export type Merge = (kept: MailEvent, keptMark: number, other: MailEvent, otherMark: number) => boolean;

/**
 * What a log tells in several rows, in any order: each fact is held until the log ends, and counted once. The first row about it is the one that is
 * used, the others are context, whichever of them says what counts.
 */
export class Ledger {
  /** Keys of an event: the file of the row that came first, and its message. */
  private held = new HeldEvents(3);
  private keys = new KeyTable();
  private readonly kept = blankEvent();
  private readonly other = blankEvent();

  /** @param counts whether a fact counts, when nothing more can be said of it; the numbers identify it as in `Fingerprint`. */
  constructor(private readonly sink: Sink, private readonly merge: Merge, private readonly counts: (event: MailEvent, mark: number, a: number, b: number) => boolean = () => true) {}

  /**
   * A row about something: `key` identifies it together with `kind` (any whole number). `mark` (0 to 255) is the caller's.
   * Of several facts with the same `message`, outcome and direction only the first counts a message, the others recipients.
   */
  offer(key: Fingerprint, kind: number, event: MailEvent, mark: number, message?: Fingerprint): Verdict {
    const file = this.sink.account.file.index;
    return this.put(key.a, key.b, kind, event, file, mark, file, message?.a ?? 0, message?.b ?? 0) ? Verdict.used : Verdict.context;
  }

  join(right: Ledger, ids: IdMap, shift: readonly number[]): void {
    const { a, b, c } = right.keys, { held } = right, { keys } = held;
    for (let i = 0; i < held.length; i++) {
      const isNew = this.put(a[i], b[i], c[i], held.getFor(i, this.other, ids, shift), held.file(i), held.mark(i), keys[3 * i], keys[3 * i + 1], keys[3 * i + 2]);
      if (!isNew && held.mark(i) !== besides) this.sink.amend(keys[3 * i], 'used', 'context');
    }
  }

  /** Counts everything. */
  finish(): void {
    const { held, keys, kept } = this, messages = new KeyTable();
    for (let i = 0; i < held.length; i++) {
      held.get(i, kept);
      const a = held.keys[3 * i + 1], b = held.keys[3 * i + 2], before = messages.length;
      if ((a !== 0 || b !== 0) && messages.row(a, b, kept.outcome << 2 | kept.direction) < before) kept.count = kept.bytes = 0;
      if (this.counts(kept, held.mark(i), keys.a[i], keys.b[i])) this.sink.add(kept, held.file(i));
      else if (held.mark(i) !== besides) this.sink.amend(held.keys[3 * i], 'used', 'context');
    }
    this.held = new HeldEvents(3);
    this.keys = new KeyTable();
  }

  save(): unknown { return { held: this.held, keys: this.keys }; }

  load(saved: unknown): void { Object.assign(this, saved as { held: HeldEvents; keys: KeyTable }); }

  private put(a: number, b: number, kind: number, event: MailEvent, file: number, mark: number, firstFile: number, messageA: number, messageB: number): boolean {
    if (this.held.length >= most && this.keys.find(a, b, kind) < 0) {
      this.sink.note('repeats-forgotten', event.line, file);
      this.finish();
    }
    const { held, kept } = this;
    const at = this.keys.row(a, b, kind);
    if (at === held.length) {
      held.push(event, file, mark);
      held.keys[3 * at] = firstFile; held.keys[3 * at + 1] = messageA; held.keys[3 * at + 2] = messageB;
      return true;
    }
    const keptMark = held.mark(at);
    if (this.merge(held.get(at, kept), keptMark, event, mark)) held.set(at, event, file, mark);
    else held.set(at, kept, held.file(at), keptMark);
    return false;
  }
}
