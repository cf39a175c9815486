import type { BaselineConnector } from '../report/baseline';
import type { Place } from '../report/order';
import type { ConnectorSummary } from '../report/query';
import { shareOverText, type Percent } from '../text/share';
import type { Translate } from '../text/translate';
import type { Direction, Fault, TlsVersion } from '../model';

/** From worst to mildest. */
export const severities = ['error', 'warning', 'information'] as const;
export type Severity = (typeof severities)[number];

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

/** What a rule may look at. */
export interface Facts {
  connector: ConnectorSummary;
  /**
   * The connector in the period of equal length just before, all zeros when no mail went through it then. Undefined
   * when the log does not reach back to the start of that period: nothing may be concluded from mail that is not there.
   */
  previous: ConnectorSummary | undefined;
  /** The connector in an earlier report. */
  baseline: BaselineConnector | undefined;
}

/** Percent of a total, number of messages, or percentage points between two shares. */
type ThresholdUnit = 'percent' | 'messages' | 'points';

/** Which of the messages of a connector a finding counts; without a member, all of them. */
interface Counted {
  tls?: readonly TlsVersion[];
  fault?: Exclude<Fault, ''>;
  /** Whether it counts a cipher suite, by its logged name. */
  cipher?: (suite: string) => boolean;
}

/** The figures of a finding as the reader writes them. */
export interface FiguresInWords {
  messages: string;
  of: string;
  share: string;
  version: TlsVersion | undefined;
  before: { messages: string; of: string; share: string } | undefined;
}

/** Where advice is for: the connector's direction, and the format of the log with the line that proves the finding. */
interface AdviceFor {
  direction: Direction;
  format: string | null;
}

/**
 * All that an insight is: what it counts, its settings and its sentences. Everything that lists insights is derived or
 * generated from it. Its pages are media/insights/<id>.md and <id>.it.md; the latter has the Italian of the sentences.
 */
export interface Rule<Id extends string = string, Setting extends string = string> {
  /** Stays the same when the user changes the threshold. */
  readonly id: Id;
  /** The threshold is the setting `mailFlow.insights.<setting>.threshold`. */
  readonly setting: Setting;
  /** The threshold where the user sets none; null where the rule is off then. */
  readonly default: number | null;
  /** The place in lists and settings. Of findings that are equally bad, that of the lower order comes first. */
  readonly order: number;
  readonly unit: ThresholdUnit;
  /** The range of the threshold. */
  readonly least: number;
  readonly most: number;
  readonly severity: Severity;
  /** What a finding is compared with; nothing is found where that is missing. */
  readonly compares?: 'previous' | 'baseline';
  /** The id of a rule that this one makes superfluous: where both find something, only this one is shown. */
  readonly covers?: string;
  /** @param version that of the finding. */
  counts(version: TlsVersion | undefined): Counted;
  check(facts: Facts, threshold: number): Finding | undefined;
  /** What the insight says in a few words. The first line of its pages is the same, with … for the threshold. */
  title(t: Translate, threshold: string): string;
  /** What the threshold is, for the settings. */
  description(t: Translate): string;
  /** What to do, in one or two sentences; its page says more. */
  advice(t: Translate, where: AdviceFor): string;
  /** The figures of a finding, where "3 of 4 messages (75%)" is not what the rule says. */
  figures?(t: Translate, figures: FiguresInWords): string;
  /** The share of a finding, where it is not over the threshold. */
  share?(finding: Pick<Finding, 'messages' | 'of'>, threshold: number, percent: Percent): string;
}

/** Keeps the id and the name of the setting as literals, from which the types of all ids and settings follow. */
export function rule<const Id extends string, const Setting extends string>(one: Rule<Id, Setting>): Rule<Id, Setting> {
  return one;
}

/** Whether a rule compares shares, which say little of a few messages, so that a minimum volume is a setting of it. */
export function hasMinimum({ unit }: Pick<Rule, 'unit'>): boolean {
  return unit !== 'messages';
}

/** The most that a minimum volume may be. */
export const mostMinimum = 1_000_000_000;

/** A threshold in percent of messages. */
export const percentage = { unit: 'percent', least: 0, most: 100 } as const;

/** "75%", of which one share is over a threshold and reads so. */
export function shareOf(
  { share }: Pick<Rule, 'share'>,
  finding: Pick<Finding, 'messages' | 'of'>,
  threshold: number,
  percent: Percent,
): string {
  return share?.(finding, threshold, percent) ?? shareOverText(finding.messages, finding.of, threshold, percent);
}

/** "3 of 4 messages (75%)", or what a rule says instead. */
export function figuresOf({ figures }: Pick<Rule, 'figures'>, t: Translate, words: FiguresInWords): string {
  return figures?.(t, words) ?? t('{0} of {1} messages ({2})', words.messages, words.of, words.share);
}
