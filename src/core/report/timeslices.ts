/**
 * Work in time slices. It pauses at each `yield`, so that the runner can let others have the thread: the extension host
 * belongs to all extensions. A slice takes a few milliseconds at most, however large the cube.
 */
export type TimeSlices<T> = Generator<undefined, T, undefined>;

/** Runs all slices at once, where nobody waits for the thread. */
export function allSteps<T>(steps: TimeSlices<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Ranges of `size` that together cover 0 to `length`: what one slice of a loop goes through. */
export function* rangesOf(length: number, size: number): Generator<{ from: number; to: number }> {
  for (let from = 0; from < length; from += size) yield { from, to: Math.min(length, from + size) };
}
