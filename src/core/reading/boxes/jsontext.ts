import { indexOfByte } from '../../text/bytes';

/**
 * Writes the text of JSON `bytes[from, to)`, without its quotes, into `room`, which is at least as long. Returns its
 * length, or -1 where an escape is not one of RFC 8259, section 7.
 */
export function unescaped(bytes: Uint8Array, from: number, to: number, room: Uint8Array): number {
  let length = 0;
  for (let p = from; p < to; p++) {
    const c = bytes[p];
    if (c !== 92) {
      room[length++] = c;
      continue;
    }
    const plain = plainOf(bytes[++p]);
    if (plain > 0) {
      room[length++] = plain;
      continue;
    }
    const code = p + 4 < to && bytes[p] === 117 ? unit(bytes, p + 1) : -1;
    if (code < 0) return -1;
    p += 4;
    const low = isHigh(code) && p + 6 < to && bytes[p + 1] === 92 && bytes[p + 2] === 117 ? unit(bytes, p + 3) : 0;
    if (isLow(low)) p += 6;
    length = put(room, length, isLow(low) ? 0x10000 + ((code - 0xd800) << 10) + low - 0xdc00 : alone(code));
  }
  return length;
}

/** Whether a unit of UTF-16 is the first of two. */
function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

/** Whether it is the second. */
function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

/** The character of one unit; half of two is none. */
function alone(code: number): number {
  return isHigh(code) || isLow(code) ? 0xfffd : code;
}

/** One line stays one: what ends a line inside becomes a space. */
export function joinLines(bytes: Uint8Array, length: number): void {
  for (let at = indexOfByte(bytes, 10, 0); at >= 0 && at < length; at = indexOfByte(bytes, 10, at + 1)) bytes[at] = 32;
}

/** What an escape of two characters stands for; 0 for others. */
function plainOf(c: number): number {
  switch (c) {
    case 110:
      return 10;
    case 34:
    case 47:
    case 92:
      return c;
    case 116:
      return 9;
    case 114:
      return 13;
    case 98:
      return 8;
    case 102:
      return 12;
    default:
      return 0;
  }
}

/** The four hexadecimal digits at `p` as a number; negative where they are none. */
function unit(b: Uint8Array, p: number): number {
  let n = 0;
  for (let i = p; i < p + 4; i++) {
    const c = b[i],
      digit = c < 58 ? c - 48 : (c | 32) - 87;
    if (digit < 0 || digit > 15 || (c >= 58 && digit < 10)) return -1;
    n = n * 16 + digit;
  }
  return n;
}

/** Writes a character as UTF-8; returns the new length. It is never longer than its escape. */
function put(room: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    room[at++] = code;
    return at;
  }
  if (code < 0x800) room[at++] = 0xc0 | (code >> 6);
  else {
    if (code < 0x10000) room[at++] = 0xe0 | (code >> 12);
    else {
      room[at++] = 0xf0 | (code >> 18);
      room[at++] = 0x80 | ((code >> 12) & 63);
    }
    room[at++] = 0x80 | ((code >> 6) & 63);
  }
  room[at++] = 0x80 | (code & 63);
  return at;
}
