import type { Steps } from '../core/steps';

/** Milliseconds of our work after which other extensions get their turn on the thread of the extension host. */
const slice = 8;

/**
 * Does work in slices. The first one is done at once: what is small is ready when this returns.
 * @param goOn asked before each slice; work that nobody wants any more is left.
 */
export function doInSlices<T>(steps: Steps<T>, done: (value: T) => void, goOn: () => boolean = () => true): void {
  if (!goOn()) return;
  const started = performance.now();
  do {
    const step = steps.next();
    if (step.done) { done(step.value); return; }
  } while (performance.now() - started < slice);
  setImmediate(() => doInSlices(steps, done, goOn));
}

/** The result of work that is done in slices. Rejects with what the first slice throws. */
export function inSlices<T>(steps: Steps<T>): Promise<T> {
  return new Promise((resolve) => { doInSlices(steps, resolve); });
}
