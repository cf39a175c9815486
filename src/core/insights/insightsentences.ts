import { connectorLabel, directionLabel } from '../report/sentences';
import { shareText, type Percent } from '../text/share';
import type { Translate } from '../text/translate';
import { ruleOf } from './index';
import type { Insight } from './insight';
import { figuresOf, shareOf, type Rule } from './rule';

/** What an insight says in a few words. @param number writes the threshold, as 12.5 or 12,5. */
export function insightTitle(
  t: Translate,
  { id, threshold }: Pick<Insight, 'id' | 'threshold'>,
  number: (n: number) => string = String,
): string {
  return ruleOf(id).title(t, number(threshold));
}

/** Fewer messages than these are called few: one more or less of them moves a share by ten percent and more. */
const few = 10;

/**
 * The whole sentence: title, connector, figures, period. @param number writes a count or a threshold.
 * @param period the days that the figures are from.
 */
export function insightSentence(
  t: Translate,
  insight: Insight,
  period: string,
  number: (n: number) => string,
  percent: Percent,
): string {
  const { connector, direction } = insight;
  return t(
    '{0}: {1} ({2}), {3}, {4}.',
    insightTitle(t, insight, number),
    connectorLabel(t, connector, direction),
    directionLabel(t, direction),
    insightFigures(t, insight, number, percent),
    period,
  );
}

/** The figures of an insight, e.g. "30 of 40 messages (75%)"; where these are few it says so. */
export function insightFigures(
  t: Translate,
  insight: Insight,
  number: (n: number) => string,
  percent: Percent,
): string {
  const { id, messages, of, version, before } = insight;
  const figures = figuresOf(ruleOf(id), t, {
    messages: number(messages),
    of: number(of),
    share: insightShare(insight, percent),
    version,
    before: before && {
      messages: number(before.messages),
      of: number(before.of),
      share: shareText(before.messages, before.of, percent),
    },
  });
  return Math.max(messages, of) < few ? t('{0}; few messages', figures) : figures;
}

/** The share of an insight; of a volume, by how much it changed. */
export function insightShare(insight: Pick<Insight, 'id' | 'messages' | 'of' | 'threshold'>, percent: Percent): string {
  return shareOf(ruleOf(insight.id), insight, insight.threshold, percent);
}

/** What to do about an insight. @param format that of the log with the line that proves it. */
export function insightAdvice(
  t: Translate,
  { id, direction }: Pick<Insight, 'id' | 'direction'>,
  format: string | null,
): string {
  return ruleOf(id).advice(t, { direction, format });
}

/** What the setting of a rule's threshold does, in Markdown. */
export function settingText(t: Translate, { description }: Pick<Rule, 'description'>): string {
  return t(
    '{0} `null` turns the insight off. For single connectors: {1}.',
    description(t),
    '`#mailFlow.insights.overrides#`',
  );
}

/** What the setting of a rule's minimum volume does, in Markdown. */
export function minimumText(t: Translate, { title }: Pick<Rule, 'title'>): string {
  return t(
    'Least number of messages for the insight *{0}*: a share of fewer says little, and gives none.',
    title(t, '…'),
  );
}
