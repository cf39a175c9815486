import type { Baseline } from '../report/baseline';
import type { Cube } from '../cube/cube';
import { coversAll, type Coverage } from '../report/coverage';
import { spanOf, summarising, type Filter, type Summary } from '../report/query';
import { allSteps, type TimeSlices } from '../report/timeslices';
import { judging, type Judgement } from './find';
import { rules } from './index';
import type { Limits } from './insight';

const minute = 60_000;

/**
 * The period of equal length just before that of a filter, or undefined where there is none or the logs do not cover
 * both: mail that is missing because a log begins later, or has a gap, would look like a change.
 */
export function previousPeriod(cube: Cube, filter: Filter, coverage?: Coverage): Filter | undefined {
  if (filter.from === undefined || filter.to === undefined) return undefined;
  const from = Math.floor(filter.from / minute) * minute,
    to = Math.ceil(filter.to / minute) * minute;
  if (to <= from) return undefined;
  const start = from - (to - from),
    reaches = coverage ? coversAll(coverage, start, to) : (spanOf(cube)?.from ?? Infinity) <= start;
  return reaches ? { ...filter, from: start, to: from } : undefined;
}

/** The insights of messages in a period. @param today YYYY-MM-DD in the zone of the report. */
export function judgeCube(
  cube: Cube,
  filter: Filter,
  summary: Summary,
  limits: Limits,
  baseline?: Baseline,
  today?: string,
  coverage?: Coverage,
): Judgement {
  return allSteps(judgingCube(cube, filter, summary, limits, baseline, today, coverage));
}

/** `judgeCube` in time slices. */
export function* judgingCube(
  cube: Cube,
  filter: Filter,
  summary: Summary,
  limits: Limits,
  baseline?: Baseline,
  today?: string,
  coverage?: Coverage,
): TimeSlices<Judgement> {
  const before = comparesPeriods(limits) ? previousPeriod(cube, filter, coverage) : undefined;
  yield;
  const previous = before ? yield* summarising(cube, before) : undefined;
  return yield* judging(summary, limits, { previous, baseline, today });
}

/** Whether a rule may compare with the previous period; going through the cube a second time takes its time. */
function comparesPeriods(limits: Limits): boolean {
  return (
    rules.some(({ compares, setting }) => compares === 'previous' && limits[setting] !== undefined) ||
    (limits.overrides ?? []).some(({ threshold }) => threshold !== undefined)
  );
}
