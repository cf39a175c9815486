/** Whole numbers in the bytes of a log. */

/** Most digits of a number that is held exactly. */
const mostDigits = 15;

export function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/** The whole number `b[s, e)`, or -1 where it is none. */
export function wholeNumber(b: Uint8Array, s: number, e: number): number {
  return e - s <= mostDigits && digitsEnd(b, s, e) === e ? numberAt(b, s, e) : -1;
}

/** The whole number that begins at `p`, or -1 where there is none. Digits past the fifteenth are left out. */
export function numberAt(b: Uint8Array, p: number, e: number): number {
  let n = 0,
    q = p;
  for (; q < e && isDigit(b[q]) && q - p < mostDigits; q++) n = n * 10 + b[q] - 48;
  return q === p ? -1 : n;
}

/** The number that so many digits at `p` make; NaN where one of them is none. */
export function fixedNumber(b: Uint8Array, p: number, digits: number): number {
  let n = 0;
  for (let i = p; i < p + digits; i++) n = isDigit(b[i]) ? n * 10 + b[i] - 48 : NaN;
  return n;
}

/** The end of the digits at `p`; `p` where there are none. */
export function digitsEnd(b: Uint8Array, p: number, e: number): number {
  while (p < e && isDigit(b[p])) p++;
  return p;
}
