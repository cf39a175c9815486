import { TlsCode, tlsVersions } from '../../src/core/model';
import { knownTls, protectedByTls } from '../../src/core/report/query';
import { directionLabel } from '../../src/core/report/sentences';
import { ring, type Slice } from '../../src/presentation/charts';
import { h, show } from '../dom';
import { ChartFrame } from '../draw';
import { swatch } from '../patterns';
import { firstPlace } from '../../src/presentation/places';
import { counted, flowSentence, sentenceStart, unknownSentence } from '../../src/presentation/wording';
import { ConnectorList } from './connectorlist';
import { InsightList } from './insights';
import { figure, linkButton, type Actions, type Page, type Part } from './part';

/** The widget "Outbound and inbound mail flow", and beside it what needs attention. */
export class Overview implements Part {
  readonly element = h('section', { class: 'surface' });
  private readonly title = h('h2');
  private readonly insights: InsightList;
  private readonly flows: Flow[];
  private readonly more = h('p', { class: 'more' });
  private readonly list: ConnectorList;

  constructor(private readonly actions: Actions) {
    this.insights = new InsightList(actions);
    this.list = new ConnectorList(actions);
    this.flows = (['outbound', 'inbound'] as const).map((direction) => new Flow(direction, actions));
    this.element.append(
      h(
        'div',
        { class: 'beside' },
        h(
          'div',
          { class: 'stack' },
          h(
            'section',
            { class: 'card' },
            this.title,
            h(
              'div',
              { class: 'flows' },
              this.flows.map((flow) => flow.element),
            ),
            this.more,
          ),
          this.list.element,
        ),
        this.insights.element,
      ),
    );
  }

  async update(page: Page): Promise<void> {
    const { t } = page.text;
    this.title.textContent = t('Outbound and inbound mail flow');
    show(
      this.more,
      linkButton(t('View details'), 'view details', () => this.actions.change({ surface: 'tls' })),
    );
    this.insights.update(page, undefined);
    this.list.update(page);
    await Promise.all(this.flows.map((flow) => flow.update(page)));
  }
}

/** One direction: its total, the protected share as a ring, and the sentence. */
class Flow {
  readonly element = h('div', { class: 'flow' });
  private readonly head = h('h3');
  private readonly words = h('div', { class: 'words' });
  private readonly chart: ChartFrame;

  constructor(
    private readonly direction: 'inbound' | 'outbound',
    private readonly actions: Actions,
  ) {
    this.chart = new ChartFrame(actions.redraw, actions.reveal);
    this.element.append(this.head, this.chart.element, this.words);
  }

  async update(page: Page): Promise<void> {
    const { text, report, theme } = page,
      { t } = text;
    const { tls, places } = report.ofDirection(this.direction);
    const all = tls.reduce((sum, n) => sum + n, 0),
      known = knownTls(tls),
      safe = protectedByTls(tls),
      label = directionLabel(t, this.direction);
    show(
      this.head,
      `${t('{0}:', label)} `,
      figure(page, this.actions, text.number(all), firstPlace(places), `all ${this.direction}`, {
        directions: [this.direction],
      }),
    );
    const rows = [
      {
        label: t('Protected'),
        count: safe,
        version: TlsCode.tls13,
        of: tlsVersions.slice(TlsCode.ssl30, TlsCode.unknown),
        place: firstPlace(places.slice(TlsCode.ssl30, TlsCode.unknown)),
      },
      {
        label: t('No TLS'),
        count: tls[TlsCode.none],
        version: TlsCode.none,
        of: tlsVersions.slice(TlsCode.none, TlsCode.ssl30),
        place: places[TlsCode.none],
      },
    ];
    const note = unknownSentence(text, tls[TlsCode.unknown], all, report.unit);
    show(
      this.words,
      h('p', {}, flowSentence(text, this.direction, sentenceStart(text, report.periodInWords), tls, report.unit)),
      note !== '' && h('p', { class: 'quiet' }, note),
      known > 0 &&
        h(
          'table',
          { class: 'figures' },
          h('caption', { class: 'hidden' }, label),
          h(
            'thead',
            { class: 'hidden' },
            h(
              'tr',
              {},
              h('th', { scope: 'col' }, t('TLS version')),
              h('th', { scope: 'col' }, t('Messages')),
              h('th', { scope: 'col' }, t('Share')),
            ),
          ),
          h(
            'tbody',
            {},
            rows.map((row) =>
              h(
                'tr',
                {},
                h('th', { scope: 'row' }, swatch(row.version), row.label),
                h(
                  'td',
                  { class: 'number' },
                  figure(
                    page,
                    this.actions,
                    text.number(row.count),
                    row.count > 0 ? row.place : undefined,
                    `${this.direction} ${row.version}`,
                    { directions: [this.direction], tls: row.of },
                  ),
                ),
                h('td', { class: 'number' }, text.percent(row.count, known)),
              ),
            ),
          ),
        ),
    );
    if (all === 0) {
      this.chart.clear(t('No mail in this period.'));
      return;
    }
    const slices =
      known === 0
        ? [
            {
              count: all,
              fill: theme.fills[TlsCode.unknown],
              label: '',
              tip: `${t('Unknown')}: ${counted(text, all, report.unit)}`,
              place: places[TlsCode.unknown] ?? null,
            },
          ]
        : rows.map(({ label, count, version, place }): Slice => ({
            count,
            fill: theme.fills[version],
            label: '',
            tip: `${label}: ${text.number(count)} (${text.percent(count, known)})`,
            place: place ?? null,
          }));
    const share = known === 0 ? '?' : text.percent(safe, known);
    await this.chart.draw(
      () =>
        ring(slices, share, t('{0}, ring chart: {1}.', label, slices.map((slice) => slice.tip).join('; ')), 120, theme),
      text,
    );
  }
}
