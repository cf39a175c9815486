import type { Sink } from '../../reading/sink';
import { translated, type EntryFields, type Ids, type StatePart } from '../../reading/state';

/** What a table of entries is to its format. */
export interface TableUse<Entry> {
  /** Most entries that are open at once; the oldest makes room. */
  limit: number;
  fields: EntryFields<Entry>;
  /**
   * Given an entry that must make room, to settle what hangs on it. Returns whether it had ended anyway, as far as can
   * be told; if not, which is the default, that is noted.
   */
  evicted?(entry: Entry): boolean;
  /** One entry of the two that neighbours have of one id. It may change `ours`. Default: the later one. */
  join?(ours: Entry, theirs: Entry): Entry;
}

/**
 * What a log has opened and not yet closed, by its id: connections, messages, queue ids. Entries are plain data.
 *
 * In a segment that begins in the middle of a log an id that is not here is unknown, not absent. One that was closed
 * here leaves a mark, so that a neighbour on the left forgets it too.
 */
export class IdTable<Id, Entry extends object> implements StatePart {
  private entries = new Map<Id, Entry | null>();

  constructor(
    private readonly sink: Sink,
    private readonly use: TableUse<Entry>,
  ) {}

  get(id: Id): Entry | undefined {
    return this.entries.get(id) ?? undefined;
  }

  /** Whether the segment before may know this id. */
  mayHaveBegunEarlier(id: Id): boolean {
    return !this.sink.first && !this.entries.has(id);
  }

  /** Adds an entry, or replaces the one with this id. `line` is the one that opens it. */
  open(id: Id, entry: Entry, line: number): void {
    const { entries, use, sink } = this;
    entries.delete(id);
    entries.set(id, entry);
    if (entries.size <= use.limit) return;
    const [oldest, lost] = entries.entries().next().value!;
    entries.delete(oldest);
    if (lost && use.evicted?.(lost) !== true) sink.note('join-evicted', line);
  }

  /** The id means nothing from here on. */
  close(id: Id): void {
    this.entries.delete(id);
    if (!this.sink.first) this.entries.set(id, null);
  }

  /** Every entry that is still open, the oldest first. */
  *values(): Generator<Entry> {
    for (const entry of this.entries.values()) if (entry) yield entry;
  }

  /** Forgets all entries. */
  clear(): void {
    this.entries.clear();
  }

  merge(right: IdTable<Id, Entry>, ids: Ids, shift: readonly number[]): void {
    const { fields, join } = this.use;
    for (const [id, entry] of right.entries) {
      if (!entry) {
        this.close(id);
        continue;
      }
      const theirs = translated(entry, fields, ids, shift),
        ours = join && this.get(id);
      if (ours) this.entries.set(id, join!(ours, theirs));
      else this.open(id, theirs, 1);
    }
  }

  save(): Map<Id, Entry | null> {
    return this.entries;
  }

  load(saved: unknown): void {
    this.entries = saved as Map<Id, Entry | null>;
  }
}
