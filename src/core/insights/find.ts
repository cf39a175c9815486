import { connectorKey, type Baseline } from '../report/baseline';
import { tlsVersions } from '../model';
import type { ConnectorSummary, Summary } from '../report/query';
import { allSteps, rangesOf, type TimeSlices } from '../report/timeslices';
import { severities, type Facts, type Insight, type Limits, type Rule } from './insight';
import { holdsOn, isAbout, type Override } from './overrides';

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

/** All insights of a summary, worst first. */
export function findInsights(
  summary: Summary,
  limits: Limits,
  rules: readonly Rule[],
  context: Context = {},
): Insight[] {
  return judge(summary, limits, rules, context).insights;
}

/** Asks every rule about every connector of this period and the previous one. */
export function judge(summary: Summary, limits: Limits, rules: readonly Rule[], context: Context = {}): Judgement {
  return allSteps(judging(summary, limits, rules, context));
}

/** Connectors that one step is about. */
const connectorsInStep = 256;

/** `judge` in steps: ten thousand connectors may have a hundred thousand insights. */
export function* judging(
  summary: Summary,
  limits: Limits,
  rules: readonly Rule[],
  context: Context = {},
): TimeSlices<Judgement> {
  const today = context.today ?? new Date().toISOString().slice(0, 10);
  const overrides = new Map<string | null, Override[]>();
  for (const override of limits.overrides ?? [])
    if (holdsOn(override, today))
      overrides.set(override.connector, [...(overrides.get(override.connector) ?? []), override]);
  const before = yield* indexing(context.previous?.connectors),
    baseline = yield* indexing(context.baseline?.connectors);
  const found: Judgement = { insights: [], ignored: [] },
    seen = new Set<string>();
  const ask = (connector: ConnectorSummary, key: string) => {
    const facts = {
      connector,
      previous: context.previous && (before.get(key) ?? silentConnector(connector)),
      baseline: baseline.get(key),
    };
    judgeConnector(facts, limits, rules, overrides.get(connector.name), found);
  };
  const { connectors } = summary;
  for (const { from, to } of rangesOf(connectors.length, connectorsInStep)) {
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
    if (++asked % connectorsInStep === 0) yield;
  }
  const bySeverity = severities.map((severity) => found.insights.filter((insight) => insight.severity === severity));
  yield;
  // One by one, since the weights of one severity are compared in a third of the time that all would take.
  for (const some of bySeverity) {
    some.sort((a, b) => weightOf(b) - weightOf(a));
    yield;
  }
  return { insights: bySeverity.flat(), ignored: found.ignored };
}

/** Connectors by name and direction. */
function* indexing<T extends Pick<ConnectorSummary, 'name' | 'direction'>>(
  connectors: readonly T[] = [],
): TimeSlices<Map<string, T>> {
  const index = new Map<string, T>();
  for (const { from, to } of rangesOf(connectors.length, connectorsInStep)) {
    for (let i = from; i < to; i++) index.set(connectorKey(connectors[i].name, connectors[i].direction), connectors[i]);
    yield;
  }
  return index;
}

/** Asks every rule about one connector and adds what they find. */
function judgeConnector(
  facts: Facts,
  limits: Limits,
  rules: readonly Rule[],
  overrides: readonly Override[] | undefined,
  judgement: Judgement,
): void {
  const { connector } = facts,
    found: { rule: Rule; insight: Insight; override: Override | undefined }[] = [];
  for (const rule of rules) {
    const override = overrides?.find((one) => isAbout(one, connector.name, connector.direction, rule.id));
    const threshold = override?.threshold ?? limits[rule.limit];
    const finding = threshold === undefined ? undefined : rule.check(facts, threshold);
    if (!finding || threshold === undefined) continue;
    const { messages, of, share, place, version, before } = finding;
    const insight: Insight = {
      id: rule.id,
      connector: connector.name,
      direction: connector.direction,
      messages,
      of,
      share,
      threshold,
      severity: limits.severity?.[rule.id] ?? rule.severity,
      place,
    };
    if (version !== undefined) insight.version = version;
    if (before !== undefined) insight.before = before;
    found.push({ rule, insight, override });
  }
  for (const { insight, override } of found) {
    if (found.some(({ rule }) => rule.covers === insight.id)) continue;
    if (override?.ignore) judgement.ignored.push({ insight, override });
    else judgement.insights.push(insight);
  }
}

/** The connector as it is when nothing goes through it. */
export function silentConnector({
  name,
  direction,
  type,
  forcedTls,
}: Pick<ConnectorSummary, 'name' | 'direction' | 'type' | 'forcedTls'>): ConnectorSummary {
  return {
    name,
    direction,
    type,
    forcedTls,
    messages: 0,
    recipients: 0,
    bytes: 0,
    tls: tlsVersions.map(() => 0),
    places: [],
    ciphers: new Map(),
    cipherPlaces: new Map(),
    keyExchanges: [],
    faults: [0, 0, 0],
    faultPlaces: [],
    failed: { deferred: 0, bounced: 0, rejected: 0 },
  };
}

/** The number of messages that an insight is about: of two that are equally severe, the one about more is worse. */
function weightOf({ id, messages, of }: Insight): number {
  return id === 'volume-change' || id === 'connector-silent' ? Math.abs(messages - of) : messages;
}
