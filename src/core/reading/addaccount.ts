import type { FileAccount } from './sink';
import { mergeCovered } from '../text/coveredtime';

/** Adds what the next part of a file has yielded. @param shift how many of its lines stand before that part. */
export function addAccount(to: FileAccount, from: FileAccount, shift: number): void {
  for (const key of ['read', 'used', 'context', 'skipped'] as const) to.lines[key] += from.lines[key];
  for (const [code, { count, line }] of from.problems) {
    const problem = to.problems.get(code);
    if (!problem) to.problems.set(code, { count, line: line + shift });
    else {
      problem.count += count;
      problem.line = Math.min(problem.line, line + shift);
    }
  }
  for (const { line, offset } of from.checkpoints)
    to.checkpoints.push({ line: line + shift, offset: offset + to.bytes });
  if (from.repeated) to.repeated = [...(to.repeated ?? []), ...from.repeated.map((line) => line + shift)];
  to.ends = from.ends ?? to.ends;
  to.bytes += from.bytes;
  mergeCovered(to.covered, from.covered);
}
