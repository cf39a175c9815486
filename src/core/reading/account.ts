import { Verdict } from './format';
import { countLines, type LineRanges } from './linemask';
import type { FileAccount, FileContext } from './sink';
import { noTime } from '../text/coveredtime';

/** Bytes between two checkpoints. */
const checkpointEvery = 1 << 20;

/** What is known of a file before its first line. */
export function newAccount(file: FileContext): FileAccount {
  return {
    file,
    lines: { read: 0, used: 0, context: 0, skipped: 0 },
    problems: new Map(),
    checkpoints: [],
    bytes: 0,
    covered: noTime(),
  };
}

/** Notes the line that begins `start` bytes behind what has been read, where the last one noted is far enough away. */
export function keepCheckpoint({ checkpoints, bytes, lines }: FileAccount, start: number): void {
  const offset = bytes + start;
  if (
    checkpoints.length === 0
      ? offset >= checkpointEvery
      : offset - checkpoints[checkpoints.length - 1].offset >= checkpointEvery
  )
    checkpoints.push({ line: lines.read + 1, offset });
}

/** What became of a line. */
export function count(account: FileAccount, verdict: Verdict): void {
  if (verdict === Verdict.used) account.lines.used++;
  else if (verdict === Verdict.context) account.lines.context++;
  else account.lines.skipped++;
}

/** These lines of a file were left out, since they stand in another one: they were read as blank lines. */
export function leaveOut(account: FileAccount, ranges: LineRanges): void {
  const count = countLines(ranges);
  account.repeated = ranges;
  account.lines.context -= count;
  account.lines.skipped += count;
  account.problems.set('repeated-line', { count, line: ranges[0] });
}
