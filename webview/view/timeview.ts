import type { Milliseconds } from '../../src/core/model';
import type { ConnectorSummary } from '../../src/core/report/query';
import type { Chart } from '../../src/presentation/charts';
import type { Counted, Course } from '../../src/presentation/charts-time';
import { nameWithCoverage } from '../../src/presentation/coverage';
import { h, show } from '../dom';
import { ChartFrame } from '../draw';
import { disclosure, Drawn, figure, name, pictureButtons, type Actions, type Page } from './part';

/** Most rows of the table twin of a chart. */
const mostRows = 400;

/** What the lines or bars over time are counted from, with the connectors of the selection. */
export type Selected = Counted & { connectors: readonly ConnectorSummary[] };

/** What a view shows over time. */
export interface TimeContent {
  courses: readonly Course[];
  /** Stands between the chart and its table. */
  words: Node | false;
  /** The chart, or why there is none. */
  chart: ((width: number) => Chart) | string;
  /** What is drawn beside the chart and has to be seen with it. */
  others?: Promise<void>;
}

/** A chart over time with its words, its table, and a brush that chooses a shorter period. */
export class TimeView {
  readonly element = h('div');
  private readonly chart: ChartFrame;
  private readonly below = h('div');
  private readonly charted = new Drawn();
  private readonly drawn = new Drawn();
  private selected: Selected | undefined;
  private content: TimeContent | undefined;
  private drawing: Promise<void> = Promise.resolve();

  /**
   * @param key of its table among the disclosures. @param beside an element of the view's own that stands below all
   * this.
   */
  constructor(
    private readonly actions: Actions,
    private readonly key: string,
    private readonly make: (page: Page, selected: Selected) => TimeContent,
    private readonly beside?: HTMLElement,
  ) {
    this.chart = new ChartFrame(actions.redraw, actions.reveal);
    this.element.append(this.chart.element, this.below, ...(beside ? [beside] : []));
  }

  /**
   * Fulfilled when the chart can be seen. @param select what is to be shown; undefined where there is no mail. @returns
   * whether anything had to be drawn.
   */
  async update(page: Page, title: string, select: () => Selected | undefined): Promise<boolean> {
    const { report, state, theme } = page,
      fresh = this.charted.outdated(report, state.selection, theme) || this.chart.misfit,
      outdated = this.drawn.outdated(state.open) || fresh;
    if (fresh) {
      this.selected = select();
      this.content = this.selected && this.make(page, this.selected);
    }
    if (outdated) this.showBelow(page, title);
    if (fresh) this.drawing = this.draw(page);
    await this.drawing;
    return outdated;
  }

  private showBelow(page: Page, title: string): void {
    const { selected, content } = this,
      { t } = page.text,
      uncovered = page.report.uncovered(page.text);
    if (this.beside) this.beside.hidden = !content;
    if (!selected || !content) {
      show(this.below);
      return;
    }
    show(
      this.below,
      content.words,
      uncovered !== '' && h('p', { class: 'quiet' }, uncovered),
      disclosure(page, this.actions, this.key, [t('Show as a table')], () => [
        this.table(page, title, content.courses, selected),
      ]),
      pictureButtons(page, this.actions, 'time', () => this.chart.picture),
      h('p', { class: 'quiet' }, t('Drag over the chart to choose a shorter period, or take two dates above.')),
    );
  }

  private async draw({ report, text }: Page): Promise<void> {
    const { selected, content } = this;
    if (!selected || !content) {
      this.chart.clear(text.t('No mail in this period.'));
      return;
    }
    const { buckets, times } = selected,
      moment = (wall: Milliseconds) => new Date(report.zone.toUtc(wall)).toISOString();
    const brush = {
      values: times.map(String),
      chosen: (first: number, last: number) =>
        this.actions.period({ from: moment(times[first]), to: moment(buckets.after(times[last])) }),
    };
    if (typeof content.chart === 'string') this.chart.clear(content.chart);
    else await this.chart.draw(content.chart, text, brush);
    await content.others;
  }

  private table(page: Page, title: string, courses: readonly Course[], selected: Selected): HTMLElement {
    const { text } = page,
      { t } = text,
      { buckets, times, states } = selected;
    const filled = times
      .map((time, i) => ({ time, i, empty: courses.every((course) => course.counts[i] === 0) }))
      .filter(({ i, empty }) => !empty || states[i] === 'none')
      .reverse();
    return h(
      'div',
      { class: 'scroll', 'data-scroll': 'volume', tabindex: 0, role: 'region', 'aria-label': title },
      h(
        'table',
        { class: 'figures wide' },
        h('caption', { class: 'hidden' }, title),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, t('Date')),
            courses.map((course) => h('th', { scope: 'col', class: 'number' }, name(course.name))),
          ),
        ),
        h(
          'tbody',
          {},
          filled.slice(0, mostRows).map(({ time, i, empty }) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, nameWithCoverage(text, buckets.name(text, time), states[i])),
              courses.map((course, s) =>
                h(
                  'td',
                  { class: 'number' },
                  empty
                    ? '–'
                    : figure(
                        page,
                        this.actions,
                        text.number(course.counts[i]),
                        course.places[i],
                        `volume ${s} ${time}`,
                      ),
                ),
              ),
            ),
          ),
        ),
        h(
          'tfoot',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, t('Total')),
            courses.map((course) => h('td', { class: 'number' }, text.number(course.total))),
          ),
        ),
      ),
      filled.length > mostRows &&
        h(
          'p',
          { class: 'quiet' },
          t(
            'The newest {0} of {1} rows; the details below have all.',
            text.number(mostRows),
            text.number(filled.length),
          ),
        ),
    );
  }
}
