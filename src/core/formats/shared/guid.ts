import { Byte } from '../../text/ascii';

const length = 36;
/** Where the hyphens of a GUID stand. */
const hyphens = [8, 13, 18, 23];

/**
 * Whether `bytes[start, end)` was a GUID (RFC 9562, section 4) before a byte of it was damaged, lost or added. Ids of
 * any other form are not damaged: nothing obliges a log to have GUIDs.
 */
export function isDamagedGuid(bytes: Uint8Array, start: number, end: number): boolean {
  const longer = end - start - length;
  if (longer < -1 || longer > 1) return false;
  let others = 0,
    found = 0;
  for (let i = start; i < end; i++) {
    if (bytes[i] === Byte.minus) found++;
    else if (!isHexadecimal(bytes[i])) others++;
  }
  const isWhole = longer === 0 && others === 0 && found === hyphens.length;
  if (isWhole && hyphens.every((at) => bytes[start + at] === Byte.minus)) return false;
  return others <= 1 && found >= hyphens.length - 1 && found <= hyphens.length + 1;
}

/** Whether this is a hexadecimal digit. */
export function isHexadecimal(c: number): boolean {
  const letter = c | 32;
  return (c >= Byte.zero && c <= Byte.nine) || (letter >= 97 && letter <= 102);
}
