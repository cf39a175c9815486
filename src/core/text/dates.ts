import type { Milliseconds } from '../model';
import { Byte, ViewOf } from './ascii';
import { beginsWith } from './bytes';
import { plausible } from './coveredtime';
import { TimeReader } from './time';
import { Zone } from './zone';

const letterZ = 90;
const digitSix = 54;

/** Which of the two small numbers of a date like `3/4/2026` is the day. `unknown`: nothing in the file shows it. */
export const enum DateOrder {
  unknown,
  dayFirst,
  monthFirst,
}

const small = /^\s*(\d{1,2})([/.-])(\d{1,2})[/.-]\d{4}/;

function isDigit(value: number): boolean {
  return value >= 0 && value <= 9;
}

function isNumber(b: Uint8Array, s: number, e: number): boolean {
  while (s < e && isDigit(b[s] - 48)) s++;
  return s === e;
}

/**
 * What the dates of a table prove about their order: a day over 12 somewhere decides it for the whole file. Dates with
 * dots need no proof; where they are written, the day comes first. Contradicting dates prove nothing.
 */
export function dateOrder(texts: Iterable<string>): DateOrder {
  let day = false,
    month = false;
  for (const text of texts) {
    const found = small.exec(text);
    if (!found) continue;
    if (found[2] === '.' || Number(found[1]) > 12) day = true;
    else if (Number(found[3]) > 12) month = true;
  }
  return day === month ? DateOrder.unknown : day ? DateOrder.dayFirst : DateOrder.monthFirst;
}

/**
 * Reads the dates of exported tables from bytes: ISO 8601; `3/28/2026 7:50:18 AM`, `28/03/2026 07:50:18` and their
 * like, as Windows prints them for a culture, where the order of day and month is known; `28.03.2026`; `2026/03/28`;
 * all with or without the time of day. What has no zone is local time of the zone given.
 */
export class DateReader {
  /** Reads with UTC: what Exchange Online writes without a zone. */
  static utc(order: DateOrder): DateReader {
    return new DateReader(new TimeReader(new Zone('UTC'), { year: 1970, month: 1, day: 1, forward: true }), order);
  }

  constructor(
    private readonly time: TimeReader,
    private readonly order: DateOrder,
  ) {}

  /** The moment that `b[s, e)` names; NaN where it names none, or where day and month can't be told apart. */
  read(b: Uint8Array, s: number, e: number): Milliseconds {
    while (s < e && b[s] === Byte.space) s++;
    while (s < e && b[e - 1] === Byte.space) e--;
    this.wholeDay = false;
    if (b[s] === Byte.slash) return this.milliseconds(b, s, e);
    return e - s > 10 && b[s + 4] === Byte.minus ? this.iso(b, s, e) : this.numbers(b, s, e);
  }

  /** Three numbers between two equal separators, and perhaps a time of day. */
  private numbers(b: Uint8Array, s: number, e: number): Milliseconds {
    const first = this.number(b, s, e);
    const separator = b[this.end];
    if (separator !== Byte.minus && separator !== Byte.dot && separator !== Byte.slash) return NaN;
    const second = this.number(b, this.end + 1, e);
    if (b[this.end] !== separator) return NaN;
    const third = this.number(b, this.end + 1, e);
    const clock = this.end;
    if (first >= 1000) return this.moment(first, second, third, b, clock, e);
    if (third < 1000) return NaN;
    const order = separator === Byte.dot ? DateOrder.dayFirst : this.order;
    if (order === DateOrder.unknown) return NaN;
    const isDayFirst = order === DateOrder.dayFirst;
    return this.moment(third, isDayFirst ? second : first, isDayFirst ? first : second, b, clock, e);
  }

  /** Whether the last date had no time of day. */
  wholeDay = false;
  private end = 0;
  /** The last date in ISO 8601 and UTC up to its minutes, four letters in a number. */
  private readonly minute = new Int32Array(4);
  private minuteStart = NaN;
  private readonly views = new ViewOf();

  private iso(b: Uint8Array, s: number, e: number): Milliseconds {
    const view = this.views.of(b);
    const utc = b[e - 1] === letterZ && e - s > 19 && b[s + 16] === Byte.colon;
    if (utc && hasFraction(b, s, e) && this.isInMinute(view, s)) {
      const milliseconds = secondsAt(b, s + 17);
      if (milliseconds >= 0) return this.minuteStart + milliseconds;
    }
    const moment = this.time.iso(b, s);
    if (!(this.time.end <= e)) return NaN;
    // Rows that follow are compared with a stamp of just this form: a second of 60, or a zone before the last letter,
    // would give them another minute.
    if (utc && moment >= 0 && this.time.end === e && b[s + 17] < digitSix && isNumber(b, e - 2, e - 1)) {
      for (let i = 0; i < 4; i++) this.minute[i] = view.getInt32(s + i * 4);
      this.minuteStart = moment - (moment % 60_000);
    }
    return moment;
  }

