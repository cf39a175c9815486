// Looking at bytes, many at a time. A look may go beyond the end of a line: behind the block there is always memory.

/** The first place of a byte in `[p, e)`, or `e`. */
export function find(p: i32, e: i32, byte: i32): i32 {
  const pattern = i8x16.splat(<i8>byte);
  for (; p < e; p += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(p), pattern));
    if (found !== 0) return min(p + ctz(found), e);
  }
  return e;
}

/** The first place of either byte in `[p, e)`, or `e`. */
export function findEither(p: i32, e: i32, byte: i32, other: i32): i32 {
  const pattern = i8x16.splat(<i8>byte), second = i8x16.splat(<i8>other);
  for (; p < e; p += 16) {
    const bytes = v128.load(p), found = i8x16.bitmask(v128.or(i8x16.eq(bytes, pattern), i8x16.eq(bytes, second)));
    if (found !== 0) return min(p + ctz(found), e);
  }
  return e;
}

/** Whether the same `n` bytes stand at both places. */
export function same(a: i32, b: i32, n: i32): bool {
  let i = 0;
  for (; i + 8 <= n; i += 8) if (load<u64>(a + i) !== load<u64>(b + i)) return false;
  const rest = <u64>(n - i) << 3;
  return rest === 0 || ((load<u64>(a + i) ^ load<u64>(b + i)) & ((<u64>1 << rest) - 1)) === 0;
}

export function byteAt(p: i32): i32 { return <i32>load<u8>(p); }

export function fourAt(p: i32): i32 { return load<i32>(p); }

export function isDigit(c: i32): bool { return <u32>(c - 48) < 10; }

/** The same number as `hashOf` of `core/text/ascii` gives. */
export function hashOf(s: i32, e: i32): i32 {
  let hash = e - s, i = s;
  for (; i + 4 <= e; i += 4) {
    hash = (hash ^ load<i32>(i)) * 0x9e3779b1;
    hash ^= hash >>> 15;
  }
  for (; i < e; i++) hash = (hash ^ byteAt(i)) * 0x01000193;
  hash = (hash ^ (hash >>> 13)) * 0x85ebca6b;
  hash ^= hash >>> 16;
  return hash !== 0 ? hash : 1;
}

/** The same number as `tailHash` of `core/text/ascii` gives. */
export function tailHash(s: i32, e: i32): i32 {
  if (e - s < 12) return hashOf(s, e);
  const hash = ((load<i32>(e - 4) * 0x9e3779b1) ^ (load<i32>(e - 8) * 0x85ebca6b) ^ (load<i32>(e - 12) * 0xc2b2ae35)) + e - s;
  return hash !== 0 ? hash : 1;
}
