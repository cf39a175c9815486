import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collector: (() => void) | undefined;

/**
 * Frees what is not used any more, now. Tables that have grown or gone to another thread are memory outside of V8's heap, of which V8
 * thinks too late: three threads that each keep a few dozen megabytes of it would need twice the memory for nothing.
 */
export function collectGarbage(): void {
  if (!collector) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as () => void;
  }
  collector();
}
