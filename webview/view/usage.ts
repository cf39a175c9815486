import { tlsChart, tlsCourses } from '../../src/presentation/charts-time';
import { periodPhrase, unknownSentence } from '../../src/presentation/wording';
import { h } from '../dom';
import { Breakdown } from './breakdown';
import { ofSelection, type Actions, type Page } from './part';
import type { Selected, TimeContent } from './timeview';

/** The view of the TLS usage: shares over time, and the versions of the whole period as a ring with a table. */
export class TlsUsage {
  private readonly breakdown: Breakdown;

  constructor(actions: Actions) {
    this.breakdown = new Breakdown(actions, 'selection');
  }

  get element(): HTMLElement {
    return this.breakdown.element;
  }

  content(page: Page, selected: Selected): TimeContent {
    const { text, report, state, theme } = page,
      { connectors } = selected,
      figures = report.tls(connectors),
      all = figures.tls.reduce((sum, n) => sum + n, 0);
    const courses = tlsCourses(selected, connectors, text),
      unknown = unknownSentence(text, figures.tls.at(-1)!, all, report.unit);
    return {
      courses: courses.filter((course) => course.total > 0),
      words: unknown !== '' && h('p', { class: 'quiet' }, unknown),
      chart: figures.tls.at(-1) === all ? unknown : (width) => tlsChart(courses, selected, width, text, theme),
      others: this.breakdown.update(
        page,
        `${text.t('TLS usage')}: ${periodPhrase(text, report.periodInWords)}`,
        figures,
        ofSelection(state.selection),
      ),
    };
  }
}
