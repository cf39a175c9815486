import { DropDown, type Option } from '../controls';
import { h, afterPaint, show } from '../dom';
import { connectorText } from '../../src/presentation/rows';
import { sameSelection, type Selection } from '../state';
import { counted } from '../../src/presentation/wording';
import { Comparison } from './compare';
import { Details } from './details';
import { InsightList } from './insights';
import { RemoteHosts } from './remotes';
import { TimePanel } from './timepanel';
import type { Actions, Page, Part } from './part';

/** Most connectors in the drop-down, largest first; the details table leads to the others. */
const mostOptions = 200;

/**
 * The connector report: one connector or all mail flow, as volume or as TLS usage, with insights, remote hosts and
 * details.
 */
export class ConnectorReport implements Part {
  readonly element = h('section', { class: 'surface' });
  private readonly title = h('h2');
  private readonly connector: DropDown;
  private readonly view: DropDown;
  private readonly panel: TimePanel;
  private readonly insights: InsightList;
  private readonly remotes: RemoteHosts;
  private readonly comparison: Comparison;
  private readonly details: Details;
  private readonly notes = h('div', { class: 'notes quiet' });
  private selections: Selection[] = [];

  constructor(actions: Actions) {
    this.connector = new DropDown((value) => actions.change({ selection: this.selections[Number(value)] }));
    this.view = new DropDown((value) => actions.change({ view: value === 'tls' ? 'tls' : 'flow' }));
    this.panel = new TimePanel(actions);
    this.insights = new InsightList(actions);
    this.remotes = new RemoteHosts(actions);
    this.comparison = new Comparison(actions);
    this.details = new Details(actions);
    this.connector.element.classList.add('long');
    this.element.append(
      this.title,
      h('div', { class: 'controls' }, this.connector.element, this.view.element),
      h('div', { class: 'beside' }, this.panel.element, this.insights.element),
      this.comparison.element,
      this.details.element,
      this.remotes.element,
      this.notes,
    );
  }

  async update(page: Page): Promise<void> {
    const { text, state } = page,
      { t } = text;
    this.title.textContent = t('Connector report');
    this.connector.update(
      t('Show data for'),
      this.options(page),
      String(this.selections.findIndex((selection) => sameSelection(selection, state.selection))),
    );
    this.view.update(
      t('View by'),
      [
        { value: 'flow', label: t('Mail flow') },
        { value: 'tls', label: t('TLS usage') },
      ],
      state.view,
    );
    this.insights.update(page, state.selection);
    // What stands below the first screen does not hold it up.
    if (await this.panel.update(page)) await afterPaint();
    this.details.update(page);
    await afterPaint();
    this.comparison.update(page);
    this.remotes.update(page);
    show(
      this.notes,
      notes(page).map((note) => h('p', {}, note)),
    );
  }

  /**
   * All mail flow, mail without a connector, and each connector by name and direction. The chosen one is always among
   * them.
   */
  private options(page: Page): Option[] {
    const { text, report, state } = page;
    const all = report.summary.connectors,
      named = all.filter((c) => c.name !== null);
    const largest = new Set(
      named.length > mostOptions ? [...named].sort((a, b) => b.messages - a.messages).slice(0, mostOptions) : named,
    );
    const shown = [...all.filter((c) => c.name === null), ...named.filter((c) => largest.has(c))];
    this.selections = [
      undefined,
      ...shown.map(({ name, direction }) => ({ connector: name, direction: direction as 'inbound' | 'outbound' })),
    ];
    if (!this.selections.some((s) => sameSelection(s, state.selection))) this.selections.push(state.selection);
    return this.selections.map((s, i) => ({
      value: String(i),
      label: s ? connectorText(text, s.connector, s.direction) : text.t('All mail flow'),
    }));
  }
}

/** What is in the log but not in the volume. */
function notes(page: Page): string[] {
  const { text, report, state } = page,
    { t } = text;
  const failed = report.connectors(state.selection).reduce(
    (sum, { failed: f }) => ({
      deferred: sum.deferred + f.deferred,
      bounced: sum.bounced + f.bounced,
      rejected: sum.rejected + f.rejected,
    }),
    { deferred: 0, bounced: 0, rejected: 0 },
  );
  const notes: string[] = [];
  if (failed.deferred + failed.bounced + failed.rejected > 0)
    notes.push(
      t(
        'Not part of the volume: {0} deferred, {1} bounced, {2} rejected.',
        text.number(failed.deferred),
        text.number(failed.bounced),
        text.number(failed.rejected),
      ),
    );
  if (!state.selection && report.summary.internal > 0)
    notes.push(
      t(
        'Between own servers or delivered locally, and not part of the volume: {0}.',
        counted(text, report.summary.internal, report.unit),
      ),
    );
  return notes;
}
