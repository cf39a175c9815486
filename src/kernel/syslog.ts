// What stands before the text of a syslog line, where it is as usual: the minute of the line before, and a host and program that are known.
import { byteAt, digitsAt, find, isDigit, numberAt, same } from './memory';

/** Tables that TypeScript fills: the stamp up to its minute, what follows on its seconds, and origins `host program[`. */
const stamp: i32 = 0x10000;
/** `fraction`: whether the seconds may have one. */
const enum Stamp {
  length = 0,
  zoneLength = 4,
  fraction = 8,
  text = 16,
  zone = 64,
}
const origins: i32 = 0x10100;
/** Places for origins; a power of two. Each holds a length (0: free), the kind of program, an id, and the text. */
const originPlaces: i32 = 128,
  originTries: i32 = 4;
const enum OriginAt {
  length = 0,
  kind = 4,
  id = 8,
  text = 16,
  width = 128,
}

/** Nothing is known any more: another log or another parser. */
export function forgetSyslog(): void {
  store<i32>(stamp, 0);
  for (let at = origins; at < origins + originPlaces * OriginAt.width; at += OriginAt.width) store<i32>(at, 0);
}

/** The minute is another one, or another file's. */
export function forgetStamp(): void {
  store<i32>(stamp, 0);
}

/** Remembers a stamp up to its minute, `[s, s + length)`, and what follows on its seconds, `[zone, zone + zoneLength)`. */
export function learnStamp(s: i32, length: i32, zone: i32, zoneLength: i32, fraction: bool): void {
  if (length > 48 || zoneLength > 32) return;
  store<i32>(stamp, length, Stamp.length);
  store<i32>(stamp, zoneLength, Stamp.zoneLength);
  store<i32>(stamp, fraction ? 1 : 0, Stamp.fraction);
  memory.copy(stamp + Stamp.text, s, length);
  memory.copy(stamp + Stamp.zone, zone, zoneLength);
}

/** Remembers an origin, `host program[` in `[s, e)`; false where it is known or there is no room for it. */
export function learnOrigin(s: i32, e: i32, kind: i32, id: i32): bool {
  if (e - s < 8 || e - s > OriginAt.width - OriginAt.text) return false;
  let place = placeOf(s, e);
  for (let tries = 0; load<i32>(place) !== 0; place = placeBehind(place)) {
    if ((load<i32>(place) === e - s && same(s, place + OriginAt.text, e - s)) || ++tries === originTries) return false;
  }
  store<i32>(place, kind, OriginAt.kind);
  store<i32>(place, id, OriginAt.id);
  memory.copy(place + OriginAt.text, s, e - s);
  store<i32>(place, e - s, OriginAt.length);
  return true;
}

/** What was read: seconds of the minute, kind and id of the origin, process, start of the text. */
export let seconds: i32 = 0;
export let kind: i32 = 0;
export let origin: i32 = 0;
export let pid: i32 = 0;
export let text: i32 = 0;

export const enum Seen {
  /** All was read. */
  known,
  /** The minute or the origin is another one; it can be learned from this line. */
  news,
}

/** Reads what stands before the text of the line `[p, e)`. */
export function prefix(p: i32, e: i32): Seen {
  p = readTime(p, e);
  if (p === 0) return Seen.news;
  const end = find(p, min(e, p + 110), 91) + 1;
  if (!readOrigin(p, end)) return Seen.news;
  const digits = digitsAt(end),
    q = end + digits;
  // "]: " and something else than a space.
  if (digits === 0 || digits === 8 || (load<i32>(q) & 0xffffff) !== 0x203a5d || byteAt(q + 3) === 32 || q + 3 >= e)
    return Seen.news;
  pid = numberAt(end, digits);
  text = q + 3;
  return Seen.known;
}

/** The position behind the time; 0 where it is not of the minute that is known. */
function readTime(p: i32, e: i32): i32 {
  const length = load<i32>(stamp, Stamp.length);
  if (length === 0 || e - p < length + 8 || !same(p, stamp + Stamp.text, length)) return 0;
  p += length;
  const tens = byteAt(p) - 48,
    ones = byteAt(p + 1) - 48;
  if (<u32>tens > 5 || <u32>ones > 9) return 0;
  seconds = tens * 10 + ones;
  p += 2;
  const zoneLength = load<i32>(stamp, Stamp.zoneLength);
  if (load<i32>(stamp, Stamp.fraction) !== 0) {
    const c = byteAt(p);
    if (c === 46 || c === 44) for (p++; isDigit(byteAt(p)); p++);
  }
  return same(p, stamp + Stamp.zone, zoneLength) ? p + zoneLength : 0;
}

/** Reads the origin `[p, end)`; false where it is not known. */
function readOrigin(p: i32, end: i32): bool {
  const size = end - p;
  let place = placeOf(p, end);
  for (
    let tries = 0;
    load<i32>(place, OriginAt.length) !== size || !same(p, place + OriginAt.text, size);
    place = placeBehind(place)
  ) {
    if (load<i32>(place) === 0 || ++tries === originTries) return false;
  }
  kind = load<i32>(place, OriginAt.kind);
  origin = load<i32>(place, OriginAt.id);
  return true;
}

/** The first place of the origin `[s, e)`, of 8 bytes or more; it stands there or in one of the next. */
function placeOf(s: i32, e: i32): i32 {
  const mixed = (load<u64>(e - 8) ^ (<u64>(e - s))) * 0x9e3779b97f4a7c15;
  return origins + <i32>(mixed >> 57) * OriginAt.width;
}

function placeBehind(place: i32): i32 {
  place += OriginAt.width;
  return place === origins + originPlaces * OriginAt.width ? origins : place;
}

/** A bit for each of the 16 bytes from `p` on that is a letter or a digit. */
function lettersAndDigits(p: i32): i32 {
  const bytes = v128.load(p);
  const letters = i8x16.lt_u(i8x16.sub(v128.or(bytes, i8x16.splat(32)), i8x16.splat(97)), i8x16.splat(26)),
    digits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(48)), i8x16.splat(10));
  return i8x16.bitmask(v128.or(letters, digits));
}

/** The colon behind a queue id, short or long, at the beginning of `[p, e)`; or -1. */
export function queueIdEnd(p: i32, e: i32): i32 {
  const others = ~(lettersAndDigits(p) | (lettersAndDigits(p + 16) << 16));
  const q = others !== 0 ? p + <i32>ctz(others) : p + 32;
  return q - p >= 5 && q + 2 < e && byteAt(q) === 58 && byteAt(q + 1) === 32 ? q : -1;
}
