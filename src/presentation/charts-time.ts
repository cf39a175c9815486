import type { Cube } from '../core/cube';
import { TlsCode, tlsVersions, type Direction, type Milliseconds, type UnitCode } from '../core/model';
import { knownTls, type ConnectorSummary, type Filter, type Place } from '../core/query';
import { tlsLabel } from '../core/sentences';
import type { Zone } from '../core/text/zone';
import { Buckets } from './buckets';
import { frame, labelled, tooltip, type Chart, type Mark, type Theme } from './charts';
import { connectorText } from './rows';
import { connectorOfSeries, scanCells } from './scan';
import type { Text } from './text';
import { others } from './wording';

/** Messages in each bucket of a chart, and the first line of the log behind each. */
export interface Course { name: string; counts: number[]; places: (Place | undefined)[]; total: number }

/** A line of the volume chart: a connector in one direction, or all that have no line of their own. */
export interface Line extends Course {
  /** Undefined for the line of the others. */
  connector?: ConnectorSummary;
  direction?: Direction;
}

/** Most lines with a connector of their own. */
export const mostLines = 8;
/** Shapes and dashes that tell lines apart without colour; outbound ones are dashed. */
export const shapes = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down', 'triangle-right', 'triangle-left', 'circle'] as const;
export const dashOf = (line: Line): number[] => (line.direction === 'outbound' ? [6, 3] : line.direction ? [1, 0] : [2, 3]);

/** What the lines over time are counted from. */
export interface Counted { cube: Cube; filter: Filter; unit: UnitCode; buckets: Buckets; times: readonly Milliseconds[] }

/** The largest connectors as lines over time, then one for all the others together. @param connectors those of the summary of the same filter. */
export function volumeLines(counted: Counted, connectors: readonly ConnectorSummary[], text: Text): Line[] {
  const { cube, filter, unit, times } = counted;
  const largest = connectors.filter((c) => c.messages > 0).sort((a, b) => b.messages - a.messages);
  const own = largest.slice(0, largest.length === mostLines + 1 ? mostLines + 1 : mostLines), rest = largest.slice(own.length);
  const lines: Line[] = own.map((connector) => ({ ...course(connectorText(text, connector.name, connector.direction), times), connector, direction: connector.direction }));
  if (rest.length > 0) lines.push(course(others(text, rest.length), times));
  const lineOf = new Map(own.map((connector, line) => [connector, line])), numbers = connectorOfSeries(cube, filter, unit, connectors);
  countCells(counted, numbers.map((id) => (id < 0 ? -1 : lineOf.get(connectors[id]) ?? lines.length - 1)), lines);
  return lines;
}

/** The messages of each TLS version over time, in the order of `tlsVersions`. */
export function tlsCourses(counted: Counted, connectors: readonly ConnectorSummary[], text: Text): Course[] {
  const courses = tlsVersions.map((version) => course(tlsLabel(text.t, version), counted.times)), { series } = counted.cube;
  countCells(counted, connectorOfSeries(counted.cube, counted.filter, counted.unit, connectors).map((id, s) => (id < 0 ? -1 : series.tls[s])), courses);
  return courses;
}

/** The buckets of a period for a chart. */
export function bucketsOf(cube: Cube, filter: Filter, unit: UnitCode, connectors: readonly ConnectorSummary[], period: { from: Milliseconds; to: Milliseconds }, zone: Zone): Counted {
  const buckets = Buckets.fitting(period.from, period.to, cube.cellMinutes, zone);
  const filled = () => {
    const found = new Set<Milliseconds>();
    scanCells(cube, filter, connectorOfSeries(cube, filter, unit, connectors), buckets, (_, _s, bucket) => { found.add(bucket); });
    return found;
  };
  return { cube, filter, unit, buckets, times: buckets.list(period.from, period.to, filled) };
}

function countCells({ cube, filter, buckets, times }: Counted, numbers: Int32Array, to: readonly Course[]): void {
  const at = new Map(times.map((time, i) => [time, i])), { messages, file, line } = cube.cells;
  let bucket = NaN, i = 0;
  scanCells(cube, filter, numbers, buckets, (cell, series, time) => {
    if (time !== bucket) { bucket = time; i = at.get(time)!; }
    const course = to[numbers[series]], before = course.places[i];
    course.counts[i] += messages[cell];
    course.total += messages[cell];
    if (!before || file[cell] < before.file || (file[cell] === before.file && line[cell] < before.line)) course.places[i] = { file: file[cell], line: line[cell] };
  });
}

function course(name: string, buckets: readonly Milliseconds[]): Course {
  return { name, counts: buckets.map(() => 0), places: buckets.map(() => undefined), total: 0 };
}

