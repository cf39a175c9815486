import { Byte, ViewOf } from '../../text/ascii';

/** Of what is being read. */
const views = new ViewOf();
/**
 * Four spaces, quotes and backslashes, and what tells a byte of zeros in four bytes: its highest bit is then set, and
 * those of bytes before it are not.
 */
const spaces = 0x20202020,
  quotes = 0x22222222,
  backslashes = 0x5c5c5c5c,
  ones = 0x01010101,
  highest = 0x80808080;

/** The end of the word at `p`: the next space that is not in quotes, or the line's end. */
export function wordEnd(b: Uint8Array, p: number, e: number): number {
  const view = views.of(b);
  for (;;) {
    for (; p + 4 <= e; p += 4) {
      const four = view.getInt32(p, true),
        s = four ^ spaces,
        q = four ^ quotes,
        found = (((s - ones) & ~s) | ((q - ones) & ~q)) & highest;
      if (found !== 0) {
        p += (31 - Math.clz32(found & -found)) >> 3;
        break;
      }
    }
    while (p < e && b[p] !== Byte.space && b[p] !== Byte.quote) p++;
    if (p >= e) return e;
    if (b[p] === Byte.space) return p;
    p = quoteEnd(view, b, p, e);
    if (p >= e) return e;
    p++;
  }
}

/** The quote that closes the one at `p`, or the line's end. */
function quoteEnd(view: DataView, b: Uint8Array, p: number, e: number): number {
  for (p++; p < e && b[p] !== Byte.quote; p++) {
    for (; p + 4 <= e; p += 4) {
      const four = view.getInt32(p, true),
        q = four ^ quotes,
        s = four ^ backslashes;
      if (((((q - ones) & ~q) | ((s - ones) & ~s)) & highest) !== 0) break;
    }
    if (b[p] === Byte.quote) return p;
    if (b[p] === Byte.backslash) p++;
  }
  return p;
}
