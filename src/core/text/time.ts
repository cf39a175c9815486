import type { Milliseconds } from '../model';
import { cover, noTime, plausible, years, type CoveredTime } from './coveredtime';
import type { Zone } from './zone';

/**
 * How a year is chosen for a time stamp without one (RFC 3164): stamps from the anchor day on belong to `year`, earlier
 * ones to the next (`forward`), or, backwards from the file's last change, later ones to the year before.
 */
export interface YearAnchor {
  year: number;
  month: number;
  day: number;
  forward: boolean;
}

const day = 86_400_000;
const stamp = /^(?:<\d{1,3}>)?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +(\d{1,2}) /;
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The anchor of a file: the given year for its first line, else the time of its last change for its newest line. */
export function yearAnchor(
  head: Uint8Array,
  modified: Milliseconds | undefined,
  options: { year?: number; zone: Zone },
): YearAnchor {
  if (options.year !== undefined) {
    const first = new TextDecoder()
      .decode(head.subarray(0, 4096))
      .split('\n')
      .map((line) => stamp.exec(line))
      .find(Boolean);
    return {
      year: options.year,
      month: first ? monthNames.indexOf(first[1]) + 1 : 1,
      day: first ? Number(first[2]) : 1,
      forward: true,
    };
  }
  const latest = modified ?? Date.now();
  const wall = new Date(latest + options.zone.offsetAt(latest));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate(), forward: false };
}

/**
 * Reads time stamps from bytes. After a call `end` is the position behind the stamp. All methods return NaN where there
 * is no valid stamp; seconds may be 60 (leap second).
 */
export class TimeReader {
  end = 0;
  private dayKey = -1;
  private dayStart = NaN;
  private isLooking = false;

  constructor(
    readonly zone: Zone,
    private readonly anchor: YearAnchor,
    private readonly covered: CoveredTime = noTime(),
  ) {}

  /** A line has this time. The readers of whole stamps below call it themselves. */
  saw(time: Milliseconds): Milliseconds {
    const possible = plausible(time);
    if (!this.isLooking) cover(this.covered, possible);
    return possible;
  }

  /** Whether `any` finds a stamp here; no line is taken to have this time. */
  isStamp(b: Uint8Array, s: number): boolean {
    this.isLooking = true;
    const time = this.any(b, s);
    this.isLooking = false;
    return !Number.isNaN(time);
  }

  /** `Nov 24 08:29:06`, the day padded with a space or not at all, with an optional fraction; the zone's local time. */
  syslog(b: Uint8Array, s: number): Milliseconds {
    const month = monthAt(b, s);
    if (month === 0 || b[s + 3] !== 32) return NaN;
    let p = s + 4;
    if (b[p] === 32) p++;
    const d = b[p + 1] === 32 ? digit(b[p]) : pair(b, p);
    p += b[p + 1] === 32 ? 1 : 2;
    if (b[p++] !== 32) return NaN;
    const clock = this.clock(b, p);
    return this.saw(this.zone.toUtc(this.date(this.yearOf(month, d), month, d) + clock));
  }

  /**
   * ISO 8601 / RFC 3339: `2026-11-24T08:32:20.724310+00:00`, also with a space for `T`, a comma before the fraction,
   * `Z`, `+0000`, `+00` or no zone at all (then it is the zone's local time).
   */
  iso(b: Uint8Array, s: number): Milliseconds {
    if (b[s + 4] !== 45 || b[s + 7] !== 45 || ((b[s + 10] | 32) !== 116 && b[s + 10] !== 32)) return NaN;
    const year = pair(b, s) * 100 + pair(b, s + 2);
    const wall = this.date(year, pair(b, s + 5), pair(b, s + 8)) + this.clock(b, s + 11);
    let p = this.end;
    const c = b[p];
    if ((c | 32) === 122) {
      this.end = p + 1;
      return this.saw(wall);
    }
    if (c !== 43 && c !== 45) return this.saw(this.zone.toUtc(wall));
    let offset = pair(b, p + 1) * 3_600_000;
    p += 3;
    if (b[p] === 58) p++;
    if (digit(b[p]) >= 0) {
      offset += pair(b, p) * 60_000;
      p += 2;
    }
    this.end = p;
    return this.saw(c === 43 ? wall - offset : wall + offset);
  }

  /**
   * `Wed Sep 14 09:48:19 2022` as C's ctime and Cisco's appliances write it, the day padded with a space or not; the
   * zone's local time, unless ` +0200` stands behind it.
   */
  ctime(b: Uint8Array, s: number): Milliseconds {
    const month = monthAt(b, s + 4);
    if (month === 0 || b[s + 3] !== 32 || b[s + 7] !== 32) return NaN;
    let p = s + 8;
    if (b[p] === 32) p++;
    const d = b[p + 1] === 32 ? digit(b[p]) : pair(b, p);
    p += b[p + 1] === 32 ? 1 : 2;
    const clock = this.clock(b, p + 1);
    p = this.end + 1;
    if (b[p - 1] !== 32) return NaN;
    this.end = p + 4;
    const wall = this.date(pair(b, p) * 100 + pair(b, p + 2), month, d) + clock;
    p += 4;
    const sign = b[p] === 32 ? b[p + 1] : 0,
      offset = sign === 43 || sign === 45 ? pair(b, p + 2) * 3_600_000 + pair(b, p + 4) * 60_000 : NaN;
    if (Number.isNaN(offset)) return this.saw(this.zone.toUtc(wall));
    this.end = p + 6;
    return this.saw(sign === 43 ? wall - offset : wall + offset);
  }

