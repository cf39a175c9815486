/** Numbers of an id in a table: its hash (never 0), and its characters. */
export const idWidth = 6;

/** A queue id as numbers, of which a reader makes one for all lines. */
export class QueueId {
  /** As it stands in a table of ids. */
  readonly numbers = new Int32Array(idWidth);
  /** A second number that has nothing in common with the hash. */
  second = 0;
  /** Mixed into ids, so that those of other hosts with the same characters are others. */
  salt = 0;

  /**
   * Packs an id of 4 to 20 characters, four a number: the last number holds its last four characters even where they
   * overlap with the
   * number before, and the hash depends on the length. What is longer is mixed into the last number. The kernel does
   * the same.
   */
  read(v: DataView, s: number, e: number): this {
    const { numbers: id } = this,
      n = e - s,
      last = v.getInt32(e - 4, true);
    id[1] = v.getInt32(s, true);
    id[2] = n > 8 ? v.getInt32(s + 4, true) : last;
    id[3] = n > 12 ? v.getInt32(s + 8, true) : n > 8 ? last : 0;
    id[4] = n > 16 ? v.getInt32(s + 12, true) : n > 12 ? last : 0;
    id[5] = n > 16 ? last : 0;
    for (let i = s + 16; i < e - 4; i++) id[5] = Math.imul(id[5] ^ v.getUint8(i), 0x01000193);
    id[5] ^= this.salt;
    let hash =
      Math.imul(id[1], 0x9e3779b1) ^
      Math.imul(id[2], 0x85ebca6b) ^
      Math.imul(id[3], 0xc2b2ae35) ^
      Math.imul(id[4], 0x27d4eb2f) ^
      id[5] ^
      n;
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    id[0] = hash ^ (hash >>> 13) || 1;
    this.second = secondOf(id);
    return this;
  }

  /** Takes the numbers that the kernel has written from `at` on: those of a table, and the second. */
  take(n: Int32Array, at: number): this {
    const { numbers } = this;
    for (let i = 0; i < idWidth; i++) numbers[i] = n[at + i];
    this.second = n[at + idWidth];
    return this;
  }
}

/** A number for an id that has nothing in common with its hash. */
export function secondOf(id: Int32Array): number {
  let h = (Math.imul(id[1] ^ (id[1] >>> 16), 0x7feb352d) + Math.imul(id[2] ^ (id[2] >>> 15), 0x846ca68b)) | 0;
  h =
    (Math.imul(h ^ (h >>> 13), 0x2c1b3c6d) +
      Math.imul(id[3] ^ (id[3] >>> 14), 0x297a2d39) +
      Math.imul(id[4], 0x1b873593) +
      id[5]) |
    0;
  return h ^ (h >>> 15);
}
