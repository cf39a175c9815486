import type { Sink } from '../../reading/sink';

/**
 * What a log has opened and not yet closed, by its id: connections, messages, queue ids. Bounded: the oldest entry makes room,
 * and where it had not ended that is noted.
 *
 * In a segment that begins in the middle of a log an id that is not here is unknown, not absent. One that was closed here leaves a
 * mark, so that a neighbour on the left forgets it too.
 */
export class Opened<Key, Entry extends object> {
  private entries = new Map<Key, Entry | null>();

  /** @param ended is given an entry that must make room, to settle what hangs on it, and says whether it had ended anyway as far as can be told. */
  constructor(
    private readonly sink: Sink,
    private readonly limit: number,
    private readonly ended: (entry: Entry) => boolean = () => false,
  ) {}

  get(id: Key): Entry | undefined {
    return this.entries.get(id) ?? undefined;
  }

  /** Whether the segment before may know this id. */
  mayHaveBegunEarlier(id: Key): boolean {
    return !this.sink.first && !this.entries.has(id);
  }

  open(id: Key, entry: Entry, line: number): void {
    this.entries.delete(id);
    this.entries.set(id, entry);
    if (this.entries.size <= this.limit) return;
    const [oldest, lost] = this.entries.entries().next().value!;
    this.entries.delete(oldest);
    if (lost && !this.ended(lost)) this.sink.note('join-evicted', line);
  }

  /** The id means nothing from here on. */
  close(id: Key): void {
    if (this.sink.first) this.entries.delete(id);
    else {
      this.entries.delete(id);
      this.entries.set(id, null);
    }
  }

  /** Goes on with what a segment on the right knew. `copy` makes an entry of ours from one of its. */
  merge(right: Opened<Key, Entry>, copy: (entry: Entry) => Entry): void {
    for (const [id, entry] of right.entries) {
      if (entry) this.open(id, copy(entry), 1);
      else this.close(id);
    }
  }

  /** Every entry that is still open, the oldest first. */
  *values(): Generator<Entry> {
    for (const entry of this.entries.values()) if (entry) yield entry;
  }

  /** As data that can be packed, and back. */
  save(): Map<Key, Entry | null> {
    return this.entries;
  }
  load(saved: unknown): void {
    this.entries = saved as Map<Key, Entry | null>;
  }
}
