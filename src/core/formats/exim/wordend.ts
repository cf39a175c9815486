import { Byte, ViewOf } from '../../text/ascii';

/** Of what is being read. */
const views = new ViewOf();
/**
 * Four spaces, four quotes, and what tells a byte of zeros in four bytes: its highest bit is then set, and those of
 * bytes before it are not.
 */
const spaces = 0x20202020,
  quotes = 0x22222222,
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
    p = quoteEnd(b, p, e);
    if (p >= e) return e;
    p++;
  }
}

/** The quote that closes the one at `p`, or the line's end. */
function quoteEnd(b: Uint8Array, p: number, e: number): number {
  for (p++; p < e && b[p] !== Byte.quote; p++) if (b[p] === Byte.backslash) p++;
  return p;
}
