import type { Cube } from '../core/cube/cube';
import { tlsVersions, type ConnectorType, type Direction, type Milliseconds, type UnitCode } from '../core/model';
import type { ConnectorSummary, Filter, TlsCounts } from '../core/report/query';
import type { Place } from '../core/report/order';
import type { Zone } from '../core/text/zone';
import { Buckets } from './buckets';
import { connectorOfSeries, timedCells } from './scan';

const versions = tlsVersions.length;

/** What one connector carried in one direction on one day. */
export interface DetailRow {
  /** Start of the day in the report's zone, given as if it were UTC. */
  day: Milliseconds;
  direction: Direction;
  connector: string | null;
  type: ConnectorType;
  forcedTls: boolean | null;
  forcedHosts: number;
  tls: TlsCounts;
  /** First line of each TLS version, in the order of `tlsVersions`. */
  places: (Place | undefined)[];
  volume: number;
}

/** The rows of the details table as columns: there can be hundreds of thousands, of which a page shows a hundred. */
export class DetailTable {
  length = 0;
  day: Float64Array;
  /** Position in `connectors`. */
  connector: Int32Array;
  volume: Float64Array;
  /**
   * `versions` counts for each row, in the order of `tlsVersions`; with the file and line of the first message of each.
   */
  tls: Float64Array;
  file: Int32Array;
  line: Float64Array;

  /** @param room for so many rows at first. */
  constructor(
    readonly connectors: readonly ConnectorSummary[],
    room: number,
  ) {
    this.day = new Float64Array(room);
    this.connector = new Int32Array(room);
    this.volume = new Float64Array(room);
    this.tls = new Float64Array(room * versions);
    this.file = new Int32Array(room * versions);
    this.line = new Float64Array(room * versions);
  }

  /** Adds an empty row; its number. */
  add(day: Milliseconds, connector: number): number {
    if (this.length === this.day.length) this.grow();
    this.day[this.length] = day;
    this.connector[this.length] = connector;
    return this.length++;
  }

  count(row: number, tls: number, messages: number, file: number, line: number): void {
    const i = row * versions + tls,
      before = this.line[i];
    this.tls[i] += messages;
    this.volume[row] += messages;
    if (before === 0 || file < this.file[i] || (file === this.file[i] && line < before)) {
      this.file[i] = file;
      this.line[i] = line;
    }
  }

  place(row: number, tls: number): Place | undefined {
    const i = row * versions + tls;
    return this.line[i] > 0 ? { file: this.file[i], line: this.line[i] } : undefined;
  }

  row(row: number): DetailRow {
    const { name, direction, type, forcedTls, forcedHosts } = this.connectors[this.connector[row]];
    return {
      day: this.day[row],
      direction,
      connector: name,
      type,
      forcedTls,
      forcedHosts,
      tls: [...this.tls.subarray(row * versions, (row + 1) * versions)],
      places: tlsVersions.map((_, v) => this.place(row, v)),
      volume: this.volume[row],
    };
  }

  /** The rows in order of their days, oldest first. */
  rows(): DetailRow[] {
    return Array.from({ length: this.length }, (_, i) => this.row(i)).sort((a, b) => a.day - b.day);
  }

  private grow(): void {
    const twice = <A extends Float64Array | Int32Array>(old: A): A => {
      const next = new (old.constructor as new (length: number) => A)(old.length * 2);
      next.set(old);
      return next;
    };
    this.day = twice(this.day);
    this.connector = twice(this.connector);
    this.volume = twice(this.volume);
    this.tls = twice(this.tls);
    this.file = twice(this.file);
    this.line = twice(this.line);
  }
}

/**
 * One row for each day, connector and direction with accepted mail. @param connectors those of the summary of the same
 * filter.
 */
export function detailTable(
  cube: Cube,
  filter: Filter,
  unit: UnitCode,
  zone: Zone,
  connectors: readonly ConnectorSummary[],
): DetailTable {
  const table = new DetailTable(connectors, Math.max(64, Math.min(cube.cells.length, 1 << 17))),
    numbers = connectorOfSeries(cube, filter, unit, connectors);
  const { cells, series } = cube,
    { cell, bucket, length, times } = timedCells(cube, filter, numbers, new Buckets('day', zone));
  // The row of each connector on each day, plus one.
  const rows = new Int32Array(times.length * connectors.length);
  for (let k = 0; k < length; k++) {
    const i = cell[k],
      s = cells.series[i],
      connector = numbers[s],
      at = bucket[k] * connectors.length + connector;
    if (rows[at] === 0) rows[at] = table.add(times[bucket[k]], connector) + 1;
    table.count(rows[at] - 1, series.tls[s], cells.messages[i], cells.file[i], cells.line[i]);
  }
  return table;
}
