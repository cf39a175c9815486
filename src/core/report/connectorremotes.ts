import type { Cube } from '../cube/cube';
import { directions, OutcomeCode, UnitCode, type Direction, type TlsCode } from '../model';
import { matcher, minutesOf, type Filter } from './query';
import { RemoteSums, type RemoteSummary } from './remotes';
import { rangesOf, type TimeSlices } from './timeslices';

/** Remote cells, and series, that one step goes through. */
const cellsInStep = 32_768;

/**
 * The remote hosts behind each connector that passes a filter. The remote cells are sorted by connector once; then a
 * question about one connector costs only its own cells, where `remotesOf` goes through all of them.
 */
export class RemotesOfConnectors {
  /** For one connector after the other, with room for the largest of them. */
  private readonly sums: RemoteSums;

  /**
   * @param group the number of a connector by its name.
   * @param starts where the cells of each connector and direction begin in `order`.
   */
  private constructor(
    private readonly cube: Cube,
    private readonly group: ReadonlyMap<string | null, number>,
    private readonly starts: Int32Array,
    private readonly order: Int32Array,
  ) {
    let most = 0;
    for (let key = 1; key < starts.length; key++) most = Math.max(most, starts[key] - starts[key - 1]);
    this.sums = new RemoteSums(cube, most);
  }

  static *indexing(cube: Cube, filter: Filter, unit: UnitCode = UnitCode.message): TimeSlices<RemotesOfConnectors> {
    const { series, remoteCells: cells } = cube,
      [from, to] = minutesOf(filter, cube.remoteMinutes),
      accept = matcher(cube, filter);
    yield;
    const group = new Map<string | null, number>(),
      numbers = cube.connectors.map((text, id) => {
        const name = id === 0 ? null : text,
          number = group.get(name) ?? group.size;
        group.set(name, number);
        return number;
      });
    yield;
    const keys = new Int32Array(series.length).fill(-1),
      starts = new Int32Array(group.size * directions.length + 1);
    for (const range of rangesOf(series.length, cellsInStep)) {
      for (let s = range.from; s < range.to; s++)
        if (series.unit[s] === unit && series.outcome[s] === OutcomeCode.accepted && accept(s))
          keys[s] = numbers[series.connector[s]] * directions.length + series.direction[s];
      yield;
    }
    const keyOf = (i: number) => (cells.minute[i] >= from && cells.minute[i] < to ? keys[cells.series[i]] : -1);
    for (const range of rangesOf(cells.length, cellsInStep)) {
      for (let i = range.from; i < range.to; i++) {
        const key = keyOf(i);
        if (key >= 0) starts[key + 1]++;
      }
      yield;
    }
    for (let key = 1; key < starts.length; key++) starts[key] += starts[key - 1];
    const order = new Int32Array(starts[starts.length - 1]),
      next = starts.slice();
    for (const range of rangesOf(cells.length, cellsInStep)) {
      for (let i = range.from; i < range.to; i++) {
        const key = keyOf(i);
        if (key >= 0) order[next[key]++] = i;
      }
      yield;
    }
    return new RemotesOfConnectors(cube, group, starts, order);
  }

  /**
   * As `remotesOf` for this connector and direction.
   * @param name null for mail without a connector.
   * @param tls only messages with this version.
   */
  of(name: string | null, direction: Direction, most: number, tls?: TlsCode): RemoteSummary[] {
    const number = this.group.get(name);
    if (number === undefined) return [];
    const {
        cube: { series, remoteCells },
        order,
        sums,
      } = this,
      key = number * directions.length + directions.indexOf(direction),
      from = this.starts[key],
      to = this.starts[key + 1];
    for (let at = from; at < to; at++)
      if (tls === undefined || series.tls[remoteCells.series[order[at]]] === tls) sums.add(order[at]);
    return sums.largest(most);
  }
}
