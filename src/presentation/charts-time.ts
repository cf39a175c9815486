import type { Cube } from '../core/cube/cube';
import { TlsCode, tlsVersions, type Direction, type Milliseconds, type UnitCode } from '../core/model';
import type { Coverage, Covered, Span } from '../core/report/coverage';
import { knownTls, type ConnectorSummary, type Filter } from '../core/report/query';
import type { Place } from '../core/report/order';
import { tlsLabel } from '../core/report/sentences';
import type { Zone } from '../core/text/zone';
import { Buckets } from './buckets';
import { bucketStates, nameWithCoverage } from './coverage';
import { frame, labelled, tooltip, type Chart, type Mark, type Padding, type Point, type Theme } from './charts';
import { connectorText } from './rows';
import { connectorOfSeries, timedCells } from './scan';
import type { Text } from './text';
import { others } from './wording';

/** Messages in each bucket of a chart, and the first line of the log behind each. */
export interface Course {
  name: string;
  counts: number[];
  places: (Place | undefined)[];
  total: number;
}

/** A line of the volume chart: a connector in one direction, or all that have no line of their own. */
export interface Line extends Course {
  /** Undefined for the line of the others. */
  connector?: ConnectorSummary;
  direction?: Direction;
}

/** Most lines with a connector of their own. @internal for tests */
export const mostLines = 8;
/** Shapes and dashes that tell lines apart without colour; outbound ones are dashed. */
export const shapes = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
  'triangle-left',
  'circle',
] as const;
export const dashOf = (line: Line): number[] =>
  line.direction === 'outbound' ? [6, 3] : line.direction ? [1, 0] : [2, 3];

/** What the lines over time are counted from. */
export interface Counted {
  cube: Cube;
  filter: Filter;
  unit: UnitCode;
  buckets: Buckets;
  times: readonly Milliseconds[];
  /** How much of each bucket the logs cover: one that they don't is a gap, and never 0. */
  states: readonly Covered[];
}

/** The buckets of a chart. */
export type TimeAxis = Pick<Counted, 'buckets' | 'times' | 'states'>;

/**
 * The largest connectors as lines over time, then one for all the others together. @param connectors those of the
 * summary of the same filter.
 */
export function volumeLines(counted: Counted, connectors: readonly ConnectorSummary[], text: Text): Line[] {
  const { cube, filter, unit, times } = counted;
  const largest = connectors.filter((c) => c.messages > 0).sort((a, b) => b.messages - a.messages);
  const own = largest.slice(0, largest.length === mostLines + 1 ? mostLines + 1 : mostLines),
    rest = largest.slice(own.length);
  const lines: Line[] = own.map((connector) => ({
    ...course(connectorText(text, connector.name, connector.direction), times),
    connector,
    direction: connector.direction,
  }));
  if (rest.length > 0) lines.push(course(others(text, rest.length), times));
  const lineOf = new Map(own.map((connector, line) => [connector, line])),
    numbers = connectorOfSeries(cube, filter, unit, connectors);
  countCells(
    counted,
    numbers.map((id) => (id < 0 ? -1 : (lineOf.get(connectors[id]) ?? lines.length - 1))),
    lines,
  );
  return lines;
}

/** The messages of each TLS version over time, in the order of `tlsVersions`. */
export function tlsCourses(counted: Counted, connectors: readonly ConnectorSummary[], text: Text): Course[] {
  const courses = tlsVersions.map((version) => course(tlsLabel(text.t, version), counted.times)),
    { series } = counted.cube;
  countCells(
    counted,
    connectorOfSeries(counted.cube, counted.filter, counted.unit, connectors).map((id, s) =>
      id < 0 ? -1 : series.tls[s],
    ),
    courses,
  );
  return courses;
}

/** The buckets of a period for a chart. */
export function bucketsOf(
  cube: Cube,
  filter: Filter,
  unit: UnitCode,
  connectors: readonly ConnectorSummary[],
  period: Span,
  zone: Zone,
  coverage: Coverage,
): Counted {
  const buckets = Buckets.fitting(period.from, period.to, cube.cellMinutes, zone);
  const filled = () => timedCells(cube, filter, connectorOfSeries(cube, filter, unit, connectors), buckets).times;
  const times = buckets.list(period.from, period.to, filled);
  return { cube, filter, unit, buckets, times, states: bucketStates(coverage, period, buckets, times) };
}

