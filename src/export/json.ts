import { compareAll, connectorKey, type Comparison, type Comparisons } from '../core/report/baseline';
import { RemotesOfConnectors } from '../core/report/connectorremotes';
import { proofOf } from '../core/insights/counted';
import type { Insight } from '../core/insights/insight';
import { UnitCode, tlsVersions } from '../core/model';
import { gapsOf, type Span } from '../core/report/coverage';
import { keyExchangesOf } from '../core/report/keyexchanges';
import type { ConnectorSummary, DirectionSummary, Summary, TlsCounts } from '../core/report/query';
import { allSteps } from '../core/report/timeslices';
import { evidenceJson, type Circumstances, type Tool } from './evidence';
import type { Report } from './report';

export type { Tool };

/** Remote hosts named for each connector; the rest is summed as `(other)`. */
const mostRemotes = 100;

/**
 * The report as the object behind `--format json`, schema `mail-flow-report/1`. Key order is stable: the same input
 * results in the same bytes, `generated` aside. Names are as logged, not made safe for display.
 * @param circumstances adds the evidence of thresholds, filters and rules.
 */
export function jsonReport(report: Report, tool: Tool, circumstances?: Omit<Circumstances, 'tool'>) {
  const { analysis, view, messages, sessions } = report;
  const period = messages.period ?? sessions.period;
  const comparisons = view.baseline && compareAll(messages, view.baseline, report.filter);
  const iso = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  return {
    schema: 'mail-flow-report/1',
    tool: { name: tool.name, version: tool.version },
    generated: tool.generated.toISOString(),
    period: {
      from: iso(period?.from ?? report.filter.from),
      to: iso(period?.to ?? report.filter.to),
      timeZone: view.zone.name,
    },
    coverage: coverageJson(report),
    inputs: analysis.files.map((file) => ({
      path: file.path,
      format: file.format,
      ...(file.otherFormats ? { otherFormats: file.otherFormats } : {}),
      bytes: file.bytes,
      sha256: file.sha256 ?? null,
      lines: { read: file.lines.read, used: file.lines.used, context: file.lines.context, skipped: file.lines.skipped },
      problems: file.problems.map(({ code, count, line, format, from, to }) => ({
        code,
        count,
        line,
        ...(format === undefined ? {} : { format }),
        ...(from === undefined ? {} : { from: iso(from), to: iso(to) }),
      })),
      from: iso(file.covers.at(0)?.from),
      to: iso(file.covers.at(-1)?.to),
      advice: file.advice,
      state: file.state,
      ...(file.detail === undefined ? {} : { detail: file.detail }),
    })),
    totals: { inbound: sums(messages.inbound), outbound: sums(messages.outbound) },
    internal: { messages: messages.internal },
    servers: serversJson(messages),
    connectors: connectorsJson(report, messages, UnitCode.message, comparisons),
    insights: report.insights.map((insight) => insightJson(report, insight)),
    // Only where the user asked for them, so that the report stays the same for everybody else.
    ...(view.limits.overrides
      ? {
          ignored: report.ignored.map(({ insight, override }) => ({
            ...insightJson(report, insight),
            reason: override.reason,
            until: override.until,
          })),
        }
      : {}),
    ...(comparisons
      ? { baseline: { from: view.baseline!.from, to: view.baseline!.to, connectors: comparisons.counts } }
      : {}),
    sessions: connectorsJson(report, sessions, UnitCode.session),
    ...(circumstances ? { evidence: evidenceJson(report, { tool, ...circumstances }) } : {}),
  };
}

/** Totals by mail server, where any line names one; `name` is null for mail of which none does. */
function serversJson({ servers }: Summary) {
  if (servers.every(({ name }) => name === null)) return [];
  return servers.map(({ name, inbound, outbound, internal }) => ({
    name,
    inbound: sums(inbound),
    outbound: sums(outbound),
    internal: { messages: internal },
  }));
}

/** What time the logs of each format cover, whatever the period: from the first line to the last, and the gaps. */
export function coverageJson({ coverage: { messages, sessions } }: Report) {
  const iso = ({ from, to }: Span) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  const formats = new Map([...messages.formats, ...sessions.formats].map((one) => [one.format, one.spans]));
  return [...formats].map(([format, spans]) => ({
    format,
    ...iso({ from: spans[0].from, to: spans[spans.length - 1].to }),
    gaps: gapsOf(spans).map(iso),
  }));
}

function insightJson({ analysis }: Report, insight: Insight) {
  const proof = proofOf(insight),
    { file, line } = insight.place;
  return {
    id: insight.id,
    connector: insight.connector,
    direction: insight.direction,
    messages: insight.messages,
    of: insight.of,
    share: Math.round(insight.share * 10_000) / 10_000,
    threshold: insight.threshold,
    severity: insight.severity,
    path: analysis.files[proof.file].path,
    line: proof.line,
    ...(proof.file === file && proof.line === line ? {} : { counted: { path: analysis.files[file].path, line } }),
    ...(insight.version === undefined ? {} : { version: insight.version }),
    ...(insight.before === undefined ? {} : { before: insight.before }),
  };
}

/**
 * How a connector compares with the baseline, by its shares of No TLS and TLS 1.0; null where it is not in the
 * baseline.
 */
function comparisonJson(comparison: Comparison | undefined) {
  if (!comparison) return null;
  const { now, before, changes, change } = comparison;
  const measure = (name: 'noTls' | 'tls10') => ({
    change: changes[name] ?? null,
    messages: now[name].messages,
    of: now[name].of,
    before: before[name],
  });
  return { change: change ?? null, noTls: measure('noTls'), tls10: measure('tls10') };
}

function connectorsJson(
  { analysis, filter }: Report,
  { connectors }: Summary,
  unit: UnitCode,
  comparisons?: Comparisons,
) {
  const remotes = allSteps(RemotesOfConnectors.indexing(analysis.cube, filter, unit));
  return connectors.map((connector) => connectorJson(connector, remotes, comparisons));
}

function connectorJson(connector: ConnectorSummary, remotes: RemotesOfConnectors, comparisons?: Comparisons) {
  const ciphers = [...connector.ciphers].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return {
    name: connector.name,
    direction: connector.direction,
    type: connector.type,
    forcedTls: connector.forcedTls,
    ...(connector.forcedHosts > 0 ? { forcedTlsHosts: connector.forcedHosts } : {}),
    messages: connector.messages,
    recipients: connector.recipients,
    bytes: connector.bytes,
    tls: tlsJson(connector.tls),
    ciphers: Object.fromEntries(ciphers),
    keyExchanges: keyExchangesOf([connector]).map(({ name, postQuantum, messages }) => ({
      name,
      postQuantum: postQuantum ?? null,
      messages,
    })),
    failed: connector.failed,
    ...(comparisons
      ? { baseline: comparisonJson(comparisons.connectors.get(connectorKey(connector.name, connector.direction))) }
      : {}),
    remotes: remotes.of(connector.name, connector.direction, mostRemotes).map((remote) => ({
      host: remote.host,
      messages: remote.messages,
      recipients: remote.recipients,
      tls: tlsJson(remote.tls),
    })),
  };
}

function sums({ messages, recipients, bytes, tls }: DirectionSummary) {
  return { messages, recipients, bytes, tls: tlsJson(tls) };
}

/** Counts by the name of the TLS version, all eight always there. */
export function tlsJson(tls: TlsCounts): Record<string, number> {
  return Object.fromEntries(tlsVersions.map((version, code) => [version, tls[code]]));
}