  /** A stamp in whichever of these forms stands here. */
  any(b: Uint8Array, s: number): Milliseconds {
    if (digit(b[s]) >= 0) return this.iso(b, s);
    return monthAt(b, s) > 0 ? this.syslog(b, s) : this.ctime(b, s);
  }

  /** `08:29:06` with an optional fraction, as milliseconds of the day. */
  clock(b: Uint8Array, p: number): Milliseconds {
    const h = pair(b, p),
      m = pair(b, p + 3),
      sec = pair(b, p + 6);
    if (b[p + 2] !== 58 || b[p + 5] !== 58 || !(h < 24 && m < 60 && sec < 61)) return NaN;
    let ms = 0;
    this.end = p + 8;
    if ((b[p + 8] === 46 || b[p + 8] === 44) && digit(b[p + 9]) >= 0) {
      let scale = 100;
      let q = p + 9;
      for (let v = digit(b[q]); v >= 0; v = digit(b[++q])) {
        ms += v * scale;
        scale = scale > 1 ? scale / 10 : 0;
      }
      this.end = q;
    }
    return h * 3_600_000 + m * 60_000 + sec * 1000 + ms;
  }

  /** Start of a day as if in UTC; NaN for days that don't exist, and for years in which no stamp can be right. */
  date(year: number, month: number, dayOfMonth: number): Milliseconds {
    if (!(month >= 1 && month <= 12 && dayOfMonth >= 1 && dayOfMonth <= 31)) return NaN;
    if (!(year >= years.first && year <= years.last)) return NaN;
    const key = (year * 16 + month) * 32 + dayOfMonth;
    if (key === this.dayKey) return this.dayStart;
    const start = Date.UTC(year, month - 1, dayOfMonth);
    const check = new Date(start);
    if (check.getUTCDate() !== dayOfMonth || check.getUTCMonth() !== month - 1) return NaN;
    this.dayKey = key;
    return (this.dayStart = start);
  }

  private yearOf(month: number, dayOfMonth: number): number {
    // Two days of grace: lines are not quite in order, and a copied file may carry a time just before its last line.
    const distance = ((month - this.anchor.month) * 31 + dayOfMonth - this.anchor.day) * day;
    if (this.anchor.forward) return distance < -2 * day ? this.anchor.year + 1 : this.anchor.year;
    return distance > 2 * day ? this.anchor.year - 1 : this.anchor.year;
  }
}

const iso = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/;
const named = new RegExp(
  String.raw`\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:${monthNames.join('|')}) [ \d]?\d \d\d:\d\d:\d\d \d{4}\b`,
);
const encoder = new TextEncoder();

/** The first time stamp in these lines in one of the forms of `TimeReader`; undefined where there is none. */
export function firstTime(lines: readonly string[], time: TimeReader): Milliseconds | undefined {
  for (const line of lines) {
    if (line.startsWith('#')) continue;
    const traditional = stamp.exec(line);
    const at = traditional ? line.indexOf(traditional[1]) : (iso.exec(line) ?? named.exec(line))?.index;
    if (at === undefined) continue;
    const found = time.any(encoder.encode(line.slice(at, at + 64)), 0);
    if (!Number.isNaN(found)) return found;
  }
  return undefined;
}

/** 1 to 12 for `Jan` to `Dec` at this position, else 0. */
export function monthAt(b: Uint8Array, s: number): number {
  switch ((b[s] << 16) | (b[s + 1] << 8) | b[s + 2]) {
    case 0x4a616e:
      return 1;
    case 0x466562:
      return 2;
    case 0x4d6172:
      return 3;
    case 0x417072:
      return 4;
    case 0x4d6179:
      return 5;
    case 0x4a756e:
      return 6;
    case 0x4a756c:
      return 7;
    case 0x417567:
      return 8;
    case 0x536570:
      return 9;
    case 0x4f6374:
      return 10;
    case 0x4e6f76:
      return 11;
    case 0x446563:
      return 12;
    default:
      return 0;
  }
}

function digit(c: number): number {
  const v = c - 48;
  return v >= 0 && v <= 9 ? v : -1;
}

/** Two digits as a number; NaN for anything else, so that a wrong stamp can't pass for a time. */
function pair(b: Uint8Array, p: number): number {
  const tens = b[p] - 48,
    ones = b[p + 1] - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}
