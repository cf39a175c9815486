import type { Milliseconds } from '../../model';
import type { TimeReader } from '../../text/time';

const space = 32,
  dash = 45,
  plus = 43,
  open = 91,
  close = 93,
  colon = 58;
/** `2026-11-24 08:37:03`, and the part of it that most lines share with the one before. */
const stampLength = 19,
  minuteLength = 16;

/**
 * Reads what Exim itself puts before each entry: date and time, milliseconds (`+millisec`), offset (`log_timezone`) and process id
 * (`+pid`), the last three where they are switched on: `2026-11-24 08:38:02.049 +0000 [8075] `. Without an offset it is local time.
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
    return e - p > stampLength && b[p + 4] === dash && b[p + 7] === dash && b[p + 10] === space && b[p + 13] === colon;
  }

  /** Reads a stamp; false where it is not a valid time. All that is counted is counted by minutes, so seconds are only checked. */
  read(b: Uint8Array, p: number, e: number, clock: TimeReader): boolean {
    if (clock !== this.clock || !this.same(b, p)) {
      // A leap second belongs to the minute whose digits it has.
      const minute = number(b, p + 11, 2) * 3_600_000 + number(b, p + 14, 2) * 60_000;
      const wall = clock.date(number(b, p, 4), number(b, p + 5, 2), number(b, p + 8, 2)) + minute;
      if (Number.isNaN(wall) || Number.isNaN(clock.clock(b, p + 11))) return false;
      this.clock = clock;
      this.minute.set(b.subarray(p, p + minuteLength));
      this.wall = wall;
      this.local = clock.zone.toUtc(wall);
    } else if (
      b[p + 16] !== colon ||
      b[p + 17] < 48 ||
      b[p + 17] > 54 ||
      !isDigit(b[p + 18]) ||
      (b[p + 17] === 54 && b[p + 18] !== 48)
    )
      return false;
    this.time = this.local;
    let q = p + stampLength;
    if (b[q] === 46) for (q++; isDigit(b[q]); q++);
    if (q >= e || b[q] !== space) return false;
    q++;
    if ((b[q] === plus || b[q] === dash) && q + 5 < e && b[q + 5] === space && isDigit(b[q + 1]) && isDigit(b[q + 4])) {
      const offset = number(b, q + 1, 2) * 3_600_000 + number(b, q + 3, 2) * 60_000;
      if (Number.isNaN(offset)) return false;
      this.time = b[q] === plus ? this.wall - offset : this.wall + offset;
      q += 6;
    }
    if (b[q] === open && isDigit(b[q + 1])) {
      let r = q + 2;
      while (r < e && isDigit(b[r])) r++;
      if (b[r] === close && b[r + 1] === space && r + 1 < e) q = r + 2;
    }
    this.end = q;
    return true;
  }

  private same(b: Uint8Array, p: number): boolean {
    const { minute } = this;
    for (let i = minuteLength - 1; i >= 0; i--) if (b[p + i] !== minute[i]) return false;
    return true;
  }
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

/** Digits as a number; NaN for anything else. */
function number(b: Uint8Array, p: number, digits: number): number {
  let n = 0;
  for (let i = p; i < p + digits; i++) n = isDigit(b[i]) ? n * 10 + b[i] - 48 : NaN;
  return n;
}
