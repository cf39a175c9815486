// Looking at bytes, many at a time and with few branches, which a processor can't foresee in text. A look may go beyond
// the end of a line: behind the block there is always memory.

export function byteAt(p: i32): i32 {
  return <i32>load<u8>(p);
}

export function fourAt(p: i32): i32 {
  return load<i32>(p);
}

export function isDigit(c: i32): bool {
  return <u32>(c - 48) < 10;
}

/** A bit for each of the 32 bytes from `p` on that is this one. */
export function places(p: i32, byte: i32): u32 {
  const pattern = i8x16.splat(<i8>byte);
  return i8x16.bitmask(i8x16.eq(v128.load(p), pattern)) | (i8x16.bitmask(i8x16.eq(v128.load(p, 16), pattern)) << 16);
}

/** A bit for each of the 64 bytes from `p` on that is this one. */
export function in64(p: i32, byte: i32): u64 {
  return (<u64>places(p, byte)) | ((<u64>places(p + 32, byte)) << 32);
}

/** A bit for each of the 64 bytes from `p` on that is either of two. */
export function eitherIn64(p: i32, byte: i32, other: i32): u64 {
  const first = i8x16.splat(<i8>byte),
    second = i8x16.splat(<i8>other);
  return (
    either(p, first, second) |
    (either(p + 16, first, second) << 16) |
    (either(p + 32, first, second) << 32) |
    (either(p + 48, first, second) << 48)
  );
}

function either(p: i32, first: v128, second: v128): u64 {
  const bytes = v128.load(p);
  return <u64>i8x16.bitmask(v128.or(i8x16.eq(bytes, first), i8x16.eq(bytes, second)));
}

/** The first place of a byte in `[p, e)`, or `e`. */
export function find(p: i32, e: i32, byte: i32): i32 {
  for (; p < e; p += 32) {
    const found = places(p, byte);
    if (found !== 0) return min(p + ctz(found), e);
  }
  return e;
}

/** The first line feed in `[p, e)`, or `e`. */
export function lineEnd(p: i32, e: i32): i32 {
  const pattern = i8x16.splat(10);
  for (; p < e; p += 64) {
    const a = i8x16.eq(v128.load(p), pattern),
      b = i8x16.eq(v128.load(p, 16), pattern),
      c = i8x16.eq(v128.load(p, 32), pattern),
      d = i8x16.eq(v128.load(p, 48), pattern);
    if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) continue;
    const found =
      (<u64>i8x16.bitmask(a)) |
      ((<u64>i8x16.bitmask(b)) << 16) |
      ((<u64>i8x16.bitmask(c)) << 32) |
      ((<u64>i8x16.bitmask(d)) << 48);
    return min(p + <i32>ctz(found), e);
  }
  return e;
}

/** The end of the digits, dots and slashes at `p`, of which there are fewer than 32. */
export function valueEnd(p: i32): i32 {
  const lowest = i8x16.splat(46),
    count = i8x16.splat(12);
  const valid =
    i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(p), lowest), count)) |
    (i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(p, 16), lowest), count)) << 16);
  return p + ctz(~valid);
}

/** Whether `[1]: ` may stand in `[p, e)`, as where another line begins in this one. */
export function maybeAnother(p: i32, e: i32): bool {
  for (; p < e; p += 32) {
    for (let found = places(p, 93); found !== 0; found &= found - 1) {
      const q = p + <i32>ctz(found);
      if (q + 2 >= e) return false;
      if ((fourAt(q) & 0xffffff) === 0x203a5d && isDigit(byteAt(q - 1))) {
        let digit = q - 1;
        while (isDigit(byteAt(digit))) digit--;
        if (byteAt(digit) === 91) return true;
      }
    }
  }
  return false;
}

/** Where the text of a line ends whose line feed is at `e`: spaces and carriage returns behind it mean nothing. */
export function textEnd(s: i32, e: i32): i32 {
  while (e > s && (byteAt(e - 1) === 13 || byteAt(e - 1) === 32)) e--;
  return e;
}

/** Whether the same `n` bytes stand at both places. */
export function same(a: i32, b: i32, n: i32): bool {
  for (; n > 32; n -= 32) {
    if (differences(a, b) !== 0) return false;
    a += 32;
    b += 32;
  }
  return ((<u64>differences(a, b)) & (((<u64>1) << n) - 1)) === 0;
}

