import type { WordId } from '../../model';

/** The value of each byte as a digit of base 62 (0-9A-Za-z), 64 for what is none. */
const digits = new Uint8Array(256).fill(64);
[...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'].forEach((c, value) => {
  digits[c.charCodeAt(0)] = value;
});

const dash = 45,
  space = 32;

/**
 * Exim's message ids (Exim specification, "Message identification"): three parts with dashes between them, of 6, 6 and
 * 2 digits of base 62, since 4.97 of 6, 11 and 4, as four whole numbers that hold them exactly: six bits a digit, five
 * digits a number, the last digit spread over their highest bits.
 */
export class MessageId {
  a = 0;
  b = 0;
  c = 0;
  d = 0;

  /** Reads the id at `p`, which a space or the line's end must follow. Returns its length, or 0 where there is none. */
  read(bytes: Uint8Array, p: number, e: number): number {
    if (e - p < 16 || bytes[p + 6] !== dash) return 0;
    if (bytes[p + 13] === dash && (e - p === 16 || bytes[p + 16] === space)) {
      this.a = five(bytes, p);
      const one = digits[bytes[p + 5]];
      this.b = five(bytes, p + 7);
      const other = digits[bytes[p + 12]],
        third = digits[bytes[p + 14]],
        fourth = digits[bytes[p + 15]];
      this.c = one | (other << 6) | (third << 12) | (fourth << 18);
      this.d = -1;
      return (this.a | this.b) < 0 || (one | other | third | fourth) >= 64 ? 0 : 16;
    }
    if (e - p < 23 || bytes[p + 18] !== dash || !(e - p === 23 || bytes[p + 23] === space)) return 0;
    const last = digits[bytes[p + 22]];
    const a = five(bytes, p),
      b = five(bytes, p + 7),
      c = five(bytes, p + 12);
    const one = digits[bytes[p + 5]],
      other = digits[bytes[p + 17]],
      x = digits[bytes[p + 19]],
      y = digits[bytes[p + 20]],
      z = digits[bytes[p + 21]];
    if ((a | b | c) < 0 || (one | other | x | y | z | last) >= 64) return 0;
    this.a = a | ((last & 3) << 30);
    this.b = b | (((last >> 2) & 3) << 30);
    this.c = c | ((last >> 4) << 30);
    this.d = one | (other << 6) | (x << 12) | (y << 18) | (z << 24);
    return 23;
  }
}

/** Five digits as a number, negative where one of them is none. */
function five(b: Uint8Array, p: number): number {
  const v = digits[b[p]],
    w = digits[b[p + 1]],
    x = digits[b[p + 2]],
    y = digits[b[p + 3]],
    z = digits[b[p + 4]];
  return (v | w | x | y | z) >= 64 ? -1 : v | (w << 6) | (x << 12) | (y << 18) | (z << 24);
}

/** More than the last number of any id. */
const ofServer = 2 ** 32;

/** The last number of an id, with the server that gave it: the ids of two servers may be the same. */
export function keyOf(server: WordId, last: number): number {
  return server * ofServer + last;
}

/** The server of what `keyOf` gave. */
export function serverOf(key: number): WordId {
  return Math.floor((key + 1) / ofServer);
}

/** The last number of the id of what `keyOf` gave. */
export function lastOf(key: number): number {
  return key - serverOf(key) * ofServer;
}
