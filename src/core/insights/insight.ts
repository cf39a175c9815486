import type { BaselineConnector } from '../report/baseline';
import type { Direction, TlsVersion } from '../model';
import type { ConnectorSummary } from '../report/query';
import type { Place } from '../report/order';
import type { Override } from './overrides';

export const insightIds = [
  'no-tls-over-25',
  'tls1.0-above-50',
  'tls1.1-share',
  'weak-ciphers',
  'tls-not-logged',
  'required-tls-not-met',
  'clear-after-failed-handshake',
  'volume-change',
  'connector-silent',
  'worse-than-baseline',
] as const;
/** The id stays the same when the user changes the threshold. */
export type InsightId = (typeof insightIds)[number];

/** The name of a rule's threshold in the settings: `mailFlow.insights.<name>.threshold`. */
export const limitNames = [
  'noTls',
  'tls10',
  'tls11',
  'weakCiphers',
  'tlsNotLogged',
  'requiredTls',
  'clearAfterFailedHandshake',
  'volumeChange',
  'connectorSilent',
  'worseThanBaseline',
] as const;
export type LimitName = (typeof limitNames)[number];

/** From worst to mildest. */
export const severities = ['error', 'warning', 'information'] as const;
export type Severity = (typeof severities)[number];

/** Thresholds of the rules, each in the unit of its rule; a rule without one is off. */
export interface Limits extends Partial<Record<LimitName, number | undefined>> {
  /** Severities that the user chose instead of the rules' own. */
  severity?: Partial<Record<InsightId, Severity>>;
  /** Thresholds of single connectors, and insights that are ignored for them. */
  overrides?: readonly Override[];
}

/** Microsoft's own limits: "No TLS is over 25%" and "TLS 1.0 is above 50%". Every other rule is off until the user sets its threshold. */
export const defaultLimits: Limits = { noTls: 25, tls10: 50 };

/** What a rule found about one connector and direction. */
export interface Finding {
  messages: number;
  /** The base of the share. */
  of: number;
  /** 0 to 1; of a change in volume it may be more. */
  share: number;
  place: Place;
  /** Which share it is about, where the rule looks at several. */
  version?: TlsVersion;
  /** The same figure in the baseline, where it is compared with one. */
  before?: { messages: number; of: number };
}

/** A finding about one connector and direction, with the line that proves it. */
export interface Insight extends Finding {
  id: InsightId;
  connector: string | null;
  direction: Direction;
  /** In the unit of the rule. */
  threshold: number;
  severity: Severity;
}

/** What a rule may look at. */
export interface Facts {
  connector: ConnectorSummary;
  /**
   * The connector in the period of equal length just before, all zeros when no mail went through it then.
   * Undefined when the log does not reach back to the start of that period: nothing may be concluded from mail that is not there.
   */
  previous: ConnectorSummary | undefined;
  /** The connector in an earlier report. */
  baseline: BaselineConnector | undefined;
}

/** Percent of a total, number of messages, or percentage points between two shares. */
export type LimitUnit = 'percent' | 'messages' | 'points';

/** A pure function from the facts about a connector to at most one finding, and what the settings need to know about it. */
export interface Rule {
  id: InsightId;
  limit: LimitName;
  unit: LimitUnit;
  /** The range of the threshold. */
  least: number;
  most: number;
  severity: Severity;
  /** A rule that this one makes superfluous: where both find something, only this one is shown. */
  covers?: InsightId;
  /** The TLS versions of the messages that the rule is about, where they can be told by their version. */
  versions?: readonly TlsVersion[];
  check(facts: Facts, threshold: number): Finding | undefined;
}

/** Thresholds are taken to two decimals, so that comparisons are between whole numbers. */
function hundredths(threshold: number): number {
  return Math.round(threshold * 100);
}

/** Up to here a number times ten thousand is exact in a double, so that the slower whole numbers of any size are not needed. */
const exact = Math.floor(Number.MAX_SAFE_INTEGER / 10_000);

/**
 * Whether `part / of` is strictly over `percent`, without rounding: exactly 25 % is not over 25 %, and nothing is over anything when `of` is 0.
 * A threshold is taken to two decimals, so that the comparison is one of whole numbers.
 */
export function isOver(part: number, of: number, percent: number): boolean {
  if (of <= 0) return false;
  if (percent <= 100 && part <= exact && of <= exact) return part * 10_000 > hundredths(percent) * of;
  return BigInt(part) * 10_000n > BigInt(hundredths(percent)) * BigInt(of);
}

/** Whether one share is strictly more than `points` percentage points over another, without rounding. Shares of nothing are over nothing. */
export function isOverBy(part: number, of: number, before: { messages: number; of: number }, points: number): boolean {
  if (of === 0 || before.of === 0) return false;
  const difference = BigInt(part) * BigInt(before.of) - BigInt(before.messages) * BigInt(of);
  return difference * 10_000n > BigInt(hundredths(points)) * BigInt(of) * BigInt(before.of);
}

/** The finding of a share over a threshold, or undefined. */
export function shareFinding(part: number, of: number, percent: number, place: Place | undefined): Finding | undefined {
  return place && isOver(part, of, percent) ? { messages: part, of, share: part / of, place } : undefined;
}

/** The earliest of some lines, in the order of files. */
export function firstOf(places: readonly (Place | undefined)[]): Place | undefined {
  return places.reduce(
    (first, place) =>
      !first || (place && (place.file < first.file || (place.file === first.file && place.line < first.line)))
        ? place
        : first,
    undefined,
  );
}
