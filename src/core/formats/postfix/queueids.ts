import { idWidth, secondOf, type QueueId } from './queueid';
import { SeenIds } from './seenids';

/** Most open queue ids in one of the two tables. */
const mostOpen = 65_536;

/** Numbers of a place in a table; the first is 0 where it is free. */
const stride = idWidth;

/**
 * The tables as they stand: for each place the id, `stride` numbers, and the index of its value (-1: free, -2: left to
 * the segment before); and the ids that were seen.
 */
export interface SavedQueueIds {
  tables: { ids: Int32Array; values: Int32Array }[];
  seen: ReturnType<SeenIds['save']>;
}

/** Stands for a message of which the segment before will know. */
const leftToEarlier = {};
const indexOfLeft = -2;

/**
 * What is known of queue ids. `undefined`: never seen here; null: seen, and nothing is open for it.
 * Bounded: when a table is full it becomes the old one, and what was in the old one is forgotten.
 */
export class QueueIds<T extends object> {
  private young = new Table();
  private old: Table | undefined;
  private readonly seen = new SeenIds();

  /**
   * @param partial whether lines came before, so that an id that was never seen may be open from there. @param onEvict
   * told how many open ids were forgotten because there were too many.
   */
  constructor(
    private readonly partial: boolean,
    private readonly onEvict: (count: number) => void,
  ) {}

  set({ numbers, second }: QueueId, value: T): void {
    if (this.partial) this.seen.add(numbers[0], second);
    this.put(numbers, value);
  }

  /** The line that opens the id is left to the segment before, and so are the ones that follow on it. */
  leave({ numbers }: QueueId): void {
    this.put(numbers, leftToEarlier);
  }

  /** What is known of an id, for which nothing is open any more from now on. */
  take({ numbers, second }: QueueId): T | null | undefined {
    const young = this.young.delete(numbers),
      old = this.old?.delete(numbers),
      value = young ?? old;
    if (!this.partial) return value as T | undefined;
    const seen = this.seen.has(numbers[0], second);
    this.seen.add(numbers[0], second);
    return value === leftToEarlier ? undefined : value !== undefined ? (value as T) : seen ? null : undefined;
  }

  /** All that is open. */
  values(): T[] {
    return this.tables.flatMap((table) => table.openValues()).filter((value) => value !== leftToEarlier) as T[];
  }

  /** Takes over all that `right` knows. */
  join(right: QueueIds<T>, copy: (value: T) => T): void {
    // Nearly all that a segment knows is that an id is done with, which matters only for the few that are open here.
    for (const table of this.tables) {
      for (const id of table.openIds()) {
        if (right.seen.has(id[0], secondOf(id)) && !right.tables.some((other) => other.get(id) === leftToEarlier))
          this.drop(id);
      }
    }
    if (this.partial) this.seen.join(right.seen);
    for (const table of right.tables)
      for (const id of table.openIds()) {
        const value = table.get(id)!;
        if (value !== leftToEarlier) this.put(id, copy(value as T));
      }
  }

  save(indexOf: (value: T) => number): SavedQueueIds {
    return {
      tables: this.tables.map((table) =>
        table.save((value) => (value === leftToEarlier ? indexOfLeft : indexOf(value as T))),
      ),
      seen: this.seen.save(),
    };
  }

  load(saved: SavedQueueIds, valueAt: (index: number) => T): void {
    const tables = saved.tables.map((table) =>
      Table.load(table, (index) => (index === indexOfLeft ? leftToEarlier : valueAt(index))),
    );
    this.young = tables.pop() ?? this.young;
    this.old = tables.pop();
    this.seen.load(saved.seen);
  }

  /** The old one first. */
  private get tables(): Table[] {
    return this.old ? [this.old, this.young] : [this.young];
  }

  private put(id: Int32Array, value: object): void {
    if (this.young.size >= mostOpen) {
      if (this.old && this.old.size > 0) this.onEvict(this.old.size);
      this.old = this.young;
      this.young = new Table();
    }
    this.young.set(id, value);
    this.old?.delete(id);
  }

  private drop(id: Int32Array): void {
    this.young.delete(id);
    this.old?.delete(id);
  }
}

/** An open-addressing hash table over one typed array; entries that are removed leave no trace. */
class Table {
  size = 0;
  private places = 16;
  private ids: Int32Array = new Int32Array(16 * stride);
  private values: (object | undefined)[] = new Array<object | undefined>(16).fill(undefined);

  get(id: Int32Array): object | undefined {
    return this.values[this.find(id)];
  }

  set(id: Int32Array, value: object): void {
    const place = this.find(id);
    const before = this.values[place];
    this.values[place] = value;
    if (before !== undefined) return;
    for (let i = 0; i < stride; i++) this.ids[place * stride + i] = id[i];
    if (++this.size * 3 > this.places * 2) this.grow();
  }

  /** Gives the value that stood there. */
  delete(id: Int32Array): object | undefined {
    const { ids, values } = this;
    let hole = this.find(id);
    const before = values[hole];
    if (before === undefined) return undefined;
    this.size--;
    // Entries behind the hole that could not stand where they belong move up, so that a search never stops too early.
    const mask = this.places - 1;
    for (let place = (hole + 1) & mask; ids[place * stride] !== 0; place = (place + 1) & mask) {
      if (((place - ids[place * stride]) & mask) < ((place - hole) & mask)) continue;
      values[hole] = values[place];
      for (let i = 0; i < stride; i++) ids[hole * stride + i] = ids[place * stride + i];
      hole = place;
    }
    ids[hole * stride] = 0;
    values[hole] = undefined;
    return before;
  }

  openValues(): object[] {
    return this.values.filter((value) => value !== undefined);
  }

  /** Copies of all ids. */
  openIds(): Int32Array[] {
    return this.values.flatMap((value, place) =>
      value === undefined ? [] : [this.ids.slice(place * stride, place * stride + stride)],
    );
  }

  save(indexOf: (value: object) => number): SavedQueueIds['tables'][number] {
    return { ids: this.ids, values: Int32Array.from(this.values, (value) => (value ? indexOf(value) : -1)) };
  }

  static load({ ids, values }: SavedQueueIds['tables'][number], valueAt: (index: number) => object): Table {
    const table = new Table();
    table.places = values.length;
    table.ids = ids;
    table.values = Array.from(values, (index) => (index === -1 ? undefined : valueAt(index)));
    for (const value of table.values) if (value !== undefined) table.size++;
    return table;
  }

  /** The place of an id, or the free one where it would stand. */
  private find(id: Int32Array): number {
    const { ids } = this;
    const mask = this.places - 1;
    for (let place = id[0] & mask; ; place = (place + 1) & mask) {
      const at = place * stride;
      if (ids[at] === 0) return place;
      if (
        ids[at] === id[0] &&
        ids[at + 1] === id[1] &&
        ids[at + 2] === id[2] &&
        ids[at + 3] === id[3] &&
        ids[at + 4] === id[4] &&
        ids[at + 5] === id[5]
      )
        return place;
    }
  }

  private grow(): void {
    const { ids, values, places } = this;
    this.places *= 2;
    this.ids = new Int32Array(ids.length * 2);
    this.values = new Array<object | undefined>(this.places).fill(undefined);
    for (let place = 0; place < places; place++) {
      if (values[place] === undefined) continue;
      const id = ids.subarray(place * stride, place * stride + stride);
      const to = this.find(id);
      this.values[to] = values[place];
      this.ids.set(id, to * stride);
    }
  }
}
