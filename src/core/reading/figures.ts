import type { Analysis } from './analysis';
import type { Cube } from '../cube/cube';
import { CubeBuilder, type Loss } from '../cube/cubebuilder';
import type { Format } from './format';
import type { Input } from './input';
import { endsBeforeItBegins } from './newestfirst';
import type { FileReport, Problem } from '../model';
import type { Segment } from './segment';
import type { FileAccount } from './sink';
import { spansOf } from '../text/coveredtime';
import { headLines } from '../text/head';

/** What is known of the files of one format, without what is still open in them. */
export interface LogSums {
  format: Format;
  accounts: readonly FileAccount[];
  builder: CubeBuilder;
  /** By file: see `Parser.advice` and `Parser.streamsOf`. */
  advice: (readonly string[])[];
  streams: (readonly string[])[];
  /** @see ReadOptions.joined */
  joined: boolean;
}

/** What is known of the files that a segment has read. */
export function sumsOf([format, { accounts, builder, parser, options }]: readonly [Format, Segment]): LogSums {
  return {
    format,
    accounts,
    builder,
    advice: accounts.map(({ file }) => parser.advice?.(file.index) ?? []),
    streams: accounts.map(({ file }) => parser.streamsOf?.(file.index) ?? []),
    joined: options.joined === true,
  };
}

/** What the reading of its format tells of a file, in its report. */
export function finishReport({ report, source, file, gaps }: Input, { advice, streams, accounts }: LogSums): void {
  report.advice = [...(advice[file.index] ?? [])];
  const others = (streams[file.index] ?? []).filter((id) => id !== report.format);
  if (others.length > 0) report.otherFormats = others;
  if (source.problems.length > 0) {
    report.state = 'partial';
    report.detail = source.problems[0];
  }
  if (gaps.length > 0) {
    report.state = 'partial';
    report.detail = 'not-followed';
  }
  if (report.state === 'failed' && (accounts[file.index]?.lines.read ?? 0) > 0) report.state = 'partial';
}

/** The figures of all files, from the sums of their formats. */
export function merge(inputs: readonly Input[], logs: readonly LogSums[], complete: boolean): Analysis {
  // A single builder needs no copy, which for a huge log would be most of the memory.
  const all = logs.length === 1 ? logs[0].builder : new CubeBuilder();
  if (logs.length !== 1) for (const { builder } of logs) all.merge(builder, []);
  const cube = all.build(),
    losses = all.losses(cube);
  return {
    files: inputs.map((input) => {
      const log = logs.find(({ format }) => format === input.reader),
        known = accountOf(log?.accounts[input.file.index], losses);
      const whole = complete && log ? problemsOfWhole(input, log, cube) : [];
      return {
        ...input.report,
        ...known,
        problems: [...whole, ...input.gaps, ...input.foreign, ...(known.problems ?? [])],
      };
    }),
    cube,
    progress: {
      read: inputs.reduce((sum, { source }) => sum + source.position, 0),
      total: inputs.reduce((sum, { report }) => sum + (report.format ? report.bytes : 0), 0),
    },
    complete,
  };
}

/** What a file as a whole shows when it has been read to its end. */
function problemsOfWhole(input: Input, log: LogSums, cube: Cube): Problem[] {
  const problems: Problem[] = isUnused(input, log, cube) ? [{ code: 'nothing-used', count: 1, line: 1 }] : [];
  if (log.format.inOrder && endsBeforeItBegins(input.first, log.accounts[input.file.index]?.ends?.time))
    problems.push({ code: 'newest-first', count: 1, line: 1 });
  return problems;
}

/**
 * Whether a file looks as if it were the wrong one: it has lines, and none of them states mail. A quiet log beside others
 * does not, nor one whose mail another format or file has.
 */
function isUnused({ file, report }: Input, { accounts, joined }: LogSums, { cells }: Cube): boolean {
  const account = accounts[file.index];
  if (!account || report.state === 'duplicate' || account.lines.used > 0 || account.repeated || joined) return false;
  if (cells.file.includes(file.index)) return false;
  // Where most lines are skipped, their reasons say more.
  if (account.lines.skipped * 2 >= account.lines.read) return false;
  const lines = headLines(file.head).filter((line) => line !== '' && !line.startsWith('#'));
  return lines.length > 1 && (account.lines.skipped > 0 || !accounts.some((other) => other && other.lines.used > 0));
}

function accountOf(account: FileAccount | undefined, losses: readonly Loss[]): Partial<FileReport> {
  if (!account) return {};
  const all = new Map(account.problems);
  for (const { code, file, count, line } of losses) {
    const known = all.get(code);
    if (file === account.file.index)
      all.set(code, known ? { count: known.count + count, line: Math.min(known.line, line) } : { count, line });
  }
  const problems = [...all]
    .map(([code, { count, line }]) => ({ code, count, line }))
    .sort((a, b) => b.count - a.count || a.line - b.line);
  return {
    lines: { ...account.lines },
    problems,
    checkpoints: account.checkpoints,
    covers: spansOf(account.covered),
    repeated: account.repeated,
  };
}
