import { TlsCode, tlsVersions, type Direction } from '../model';
import { knownTls, type Filter, type Summary, type TlsCounts } from './query';

/** A connector as it was in an earlier report. */
export interface BaselineConnector {
  name: string | null;
  direction: Direction;
  /** Messages by TLS version, in the order of `tlsVersions`. */
  tls: TlsCounts;
}

/** The figures of an earlier report, to compare with. It can be posted and stored as it is. */
export interface Baseline {
  /** ISO 8601, as the report gives them; null in a report without messages. */
  from: string | null;
  to: string | null;
  connectors: BaselineConnector[];
  /** Of which servers it is; undefined: of all. */
  servers?: (string | null)[];
}

/** The shares that are compared, the more serious first. */
export const measures = ['noTls', 'tls10'] as const;
export type Measure = (typeof measures)[number];

/** Part and base of a share, in messages. */
export interface Share {
  messages: number;
  of: number;
}

/** The compared shares of a connector, among the messages whose TLS is known. SSL 3.0 counts with TLS 1.0. */
export function sharesOf(tls: TlsCounts): Record<Measure, Share> {
  const of = knownTls(tls);
  return {
    noTls: { messages: tls[TlsCode.none], of },
    tls10: { messages: tls[TlsCode.ssl30] + tls[TlsCode.tls10], of },
  };
}

type Change = 'better' | 'worse' | 'same';

/** How one connector compares with the baseline, by each share and in all. A share of nothing can't be compared. */
export interface Comparison {
  now: Record<Measure, Share>;
  before: Record<Measure, Share>;
  changes: Record<Measure, Change | undefined>;
  /** `worse` where any share is worse; `better` where one is better and none worse. */
  change: Change | undefined;
}

/** Whether a share is worse (larger), better or the same, compared as whole numbers. */
function compareShares(now: Share, before: Share): Change | undefined {
  if (now.of === 0 || before.of === 0) return undefined;
  const difference = BigInt(now.messages) * BigInt(before.of) - BigInt(before.messages) * BigInt(now.of);
  return difference > 0n ? 'worse' : difference < 0n ? 'better' : 'same';
}

/** Compares the TLS of a connector with that of the same connector in the baseline. */
export function compareWith(tls: TlsCounts, baseline: BaselineConnector): Comparison {
  const now = sharesOf(tls),
    before = sharesOf(baseline.tls);
  const changes = { noTls: compareShares(now.noTls, before.noTls), tls10: compareShares(now.tls10, before.tls10) };
  const all = Object.values(changes);
  return {
    now,
    before,
    changes,
    change: all.includes('worse')
      ? 'worse'
      : all.includes('better')
        ? 'better'
        : all.find((change) => change !== undefined),
  };
}

/** One key for a connector and direction. */
export function connectorKey(name: string | null, direction: Direction): string {
  return `${direction} ${JSON.stringify(name)}`;
}

/** Looks up connectors of a baseline. */
export function baselineIndex(baseline: Baseline | undefined): Map<string, BaselineConnector> {
  return new Map(
    baseline?.connectors.map((connector) => [connectorKey(connector.name, connector.direction), connector]),
  );
}

/** A report beside its baseline. */
export interface Comparisons {
  /** By `connectorKey`; a connector that the baseline does not have is not in it. */
  connectors: Map<string, Comparison>;
  /**
   * Connectors by how they compare: `new` only in the report, `gone` only in the baseline, `unknown` without shares.
   */
  counts: Record<Change | 'unknown' | 'new' | 'gone', number>;
}

/**
 * Compares every connector of a summary with the baseline.
 * @param filter that of the summary: what it leaves out is not gone.
 */
export function compareAll(
  summary: Summary,
  baseline: Baseline,
  filter: Pick<Filter, 'directions' | 'connectors'> = {},
): Comparisons {
  const before = baselineIndex(baseline),
    connectors = new Map<string, Comparison>();
  const counts: Comparisons['counts'] = { worse: 0, better: 0, same: 0, unknown: 0, new: 0, gone: 0 };
  for (const { name, direction, tls } of summary.connectors) {
    const key = connectorKey(name, direction),
      then = before.get(key);
    before.delete(key);
    if (!then) {
      counts.new++;
      continue;
    }
    const comparison = compareWith(tls, then);
    connectors.set(key, comparison);
    counts[comparison.change ?? 'unknown']++;
  }
  for (const { name, direction } of before.values()) {
    if (filter.directions?.includes(direction) !== false && filter.connectors?.includes(name) !== false) counts.gone++;
  }
  return { connectors, counts };
}

/**
 * The baseline in an earlier report, the object behind `--format json`. Anybody may have written it, so every figure is
 * checked: a baseline is taken whole or not at all.
 * @returns undefined and what is wrong, as the path of the wrong value, when it is none.
 */
export function readBaseline(
  report: unknown,
): { baseline: Baseline; wrong?: undefined } | { baseline?: undefined; wrong: string } {
  if (!isRecord(report) || report.schema !== 'mail-flow-report/1') return { wrong: 'schema' };
  if (!Array.isArray(report.connectors)) return { wrong: 'connectors' };
  const connectors: BaselineConnector[] = [],
    seen = new Set<string>();
  for (const [i, value] of report.connectors.entries()) {
    const { connector, wrong } = readConnector(value);
    if (!connector) return { wrong: `connectors[${i}]${wrong}` };
    const key = connectorKey(connector.name, connector.direction);
    if (seen.has(key)) return { wrong: `connectors[${i}]` };
    seen.add(key);
    connectors.push(connector);
  }
  const { from, to } = isRecord(report.period) ? report.period : {};
  return {
    baseline: {
      from: typeof from === 'string' ? from : null,
      to: typeof to === 'string' ? to : null,
      connectors,
      servers: serversIn(report),
    },
  };
}

/** The servers that an earlier report is of. */
function serversIn({ evidence }: Record<string, unknown>): Baseline['servers'] {
  const filters = isRecord(evidence) ? evidence.filters : undefined,
    servers = isRecord(filters) ? filters.servers : undefined;
  return Array.isArray(servers) ? servers.map((name) => (typeof name === 'string' ? name : null)) : undefined;
}

/** Whether two choices of servers are the same. */
export function areSameServers(a: Baseline['servers'], b: Baseline['servers']): boolean {
  const names = (servers: Baseline['servers']) =>
    JSON.stringify(servers?.map((name) => name?.toLowerCase() ?? null).sort());
  return names(a) === names(b);
}

/** One connector of an earlier report, or the path of what is wrong in it. */
function readConnector(value: unknown): { connector?: BaselineConnector; wrong: string } {
  if (!isRecord(value)) return { wrong: '' };
  const { name, direction, tls } = value;
  if (name !== null && typeof name !== 'string') return { wrong: '.name' };
  if (direction !== 'inbound' && direction !== 'outbound') return { wrong: '.direction' };
  if (!isRecord(tls)) return { wrong: '.tls' };
  const counts = tlsVersions.map((version) => tls[version]);
  const bad = counts.findIndex((count) => !Number.isSafeInteger(count) || (count as number) < 0);
  if (bad >= 0) return { wrong: `.tls["${tlsVersions[bad]}"]` };
  return { connector: { name, direction, tls: counts as number[] }, wrong: '' };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
