import type { Analysis } from './analysis';
import { markCopies } from './copies';
import { compareFiles } from './fileorder';
import { foreignLines } from './foreignlines';
import { leaveOut } from './account';
import { groupsOf, readerOf } from './groups';
import type { ColumnMapping } from '../connectors/columns';
import { Tier } from './boxes/box';
import { recognise, type OpenedHead } from './boxes/recognise';
import { finishReport, merge, sumsOf, type LogSums } from './figures';
import type { Format, Head } from './format';
import { fail, hashAll, type Input } from './input';
import type { FileReport, Milliseconds } from '../model';
import { isNewestFirst } from './newestfirst';
import { readInOrder } from './readinorder';
import { withoutRepeats } from './repeats';
import { Segment, stitch } from './segment';
import type { FileContext, ReadOptions } from './sink';
import type { Source } from './source';
import { firstTime, TimeReader, yearAnchor } from '../text/time';
import { headLines } from '../text/head';

const day = 86_400_000;
/** First bytes of a file that are kept as they are. */
const startSize = 4096;
const none = new Uint8Array(0);

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

/** A file of a data set as far as it was read, for who follows it. */
export interface Growing {
  /** Its position in the data set. */
  index: number;
  path: string;
  /** Bytes read. */
  read: number;
  /** Its lines are counted in another file. */
  elsewhere: boolean;
  /** Whether a format claims it. */
  known: boolean;
  /** Device and inode when it was opened. */
  identity: string | undefined;
  /** Its first bytes as they were then. */
  head: Uint8Array;
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

  /** The files of the data set, for who follows them. Of a log in an archive nothing can follow. */
  growing(): Growing[] {
    return this.inputs.flatMap(({ source, file, reader, report, start }) => {
      if (source.entry !== undefined || source.onePass) return [];
      const read = reader && this.read.get(reader)?.segment.accounts[file.index]?.bytes,
        { state } = report;
      if ((state === 'failed' || state === 'partial') && reader && read) return [];
      return [
        {
          index: file.index,
          path: source.file,
          read: state === 'duplicate' ? source.size : (read ?? 0),
          elsewhere: state === 'duplicate',
          known: reader !== undefined,
          identity: source.identity,
          head: start,
        },
      ];
    });
  }

  /**
   * Reads lines that were appended to a file, each with its end.
   * @param times when the file was last changed: the year of stamps without one depends on it.
   */
  append(
    index: number,
    bytes: Uint8Array,
    { mtimeMs, ctimeMs }: { mtimeMs: Milliseconds; ctimeMs: Milliseconds },
  ): void {
    const { reader, file, report } = this.inputs[index];
    const { segment } = this.read.get(reader!)!;
    if (Math.floor(mtimeMs / day) !== Math.floor((file.modified ?? 0) / day)) {
      file.modified = mtimeMs;
      segment.forgetClock(file);
    }
    segment.open(file);
    segment.push(bytes);
    segment.end();
    report.bytes = segment.accounts[file.index].bytes;
    report.changed = ctimeMs;
    if (report.state !== 'complete') {
      report.state = 'complete';
      delete report.detail;
    }
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

  /** Whether a file is of the format of one that is known. */
  async isAlike(index: number, source: Source): Promise<boolean> {
    const { format } = await inspect(source, index, this.options);
    return format !== undefined && format === this.inputs[index].format;
  }

  /** A file that was no log, e.g. since it was empty, is one now; false where it is not, or must be read with others. */
  async recognise(index: number, source: Source): Promise<boolean> {
    const input = await inspect(source, index, this.options);
    const group = groupsOf([...this.inputs.filter(({ file }) => file.index !== index), input], this.options).find(
      ({ format }) => format === input.reader,
    );
    if (!group || group.options.joined) return false;
    input.report.bytes = 0;
    this.inputs[index] = input;
    if (!this.read.has(group.format))
      this.read.set(group.format, {
        segment: new Segment(group.format, group.options, true),
        partialLine: new Uint8Array(0),
      });
    return true;
  }

  /** The first lines of a file, so many bytes of it, stand in another one and are counted there. */
  leaveOutStart(index: number, lines: number, bytes: number): void {
    const { reader, file, report } = this.inputs[index];
    const { segment } = this.read.get(reader!)!;
    report.state = 'complete';
    delete report.detail;
    segment.open(file);
    segment.push(new Uint8Array(lines).fill(10));
    segment.end();
    const account = segment.accounts[index];
    account.bytes = bytes;
    leaveOut(account, [1, lines]);
  }

  /** Lines that were written to a file from one time to another may never have been seen. */
  miss(index: number, from: Milliseconds, to: Milliseconds): void {
    const { gaps, reader } = this.inputs[index];
    const read = reader && this.read.get(reader)?.segment.accounts[index]?.lines.read;
    gaps.push({ code: 'not-followed', count: 1, line: Math.max(1, read ?? 1), from, to });
  }

  /** A file has another path by now. */
  move(index: number, path: string): void {
    this.inputs[index].report.path = path;
  }

  private finished(logs: readonly LogSums[]): Analysis {
    for (const input of this.inputs) {
      const log = logs.find(({ format }) => format === input.reader);
      if (log && input.report.state !== 'duplicate') finishReport(input, log);
    }
    return merge(this.inputs, logs, true);
  }
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
  const input: Input = {
    source,
    file,
    format: undefined,
    reader: undefined,
    report,
    begins: Infinity,
    start: none,
    foreign: [],
    gaps: [],
  };
  let found;
  try {
    const head = await source.head();
    // What follows it looks whether it is still the same.
    input.start = head.slice(0, startSize);
    found = recogniseHead(head, options.formats, options.columns, options.format);
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
