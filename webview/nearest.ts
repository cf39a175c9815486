import type { View } from 'vega';
import type { Point } from '../src/presentation/charts';
import { leftOf, topOf } from './brush';
import { h } from './dom';

/** Farther away than this, in pixels, the pointer means no point of a line. */
const reach = 40;

interface Place {
  x: number;
  y: number;
  point: Point;
}

/**
 * Finds the point of a line chart that the pointer means; drawing a mark for each of them would take longer than the
 * lines.
 */
export class Nearest {
  readonly element = h('div', { class: 'nearest', hidden: true, 'aria-hidden': 'true' });
  private places: readonly Place[] | undefined;

  constructor(
    private readonly view: View,
    private readonly points: () => readonly Point[],
  ) {}

  /** The point nearest to a place in the chart, which it marks; undefined where none is near. */
  at(x: number, y: number): Point | undefined {
    let best: Place | undefined,
      least = reach ** 2;
    // What lies above or below of the pointer is nearer than what lies beside it: the reader follows the time line.
    for (const place of (this.places ??= this.find())) {
      const distance = 4 * (place.x - x) ** 2 + (place.y - y) ** 2;
      if (distance < least) {
        least = distance;
        best = place;
      }
    }
    this.element.hidden = best === undefined;
    if (best) {
      this.element.style.left = `${best.x}px`;
      this.element.style.top = `${best.y}px`;
    }
    return best?.point;
  }

  /**
   * Where the points are. Most charts are gone before a pointer comes to them, so that is found out when the first one
   * does.
   */
  private find(): Place[] {
    const { view } = this,
      x = view.scale('x') as (value: string) => number,
      y = view.scale('y') as (value: number) => number,
      left = leftOf(view),
      top = topOf(view);
    return this.points().map((point) => ({ x: left + x(point.time), y: top + y(point.count), point }));
  }
}
