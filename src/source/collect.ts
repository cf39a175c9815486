import { getHeapStatistics, setFlagsFromString } from 'node:v8';
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

/** What may be used anew before it is worth looking for what is not used any more. */
const slack = 6 << 20;
/** What was in use after the last collection. */
let inUse = 0;

/** Frees what is not used any more where that may be much. A long log leaves behind enough to fill what memory there is, by and by; V8 has no reason to hurry. */
export function collectIfGrown(): void {
  if (used() < inUse + slack) return;
  collectGarbage();
  inUse = used();
}

function used(): number {
  const { used_heap_size: heap, external_memory: beside } = getHeapStatistics();
  return heap + beside;
}
