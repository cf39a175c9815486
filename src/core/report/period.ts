import type { Cube } from '../cube/cube';
import type { Milliseconds } from '../model';
import { spanOf } from './query';

/** The period a report covers: the last days of the log, everything, or two dates (ISO 8601; `to` is exclusive). */
export type Period = '7d' | '30d' | '90d' | 'all' | { from?: string; to?: string };
export const periods = ['7d', '30d', '90d', 'all'] as const;

/**
 * The first and last moment of a period; `to` is exclusive. "7d" ends with the newest event, since logs are often old.
 * @param toUtc reads a date without a zone as the report's local time.
 * @param span that of the cube, where it is known already.
 * @throws RangeError for a date that can't be read.
 */
export function resolvePeriod(
  period: Period,
  cube: Cube,
  toUtc: (wall: Milliseconds) => Milliseconds = (wall) => wall,
  span = spanOf(cube),
): { from?: Milliseconds; to?: Milliseconds } {
  if (typeof period === 'object') return { from: moment(period.from, toUtc), to: moment(period.to, toUtc) };
  if (!span || period === 'all') return span ?? {};
  return { from: span.to - Number.parseInt(period, 10) * 86_400_000, to: span.to };
}

function moment(text: string | undefined, toUtc: (wall: Milliseconds) => Milliseconds): Milliseconds | undefined {
  if (text === undefined) return undefined;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text);
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(zoned || !text.includes('T') ? text : `${text}Z`) : NaN;
  if (Number.isNaN(time)) throw new RangeError(`not an ISO 8601 date: ${text}`);
  return zoned ? time : toUtc(time);
}
