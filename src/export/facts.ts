import type { InsightId } from '../core/insights/index';
import type { Insight } from '../core/insights/insight';
import { UnitCode } from '../core/model';
import { knownTls, protectedByTls, type ConnectorSummary, type TlsCounts } from '../core/report/query';
import { remotesOf } from '../core/report/remotes';
import { keyExchangesOf } from '../core/report/keyexchanges';
import { displayText } from '../core/text/display';
import { tlsJson } from './json';
import { coverageJson } from './json';
import type { Report } from './report';

/** Entries of each list; what is left out is counted. An answer is to fit into a few kilobytes of a model's context. */
const mostListed = 10;
/** Longest name from a log. */
const longestName = 100;

/** Text that a stranger wrote into a log, marked as such: data to quote, never an instruction. */
interface FromLog {
  fromLog: string;
}

type Direction = 'inbound' | 'outbound';

/**
 * A report in all: sums, the largest connectors, the worst insights, and the coverage of its logs. Holds no path, host,
 * address or line of a log.
 */
export function summaryFacts(report: Report): object {
  const { messages, sessions, insights, ignored, analysis } = report;
  return {
    ...circumstances(report),
    inbound: { messages: messages.inbound.messages, ...shares(messages.inbound.tls) },
    outbound: { messages: messages.outbound.messages, ...shares(messages.outbound.tls) },
    internalMessages: messages.internal,
    connectors: listed(
      [...messages.connectors].sort((a, b) => b.messages - a.messages),
      (connector) => ({ ...identity(connector), messages: connector.messages, ...shares(connector.tls) }),
    ),
    ...(sessions.connectors.length > 0
      ? {
          sessionsReportedByOthers: listed(sessions.connectors, (connector) => ({
            ...identity(connector),
            sessions: connector.messages,
            ...shares(connector.tls),
          })),
        }
      : {}),
    insights: listed(insights, insightFacts),
    ignoredInsights: ignored.length,
    logs: analysis.files.reduce(
      (sum, { lines }) => ({
        files: sum.files + 1,
        linesRead: sum.linesRead + lines.read,
        linesSkipped: sum.linesSkipped + lines.skipped,
      }),
      { files: 0, linesRead: 0, linesSkipped: 0 },
    ),
  };
}

/**
 * What a report says about one connector.
 * @param hosts whether to name its remote hosts, which say who exchanges mail with whom.
 */
export function connectorFacts(report: Report, connector: ConnectorSummary, hosts: boolean): object {
  const { name, direction, type, forcedTls, forcedHosts, messages, recipients, bytes, tls, ciphers, failed } =
    connector;
  const remotes = () =>
    remotesOf(
      report.analysis.cube,
      { ...report.filter, connectors: [name], directions: [direction] },
      mostListed,
      UnitCode.message,
    );
  return {
    ...circumstances(report),
    ...identity(connector),
    type,
    tlsRequired: forcedTls,
    ...(forcedHosts > 0 ? { tlsRequiredForHosts: forcedHosts } : {}),
    messages,
    recipients,
    bytes,
    ...shares(tls),
    byTlsVersion: tlsJson(tls),
    cipherSuites: listed(
      [...ciphers].sort((a, b) => b[1] - a[1]),
      ([suite, count]) => ({ suite: fromLog(suite), messages: count }),
    ),
    keyExchanges: listed(keyExchangesOf([connector]), (one) => ({
      name: fromLog(one.name),
      postQuantum: one.postQuantum ?? null,
      messages: one.messages,
    })),
    notDelivered: failed,
    insights: listed(
      report.insights.filter((insight) => insight.connector === name && insight.direction === direction),
      insightFacts,
    ),
    ...(hosts
      ? {
          remoteHosts: remotes().map((remote) => ({
            host: fromLog(remote.host, false),
            messages: remote.messages,
            ...shares(remote.tls),
          })),
        }
      : {}),
  };
}

/** Where a report has an insight. */
export function insightFactsOf(report: Report, id: InsightId): object {
  return {
    ...circumstances(report),
    insight: id,
    connectors: listed(
      report.insights.filter((insight) => insight.id === id),
      insightFacts,
    ),
  };
}

/**
 * The connectors that a question means: those of this name, else those whose name contains it. An empty name is mail
 * without a connector.
 */
export function connectorsNamed(report: Report, name: string, direction?: Direction): ConnectorSummary[] {
  const all = report.messages.connectors.filter(
    (connector) => direction === undefined || connector.direction === direction,
  );
  const wanted = name.trim().toLowerCase();
  if (wanted === '') return all.filter((connector) => connector.name === null);
  const named = (fits: (text: string) => boolean) =>
    all.filter(
      (connector) =>
        connector.name !== null &&
        [connector.name, fromLog(connector.name).fromLog].some((text) => fits(text.toLowerCase())),
    );
  const exact = named((text) => text === wanted);
  return exact.length > 0 ? exact : named((text) => text.includes(wanted));
}

/** Names of connectors to choose from. */
export function namesOf(connectors: readonly ConnectorSummary[]): object {
  return listed(connectors, identity);
}

/** Over which time and of what the figures are. */
function circumstances(report: Report): object {
  const { analysis, view, messages, sessions } = report;
  const period = messages.period ?? sessions.period,
    iso = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  return {
    period: { from: iso(period?.from), to: iso(period?.to), timeZone: view.zone.name },
    coverage: coverageJson(report),
    complete: analysis.complete,
  };
}

/** Shares are among the messages whose TLS is known; unknown is never counted as not protected. */
function shares(tls: TlsCounts): object {
  const known = knownTls(tls);
  return {
    tlsUnknown: tls.reduce((sum, n) => sum + n, 0) - known,
    ...(known > 0 ? { protectedShare: rounded(protectedByTls(tls) / known) } : {}),
  };
}

function identity({ name, direction }: Pick<ConnectorSummary, 'name' | 'direction'>): {
  connector: FromLog | null;
  direction: string;
} {
  return { connector: name === null ? null : fromLog(name), direction };
}

function insightFacts({ id, connector, direction, messages, of, share, threshold, severity }: Insight): object {
  return {
    insight: id,
    ...identity({ name: connector, direction }),
    messages,
    of,
    share: rounded(share),
    threshold,
    severity,
  };
}

function rounded(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}

/** The first of a list, and how many more there are. */
function listed<T>(all: readonly T[], factsOf: (one: T) => object): { listed: object[]; more: number } {
  return { listed: all.slice(0, mostListed).map(factsOf), more: Math.max(0, all.length - mostListed) };
}

/** Mail addresses and IP addresses that are part of a name. */
const addresses = new RegExp(
  [
    String.raw`[^\s<>()[\]"',;:\\]{1,64}@[^\s<>()[\]"',;:\\]{1,255}`,
    String.raw`\b\d{1,3}(?:\.\d{1,3}){3}\b`,
    String.raw`(?<![\w:])(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}(?![\w:])`,
  ].join('|'),
  'gi',
);

function fromLog(text: string, withoutAddresses = true): FromLog {
  const shown = displayText(text, longestName);
  return { fromLog: withoutAddresses ? shown.replace(addresses, '(address)') : shown };
}
