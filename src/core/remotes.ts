import type { Cube } from './cube';
import { OutcomeCode, UnitCode, tlsVersions, type Milliseconds, type TlsCode } from './model';
import { compare, earlier, matcher, minutesOf, noTls, type Filter, type Place, type TlsCounts } from './query';

/** One remote host behind a connector. */
export interface RemoteSummary { host: string; messages: number; recipients: number; tls: TlsCounts; place: Place; first: Milliseconds; last: Milliseconds }

/**
 * The remote hosts behind a connector and direction, largest first: at most `most`, then one `(other)` for the rest.
 * Who asks about many connectors asks `RemotesOfConnectors`, which goes through the cube once.
 * @param tls only messages with this version.
 */
export function remotesOf(cube: Cube, filter: Filter, most = 100, unit: UnitCode = UnitCode.message, tls?: TlsCode): RemoteSummary[] {
  const { series, remoteCells: cells } = cube, accept = matcher(cube, filter), [from, to] = minutesOf(filter, cube.remoteMinutes), sums = new RemoteSums(cube, cells.length);
  const pass = Uint8Array.from(series.tls, (version, s) => (series.unit[s] === unit && series.outcome[s] === OutcomeCode.accepted && accept(s) && (tls === undefined || version === tls) ? 1 : 0));
  for (let i = 0; i < cells.length; i++) if (pass[cells.series[i]] === 1 && cells.minute[i] >= from && cells.minute[i] < to) sums.add(i);
  return sums.largest(most);
}

/** Sums by remote host of some remote cells. Numbers only, since there may be hundreds of thousands of either; a host has the row of its turn. */
export class RemoteSums {
  private length = 0;
  private readonly remote: Int32Array;
  private readonly messages: Float64Array;
  private readonly recipients: Float64Array;
  private readonly tls: Float64Array;
  private readonly file: Int32Array;
  private readonly line: Float64Array;
  private readonly first: Int32Array;
  private readonly last: Int32Array;

  /** For each remote host its row and 1, or 0. */
  private readonly rows: Int32Array;

  /** @param cells how many will be added at most. */
  constructor(private readonly cube: Cube, cells: number) {
    const most = Math.min(cells, cube.remotes.length);
    this.rows = new Int32Array(cube.remotes.length);
    this.remote = new Int32Array(most); this.messages = new Float64Array(most); this.recipients = new Float64Array(most); this.tls = new Float64Array(most * tlsVersions.length);
    this.file = new Int32Array(most); this.line = new Float64Array(most); this.first = new Int32Array(most); this.last = new Int32Array(most);
  }

  /** Adds the remote cell at a position. */
  add(i: number): void {
    const { series, remoteCells: cells } = this.cube, { file, line, first, last, rows } = this, minute = cells.minute[i], remote = cells.remote[i];
    let row = rows[remote] - 1;
    if (row < 0) {
      rows[remote] = ++this.length;
      row = this.length - 1;
      this.remote[row] = remote; file[row] = cells.file[i]; line[row] = cells.line[i]; first[row] = last[row] = minute;
    } else {
      if (cells.file[i] < file[row] || (cells.file[i] === file[row] && cells.line[i] < line[row])) { file[row] = cells.file[i]; line[row] = cells.line[i]; }
      if (minute < first[row]) first[row] = minute;
      if (minute > last[row]) last[row] = minute;
    }
    this.messages[row] += cells.messages[i]; this.recipients[row] += cells.recipients[i]; this.tls[row * tlsVersions.length + series.tls[cells.series[i]]] += cells.messages[i];
  }

  /** The hosts, largest first: at most `most`, then one `(other)` for the rest. The next sums begin anew. */
  largest(most: number): RemoteSummary[] {
    const named = this.ranked(most), own = new Uint8Array(this.length), hosts = named.map((row) => this.join(undefined, row));
    for (const row of named) own[row] = 1;
    let rest: RemoteSummary | undefined;
    for (let row = 0; row < this.length; row++) {
      this.rows[this.remote[row]] = 0;
      if (own[row] === 0) rest = this.join(rest, row);
    }
    this.messages.fill(0, 0, this.length); this.recipients.fill(0, 0, this.length); this.tls.fill(0, 0, this.length * tlsVersions.length);
    this.length = 0;
    return rest ? [...hosts, { ...rest, host: '(other)' }] : hosts;
  }

  /** The rows of the largest hosts that have a name. The others are never put in order: there may be 100,000, all with as many messages. */
  private ranked(most: number): number[] {
    const ranked: number[] = [];
    for (let row = 0; row < this.length && most > 0; row++) {
      if ((ranked.length === most && this.order(row, ranked[most - 1]) > 0) || this.nameOf(row) === '(other)') continue;
      let from = 0, to = ranked.length;
      while (from < to) { const middle = from + to >> 1; if (this.order(row, ranked[middle]) < 0) to = middle; else from = middle + 1; }
      ranked.splice(from, 0, row);
      if (ranked.length > most) ranked.pop();
    }
    return ranked;
  }

  private order(a: number, b: number): number { return this.messages[b] - this.messages[a] || compare(this.nameOf(a), this.nameOf(b)); }

  private nameOf(row: number): string { return this.cube.remotes[this.remote[row]]; }

  /** Adds a host to others; alone, it gives them its name. */
  private join(others: RemoteSummary | undefined, row: number): RemoteSummary {
    const all = others ?? { host: this.nameOf(row), messages: 0, recipients: 0, tls: noTls(), place: { file: this.file[row], line: this.line[row] }, first: Infinity, last: -Infinity };
    all.messages += this.messages[row]; all.recipients += this.recipients[row];
    for (let v = 0; v < all.tls.length; v++) all.tls[v] += this.tls[row * all.tls.length + v];
    all.place = earlier(all.place, this.file[row], this.line[row]);
    all.first = Math.min(all.first, this.first[row] * 60_000); all.last = Math.max(all.last, (this.last[row] + this.cube.remoteMinutes) * 60_000);
    return all;
  }
}
