import { Byte } from '../../text/ascii';

const longestName = 255;

/**
 * Where the host name ends that begins at `start`: the first word of EHLO or of a greeting (RFC 5321, 4.1.1.1 and
 * 4.2), without a final dot. `start` itself where the word is no name but an address, a mask such as `****` or too
 * long for a name (RFC 1035).
 */
export function hostNameEnd(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  let letters = false;
  for (; i < end; i++) {
    const c = bytes[i];
    if (c === Byte.space || c === Byte.comma || c === Byte.quote) break;
    const lower = c | 32;
    if (lower >= 97 && lower <= 122) letters = true;
  }
  if (!letters || bytes[start] === Byte.openBracket || i - start > longestName) return start;
  return bytes[i - 1] === Byte.dot ? i - 1 : i;
}

/** Whether there is a dot in `bytes[start, end)`, so that the name is more than a word of a greeting. */
export function isDotted(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === Byte.dot) return true;
  return false;
}
