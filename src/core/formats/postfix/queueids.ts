import { SeenIds } from './seenids';

/** Most open queue ids in one of the two tables. */
const mostOpen = 65_536;

/** Numbers of a place in a table: the id's hash (0: free), and its characters. */
const stride = 6;

/** The tables as they stand: for each place the id, `stride` numbers, and the index of its value (-1: free, -2: left to the segment before); and the ids that were seen. */
export interface SavedQueueIds { tables: { ids: Int32Array; values: Int32Array }[]; seen: ReturnType<SeenIds['save']> }

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
  /** The id that is looked for, as it stands in a table. */
  private readonly id = new Int32Array(stride);
  /** A second number for the id, next to its hash. */
  private second = 0;

  /** @param partial whether lines came before, so that an id that was never seen may be open from there. @param onEvict told how many open ids were forgotten because there were too many. */
  constructor(private readonly partial: boolean, private readonly onEvict: (count: number) => void) {}

  get(v: DataView, s: number, e: number): T | null | undefined {
    this.read(v, s, e);
    const value = this.young.get(this.id) ?? this.old?.get(this.id);
    return value === leftToEarlier ? undefined : value !== undefined ? value as T : this.partial && this.seen.has(this.id[0], this.second) ? null : undefined;
  }

  set(v: DataView, s: number, e: number, value: T): void {
    this.read(v, s, e);
    if (this.partial) this.seen.add(this.id[0], this.second);
    this.put(value);
  }

  /** The line that opens the id is left to the segment before, and so are the ones that follow on it. */
  leave(v: DataView, s: number, e: number): void {
    this.read(v, s, e);
    this.put(leftToEarlier);
  }

  /** Nothing is open for the id any more. */
  close(v: DataView, s: number, e: number): void {
    this.read(v, s, e);
    if (this.partial) this.seen.add(this.id[0], this.second);
    this.drop();
  }

  /** All that is open. */
  values(): T[] { return this.tables.flatMap((table) => table.openValues()).filter((value) => value !== leftToEarlier) as T[]; }

  /** Takes over all that `right` knows. */
  join(right: QueueIds<T>, copy: (value: T) => T): void {
    // Nearly all that a segment knows is that an id is done with, which matters only for the few that are open here.
    for (const table of this.tables) {
      for (const id of table.openIds()) {
        this.id.set(id);
        if (right.seen.has(id[0], secondOf(id)) && !right.tables.some((other) => other.get(id) === leftToEarlier)) this.drop();
      }
    }
    if (this.partial) this.seen.join(right.seen);
    for (const table of right.tables) for (const id of table.openIds()) {
      const value = table.get(id)!;
      this.id.set(id);
      if (value !== leftToEarlier) this.put(copy(value as T));
    }
  }

  save(indexOf: (value: T) => number): SavedQueueIds { return { tables: this.tables.map((table) => table.save((value) => (value === leftToEarlier ? indexOfLeft : indexOf(value as T)))), seen: this.seen.save() }; }

  load(saved: SavedQueueIds, valueAt: (index: number) => T): void {
    const tables = saved.tables.map((table) => Table.load(table, (index) => (index === indexOfLeft ? leftToEarlier : valueAt(index))));
    this.young = tables.pop() ?? this.young;
    this.old = tables.pop();
    this.seen.load(saved.seen);
  }

  /** The old one first. */
  private get tables(): Table[] { return this.old ? [this.old, this.young] : [this.young]; }

  private put(value: object): void {
    if (this.young.size >= mostOpen) {
      if (this.old && this.old.size > 0) this.onEvict(this.old.size);
      this.old = this.young;
      this.young = new Table();
    }
    this.young.set(this.id, value);
    this.old?.delete(this.id);
  }

  private drop(): void {
    this.young.delete(this.id);
    this.old?.delete(this.id);
  }

  /**
   * Packs an id of 4 to 20 characters, four a number: the last number holds its last four characters even where they overlap with the
   * number before, and the hash depends on the length. What is longer is mixed into the last number.
   */
  private read(v: DataView, s: number, e: number): void {
    const { id } = this;
    const n = e - s;
    const last = v.getInt32(e - 4, true);
    id[1] = v.getInt32(s, true);
    id[2] = n > 8 ? v.getInt32(s + 4, true) : last;
    id[3] = n > 12 ? v.getInt32(s + 8, true) : n > 8 ? last : 0;
    id[4] = n > 16 ? v.getInt32(s + 12, true) : n > 12 ? last : 0;
    id[5] = n > 16 ? last : 0;
    for (let i = s + 16; i < e - 4; i++) id[5] = Math.imul(id[5] ^ v.getUint8(i), 0x01000193);
    let hash = Math.imul(id[1], 0x9e3779b1) ^ Math.imul(id[2], 0x85ebca6b) ^ Math.imul(id[3], 0xc2b2ae35) ^ Math.imul(id[4], 0x27d4eb2f) ^ id[5] ^ n;
    hash = Math.imul(hash ^ hash >>> 15, 0x2c1b3c6d);
    id[0] = hash ^ hash >>> 13 || 1;
    if (this.partial) this.second = secondOf(id);
  }
}

