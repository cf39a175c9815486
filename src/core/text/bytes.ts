/**
 * Where a byte next stands at or behind `start`, or -1. Node's Buffer does this with memchr, four times as fast as the
 * typed array's own method, and its function takes any Uint8Array.
 */
export const indexOfByte: (bytes: Uint8Array, byte: number, start: number) => number = (() => {
  const native = (
    globalThis as { Buffer?: { prototype: { indexOf(this: Uint8Array, byte: number, start: number): number } } }
  ).Buffer?.prototype.indexOf;
  return native
    ? (bytes, byte, start) => native.call(bytes, byte, start)
    : (bytes, byte, start) => bytes.indexOf(byte, start);
})();

/** A copy of `bytes[start, end)`. `slice` would not do: on a Buffer it returns a view of memory that is reused. */
export function copyOf(bytes: Uint8Array, start = 0, end = bytes.length): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes.subarray(start, end));
}

/** Whether `bytes[at, end)` begins with this text of lower case, compared without case (ASCII). */
export function beginsWith(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  if (at + text.length > end) return false;
  for (let i = 0; i < text.length; i++) {
    const c = bytes[at + i];
    if (((c - 65) >>> 0 < 26 ? c + 32 : c) !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** Whether `bytes[start, end)` is this text of lower case, compared without case (ASCII). */
export function isText(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  return end - start === text.length && beginsWith(bytes, start, end, text);
}

/**
 * Whether `bytes[start, end)` is this text of lower case but for one byte that is another one, is missing or is too
 * many; compared without case (ASCII). The text itself is not near.
 */
export function isNearText(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  const longer = end - start - text.length;
  if (longer < -1 || longer > 1) return false;
  let from = 0,
    last = end - 1,
    at = text.length - 1;
  while (start + from < end && from <= at && lower(bytes[start + from]) === text.charCodeAt(from)) from++;
  while (last >= start + from && at >= from && lower(bytes[last]) === text.charCodeAt(at)) {
    last--;
    at--;
  }
  const differing = Math.max(last - start, at) - from + 1;
  return differing === 1;
}

function lower(c: number): number {
  return (c - 65) >>> 0 < 26 ? c + 32 : c;
}