function countCells({ cube, filter, buckets, times }: Counted, numbers: Int32Array, to: readonly Course[]): void {
  const found = timedCells(cube, filter, numbers, buckets),
    at = new Map(times.map((time, i) => [time, i])),
    column = Int32Array.from(found.times, (time) => at.get(time)!);
  const { cell, bucket, length } = found,
    { series, messages, file, line } = cube.cells,
    width = times.length;
  // Lines of a log count from 1, so 0 is none yet.
  const counts = new Float64Array(to.length * width),
    files = new Int32Array(to.length * width),
    lines = new Float64Array(to.length * width);
  for (let k = 0; k < length; k++) {
    const i = cell[k],
      place = numbers[series[i]] * width + column[bucket[k]],
      before = lines[place];
    counts[place] += messages[i];
    if (before === 0 || file[i] < files[place] || (file[i] === files[place] && line[i] < before)) {
      files[place] = file[i];
      lines[place] = line[i];
    }
  }
  to.forEach((course, c) => {
    for (let i = 0, place = c * width; i < width; i++, place++) {
      if (lines[place] === 0) continue;
      course.counts[i] = counts[place];
      course.total += counts[place];
      course.places[i] = { file: files[place], line: lines[place] };
    }
  });
}

function course(name: string, buckets: readonly Milliseconds[]): Course {
  return { name, counts: buckets.map(() => 0), places: buckets.map(() => undefined), total: 0 };
}

/** Messages over time, one line per connector and direction. */
export function volumeChart(
  lines: readonly Line[],
  { buckets, times, states }: TimeAxis,
  width: number,
  text: Text,
  theme: Theme,
): Chart {
  const names = times.map(String),
    domain = lines.map((_, s) => s),
    few = times.length <= width / 12;
  // What only the tool tips and the click on a point need is made when it is asked for: there can be thousands of
  // points.
  const known = times.map((_, i) => states[i] !== 'none' || lines.some((line) => line.counts[i] > 0));
  const points = (): (Point & { s: number })[] =>
    lines.flatMap((line, s) =>
      times.flatMap((time, i) => {
        if (!known[i]) return [];
        const name = nameWithCoverage(text, buckets.name(text, time), states[i]),
          count = line.counts[i];
        return [mark({ time: names[i], s, count }, `${name}\n${line.name}: ${text.number(count)}`, line.places[i])];
      }),
    );
  const largest = Math.max(1, ...lines.map((line) => Math.max(...line.counts)));
  const colour = {
    field: 's',
    type: 'nominal',
    legend: null,
    scale: {
      domain,
      range: lines.map((line, s) => (line.connector ? theme.lines[s % theme.lines.length] : theme.others)),
    },
  } as const;
  const y = {
    field: 'count',
    type: 'quantitative',
    title: null,
    scale: { nice: true, domain: [0, { expr: 'largest' }] as (number | { expr: string })[] },
    axis: { tickMinStep: 1, format: ',d', tickCount: 5 },
  } as const;
  const { values, size } = around(times, buckets, width, text, theme, text.number(Math.round(1.1 * largest)));
  return {
    label: text.t(
      'Line chart of the volume over time: {0}.',
      lines.map((line) => `${line.name} ${text.number(line.total)}`).join('; '),
    ),
    data: {
      // A line breaks where nothing is known.
      counts: lines.flatMap((line, s) =>
        names.map((time, i) => ({ time, s, count: known[i] ? line.counts[i] : null })),
      ),
      symbols: few ? points() : [],
    },
    ...(few ? {} : { points }),
    values: { ...values, largest },
    size,
    spec: {
      ...frame(theme),
      ...sizeless,
      data: { name: 'counts', values: [] },
      params: [...params, { name: 'largest', value: 1 }],
      encoding: { x: { ...timeAxis, scale: { type: 'point', padding: 0.5, domain: timesInOrder } }, y },
      layer: [
        // Points come in the order of time, so they need no sorting.
        {
          mark: {
            type: 'line',
            strokeWidth: 2,
            strokeCap: 'round',
            order: null,
            invalid: 'break-paths-show-path-domains',
          },
          encoding: {
            stroke: colour,
            strokeDash: { field: 's', type: 'nominal', legend: null, scale: { domain, range: lines.map(dashOf) } },
          },
        },
        {
          data: { name: 'symbols', values: [] },
          mark: { type: 'point', filled: true, size: 42 },
          encoding: {
            fill: colour,
            shape: {
              field: 's',
              type: 'nominal',
              legend: null,
              scale: { domain, range: lines.map((_, s) => shapes[s % shapes.length]) },
            },
            ...tooltip,
          },
        },
      ],
    },
  };
}

