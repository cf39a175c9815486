import type { Analysis } from './analysis';
import { markCopies } from './copies';
import { compareFiles } from './fileorder';
import { foreignLines } from './foreignlines';
import { groupsOf, readerOf } from './groups';
import type { ColumnMapping } from '../connectors/columns';
import { Tier } from './boxes/box';
import { recognise, type OpenedHead } from './boxes/recognise';
import type { Cube } from '../cube/cube';
import { CubeBuilder, type Loss } from '../cube/cubebuilder';
import type { Format, Head } from './format';
import { fail, hashAll, type Input } from './input';
import type { FileReport, Milliseconds, Problem } from '../model';
import { endsBeforeItBegins, isNewestFirst } from './newestfirst';
import { readInOrder } from './readinorder';
import { withoutRepeats } from './repeats';
import { Segment, stitch } from './segment';
import type { FileAccount, FileContext, ReadOptions } from './sink';
import type { Source } from './source';
import { spansOf } from '../text/coveredtime';
import { firstTime, TimeReader, yearAnchor } from '../text/time';
import { headLines } from '../text/head';

const day = 86_400_000;

export interface AnalyseOptions extends ReadOptions {
  formats: readonly Format[];
  /** Formats that carry others. */
  carriers?: readonly Format[];
  /** A format id to use whatever the content says. */
  format?: string;
  /** The sources stand in the order in which they are one log, e.g. that of a report. */
  inOrder?: boolean;
  /** Computes SHA-256 of a file's stored bytes in hex; without it the report has none. */
  hash?: (source: Source) => Promise<string>;
  /**
   * Called after every chunk with a function that makes a snapshot of the figures so far. Only the snapshot is costly.
   */
  onProgress?(snapshot: () => Analysis): void;
}

/** What is known of the files of one format, without what is still open in them. */
interface LogSums {
  format: Format;
  accounts: readonly FileAccount[];
  builder: CubeBuilder;
  /** By file: see `Parser.advice` and `Parser.streamsOf`. */
  advice: (readonly string[])[];
  streams: (readonly string[])[];
  /** @see ReadOptions.joined */
  joined: boolean;
}

/** Files of one format in the order in which they are one log. */
export interface Group {
  format: Format;
  files: { source: Source; file: FileContext }[];
  options: ReadOptions;
}

/** What a group reader reports while it reads. */
export interface GroupEvents {
  /** More has been read; `segment` holds what is known so far. */
  progress(segment: Segment): void;
  /** A file could not be read, or not to its end. */
  failed(file: FileContext, error: unknown): void;
}

/**
 * Reads a group into one segment that begins with nothing before it. A last line of the last file without line end is
 * returned as `partialLine`: it may still be growing.
 */
export type GroupReader = (group: Group, events: GroupEvents) => Promise<{ segment: Segment; partialLine: Uint8Array }>;

/**
 * The files of a report as one data set. Files of one format are one log, read in the order of their first time stamps,
 * so that sessions may go from one file into the next. Files that can't be read or recognised are reported.
 */
export class LogReader {
  private readonly inputs: Input[] = [];
  /** What has been read of each format, with its open sessions and the beginning of a last line without line end. */
  private readonly read = new Map<Format, { segment: Segment; partialLine: Uint8Array }>();

  private constructor(private readonly options: AnalyseOptions) {}

  /** Reads all sources to their ends. */
  static async open(
    sources: readonly Source[],
    options: AnalyseOptions,
    readGroup: GroupReader = withoutRepeats(readInOrder),
  ): Promise<LogReader> {
    const data = new LogReader(options);
    const { inputs, read } = data;
    for (const source of sources) inputs.push(await inspect(source, inputs.length, options));
    if (!options.inOrder) inOrder(inputs);
    await markDuplicates(inputs);
    // Hashing goes on beside the reading.
    const once = inputs.filter(({ source }) => source.onePass),
      hashed = options.hash ? hashAll(inputs, options.hash, once) : Promise.resolve();
    for (const group of groupsOf(inputs, {
      ...options,
      related: (id) => [...read].find(([format]) => format.id === id)?.[1].segment.parser,
    })) {
      read.set(
        group.format,
        await readGroup(group, {
          progress: (partial) =>
            options.onProgress?.(() =>
              merge(
                inputs,
                [...read]
                  .map(([format, { segment }]) => [format, segment] as const)
                  .concat([[group.format, partial]])
                  .map(sumsOf),
                false,
              ),
            ),
          failed: (file, error) => fail(inputs[file.index].report, error),
        }),
      );
    }
    await hashed;
    // What comes through a pipe is known when it has ended.
    if (options.hash) await hashAll(once, (source) => source.sha256());
    for (const { source, report } of once) report.bytes = source.position;
    return data;
  }

