// Names of hosts and connectors of a protocol log, for which TypeScript knows a number: it tells them, by the place
// that a record has given.
import { byteAt, same } from './memory';
import { putText } from './texts';

/** Each holds a length (0: free) and the text. Places for hosts come first, as many as a power of two, then those for connectors. */
const names: i32 = 0x110000,
  nameWidth: i32 = 96,
  hostBits: i32 = 12,
  connectorBits: i32 = 8;
const hostPlaces: i32 = 1 << hostBits,
  connectorPlaces: i32 = 1 << connectorBits;

/** In place of a name's place: there is none. */
export const noName: i32 = i32.MIN_VALUE;

export function forgetNames(): void {
  for (let at = names; at < names + (hostPlaces + connectorPlaces) * nameWidth; at += nameWidth) store<i32>(at, 0);
}

/** The place of the host that is the next word in `[p, e)` where it is known, else what `~` makes of the place where it can be told. */
export function hostPlace(p: i32, e: i32): i32 {
  readHost(p, e);
  return hostStart === hostEnd ? noName : known(<i32>(hash(hostStart, hostEnd) >> (64 - hostBits)), hostStart, hostEnd);
}

/** The same for the connector `[s, e)`. */
export function connectorPlace(s: i32, e: i32): i32 {
  return s === e ? noName : known(hostPlaces + <i32>(hash(s, e) >> (64 - connectorBits)), s, e);
}

/** Remembers the host that is the next word in `[p, e)` at its place; false where it is too long. */
export function smtpHost(place: i32, p: i32, e: i32): bool {
  readHost(p, e);
  return smtpConnector(place, hostStart, hostEnd);
}

/** Remembers the connector `[s, e)` at its place; false where it is too long. */
export function smtpConnector(place: i32, s: i32, e: i32): bool {
  if (e - s > nameWidth - 8) return false;
  putText(names + place * nameWidth, s, e);
  return true;
}

function known(place: i32, s: i32, e: i32): i32 {
  const at = names + place * nameWidth;
  return load<i32>(at) === e - s && same(s, at + 8, e - s) ? place : ~place;
}

let hostStart: i32 = 0;
let hostEnd: i32 = 0;

/** The first word of EHLO ends at a space, a comma or a quote. */
function readHost(p: i32, e: i32): void {
  while (p < e && byteAt(p) === 32) p++;
  hostStart = p;
  const space = i8x16.splat(32),
    comma = i8x16.splat(44),
    quote = i8x16.splat(34);
  for (; p < e; p += 16) {
    const bytes = v128.load(p),
      found = i8x16.bitmask(v128.or(v128.or(i8x16.eq(bytes, space), i8x16.eq(bytes, comma)), i8x16.eq(bytes, quote)));
    if (found !== 0) {
      p += ctz(found);
      break;
    }
  }
  hostEnd = min(p, e);
  if (hostEnd < hostStart) hostEnd = hostStart;
}

function hash(s: i32, e: i32): u64 {
  const n = e - s;
  let mixed =
    n < 8 ? load<u64>(s) & (((<u64>1) << ((<u64>n) << 3)) - 1) : load<u64>(s) ^ rotl<u64>(load<u64>(e - 8), 23);
  if (n >= 16) mixed ^= rotl<u64>(load<u64>(e - 16) * 0xff51afd7ed558ccd, 41);
  mixed = (mixed + <u64>n) * 0x9e3779b97f4a7c15;
  return (mixed ^ (mixed >> 29)) * 0xff51afd7ed558ccd;
}
