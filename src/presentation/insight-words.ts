import type { Insight } from '../core/insights/insight';
import { insightSentence } from '../core/insights/insightsentences';
import type { Text } from './text';

/** An insight as a whole sentence in the reader's language and notation. */
export function insightWords(text: Text, insight: Insight): string {
  return insightSentence(
    text.t,
    insight,
    (n) => text.number(n),
    (share, digits) => text.share(share, digits),
  );
}
