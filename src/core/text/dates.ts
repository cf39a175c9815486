import type { Milliseconds } from '../model';
import { Byte, ViewOf } from './ascii';
import { TimeReader } from './time';
import { Zone } from './zone';

/** Which of the two small numbers of a date like `3/4/2026` is the day. `unknown`: nothing in the file tells. */
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
 * What the dates of a table prove about their order: a day over 12 somewhere decides it for the whole file. Dates with dots need no
 * proof; where they are written, the day comes first. Contradicting dates prove nothing.
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
 * Reads the dates of exported tables from bytes: ISO 8601; `3/28/2026 7:50:18 AM`, `28/03/2026 07:50:18` and their like, as Windows
 * prints them for a culture, where the order of day and month is known; `28.03.2026`; `2026/03/28`; all with or without the time of day.
 * What has no zone is local time of the zone given.
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
    if (b[s] === Byte.slash) return this.milliseconds(b, s, e);
    if (e - s > 10 && b[s + 4] === Byte.minus) return this.iso(b, s, e);
    const first = this.number(b, s, e),
      separator = b[this.end];
    if (separator !== Byte.minus && separator !== Byte.dot && separator !== Byte.slash) return NaN;
    const second = this.number(b, this.end + 1, e);
    if (b[this.end] !== separator) return NaN;
    const third = this.number(b, this.end + 1, e);
    const rest = this.end;
    if (first >= 1000) return this.moment(first, second, third, b, rest, e);
    if (third < 1000) return NaN;
    const order = separator === Byte.dot ? DateOrder.dayFirst : this.order;
    if (order === DateOrder.dayFirst) return this.moment(third, second, first, b, rest, e);
    return order === DateOrder.monthFirst ? this.moment(third, first, second, b, rest, e) : NaN;
  }

  private end = 0;
  /** The last date in ISO 8601 and UTC up to its minutes, four letters in a number. Rows of one minute follow each other. */
  private readonly minute = new Int32Array(4);
  private minuteStart = NaN;
  private readonly views = new ViewOf();

  private iso(b: Uint8Array, s: number, e: number): Milliseconds {
    const { minute } = this,
      view = this.views.of(b),
      utc = b[e - 1] === 90 && e - s > 19 && b[s + 16] === Byte.colon;
    // Without a fraction of a thousandth of a second, or with one of four digits, as Exchange Online writes it, which no figure needs.
    if (
      utc &&
      (e - s === 24 || (e - s === 28 && isNumber(b, s + 23, e - 1))) &&
      view.getInt32(s) === minute[0] &&
      view.getInt32(s + 4) === minute[1] &&
      view.getInt32(s + 8) === minute[2] &&
      view.getInt32(s + 12) === minute[3]
    ) {
      const tens = b[s + 17] - 48,
        ones = b[s + 18] - 48,
        tenths = b[s + 20] - 48,
        x = b[s + 21] - 48,
        y = b[s + 22] - 48;
      if (
        isDigit(tens) &&
        tens < 6 &&
        isDigit(ones) &&
        b[s + 19] === Byte.dot &&
        isDigit(tenths) &&
        isDigit(x) &&
        isDigit(y)
      )
        return this.minuteStart + (tens * 10000 + ones * 1000 + tenths * 100 + x * 10 + y);
    }
    const moment = this.time.iso(b, s);
    if (!(this.time.end <= e)) return NaN;
    // Only of the very form that is then looked for: a second of 60, or another zone in front of the last letter, would give another minute to the rows that follow.
    if (utc && moment >= 0 && this.time.end === e && b[s + 17] < 54 && isNumber(b, e - 2, e - 1)) {
      for (let i = 0; i < 4; i++) minute[i] = view.getInt32(s + i * 4);
      this.minuteStart = moment - (moment % 60_000);
    }
    return moment;
  }

  /** `/Date(1772437800000)/`, as Windows PowerShell writes dates in JSON. */
  private milliseconds(b: Uint8Array, s: number, e: number): Milliseconds {
    if (b[s + 1] !== 68 || b[s + 5] !== Byte.openParenthesis || e - s > 24) return NaN;
    let value = 0,
      at = s + 6;
    for (; at < e && b[at] >= 48 && b[at] <= 57; at++) value = value * 10 + b[at] - 48;
    return b[at] === Byte.closeParenthesis && at > s + 6 ? value : NaN;
  }

  private moment(year: number, month: number, day: number, b: Uint8Array, s: number, e: number): Milliseconds {
    const date = this.time.date(year, month, day);
    while (s < e && (b[s] === Byte.space || b[s] === Byte.comma)) s++;
    return this.time.zone.toUtc(s === e ? date : date + this.clock(b, s, e));
  }

  /** `7:50`, `07:50:18`, `7.50.18`, with or without AM or PM behind it. */
  private clock(b: Uint8Array, s: number, e: number): Milliseconds {
    let hour = this.number(b, s, e);
    const separator = b[this.end];
    if (separator !== Byte.colon && separator !== Byte.dot) return NaN;
    const minute = this.number(b, this.end + 1, e);
    const second = this.end < e && b[this.end] === separator ? this.number(b, this.end + 1, e) : 0;
    let at = this.end;
    // Between the time and AM or PM there may be a space of any kind.
    while (at < e && (b[at] === Byte.space || b[at] > 127)) at++;
    if (at < e) {
      const half = b[at] | 32;
      if ((half !== 97 && half !== 112) || (b[at + 1] | 32) !== 109 || at + 2 !== e || hour < 1 || hour > 12)
        return NaN;
      hour = (hour % 12) + (half === 112 ? 12 : 0);
    }
    return hour < 24 && minute < 60 && second < 61 ? hour * 3_600_000 + minute * 60_000 + second * 1000 : NaN;
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
