/** Most queue ids in one of the two tables, and most of them with something behind them. */
const mostIds = 250_000;
const mostValues = 65_536;

/** Numbers of a place in a table: the id's hash (0: free), and its characters. */
const stride = 6;

/** The tables as they stand: for each place the id, `stride` numbers, and the index of its value, or -1 where nothing is open. */
export type SavedQueueIds = { ids: Int32Array; values: Int32Array }[];

/**
 * What is known of queue ids. `undefined`: never seen here; null: seen, and nothing is open for it.
 * Bounded: when a table is full it becomes the old one, and what was in the old one is forgotten.
 */
export class QueueIds<T extends object> {
  private young = new Table<T>();
  private old: Table<T> | undefined;
  /** The id that is looked for, as it stands in a table. */
  private readonly id = new Int32Array(stride);

  /** @param onEvict told how many open entries were forgotten because there were too many. */
  constructor(private readonly onEvict: (count: number) => void) {}

  get(v: DataView, s: number, e: number): T | null | undefined {
    this.read(v, s, e);
    const value = this.young.get(this.id);
    return value !== undefined || this.old === undefined ? value : this.old.get(this.id);
  }

  set(v: DataView, s: number, e: number, value: T | null): void {
    this.read(v, s, e);
    this.put(value);
  }

  delete(v: DataView, s: number, e: number): void {
    this.read(v, s, e);
    this.drop();
  }

  /** All open entries. */
  values(): T[] { return this.tables.flatMap((table) => table.openValues()); }

  /** Takes over all that `right` knows. `keep`: whether to remember ids for which nothing is open. */
  join(right: QueueIds<T>, keep: boolean, copy: (value: T) => T): void {
    // Nearly all that a segment knows is that an id is done with, which matters only for the few that are open here.
    if (!keep) for (const table of this.tables) table.eachOpen(this.id, () => { if (right.tables.some((other) => other.get(this.id) === null)) this.drop(); });
    for (const table of right.tables) table.each(this.id, (value) => { if (value) this.put(copy(value)); else if (keep) this.put(null); });
  }

  save(indexOf: (value: T) => number): SavedQueueIds { return this.tables.map((table) => table.save(indexOf)); }

  load(saved: SavedQueueIds, valueAt: (index: number) => T): void {
    const tables = saved.map((table) => Table.load(table, valueAt));
    this.young = tables.pop() ?? this.young;
    this.old = tables.pop();
  }

  /** The old one first. */
  private get tables(): Table<T>[] { return this.old ? [this.old, this.young] : [this.young]; }

  private put(value: T | null): void {
    if (this.young.size >= mostIds || this.young.open >= mostValues) {
      if (this.old && this.old.open > 0) this.onEvict(this.old.open);
      this.old = this.young;
      this.young = new Table<T>();
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
  }
}

/** An open-addressing hash table over one typed array; entries that are removed leave no trace. */
class Table<T extends object> {
  size = 0;
  /** How many of its values are not null. */
  open = 0;
  private places = 16;
  private ids: Int32Array = new Int32Array(16 * stride);
  private values: (T | null | undefined)[] = new Array<T | null | undefined>(16).fill(undefined);

  get(id: Int32Array): T | null | undefined { return this.values[this.find(id)]; }

  set(id: Int32Array, value: T | null): void {
    const place = this.find(id);
    const before = this.values[place];
    if (before) this.open--;
    if (value) this.open++;
    this.values[place] = value;
    if (before !== undefined) return;
    for (let i = 0; i < stride; i++) this.ids[place * stride + i] = id[i];
    if (++this.size * 3 > this.places * 2) this.grow();
  }

  delete(id: Int32Array): void {
    const { ids, values } = this;
    let hole = this.find(id);
    const value = values[hole];
    if (value === undefined) return;
    if (value) this.open--;
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

  openValues(): T[] { return this.open === 0 ? [] : this.values.filter((value) => value !== undefined && value !== null); }

  /** Calls back for every entry, with its id in `id`. */
  each(id: Int32Array, call: (value: T | null) => void): void {
    for (let place = 0; place < this.places; place++) {
      const value = this.values[place];
      if (value === undefined) continue;
      for (let i = 0; i < stride; i++) id[i] = this.ids[place * stride + i];
      call(value);
    }
  }

  /** The same for open entries only; the call may delete entries of this table, which moves others, so it gets copies. */
  eachOpen(id: Int32Array, call: () => void): void {
    if (this.open === 0) return;
    const ids: Int32Array[] = [];
    this.each(id, (value) => { if (value) ids.push(id.slice()); });
    for (const one of ids) { id.set(one); call(); }
  }

  save(indexOf: (value: T) => number): SavedQueueIds[number] {
    return { ids: this.ids, values: Int32Array.from(this.values, (value) => (value ? indexOf(value) : -1)) };
  }

  static load<T extends object>({ ids, values }: SavedQueueIds[number], valueAt: (index: number) => T): Table<T> {
    const table = new Table<T>();
    table.places = values.length;
    table.ids = ids;
    table.values = Array.from(values, (index, place) => (ids[place * stride] === 0 ? undefined : index < 0 ? null : valueAt(index)));
    for (const value of table.values) { if (value !== undefined) table.size++; if (value) table.open++; }
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
    this.values = new Array<T | null | undefined>(this.places).fill(undefined);
    for (let place = 0; place < places; place++) {
      if (values[place] === undefined) continue;
      const id = ids.subarray(place * stride, place * stride + stride);
      const to = this.find(id);
      this.values[to] = values[place];
      this.ids.set(id, to * stride);
    }
  }
}
