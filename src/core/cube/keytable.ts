/**
 * Rows found by three whole numbers: an open-addressing hash table over typed arrays, so that millions of rows
 * cost no objects. Rows are numbered in the order in which they first appeared and are never removed.
 */
export class KeyTable {
  length = 0;
  a = new Int32Array(64);
  b = new Int32Array(64);
  c = new Int32Array(64);
  private slots = new Int32Array(256).fill(-1);

  /** The row of the key; it is new when it equals the `length` from before the call. */
  row(a: number, b: number, c: number): number {
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
    hash ^= hash >>> 15;
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = this.slots[slot];
      if (row < 0) return this.insert(a, b, c, slot);
      if (this.a[row] === a && this.b[row] === b && this.c[row] === c) return row;
    }
  }

  /** The same rows in a table of their own. */
  clone(): KeyTable {
    return Object.assign(new KeyTable(), {
      length: this.length,
      a: this.a.slice(),
      b: this.b.slice(),
      c: this.c.slice(),
      slots: this.slots.slice(),
    });
  }

  /** The row of a key that is there, else −1. */
  find(a: number, b: number, c: number): number {
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
    hash ^= hash >>> 15;
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = this.slots[slot];
      if (row < 0 || (this.a[row] === a && this.b[row] === b && this.c[row] === c)) return row;
    }
  }

  private insert(a: number, b: number, c: number, slot: number): number {
    const row = this.length++;
    if (row === this.a.length) {
      this.a = doubled(this.a);
      this.b = doubled(this.b);
      this.c = doubled(this.c);
    }
    this.a[row] = a;
    this.b[row] = b;
    this.c[row] = c;
    this.slots[slot] = row;
    if (this.length * 2 > this.slots.length) this.rehash();
    return row;
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let row = 0; row < this.length; row++) {
      let hash =
        Math.imul(this.a[row], 0x9e3779b1) ^ Math.imul(this.b[row], 0x85ebca6b) ^ Math.imul(this.c[row], 0xc2b2ae35);
      hash ^= hash >>> 15;
      let slot = hash & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = row;
    }
    this.slots = slots;
  }
}

/** The same numbers in an array of twice the length. */
export function doubled<T extends Int32Array | Float64Array>(old: T): T {
  const next = new (old.constructor as new (n: number) => T)(old.length * 2);
  next.set(old);
  return next;
}
