/**
 * Work in steps. It pauses after each `yield`, so that whoever runs it can let others have the thread in between: the extension host
 * belongs to all extensions. A step takes a few milliseconds at most, however large the cube.
 */
export type TimeSlices<T> = Generator<undefined, T, undefined>;

/** Does all the steps at once, where nobody waits for the thread. */
export function allSteps<T>(steps: TimeSlices<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The ranges of some `size` that cover 0 to `length`: what one step of a loop goes through. */
export function* rangesOf(length: number, size: number): Generator<{ from: number; to: number }> {
  for (let from = 0; from < length; from += size) yield { from, to: Math.min(length, from + size) };
}