/** A number for an id that has nothing in common with its hash. */
function secondOf(id: Int32Array): number {
  let h = Math.imul(id[1] ^ id[1] >>> 16, 0x7feb352d) + Math.imul(id[2] ^ id[2] >>> 15, 0x846ca68b) | 0;
  h = Math.imul(h ^ h >>> 13, 0x2c1b3c6d) + Math.imul(id[3] ^ id[3] >>> 14, 0x297a2d39) + Math.imul(id[4], 0x1b873593) + id[5] | 0;
  return h ^ h >>> 15;
}

/** An open-addressing hash table over one typed array; entries that are removed leave no trace. */
class Table {
  size = 0;
  private places = 16;
  private ids: Int32Array = new Int32Array(16 * stride);
  private values: (object | undefined)[] = new Array<object | undefined>(16).fill(undefined);

  get(id: Int32Array): object | undefined { return this.values[this.find(id)]; }

  set(id: Int32Array, value: object): void {
    const place = this.find(id);
    const before = this.values[place];
    this.values[place] = value;
    if (before !== undefined) return;
    for (let i = 0; i < stride; i++) this.ids[place * stride + i] = id[i];
    if (++this.size * 3 > this.places * 2) this.grow();
  }

  delete(id: Int32Array): void {
    const { ids, values } = this;
    let hole = this.find(id);
    if (values[hole] === undefined) return;
    this.size--;
    // Entries behind the hole that could not stand where they belong move up, so that a search never stops too early.
    const mask = this.places - 1;
    for (let place = hole + 1 & mask; ids[place * stride] !== 0; place = place + 1 & mask) {
      if ((place - ids[place * stride] & mask) < (place - hole & mask)) continue;
      values[hole] = values[place];
      for (let i = 0; i < stride; i++) ids[hole * stride + i] = ids[place * stride + i];
      hole = place;
    }
    ids[hole * stride] = 0;
    values[hole] = undefined;
  }

  openValues(): object[] { return this.values.filter((value) => value !== undefined); }

  /** Copies of all ids. */
  openIds(): Int32Array[] {
    return this.values.flatMap((value, place) => (value === undefined ? [] : [this.ids.slice(place * stride, place * stride + stride)]));
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
    for (let place = id[0] & mask; ; place = place + 1 & mask) {
      const at = place * stride;
      if (ids[at] === 0) return place;
      if (ids[at] === id[0] && ids[at + 1] === id[1] && ids[at + 2] === id[2] && ids[at + 3] === id[3] && ids[at + 4] === id[4] && ids[at + 5] === id[5]) return place;
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
