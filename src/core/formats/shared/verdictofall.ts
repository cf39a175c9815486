import { Verdict, worstOf } from '../../reading/format';

/**
 * What became of a line with several records: used where one of them was, else what its worst record was; context where
 * it has none.
 */
export function verdictOfAll<T>(records: readonly T[], read: (record: T) => Verdict): Verdict {
  let verdict: Verdict = Verdict.context;
  for (const record of records) verdict = worstOf(verdict, read(record));
  return verdict;
}
