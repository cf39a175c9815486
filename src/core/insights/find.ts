import { connectorKey, type Baseline } from '../report/baseline';
import { faults, tlsVersions } from '../model';
import type { ConnectorSummary, Summary } from '../report/query';
import { rangesOf, type TimeSlices } from '../report/timeslices';
import { rules, ruleOf, type InsightId, type SettingName } from './index';
import type { Insight, Limits } from './insight';
import { holdsOn, isAbout, type Override } from './overrides';
import { severities, type Facts, type Finding, type Rule } from './rule';

/** What rules compare a summary with. Rules whose comparison is missing find nothing. */
export interface Context {
  /** The period of equal length just before, with the same filter; only where the log reaches back to its start. */
  previous?: Summary;
  baseline?: Baseline;
  /** YYYY-MM-DD in the zone of the report, for overrides that end; today in UTC when absent. */
  today?: string;
}

/** An insight that an override silences, which the report still names: a limit may not be moved unseen. */
export interface Ignored {
  insight: Insight;
  override: Override;
}

/** The insights of a summary, worst first, and those that are ignored. */
export interface Judgement {
  insights: Insight[];
  ignored: Ignored[];
}

/** Connectors that one time slice is about. */
const connectorsInSlice = 256;

/**
 * Asks every rule about every connector of this period and the previous one. In time slices, since ten thousand
 * connectors may have a hundred thousand insights.
 */
export function* judging(summary: Summary, limits: Limits, context: Context = {}): TimeSlices<Judgement> {
  const overrides = overridesOn(context.today ?? new Date().toISOString().slice(0, 10), limits.overrides);
  const before = yield* indexing(context.previous?.connectors);
  const baseline = yield* indexing(context.baseline?.connectors);
  const found: Judgement = { insights: [], ignored: [] };
  const seen = new Set<string>();
  const ask = (connector: ConnectorSummary, key: string) => {
    const previous = context.previous && (before.get(key) ?? silentConnector(connector));
    const facts: Facts = { connector, previous, baseline: baseline.get(key) };
    judgeConnector(facts, limits, overrides.get(connector.name) ?? [], found);
  };
  const { connectors } = summary;
  for (const { from, to } of rangesOf(connectors.length, connectorsInSlice)) {
    for (let i = from; i < to; i++) {
      const key = connectorKey(connectors[i].name, connectors[i].direction);
      seen.add(key);
      ask(connectors[i], key);
    }
    yield;
  }
  let asked = 0;
  for (const [key, connector] of before) {
    if (seen.has(key)) continue;
    ask(silentConnector(connector), key);
    if (++asked % connectorsInSlice === 0) yield;
  }
  return { insights: yield* worstFirst(found.insights), ignored: found.ignored };
}

/** The overrides that hold on a day, by connector. */
function overridesOn(today: string, all: readonly Override[] = []): Map<string | null, Override[]> {
  const byConnector = new Map<string | null, Override[]>();
  for (const override of all) {
    if (!holdsOn(override, today)) continue;
    const others = byConnector.get(override.connector);
    if (others) others.push(override);
    else byConnector.set(override.connector, [override]);
  }
  return byConnector;
}

/** Connectors by name and direction. */
function* indexing<T extends Pick<ConnectorSummary, 'name' | 'direction'>>(
  connectors: readonly T[] = [],
): TimeSlices<Map<string, T>> {
  const index = new Map<string, T>();
  for (const { from, to } of rangesOf(connectors.length, connectorsInSlice)) {
    for (let i = from; i < to; i++) index.set(connectorKey(connectors[i].name, connectors[i].direction), connectors[i]);
    yield;
  }
  return index;
}

/** By severity, then by the number of messages. Sorted one severity at a time, which takes a third of the time. */
function* worstFirst(insights: readonly Insight[]): TimeSlices<Insight[]> {
  const bySeverity = severities.map((severity) => insights.filter((insight) => insight.severity === severity));
  yield;
  for (const some of bySeverity) {
    some.sort((a, b) => weightOf(b) - weightOf(a));
    yield;
  }
  return bySeverity.flat();
}

/** The number of messages that an insight is about: of two that are equally severe, the one about more is worse. */
function weightOf({ id, messages, of }: Insight): number {
  return ruleOf(id).compares === 'previous' ? Math.abs(messages - of) : messages;
}

/** Asks every rule about one connector and adds what they find. */
function judgeConnector(facts: Facts, limits: Limits, overrides: readonly Override[], judgement: Judgement): void {
  const { name, direction } = facts.connector;
  const covered = new Set<string | undefined>();
  const found: { insight: Insight; override: Override | undefined }[] = [];
  for (const rule of rules) {
    const override = overrides.find((one) => isAbout(one, name, direction, rule.id));
    const threshold = override?.threshold ?? limits[rule.setting];
    if (threshold === undefined) continue;
    const finding = rule.check(facts, threshold);
    if (!finding || finding.of < (limits.minimum?.[rule.setting] ?? 1)) continue;
    covered.add(rule.covers);
    found.push({ insight: insightOf(rule, facts, finding, threshold, limits), override });
  }
  for (const { insight, override } of found) {
    if (covered.has(insight.id)) continue;
    if (override?.ignore) judgement.ignored.push({ insight, override });
    else judgement.insights.push(insight);
  }
}

function insightOf(
  { id, severity }: Rule<InsightId, SettingName>,
  { connector }: Facts,
  finding: Finding,
  threshold: number,
  limits: Limits,
): Insight {
  const { messages, of, share, place, version, before } = finding;
  const insight: Insight = {
    id,
    connector: connector.name,
    direction: connector.direction,
    messages,
    of,
    share,
    threshold,
    severity: limits.severity?.[id] ?? severity,
    place,
  };
  if (version !== undefined) insight.version = version;
  if (before !== undefined) insight.before = before;
  return insight;
}

/** The connector as it is when nothing goes through it. */
export function silentConnector({
  name,
  direction,
  type,
  forcedTls,
  forcedHosts,
}: Pick<ConnectorSummary, 'name' | 'direction' | 'type' | 'forcedTls' | 'forcedHosts'>): ConnectorSummary {
  return {
    name,
    direction,
    type,
    forcedTls,
    forcedHosts,
    messages: 0,
    recipients: 0,
    bytes: 0,
    tls: tlsVersions.map(() => 0),
    places: [],
    ciphers: new Map(),
    cipherPlaces: new Map(),
    keyExchanges: [],
    faults: faults.map(() => 0),
    faultPlaces: [],
    failed: { deferred: 0, bounced: 0, rejected: 0 },
  };
}
