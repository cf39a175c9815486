import { Verdict, type Parser } from '../../reading/format';

/** A parser whose lines stand alone: nothing is held back, carried over or kept. */
export abstract class StandaloneLines implements Parser {
  abstract line(bytes: Uint8Array, start: number, end: number, line: number): Verdict;

  merge(): void {
    /* No line needs another. */
  }
  finish(): void {
    /* Nothing is held back. */
  }
  advice(): string[] {
    return [];
  }
  save(): unknown {
    return null;
  }
  load(): void {
    /* Nothing is kept. */
  }
}

/** What became of a line with several records: used where one of them was, else what its worst record was; context where it has none. */
export function verdictOfAll<T>(records: readonly T[], read: (record: T) => Verdict): Verdict {
  let verdict = Verdict.context;
  for (const record of records) {
    const one = read(record);
    verdict = verdict === Verdict.used || one === Verdict.used ? Verdict.used : Math.max(verdict, one);
  }
  return verdict;
}
