// The common rows of an Exchange SMTP protocol log: what they say is written down as records of whole numbers, in their
// order. Rows that only take their session one step on have none. What is unusual in any way is left to the parser in
// TypeScript. Both must read the same, byte for byte.
import { passed } from './block';
import { find, fourAt, same } from './memory';
import {
  bare,
  connectorEnd,
  context,
  data,
  event,
  forgetDay,
  local,
  localEnd,
  minute,
  remoteEnd,
  row,
  rowEnd,
  rowStart,
  rowStop,
  sequence,
} from './smtprow';
import {
  beginSession,
  closeSession,
  forgetSessions,
  nextCall,
  nextOf,
  numberOf,
  sessionAt,
  stepSession,
} from './smtpsessions';
import { connectorPlace, forgetNames, hostPlace, noName } from './smtpnames';
import { Command, code, command, final, readSpoken, size } from './smtpspoken';
import { appendText } from './texts';

/** What a record is about; the same numbers as in `core/formats/exchange-smtp/record`. */
const enum Kind {
  unread,
  begin,
  close,
  handshake,
  spoken,
}

/** Numbers of a record; see `core/formats/exchange-smtp/record`. */
const enum At {
  kind = 0,
  line = 4,
  start = 8,
  end = 12,
  session = 16,
  connectorEnd = 20,
  local = 24,
  localEnd = 28,
  remoteEnd = 32,
  /** The byte of the event, and 256 where the connector is bare. */
  event = 36,
  data = 40,
  /** The number of a wording, or the code of a reply. */
  code = 44,
  command = 48,
  size = 52,
  /** The place of the host that EHLO names, or of the connector at the end of a message; see `hostPlace`. */
  name = 56,
  width = 64,
}

const records: i32 = 0x40000,
  mostRecords: i32 = 6144;
/** Wordings of information rows, which TypeScript fills: a length and the text. The first length 0 ends them. */
const wordings: i32 = 0x10000,
  mostWordings: i32 = 16,
  wordingWidth: i32 = 512;

export function smtpRecords(): i32 {
  return records;
}

/** Nothing is known any more: another parser reads. */
export function smtpForget(): void {
  store<i32>(wordings, 0);
  forgetDay();
  forgetNames();
  forgetSessions();
}

/** Remembers the text of an information row, `[s, e)`. Gives its number, or -1 where there are too many, it is too long, or it is known. */
export function smtpWording(s: i32, e: i32): i32 {
  return e <= s || wordingAt(s, e) >= 0 ? -1 : appendText(wordings, mostWordings, wordingWidth, s, e);
}

function wordingAt(s: i32, e: i32): i32 {
  for (let i = 0, at = wordings; i < mostWordings; i++, at += wordingWidth) {
    const length = load<i32>(at);
    if (length === 0) break;
    if (length === e - s && same(s, at + 16, length)) return i;
  }
  return -1;
}

/** The record that is being written. */
let record: i32 = 0;

/** First and last minute of the day among the rows that the last call has read; the first is after the last without any. */
let firstMinute: i32 = 0,
  lastMinute: i32 = 0;

export function smtpFirstMinute(): i32 {
  return firstMinute;
}

export function smtpLastMinute(): i32 {
  return lastMinute;
}

/**
 * Reads the rows of `[from, to)`, which ends with a line end, as far as there is room for records, or up to and with
 * one that is left to the parser: what becomes of its session is not known here. Gives the number of records; `next`
 * and `lines` say how far it came.
 */
export function smtp(from: i32, to: i32): i32 {
  let start = from,
    count = 0;
  record = records;
  const last = records + (mostRecords - 1) * At.width;
  firstMinute = 1440;
  lastMinute = -1;
  nextCall();
  while (start < to) {
    if (record > last) break;
    const about = row(start, to) ? message() : Kind.unread;
    if (about === Kind.unread) {
      const stop = find(start, to, 10);
      write(Kind.unread, count++, start, stop);
      start = stop + 1;
      break;
    }
    firstMinute = min(firstMinute, minute);
    lastMinute = max(lastMinute, minute);
    if (about !== nothing) {
      store<i32>(record, connectorEnd, At.connectorEnd);
      store<i32>(record, local, At.local);
      store<i32>(record, localEnd, At.localEnd);
      store<i32>(record, remoteEnd, At.remoteEnd);
      store<i32>(record, bare ? event | 256 : event, At.event);
      store<i32>(record, data, At.data);
      write(about, count, start, rowEnd);
    }
    count++;
    start = rowStop + 1;
  }
  passed(start, count);
  return (record - records) / At.width;
}

function write(about: i32, line: i32, start: i32, end: i32): void {
  store<i32>(record, about, At.kind);
  store<i32>(record, line, At.line);
  store<i32>(record, start, At.start);
  store<i32>(record, end, At.end);
  record += At.width;
}

/** In place of a kind: the row says nothing. */
const nothing: i32 = -1;

const plus: i32 = 43,
  minus: i32 = 45,
  star: i32 = 42;
/** The first letters of information rows that may tell of TLS: "TLS protocol …", "Connector is configured …", "Drop connection …". */
const TLS_: i32 = 0x20534c54,
  Conn: i32 = 0x6e6e6f43,
  Drop: i32 = 0x706f7244;

/** What an information row tells of TLS; `nothing` where it can't. */
function information(): i32 {
  if (context >= rowEnd) return nothing;
  const letters = fourAt(context);
  if (letters !== TLS_ && letters !== Conn && letters !== Drop) return nothing;
  const wording = wordingAt(context, rowEnd);
  if (wording < 0) return Kind.unread;
  store<i32>(record, wording, At.code);
  return Kind.handshake;
}

function spoken(): i32 {
  readSpoken();
  store<i32>(record, code, At.code);
  store<i32>(record, command, At.command);
  store<i32>(record, size, At.size);
  if (command === Command.hello) store<i32>(record, hostPlace(data + 5, rowEnd), At.name);
  else if (final) store<i32>(record, connectorPlace(rowStart + 25, connectorEnd), At.name);
  else store<i32>(record, noName, At.name);
  return Kind.spoken;
}

/** What the row that was read is about. Its session has taken the step that the row is, unless it is left to the parser. */
function message(): i32 {
  const session = sessionAt(connectorEnd + 1, bare);
  if (session === 0) {
    if (event !== plus || sequence !== 0) return Kind.unread;
    const begun = beginSession(connectorEnd + 1, bare);
    if (begun === 0) return Kind.unread;
    store<i32>(record, numberOf(begun), At.session);
    return Kind.begin;
  }
  if (event === plus || sequence === 0 || sequence !== nextOf(session)) return Kind.unread;
  const about = event === star ? information() : event === minus ? Kind.close : spoken();
  if (about === Kind.unread) return Kind.unread;
  store<i32>(record, numberOf(session), At.session);
  if (about === Kind.close) closeSession(session);
  else stepSession(session);
  return about;
}
