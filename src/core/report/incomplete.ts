import type { FileReport, Problem, ProblemCode } from '../model';

/** Whether mail may be missing for this reason, or be counted twice; else only something about it is not known. */
const hides: Record<ProblemCode, boolean> = {
  'bad-line': true,
  'bad-time': true,
  'bad-columns': true,
  'bad-json': true,
  'bad-number': true,
  'line-too-long': true,
  'box-not-opened': true,
  'box-line-cut': true,
  'unfinished-record': true,
  'other-format': true,
  'foreign-lines': true,
  'nothing-used': true,
  'newest-first': true,
  'no-process-id': false,
  'no-service-name': false,
  'session-began-earlier': false,
  'lines-missing': false,
  'rows-missing': true,
  'not-finished': false,
  'discard-not-counted': true,
  'join-evicted': false,
  'too-many-names': false,
  'hosts-grouped': false,
  'truncated-file': true,
  'damaged-file': true,
  'repeats-forgotten': true,
  'repeated-line': false,
  'counted-twice': true,
  'same-report-id': true,
  'unknown-tls': false,
  'unknown-status': true,
  'no-direction': true,
  'time-from-file': false,
  'counts-from-percentages': false,
  'not-followed': true,
};

/** A file of which the figures may not be whole: the problems that say so, or its state alone. */
export interface Incomplete {
  file: FileReport;
  problems: Problem[];
}

/**
 * The files whose mail may not all be in the report, or be there twice. Not those that no format claims: a folder may
 * hold anything.
 */
export function incompleteFiles(files: readonly FileReport[]): Incomplete[] {
  return files
    .map((file) => ({ file, problems: file.problems.filter(({ code }) => hides[code]) }))
    .filter(({ file, problems }) => problems.length > 0 || file.state === 'partial' || file.state === 'failed');
}
