import type { Cube } from '../core/cube/cube';
import { DirectionCode, OutcomeCode, directions, type Milliseconds, type UnitCode } from '../core/model';
import type { ConnectorSummary, Filter } from '../core/report/query';
import type { Buckets } from './buckets';

const quarter = 15;

/**
 * The number of each series' connector and direction in `connectors`, by series; -1 for series that are no part of the
 * volume or not in the filter.
 */
export function connectorOfSeries(
  { series, connectors: names }: Cube,
  filter: Filter,
  unit: UnitCode,
  connectors: readonly ConnectorSummary[],
): Int32Array {
  const ids = new Map(
    connectors.map(({ direction, name }, i) => [`${direction} ${name === null ? '' : `=${name}`}`, i]),
  );
  const wanted = filter.connectors && new Set(filter.connectors);
  // Looked up once for each connector and direction: there are ten times as many series.
  const known = new Map<number, number>(),
    numbers = new Int32Array(series.length).fill(-1);
  for (let s = 0; s < numbers.length; s++) {
    if (
      series.unit[s] !== unit ||
      series.outcome[s] !== OutcomeCode.accepted ||
      series.direction[s] === DirectionCode.internal
    )
      continue;
    const key = (series.connector[s] << 2) | series.direction[s];
    let number = known.get(key);
    if (number === undefined) {
      const direction = directions[series.direction[s]],
        name = series.connector[s] === 0 ? null : names[series.connector[s]];
      const chosen = (!filter.directions || filter.directions.includes(direction)) && (!wanted || wanted.has(name));
      known.set(key, (number = chosen ? (ids.get(`${direction} ${name === null ? '' : `=${name}`}`) ?? -1) : -1));
    }
    numbers[s] = number;
  }
  return numbers;
}

/** Cells with the range of time that each belongs to. */
export interface TimedCells {
  length: number;
  /** Positions in the cube's cells, in their order. */
  cell: Int32Array;
  /** For each of them the position of its bucket in `times`. */
  bucket: Int32Array;
  /** The buckets in the order in which they were met. */
  times: Milliseconds[];
}

/**
 * The cells of the filter's period whose series has a number. Time is told in buckets, looked up once for each quarter
 * of an hour, the
 * smallest step in which clocks change. Columns instead of a call for each cell: there are hundreds of thousands.
 * @param numbers of series, as from `connectorOfSeries`.
 */
export function timedCells(cube: Cube, filter: Filter, numbers: Int32Array, buckets: Buckets): TimedCells {
  const { minute, series, length: all } = cube.cells,
    cell = new Int32Array(all),
    bucket = new Int32Array(all),
    times: Milliseconds[] = [];
  if (all === 0) return { length: 0, cell, bucket, times };
  let first = minute[0],
    last = first,
    length = 0;
  for (let i = 1; i < all; i++) {
    const m = minute[i];
    if (m < first) first = m;
    else if (m > last) last = m;
  }
  // Whole numbers of the cells' own kind: minutes without an end would make every comparison one of fractions.
  const from = Math.max(first, Math.floor((filter.from ?? -Infinity) / 60_000)),
    to = Math.min(last + 1, Math.ceil((filter.to ?? Infinity) / 60_000));
  const start = Math.floor(first / quarter),
    known = new Int32Array(Math.floor(last / quarter) - start + 1),
    at = new Map<Milliseconds, number>();
  for (let i = 0; i < all; i++) {
    const m = minute[i];
    if (m < from || m >= to || numbers[series[i]] < 0) continue;
    const q = Math.floor(m / quarter) - start;
    // One more than the position, since the array begins with zeros.
    let b = known[q];
    if (b === 0) {
      const time = buckets.of((q + start) * quarter * 60_000);
      b = at.get(time) ?? times.push(time);
      at.set(time, b);
      known[q] = b;
    }
    cell[length] = i;
    bucket[length++] = b - 1;
  }
  return { length, cell, bucket, times };
}