  /**
   * The figures, for good: a last line is taken as it is, and what waits for the end of its session is counted.
   * @param letGo called before they are made, which takes room: what was open in the logs is not needed any more.
   */
  end(letGo = () => {}): Analysis {
    for (const { segment, partialLine } of this.read.values()) {
      segment.push(partialLine);
      segment.end();
      segment.finish();
    }
    const all = [...this.read].map(([format, { segment }]) => sumsOf([format, segment]));
    this.read.clear();
    letGo();
    return this.finished(all);
  }

  /** The figures as if the logs ended here. Reading can go on; a last line without its end is not counted yet. */
  soFar(): Analysis {
    return this.finished(
      [...this.read].map(([format, { segment }]) => {
        const copy = stitch(new Segment(format, segment.options, true), segment);
        copy.finish();
        return sumsOf([format, copy]);
      }),
    );
  }

  /** Files that may still grow: those read to their ends, with the bytes read of each and its device and inode. */
  growing(): { index: number; path: string; read: number; identity: string | undefined }[] {
    return this.inputs.flatMap(({ source, file, reader, report }) => {
      if (!reader || report.state !== 'complete' || source.entry !== undefined) return [];
      const { segment } = this.read.get(reader)!;
      return [
        {
          index: file.index,
          path: source.file,
          read: segment.accounts[file.index]?.bytes ?? 0,
          identity: source.identity,
        },
      ];
    });
  }

  /**
   * Reads lines that were appended to a file, each with its end.
   * @param modified when the file was last changed: the year of stamps without one depends on it.
   */
  append(index: number, bytes: Uint8Array, modified: Milliseconds): void {
    const { reader, file, report } = this.inputs[index];
    const { segment } = this.read.get(reader!)!;
    if (Math.floor(modified / day) !== Math.floor((file.modified ?? 0) / day)) {
      file.modified = modified;
      segment.forgetClock(file);
    }
    segment.open(file);
    segment.push(bytes);
    segment.end();
    report.bytes = segment.accounts[file.index].bytes;
    // The hash was that of the content before.
    delete report.sha256;
  }

  /** Another file has replaced one, e.g. after a rotation: a file of its own, of the same format. Returns its index. */
  async succeed(index: number, source: Source): Promise<number> {
    const { format, reader } = this.inputs[index];
    const input = await inspect(source, this.inputs.length, { ...this.options, format: format!.id });
    input.reader = reader;
    input.report.bytes = 0;
    input.file.server = this.inputs[index].file.server;
    this.inputs.push(input);
    return input.file.index;
  }

  private finished(logs: readonly LogSums[]): Analysis {
    for (const input of this.inputs) {
      const log = logs.find(({ format }) => format === input.reader);
      if (log && input.report.state !== 'duplicate') finishReport(input, log);
    }
    return merge(this.inputs, logs, true);
  }
}

function sumsOf([format, { accounts, builder, parser, options }]: readonly [Format, Segment]): LogSums {
  return {
    format,
    accounts,
    builder,
    advice: accounts.map(({ file }) => parser.advice?.(file.index) ?? []),
    streams: accounts.map(({ file }) => parser.streamsOf?.(file.index) ?? []),
    joined: options.joined === true,
  };
}

/**
 * The one format that claims a head as it is, or undefined. Where others claim some of its lines, that which claims most:
 * a line by a stranger does not decide what a log is. @internal for tests
 */
export function detectFormat(
  head: Uint8Array,
  formats: readonly Format[],
  columns?: readonly ColumnMapping[],
): Format | undefined {
  const view = { ...headOf(head), columns };
  const claiming = formats.filter((format) => format.detect(view));
  if (claiming.length < 2) return claiming[0];
  const weights = claiming.map((format) => linesOf(format, view).length);
  return claiming[weights.indexOf(Math.max(...weights))];
}

