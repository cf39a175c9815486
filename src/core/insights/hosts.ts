import { RemotesOfConnectors } from '../report/connectorremotes';
import type { Cube } from '../cube/cube';
import type { Filter } from '../report/query';
import type { RemoteSummary } from '../report/remotes';
import type { TimeSlices } from '../report/timeslices';
import { versionsOf } from './counted';
import type { Insight } from './insight';

/** For each insight the remote hosts with most of its messages, at most `most`, each with its first line. */
export function* hostsBehind(
  cube: Cube,
  filter: Filter,
  insights: readonly Insight[],
  most: number,
): TimeSlices<RemoteSummary[][]> {
  const remotes = yield* RemotesOfConnectors.indexing(cube, {
    from: filter.from,
    to: filter.to,
    connectors: insights.map(({ connector }) => connector),
  });
  const hosts: RemoteSummary[][] = [];
  for (const insight of insights) {
    const found: RemoteSummary[] = [];
    for (const tls of versionsOf(insight) ?? [undefined]) {
      found.push(...remotes.of(insight.connector, insight.direction, most, tls));
      yield;
    }
    hosts.push(
      found
        .filter(({ host }) => host !== '(other)')
        .sort((a, b) => b.messages - a.messages)
        .slice(0, most),
    );
  }
  return hosts;
}
