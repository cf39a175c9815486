import { Byte, find } from '../../text/ascii';
import { isDigit } from '../../text/digits';

/**
 * Whether a line of syslog has been damaged in a way that may hide another line: a NUL stands in `b[s, e)`, or in its
 * text, which begins at `p`, the `program[1]: ` with which another line begins, since the end of this one is lost.
 */
export function holdsOtherLine(b: Uint8Array, v: DataView, s: number, p: number, e: number): boolean {
  if (find(v, s, e, Byte.nul) < e) return true;
  for (let q = find(v, p, e, Byte.closeBracket); q + 2 < e; q = find(v, q + 1, e, Byte.closeBracket)) {
    if (b[q + 1] !== Byte.colon || b[q + 2] !== Byte.space || !isDigit(b[q - 1])) continue;
    let open = q - 1;
    while (open > p && isDigit(b[open])) open--;
    if (b[open] === Byte.openBracket && open > p && isLetter(b[open - 1])) return true;
  }
  return false;
}

function isLetter(c: number): boolean {
  return (c | 32) >= 97 && (c | 32) <= 122;
}
