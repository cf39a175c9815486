import type { Direction } from '../model';
import type { ConnectorSummary, Place, Summary } from '../query';

/** Thresholds of the rules, in percent (0 to 100, whole or with decimals); a rule without one is off. */
export interface Limits {
  noTls: number | undefined;
  tls10: number | undefined;
}

/** Microsoft's own limits: "No TLS is over 25%" and "TLS 1.0 is above 50%". */
export const defaultLimits: Limits = { noTls: 25, tls10: 50 };

export type Severity = 'error' | 'warning' | 'information';
export const insightIds = ['no-tls-over-25', 'tls1.0-above-50'] as const;
/** The id stays the same when the user changes the threshold. */
export type InsightId = (typeof insightIds)[number];

/** A finding about one connector and direction, with the line that proves it. */
export interface Insight {
  id: InsightId;
  connector: string | null;
  direction: Direction;
  messages: number;
  /** Messages whose TLS is known: the base of the share. */
  of: number;
  /** 0 to 1. */
  share: number;
  /** Percent. */
  threshold: number;
  severity: Severity;
  place: Place;
}

/** A pure function from a connector's figures to at most one insight. */
export interface Rule {
  id: InsightId;
  check(connector: ConnectorSummary, limits: Limits): Insight | undefined;
}

/**
 * Whether `part / of` is strictly over `percent`, without rounding: exactly 25 % is not over 25 %, and nothing is over anything when `of` is 0.
 * A threshold is taken to two decimals, so that the comparison is one of whole numbers.
 */
export function isOver(part: number, of: number, percent: number): boolean {
  return of > 0 && BigInt(part) * 10_000n > BigInt(Math.round(percent * 100)) * BigInt(of);
}

/** The insight of a share over a threshold, or undefined. */
export function shareInsight(id: InsightId, connector: ConnectorSummary, part: number, of: number, percent: number | undefined, place: Place | undefined): Insight | undefined {
  if (percent === undefined || !place || !isOver(part, of, percent)) return undefined;
  return { id, connector: connector.name, direction: connector.direction, messages: part, of, share: part / of, threshold: percent, severity: 'warning', place };
}

/** All insights of a summary, in the order of its connectors. */
export function findInsights(summary: Summary, limits: Limits, rules: readonly Rule[]): Insight[] {
  return summary.connectors.flatMap((connector) => rules.flatMap((rule) => rule.check(connector, limits) ?? []));
}
