// The line of a delivery that was accepted, as `core/formats/postfix/delivery` reads it.
import { byteAt, find, fourAt, maybeAnother, valueEnd, wideHashOf } from './memory';
import { relay } from './postfixnames';
import { At, record } from './postfixrecord';

const relayWord: i64 = 0x3d79616c6572202c,
  status: i64 = 0x733d737574617473,
  // "s=sent (", from the end of the field's name on.
  sent_: i64 = 0x2820746e65733d73,
  stat: i32 = 0x74617473,
  dela: i32 = 0x616c6564,
  dsn_: i32 = 0x3d6e7364,
  conn_use: i64 = 0x6573755f6e6e6f63;

/**
 * A delivery that was accepted: `to=<a@b>, [orig_to=<c@d>, ]relay=HOST[IP]:PORT, …, status=sent (response)`; anything
 * else is left to the parser.
 */
export function delivery(p: i32, e: i32): bool {
  p = addressEnd(p + 3, e);
  if (p < 0) return false;
  if (byteAt(p) === 44 && byteAt(p + 2) === 111) {
    p = addressEnd(p + 10, e);
    if (p < 0) return false;
  }
  if (load<i64>(p) !== relayWord) return false;
  const host = p + 8,
    hostEnd = find(host, e, 44);
  p = fields(hostEnd, e);
  if (
    host >= hostEnd ||
    p === 0 ||
    p + 14 > e ||
    load<i64>(p) !== status ||
    load<i64>(p + 5) !== sent_ ||
    byteAt(e - 1) !== 41 ||
    maybeAnother(p, e)
  )
    return false;
  relay(host, hostEnd);
  store<i32>(record, wideHashOf(p + 7, e), At.d);
  store<i32>(record, e - p, At.e);
  store<i32>(record, delays, At.f);
  store<i32>(record, wideHashOf(hostEnd, p), At.g);
  return true;
}

/** Where the parts of `delays=` begin. */
let delays: i32 = 0;

/**
 * Fields begin behind ", ": conn_use=, delay=, delays=, dsn=, status=; tls= is left to the parser. Gives where the last
 * one begins, or 0.
 */
function fields(p: i32, e: i32): i32 {
  delays = 0;
  while (p < e && (fourAt(p) & 0xffff) === 0x202c) {
    p += 2;
    const letters = fourAt(p);
    if (letters === stat) return delays === 0 ? 0 : p;
    const value = valueStart(p, letters);
    p = value === 0 ? 0 : valueEnd(value);
    if (p === 0 || p === value + 32) return 0;
  }
  return 0;
}

/** Where the value of a field with numbers begins; 0 for other fields. Keeps that of `delays=`. */
function valueStart(p: i32, letters: i32): i32 {
  if (letters === dela) {
    const next = fourAt(p + 4) & 0xffffff;
    if ((next & 0xffff) === 0x3d79) return p + 6;
    return next === 0x3d7379 ? (delays = p + 7) : 0;
  }
  if (letters === dsn_) return p + 4;
  return load<i64>(p) === conn_use && byteAt(p + 8) === 61 ? p + 9 : 0;
}

/** The position behind an address in angle brackets without quotes, or -1. */
function addressEnd(p: i32, e: i32): i32 {
  return byteAt(p) === 60 && byteAt(p + 1) !== 34 ? find(p, e, 62) + 1 : -1;
}
