/** What one entry of an open table is: its key of four whole numbers and its value. */
export type OpenEntry<T> = [a: number, b: number, c: number, d: number, value: T];

/**
 * What is open in a log (messages in the queue, sessions, processes) by a key of four whole numbers. Look-ups make no
 * objects, entries can be removed, and there is a limit: when it is reached, one of the oldest entries makes room.
 */
export class OpenTable<T extends object> {
  size = 0;
  /** Of any size, since some systems write process ids of more than 31 bits. */
  private keys = new Float64Array(4 * 256);
  private values: (T | undefined)[] = new Array<T | undefined>(256).fill(undefined);
  /** Chains of entries whose keys have the same hash: `heads` by hash, `next` by entry; -1 ends a chain. */
  private heads = new Int32Array(256).fill(-1);
  private next = new Int32Array(256);
  /** Entries are placed in turn, so the one behind the newest is one of the oldest. */
  private cursor = 0;

  /**
   * @param limit most entries. @param onEvict called with each entry that had to make room, and the first number of its
   * key.
   */
  constructor(
    private readonly limit: number,
    private readonly onEvict: (value: T, a: number) => void,
  ) {}

  get(a: number, b: number, c: number, d: number): T | undefined {
    const at = this.find(a, b, c, d);
    return at < 0 ? undefined : this.values[at];
  }

  /** Adds an entry or replaces the one with this key. */
  set(a: number, b: number, c: number, d: number, value: T): void {
    const known = this.find(a, b, c, d);
    if (known >= 0) {
      this.values[known] = value;
      return;
    }
    if (this.size >= this.limit) this.evict();
    else if (this.size * 2 >= this.values.length) this.grow();
    const at = this.free();
    this.values[at] = value;
    this.keys[at * 4] = a;
    this.keys[at * 4 + 1] = b;
    this.keys[at * 4 + 2] = c;
    this.keys[at * 4 + 3] = d;
    this.link(at);
    this.size++;
  }

  /** Removes the entry with this key; returns whether there was one. */
  delete(a: number, b: number, c: number, d: number): boolean {
    const at = this.find(a, b, c, d);
    if (at < 0) return false;
    this.remove(at);
    return true;
  }

  /**
   * Removes the entries of which nothing matters any more, as `isDone` tells by value and first number of the key. It
   * must leave the table alone.
   */
  sweep(isDone: (value: T, a: number) => boolean): void {
    for (let at = 0; at < this.values.length; at++) {
      const value = this.values[at];
      if (value !== undefined && isDone(value, this.keys[at * 4])) this.remove(at);
    }
  }

  /** All entries, in no particular order. They can be packed where the values can. */
  entries(): OpenEntry<T>[] {
    const { keys } = this;
    return this.values.flatMap((value, i) =>
      value === undefined
        ? []
        : [[keys[i * 4], keys[i * 4 + 1], keys[i * 4 + 2], keys[i * 4 + 3], value] as OpenEntry<T>],
    );
  }

  private find(a: number, b: number, c: number, d: number): number {
    const { keys, next } = this;
    for (let at = this.heads[hash(a, b, c, d) & (this.heads.length - 1)]; at >= 0; at = next[at]) {
      const k = at * 4;
      if (keys[k] === a && keys[k + 1] === b && keys[k + 2] === c && keys[k + 3] === d) return at;
    }
    return -1;
  }

  private link(at: number): void {
    const { keys } = this;
    const bucket = hash(keys[at * 4], keys[at * 4 + 1], keys[at * 4 + 2], keys[at * 4 + 3]) & (this.heads.length - 1);
    this.next[at] = this.heads[bucket];
    this.heads[bucket] = at;
  }

  private remove(at: number): void {
    const { keys, next, heads } = this;
    const bucket = hash(keys[at * 4], keys[at * 4 + 1], keys[at * 4 + 2], keys[at * 4 + 3]) & (heads.length - 1);
    if (heads[bucket] === at) heads[bucket] = next[at];
    else {
      let before = heads[bucket];
      while (next[before] !== at) before = next[before];
      next[before] = next[at];
    }
    this.values[at] = undefined;
    this.size--;
  }

  private free(): number {
    const mask = this.values.length - 1;
    while (this.values[this.cursor] !== undefined) this.cursor = (this.cursor + 1) & mask;
    return this.cursor;
  }

  private evict(): void {
    const mask = this.values.length - 1;
    do this.cursor = (this.cursor + 1) & mask;
    while (this.values[this.cursor] === undefined);
    const value = this.values[this.cursor]!,
      a = this.keys[this.cursor * 4];
    this.remove(this.cursor);
    this.onEvict(value, a);
  }

  private grow(): void {
    const { keys, values } = this;
    const size = values.length * 2;
    this.keys = new Float64Array(size * 4);
    this.keys.set(keys);
    this.values = [...values, ...new Array<T | undefined>(values.length).fill(undefined)];
    this.heads = new Int32Array(size).fill(-1);
    this.next = new Int32Array(size);
    this.cursor = values.length;
    values.forEach((value, at) => {
      if (value !== undefined) this.link(at);
    });
  }
}

function hash(a: number, b: number, c: number, d: number): number {
  const h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f);
  const mixed = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}