/**
 * The share of each TLS version over time, of the messages whose TLS is known. The least secure stand on the base line,
 * where they are easiest to compare.
 */
export function tlsChart(
  courses: readonly Course[],
  { buckets, times, states }: TimeAxis,
  width: number,
  text: Text,
  theme: Theme,
): Chart {
  const values = times.flatMap((time, i) =>
    courses.flatMap(({ name, counts, places }, version) => {
      if (counts[i] === 0 || version === TlsCode.unknown) return [];
      const share = text.percent(counts[i], knownTls(courses.map((course) => course.counts[i])));
      const bucket = nameWithCoverage(text, buckets.name(text, time), states[i]);
      const words = `${bucket}\n${name}: ${text.number(counts[i])} (${share})`;
      return [mark({ time: String(time), version, count: counts[i], fill: theme.fills[version] }, words, places[i])];
    }),
  );
  return {
    label: text.t('Bar chart of the share of each TLS version over time. The table has the figures.'),
    data: { counts: values },
    ...around(times, buckets, width, text, theme, text.share(1, 0)),
    spec: {
      ...frame(theme),
      ...sizeless,
      data: { name: 'counts', values: [] },
      params: [
        ...params,
        {
          name: 'shares',
          value: Object.fromEntries([0, 25, 50, 75, 100].map((p) => [`p${p}`, text.share(p / 100, 0)])),
        },
      ],
      mark: { type: 'bar', stroke: theme.background, strokeWidth: times.length > 45 ? 0 : 1 },
      encoding: {
        x: {
          ...timeAxis,
          scale: {
            type: 'band',
            domain: timesInOrder,
            paddingInner: times.length > 45 ? 0.1 : 0.25,
            paddingOuter: 0.1,
          },
        },
        y: {
          field: 'count',
          type: 'quantitative',
          stack: 'normalize',
          title: null,
          axis: { values: [0, 0.25, 0.5, 0.75, 1], labelExpr: "shares['p' + round(datum.value * 100)]" },
        },
        order: { field: 'version', type: 'quantitative' },
        fill: { field: 'fill', type: 'nominal', scale: null },
        ...tooltip,
      },
    },
  };
}

const height = 260;
/** The size is given when a chart is run, see `around`, so that another one need not be compiled. */
const sizeless = { width: 1, height: 1, autosize: 'none' } as const;

function mark<T extends object>(values: T, tip: string, place: Place | undefined): T & Mark {
  return Object.assign(values, { tip, place: place ?? null });
}

/**
 * The labels of the axes and the room that they need. Labels are made here, since only `Intl` knows the reader's
 * language; Vega looks them
 * up by bucket. @param largest the longest label of the upright axis.
 */
function around(
  times: readonly Milliseconds[],
  buckets: Buckets,
  width: number,
  text: Text,
  { fontSize }: Theme,
  largest: string,
): Pick<Chart, 'values' | 'size'> {
  const ticks = labelled(times, width, 78),
    labels = ticks.map((time) => buckets.label(text, time)),
    size = fontSize - 1;
  // Digits and letters of the common fonts are on average not wider than three fifths of their height. A tick is five
  // pixels long, and two lie between it and its label.
  const wide = (label: string) => Math.ceil(label.length * size * 0.6),
    half = Math.max(...labels.map(wide)) / 2;
  // The last label stands below the middle of its bucket, and beyond the axis with what does not fit there.
  const beyond = half - ((times.length - times.lastIndexOf(ticks.at(-1)!) - 0.5) * (width * 0.9)) / times.length;
  const padding: Padding = {
    left: 11 + wide(largest),
    right: 4 + Math.max(0, Math.ceil(beyond)),
    top: 4 + size / 2,
    bottom: 14 + size,
  };
  return {
    values: {
      times: times.map(String),
      ticks: ticks.map(String),
      labels: Object.fromEntries(ticks.map((time, i) => [`t${time}`, labels[i]])),
    },
    size: { width: width - padding.left - padding.right, height: height - padding.top - padding.bottom, padding },
  };
}

const params = [
  { name: 'times', value: [] },
  { name: 'ticks', value: [] },
  { name: 'labels', value: {} },
];

/**
 * The buckets as the time axis has them: given, since to collect them from the points takes as long as to draw these.
 */
const timesInOrder = { signal: 'times' } as const;

const timeAxis = {
  field: 'time',
  type: 'ordinal',
  sort: null,
  title: null,
  axis: {
    values: { expr: 'ticks' },
    labelExpr: "labels['t' + datum.value]",
    labelAngle: 0,
    grid: false,
    labelFlush: false,
  },
} as const;
