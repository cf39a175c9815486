import { UnitCode } from '../../src/core/model';
import { periods, type Period } from '../../src/core/report/period';
import { serverLabel } from '../../src/core/report/sentences';
import type { Server } from '../../src/core/report/servers';
import { displayText } from '../../src/core/text/display';
import { coverageSentence } from '../../src/presentation/coverage';
import { button, DropDown } from '../controls';
import { h, show } from '../dom';
import type { Surface } from '../state';
import { ExportMenu } from './export';
import { Drawn, linkButton, type Actions, type Page, type Part } from './part';

/** The head of every surface: where the reader is, the period with its time zone, and what is counted. */
export class Header implements Part {
  readonly element = h('header', { class: 'head' });
  private readonly title = h('h1');
  private readonly nav = h('nav');
  private readonly period: DropDown;
  private readonly unit: DropDown;
  private readonly server: DropDown;
  private servers: readonly Server[] = [];
  private readonly dates: DatesForm;
  private readonly exports: ExportMenu;
  private readonly span = h('p', { class: 'span' });
  private readonly progress = h('div', { class: 'progress-line' });
  private readonly drawn = new Drawn();
  /** The reader has chosen two dates but not applied them yet. */
  private choosing = false;

  constructor(private readonly actions: Actions) {
    this.exports = new ExportMenu(actions);
    this.dates = new DatesForm((period) => {
      this.choosing = false;
      actions.period(period);
    });
    this.period = new DropDown((value) => {
      this.choosing = value === 'dates';
      if (isPreset(value)) actions.period(value);
      actions.redraw();
    });
    this.unit = new DropDown((value) =>
      actions.change({ unit: value === 'session' ? UnitCode.session : UnitCode.message }),
    );
    this.server = new DropDown((value) => {
      actions.change({ server: value === '' ? undefined : this.servers[Number(value)] });
    });
    this.element.append(
      h('div', { class: 'bar-line' }, this.title, this.nav),
      h(
        'div',
        { class: 'controls' },
        this.period.element,
        this.dates.element,
        this.server.element,
        this.unit.element,
        this.exports.element,
        this.span,
      ),
      this.progress,
    );
  }

  update(page: Page): void {
    const { text, report, state } = page,
      { t } = text;
    const { snapshot } = report,
      { analysis, period } = snapshot;
    this.dates.update(page);
    const { surface, selection, server, pseudonyms } = state;
    if (!this.drawn.outdated(report, text, surface, selection, server, pseudonyms, this.choosing)) return;
    this.title.textContent = t('Mail Flow Report');
    this.nav.setAttribute('aria-label', t('Parts of the report'));
    const surfaces: [Surface, string][] = [
      ['overview', t('Overview')],
      ['tls', t('Protected in transit')],
      ['connectors', t('Connector report')],
      ['map', t('Mail flow map')],
    ];
    show(
      this.nav,
      surfaces.map(([surface, label]) => {
        const link = linkButton(label, surface, () => this.actions.change({ surface }));
        if (surface === state.surface) link.setAttribute('aria-current', 'page');
        return link;
      }),
    );
    const chosen = this.choosing || typeof period === 'object' ? 'dates' : period;
    this.period.update(
      t('Period'),
      [
        { value: '7d', label: t('Last 7 days') },
        { value: '30d', label: t('Last 30 days') },
        { value: '90d', label: t('Last 90 days') },
        { value: 'all', label: t('Everything') },
        { value: 'dates', label: t('Two dates…') },
      ],
      chosen,
    );
    this.dates.element.hidden = chosen !== 'dates';
    this.unit.element.hidden = !(report.has.messages && report.has.sessions);
    this.unit.update(
      t('Count'),
      [
        { value: 'message', label: t('Messages') },
        { value: 'session', label: t('Sessions in TLS reports') },
      ],
      report.unit === UnitCode.session ? 'session' : 'message',
    );
    this.showServers(page);
    this.exports.update(page);
    const { cellMinutes } = analysis.cube,
      span = report.summary.period;
    show(
      this.span,
      span && h('span', {}, text.range(span.from, span.to)),
      h('span', { class: 'quiet' }, t('Time zone: {0}', displayText(snapshot.timeZone))),
      h('span', { class: 'quiet' }, coverageSentence(text, report.coverage)),
      cellMinutes > 1 &&
        h(
          'span',
          { class: 'quiet' },
          t('The log is very large, so times are kept in steps of {0} minutes', text.number(cellMinutes)),
        ),
    );
    this.showProgress(page);
  }

