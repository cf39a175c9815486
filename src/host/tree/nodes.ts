import type { ConnectorSummary, Summary } from '../../core/report/query';
import type { RemoteSummary } from '../../core/report/remotes';
import { silentConnector } from '../../core/insights/find';
import type { Insight } from '../../core/insights/insight';
import type { Report } from '../../export/report';

export type Direction = 'inbound' | 'outbound';

/** Messages, or the sessions that aggregate reports count; never both in one figure. */
export interface Part {
  report: Report;
  summary: Summary;
  sessions: boolean;
  /** The worst first, by direction and connector. */
  insights: ReadonlyMap<string, ReadonlyMap<string | null, readonly Insight[]>>;
}

/** What stands in the connector tree. */
export type Node =
  | { kind: 'direction'; part: Part; direction: Direction }
  | { kind: 'connector'; part: Part; connector: ConnectorSummary }
  /** Connectors that are not listed yet. */
  | { kind: 'more'; part: Part; direction: Direction; hidden: number }
  | { kind: 'tls'; part: Part; connector: ConnectorSummary; version: number }
  | { kind: 'insight'; part: Part; insight: Insight }
  | { kind: 'remotes'; part: Part; connector: ConnectorSummary }
  | { kind: 'remote'; part: Part; connector: ConnectorSummary; remote: RemoteSummary }
  | { kind: 'internal'; part: Part };

/** The two parts of a report. */
export function partsOf(report: Report): Part[] {
  const insights = new Map<string, Map<string | null, Insight[]>>();
  for (const insight of report.insights) {
    let byName = insights.get(insight.direction);
    if (!byName) insights.set(insight.direction, (byName = new Map()));
    const some = byName.get(insight.connector);
    if (some) some.push(insight);
    else byName.set(insight.connector, [insight]);
  }
  return [
    { report, summary: report.messages, sessions: false, insights },
    { report, summary: report.sessions, sessions: true, insights: new Map() },
  ];
}

/**
 * The connectors of a direction by volume, then those of which there is nothing but an insight, such as one that has
 * gone silent.
 */
export function connectorsOf({ summary, insights }: Part, direction: Direction): ConnectorSummary[] {
  const listed = summary.connectors.filter((connector) => connector.direction === direction),
    names = new Set(listed.map(({ name }) => name));
  const silent = [...(insights.get(direction)?.keys() ?? [])].filter((name) => !names.has(name));
  return [
    ...listed,
    ...silent.map((name) => silentConnector({ name, direction, type: 'unknown', forcedTls: null, forcedHosts: 0 })),
  ];
}

export function insightsOf({ insights }: Part, { name, direction }: ConnectorSummary): readonly Insight[] {
  return insights.get(direction)?.get(name) ?? [];
}

export function idOf({ sessions }: Part, { name, direction }: ConnectorSummary): string {
  return `${sessions} ${direction} ${JSON.stringify(name)}`;
}
