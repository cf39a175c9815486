import type { Cube } from '../cube/cube';
import { UnitCode, type FileReport, type Milliseconds } from '../model';
import type { Span } from '../text/coveredtime';
import type { Zone } from '../text/zone';
import { spanOf } from './query';

export type { Span };

/** The time that the files of one format cover, in order. */
interface FormatCoverage {
  format: string;
  spans: Span[];
}

/**
 * The time that logs cover. Nothing is known of any other time: it is a gap in charts and "not covered" in tables, and
 * never 0.
 *
 * A file covers the time from its first line to its last (see `spansOf`). Two files of a format adjoin unless a whole day
 * in the report's zone lies between them without a line: then a file may be missing, and all between them is a gap.
 */
export interface Coverage {
  zone: Zone;
  /** Ordered by name. */
  formats: FormatCoverage[];
  /** What any format covers. */
  spans: Span[];
}

/** How much of a range of time is covered; `partly` also where one format covers it and another does not. */
export type Covered = 'wholly' | 'partly' | 'none';

/** What may be missing of a day at its edges, or of any bucket as large a share: lines seldom stand at 00:00 and 23:59. */
const hour = 3_600_000,
  day = 24 * hour;

/**
 * The coverage of the logs that count in a unit. Without a readable time in any file it is the span of the figures.
 * @param analysis files and cube of one data set.
 */
function coverageOf(
  { files, cube }: { files: readonly FileReport[]; cube: Cube },
  zone: Zone,
  unit: UnitCode,
): Coverage {
  const otherUnit = formatsOnlyIn(cube, files, unit === UnitCode.message ? UnitCode.session : UnitCode.message);
  const byFormat = new Map<string, Span[]>();
  for (const { format, covers } of files) {
    if (format === null || otherUnit.has(format) || covers.length === 0) continue;
    byFormat.set(format, [...(byFormat.get(format) ?? []), ...covers]);
  }
  const formats = [...byFormat]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([format, spans]) => ({ format, spans: joined(spans, zone) }));
  const fallback = formats.length === 0 ? spanOf(cube, unit) : undefined;
  return {
    zone,
    formats,
    spans: fallback
      ? [fallback]
      : joined(
          formats.flatMap(({ spans }) => spans),
          zone,
        ),
  };
}

/** The coverage of the logs that count messages, and of those that count sessions. */
export interface Coverages {
  messages: Coverage;
  sessions: Coverage;
}

export function coveragesOf(analysis: { files: readonly FileReport[]; cube: Cube }, zone: Zone): Coverages {
  return {
    messages: coverageOf(analysis, zone, UnitCode.message),
    sessions: coverageOf(analysis, zone, UnitCode.session),
  };
}

/** The coverage by which a period is resolved: that of messages, where there are any. */
export function leading({ messages, sessions }: Coverages): Coverage {
  return messages.spans.length > 0 ? messages : sessions;
}

/** From the first covered moment to the last (exclusive); undefined where nothing is covered. */
export function wholeSpan({ spans }: Coverage): Span | undefined {
  return spans.length === 0 ? undefined : { from: spans[0].from, to: spans[spans.length - 1].to };
}

/** The times between the spans. */
export function gapsOf(spans: readonly Span[]): Span[] {
  return spans.slice(1).map(({ from }, i) => ({ from: spans[i].to, to: from }));
}

/** The coverage as far as it lies in `[from, to)`: what is outside of a period is not known of it either. */
export function during({ zone, formats, spans }: Coverage, from: Milliseconds, to: Milliseconds): Coverage {
  return {
    zone,
    formats: formats.map((one) => ({ ...one, spans: within(one.spans, from, to) })),
    spans: within(spans, from, to),
  };
}

/** Whether every format covers `[from, to)` but for an hour: only then can its figures be compared with others. */
export function coversAll({ formats, spans }: Coverage, from: Milliseconds, to: Milliseconds): boolean {
  const all = formats.length === 0 ? [spans] : formats.map((one) => one.spans);
  return all.every((some) => some.some((span) => span.from <= from + hour && span.to >= to - hour));
}

