// The names in lines of Postfix logs: clients, relays, queue ids and ways of encryption. Some are known by tables that TypeScript fills.
import { byteAt, find, foldedHash, fourAt, same, hashOf } from './memory';
import { At, record } from './postfixrecord';
import { forgetSyslog } from './syslog';
import { appendText, putText } from './texts';

/**
 * Ways of writing version, cipher and key exchange of a handshake, which TypeScript fills: a length and the text. The
 * first length 0 ends them.
 */
const protocols: i32 = 0x14400,
  mostProtocols: i32 = 32,
  protocolWidth: i32 = 144;
/** Relays that are known, which TypeScript fills: a length (0: free) and the text. */
const relays: i32 = 0x16000,
  relayPlaces: i32 = 1024,
  relayWidth: i32 = 96;

/** Nothing is known any more: another parser reads. */
export function postfixForget(): void {
  store<i32>(protocols, 0);
  for (let at = relays; at < relays + relayPlaces * relayWidth; at += relayWidth) store<i32>(at, 0);
  forgetSyslog();
}

/**
 * Remembers how version, cipher and key exchange of a handshake are written, `[s, e)`. Gives its number, or -1 where
 * there are too many or it is too long.
 */
export function postfixProtocol(s: i32, e: i32): i32 {
  return appendText(protocols, mostProtocols, protocolWidth, s, e);
}

/** Remembers the relay `[s, e)` at the place that a record gave; false where it is too long. */
export function postfixRelay(place: i32, s: i32, e: i32): bool {
  if (e - s > relayWidth - 16) return false;
  putText(relays + place * relayWidth, s, e);
  return true;
}

/** The number of the way in which version, cipher and key exchange are written at `s`, or -1. */
export function protocolAt(s: i32, e: i32): i32 {
  for (let i = 0, at = protocols; i < mostProtocols; i++, at += protocolWidth) {
    const length = load<i32>(at);
    if (length === 0) break;
    const end = s + length;
    // As in `core/formats/postfix/handshake`: another way may begin with the same words.
    if (
      end <= e &&
      same(s, at + 16, length) &&
      (end === e || (byteAt(end) === 32 && byteAt(end + 1) !== 40 && byteAt(end + 1) !== 107))
    )
      return i;
  }
  return -1;
}

/** Writes down a relay: where it stands, its place among those that are known, and whether it is. */
export function relay(s: i32, e: i32): void {
  const place = <i32>(((load<u64>(s) ^ load<u64>(e - 8)) * 0x9e3779b97f4a7c15) >> 54),
    at = relays + place * relayWidth;
  store<i32>(record, s, At.a);
  store<i32>(record, e, At.b);
  store<i32>(record, load<i32>(at) === e - s && same(s, at + 8, e - s) ? place : ~place, At.c);
}

const unkn: i32 = 0x6e6b6e75,
  own: i32 = 0x6e776f6e;

/**
 * Writes down a client `HOST[IP]`: a number for all of it, its name or else its address with a hash, and its address.
 * False where it may be this host itself.
 */
export function peer(s: i32, e: i32): bool {
  const open = find(s, e, 91);
  if (open >= e) return false;
  const close = find(open + 1, e, 93),
    address = open + 1,
    c = byteAt(address);
  // An address of 127.0.0.0/8 or with colons: the parser knows more of them.
  if (close >= e || c === 58 || c === 73 || (fourAt(address) & 0xffffff) === 0x373231) return false;
  const nameEnd = open > s && byteAt(open - 1) === 46 ? open - 1 : open;
  const named = nameEnd > s && !(nameEnd - s === 7 && fourAt(s) === unkn && fourAt(s + 3) === own);
  const from = named ? s : address,
    to = named ? nameEnd : close;
  if (from >= to) return false;
  store<i32>(record, hashOf(s, e), At.a);
  store<i32>(record, from, At.b);
  store<i32>(record, to, At.c);
  store<i32>(record, foldedHash(from, to), At.d);
  store<i32>(record, address, At.e);
  store<i32>(record, close, At.f);
  return true;
}

/** Writes down a queue id as `core/formats/postfix/queueid` reads it. */
export function queueId(s: i32, e: i32): void {
  const n = e - s,
    last = load<i32>(e - 4),
    id = record + At.id;
  const a = load<i32>(s),
    b = n > 8 ? load<i32>(s + 4) : last,
    c = n > 12 ? load<i32>(s + 8) : n > 8 ? last : 0,
    d = n > 16 ? load<i32>(s + 12) : n > 12 ? last : 0;
  let rest = n > 16 ? last : 0;
  for (let i = s + 16; i < e - 4; i++) rest = (rest ^ byteAt(i)) * 0x01000193;
  let hash = (a * 0x9e3779b1) ^ (b * 0x85ebca6b) ^ (c * 0xc2b2ae35) ^ (d * 0x27d4eb2f) ^ rest ^ n;
  hash = (hash ^ (hash >>> 15)) * 0x2c1b3c6d;
  hash ^= hash >>> 13;
  let second = (a ^ (a >>> 16)) * 0x7feb352d + (b ^ (b >>> 15)) * 0x846ca68b;
  second = (second ^ (second >>> 13)) * 0x2c1b3c6d + (c ^ (c >>> 14)) * 0x297a2d39 + d * 0x1b873593 + rest;
  store<i32>(id, hash !== 0 ? hash : 1);
  store<i32>(id, a, 4);
  store<i32>(id, b, 8);
  store<i32>(id, c, 12);
  store<i32>(id, d, 16);
  store<i32>(id, rest, 20);
  store<i32>(id, second ^ (second >>> 15), 24);
}
