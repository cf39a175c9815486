// Texts that TypeScript has taught: each stands in a place of some width, behind its length, which is 0 where the place is free.

/**
 * Puts the text `[s, e)` behind others, 16 bytes behind its length. The first free place ends them. Gives its number,
 * or -1 where there are too many or it is too long.
 */
export function appendText(places: i32, most: i32, width: i32, s: i32, e: i32): i32 {
  if (e - s > width - 16) return -1;
  for (let i = 0, at = places; i < most; i++, at += width) {
    if (load<i32>(at) !== 0) continue;
    memory.copy(at + 16, s, e - s);
    store<i32>(at, e - s);
    if (i + 1 < most) store<i32>(at + width, 0);
    return i;
  }
  return -1;
}

/** Puts the text `[s, e)` at a place, 8 bytes behind its length. The caller has made sure that it fits. */
export function putText(at: i32, s: i32, e: i32): void {
  memory.copy(at + 8, s, e - s);
  store<i32>(at, e - s);
}
