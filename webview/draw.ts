import type { View } from 'vega';
import type { Place } from '../src/core/report/order';
import { addBrush, type Brush } from './brush';
import type { Chart, Mark } from '../src/presentation/charts';
import { refill, viewOf } from '../src/presentation/compile';
import { h } from './dom';
import { Nearest } from './nearest';
import type { Text } from '../src/presentation/text';

/**
 * The place of one chart in the page. It keeps the old picture until the new one is complete, and redraws when its
 * width changes.
 */
export class ChartFrame {
  readonly element = h('div', { class: 'chart', role: 'img' });
  private view: View | undefined;
  private brush: Brush | undefined;
  private nearest: Nearest | undefined;
  private turn = 0;
  /** The pointer has just chosen a stretch of time, so its click means no mark. */
  private dragged = false;
  private drawnWidth = 0;
  private width = 0;

  /**
   * @param redraw asks for a redraw of the page. @param reveal is told of clicks on marks; the same is in the chart's
   * table, for the keyboard.
   */
  constructor(
    redraw: () => void,
    private readonly reveal: (place: Place) => void,
  ) {
    new ResizeObserver(([{ contentRect }]) => {
      // Out of sight it has none.
      if (contentRect.width === 0) return;
      this.width = contentRect.width;
      if (this.misfit) redraw();
    }).observe(this.element);
  }

  /** Whether it was drawn for another width than it has now. */
  get misfit(): boolean {
    return this.view !== undefined && this.width > 0 && Math.abs(this.width - this.drawnWidth) > 8;
  }

  /** Draws a chart made for the width at hand; fulfilled when it can be seen. */
  async draw(make: (width: number) => Chart, text: Text, brush?: Brush): Promise<void> {
    const turn = ++this.turn;
    // Asked for while the page is being changed, a width has to be computed at once; so that is done only the first
    // time.
    this.drawnWidth = this.width || this.element.clientWidth;
    let view: View, chart: Chart;
    try {
      chart = make(Math.max(160, this.drawnWidth));
      // A chart of the same kind is given other figures, which takes half the time of a new one.
      if (this.view && refill(this.view, chart, text)) await (view = this.view).runAsync();
      else view = await this.create(chart, text);
    } catch {
      if (turn === this.turn) this.clear(text.t('The chart could not be drawn; the table has its figures.'));
      return;
    }
    if (turn !== this.turn) {
      if (view !== this.view) view.finalize();
      return;
    }
    this.brush = brush;
    hideTip();
    if (view !== this.view) this.put(view);
    this.nearest?.element.remove();
    this.nearest = chart.points && new Nearest(view, chart.points);
    if (this.nearest) this.element.append(this.nearest.element);
    this.element.setAttribute('aria-label', chart.label);
  }

  private async create(chart: Chart, text: Text): Promise<View> {
    const view = viewOf(chart, text, {
      renderer: 'svg',
      container: h('div', { 'aria-hidden': 'true' }),
      hover: true,
      tooltip: showTip,
    });
    try {
      return await view.runAsync();
    } catch (error) {
      view.finalize();
      throw error;
    }
  }

  /** Puts a new picture into the page. What the reader does with it is about the figures that it has then. */
  private put(view: View): void {
    const canvas = view.container() as HTMLElement;
    this.clear('');
    this.view = view;
    this.element.replaceChildren(canvas);
    const reveal = (mark: Partial<Mark> | undefined) => {
      if (mark?.place && !this.dragged) this.reveal(mark.place);
    };
    view.addEventListener('click', (_, item) => {
      reveal(item?.datum as Partial<Mark> | undefined);
    });
    // Tells what the point nearest to the pointer stands for.
    const find = (event: MouseEvent) => {
      const { left, top } = this.element.getBoundingClientRect();
      return this.nearest?.at(event.clientX - left, event.clientY - top);
    };
    canvas.addEventListener('pointermove', (event) => {
      if (!this.nearest) return;
      const point = find(event);
      if (point) showTipAt(event, point.tip);
      else hideTip();
    });
    canvas.addEventListener('pointerleave', () => {
      if (this.nearest) this.nearest.element.hidden = true;
      hideTip();
    });
    canvas.addEventListener('click', (event) => reveal(find(event)));
    addBrush(
      this.element,
      view,
      () => this.brush,
      (dragged) => {
        this.dragged = dragged;
      },
    );
  }

  /** The picture, if there is one. */
  get picture(): SVGSVGElement | undefined {
    return this.view ? (this.element.querySelector('svg') ?? undefined) : undefined;
  }

  /** Shows words in the place of a chart. */
  clear(words: string): void {
    this.turn++;
    this.view?.finalize();
    this.view = this.nearest = undefined;
    hideTip();
    this.element.setAttribute('aria-label', words);
    this.element.replaceChildren(h('p', { class: 'quiet' }, words));
  }
}

const tip = h('div', { class: 'tip', 'aria-hidden': 'true', hidden: true });

/** Shows what a mark stands for beside the pointer. Vega's own tool tip would be an inline style. */
function showTip(_handler: unknown, event: MouseEvent, _item: unknown, value: unknown): void {
  if (typeof value !== 'string' || value === '') hideTip();
  else showTipAt(event, value);
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

export function hideTip(): void {
  tip.hidden = true;
}
