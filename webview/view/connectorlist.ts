import { typeLabel } from '../../src/core/report/sentences';
import { h, show, svg } from '../dom';
import { firstPlace } from '../../src/presentation/places';
import { connectorText } from '../../src/presentation/rows';
import { mix } from './mix';
import { figure, linkButton, name, type Actions, type Page } from './part';
import { others } from '../../src/presentation/wording';

const most = 10;

/** The largest connectors at a glance; each leads to its own report. */
export class ConnectorList {
  readonly element = h('section', { class: 'card' });

  constructor(private readonly actions: Actions) {}

  update(page: Page): void {
    const { text, report } = page,
      { t } = text;
    const connectors = report
      .connectors(undefined)
      .filter((c) => c.messages > 0)
      .sort((a, b) => b.messages - a.messages);
    const warned = new Set(
      report.insights.map((insight) => `${insight.direction} ${JSON.stringify(insight.connector)}`),
    );
    show(
      this.element,
      h('h2', {}, t('Connectors')),
      h(
        'div',
        { class: 'scroll', 'data-scroll': 'connectors', tabindex: 0, role: 'region', 'aria-label': t('Connectors') },
        h(
          'table',
          { class: 'figures wide' },
          h('caption', { class: 'hidden' }, t('Connectors')),
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('th', { scope: 'col' }, t('Connector direction and name')),
              h('th', { scope: 'col', class: 'optional' }, t('Connector type')),
              h('th', { scope: 'col', class: 'number' }, t('Volume')),
              h('th', { scope: 'col' }, t('TLS used')),
            ),
          ),
          h(
            'tbody',
            {},
            connectors.slice(0, most).map((c, i) =>
              h(
                'tr',
                {},
                h(
                  'th',
                  { scope: 'row' },
                  h(
                    'button',
                    {
                      class: 'link',
                      'data-key': `connector ${i}`,
                      title: t('Show this connector in the report'),
                      onclick: () =>
                        this.actions.change({
                          surface: 'connectors',
                          selection: { connector: c.name, direction: c.direction as 'inbound' | 'outbound' },
                        }),
                    },
                    name(connectorText(text, c.name, c.direction)),
                  ),
                  warned.has(`${c.direction} ${JSON.stringify(c.name)}`) && sign(t('It has an insight')),
                ),
                h('td', { class: 'optional' }, typeLabel(t, c.type)),
                h(
                  'td',
                  { class: 'number' },
                  figure(page, this.actions, text.number(c.messages), firstPlace(c.places), `volume ${i}`, {
                    connectors: [c.name],
                    directions: [c.direction],
                  }),
                ),
                h('td', {}, mix(text, c.tls)),
              ),
            ),
          ),
        ),
      ),
      connectors.length > most &&
        h(
          'p',
          { class: 'more' },
          linkButton(others(text, connectors.length - most), 'other connectors', () =>
            this.actions.change({ surface: 'connectors', selection: undefined }),
          ),
        ),
    );
  }
}

/** The triangle of a warning; with words where it stands alone. */
export function sign(words?: string): SVGSVGElement {
  return svg(
    'svg',
    {
      class: 'warning',
      width: 16,
      height: 16,
      viewBox: '0 0 16 16',
      ...(words ? { role: 'img', 'aria-label': words } : { 'aria-hidden': 'true' }),
    },
    words && svg('title', {}, words),
    svg('path', { d: 'M8 1.8 15 14H1Z M8 6v4 M8 11.6v.9' }),
  );
}
