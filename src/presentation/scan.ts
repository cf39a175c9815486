import type { Cube } from '../core/cube';
import { DirectionCode, OutcomeCode, directions, type Milliseconds, type UnitCode } from '../core/model';
import type { ConnectorSummary, Filter } from '../core/query';
import type { Buckets } from './buckets';

const quarter = 15;

/** The number of each series' connector and direction in `connectors`, by series; -1 for series that are no part of the volume or not in the filter. */
export function connectorOfSeries({ series, connectors: names }: Cube, filter: Filter, unit: UnitCode, connectors: readonly ConnectorSummary[]): Int32Array {
  const ids = new Map(connectors.map(({ direction, name }, i) => [`${direction} ${name === null ? '' : `=${name}`}`, i]));
  const wanted = filter.connectors && new Set(filter.connectors);
  return Int32Array.from({ length: series.length }, (_, s) => {
    const direction = directions[series.direction[s]], name = series.connector[s] === 0 ? null : names[series.connector[s]];
    const in_ = series.unit[s] === unit && series.outcome[s] === OutcomeCode.accepted && series.direction[s] !== DirectionCode.internal
      && (!filter.directions || filter.directions.includes(direction)) && (!wanted || wanted.has(name));
    return in_ ? ids.get(`${direction} ${name === null ? '' : `=${name}`}`) ?? -1 : -1;
  });
}

/**
 * Calls `found` for every cell of the filter's period whose series has a number. Time is told in buckets, looked up once for each quarter of
 * an hour, the smallest step in which clocks change.
 * @param numbers of series, as from `connectorOfSeries`.
 */
export function scanCells(cube: Cube, filter: Filter, numbers: Int32Array, buckets: Buckets, found: (cell: number, series: number, bucket: Milliseconds) => void): void {
  const { minute, series, length } = cube.cells;
  const from = filter.from === undefined ? -Infinity : Math.floor(filter.from / 60_000), to = filter.to === undefined ? Infinity : Math.ceil(filter.to / 60_000);
  let first = Infinity, last = -Infinity;
  for (let i = 0; i < length; i++) { if (minute[i] < first) first = minute[i]; if (minute[i] > last) last = minute[i]; }
  if (first === Infinity) return;
  const start = Math.floor(first / quarter), known = new Float64Array(Math.floor(last / quarter) - start + 1).fill(NaN);
  for (let i = 0; i < length; i++) {
    const s = series[i], m = minute[i];
    if (m < from || m >= to || numbers[s] < 0) continue;
    const q = Math.floor(m / quarter);
    let bucket = known[q - start];
    if (bucket !== bucket) known[q - start] = bucket = buckets.of(q * quarter * 60_000);
    found(i, s, bucket);
  }
}
