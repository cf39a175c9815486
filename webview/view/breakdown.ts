import type { Figure } from '../../src/core/drilldown/figure';
import { TlsCode, tlsVersions } from '../../src/core/model';
import { knownTls } from '../../src/core/report/query';
import type { Place } from '../../src/core/report/order';
import { tlsLabel } from '../../src/core/report/sentences';
import { ring, type Slice } from '../../src/presentation/charts';
import { h, show } from '../dom';
import { ChartFrame } from '../draw';
import { swatch } from '../patterns';
import type { TlsFigures } from '../report';
import { counted } from '../../src/presentation/wording';
import { figure, type Actions, type Page } from './part';

/** The TLS versions of some mail as a ring and as a table with count and share of each. */
export class Breakdown {
  readonly element = h('div', { class: 'breakdown' });
  private readonly chart: ChartFrame;
  private readonly table = h('div', { class: 'table-side' });

  constructor(
    private readonly actions: Actions,
    private readonly key: string,
  ) {
    this.chart = new ChartFrame(actions.redraw, actions.reveal);
    this.element.append(this.chart.element, this.table);
  }

  /** @param lines what all versions together count. */
  async update(page: Page, caption: string, { tls, places }: TlsFigures, lines: Figure): Promise<void> {
    const { text, report, theme } = page;
    const all = tls.reduce((sum, n) => sum + n, 0);
    show(this.table, this.tableOf(page, caption, tls, places, lines));
    if (all === 0) {
      this.chart.clear(text.t('No mail in this period.'));
      return;
    }
    const slices = tlsVersions.map((version, v): Slice => {
      const label = tlsLabel(text.t, version);
      return {
        count: tls[v],
        fill: theme.fills[v],
        label: version === 'tls' ? 'TLS' : label,
        tip: `${label}: ${counted(text, tls[v], report.unit)}`,
        place: places[v] ?? null,
      };
    });
    const words = slices
      .filter((slice) => slice.count > 0)
      .map((slice) => slice.tip)
      .join('; ');
    await this.chart.draw(
      (width) =>
        ring(
          slices,
          text.number(all),
          text.t('{0}, ring chart: {1}.', caption, words),
          Math.max(100, Math.min(180, width - 122)),
          theme,
        ),
      text,
    );
  }

  private tableOf(
    page: Page,
    caption: string,
    tls: readonly number[],
    places: readonly (Place | undefined)[],
    lines: Figure,
  ): HTMLElement {
    const { text } = page,
      { t } = text;
    const all = tls.reduce((sum, n) => sum + n, 0),
      known = knownTls(tls as number[]);
    const rows = tlsVersions.map((version, v) =>
      v === TlsCode.ssl30 && tls[v] === 0
        ? undefined
        : h(
            'tr',
            {},
            h('th', { scope: 'row' }, swatch(v), tlsLabel(t, version)),
            h(
              'td',
              { class: 'number' },
              figure(page, this.actions, text.number(tls[v]), places[v], `${this.key} ${version}`, {
                ...lines,
                tls: [version],
              }),
            ),
            h(
              'td',
              { class: 'number' },
              v !== TlsCode.unknown
                ? text.percent(tls[v], known)
                : tls[v] === 0
                  ? '–'
                  : h('span', { class: 'quiet' }, t('{0} of all', text.percent(tls[v], all))),
            ),
          ),
    );
    return h(
      'table',
      { class: 'figures' },
      h('caption', { class: 'hidden' }, caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, t('TLS version')),
          h('th', { scope: 'col', class: 'number' }, page.report.unit ? t('Sessions') : t('Messages')),
          h('th', { scope: 'col', class: 'number' }, t('Share')),
        ),
      ),
      h('tbody', {}, rows),
      h(
        'tfoot',
        {},
        h('tr', {}, h('th', { scope: 'row' }, t('Total')), h('td', { class: 'number' }, text.number(all)), h('td', {})),
      ),
    );
  }
}
