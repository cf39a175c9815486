import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation at its size. V8 doubles it whenever enough objects survive, which is certain to happen
 * during a long log, and then scavenges up to 32 MB again and again.
 */
export function keepNurserySmall(): void {
  const keep = () => setFlagsFromString('--semi-space-growth-factor=1');
  keep();
  // V8 resets the flag whenever a thread starts.
  setInterval(keep, 100).unref();
}