/** The numbers of the lines of a head that a format claims each by itself. */
function linesOf(format: Format, head: Head): number[] {
  return head.lines.flatMap((line, i) => (format.detect({ ...head, lines: [line] }) ? [i + 1] : []));
}

/**
 * The one format that claims a head, if any, and the boxes in which its lines are.
 * @param wanted the id of a format that the file is to be read as, whatever its content says.
 */
export function recogniseHead(
  head: Uint8Array,
  formats: readonly Format[],
  columns?: readonly ColumnMapping[],
  wanted?: string,
): OpenedHead<Format> {
  const all = wanted === undefined ? formats : formats.filter(({ id }) => id === wanted);
  const found = recognise(head, (bytes) => detectFormat(bytes, all, columns), columns);
  return wanted === undefined ? found : { ...found, format: all[0] };
}

/** A head as formats look at it. @internal for tests */
export function headOf(bytes: Uint8Array): Head {
  return { bytes, lines: headLines(bytes) };
}

async function inspect(source: Source, index: number, options: AnalyseOptions): Promise<Input> {
  const report: FileReport = {
    path: source.path,
    format: null,
    bytes: source.size,
    changed: source.changed,
    lines: { read: 0, used: 0, context: 0, skipped: 0 },
    problems: [],
    state: 'complete',
    advice: [],
    checkpoints: [],
    covers: [],
  };
  const file: FileContext = { index, name: source.path, head: new Uint8Array(0), modified: source.modified };
  const input: Input = { source, file, format: undefined, reader: undefined, report, begins: Infinity, foreign: [] };
  let found;
  try {
    found = recogniseHead(await source.head(), options.formats, options.columns, options.format);
  } catch (error) {
    fail(report, error);
    return input;
  }
  file.head = found.head;
  if (found.tier !== Tier.bare) file.boxes = found.tier;
  if (found.rows) file.rows = found.rows;
  if (found.spread) file.spread = found.spread;
  input.format = found.format;
  if (!input.format) {
    // What is damaged at its head may be a log all the same.
    if (source.problems.length > 0) fail(report, { code: source.problems[0] });
    else report.state = 'unrecognised';
    return input;
  }
  report.format = file.format = input.format.id;
  const inside: Head = { ...headOf(file.head), columns: options.columns };
  input.reader = readerOf(input.format, inside, options);
  if (options.format === undefined && found.tier === Tier.bare)
    input.foreign = await foreignLines(source, inside, input.format, options.formats, input.reader).catch(() => []);
  const time = new TimeReader(options.zone, yearAnchor(file.head, source.modified, options));
  input.first = firstTime(inside.lines, time);
  input.begins = input.first ?? source.modified ?? Infinity;
  if (input.reader.inOrder && isNewestFirst(inside.lines, time, found.tier !== Tier.bare)) {
    fail(report, { code: 'newest-first' });
    input.reader = undefined;
  }
  return input;
}

/** Puts files in the order in which they are one log, whatever the order in which they were given. */
function inOrder(inputs: Input[]): void {
  inputs.sort((a, b) => compareFiles({ ...a, path: a.report.path }, { ...b, path: b.report.path }));
  inputs.forEach(({ file }, index) => (file.index = index));
}

/** Marks files whose content another one holds. */
async function markDuplicates(inputs: readonly Input[]): Promise<void> {
  await markCopies(
    inputs.flatMap(({ source, file, format, report }) => (format ? [{ source, head: file.head, format, report }] : [])),
  );
}

function finishReport({ report, source, file }: Input, { advice, streams, accounts }: LogSums): void {
  report.advice = [...(advice[file.index] ?? [])];
  const others = (streams[file.index] ?? []).filter((id) => id !== report.format);
  if (others.length > 0) report.otherFormats = others;
  if (source.problems.length > 0) {
    report.state = 'partial';
    report.detail = source.problems[0];
  }
  if (report.state === 'failed' && (accounts[file.index]?.lines.read ?? 0) > 0) report.state = 'partial';
}

function merge(inputs: readonly Input[], logs: readonly LogSums[], complete: boolean): Analysis {
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
      return { ...input.report, ...known, problems: [...whole, ...input.foreign, ...(known.problems ?? [])] };
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
