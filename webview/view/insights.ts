import { figureOfInsight, proofOf, versionsOf } from '../../src/core/insights/counted';
import type { Insight } from '../../src/core/insights/insight';
import { UnitCode } from '../../src/core/model';
import { remotesOf, type RemoteSummary } from '../../src/core/report/remotes';
import { rules as allRules } from '../../src/core/insights/index';
import { insightFigures, insightTitle } from '../../src/core/insights/insightsentences';
import { h, show } from '../dom';
import { firstPlace } from '../../src/presentation/places';
import { connectorText } from '../../src/presentation/rows';
import { sameSelection, type Selection } from '../state';
import { sign } from './connectorlist';
import { ignoredList } from './ignored';
import { hostLabel } from './remotes';
import { disclosure, Drawn, linkButton, name, type Actions, type Page } from './part';
import { others } from '../../src/presentation/wording';

/** How many remote hosts stand behind an insight: enough to know whom to call. */
const mostHosts = 5;
/** Insights that are listed at first, and when the reader asks for more; exports have all of them. */
const fewInsights = 8,
  mostInsights = 50;

/** What needs attention. Each insight leads to the line that proves it, to its connector and to the hosts behind it. */
export class InsightList {
  readonly element = h('section', { class: 'card insights' });

  private readonly drawn = new Drawn();

  constructor(private readonly actions: Actions) {}

  update(page: Page, selection: Selection): void {
    if (!this.drawn.outdated(page.report, selection, page.state.open)) return;
    const { t } = page.text,
      { limits } = page.report.snapshot,
      { period } = page.report.summary;
    // Insights are about messages; aggregate reports of sessions have none.
    this.element.hidden = page.report.unit === UnitCode.session;
    const chosen = (i: Insight) =>
      i.direction !== 'internal' &&
      (!selection || sameSelection(selection, { connector: i.connector, direction: i.direction }));
    const all = page.report.insights.filter(chosen),
      ignored = page.report.ignored.filter(({ insight }) => chosen(insight));
    const more = page.state.open.includes('insights'),
      shown = all.slice(0, more ? mostInsights : fewInsights);
    const rules = allRules.flatMap(({ id, setting }) => {
      const threshold = limits[setting];
      return threshold === undefined ? [] : [insightTitle(t, { id, threshold }, (n) => page.text.number(n))];
    });
    show(
      this.element,
      h('h2', {}, t('Insights'), all.length > 0 && h('span', { class: 'badge' }, page.text.number(all.length))),
      period && h('p', { class: 'quiet' }, page.text.span(period.from, period.to)),
      shown.length > 0 &&
        h(
          'ul',
          { class: 'plain' },
          shown.map((insight) => this.item(page, insight, selection)),
        ),
      more &&
        all.length > shown.length &&
        h('p', { class: 'quiet' }, t('{0} more are in the exports.', page.text.number(all.length - shown.length))),
      all.length > fewInsights &&
        h(
          'p',
          {},
          linkButton(more ? t('Show fewer') : t('Show more'), 'more insights', () =>
            this.actions.toggle('insights', !more),
          ),
        ),
      all.length === 0 &&
        h(
          'p',
          {},
          ignored.length > 0
            ? t('All insights here are ignored, as told below.')
            : page.report.insights.length > 0
              ? t('No insight for this connector.')
              : t('No connector is over a limit.'),
        ),
      ignoredList(page, this.actions, ignored),
      h(
        'p',
        { class: 'quiet' },
        rules.length > 0 ? t('Limits: {0}.', rules.join('; ')) : t('All insights are turned off.'),
        ' ',
        linkButton(t('Change limits'), 'limits', () => this.actions.post({ type: 'command', command: 'openSettings' })),
      ),
    );
  }

  private item(page: Page, insight: Insight, selection: Selection): HTMLElement {
    const { text } = page,
      { t } = text;
    const key = `${insight.id} ${insight.direction} ${JSON.stringify(insight.connector)}`;
    const connector = connectorText(text, insight.connector, insight.direction);
    const own: Selection = { connector: insight.connector, direction: insight.direction as 'inbound' | 'outbound' };
    return h(
      'li',
      { class: 'insight' },
      sign(),
      h(
        'div',
        {},
        h(
          'button',
          {
            class: 'figure title',
            'data-key': key,
            title: t('Show the line that proves it'),
            onclick: () => this.actions.reveal(proofOf(insight)),
          },
          insightTitle(t, insight, (n) => text.number(n)),
        ),
        h(
          'p',
          {},
          selection
            ? name(connector)
            : h(
                'button',
                {
                  class: 'link',
                  'data-key': `go ${key}`,
                  title: t('Show this connector in the report'),
                  onclick: () => this.actions.change({ surface: 'connectors', selection: own, view: 'tls' }),
                },
                name(connector),
              ),
        ),
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
          {},
          linkButton(t('Show lines'), `lines ${key}`, () =>
            this.actions.post({
              type: 'lines',
              figure: figureOfInsight(page.report.snapshot.analysis.cube, page.report.filter(own), insight),
            }),
          ),
        ),
        disclosure(page, this.actions, `hosts ${key}`, [t('Remote hosts behind it')], () => [
          this.hosts(page, insight, own),
        ]),
      ),
    );
  }

  private hosts(page: Page, insight: Insight, own: Selection): HTMLElement {
    const { text, report } = page;
    const versions = versionsOf(insight) ?? [undefined];
    const hosts = new Map<string, RemoteSummary>();
    for (const version of versions) {
      for (const host of remotesOf(report.cube, report.filter(own), 1000, report.unit, version)) {
        const before = hosts.get(host.host);
        hosts.set(
          host.host,
          before
            ? { ...host, messages: host.messages + before.messages, place: firstPlace([before.place, host.place])! }
            : host,
        );
      }
    }
    const sorted = [...hosts.values()].sort((a, b) => b.messages - a.messages);
    return h(
      'ul',
      { class: 'plain hosts' },
      sorted.slice(0, mostHosts).map((host) =>
        h(
          'li',
          {},
          h(
            'button',
            {
              class: 'figure',
              title: text.t('Show the first line in the log'),
              onclick: () => this.actions.reveal(host.place),
            },
            name(hostLabel(text, host.host)),
          ),
          ' ',
          h('span', { class: 'number' }, text.number(host.messages)),
        ),
      ),
      sorted.length > mostHosts && h('li', { class: 'quiet' }, others(text, sorted.length - mostHosts)),
    );
  }
}
