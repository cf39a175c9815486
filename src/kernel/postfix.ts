// The common lines of a Postfix log: what they say is written down as records of whole numbers, in their order. Lines
// that say nothing have none. What is unusual in any way is left to the parser in TypeScript, as a record with nothing
// but its place. Both must read the same, byte for byte.
import { passed } from './block';
import {
  byteAt,
  digitsBefore,
  find,
  fourAt,
  hashOf,
  isDigit,
  lineEnd,
  maybeAnother,
  numberBefore,
  textEnd,
} from './memory';
import { counters } from './postfixcounters';
import { delivery } from './postfixdelivery';
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

/** A known wording that says nothing; where another line may begin in it, it is for the parser. */
function remark(p: i32, e: i32): i32 {
  return maybeAnother(p, e) ? Kind.unread : nothing;
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
      return remark(p, e);
    default:
      return Kind.unread;
  }
}

const conn: i32 = 0x6e6e6f63,
  disc: i32 = 0x63736964,
  onne: i32 = 0x656e6e6f,
  ect_: i32 = 0x20746365,
  from_: i64 = 0x206d6f7266,
  from: i32 = 0x6d6f7266,
  five: i64 = 0xffffffffff,
  NOQUEUE_: i64 = 0x3a45554555514f4e,
  reject_: i64 = 0x203a7463656a6572,
  warning_: i64 = 0x3a676e696e726177,
  lost_con: i64 = 0x6e6f632074736f6c,
  nection_: i64 = 0x206e6f697463656e,
  after_: i64 = 0x207265746661,
  timeout_: i64 = 0x2074756f656d6974,
  six: i64 = 0xffffffffffff,
  clie: i32 = 0x65696c63,
  nt_equals: i32 = 0x3d746e;

/** A line of smtpd; only some known wordings say nothing, and any other is for the parser. */
function server(p: i32, e: i32): i32 {
  const c = byteAt(p);
  if (c === 99 || c === 100) {
    if (isConnect(p)) return wholePeer(p + 13, e) === e ? Kind.connect : Kind.unread;
    if (isDisconnect(p)) return disconnect(p + 16, e);
  } else if (c === 65 || (c >= 84 && c <= 86)) {
    const read = handshake(p, e, true);
    if (read !== nothing) return read;
  } else {
    if (isRefusal(p)) return remark(p, e);
    // A client whose message goes through a filter before the queue.
    if (load<i64>(p) === NOQUEUE_) return Kind.unread;
  }
  return accepted(p, e);
}

/** `connect from ` */
function isConnect(p: i32): bool {
  return fourAt(p) === conn && fourAt(p + 4) === ect_ && (load<i64>(p + 8) & five) === from_;
}

/** `disconnect from ` */
function isDisconnect(p: i32): bool {
  return fourAt(p) === disc && fourAt(p + 4) === onne && fourAt(p + 7) === ect_ && (load<i64>(p + 11) & five) === from_;
}

/** `NOQUEUE: reject: `, `warning: `, `lost connection after ` and `timeout after `. */
function isRefusal(p: i32): bool {
  const eight = load<i64>(p);
  if (eight === NOQUEUE_) return byteAt(p + 8) === 32 && load<i64>(p + 9) === reject_;
  if (eight === warning_) return byteAt(p + 8) === 32;
  if (eight === lost_con) return load<i64>(p + 8) === nection_ && (load<i64>(p + 16) & six) === after_;
  return eight === timeout_ && (load<i64>(p + 8) & six) === after_;
}

function disconnect(p: i32, e: i32): i32 {
  const end = wholePeer(p, e);
  if (end < 0) return Kind.unread;
  const read = counters(end, e);
  if (read < 0) return Kind.unread;
  store<i32>(record, read, At.a);
  return Kind.disconnect;
}

