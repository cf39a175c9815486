import { bucketsOf } from '../../src/presentation/charts-time';
import { h } from '../dom';
import type { View } from '../state';
import type { Actions, Page } from './part';
import { TimeView } from './timeview';
import { TlsUsage } from './usage';
import { volume } from './volume';

/**
 * The course of time in the connector report, in either view. Each view keeps its picture, so that going to and fro
 * draws nothing.
 */
export class TimePanel {
  readonly element = h('section', { class: 'card' });
  private readonly title = h('h3');
  private readonly views: Record<View, TimeView>;

  constructor(actions: Actions) {
    const usage = new TlsUsage(actions);
    this.views = {
      flow: new TimeView(actions, 'volume table', volume),
      tls: new TimeView(actions, 'usage table', (page, counted) => usage.content(page, counted), usage.element),
    };
    this.element.append(this.title, this.views.flow.element, this.views.tls.element);
  }

  /** Fulfilled when the chart can be seen. @returns whether it had to be drawn. */
  update(page: Page): Promise<boolean> {
    const {
      report,
      state,
      text: { t },
    } = page;
    this.title.textContent = state.view === 'flow' ? t('Volume over time') : t('TLS usage over time');
    for (const [name, { element }] of Object.entries(this.views)) element.hidden = name !== state.view;
    return this.views[state.view].update(page, this.title.textContent, () => {
      const connectors = report.connectors(state.selection),
        { period } = report.summary;
      if (!period || connectors.every(({ messages }) => messages === 0)) return undefined;
      return {
        ...bucketsOf(
          report.cube,
          report.filter(state.selection),
          report.unit,
          connectors,
          period,
          report.zone,
          report.coverage,
        ),
        connectors,
      };
    });
  }
}
