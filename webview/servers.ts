import type { Cube } from '../src/core/cube/cube';
import type { Analysis } from '../src/core/reading/analysis';
import { areSameServers } from '../src/core/report/baseline';
import { cubeOfServers, filesOfServers, serversOf, type Server } from '../src/core/report/servers';
import type { ReportSnapshot } from '../src/protocol';
import { inPeriod } from './report';

/** The servers to choose from by cube; the same list for the same cube. */
const known = new WeakMap<Cube, Server[]>();
/** The mail of the server that was chosen last, by the cube of all. */
const cut = new WeakMap<Cube, { server: Server; analysis: Analysis }>();

/** The servers that a reader can choose from, where lines name at least two; else none. */
export function choosableServers({ cube }: Analysis): Server[] {
  let servers = known.get(cube);
  if (!servers) {
    const all = serversOf(cube);
    known.set(cube, (servers = all.filter((name) => name !== null).length > 1 ? all : []));
  }
  return servers;
}

/** The chosen server where the log has it and others; undefined for all of them. */
export function chosenServer(analysis: Analysis, server: Server | undefined): Server | undefined {
  return server !== undefined && choosableServers(analysis).includes(server) ? server : undefined;
}

/** A snapshot with the mail of one server only, as the command line shows it for `--host`. */
export function ofServer(snapshot: ReportSnapshot, server: Server | undefined): ReportSnapshot {
  if (server === undefined) return snapshot;
  const { baseline } = snapshot;
  return inPeriod(
    {
      ...snapshot,
      analysis: analysisOf(snapshot.analysis, server),
      // An earlier report of all servers is no measure for one.
      baseline: baseline && areSameServers(baseline.servers, [server]) ? baseline : undefined,
    },
    snapshot.period,
  );
}

function analysisOf(whole: Analysis, server: Server): Analysis {
  const before = cut.get(whole.cube);
  if (before?.server === server) return before.analysis;
  const analysis = {
    ...whole,
    cube: cubeOfServers(whole.cube, [server]),
    files: filesOfServers(whole, [server]),
  };
  cut.set(whole.cube, { server, analysis });
  return analysis;
}