/** How much of `[from, to)` is covered. */
export function coveredOf({ formats, spans }: Coverage, from: Milliseconds, to: Milliseconds): Covered {
  const length = to - from,
    all = formats.length === 0 ? [spans] : formats.map((one) => one.spans);
  const covered = all.map((some) => overlap(some, from, to));
  if (covered.every((time) => time === 0)) return 'none';
  return covered.every((time) => (length - time) * day <= length * hour) ? 'wholly' : 'partly';
}

/** Days of the report's zone in `[from, to)` that are covered at least partly. */
export function coveredDays({ spans, zone }: Coverage, from: Milliseconds, to: Milliseconds): number {
  return within(spans, from, to).reduce((sum, span) => sum + dayOf(zone, span.to - 1) - dayOf(zone, span.from) + 1, 0);
}

/** Days in a row that are not covered or only partly, as starts of days given as if in UTC; `last` is the last of them. */
export interface UncoveredDays {
  first: Milliseconds;
  last: Milliseconds;
  covered: Exclude<Covered, 'wholly'>;
  /** What is covered of a single day that is covered partly. */
  spans: Span[];
}

/**
 * The days of a period that it does not wholly cover, in order: runs without a log, and single days with a part. A day
 * that the period itself cuts is one of these.
 */
export function uncoveredDays(whole: Coverage, from: Milliseconds, to: Milliseconds): UncoveredDays[] {
  const coverage = during(whole, from, to),
    { zone } = coverage,
    found: UncoveredDays[] = [];
  // Only days with an edge of a span can be partly covered; all others are as the day between two edges.
  const edges = [{ spans: coverage.spans }, ...coverage.formats]
    .flatMap(({ spans }) => spans)
    .flatMap((span) => [dayOf(zone, span.from), dayOf(zone, span.to - 1)]);
  const first = dayOf(zone, from),
    last = dayOf(zone, Math.max(from, to - 1));
  const marked = [...new Set([first, ...edges, last])].filter((at) => at >= first && at <= last).sort((a, b) => a - b);
  const add = (begin: number, end: number) => {
    const start = zone.toUtc(begin * day),
      stop = zone.toUtc((end + 1) * day),
      covered = coveredOf(coverage, start, stop);
    if (covered === 'wholly') return;
    const before = found.at(-1);
    if (covered === 'none' && before?.covered === 'none' && before.last === (begin - 1) * day) before.last = end * day;
    else found.push({ first: begin * day, last: end * day, covered, spans: within(coverage.spans, start, stop) });
  };
  marked.forEach((at, i) => {
    add(at, at);
    const next = marked[i + 1];
    if (next > at + 1) add(at + 1, next - 1);
  });
  return found;
}

/** What lies in `[from, to)` of some spans. */
export function within(spans: readonly Span[], from: Milliseconds, to: Milliseconds): Span[] {
  return spans
    .filter((span) => span.from < to && span.to > from)
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }));
}

/** Spans in order; those that overlap or adjoin are one. */
function joined(spans: readonly Span[], zone: Zone): Span[] {
  const all: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const before = all.at(-1);
    if (before && (span.from <= before.to || dayOf(zone, span.from) - dayOf(zone, before.to - 1) < 2))
      before.to = Math.max(before.to, span.to);
    else all.push({ ...span });
  }
  return all;
}

/** Days since 1970 in the calendar of a zone. */
function dayOf(zone: Zone, time: Milliseconds): number {
  return Math.floor((time + zone.offsetAt(time)) / day);
}

function overlap(spans: readonly Span[], from: Milliseconds, to: Milliseconds): Milliseconds {
  return within(spans, from, to).reduce((sum, span) => sum + span.to - span.from, 0);
}

/** Formats that have figures in this unit, and in this one alone. */
function formatsOnlyIn({ cells, series }: Cube, files: readonly FileReport[], unit: UnitCode): Set<string> {
  const inUnit = new Set<number>(),
    inOther = new Set<number>();
  for (let i = 0; i < cells.length; i++) (series.unit[cells.series[i]] === unit ? inUnit : inOther).add(cells.file[i]);
  const formatsIn = (indexes: Set<number>) => new Set([...indexes].map((file) => files[file]?.format));
  const others = formatsIn(inOther);
  return new Set(
    [...formatsIn(inUnit)].filter((format) => typeof format === 'string' && !others.has(format)) as string[],
  );
}
