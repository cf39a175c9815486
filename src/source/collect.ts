import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collector: (() => void) | undefined;

/**
 * Collects garbage now. Tables that were replaced or moved to another thread are memory outside of V8's heap, which V8
 * notices late: three threads would need twice the memory for nothing.
 */
export function collectGarbage(): void {
  if (!collector) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as () => void;
  }
  collector();
}

/** Growth after which a collection is worth it. */
const slack = 6 << 20;
/** What was in use after the last collection. */
let inUse = 0;

/** Collects garbage where that may be much: a long log leaves enough to fill memory, and V8 has no reason to hurry. */
export function collectIfGrown(): void {
  if (used() < inUse + slack) return;
  collectGarbage();
  inUse = used();
}

function used(): number {
  const { used_heap_size: heap, external_memory: beside } = getHeapStatistics();
  return heap + beside;
}
