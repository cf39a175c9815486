import type { View } from 'vega';
import type { Point } from '../src/presentation/charts';
import { leftOf, topOf } from './brush';
import { h } from './dom';

/** Farther away than this, in pixels, the pointer means no point of a line. */
const reach = 40;

/** Finds the point of a line chart that the pointer means; drawing a mark for each of them would take longer than the lines. */
export class Nearest {
  readonly element = h('div', { class: 'nearest', hidden: true, 'aria-hidden': 'true' });
  private readonly places: { x: number; y: number; point: Point }[];

  constructor(view: View, points: readonly Point[]) {
    const x = view.scale('x') as (value: string) => number, y = view.scale('y') as (value: number) => number, left = leftOf(view), top = topOf(view);
    this.places = points.map((point) => ({ x: left + x(point.time), y: top + y(point.count), point }));
  }

  /** The point nearest to a place in the chart, which it marks; undefined where none is near. */
  at(x: number, y: number): Point | undefined {
    let best: (typeof this.places)[number] | undefined, least = reach ** 2;
    // What lies above or below of the pointer is nearer than what lies beside it: the reader follows the time line.
    for (const place of this.places) { const distance = 4 * (place.x - x) ** 2 + (place.y - y) ** 2; if (distance < least) { least = distance; best = place; } }
    this.element.hidden = best === undefined;
    if (best) { this.element.style.left = `${best.x}px`; this.element.style.top = `${best.y}px`; }
    return best?.point;
  }
}
