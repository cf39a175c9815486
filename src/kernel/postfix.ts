// The common lines of a Postfix log: what they say is written down as records of whole numbers, in their order. Lines
// that say nothing have none. What is unusual in any way is left to the parser in TypeScript, as a record with nothing
// but its place. Both must read the same, byte for byte.
import { passed } from './block';
import {
  byteAt,
  digitsBefore,
  find,
  fourAt,
  isDigit,
  lineEnd,
  numberBefore,
  hashOf,
  textEnd,
  wideHashOf,
} from './memory';
import { peer, protocolAt, queueId, relay } from './postfixnames';
import { At, nextRecord, record, startRecords } from './postfixrecord';
import { Seen, kind, origin, pid, prefix, queueIdEnd, seconds, text } from './syslog';

/** What a record is about; the same numbers as in `core/formats/postfix/quick`. */
const enum Kind {
  unread,
  connect,
  disconnect,
  handshake,
  client,
  active,
  removed,
  relayHandshake,
  delivery,
  local,
}

/** The programs whose lines are read here; the same numbers as `Daemon`. */
const enum Daemon {
  other,
  smtpd,
  queueManager,
  smtp,
  local,
  cleanup = 8,
}

/** How a session ended; the same numbers as `SessionEnd`. */
const enum End {
  uncounted = 1,
  plain,
  startTls,
  failedStartTls,
}

const records: i32 = 0x40000,
  mostRecords: i32 = 2048;
export function postfixRecords(): i32 {
  return records;
}

/**
 * Reads the lines of `[from, to)`, which ends with a line end, as far as there is room for records, or up to and with a
 * line from which the parser may learn something for those behind it. Gives the number of records; `next` and `lines`
 * say how far it came.
 */
export function postfix(from: i32, to: i32): i32 {
  let start = from,
    count = 0;
  startRecords(records);
  const last = records + (mostRecords - 1) * At.width;
  while (start < to) {
    const newline = lineEnd(start, to);
    if (newline >= to || record > last) break;
    const end = textEnd(start, newline);
    let news = false,
      about = Kind.unread;
    if (prefix(start, end) === Seen.news) news = true;
    else {
      const read = message(text, end);
      news = read === unknown;
      about = read === unknown ? Kind.unread : <Kind>read;
    }
    if (about !== nothing) {
      store<i32>(record, about, At.kind);
      store<i32>(record, count, At.line);
      store<i32>(record, start, At.start);
      store<i32>(record, about === Kind.unread ? newline : end, At.end);
      store<i32>(record, seconds, At.seconds);
      store<i32>(record, pid, At.pid);
      store<i32>(record, origin, At.origin);
      nextRecord();
    }
    count++;
    start = newline + 1;
    if (news) break;
  }
  passed(start, count);
  return (record - records) / At.width;
}

/** Stand in place of a kind: the line says nothing; it has something that TypeScript can learn. */
const nothing: i32 = -1,
  unknown: i32 = -2;

function message(p: i32, e: i32): i32 {
  switch (kind) {
    case Daemon.smtpd:
      return server(p, e);
    case Daemon.queueManager:
      return queueManager(p, e);
    case Daemon.smtp:
      return client(p, e);
    case Daemon.local:
      return local(p, e);
    case Daemon.cleanup:
      return cleanup(p, e);
    case Daemon.other:
      return nothing;
    default:
      return Kind.unread;
  }
}

const conn: i32 = 0x6e6e6f63,
  disc: i32 = 0x63736964,
  ect_: i32 = 0x20746365,
  from: i32 = 0x6d6f7266,
  NOQU: i32 = 0x55514f4e,
  EUE_colon: i32 = 0x3a455545,
  prox: i32 = 0x786f7270,
  clie: i32 = 0x65696c63,
  nt_equals: i32 = 0x3d746e;

function server(p: i32, e: i32): i32 {
  const read = session(p, e);
  return read === nothing ? accepted(p, e) : read;
}

/** A line of a session; `nothing` where it is none. */
function session(p: i32, e: i32): i32 {
  switch (byteAt(p)) {
    case 99:
      return fourAt(p) === conn && fourAt(p + 4) === ect_ && fourAt(p + 8) === from ? Kind.connect : nothing;
    case 100:
      return disconnect(p, e);
    case 78:
      return refusal(p);
    case 112:
      return fourAt(p) === prox ? Kind.unread : nothing;
    case 65:
    case 84:
    case 85:
    case 86:
      return handshake(p, e, true);
    default:
      return nothing;
  }
}

