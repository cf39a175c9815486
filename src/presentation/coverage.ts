import type { Milliseconds } from '../core/model';
import {
  coveredDays,
  coveredOf,
  coversAll,
  during,
  gapsOf,
  uncoveredDays,
  within,
  type Coverage,
  type Covered,
  type Span,
  type UncoveredDays,
} from '../core/report/coverage';
import { askedFor, type Period } from '../core/report/period';
import type { Zone } from '../core/text/zone';
import type { Buckets } from './buckets';
import { dayText } from './rows';
import type { Text } from './text';

const minute = 60_000;
/** Most gaps and days that a sentence lists. */
const mostListed = 3;

/** How much of each bucket is covered; one that the period cuts is covered partly. */
export function bucketStates(
  whole: Coverage,
  period: Span,
  buckets: Buckets,
  times: readonly Milliseconds[],
): Covered[] {
  const coverage = during(whole, period.from, period.to),
    { zone } = coverage;
  return times.map((time) => coveredOf(coverage, zone.toUtc(time), zone.toUtc(buckets.after(time))));
}

/** The name of a bucket or day with what is not covered of it: "Nov 10, 2026 (in part)". */
export function nameWithCoverage(text: Text, name: string, covered: Covered | undefined): string {
  if (covered === 'partly') return text.t('{0} (in part)', name);
  return covered === 'none' ? text.t('{0} (not covered)', name) : name;
}

/** The time that the logs cover, format by format where there are several, and its gaps; empty where nothing is known. */
export function coverageSentence(text: Text, { formats, spans }: Coverage): string {
  const { t } = text;
  if (spans.length === 0) return '';
  if (formats.length <= 1)
    return [t('The logs cover {0}.', spanText(text, spans)), gapSentence(text, spans)].join(' ').trim();
  const each = formats.map((one) => t('{0}: {1}', one.format, spanText(text, one.spans)));
  const gaps = formats.map((one) => gapSentence(text, one.spans)).filter(Boolean);
  return [t('The logs cover {0}.', each.join('; ')), ...new Set(gaps)].join(' ');
}

/** From the first covered minute to the last one. */
function spanText(text: Text, spans: readonly Span[]): string {
  return text.range(spans[0].from, spans[spans.length - 1].to - minute);
}

function gapSentence(text: Text, spans: readonly Span[]): string {
  const gaps = gapsOf(spans).map(({ from, to }) => text.range(from, to));
  if (gaps.length === 0) return '';
  return text.t('No log covers {0}.', listed(text, gaps, '; '));
}

/** What of a period's days is not covered, or only partly; empty where all of it is. */
export function uncoveredSentence(text: Text, coverage: Coverage, { from, to }: Span): string {
  const { t } = text,
    days = uncoveredDays(coverage, from, to);
  const none = days.filter(({ covered }) => covered === 'none').map((run) => daysText(text, run)),
    partly = days.filter(({ covered }) => covered === 'partly').map((run) => partText(text, run, coverage.zone));
  return [
    none.length > 0 ? t('Not covered by any log: {0}.', listed(text, none, ', ')) : '',
    partly.length > 0 ? t('Covered in part: {0}.', listed(text, partly, ', ')) : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** What is known of a run of days: nothing, or of a single day the times that are covered. */
export function runSentence(text: Text, { covered, spans }: UncoveredDays): string {
  const { t } = text;
  if (covered === 'none') return t('Not covered by any log.');
  return t('Covered in part: {0}.', spans.map((span) => text.clockRange(span.from, span.to - minute)).join(', '));
}

/** A day, or the first and last of several. */
export function daysText(text: Text, { first, last }: UncoveredDays): string {
  return first === last ? dayText(text, first) : `${dayText(text, first)} – ${dayText(text, last)}`;
}

/** A day with the times of it that are covered, where these are not the whole day. */
function partText(text: Text, run: UncoveredDays, zone: Zone): string {
  const times = run.spans.map((span) => text.clockRange(span.from, span.to - minute)),
    whole =
      run.spans.length === 1 &&
      run.spans[0].from === zone.toUtc(run.first) &&
      run.spans[0].to >= zone.toUtc(run.last) + 86_400_000;
  return whole ? daysText(text, run) : `${daysText(text, run)} (${times.join(', ')})`;
}

function listed(text: Text, all: readonly string[], separator: string): string {
  const shown = all.slice(0, mostListed).join(separator);
  return all.length > mostListed ? text.t('{0} and {1} more', shown, text.number(all.length - mostListed)) : shown;
}

/** What a sentence about a period begins with, as far as the logs cover it. */
export type PeriodWords =
  /** The period as it was asked for. */
  | { covered: 'wholly' }
  /** So many days of it. */
  | { covered: 'partly'; days: number }
  | { covered: 'none' };

/** How much of a period the logs cover. @param from the period as it was resolved, clipped to the logs. */
export function periodCovered(
  coverage: Coverage,
  period: Period,
  { from = -Infinity, to = Infinity }: Partial<Span>,
): PeriodWords {
  if (coverage.spans.length === 0) return { covered: 'wholly' };
  if (within(coverage.spans, from, to).length === 0) return { covered: 'none' };
  const asked = askedFor(period, coverage);
  return period === 'all' || coversAll(coverage, asked.from ?? from, asked.to ?? to)
    ? { covered: 'wholly' }
    : { covered: 'partly', days: coveredDays(coverage, from, to) };
}
