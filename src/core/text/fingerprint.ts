/** A 64-bit fingerprint of texts and numbers, as two whole numbers: identifies a message without keeping its bytes. */
export class Fingerprint {
  a = 0;
  b = 0;

  /** Starts anew. Fingerprints of different kinds never meet. */
  of(kind: number): this {
    this.a = kind;
    this.b = ~kind;
    return this;
  }

  /** Adds the text in `bytes[start, end)`, and where it ends. */
  text(bytes: Uint8Array, start: number, end: number): this {
    let { a, b } = this;
    let i = start;
    for (; i + 4 <= end; i += 4) {
      const w = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
      a = Math.imul(a ^ w, 0xcc9e2d51);
      a ^= a >>> 15;
      b = Math.imul((b + w) | 0, 0x1b873593);
      b ^= b >>> 13;
    }
    let rest = end - start;
    for (; i < end; i++) rest = (rest << 8) | bytes[i];
    this.a = a;
    this.b = b;
    return this.number(rest);
  }

  /** Adds a name without case (ASCII), up to its first dot: a host, however fully it is named. */
  host(bytes: Uint8Array, start: number, end: number): this {
    let hash = 0;
    for (let i = start; i < end && bytes[i] !== 46; i++) {
      const c = bytes[i];
      hash = Math.imul(hash ^ ((c - 65) >>> 0 < 26 ? c + 32 : c), 0x01000193);
    }
    return this.number(hash);
  }

  /** Adds a number of 32 bits. */
  number(w: number): this {
    let a = Math.imul(this.a ^ w, 0xcc9e2d51),
      b = Math.imul((this.b + w) | 0, 0x1b873593);
    a ^= a >>> 15;
    b ^= b >>> 13;
    this.a = Math.imul(a, 0x85ebca6b) ^ (b >>> 16);
    this.b = Math.imul(b, 0xc2b2ae35) ^ (a >>> 16);
    return this;
  }
}

/** A number that hardly any other line has. What stands behind a line does not count. */
export function printOf(line: string): number {
  const bytes = new TextEncoder().encode(line.trimEnd());
  return new Fingerprint().of(0).text(bytes, 0, bytes.length).a;
}
