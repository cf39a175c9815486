// One row of a protocol log with the nine standard columns in their usual order, as far as it is read without the parser.
import { byteAt, eitherIn64, find, in64, isDigit, lineEnd, textEnd } from './memory';

/** The day of the rows, `2026-03-02T`, which TypeScript tells. */
const day: i32 = 0x12000,
  dayLength: i32 = 11;
let dayKnown: bool = false;
/** Hour, minute and second of a row before, as they are written: they are valid. */
let clock: u64 = 0x30303a30303a3030;
/** The minute of the day of that row. */
export let minute: i32 = 0;

/** What was read: start and end of the row, and where its fields are; `data` and `context` begin behind their quotes. */
export let rowStart: i32 = 0;
export let rowEnd: i32 = 0;
/** Its line feed. */
export let rowStop: i32 = 0;
export let connectorEnd: i32 = 0;
/** The connector is named without its server. */
export let bare: bool = false;
export let sequence: i32 = 0;
export let local: i32 = 0;
export let localEnd: i32 = 0;
export let remoteEnd: i32 = 0;
export let event: i32 = 0;
export let data: i32 = 0;
/** The end of the row unless it is an information row without data. */
export let context: i32 = 0;

const comma: i32 = 44,
  quote: i32 = 34,
  backslash: i32 = 92,
  star: i32 = 42,
  newline: i32 = 10;

export function forgetDay(): void {
  dayKnown = false;
}

/** The rows that follow are of the day at whose time stamp `s` is. */
export function smtpDay(s: i32): void {
  memory.copy(day, s, dayLength);
  dayKnown = true;
}

/** Reads the row at `p`, which ends before `to`; false where it is not as usual, and it is not even known where it ends. */
export function row(p: i32, to: i32): bool {
  if (!dayKnown || load<u64>(p) !== load<u64>(day) || load<i32>(p + 7) !== load<i32>(day + 7) || !isTime(p + dayLength))
    return false;
  rowStart = p;
  // The id is compared or looked at where it is used, and has no line end then.
  if (!readConnector(p + 25, to) || byteAt(connectorEnd) !== comma || byteAt(connectorEnd + 17) !== comma) return false;
  const behind = readSequence(connectorEnd + 18);
  if (behind === 0 || !readEnds(behind + 1)) return false;
  const texts = remoteEnd + 3;
  event = byteAt(remoteEnd + 1);
  if (!isEvent(event) || byteAt(remoteEnd + 2) !== comma) return false;
  rowStop = lineEnd(texts, to);
  rowEnd = textEnd(texts, rowStop);
  return texts < rowEnd && readTexts(texts, rowEnd);
}

function readConnector(i: i32, to: i32): bool {
  if (byteAt(i) === quote) {
    connectorEnd = quotedEnd(i, to);
    if (connectorEnd < 0 || find(i, connectorEnd, newline) < connectorEnd) return false;
    bare = find(i, connectorEnd, backslash) === connectorEnd;
    return true;
  }
  const ends = eitherIn64(i, comma, newline);
  // Nobody names a connector at such length.
  if (ends === 0) return false;
  bare = (in64(i, backslash) & ((ends & -ends) - 1)) === 0;
  connectorEnd = i + <i32>ctz(ends);
  return true;
}

/** Reads the sequence number. Gives the comma behind it; 0 where there is none. */
function readSequence(start: i32): i32 {
  let i = start,
    value = 0;
  for (; isDigit(byteAt(i)); i++) value = value * 10 + byteAt(i) - 48;
  if (i === start || i - start > 9 || byteAt(i) !== comma) return 0;
  sequence = value;
  return i;
}

/** Reads where the addresses of both ends are, the first of which is at `i`. */
function readEnds(i: i32): bool {
  local = i;
  let ends = eitherIn64(i, comma, newline);
  localEnd = i + <i32>ctz(ends);
  if (ends === 0 || byteAt(localEnd) !== comma) return false;
  ends &= ends - 1;
  if (ends === 0) {
    i = localEnd + 1;
    ends = eitherIn64(i, comma, newline);
    if (ends === 0) return false;
  }
  remoteEnd = i + <i32>ctz(ends);
  return byteAt(remoteEnd) === comma;
}

/** `<`, `>`, `*`, `+` or `-`. */
function isEvent(c: i32): bool {
  return c === 60 || c === 62 || c === star || c === 43 || c === 45;
}

/** Whether there is a time, `07:50:00.472Z,`. */
function isTime(p: i32): bool {
  const now = load<u64>(p);
  if (now !== clock) {
    if (byteAt(p + 2) !== 58 || byteAt(p + 5) !== 58 || pair(p) > 23 || pair(p + 3) > 59 || pair(p + 6) > 59)
      return false;
    clock = now;
    minute = <i32>(pair(p) * 60 + pair(p + 3));
  }
  return (
    byteAt(p + 8) === 46 &&
    isDigit(byteAt(p + 9)) &&
    isDigit(byteAt(p + 10)) &&
    isDigit(byteAt(p + 11)) &&
    byteAt(p + 12) === 90 &&
    byteAt(p + 13) === comma
  );
}

/** Two digits as a number, or more than 99. */
function pair(p: i32): u32 {
  const tens = <u32>(byteAt(p) - 48),
    ones = <u32>(byteAt(p + 1) - 48);
  return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}

/** Data and context as the last two columns, which begin at `d`. */
function readTexts(d: i32, e: i32): bool {
  // A row whose last byte is NUL was not written to its end.
  const last = byteAt(e - 1);
  if (last === 0) return false;
  data = d;
  context = e;
  if (byteAt(d) === quote) {
    data++;
    return isQuoted(d, e, last);
  }
  if (last !== comma && find(d, e, comma) === e) return false;
  if (event !== star || byteAt(d) !== comma) return true;
  context = d + 1;
  if (context >= e || byteAt(context) !== quote) return true;
  context++;
  return (last === quote && byteAt(e - 2) !== quote && e - 2 > d) || quotedEnd(d + 1, e) >= 0;
}

/** Whether the field that begins with the quote at `d` ends before `e`. A single quote at the end closes it, whatever stands in it. */
function isQuoted(d: i32, e: i32, last: i32): bool {
  if (last === comma && byteAt(e - 2) === quote && byteAt(e - 3) !== quote && e - 2 > d) return true;
  const close = quotedEnd(d, e);
  return close >= 0 && close < e;
}

/** Where the field ends that begins with the quote at `p`: at the comma behind it, or `e`; -1 where the quote is never closed. */
function quotedEnd(p: i32, e: i32): i32 {
  for (p = find(p + 1, e, quote); p + 1 < e && byteAt(p + 1) === quote; p = find(p + 2, e, quote));
  return p < e ? find(p, e, comma) : -1;
}
