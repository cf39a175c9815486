import type { Milliseconds } from '../../model';
import { Byte } from '../../text/ascii';
import { digitsEnd, fixedNumber, isDigit } from '../../text/digits';
import type { TimeReader } from '../../text/time';

/** `2026-11-24 08:37:03`, and the part of it that most lines share with the one before. */
const stampLength = 19,
  minuteLength = 16;
/** ` +0100` without the space. */
const offsetLength = 5;

/**
 * Reads what Exim itself puts before each entry: date and time, milliseconds (`+millisec`), offset (`log_timezone`) and
 * process id (`+pid`), the last three where they are switched on: `2026-11-24 08:38:02.049 +0000 [8075] `. Without an
 * offset it is local time.
 */
export class StampReader {
  /** The minute of the stamp. */
  time: Milliseconds = NaN;
  /** Where the entry's text begins. */
  end = 0;
  private clock: TimeReader | undefined;
  private readonly minute = new Uint8Array(minuteLength);
  private wall: Milliseconds = NaN;
  private local: Milliseconds = NaN;

  /** Whether `b[p, e)` begins like a stamp, valid or not. */
  static looksLike(b: Uint8Array, p: number, e: number): boolean {
    return (
      e - p > stampLength &&
      b[p + 4] === Byte.minus &&
      b[p + 7] === Byte.minus &&
      b[p + 10] === Byte.space &&
      b[p + 13] === Byte.colon
    );
  }

  /**
   * Reads a stamp; false where it is not a valid time. All that is counted is counted by minutes, so seconds are only
   * checked.
   */
  read(b: Uint8Array, p: number, e: number, clock: TimeReader): boolean {
    const known = clock === this.clock && this.same(b, p);
    if (!(known ? hasSeconds(b, p + minuteLength) : this.readMinute(b, p, clock))) return false;
    this.time = this.local;
    let q = p + stampLength;
    if (b[q] === Byte.dot) q = digitsEnd(b, q + 1, e);
    if (q >= e || b[q] !== Byte.space) return false;
    q++;
    if (isOffset(b, q, e)) {
      const offset = fixedNumber(b, q + 1, 2) * 3_600_000 + fixedNumber(b, q + 3, 2) * 60_000;
      if (Number.isNaN(offset)) return false;
      this.time = b[q] === Byte.plus ? this.wall - offset : this.wall + offset;
      q += offsetLength + 1;
    }
    this.end = pidEnd(b, q, e);
    clock.saw(this.time);
    return true;
  }

  private readMinute(b: Uint8Array, p: number, clock: TimeReader): boolean {
    // A leap second belongs to the minute whose digits it has.
    const minute = fixedNumber(b, p + 11, 2) * 3_600_000 + fixedNumber(b, p + 14, 2) * 60_000;
    const wall = clock.date(fixedNumber(b, p, 4), fixedNumber(b, p + 5, 2), fixedNumber(b, p + 8, 2)) + minute;
    if (Number.isNaN(wall) || Number.isNaN(clock.clock(b, p + 11))) return false;
    this.clock = clock;
    this.minute.set(b.subarray(p, p + minuteLength));
    this.wall = wall;
    this.local = clock.zone.toUtc(wall);
    return true;
  }

  private same(b: Uint8Array, p: number): boolean {
    const { minute } = this;
    for (let i = minuteLength - 1; i >= 0; i--) if (b[p + i] !== minute[i]) return false;
    return true;
  }
}

/** Whether `:00` to `:60` stands here. */
function hasSeconds(b: Uint8Array, p: number): boolean {
  const tens = b[p + 1],
    ones = b[p + 2];
  if (b[p] !== Byte.colon || !isDigit(ones)) return false;
  return (tens >= 48 && tens < 54) || (tens === 54 && ones === 48);
}

/** Whether an offset stands here, `+0100 `, valid or not. */
function isOffset(b: Uint8Array, p: number, e: number): boolean {
  return (
    (b[p] === Byte.plus || b[p] === Byte.minus) &&
    p + offsetLength < e &&
    b[p + offsetLength] === Byte.space &&
    isDigit(b[p + 1]) &&
    isDigit(b[p + 4])
  );
}

/** The end of a process id `[8075] `, or `p` where there is none. */
function pidEnd(b: Uint8Array, p: number, e: number): number {
  if (b[p] !== Byte.openBracket) return p;
  const q = digitsEnd(b, p + 1, e);
  return q > p + 1 && b[q] === Byte.closeBracket && b[q + 1] === Byte.space && q + 1 < e ? q + 2 : p;
}
