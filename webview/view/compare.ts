import { previousPeriod } from '../../src/core/insights/judge';
import { TlsCode, tlsVersions } from '../../src/core/model';
import { knownTls, summarise, type TlsCounts } from '../../src/core/report/query';
import { tlsLabel } from '../../src/core/report/sentences';
import { swatch } from '../patterns';
import { h, show } from '../dom';
import { disclosure, Drawn, type Actions, type Page } from './part';

/** The period against the one of equal length just before, where the log reaches back that far. */
export class Comparison {
  readonly element = h('section', { class: 'card' });
  private readonly drawn = new Drawn();

  constructor(private readonly actions: Actions) {}

  update(page: Page): void {
    const { report, state, text } = page,
      { t } = text;
    if (!this.drawn.outdated(report, state.selection, state.open)) return;
    show(
      this.element,
      h('h3', { class: 'hidden' }, t('Compared with the previous period')),
      disclosure(page, this.actions, 'comparison', [t('Compared with the previous period')], () => {
        const { cube } = report.snapshot.analysis,
          before = previousPeriod(cube, report.filter(state.selection));
        if (!before)
          return [
            h(
              'p',
              {},
              t(
                'The log does not reach back to the start of a previous period of equal length. Choose a shorter period.',
              ),
            ),
          ];
        const { inbound, outbound } = summarise(cube, before, report.unit);
        return [
          h('p', { class: 'quiet' }, text.range(before.from!, before.to!)),
          table(
            page,
            report.tls(report.connectors(state.selection)).tls,
            inbound.tls.map((n, v) => n + outbound.tls[v]),
          ),
        ];
      }),
    );
  }
}

function table({ text, report }: Page, now: TlsCounts, before: TlsCounts): HTMLElement {
  const { t } = text,
    all = (tls: TlsCounts) => tls.reduce((sum, n) => sum + n, 0),
    known = [knownTls(now), knownTls(before)];
  const cell = (tls: TlsCounts, v: number, of: number) =>
    v === TlsCode.unknown ? text.number(tls[v]) : `${text.number(tls[v])} (${text.percent(tls[v], of)})`;
  const rows = tlsVersions.flatMap((version, v) =>
    now[v] === 0 && before[v] === 0
      ? []
      : [
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, swatch(v), tlsLabel(t, version)),
            h('td', { class: 'number' }, cell(now, v, known[0])),
            h('td', { class: 'number' }, cell(before, v, known[1])),
            h(
              'td',
              { class: 'number' },
              v === TlsCode.unknown || known.some((n) => n === 0)
                ? '–'
                : points(now[v] / known[0] - before[v] / known[1], (n) => text.share(Math.abs(n), 1)),
            ),
          ),
        ],
  );
  return h(
    'table',
    { class: 'figures' },
    h('caption', { class: 'hidden' }, t('Compared with the previous period')),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, t('TLS version')),
        [t('This period'), t('Previous period'), t('Change of the share')].map((label) =>
          h('th', { scope: 'col', class: 'number' }, label),
        ),
      ),
    ),
    h('tbody', {}, rows),
    h(
      'tfoot',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, report.unit ? t('Sessions') : t('Messages')),
        [now, before].map((tls) => h('td', { class: 'number' }, text.number(all(tls)))),
        h(
          'td',
          { class: 'number' },
          all(before) === 0 ? '–' : points(all(now) / all(before) - 1, (n) => text.share(Math.abs(n), 1)),
        ),
      ),
    ),
  );
}

function points(change: number, words: (n: number) => string): string {
  return `${change > 0 ? '+' : change < 0 ? '−' : '±'}${words(change)}`;
}
