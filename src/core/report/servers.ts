import { pick } from '../cube/alike';
import type { CellColumns, Cube, RemoteColumns } from '../cube/cube';
import type { FileReport } from '../model';
import { compare } from './order';

/** A mail server by its name as shown; null for mail of which no line names one. */
export type Server = string | null;

/** A test whether a name is one of some servers, in whatever case; `undefined` are all. */
export function serverTest(servers: readonly Server[] | undefined): (id: number, name: string) => boolean {
  if (!servers) return () => true;
  const wanted = new Set(servers.map((name) => name?.toLowerCase() ?? null));
  return (id, name) => wanted.has(id === 0 ? null : name.toLowerCase());
}

/** The name of a server of a cube. */
export function serverName({ servers }: Cube, id: number): Server {
  return id === 0 ? null : servers[id];
}

/** The servers that have mail in a cube, by name; then null where some mail has none. */
export function serversOf(cube: Cube): Server[] {
  const ids = new Set(cube.series.server);
  return [...ids].map((id) => serverName(cube, id)).sort(compareServers);
}

/** By name, whatever its case; none comes last. */
export function compareServers(a: Server, b: Server): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compare(a.toLowerCase(), b.toLowerCase());
}

/** Files and cube of a data set. */
interface Data {
  files: readonly FileReport[];
  cube: Cube;
}

/** The cube with the mail of some servers only; `undefined` are all. */
export function cubeOfServers(cube: Cube, servers: readonly Server[] | undefined): Cube {
  if (!servers) return cube;
  const { length, server } = cube.series,
    test = serverTest(servers),
    wanted = cube.servers.map((name, id) => test(id, name)),
    to = new Int32Array(length).fill(-1);
  const kept: number[] = [];
  for (let s = 0; s < length; s++) if (wanted[server[s]]) to[s] = kept.push(s) - 1;
  return {
    ...cube,
    series: pick(cube.series, kept),
    cells: cellsOf(cube.cells, to),
    remoteCells: cellsOf(cube.remoteCells, to),
  };
}

/**
 * The files that may be logs of some servers: one of which all mail is of others covers no time of theirs. @param all
 * files and cube of all servers.
 */
export function filesOfServers({ files, cube }: Data, servers: readonly Server[] | undefined): FileReport[] {
  if (!servers) return [...files];
  const test = serverTest(servers),
    { cells, series } = cube;
  const own = new Set<number>(),
    others = new Set<number>();
  for (let i = 0; i < cells.length; i++) {
    const server = series.server[cells.series[i]];
    (test(server, cube.servers[server]) ? own : others).add(cells.file[i]);
  }
  return files.map((file, i) => (others.has(i) && !own.has(i) ? { ...file, covers: [] } : file));
}

/** The cells of the series that stay, under their new numbers. */
function cellsOf<Cells extends CellColumns | RemoteColumns>(cells: Cells, to: Int32Array): Cells {
  const kept: number[] = [];
  for (let i = 0; i < cells.length; i++) if (to[cells.series[i]] >= 0) kept.push(i);
  const found = pick(cells, kept);
  for (let i = 0; i < found.length; i++) found.series[i] = to[found.series[i]];
  return found;
}
