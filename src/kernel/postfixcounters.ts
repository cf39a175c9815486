// What the counters behind the client of a `disconnect` line say, as `core/formats/postfix/counters` reads them.
import { byteAt, digitsAt, fourAt, numberAt, places } from './memory';

/** How a session ended; the same numbers as `SessionEnd`. */
const enum End {
  uncounted = 1,
  plain,
  startTls,
  failedStartTls,
}

const seven: i64 = 0xffffffffffffff,
  xforward: i64 = 0x64726177726f6678,
  xclient: i64 = 0x746e65696c6378,
  unknownWord: i64 = 0x6e776f6e6b6e75,
  commands: i64 = 0x73646e616d6d6f63,
  starttls: i64 = 0x736c747472617473;

/** Of the counter that was read last: how many of its commands succeeded, and how many there were. */
let succeeded: i32 = 0;
let tried: i32 = 0;

/** What the counters say of STARTTLS; -1 where they are not whole. */
export function counters(p: i32, e: i32): i32 {
  let end = End.plain,
    good = 0,
    all = 0;
  if (p >= e) return End.uncounted;
  while (p < e) {
    const length = nameLength(p),
      stop = counter(p + length + 2, e);
    if (length < 0 || stop === 0) return -1;
    const name = load<i64>(p + 1);
    if (length === 8 && name === commands) {
      const agrees = end !== End.failedStartTls || (succeeded === good && tried === all);
      return stop === e && agrees ? end : -1;
    }
    if (!isCommand(p + 1, length)) return -1;
    if (length === 8 && name === starttls) end = succeeded > 0 ? End.startTls : End.failedStartTls;
    good += succeeded;
    all += tried;
    p = stop;
  }
  return -1;
}

/** The length of the name between the space at `p` and an equals sign, or -1. */
function nameLength(p: i32): i32 {
  const equals = places(p, 61);
  return byteAt(p) === 32 && equals !== 0 ? <i32>ctz(equals) - 1 : -1;
}

/** Reads `7` or `7/8`; gives its end, or 0 where no number stands there. */
function counter(p: i32, e: i32): i32 {
  let digits = digitsAt(p),
    stop = p + digits;
  if (digits === 0 || digits === 8 || stop > e) return 0;
  succeeded = tried = numberAt(p, digits);
  if (byteAt(stop) !== 47) return stop;
  p = stop + 1;
  digits = digitsAt(p);
  stop = p + digits;
  if (digits === 0 || digits === 8 || stop > e) return 0;
  tried = numberAt(p, digits);
  return stop;
}

/** Whether the name of a command that smtpd counts stands at `p`, so many letters long. */
function isCommand(p: i32, length: i32): bool {
  if (length === 4) {
    const name = i32x4.splat(fourAt(p));
    return v128.any_true(
      v128.or(
        v128.or(
          // ehlo mail rcpt data
          i32x4.eq(name, i32x4(0x6f6c6865, 0x6c69616d, 0x74706372, 0x61746164)),
          // quit helo auth bdat
          i32x4.eq(name, i32x4(0x74697571, 0x6f6c6568, 0x68747561, 0x74616462)),
        ),
        v128.or(
          // rset noop vrfy etrn
          i32x4.eq(name, i32x4(0x74657372, 0x706f6f6e, 0x79667276, 0x6e727465)),
          // help
          i32x4.eq(name, i32x4.splat(0x706c6568)),
        ),
      ),
    );
  }
  const letters = load<i64>(p);
  if (length === 8) return letters === starttls || letters === xforward;
  return length === 7 && ((letters & seven) === xclient || (letters & seven) === unknownWord);
}