  /** The choice of a server, where there are several. */
  private showServers({ text: { t }, servers, state }: Page): void {
    this.servers = servers;
    this.server.element.hidden = servers.length === 0;
    this.server.update(
      t('Server'),
      [
        { value: '', label: t('All servers') },
        ...servers.map((name, i) => ({ value: String(i), label: serverLabel(t, name) })),
      ],
      state.server === undefined ? '' : String(servers.indexOf(state.server)),
    );
  }

  private showProgress(page: Page): void {
    const { text, report } = page,
      { t } = text,
      { reading, analysis } = report.snapshot,
      { read, total } = analysis.progress;
    if (!reading) {
      show(
        this.progress,
        !analysis.complete &&
          h(
            'p',
            { class: 'fault', role: 'status' },
            t(
              'Reading was stopped: the figures are of what had been read until then. Open the log again to read it all.',
            ),
          ),
      );
      return;
    }
    const share = total > 0 ? Math.min(0.99, read / total) : 0;
    const label = t(
      'Reading the log: {0}. The figures are of what has been read so far.',
      text.share(Math.floor(share * 100) / 100, 0),
    );
    show(
      this.progress,
      h('progress', { max: 1, value: share, 'aria-label': t('Reading the log') }),
      h('p', { class: 'quiet' }, label),
    );
  }
}

/** Two dates of the report's zone; the second one is the last day that counts. */
class DatesForm {
  /** No form: the page may not submit any, and Enter would do nothing in one. */
  readonly element = h('div', {
    class: 'dates',
    role: 'group',
    onkeydown: (event) => {
      if ((event as KeyboardEvent).key === 'Enter' && event.target instanceof HTMLInputElement) this.submit();
    },
  });
  private readonly from = h('input', { type: 'date', id: 'period-from' });
  private readonly to = h('input', { type: 'date', id: 'period-to' });
  private readonly labels = [h('label', { for: 'period-from' }), h('label', { for: 'period-to' })];
  private readonly apply = h('span');

  constructor(private readonly chosen: (period: Period) => void) {
    this.element.append(
      h('div', { class: 'field' }, this.labels[0], this.from),
      h('div', { class: 'field' }, this.labels[1], this.to),
      this.apply,
    );
  }

  update(page: Page): void {
    const { t } = page.text,
      { zone, summary } = page.report;
    this.element.setAttribute('aria-label', t('Period'));
    this.labels[0].textContent = t('First day');
    this.labels[1].textContent = t('Last day');
    if (!this.apply.firstChild) this.apply.append(button(t('Apply'), () => this.submit()));
    if (document.activeElement === this.from || document.activeElement === this.to) return;
    const day = (moment: number) => new Date(moment + zone.offsetAt(moment)).toISOString().slice(0, 10);
    if (
      summary.period &&
      (this.from.value === '' || this.element.hidden || typeof page.report.snapshot.period === 'object')
    ) {
      this.from.value = day(summary.period.from);
      this.to.value = day(summary.period.to - 1);
    }
  }

  private submit(): void {
    const next =
      this.to.value === '' ? undefined : new Date(Date.parse(this.to.value) + 86_400_000).toISOString().slice(0, 10);
    this.chosen({ from: this.from.value || undefined, to: next });
  }
}

function isPreset(value: string): value is (typeof periods)[number] {
  return periods.includes(value as (typeof periods)[number]);
}
