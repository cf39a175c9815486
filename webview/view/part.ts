import type { Figure } from '../../src/core/drilldown/figure';
import { units } from '../../src/core/model';
import type { Period } from '../../src/core/report/period';
import type { Place } from '../../src/core/report/order';
import type { Server } from '../../src/core/report/servers';
import type { FromReport } from '../../src/protocol';
import type { Theme } from '../../src/presentation/charts';
import { h } from '../dom';
import { png, standAlone } from '../picture';
import type { Report } from '../report';
import type { PageState, Selection } from '../state';
import type { Text } from '../../src/presentation/text';
import type { GridCell } from './gridrow';

/** All that decides what the page looks like. */
export interface Page {
  report: Report;
  state: PageState;
  /** The mail servers to choose from; none where there is no choice. */
  servers: readonly Server[];
  text: Text;
  theme: Theme;
}

/** What parts of the page can do. They stay the same as long as the page lives. */
export interface Actions {
  /** Changes where the reader is, and redraws. */
  change(part: Partial<PageState>): void;
  /** Opens or closes a disclosure; it is remembered. */
  toggle(name: string, open: boolean): void;
  reveal(place: Place): void;
  /** Shows another period, at once and then as the host has it. */
  period(period: Period): void;
  post(message: FromReport): void;
  redraw(): void;
}

/** A part of the page that can be drawn again and again; the promise is fulfilled when its charts can be seen. */
export interface Part {
  readonly element: HTMLElement;
  update(page: Page): void | Promise<void>;
}

/**
 * A count that leads to the first of the log's lines behind it, and with Shift or by the context menu of VS Code to all
 * of them. Zero leads nowhere.
 * @param lines what it counts, beside the period and the unit of the report.
 */
export function figure(
  page: Page,
  actions: Actions,
  label: string,
  place: Place | undefined,
  key: string,
  lines?: Figure,
): HTMLElement {
  if (!place) return h('span', { class: 'number' }, label);
  const { look, title, context, click } = figureCell(page, actions, label, place, lines);
  return h(
    'button',
    {
      class: look,
      title,
      'data-key': key,
      'data-vscode-context': context,
      onclick: (event) => click?.(event as MouseEvent),
    },
    label,
  );
}

/** The same as the cell of a grid. */
export function figureCell(
  page: Page,
  actions: Actions,
  label: string,
  place: Place | undefined,
  lines?: Figure,
): GridCell {
  if (!place) return { words: label, look: 'number' };
  const { t } = page.text,
    counted = lines && counts(page, lines);
  return {
    words: label,
    look: 'figure number',
    title: counted ? t('Show the first line in the log; with Shift, all lines') : t('Show the first line in the log'),
    context:
      counted && JSON.stringify({ webviewSection: 'figure', preventDefaultContextMenuItems: true, figure: counted }),
    click: (event) => {
      if (counted && event.shiftKey) actions.post({ type: 'lines', figure: counted });
      else actions.reveal(place);
    },
  };
}

/** What a selection counts: one connector in one direction, or all mail flow. */
export function ofSelection(selection: Selection): Figure {
  return selection ? { connectors: [selection.connector], directions: [selection.direction] } : {};
}

/** A figure of the report on show: its period, unit and servers, where the figure has none of its own. */
function counts({ report }: Page, lines: Figure): Figure {
  const { from, to } = report.snapshot;
  return { unit: units[report.unit], from, to, servers: report.servers, ...lines };
}

/**
 * A name from the log, already made visible by `displayText`, whose writing direction can't disturb what stands around
 * it.
 */
export function name(text: string): HTMLElement {
  return h('bdi', { class: 'name', title: text }, text);
}

/** A button that looks like a link: it stays on the page, so it is no link. */
export function linkButton(label: string, key: string, click: () => void): HTMLElement {
  return h('button', { class: 'link', 'data-key': key, onclick: click }, label);
}

/** Saves a chart as a picture. */
export function pictureButtons(
  page: Page,
  actions: Actions,
  key: string,
  picture: () => SVGSVGElement | undefined,
): HTMLElement {
  const { t } = page.text;
  const svg = () => {
    const drawn = picture();
    if (drawn) actions.post({ type: 'picture', format: 'svg', data: standAlone(drawn) });
  };
  const bitmap = async () => {
    const drawn = picture();
    if (drawn) actions.post({ type: 'picture', format: 'png', data: await png(drawn) });
  };
  return h(
    'p',
    { class: 'actions' },
    linkButton(t('Save the chart as SVG'), `svg ${key}`, svg),
    linkButton(t('Save the chart as PNG'), `png ${key}`, () => void bitmap()),
  );
}

/** A disclosure that stays open when the page is drawn again; its content is made only when it is open. */
export function disclosure(
  page: Page,
  actions: Actions,
  id: string,
  summary: (Node | string)[],
  content: () => (Node | string)[],
): HTMLElement {
  const open = page.state.open.includes(id);
  return h(
    'details',
    {
      open,
      ontoggle: (event) => {
        const now = (event.target as HTMLDetailsElement).open;
        if (now !== open) actions.toggle(id, now);
      },
    },
    h('summary', { 'data-key': `open ${id}` }, summary),
    open && content(),
  );
}

/**
 * Remembers what a part was last drawn from, so that it is not drawn again while none of that changes, e.g. with every
 * letter of a search.
 */
export class Drawn {
  private last: readonly unknown[] = [];

  /** Whether any of the values is another than last time. */
  outdated(...values: readonly unknown[]): boolean {
    const changed = values.length !== this.last.length || values.some((value, i) => !Object.is(value, this.last[i]));
    this.last = values;
    return changed;
  }
}
