const localhost = [108, 111, 99, 97, 108, 104, 111, 115, 116];

/**
 * Whether the host `name` with `address` is the machine itself, over which content filters and local programs hand over mail:
 * 127.0.0.1 and ::1 always; the rest of 127.0.0.0/8 where it stands in place of a name or is called localhost, since a host may
 * give names of their own to those addresses and treat them as others.
 */
export function isLoopback(b: Uint8Array, start: number, end: number, nameStart: number, nameEnd: number): boolean {
  if (b[start] === 58) return end - start === 3 && b[start + 1] === 58 && b[start + 2] === 49;
  if (!(b[start] === 49 && b[start + 1] === 50 && b[start + 2] === 55 && b[start + 3] === 46)) return false;
  if (
    end - start === 9 &&
    b[start + 4] === 48 &&
    b[start + 5] === 46 &&
    b[start + 6] === 48 &&
    b[start + 7] === 46 &&
    b[start + 8] === 49
  )
    return true;
  const length = nameEnd - nameStart;
  if (length <= 0) return true;
  if (length === end - start && sameBytes(b, start, nameStart, length)) return true;
  return (
    length >= localhost.length &&
    localhost.every((c, i) => (b[nameStart + i] | 32) === c) &&
    (length === localhost.length || b[nameStart + localhost.length] === 46)
  );
}

function sameBytes(b: Uint8Array, p: number, q: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (b[p + i] !== b[q + i]) return false;
  return true;
}
