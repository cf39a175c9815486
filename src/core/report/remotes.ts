import type { Cube } from '../cube/cube';
import { OutcomeCode, UnitCode, type Milliseconds, type TlsCode } from '../model';
import { matcher, minutesOf, noTls, type Filter, type TlsCounts } from './query';
import { compare, earlier, type Place } from './order';

/** One remote host behind a connector. */
export interface RemoteSummary {
  host: string;
  messages: number;
  recipients: number;
  tls: TlsCounts;
  place: Place;
  first: Milliseconds;
  last: Milliseconds;
}

/**
 * The remote hosts behind a connector and direction, largest first: at most `most`, then one `(other)`. For many
 * connectors use `RemotesOfConnectors`, which goes through the cube once.
 * @param tls only messages with this version.
 */
export function remotesOf(
  cube: Cube,
  filter: Filter,
  most = 100,
  unit: UnitCode = UnitCode.message,
  tls?: TlsCode,
): RemoteSummary[] {
  const { series, remoteCells: cells } = cube,
    accept = matcher(cube, filter),
    [from, to] = minutesOf(filter, cube.remoteMinutes),
    sums = new RemoteSums(cube, cells.length);
  const pass = Uint8Array.from(series.tls, (version, s) =>
    series.unit[s] === unit &&
    series.outcome[s] === OutcomeCode.accepted &&
    accept(s) &&
    (tls === undefined || version === tls)
      ? 1
      : 0,
  );
  for (let i = 0; i < cells.length; i++)
    if (pass[cells.series[i]] === 1 && cells.minute[i] >= from && cells.minute[i] < to) sums.add(i);
  return sums.largest(most);
}

/**
 * Sums by remote host of some remote cells. There may be hundreds of thousands of either, so hosts are ranked by
 * columns of numbers first, and all else is summed only for the hosts that are shown and for the others together.
 */
export class RemoteSums {
  /** Positions of the cells that were added. */
  private readonly added: Int32Array;
  private count = 0;
  /** For each remote host its row and 1, or 0; a host has the row of its turn. */
  private readonly rows: Int32Array;
  private length = 0;
  private readonly remote: Int32Array;
  private readonly messages: Float64Array;

  /** @param cells how many will be added at most. */
  constructor(
    private readonly cube: Cube,
    cells: number,
  ) {
    const most = Math.min(cells, cube.remotes.length);
    this.added = new Int32Array(cells);
    this.rows = new Int32Array(cube.remotes.length);
    this.remote = new Int32Array(most);
    this.messages = new Float64Array(most);
  }

  /** Adds the remote cell at a position. */
  add(i: number): void {
    const { rows } = this,
      { remote: remotes, messages } = this.cube.remoteCells,
      remote = remotes[i];
    let row = rows[remote] - 1;
    if (row < 0) {
      row = this.length++;
      rows[remote] = this.length;
      this.remote[row] = remote;
    }
    this.messages[row] += messages[i];
    this.added[this.count++] = i;
  }

  /** The hosts, largest first: at most `most`, then one `(other)`. Resets the sums. */
  largest(most: number): RemoteSummary[] {
    const { cube, rows, remote, added, count, length } = this,
      named = this.ranked(most),
      rank = new Int32Array(length).fill(named.length);
    named.forEach((row, i) => {
      rank[row] = i;
    });
    const hosts: RemoteSummary[] = [];
    for (let k = 0; k < count; k++) {
      const i = added[k],
        place = rank[rows[cube.remoteCells.remote[i]] - 1];
      addCell(cube, (hosts[place] ??= blank(place < named.length ? this.nameOf(named[place]) : '(other)', cube, i)), i);
    }
    for (let row = 0; row < length; row++) rows[remote[row]] = 0;
    this.messages.fill(0, 0, length);
    this.length = this.count = 0;
    return hosts;
  }

  /**
   * The rows of the largest named hosts. The others are never sorted: there may be 100,000 with as many messages each.
   */
  private ranked(most: number): number[] {
    const ranked: number[] = [];
    for (let row = 0; row < this.length && most > 0; row++) {
      if ((ranked.length === most && this.order(row, ranked[most - 1]) > 0) || this.nameOf(row) === '(other)') continue;
      let from = 0,
        to = ranked.length;
      while (from < to) {
        const middle = (from + to) >> 1;
        if (this.order(row, ranked[middle]) < 0) to = middle;
        else from = middle + 1;
      }
      ranked.splice(from, 0, row);
      if (ranked.length > most) ranked.pop();
    }
    return ranked;
  }

  private order(a: number, b: number): number {
    return this.messages[b] - this.messages[a] || compare(this.nameOf(a), this.nameOf(b));
  }

  private nameOf(row: number): string {
    return this.cube.remotes[this.remote[row]];
  }
}

/** A host without mail yet; it is first seen at the cell `i`. */
function blank(host: string, { remoteCells: { file, line } }: Cube, i: number): RemoteSummary {
  return {
    host,
    messages: 0,
    recipients: 0,
    tls: noTls(),
    place: { file: file[i], line: line[i] },
    first: Infinity,
    last: -Infinity,
  };
}

/** Adds a remote cell to its host. */
function addCell({ series, remoteCells: cells, remoteMinutes }: Cube, host: RemoteSummary, i: number): void {
  const minute = cells.minute[i];
  host.messages += cells.messages[i];
  host.recipients += cells.recipients[i];
  host.tls[series.tls[cells.series[i]]] += cells.messages[i];
  host.place = earlier(host.place, cells.file[i], cells.line[i]);
  host.first = Math.min(host.first, minute * 60_000);
  host.last = Math.max(host.last, (minute + remoteMinutes) * 60_000);
}