function disconnect(p: i32, e: i32): i32 {
  if (fourAt(p) !== disc || fourAt(p + 7) !== ect_ || fourAt(p + 11) !== from) return nothing;
  store<i32>(record, counters(p + 16, e), At.a);
  return Kind.disconnect;
}

/** `NOQUEUE: reject` says nothing; other lines of a client that got no queue id are for the parser. */
function refusal(p: i32): i32 {
  if (fourAt(p) !== NOQU) return nothing;
  return fourAt(p + 4) === EUE_colon && byteAt(p + 8) === 32 && byteAt(p + 9) === 114 ? nothing : Kind.unread;
}

/** A client whose message got a queue id. */
function accepted(p: i32, e: i32): i32 {
  const q = queueIdEnd(p, e);
  if (q < 0 || fourAt(q + 2) !== clie || (fourAt(q + 6) & 0xffffff) !== nt_equals) return nothing;
  if (!peer(q + 9, peerEnd(q + 9, e))) return Kind.unread;
  queueId(p, q);
  return Kind.client;
}

/** What the counters behind the client say of STARTTLS. */
function counters(p: i32, e: i32): End {
  p = find(p, e, 32);
  if (p >= e) return End.uncounted;
  for (; p < e; p = find(p + 1, e, 32)) {
    // " starttls=" is written behind a space; "0" and a slash tell of failure.
    if (fourAt(p) === 0x61747320 && fourAt(p + 4) === 0x6c747472 && (fourAt(p + 8) & 0xffff) === 0x3d73)
      return byteAt(p + 10) === 48 ? End.failedStartTls : End.startTls;
  }
  return End.plain;
}

const TLS_: i32 = 0x20534c54,
  to_: i32 = 0x206f74;

/** Behind `[Trusted ]TLS connection established ` or `… reused `; 0 where the line is no other. */
function peerOfHandshake(p: i32, e: i32): i32 {
  const c = byteAt(p);
  if (!(c === 84 && byteAt(p + 1) === 76)) p += c === 84 ? 8 : c === 86 ? 9 : 10;
  if (p + 15 >= e || fourAt(p) !== TLS_ || byteAt(p + 4) !== 99 || byteAt(p + 14) !== 32) return 0;
  p += 15;
  return p + (byteAt(p) === 101 ? 12 : 7);
}

/** Behind the next colon with a space, or the end of the line. */
function behindColon(p: i32, e: i32): i32 {
  for (; p + 1 < e && !(byteAt(p) === 58 && byteAt(p + 1) === 32); p++);
  return p + 2;
}

/** The line of a handshake; `nothing` where it is none. */
function handshake(p: i32, e: i32, inbound: bool): i32 {
  p = peerOfHandshake(p, e);
  if (p === 0 || p >= e || (inbound ? fourAt(p) !== from : (fourAt(p) & 0xffffff) !== to_)) return nothing;
  p += inbound ? 5 : 3;
  if (p >= e) return Kind.unread;
  const host = p;
  p = inbound ? peerEnd(p, e) : relayEnd(p, e);
  const hostEnd = p;
  const way = protocolAt(behindColon(p, e), e);
  if (way < 0) return unknown;
  if (host >= hostEnd) return Kind.unread;
  if (inbound) {
    store<i32>(record, way, At.a);
    store<i32>(record, hashOf(host, hostEnd), At.b);
    return Kind.handshake;
  }
  store<i32>(record, way, At.d);
  relay(host, hostEnd);
  return Kind.relayHandshake;
}

/** The end of `HOST[IP]`. */
function peerEnd(p: i32, e: i32): i32 {
  const close = find(p, e, 93);
  return close < e ? close + 1 : find(p, e, 32);
}

/** The end of `HOST[IP]:PORT`. */
function relayEnd(p: i32, e: i32): i32 {
  p = peerEnd(p, e);
  if (byteAt(p) === 58 && byteAt(p + 1) !== 32) for (p++; p < e && isDigit(byteAt(p)); p++);
  return p;
}

const remo: i32 = 0x6f6d6572,
  queue: i64 = 0x2065756575712820,
  acti: i32 = 0x69746361,
  recipientCount: i64 = 0x3d747063726e202c,
  size: i32 = 0x3d657a69;

function queueManager(p: i32, e: i32): i32 {
  const q = queueIdEnd(p, e);
  if (q < 0) return nothing;
  const letters = fourAt(q + 2);
  const about = letters === remo && e - q === 9 ? Kind.removed : letters === from ? active(q, e) : nothing;
  if (about > Kind.unread) queueId(p, q);
  return about;
}

