/** Comparing bytes of a log with fixed ASCII text. */

/** The four bytes at `p` as one number, to be compared with `four` of a text: the quickest test of a line's first letters. */
export function fourAt(b: Uint8Array, p: number): number {
  return b[p] | b[p + 1] << 8 | b[p + 2] << 16 | b[p + 3] << 24;
}

/** The number that `fourAt` gives where these four characters stand. */
export function four(text: string): number {
  return text.charCodeAt(0) | text.charCodeAt(1) << 8 | text.charCodeAt(2) << 16 | text.charCodeAt(3) << 24;
}

/** Whether the bytes at `p` are this text. */
export function startsWith(b: Uint8Array, p: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (b[p + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Whether `b[s, e)` is this text. */
export function equals(b: Uint8Array, s: number, e: number, text: string): boolean {
  return e - s === text.length && startsWith(b, s, text);
}

/** A number for `b[s, e)`, never 0; different texts have different numbers but for one in four billion. */
export function hashOf(b: Uint8Array, s: number, e: number): number {
  let hash = e - s, i = s;
  for (; i + 4 <= e; i += 4) {
    hash = Math.imul(hash ^ fourAt(b, i), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; i < e; i++) hash = Math.imul(hash ^ b[i], 0x01000193);
  hash = Math.imul(hash ^ hash >>> 13, 0x85ebca6b);
  return hash ^ hash >>> 16 || 1;
}
