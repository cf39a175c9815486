import type { TimeSlices } from '../core/report/timeslices';

/** Milliseconds of our work after which other extensions get their turn on the thread of the extension host. */
const slice = 8;

/**
 * Does work in slices. The first one is done at once: what is small is ready when this returns.
 * What takes longer has its end in a turn of its own.
 * @param goOn asked before each further slice; work that nobody wants any more is left.
 */
export function doInSlices<T>(steps: TimeSlices<T>, done: (value: T) => void, goOn: () => boolean = () => true): void {
  const first = sliceOf(steps);
  if (first.done) done(first.value);
  else
    doLater(() => {
      goOnInSlices(steps, done, goOn);
    }, goOn);
}

function goOnInSlices<T>(steps: TimeSlices<T>, done: (value: T) => void, goOn: () => boolean): void {
  const next = sliceOf(steps);
  doLater(() => {
    if (next.done) done(next.value);
    else goOnInSlices(steps, done, goOn);
  }, goOn);
}

function sliceOf<T>(steps: TimeSlices<T>): IteratorResult<undefined, T> {
  const started = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done || performance.now() - started >= slice) return step;
  }
}

/** Does something in a turn of its own, unless nobody wants it any more by then. */
export function doLater(act: () => void, goOn: () => boolean): void {
  setImmediate(() => {
    if (goOn()) act();
  });
}

/** The result of work that is done in slices. Rejects with what the first slice throws. */
export function inSlices<T>(steps: TimeSlices<T>): Promise<T> {
  return new Promise((resolve) => {
    doInSlices(steps, resolve);
  });
}
