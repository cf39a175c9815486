import type { View } from 'vega';
import type { Place } from '../src/core/query';
import { addBrush, type Brush } from './brush';
import type { Chart, Mark } from '../src/presentation/charts';
import { viewOf } from '../src/presentation/compile';
import { h } from './dom';
import { Nearest } from './nearest';
import type { Text } from '../src/presentation/text';

/** The place of one chart in the page. It keeps the old picture until the new one is complete, and redraws when its width changes. */
export class ChartFrame {
  readonly element = h('div', { class: 'chart', role: 'img' });
  private view: View | undefined;
  private turn = 0;
  /** The pointer has just chosen a stretch of time, so its click means no mark. */
  private dragged = false;
  private drawnWidth = 0;
  private width = 0;

  /** @param redraw asks for a redraw of the page. @param reveal is told of clicks on marks; the same is in the chart's table, for the keyboard. */
  constructor(redraw: () => void, private readonly reveal: (place: Place) => void) {
    new ResizeObserver(([{ contentRect }]) => {
      this.width = contentRect.width;
      if (this.view && this.width > 0 && Math.abs(this.width - this.drawnWidth) > 8) redraw();
    }).observe(this.element);
  }

  /** Draws a chart made for the width at hand; fulfilled when it can be seen. */
  async draw(make: (width: number) => Chart, text: Text, brush?: Brush): Promise<void> {
    const turn = ++this.turn;
    // Asked for while the page is being changed, a width has to be computed at once; so that is done only the first time.
    this.drawnWidth = this.width || this.element.clientWidth;
    const canvas = h('div', { 'aria-hidden': 'true' });
    let view: View | undefined, chart: Chart;
    try {
      chart = make(Math.max(160, this.drawnWidth));
      view = viewOf(chart, text, { renderer: 'svg', container: canvas, hover: true, tooltip: showTip });
      await view.runAsync();
    } catch {
      view?.finalize();
      if (turn === this.turn) this.clear(text.t('The chart could not be drawn; the table has its figures.'));
      return;
    }
    if (turn !== this.turn) { view.finalize(); return; }
    const reveal = (mark: Partial<Mark> | undefined) => { if (mark?.place && !this.dragged) this.reveal(mark.place); };
    view.addEventListener('click', (_, item) => { reveal(item?.datum as Partial<Mark> | undefined); });
    this.clear('');
    this.view = view;
    this.element.setAttribute('aria-label', chart.label);
    this.element.replaceChildren(canvas);
    if (chart.points) this.point(canvas, new Nearest(view, chart.points), reveal);
    if (brush) addBrush(this.element, view, brush, (dragged) => { this.dragged = dragged; });
  }

  /** Tells what the point nearest to the pointer stands for. */
  private point(canvas: HTMLElement, nearest: Nearest, reveal: (mark: Mark | undefined) => void): void {
    const find = (event: MouseEvent) => { const { left, top } = this.element.getBoundingClientRect(); return nearest.at(event.clientX - left, event.clientY - top); };
    canvas.addEventListener('pointermove', (event) => { const point = find(event); if (point) showTipAt(event, point.tip); else hideTip(); });
    canvas.addEventListener('pointerleave', () => { nearest.element.hidden = true; hideTip(); });
    canvas.addEventListener('click', (event) => reveal(find(event)));
    this.element.append(nearest.element);
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
