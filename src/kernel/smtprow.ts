// One row of a protocol log with the nine standard columns in their usual order, as far as it is read without the parser.
import { byteAt, eitherIn64, find, in64, isDigit, lineEnd } from './memory';

/** The day of the rows, `2026-03-02T`, which TypeScript tells. */
const day: i32 = 0x12000,
  dayLength: i32 = 11;
let dayKnown: bool = false;
/** Hour, minute and second of a row before, as they are written: they are valid. */
let clock: u64 = 0x30303a30303a3030;

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
  let i = p + 25;
  if (byteAt(i) === quote) {
    i = quotedEnd(i, to);
    if (i < 0 || find(p + 25, i, newline) < i) return false;
    bare = find(p + 25, i, backslash) === i;
  } else {
    const ends = eitherIn64(i, comma, newline);
    // Nobody names a connector at such length.
    if (ends === 0) return false;
    bare = (in64(i, backslash) & ((ends & -ends) - 1)) === 0;
    i += <i32>ctz(ends);
  }
  connectorEnd = i;
  i += 18;
  if (byteAt(i - 18) !== comma || byteAt(i - 1) !== comma) return false;
  const number = i;
  let value = 0;
  for (; isDigit(byteAt(i)); i++) value = value * 10 + byteAt(i) - 48;
  if (i === number || i - number > 9 || byteAt(i) !== comma) return false;
  sequence = value;
  local = i + 1;
  let ends = eitherIn64(local, comma, newline);
  localEnd = local + <i32>ctz(ends);
  if (ends === 0 || byteAt(localEnd) !== comma) return false;
  ends &= ends - 1;
  if (ends !== 0) i = local + <i32>ctz(ends);
  else {
    ends = eitherIn64(localEnd + 1, comma, newline);
    if (ends === 0) return false;
    i = localEnd + 1 + <i32>ctz(ends);
  }
  remoteEnd = i;
  if (byteAt(i) !== comma) return false;
  event = byteAt(i + 1);
  if ((event !== 60 && event !== 62 && event !== star && event !== 43 && event !== 45) || byteAt(i + 2) !== comma)
    return false;
  rowStop = lineEnd(i + 3, to);
  rowEnd = byteAt(rowStop - 1) === 13 ? rowStop - 1 : rowStop;
  // The id is compared or looked at where it is used, and has no line end then.
  return i + 3 < rowEnd && texts(i + 3, rowEnd);
}

/** Whether there is a time, `07:50:00.472Z,`. */
function isTime(p: i32): bool {
  const now = load<u64>(p);
  if (now !== clock) {
    if (byteAt(p + 2) !== 58 || byteAt(p + 5) !== 58 || pair(p) > 23 || pair(p + 3) > 59 || pair(p + 6) > 59)
      return false;
    clock = now;
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
function texts(d: i32, e: i32): bool {
  // A row whose last byte is NUL was not written to its end.
  const last = byteAt(e - 1);
  if (last === 0) return false;
  data = d;
  context = e;
  if (byteAt(d) === quote) {
    data++;
    // A single quote at the end closes the field, whatever stands in it.
    if (last === comma && byteAt(e - 2) === quote && byteAt(e - 3) !== quote && e - 2 > d) return true;
    const close = quotedEnd(d, e);
    return close >= 0 && close < e;
  }
  if (last !== comma && find(d, e, comma) === e) return false;
  if (event !== star || byteAt(d) !== comma) return true;
  context = d + 1;
  if (context >= e || byteAt(context) !== quote) return true;
  context++;
  return (last === quote && byteAt(e - 2) !== quote && e - 2 > d) || quotedEnd(d + 1, e) >= 0;
}

/** Where the field ends that begins with the quote at `p`: at the comma behind it, or `e`; -1 where the quote is never closed. */
function quotedEnd(p: i32, e: i32): i32 {
  for (p = find(p + 1, e, quote); p + 1 < e && byteAt(p + 1) === quote; p = find(p + 2, e, quote));
  return p < e ? find(p, e, comma) : -1;
}
