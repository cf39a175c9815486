import type { Cube } from '../cube/cube';
import type { Milliseconds } from '../model';
import type { Zone } from '../text/zone';
import { wholeSpan, type Coverage, type Span } from './coverage';

/** The period a report covers: the last days of the log, everything, or two dates (ISO 8601; `to` is exclusive). */
export type Period = '7d' | '30d' | '90d' | 'all' | { from?: string; to?: string };
export const periods = ['7d', '30d', '90d', 'all'] as const;

const minute = 60_000,
  day = 86_400_000;

/**
 * The first and last moment of a period, clipped to what the logs cover; `to` is exclusive. "7d" is the last covered day
 * and the six days before it, whole days in the report's zone, since logs are often old. Both are whole time steps of the
 * cube. A period of dates that the logs do not touch stays as it is.
 * @throws RangeError for a date that can't be read.
 */
export function resolvePeriod(
  period: Period,
  { cellMinutes }: Pick<Cube, 'cellMinutes'>,
  coverage: Coverage,
): Partial<Span> {
  const { from: first = -Infinity, to: last = Infinity } = askedFor(period, coverage),
    span = wholeSpan(coverage);
  if (!span || first >= span.to || last <= span.from) return askedFor(period, coverage);
  const from = Math.max(span.from, first),
    to = Math.min(span.to, last),
    step = cellMinutes * minute;
  return { from: Math.floor(from / step) * step, to: Math.ceil(to / step) * step };
}

/** The moment that a date means: ISO 8601 with or without a time of day; the report's local time where it has no zone. */
export function momentOf(text: string, zone: Zone): Milliseconds {
  const found = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:(Z)|([+-]\d\d):?(\d\d))?)?$/i.exec(text);
  if (!found) throw new RangeError(`not an ISO 8601 date: ${text}`);
  const [, date, clock = '00:00', seconds = '00', fraction = '0', utc, hours, minutes] = found;
  const wall = Date.parse(`${date}T${clock}:00Z`);
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(date) || Number(seconds) > 59)
    throw new RangeError(`not an ISO 8601 date: ${text}`);
  if (Number(seconds) > 0 || Number(fraction) > 0)
    throw new RangeError(`not a whole minute, which is the smallest step that figures are kept in: ${text}`);
  if (utc) return wall;
  if (!hours) return zone.toUtc(wall);
  const offset = (Math.abs(Number(hours)) * 60 + Number(minutes)) * minute;
  return hours.startsWith('-') ? wall + offset : wall - offset;
}

/** A period as it was asked for, whatever the logs cover of it. @throws RangeError for a date that can't be read. */
export function askedFor(period: Period, coverage: Coverage): Partial<Span> {
  if (typeof period === 'object') return datesOf(period, coverage.zone);
  const span = wholeSpan(coverage);
  return period === 'all' || !span ? {} : { from: firstOf(period, span, coverage.zone), to: span.to };
}

function datesOf({ from, to }: { from?: string; to?: string }, zone: Zone): Partial<Span> {
  return {
    from: from === undefined ? undefined : momentOf(from, zone),
    to: to === undefined ? undefined : momentOf(to, zone),
  };
}

/** The start of the first of so many days that end with the last covered one. */
function firstOf(period: string, { to }: Span, zone: Zone): Milliseconds {
  const days = Number.parseInt(period, 10),
    lastDay = Math.floor((to - 1 + zone.offsetAt(to - 1)) / day);
  return zone.toUtc((lastDay - days + 1) * day);
}
