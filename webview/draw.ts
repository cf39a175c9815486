import { View } from 'vega';
import type { Place } from '../src/core/query';
import { addBrush, type Brush } from './brush';
import type { Chart, Mark } from '../src/presentation/charts';
import { prepare, safely } from '../src/presentation/compile';
import { h } from './dom';
import type { Text } from '../src/presentation/text';

/** The place of one chart in the page. It keeps the old picture until the new one is complete, and redraws when its width changes. */
export class ChartFrame {
  readonly element = h('div', { class: 'chart', role: 'img' });
  private view: View | undefined;
  private turn = 0;
  /** The pointer has just chosen a stretch of time, so its click means no mark. */
  private dragged = false;
  private drawnWidth = 0;

  /** @param redraw asks for a redraw of the page. @param reveal is told of clicks on marks; the same is in the chart's table, for the keyboard. */
  constructor(redraw: () => void, private readonly reveal: (place: Place) => void) {
    new ResizeObserver(() => { if (this.view && this.element.clientWidth > 0 && Math.abs(this.element.clientWidth - this.drawnWidth) > 8) redraw(); }).observe(this.element);
  }

  /** Draws a chart made for the width at hand; fulfilled when it can be seen. */
  async draw(make: (width: number) => Chart, text: Text, brush?: Brush): Promise<void> {
    const turn = ++this.turn;
    this.drawnWidth = this.element.clientWidth;
    const canvas = h('div', { 'aria-hidden': 'true' });
    let view: View | undefined, label: string;
    try {
      const chart = make(Math.max(160, this.drawnWidth));
      ({ label } = chart);
      view = new View(prepare(chart, text), { ...safely, renderer: 'svg', container: canvas, hover: true, tooltip: showTip });
      await view.runAsync();
    } catch {
      view?.finalize();
      if (turn === this.turn) this.clear(text.t('The chart could not be drawn; the table has its figures.'));
      return;
    }
    if (turn !== this.turn) { view.finalize(); return; }
    view.addEventListener('click', (_, item) => {
      const place = (item?.datum as Partial<Mark> | undefined)?.place;
      if (place && !this.dragged) this.reveal(place);
    });
    this.clear('');
    this.view = view;
    this.element.setAttribute('aria-label', label);
    this.element.replaceChildren(canvas);
    if (brush) addBrush(this.element, view, brush, (dragged) => { this.dragged = dragged; });
  }

  /** The picture, if there is one. */
  get picture(): SVGSVGElement | undefined { return this.view ? this.element.querySelector('svg') ?? undefined : undefined; }

  /** Shows words in the place of a chart. */
  clear(words: string): void {
    this.turn++;
    this.view?.finalize();
    this.view = undefined;
    hideTip();
    this.element.setAttribute('aria-label', words);
    this.element.replaceChildren(h('p', { class: 'quiet' }, words));
  }
}

const tip = h('div', { class: 'tip', 'aria-hidden': 'true', hidden: true });

/** Shows what a mark stands for beside the pointer. Vega's own tool tip would be an inline style. */
function showTip(_handler: unknown, event: MouseEvent, _item: unknown, value: unknown): void {
  if (value === null || value === undefined || value === '') hideTip();
  else showTipAt(event, String(value));
}

/** Shows words beside the pointer. */
export function showTipAt(event: MouseEvent, words: string): void {
  if (!tip.isConnected) document.body.append(tip);
  tip.textContent = words;
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(event.clientX + 12, innerWidth - width - 8))}px`;
  tip.style.top = `${Math.max(4, event.clientY + 16 + height > innerHeight ? event.clientY - height - 8 : event.clientY + 16)}px`;
}

export function hideTip(): void { tip.hidden = true; }
