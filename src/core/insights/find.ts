import { baselineIndex, connectorKey, type Baseline } from '../baseline';
import { tlsVersions } from '../model';
import type { ConnectorSummary, Summary } from '../query';
import { severities, type Insight, type Limits, type Rule } from './insight';
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
export interface Ignored { insight: Insight; override: Override }

/** The insights of a summary, worst first, and those that are ignored. */
export interface Judgement { insights: Insight[]; ignored: Ignored[] }

/** All insights of a summary, worst first. */
export function findInsights(summary: Summary, limits: Limits, rules: readonly Rule[], context: Context = {}): Insight[] {
  return judge(summary, limits, rules, context).insights;
}

/** Asks every rule about every connector of this period and the previous one. */
export function judge(summary: Summary, limits: Limits, rules: readonly Rule[], context: Context = {}): Judgement {
  const today = context.today ?? new Date().toISOString().slice(0, 10);
  const overrides = new Map<string | null, Override[]>();
  for (const override of limits.overrides ?? []) if (holdsOn(override, today)) overrides.set(override.connector, [...overrides.get(override.connector) ?? [], override]);
  const before = new Map(context.previous?.connectors.map((connector) => [connectorKey(connector.name, connector.direction), connector]));
  const baseline = baselineIndex(context.baseline);
  const insights: Insight[] = [], ignored: Ignored[] = [];

  const ask = (connector: ConnectorSummary, key: string) => {
    const own = overrides.get(connector.name);
    const facts = { connector, previous: context.previous && (before.get(key) ?? silent(connector)), baseline: baseline.get(key) };
    const found: { rule: Rule; insight: Insight; override: Override | undefined }[] = [];
    for (const rule of rules) {
      const override = own?.find((one) => isAbout(one, connector.name, connector.direction, rule.id));
      const threshold = override?.threshold ?? limits[rule.limit];
      const finding = threshold === undefined ? undefined : rule.check(facts, threshold);
      if (!finding || threshold === undefined) continue;
      const { messages, of, share, place, version, before: then } = finding;
      const insight: Insight = { id: rule.id, connector: connector.name, direction: connector.direction, messages, of, share, threshold, severity: limits.severity?.[rule.id] ?? rule.severity, place };
      if (version !== undefined) insight.version = version;
      if (then !== undefined) insight.before = then;
      found.push({ rule, insight, override });
    }
    for (const { insight, override } of found) {
      if (found.some(({ rule }) => rule.covers === insight.id)) continue;
      if (override?.ignore) ignored.push({ insight, override });
      else insights.push(insight);
    }
  };

  const seen = new Set<string>();
  for (const connector of summary.connectors) {
    const key = connectorKey(connector.name, connector.direction);
    seen.add(key);
    ask(connector, key);
  }
  for (const [key, connector] of before) if (!seen.has(key)) ask(silent(connector), key);
  return { insights: insights.sort(byWeight), ignored };
}

/** The connector as it is when nothing goes through it. */
function silent({ name, direction, type, forcedTls }: ConnectorSummary): ConnectorSummary {
  return {
    name, direction, type, forcedTls, messages: 0, recipients: 0, bytes: 0, tls: tlsVersions.map(() => 0), places: [], ciphers: new Map(), cipherPlaces: new Map(), faults: [0, 0, 0], faultPlaces: [],
    failed: { deferred: 0, bounced: 0, rejected: 0 },
  };
}

/** The worst first: by severity, then by the number of messages that an insight is about. */
function byWeight(a: Insight, b: Insight): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity) || weightOf(b) - weightOf(a);
}

function weightOf({ id, messages, of }: Insight): number { return id === 'volume-change' || id === 'connector-silent' ? Math.abs(messages - of) : messages; }