/** Messages over time, one line per connector and direction. */
export function volumeChart(lines: readonly Line[], buckets: Buckets, times: readonly Milliseconds[], width: number, text: Text, theme: Theme): Chart {
  const names = times.map((time) => buckets.name(text, time));
  const values = lines.flatMap((line, s) => times.map((time, i) => mark({ time: String(time), s, count: line.counts[i] }, `${names[i]}\n${line.name}: ${text.number(line.counts[i])}`, line.places[i])));
  const domain = lines.map((_, s) => s);
  const colour = { field: 's', type: 'nominal', legend: null, scale: { domain, range: lines.map((line, s) => (line.connector ? theme.lines[s % theme.lines.length] : theme.others)) } } as const;
  const y = { field: 'count', type: 'quantitative', title: null, axis: { tickMinStep: 1, format: ',d', tickCount: 5 } } as const;
  const few = times.length <= width / 12;
  return {
    label: text.t('Line chart of the volume over time: {0}.', lines.map((line) => `${line.name} ${text.number(line.total)}`).join('; ')),
    ...(few ? {} : { points: values }), marks: values, values: valuesOf(times, buckets, width, text),
    spec: {
      ...frame(theme), ...fitted(width), data: { name: 'counts', values: [] }, params,
      encoding: { x: { ...timeAxis, scale: { type: 'point', padding: 0.5 } }, y },
      layer: [
        { mark: { type: 'line', strokeWidth: 2, strokeCap: 'round' }, encoding: { stroke: colour, strokeDash: { field: 's', type: 'nominal', legend: null, scale: { domain, range: lines.map(dashOf) } } } },
        ...(!few ? [] : [{
          mark: { type: 'point', filled: true, size: 42 } as const,
          encoding: { fill: colour, shape: { field: 's', type: 'nominal' as const, legend: null, scale: { domain, range: lines.map((_, s) => shapes[s % shapes.length]) } }, ...tooltip },
        }]),
      ],
    },
  };
}

/** The share of each TLS version over time, of the messages whose TLS is known. The least secure stand on the base line, where they are easiest to compare. */
export function tlsChart(courses: readonly Course[], buckets: Buckets, times: readonly Milliseconds[], width: number, text: Text, theme: Theme): Chart {
  const values = times.flatMap((time, i) => courses.flatMap(({ name, counts, places }, version) => (counts[i] === 0 || version === TlsCode.unknown ? [] : [mark(
    { time: String(time), version, count: counts[i], fill: theme.fills[version] },
    `${buckets.name(text, time)}\n${name}: ${text.number(counts[i])} (${text.percent(counts[i], knownTls(courses.map((c) => c.counts[i])))})`, places[i],
  )])));
  return {
    label: text.t('Bar chart of the share of each TLS version over time. The table has the figures.'),
    marks: values, values: valuesOf(times, buckets, width, text),
    spec: {
      ...frame(theme), ...fitted(width), data: { name: 'counts', values: [] }, params: [...params, { name: 'shares', value: Object.fromEntries([0, 25, 50, 75, 100].map((p) => [`p${p}`, text.share(p / 100, 0)])) }],
      mark: { type: 'bar', stroke: theme.background, strokeWidth: times.length > 45 ? 0 : 1 },
      encoding: {
        x: { ...timeAxis, scale: { type: 'band', paddingInner: times.length > 45 ? 0.1 : 0.25, paddingOuter: 0.1 } },
        y: { field: 'count', type: 'quantitative', stack: 'normalize', title: null, axis: { values: [0, 0.25, 0.5, 0.75, 1], labelExpr: "shares['p' + round(datum.value * 100)]" } },
        order: { field: 'version', type: 'quantitative' },
        fill: { field: 'fill', type: 'nominal', scale: null },
        ...tooltip,
      },
    },
  };
}

const height = 260;
const fitted = (width: number) => ({ width, height, autosize: { type: 'fit', contains: 'padding' } }) as const;

function mark<T extends object>(values: T, tip: string, place: Place | undefined): T & Mark { return Object.assign(values, { tip, place: place ?? null }); }

/** Labels are made here, since only `Intl` knows the reader's language; Vega looks them up by bucket. */
function valuesOf(times: readonly Milliseconds[], buckets: Buckets, width: number, text: Text) {
  const ticks = labelled(times, width, 78);
  return { ticks: ticks.map(String), labels: Object.fromEntries(ticks.map((time) => [`t${time}`, buckets.label(text, time)])) };
}

const params = [{ name: 'ticks', value: [] }, { name: 'labels', value: {} }];

const timeAxis = {
  field: 'time', type: 'ordinal', sort: null, title: null,
  axis: { values: { expr: 'ticks' }, labelExpr: "labels['t' + datum.value]", labelAngle: 0, grid: false, labelFlush: false },
} as const;
