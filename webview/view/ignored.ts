import { proofOf } from '../../src/core/insights/counted';
import type { Ignored } from '../../src/core/insights/find';
import { insightFigures, insightTitle } from '../../src/core/insights/insightsentences';
import { displayText } from '../../src/core/text/display';
import { connectorText } from '../../src/presentation/rows';
import { others } from '../../src/presentation/wording';
import { h } from '../dom';
import { name, type Actions, type Page } from './part';

/** Ignored insights that are named; the others are counted. */
const mostIgnored = 20;

/**
 * The insights that the settings ignore, each with its figures, until when and why: what is ignored is never left out
 * in silence.
 */
export function ignoredList({ text }: Page, actions: Actions, ignored: readonly Ignored[]): HTMLElement | false {
  const { t } = text;
  if (ignored.length === 0) return false;
  return h(
    'section',
    { class: 'ignored' },
    h('h3', {}, t('Ignored insights')),
    h(
      'ul',
      { class: 'plain' },
      ignored.slice(0, mostIgnored).map(({ insight, override: { until, reason } }) => {
        const day = text.wall(Date.parse(until), { dateStyle: 'medium' });
        return h(
          'li',
          { class: 'insight' },
          h(
            'div',
            {},
            h(
              'button',
              {
                class: 'figure',
                'data-key': `ignored ${insight.id} ${insight.direction} ${JSON.stringify(insight.connector)}`,
                title: t('Show the line that proves it'),
                onclick: () => actions.reveal(proofOf(insight)),
              },
              insightTitle(t, insight, (n) => text.number(n)),
            ),
            h('p', {}, name(connectorText(text, insight.connector, insight.direction))),
            h(
              'p',
              {},
              insightFigures(
                t,
                insight,
                (n) => text.number(n),
                (share, digits) => text.share(share, digits),
              ),
            ),
            h(
              'p',
              { class: 'quiet' },
              reason ? t('Ignored until {0}: {1}', day, displayText(reason)) : t('Ignored until {0}.', day),
            ),
          ),
        );
      }),
    ),
    ignored.length > mostIgnored && h('p', { class: 'quiet' }, others(text, ignored.length - mostIgnored)),
  );
}