/** A bit for each of 32 bytes in which two places differ. */
function differences(a: i32, b: i32): u32 {
  return ~(
    i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b))) |
    (i8x16.bitmask(i8x16.eq(v128.load(a, 16), v128.load(b, 16))) << 16)
  );
}

const zeros: u64 = 0x3030303030303030;

/** How many digits stand at the beginning of the 8 bytes at `p`. */
export function digitsAt(p: i32): i32 {
  return (<i32>ctz(noDigits(load<u64>(p) ^ zeros))) >> 3;
}

/** The number of the `n` digits from `p` on; 8 at most, of which 0 gives 0. */
export function numberAt(p: i32, n: i32): i32 {
  const absent = (<u64>(8 - n)) << 3;
  return n === 0 ? 0 : decimal((load<u64>(p) ^ zeros) << absent);
}

/** How many digits stand at the end of the 8 bytes before `p`. */
export function digitsBefore(p: i32): i32 {
  return (<i32>clz(noDigits(load<u64>(p - 8) ^ zeros))) >> 3;
}

/** The number of the `n` digits before `p`; 8 at most, of which 0 gives 0. */
export function numberBefore(p: i32, n: i32): i32 {
  const absent = (<u64>(8 - n)) << 3;
  return n === 0 ? 0 : decimal(((load<u64>(p - 8) ^ zeros) >> absent) << absent);
}

/** The highest bit of each byte that is over 9. */
function noDigits(values: u64): u64 {
  return (((values & 0x7f7f7f7f7f7f7f7f) + 0x7676767676767676) | values) & 0x8080808080808080;
}

/**
 * The number of eight digits, the first in the lowest byte; pairs of digits, then of pairs, are brought together by one
 * multiplication each.
 */
function decimal(values: u64): i32 {
  const pairs = values * 10 + (values >> 8);
  return <i32>(((pairs & 0xff000000ff) * 0xf424000000064 + ((pairs >> 16) & 0xff000000ff) * 0x271000000001) >> 32);
}

/** The same number as `hashOf` of `core/text/ascii` gives. */
export function hashOf(s: i32, e: i32): i32 {
  return hashOn(e - s, s, e);
}

/** Goes on from a hash with the bytes `[i, e)`, and ends it. */
function hashOn(hash: i32, i: i32, e: i32): i32 {
  for (; i + 4 <= e; i += 4) {
    hash = (hash ^ load<i32>(i)) * 0x9e3779b1;
    hash ^= hash >>> 15;
  }
  for (; i < e; i++) hash = (hash ^ byteAt(i)) * 0x01000193;
  hash = (hash ^ (hash >>> 13)) * 0x85ebca6b;
  hash ^= hash >>> 16;
  return hash !== 0 ? hash : 1;
}

/** The same number as words are hashed by in `core/text/words`. */
export function foldedHash(s: i32, e: i32): i32 {
  let hash = e - s,
    i = s;
  for (; i + 4 <= e; i += 4) hash = ((hash ^ (load<i32>(i) | 0x20202020)) + (hash >>> 15)) * 0x2c1b3c6d;
  for (; i < e; i++) hash = (hash ^ (byteAt(i) | 32)) * 0x01000193;
  hash = (hash ^ (hash >>> 15)) * 0x85ebca6b;
  return hash ^ (hash >>> 13);
}

/** The same number as `wideHashOf` of `core/text/ascii` gives. */
export function wideHashOf(s: i32, e: i32): i32 {
  let lanes = i32x4.splat(e - s),
    i = s;
  const factors = i32x4(0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f);
  for (; i + 16 <= e; i += 16) {
    lanes = i32x4.mul(v128.xor(lanes, v128.load(i)), factors);
    lanes = v128.xor(lanes, i32x4.shr_u(lanes, 15));
  }
  const hash =
    i32x4.extract_lane(lanes, 0) ^
    (i32x4.extract_lane(lanes, 1) * 0x85ebca6b) ^
    (i32x4.extract_lane(lanes, 2) * 0xc2b2ae35) ^
    (i32x4.extract_lane(lanes, 3) * 0x27d4eb2f);
  return hashOn(hash, i, e);
}