  /** Whether a stamp has the date, hour and minute of the last one. */
  private isInMinute(view: DataView, s: number): boolean {
    const { minute } = this;
    return (
      view.getInt32(s) === minute[0] &&
      view.getInt32(s + 4) === minute[1] &&
      view.getInt32(s + 8) === minute[2] &&
      view.getInt32(s + 12) === minute[3]
    );
  }

  /** `/Date(1772437800000)/`, as Windows PowerShell writes dates in JSON. */
  private milliseconds(b: Uint8Array, s: number, e: number): Milliseconds {
    if (b[s + 1] !== 68 || b[s + 5] !== Byte.openParenthesis || e - s > 24) return NaN;
    let value = 0,
      at = s + 6;
    for (; at < e && b[at] >= 48 && b[at] <= 57; at++) value = value * 10 + b[at] - 48;
    return b[at] === Byte.closeParenthesis && at > s + 6 ? plausible(value) : NaN;
  }

  private moment(year: number, month: number, day: number, b: Uint8Array, s: number, e: number): Milliseconds {
    const date = this.time.date(year, month, day);
    while (s < e && (b[s] === Byte.space || b[s] === Byte.comma)) s++;
    this.wholeDay = s === e;
    return this.time.zone.toUtc(s === e ? date : date + this.clock(b, s, e));
  }

  /** `7:50`, `07:50:18`, `7.50.18`, with or without AM or PM behind it. */
  private clock(b: Uint8Array, s: number, e: number): Milliseconds {
    const hour = this.number(b, s, e);
    const separator = b[this.end];
    if (separator !== Byte.colon && separator !== Byte.dot) return NaN;
    const minute = this.number(b, this.end + 1, e);
    const second = this.end < e && b[this.end] === separator ? this.number(b, this.end + 1, e) : 0;
    let at = this.end;
    // Between the time and AM or PM there may be a space of any kind.
    while (at < e && (b[at] === Byte.space || b[at] > 127)) at++;
    const hours = at < e ? hourOfDay(hour, b, at, e) : hour;
    return hours < 24 && minute < 60 && second < 61 ? hours * 3_600_000 + minute * 60_000 + second * 1000 : NaN;
  }

  /** A whole number of at most four digits; NaN without one. `end` is then the position behind it. */
  private number(b: Uint8Array, s: number, e: number): number {
    let value = 0,
      at = s;
    for (; at < e && at < s + 4 && b[at] >= 48 && b[at] <= 57; at++) value = value * 10 + b[at] - 48;
    this.end = at;
    return at === s ? NaN : value;
  }
}

/**
 * Whether a stamp that ends with Z has a fraction of three digits, or of more that no figure needs: Exchange Online
 * writes seven.
 */
function hasFraction(b: Uint8Array, s: number, e: number): boolean {
  return e - s === 24 || (e - s === 28 && isNumber(b, s + 23, e - 1));
}

/** The milliseconds in `07.123`; -1 where something else stands here. */
function secondsAt(b: Uint8Array, s: number): number {
  const tens = b[s] - Byte.zero;
  const ones = b[s + 1] - Byte.zero;
  const x = b[s + 3] - Byte.zero;
  const y = b[s + 4] - Byte.zero;
  const z = b[s + 5] - Byte.zero;
  const isSecond = isDigit(tens) && tens < 6 && isDigit(ones) && b[s + 2] === Byte.dot;
  return isSecond && isDigit(x) && isDigit(y) && isDigit(z) ? tens * 10_000 + ones * 1000 + x * 100 + y * 10 + z : -1;
}

/** An hour of a clock with twelve hours, by the AM or PM that is all that stands in `b[s, e)`; else NaN. */
function hourOfDay(hour: number, b: Uint8Array, s: number, e: number): number {
  if (s + 2 !== e || !(hour >= 1 && hour <= 12)) return NaN;
  const isMorning = beginsWith(b, s, e, 'am');
  return isMorning || beginsWith(b, s, e, 'pm') ? (hour % 12) + (isMorning ? 0 : 12) : NaN;
}
