import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the part of the heap where objects begin at the size that it has. V8 doubles it whenever enough of what was made in it lived on, which in the
 * course of a long log is certain to come, however little lives at once: up to 32 MB, all of which is then gone through again and again.
 */
export function keepNurserySmall(): void {
  const keep = () => setFlagsFromString('--semi-space-growth-factor=1');
  keep();
  // Every thread that starts sets it back.
  setInterval(keep, 100).unref();
}
