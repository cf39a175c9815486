import { Byte } from '../../text/ascii';

const length = 36;

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
    if (hexadecimal[bytes[i]] === 1) continue;
    if (bytes[i] === Byte.minus) found++;
    else others++;
  }
  if (longer === 0 && others === 0 && found === 4 && hasHyphens(bytes, start)) return false;
  return others <= 1 && found >= 3 && found <= 5;
}

function hasHyphens(b: Uint8Array, s: number): boolean {
  return b[s + 8] === Byte.minus && b[s + 13] === Byte.minus && b[s + 18] === Byte.minus && b[s + 23] === Byte.minus;
}

/** 1 for hexadecimal digits. */
export const hexadecimal = Uint8Array.from({ length: 256 }, (_, c) =>
  /[\dA-Fa-f]/.test(String.fromCharCode(c)) ? 1 : 0,
);
