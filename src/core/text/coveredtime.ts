import type { Milliseconds, Minutes } from '../model';

/** Years in which a time stamp can be right. Any other is a wrong clock or damage: its line is skipped as `bad-time`. */
export const years = { first: 1980, last: 2100 } as const;
const earliest = Date.UTC(years.first, 0),
  latest = Date.UTC(years.last + 1, 0);

/** A moment of one of these years as it is; NaN for any other. */
export function plausible(time: Milliseconds): Milliseconds {
  return time >= earliest && time < latest ? time : NaN;
}

const minuteLength = 60_000,
  dayLength = 86_400_000;
/** A range of more days, e.g. of a report, is taken for damage; only its first day counts. */
const longestRange = 366;

/**
 * The time that the lines of a file cover, in whole minutes: readers may skip the seconds of most lines. Plain data, so
 * that it travels with its segment. Change it only with the functions below.
 */
export interface CoveredTime {
  /** First and last minute; Infinity and -Infinity without any. */
  first: Minutes;
  last: Minutes;
  /** Days since 1970 in UTC on which a line stands. */
  days: Set<number>;
  /** Start of the last minute that was added: nearly always that of the next line. */
  minute: Milliseconds;
}

export function noTime(): CoveredTime {
  return { first: Infinity, last: -Infinity, days: new Set(), minute: NaN };
}

/** A line has this time; NaN is none. */
export function cover(covered: CoveredTime, time: Milliseconds): void {
  const since = time - covered.minute;
  if (since >= 0 && since < minuteLength) return;
  if (!Number.isNaN(plausible(time))) addMinute(covered, Math.floor(time / minuteLength));
}

/** A line is about all of `[from, to)`, e.g. a row of a daily report. */
export function coverRange(covered: CoveredTime, from: Milliseconds, to: Milliseconds): void {
  cover(covered, from);
  if (!(to > from && to - from <= longestRange * dayLength)) return;
  for (let time = from + dayLength; time < to; time += dayLength) cover(covered, time);
  cover(covered, to - 1);
}

/** Adds all that `other` covers. */
export function mergeCovered(covered: CoveredTime, other: CoveredTime): void {
  covered.first = Math.min(covered.first, other.first);
  covered.last = Math.max(covered.last, other.last);
  for (const day of other.days) covered.days.add(day);
}

function addMinute(covered: CoveredTime, minute: Minutes): void {
  covered.minute = minute * minuteLength;
  covered.first = Math.min(covered.first, minute);
  covered.last = Math.max(covered.last, minute);
  covered.days.add(Math.floor(covered.minute / dayLength));
}

/** A range of time; `to` is exclusive. */
export interface Span {
  from: Milliseconds;
  to: Milliseconds;
}

/** Days in a row without a line after which a file no longer covers the time: nobody can tell whether it was logged. */
const mostSilentDays = 31;

/** What a file covers: from its first line to its last, less the times when it was silent for more than 31 whole days. */
export function spansOf({ first, last, days }: CoveredTime): Span[] {
  if (first > last) return [];
  const whole = { from: first * minuteLength, to: (last + 1) * minuteLength };
  const spans: Span[] = [];
  let from = whole.from,
    before = -Infinity;
  for (const day of [...days].sort((a, b) => a - b)) {
    if (day - before > mostSilentDays + 1 && before > -Infinity) {
      spans.push({ from, to: (before + 1) * dayLength });
      from = day * dayLength;
    }
    before = day;
  }
  return [...spans, { from, to: whole.to }];
}
