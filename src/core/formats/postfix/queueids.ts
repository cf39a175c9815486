/** Numbers that hold a queue id: up to 20 characters exactly. */
const words = 5;

/** Most queue ids in one of the two tables, and most of them with something behind them. */
const mostIds = 250_000;
const mostValues = 65_536;

/** The queue ids that are known, five numbers each, and for each the index of its value or -1. */
export interface SavedQueueIds { keys: Int32Array; values: Int32Array }

/**
 * What is known of queue ids. `undefined`: never seen here; null: seen, and nothing is open for it.
 * Bounded: when a table is full it becomes the old one, and what was in the old one is forgotten.
 */
export class QueueIds<T extends object> {
  private young = new Table<T>();
  private old: Table<T> | undefined;
  private readonly key = new Int32Array(words);

  /** @param onEvict told how many open entries were forgotten because there were too many. */
  constructor(private readonly onEvict: (count: number) => void) {}

  get(v: DataView, s: number, e: number): T | null | undefined {
    const hash = this.read(v, s, e);
    const value = this.young.get(this.key, hash);
    return value !== undefined || this.old === undefined ? value : this.old.get(this.key, hash);
  }

  set(v: DataView, s: number, e: number, value: T | null): void { this.put(this.read(v, s, e), value); }

  delete(v: DataView, s: number, e: number): void { this.drop(this.read(v, s, e)); }

  /** All open entries. */
  *values(): Iterable<T> {
    for (const table of [this.old, this.young]) if (table) for (const [, value] of table.entries()) if (value) yield value;
  }

  /** Takes over all that `right` knows. `keep`: whether to remember ids for which nothing is open. */
  join(right: QueueIds<T>, keep: boolean, copy: (value: T) => T): void {
    for (const table of [right.old, right.young]) {
      if (!table) continue;
      for (const [key, value] of table.entries()) {
        this.key.set(key);
        const hash = hashOf(this.key);
        if (value) this.put(hash, copy(value));
        else if (keep) this.put(hash, null);
        else this.drop(hash);
      }
    }
  }

  save(indexOf: (value: T) => number): SavedQueueIds {
    const all = [this.old, this.young].flatMap((table) => (table ? [...table.entries()] : []));
    const keys = new Int32Array(all.length * words);
    const values = new Int32Array(all.length);
    all.forEach(([key, value], i) => { keys.set(key, i * words); values[i] = value ? indexOf(value) : -1; });
    return { keys, values };
  }

  load({ keys, values }: SavedQueueIds, valueAt: (index: number) => T): void {
    for (let i = 0; i < values.length; i++) {
      this.key.set(keys.subarray(i * words, i * words + words));
      this.put(hashOf(this.key), values[i] < 0 ? null : valueAt(values[i]));
    }
  }

  private put(hash: number, value: T | null): void {
    if (this.young.size >= mostIds || this.young.open >= mostValues) {
      if (this.old && this.old.open > 0) this.onEvict(this.old.open);
      this.old = this.young;
      this.young = new Table<T>();
    }
    this.young.set(this.key, hash, value);
    this.old?.delete(this.key, hash);
  }

  private drop(hash: number): void {
    this.young.delete(this.key, hash);
    this.old?.delete(this.key, hash);
  }

  /** Packs the id into `key`, four characters a number; what is longer than 20 characters is mixed into the last. */
  private read(v: DataView, s: number, e: number): number {
    const { key } = this;
    let i = s, w = 0;
    for (; i + 4 <= e && w < words; i += 4) key[w++] = v.getInt32(i, true);
    if (w < words) {
      let packed = 0;
      for (; i < e; i++) packed = packed << 8 | v.getUint8(i);
      key[w++] = packed;
      while (w < words) key[w++] = 0;
    } else for (; i < e; i++) key[words - 1] = Math.imul(key[words - 1] ^ v.getUint8(i), 0x01000193);
    return hashOf(key);
  }
}

function hashOf(key: Int32Array): number {
  let hash = Math.imul(key[0], 0x9e3779b1) ^ Math.imul(key[1], 0x85ebca6b) ^ Math.imul(key[2], 0xc2b2ae35) ^ Math.imul(key[3], 0x27d4eb2f) ^ key[4];
  hash = Math.imul(hash ^ hash >>> 15, 0x2c1b3c6d);
  return hash ^ hash >>> 13;
}

/** An open-addressing hash table with keys in a typed array; entries that are removed leave no trace. */
class Table<T extends object> {
  size = 0;
  /** How many of its values are not null. */
  open = 0;
  private keys = new Int32Array(256 * words);
  private hashes = new Int32Array(256);
  private slots: (T | null | undefined)[] = new Array<T | null | undefined>(256).fill(undefined);

  get(key: Int32Array, hash: number): T | null | undefined { return this.slots[this.find(key, hash)]; }

  set(key: Int32Array, hash: number, value: T | null): void {
    const slot = this.find(key, hash);
    const before = this.slots[slot];
    if (before) this.open--;
    if (value) this.open++;
    this.slots[slot] = value;
    if (before !== undefined) return;
    for (let w = 0; w < words; w++) this.keys[slot * words + w] = key[w];
    this.hashes[slot] = hash;
    if (++this.size * 3 > this.slots.length * 2) this.grow();
  }

  delete(key: Int32Array, hash: number): void {
    let hole = this.find(key, hash);
    const value = this.slots[hole];
    if (value === undefined) return;
    if (value) this.open--;
    this.size--;
    // Entries behind the hole that could not stand where they belong move up, so that a search never stops too early.
    const mask = this.slots.length - 1;
    for (let slot = hole + 1 & mask; this.slots[slot] !== undefined; slot = slot + 1 & mask) {
      if ((slot - this.hashes[slot] & mask) < (slot - hole & mask)) continue;
      this.slots[hole] = this.slots[slot];
      this.hashes[hole] = this.hashes[slot];
      this.keys.copyWithin(hole * words, slot * words, slot * words + words);
      hole = slot;
    }
    this.slots[hole] = undefined;
  }

  *entries(): Iterable<[Int32Array, T | null]> {
    for (let slot = 0; slot < this.slots.length; slot++) {
      const value = this.slots[slot];
      if (value !== undefined) yield [this.keys.subarray(slot * words, slot * words + words), value];
    }
  }

  private find(key: Int32Array, hash: number): number {
    const { keys, slots } = this;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = slot + 1 & mask) {
      if (slots[slot] === undefined) return slot;
      const at = slot * words;
      if (keys[at] === key[0] && keys[at + 1] === key[1] && keys[at + 2] === key[2] && keys[at + 3] === key[3] && keys[at + 4] === key[4]) return slot;
    }
  }

  private grow(): void {
    const { keys, hashes, slots } = this;
    this.keys = new Int32Array(keys.length * 2);
    this.hashes = new Int32Array(hashes.length * 2);
    this.slots = new Array<T | null | undefined>(slots.length * 2).fill(undefined);
    for (let slot = 0; slot < slots.length; slot++) {
      if (slots[slot] === undefined) continue;
      const key = keys.subarray(slot * words, slot * words + words);
      const to = this.find(key, hashes[slot]);
      this.slots[to] = slots[slot];
      this.hashes[to] = hashes[slot];
      this.keys.set(key, to * words);
    }
  }
}
