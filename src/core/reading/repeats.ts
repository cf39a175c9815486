import { flattened } from './flattened';
import type { Group, GroupEvents, GroupReader } from './logreader';
import { otherLines, withoutLines, type LineRanges } from './linemask';
import { leaveOut } from './account';
import { readInOrder } from './readinorder';
import { repeatedLines } from './samelines';
import { Segment } from './segment';
import { UnitCode, type Milliseconds } from '../model';
import { printOf } from '../text/fingerprint';
import { headLines } from '../text/head';
import { firstTime, TimeReader, yearAnchor } from '../text/time';

type GroupFile = Group['files'][number];

/** A file and the time from its first line to its last; all time where its lines have none. */
interface Timed {
  input: GroupFile;
  begins: Milliseconds;
  ends: Milliseconds;
  /** Print of its last line. */
  last: number | undefined;
  lines: number;
}

/** Of the lines at a head, so many of a hundred have a time of their own where lines are records. */
const mostlyTimed = 90;
const minute = 60_000;

/**
 * A reader that counts once what stands in several files of a group, word for word. Only files whose times overlap are
 * looked at. Where no two lines of the format are the same, the later file is read without the lines that an earlier
 * one has; else a problem says how many messages stand in both.
 */
export function withoutRepeats(read: GroupReader): GroupReader {
  return async (group, events) => {
    const result = await read(group, events);
    if (group.format.repeats === 'parser') return result;
    const flat = { ...group, files: group.files.map(flattened) },
      files = overlapping(flat, result.segment);
    if (files.length === 0) return result;
    const repeats = await repeatsOf(files);
    if (repeats.size === 0) return result;
    if (group.format.repeats === 'lines' && files.every(({ input }) => linesAreRecords(input, group)))
      return readWithout(flat, events, repeats);
    for (const [input, ranges] of repeats) await tell(group, result.segment, input, ranges);
    return result;
  };
}

/** Files that have time in common with another one. */
function overlapping({ files, options }: Group, segment: Segment): Timed[] {
  const timed = files.flatMap((input): Timed[] => {
    const account = segment.accounts[input.file.index];
    if (!account || account.lines.read === 0) return [];
    const { first, last } = account.covered,
      time = new TimeReader(options.zone, yearAnchor(input.file.head, input.file.modified, options));
    if (first > last) return [{ input, begins: -Infinity, ends: Infinity, last: undefined, lines: account.lines.read }];
    // What is covered is known by the minute.
    const begins = firstTime(headLines(input.file.head), time) ?? Infinity,
      ends = account.ends?.time ?? -Infinity;
    return [
      {
        input,
        begins: begins < (first + 1) * minute ? begins : first * minute,
        ends: ends >= last * minute ? ends : (last + 1) * minute,
        last: account.ends?.line,
        lines: account.lines.read,
      },
    ];
  });
  timed.sort((a, b) => a.begins - b.begins || b.lines - a.lines);
  const found = new Set<Timed>();
  let open: Timed[] = [];
  for (const one of timed) {
    open = open.filter(({ ends }) => ends >= one.begins);
    for (const other of open) if (other.ends > one.begins || goesOnWith(other, one)) found.add(other).add(one);
    open.push(one);
  }
  return timed.filter((one) => found.has(one));
}

/** Whether a file that begins when another one ends has its last line; else it is the next one of a rotation. */
function goesOnWith({ last }: Timed, { input }: Timed): boolean {
  return headLines(input.file.head).some((line) => printOf(line) === last);
}

/** The lines of each file that stand in one before it. */
async function repeatsOf(files: readonly Timed[]): Promise<Map<GroupFile, LineRanges>> {
  const repeats = new Map<GroupFile, LineRanges>();
  let found: (LineRanges | undefined)[];
  try {
    found = await repeatedLines(
      files.map(({ input }) => input.source),
      files.reduce((sum, { lines }) => sum + lines, 0),
    );
  } catch {
    // What can't be read any more is told by whoever reads it.
    return repeats;
  }
  for (const [i, ranges] of found.entries()) {
    const { input } = files[i],
      rows = behindHeader(ranges ?? [], input.file.rows?.preamble ?? 0);
    if (rows.length > 0) repeats.set(input, rows);
  }
  return repeats;
}

/** The ranges without the first lines of a file, which every export of a table has. */
function behindHeader(ranges: LineRanges, lines: number): LineRanges {
  const behind: number[] = [];
  for (let i = 0; i < ranges.length; i += 2)
    if (ranges[i + 1] > lines) behind.push(Math.max(ranges[i], lines + 1), ranges[i + 1]);
  return behind;
}

/** Whether a line says all that there is to a record, and a time: not where a record has a line for each of its fields. */
function linesAreRecords({ file }: GroupFile, { options }: Group): boolean {
  if (file.rows?.several) return false;
  const time = new TimeReader(options.zone, yearAnchor(file.head, file.modified, options));
  const lines = headLines(file.head).filter((line) => line !== '' && !line.startsWith('#'));
  const records = lines.filter((line) => /^\{\s*"/.test(line) || firstTime([line], time) !== undefined);
  return records.length * 100 >= lines.length * mostlyTimed;
}

/** Reads a group once more, without these lines. */
async function readWithout(group: Group, events: GroupEvents, repeats: ReadonlyMap<GroupFile, LineRanges>) {
  const files = group.files.map((input) => {
    const ranges = repeats.get(input);
    return ranges ? { ...input, source: withoutLines(input.source, ranges) } : input;
  });
  const result = await readInOrder({ ...group, files }, events);
  for (const [{ file }, ranges] of repeats) leaveOut(result.segment.accounts[file.index], ranges);
  return result;
}

/** Says how many messages of a file these lines state by themselves. */
async function tell(group: Group, segment: Segment, input: GroupFile, ranges: LineRanges): Promise<void> {
  const alone = new Segment(group.format, group.options, true);
  alone.open(input.file);
  try {
    for await (const chunk of withoutLines(input.source, otherLines(ranges)).chunks()) alone.push(chunk);
  } catch {
    return;
  }
  alone.end();
  alone.finish();
  const { cells, series } = alone.builder.build();
  let messages = 0;
  for (let i = 0; i < cells.length; i++)
    if (series.unit[cells.series[i]] === UnitCode.message) messages += cells.messages[i];
  if (messages > 0)
    segment.accounts[input.file.index].problems.set('counted-twice', { count: messages, line: ranges[0] });
}