/** `from=<sender>, size=N, nrcpt=N (queue active)`, read from its end, since the sender is a stranger's text. */
function active(q: i32, e: i32): i32 {
  let r = e - 15;
  if (r <= q || load<i64>(r) !== queue || fourAt(r + 8) !== acti) return nothing;
  let digits = digitsBefore(r);
  const count = numberBefore(r, digits);
  r -= digits;
  if (digits === 0 || digits === 8 || load<i64>(r - 8) !== recipientCount) return Kind.unread;
  r -= 8;
  digits = digitsBefore(r);
  const bytes = numberBefore(r, digits);
  r -= digits;
  if (
    digits === 0 ||
    digits === 8 ||
    fourAt(r - 4) !== size ||
    byteAt(r - 5) !== 115 ||
    byteAt(r - 6) !== 32 ||
    byteAt(r - 7) !== 44
  )
    return Kind.unread;
  store<i32>(record, count, At.a);
  store<i32>(record, bytes, At.b);
  return Kind.active;
}

const SSL_: i32 = 0x5f4c5353,
  to_equals: i32 = 0x3d6f74;

function client(p: i32, e: i32): i32 {
  const c = byteAt(p);
  if (c === 84 || c === 85 || c === 86 || c === 65) {
    const read = handshake(p, e, false);
    if (read !== nothing) return read;
  } else if (fourAt(p) === SSL_) return Kind.unread;
  const q = queueIdEnd(p, e);
  if (q < 0 || (fourAt(q + 2) & 0xffffff) !== to_equals) return nothing;
  // The parser's own mark at the end of a line that is read again.
  if (byteAt(e - 1) === 0x1e || !delivery(q + 2, e)) return Kind.unread;
  queueId(p, q);
  return Kind.delivery;
}

/** Most lines name the message's id. `discard:` and `milter-discard:` are read elsewhere. */
function cleanup(p: i32, e: i32): i32 {
  const q = queueIdEnd(p, e);
  if (q < 0) return nothing;
  const c = byteAt(q + 2);
  return c === 100 || (c === 109 && byteAt(q + 3) === 105) ? Kind.unread : nothing;
}

function local(p: i32, e: i32): i32 {
  const q = queueIdEnd(p, e);
  if (q < 0 || (fourAt(q + 2) & 0xffffff) !== to_equals) return nothing;
  return delivery(q + 2, e) ? Kind.local : Kind.unread;
}

const relayWord: i64 = 0x3d79616c6572202c,
  status: i64 = 0x733d737574617473;

/**
 * A delivery that was accepted: `to=<a@b>, [orig_to=<c@d>, ]relay=HOST[IP]:PORT, …, status=sent (response)`; anything
 * else is left to the parser.
 */
function delivery(p: i32, e: i32): bool {
  p = addressEnd(p + 3, e);
  if (p < 0) return false;
  if (byteAt(p) === 44 && byteAt(p + 2) === 111) {
    p = addressEnd(p + 10, e);
    if (p < 0) return false;
  }
  if (load<i64>(p) !== relayWord) return false;
  const host = p + 8,
    hostEnd = find(host, e, 44);
  let delays = 0;
  // Fields are found by their first letters and begin behind ", ": c(onn_use), de(lay), de(lays), t(ls), ds(n), s(tatus).
  for (p = hostEnd + 2; p < e; p += 2) {
    const c = byteAt(p);
    if (c === 115) break;
    if (c === 116) return false;
    if (c === 100) {
      // The shortest delays= is 0/0/0/0.
      if (byteAt(p + 5) === 115) {
        delays = p + 7;
        p += 14;
      } else p += 6;
    }
    p = find(p, e, 44);
  }
  if (host >= hostEnd || p + 11 > e || load<i64>(p) !== status || byteAt(p + 8) !== 101) return false;
  relay(host, hostEnd);
  store<i32>(record, wideHashOf(p + 7, e), At.d);
  store<i32>(record, e - p, At.e);
  store<i32>(record, delays, At.f);
  store<i32>(record, wideHashOf(hostEnd, p), At.g);
  return true;
}

/** The position behind an address in angle brackets without quotes, or -1. */
function addressEnd(p: i32, e: i32): i32 {
  return byteAt(p) === 60 && byteAt(p + 1) !== 34 ? find(p, e, 62) + 1 : -1;
}
