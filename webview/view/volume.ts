import type { Milliseconds } from '../../src/core/model';
import { bucketsOf, dashOf, shapes, tlsChart, tlsCourses, volumeChart, volumeLines, type Course, type Line } from '../../src/presentation/charts-time';
import type { Buckets } from '../../src/presentation/buckets';
import { h, show, svg } from '../dom';
import { ChartFrame } from '../draw';
import { periodPhrase, unknownSentence } from '../../src/presentation/wording';
import { Breakdown } from './breakdown';
import { disclosure, Drawn, figure, name, ofSelection, pictureButtons, type Actions, type Page } from './part';

/** Most rows of the table twin of a chart. */
const mostRows = 400;

/** The chart of the connector report, in either view, with its legend and its table. */
export class TimePanel {
  readonly element = h('section', { class: 'card' });
  private readonly title = h('h3');
  private readonly chart: ChartFrame;
  private readonly below = h('div');
  private readonly breakdown: Breakdown;

  private readonly drawn = new Drawn();
  private width = 0;
  private drawing: Promise<void> = Promise.resolve();

  constructor(private readonly actions: Actions) {
    this.chart = new ChartFrame(actions.redraw, actions.reveal);
    this.breakdown = new Breakdown(actions, 'selection');
    new ResizeObserver(([{ contentRect }]) => { this.width = contentRect.width; }).observe(this.element);
    this.element.append(this.title, this.chart.element, this.below, this.breakdown.element);
  }

  /** Fulfilled when the chart can be seen. @returns whether it had to be drawn. */
  async update(page: Page): Promise<boolean> {
    const { report, state, theme } = page, outdated = this.drawn.outdated(report, state.selection, state.view, state.open, theme, this.width);
    if (outdated) this.drawing = this.draw(page);
    await this.drawing;
    return outdated;
  }

  private async draw(page: Page): Promise<void> {
    const { text, report, state, theme } = page, { t } = text;
    const { cube } = report;
    const { period } = report.summary;
    this.title.textContent = state.view === 'flow' ? t('Volume over time') : t('TLS usage over time');
    this.breakdown.element.hidden = state.view === 'flow';
    const connectors = report.connectors(state.selection), figures = report.tls(connectors), all = figures.tls.reduce((sum, n) => sum + n, 0);
    if (!period || all === 0) { this.nothing(t('No mail in this period.')); return; }
    const counted = bucketsOf(cube, report.filter(state.selection), report.unit, connectors, period, report.zone), { buckets, times } = counted;
    const unknown = unknownSentence(text, figures.tls.at(-1)!, all, report.unit);
    const pictures = pictureButtons(page, this.actions, 'time', () => this.chart.picture), hint = h('p', { class: 'quiet' }, t('Drag over the chart to choose a shorter period, or take two dates above.'));
    const moment = (wall: Milliseconds) => new Date(report.zone.toUtc(wall)).toISOString();
    const brush = { values: times.map(String), chosen: (first: number, last: number) => this.actions.period({ from: moment(times[first]), to: moment(buckets.after(times[last])) }) };
    if (state.view === 'flow') {
      const lines = volumeLines(counted, connectors, text);
      show(this.below, legend(page, lines), disclosure(page, this.actions, 'volume table', [t('Show as a table')], () => [this.table(page, lines, buckets, times)]), pictures, hint);
      await this.chart.draw((width) => volumeChart(lines, buckets, times, width, text, theme), text, brush);
    } else {
      const courses = tlsCourses(counted, connectors, text);
      show(this.below, unknown !== '' && h('p', { class: 'quiet' }, unknown), disclosure(page, this.actions, 'usage table', [t('Show as a table')], () => [this.table(page, courses.filter((course) => course.total > 0), buckets, times)]), pictures, hint);
      const breakdown = this.breakdown.update(page, `${t('TLS usage')}: ${periodPhrase(text, report.snapshot.period, report.snapshot.from, report.snapshot.to)}`, figures, ofSelection(state.selection));
      if (figures.tls.at(-1) === all) this.chart.clear(unknown);
      else await this.chart.draw((width) => tlsChart(courses, buckets, times, width, text, theme), text, brush);
      await breakdown;
    }
  }

  private nothing(words: string): void {
    this.breakdown.element.hidden = true;
    show(this.below);
    this.chart.clear(words);
  }

  private table(page: Page, lines: readonly Course[], buckets: Buckets, times: readonly Milliseconds[]): HTMLElement {
    const { text } = page, { t } = text;
    const filled = times.map((time, i) => ({ time, i })).filter(({ i }) => lines.some((line) => line.counts[i] > 0)).reverse();
    return h('div', { class: 'scroll', 'data-scroll': 'volume', tabindex: 0, role: 'region', 'aria-label': this.title.textContent ?? '' },
      h('table', { class: 'figures wide' }, h('caption', { class: 'hidden' }, this.title.textContent ?? ''),
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('Date')), lines.map((line) => h('th', { scope: 'col', class: 'number' }, name(line.name))))),
        h('tbody', {}, filled.slice(0, mostRows).map(({ time, i }) => h('tr', {}, h('th', { scope: 'row' }, buckets.name(text, time)),
          lines.map((line, s) => h('td', { class: 'number' }, figure(page, this.actions, text.number(line.counts[i]), line.places[i], `volume ${s} ${time}`)))))),
        h('tfoot', {}, h('tr', {}, h('th', { scope: 'row' }, t('Total')), lines.map((line) => h('td', { class: 'number' }, text.number(line.total)))))),
      filled.length > mostRows && h('p', { class: 'quiet' }, t('The newest {0} of {1} rows; the details below have all.', text.number(mostRows), text.number(filled.length))));
  }
}

/** What each line looks like and stands for. The words need the line: shape and dash say the same as the colour. */
function legend(page: Page, lines: readonly Line[]): HTMLElement {
  return h('ul', { class: 'plain legend' }, lines.map((line, s) => h('li', {}, key(line, s, line.connector ? page.theme.lines[s % page.theme.lines.length] : page.theme.others), name(line.name), ' ', h('span', { class: 'quiet number' }, page.text.number(line.total)))));
}

const outlines: Record<(typeof shapes)[number], string> = {
  circle: 'M11 6a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z', square: 'M11.3 3.3h5.4v5.4h-5.4Z', 'triangle-up': 'M14 2.6 17.4 8.8H10.6Z', diamond: 'M14 2 17.2 6 14 10 10.8 6Z', cross: 'M12.8 2.6h2.4v2.2h2.2v2.4h-2.2v2.2h-2.4v-2.2h-2.2v-2.4h2.2Z',
  'triangle-down': 'M14 9.4 17.4 3.2H10.6Z', 'triangle-right': 'M17.4 6 11.2 9.4V2.6Z', 'triangle-left': 'M10.6 6 16.8 9.4V2.6Z',
};

function key(line: Line, s: number, colour: string): SVGSVGElement {
  return svg('svg', { class: 'key', width: 28, height: 12, 'aria-hidden': 'true' },
    svg('path', { d: 'M0 6H28', stroke: colour, 'stroke-width': 2, 'stroke-dasharray': dashOf(line).join(' ') }), svg('path', { d: outlines[shapes[s % shapes.length]], fill: colour }));
}
