import type { Insight } from '../core/insights/insight';
import { insightSentence } from '../core/insights/insightsentences';
import type { Milliseconds } from '../core/model';
import type { Text } from './text';

/** The time that the figures of an insight are from; `to` is exclusive. */
export interface InsightPeriod {
  from: Milliseconds;
  to: Milliseconds;
}

/** An insight as a whole sentence in the reader's language and notation. */
export function insightWords(text: Text, insight: Insight, { from, to }: InsightPeriod): string {
  return insightSentence(
    text.t,
    insight,
    text.span(from, to),
    (n) => text.number(n),
    (share, digits) => text.share(share, digits),
  );
}
