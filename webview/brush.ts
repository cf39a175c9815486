import type { View } from 'vega';
import type { Padding } from '../src/presentation/charts';
import { h } from './dom';

/** A stretch of the time line that the reader chooses with the pointer; two dates do the same for the keyboard. */
export interface Brush {
  /** The values of the time axis, in order. */
  values: readonly string[];
  /** First and last of the chosen values, by position. */
  chosen(first: number, last: number): void;
}

/** Movements shorter than this are clicks. */
const least = 8;

/**
 * Lets the reader drag over a drawn chart. @param brush what the time axis has at the moment.
 * @param dragged is told whether a click that follows belongs to a drag.
 */
export function addBrush(
  element: HTMLElement,
  view: View,
  brush: () => Brush | undefined,
  dragged: (yes: boolean) => void,
): void {
  const box = h('div', { class: 'brush', hidden: true, 'aria-hidden': 'true' }),
    surface = element.firstElementChild as HTMLElement;
  element.append(box);
  let start: number | undefined;
  const x = (event: PointerEvent) => event.clientX - element.getBoundingClientRect().left;
  const nearest = (values: readonly string[], position: number) => {
    const scale = view.scale('x') as ((value: string) => number) & { bandwidth?: () => number };
    const left = leftOf(view),
      centre = (i: number) => left + scale(values[i]) + (scale.bandwidth?.() ?? 0) / 2;
    return values.reduce(
      (best, _, i) => (Math.abs(centre(i) - position) < Math.abs(centre(best) - position) ? i : best),
      0,
    );
  };
  surface.addEventListener('pointerdown', (event) => {
    if (event.button === 0 && brush()) {
      start = x(event);
      dragged(false);
      surface.setPointerCapture(event.pointerId);
    }
  });
  surface.addEventListener('pointermove', (event) => {
    if (start === undefined || Math.abs(x(event) - start) < least) return;
    box.hidden = false;
    box.style.left = `${Math.min(start, x(event))}px`;
    box.style.width = `${Math.abs(x(event) - start)}px`;
  });
  surface.addEventListener('pointerup', (event) => {
    const from = start;
    start = undefined;
    box.hidden = true;
    if (from === undefined || Math.abs(x(event) - from) < least) return;
    dragged(true);
    const now = brush();
    if (!now) return;
    const [first, last] = [nearest(now.values, from), nearest(now.values, x(event))].sort((a, b) => a - b);
    now.chosen(first, last);
  });
  surface.addEventListener('pointercancel', () => {
    start = undefined;
    box.hidden = true;
  });
}

/** Where the axes of a chart begin in its picture. */
export function leftOf(view: View): number {
  return view.origin()[0] + (view.padding() as Padding).left;
}
export function topOf(view: View): number {
  return view.origin()[1] + (view.padding() as Padding).top;
}