/** A client whose message got a queue id. */
function accepted(p: i32, e: i32): i32 {
  const q = queueIdEnd(p, e);
  if (q < 0 || fourAt(q + 2) !== clie || (fourAt(q + 6) & 0xffffff) !== nt_equals) return Kind.unread;
  const end = wholePeer(q + 9, e);
  if (end < 0 || (end < e && ((fourAt(end) & 0xffff) !== 0x202c || maybeAnother(end, e)))) return Kind.unread;
  if (!peer(q + 9, wholePeerEnd)) return Kind.unread;
  queueId(p, q);
  return Kind.client;
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

/** The line of a handshake; `nothing` where it is none. */
function handshake(p: i32, e: i32, inbound: bool): i32 {
  p = peerOfHandshake(p, e);
  if (p === 0 || p >= e || (inbound ? fourAt(p) !== from : (fourAt(p) & 0xffffff) !== to_)) return nothing;
  p += inbound ? 5 : 3;
  if (p >= e) return Kind.unread;
  const host = p;
  p = inbound ? peerEnd(p, e) : relayEnd(p, e);
  const hostEnd = p;
  // Version and cipher stand behind a colon and a space; a client may have asked for a name before.
  if (p + 2 >= e || (fourAt(p) & 0xffff) !== 0x203a) return unknown;
  const way = protocolAt(p + 2, e);
  if (way < 0) return unknown;
  if (host >= hostEnd || maybeAnother(p + 2, e)) return Kind.unread;
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

/** The end of `HOST[IP]`, with or without a port; -1 where it is none. */
function wholePeer(p: i32, e: i32): i32 {
  const open = find(p, e, 91),
    close = find(open, e, 93);
  if (open === p || close >= e || find(p, close, 32) < close) return -1;
  wholePeerEnd = close + 1;
  return portEnd(close + 1, e);
}

/** The end of the peer that `wholePeer` has found, without a port. */
let wholePeerEnd: i32 = 0;

/** The end of `HOST[IP]:PORT`. */
function relayEnd(p: i32, e: i32): i32 {
  return portEnd(peerEnd(p, e), e);
}

/** Behind `:PORT`, where one stands at `p`. */
function portEnd(p: i32, e: i32): i32 {
  if (byteAt(p) === 58 && byteAt(p + 1) !== 32) for (p++; p < e && isDigit(byteAt(p)); p++);
  return p;
}

const remo: i32 = 0x6f6d6572,
  ved: i32 = 0x646576,
  skipped: i64 = 0x2c64657070696b73,
  queue: i64 = 0x2065756575712820,
  acti: i32 = 0x69746361,
  recipientCount: i64 = 0x3d747063726e202c,
  size: i32 = 0x3d657a69;

function queueManager(p: i32, e: i32): i32 {
  const q = queueIdEnd(p, e);
  if (q < 0) return Kind.unread;
  const letters = fourAt(q + 2);
  let about: i32 = Kind.unread;
  if (letters === remo) {
    if (e - q === 9 && (fourAt(q + 6) & 0xffffff) === ved) about = Kind.removed;
  } else if (letters === from) {
    if ((fourAt(q + 6) & 0xffff) === 0x3c3d && !maybeAnother(q, e)) about = active(q, e);
  } else if (load<i64>(q + 2) === skipped && byteAt(q + 10) === 32) return remark(q, e);
  if (about > Kind.unread) queueId(p, q);
  return about;
}

/** `from=<sender>, size=N, nrcpt=N (queue active)`, read from its end, since the sender is a stranger's text. */
function active(q: i32, e: i32): i32 {
  let r = e - 15;
  if (r <= q || load<i64>(r) !== queue || fourAt(r + 8) !== acti) return Kind.unread;
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
  host: i32 = 0x74736f68,
  to_equals: i32 = 0x3d6f74;

function client(p: i32, e: i32): i32 {
  const c = byteAt(p);
  if (c === 84 || c === 85 || c === 86 || c === 65) {
    const read = handshake(p, e, false);
    if (read !== nothing) return read;
  } else if (fourAt(p) === SSL_) return Kind.unread;
  const q = queueIdEnd(p, e);
  if (q < 0) return Kind.unread;
  if ((fourAt(q + 2) & 0xffffff) !== to_equals)
    return fourAt(q + 2) === host && byteAt(q + 6) === 32 ? remark(q, e) : Kind.unread;
  // The parser's own mark at the end of a line that is read again.
  if (byteAt(e - 1) === 0x1e || !delivery(q + 2, e)) return Kind.unread;
  queueId(p, q);
  return Kind.delivery;
}

const message_: i64 = 0x2d6567617373656d,
  id_equals: i32 = 0x3d6469;

/** Most lines name the message's id. */
function cleanup(p: i32, e: i32): i32 {
  const q = queueIdEnd(p, e);
  return q >= 0 && load<i64>(q + 2) === message_ && (fourAt(q + 10) & 0xffffff) === id_equals
    ? remark(q, e)
    : Kind.unread;
}

function local(p: i32, e: i32): i32 {
  const q = queueIdEnd(p, e);
  if (q < 0 || (fourAt(q + 2) & 0xffffff) !== to_equals) return Kind.unread;
  return delivery(q + 2, e) ? Kind.local : Kind.unread;
}
