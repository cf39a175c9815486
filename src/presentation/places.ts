import type { Place } from '../core/report/order';

/** The earliest of some lines, in the order of files. */
export function firstPlace(places: readonly (Place | undefined)[]): Place | undefined {
  return places.reduce(earlier, undefined);
}

/** The earlier of two lines, in the order of files. */
export function earlier(a: Place | undefined, b: Place | undefined): Place | undefined {
  return !a || (b && (b.file < a.file || (b.file === a.file && b.line < a.line))) ? b : a;
}
