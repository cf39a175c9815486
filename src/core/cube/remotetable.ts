import { directionOf, type RemoteColumns } from './cube';
import type { KeyTable } from './keytable';
import { DirectionCode } from '../model';
import { packable } from './pack';
import { SumTable } from './sums';
import { groupOf } from './hostgroup';
import { Words } from '../text/words';

/** Most names of remote hosts kept. */
export const mostRemotes = 100_000;
/** Remote hosts are many: a log of some tens of thousands of lines has them by the hour, one of weeks by the day. */
const usualSteps = [
  { minutes: 1, limit: 50_000 },
  { minutes: 60, limit: 100_000 },
  { minutes: 1440, limit: 250_000 },
  { minutes: 1440 * 31, limit: 250_000 },
];

/**
 * What hosts are summed by once the coarsest time step has too many rows; groups are their domains and networks.
 * Inbound hosts are grouped first: they are by far the most, many of them unwanted.
 */
const enum By {
  host,
  groupInbound,
  group,
  nothing,
}

/** The names that the numbers in a table stand for. */
export interface Names {
  remotes: Words;
  series: KeyTable;
}

/**
 * Sums by remote host in bounded memory: coarser time steps as it grows, then domains and networks in place of hosts.
 * The result depends only on what was added, not on the order or on how segments were merged.
 */
export class RemoteTable {
  private by = By.host;
  private readonly sums: SumTable;
  /** Names of groups; in a row they have the numbers from `mostRemotes` on. */
  private readonly groups = new Words(mostRemotes);
  /** The number of the group of each host, once it was asked for. */
  private groupIds = new Int32Array(0);

  constructor(steps = usualSteps) {
    this.sums = new SumTable(steps);
  }

  get step(): number {
    return this.sums.step;
  }

  add(
    minute: number,
    series: number,
    remote: number,
    count: number,
    recipients: number,
    file: number,
    line: number,
    names: Names,
  ): void {
    this.sums.add(
      minute,
      series,
      this.by === By.host ? remote : this.summedAs(series, remote, names),
      count,
      recipients,
      0,
      file,
      line,
      0,
    );
    while (this.sums.isOver && this.by < By.nothing) this.sumFurther(names);
  }

  /** Takes over the sums of `other`, with its series, remotes and lines renamed. */
  merge(other: RemoteTable, series: Int32Array, remotes: Int32Array, shift: readonly number[], names: Names): void {
    const groups = this.groups.merge(other.groups);
    this.sums.atLeast(other.step);
    while (this.by < other.by) this.sumFurther(names);
    other.sums.each((minute, s, remote, count, recipients, _, file, line) => {
      this.add(
        minute,
        series[s],
        remote < mostRemotes ? remotes[remote] : mostRemotes + groups[remote - mostRemotes],
        count,
        recipients,
        file,
        line + (shift[file] ?? 0),
        names,
      );
    });
  }

  /** The sums, and the names of their remotes: hosts, then groups of them. */
  build({ remotes }: Names): { remoteCells: RemoteColumns; remotes: string[] } {
    const remoteCells = this.sums.remoteColumns(),
      { remote } = remoteCells,
      { length } = remotes;
    if (this.by === By.host) return { remoteCells, remotes: remotes.list() };
    // Most hosts have no sums of their own any more.
    const own = new Uint8Array(length).fill(1, 0, 2);
    for (let i = 0; i < remote.length; i++)
      if (remote[i] >= mostRemotes) remote[i] += length - mostRemotes;
      else own[remote[i]] = 1;
    return { remoteCells, remotes: [...remotes.list((id) => own[id] === 1), ...this.groups.list()] };
  }

  private sumFurther(names: Names): void {
    this.by++;
    const hosts = names.remotes.list();
    this.sums.rename((series, remote) => this.summedAs(series, remote, names, (host) => hosts[host]));
  }

  private summedAs(
    series: number,
    remote: number,
    names: Names,
    nameOf = (host: number) => names.remotes.text(host),
  ): number {
    if (remote < 2 || (this.by === By.groupInbound && directionOf(names.series.a[series]) !== DirectionCode.inbound))
      return remote;
    if (this.by === By.nothing) return 1;
    if (remote >= mostRemotes) return remote;
    if (remote >= this.groupIds.length) {
      const groups = new Int32Array(Math.max(names.remotes.length, 64) * 2);
      groups.set(this.groupIds);
      this.groupIds = groups;
    }
    return (this.groupIds[remote] ||= mostRemotes + this.groups.internText(groupOf(nameOf(remote))));
  }
}

packable('RemoteTable', RemoteTable);
