import { createHash } from 'node:crypto';
import { stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { version } from '../../package.json';
import type { Group, GroupEvents, GroupReader } from '../core/reading/logreader';
import type { SavedSegment } from '../core/reading/savedsegment';
import { Segment } from '../core/reading/segment';
import type { ReadOptions } from '../core/reading/sink';
import type { Print, Range, Source } from '../core/reading/source';
import { headLines } from '../core/text/head';
import { firstTime, TimeReader, yearAnchor } from '../core/text/time';
import { identityOf } from './blocks';
import { keyOf, readSealed, removeUnfinished, writeSealed } from './sealed';
import { isPlain } from './unpack';

/**
 * Logs of fewer bytes than `worth` are read as fast as their summary. Up to `again` new bytes are read again the next
 * time instead of rewriting the summary.
 */
const usual = { worth: 4 << 20, again: 16 << 20 };

/** What a summary holds and how; a number that changes with it. */
const layout = 5;

type GroupFile = Group['files'][number];

/** Of each file, how long it was, how far it was read, and the ranges whose prints the key is made of. */
interface Header {
  files: { size: number; offset: number; ranges: Range[] }[];
}

interface Body {
  saved: SavedSegment;
  times: FileTime[];
}

/** What the time of change of a file has to do with the times of its lines. */
interface FileTime {
  modified: number | undefined;
  /** The time of its first line that follows from it. */
  begins: number | undefined;
  /** Whether its lines have no times of their own. */
  only: boolean;
}

/**
 * A reader that stores the summary of every group: of a known log only the bytes are looked at, and of one that has
 * grown only the new ones are read. A summary is encrypted with a key that is made of all bytes that it sums up: only who
 * has the log can open it, and only while the log has them. Settings, version and paths must be the same too.
 */
export function readCached(folder: string, read: GroupReader, sizes = usual): GroupReader {
  const started = removeUnfinished(folder);
  return async (group, events) => {
    await started;
    if (!isWorth(group, sizes.worth)) return read(group, events);
    const path = join(folder, `${nameOf(group)}.segment`);
    const known = await resume(group, path).catch(() => undefined);
    return known ? readOn(group, events, path, known, sizes.again) : readAll(group, events, path, read);
  };
}

/**
 * Whether a summary can be kept: not of formats that ask each other, which can't be kept one by one, nor of what can be
 * read only once.
 */
function isWorth({ options, files }: Group, least: number): boolean {
  if (options.joined || files.some(({ source }) => source.printOf === undefined)) return false;
  return files.reduce((sum, { source }) => sum + source.size, 0) >= least;
}

async function readAll(group: Group, events: GroupEvents, path: string, read: GroupReader) {
  for (const { source } of group.files) source.prints = [];
  let failed = false;
  const result = await read(group, {
    ...events,
    failed: (file, error) => {
      failed = true;
      events.failed(file, error);
    },
  });
  if (!failed && group.files.every(({ source }) => source.problems.length === 0))
    await store(path, group, result.segment, result.partialLine.length).catch(() => undefined);
  return result;
}

/** Reads what the last file has grown by since its summary was made. */
async function readOn(
  group: Group,
  events: GroupEvents,
  path: string,
  { segment, header, prints }: Known,
  again: number,
) {
  const last = group.files[group.files.length - 1],
    from = header.files[header.files.length - 1].offset;
  group.files.forEach(({ source }, i) => (source.prints = prints[i]));
  segment.open(last.file);
  if (last.source.size > from)
    for await (const chunk of last.source.chunks({ from })) {
      segment.push(chunk);
      events.progress(segment);
    }
  for (const { source } of group.files) (source as { position: number }).position = source.size;
  const partialLine = segment.takePartialLine();
  if (last.source.size - partialLine.length - from >= again)
    await store(path, group, segment, partialLine.length).catch(() => undefined);
  else await utimes(path, new Date(), new Date()).catch(() => undefined);
  return { segment, partialLine };
}

function nameOf(group: Group): string {
  return createHash('sha256')
    .update(JSON.stringify(settingsOf(group)))
    .digest('hex');
}

function settingsOf({ format, files, options }: Group) {
  return {
    version,
    layout,
    format: format.id,
    zone: options.zone.name,
    year: options.year,
    rules: options.rules,
    columns: options.columns,
    files: files.map(({ source, file }) => [file.index, source.path, file.server, file.boxes]),
  };
}

interface Known {
  segment: Segment;
  header: Header;
  prints: Print[][];
}

/** The segment of a summary whose bytes are still those of the files; only the last file may have grown. */
async function resume(group: Group, path: string): Promise<Known | undefined> {
  const sealed = await readSealed(path),
    header = JSON.parse(sealed.header) as Header;
  if (header.files.length !== group.files.length) return undefined;
  const prints: Print[][] = [];
  for (const [i, { source }] of group.files.entries()) {
    const { size, offset, ranges } = header.files[i],
      mayGrow = i === group.files.length - 1 && source.entry === undefined && offset > 0;
    if (mayGrow ? source.size < size : source.size !== size) return undefined;
    if (source.size > size && !isPlain(await source.head())) return undefined;
    prints.push([]);
    for (const range of ranges) prints[i].push({ ...range, print: await source.printOf!(range) });
  }
  const { saved, times } = deserialize(sealed.open(keyFor(group, prints))) as Body;
  if (!group.files.every((file, i) => isSameTime(times[i], file, group.options))) return undefined;
  const segment = Segment.load(
    saved,
    group.format,
    group.options,
    group.files.map(({ file }) => file),
  );
  return { segment, header, prints };
}

function keyFor(group: Group, prints: readonly Print[][]): Uint8Array {
  return keyOf([nameOf(group), ...prints.flat().map(({ print }) => print)]);
}

async function store(path: string, group: Group, segment: Segment, unread: number): Promise<void> {
  const saved = segment.save();
  // Unresolved lines and parts of lines would be raw text; a segment that nothing came before has none of the first.
  if (!saved || saved.unresolved.length > 0 || saved.boxes.parts.size > 0) return;
  if (!(await Promise.all(group.files.map(({ source }) => isAsRead(source)))).every(Boolean)) return;
  const last = group.files[group.files.length - 1];
  if (unread > 0 && !isPlain(await last.source.head())) return;
  const header: Header = {
    files: group.files.map(({ source }) => ({
      size: source.size,
      offset: source.size - (source === last.source ? unread : 0),
      ranges: source.prints!.map(({ from, to }) => ({ from, to })),
    })),
  };
  // The head of a file is its text.
  const bare = { ...saved, accounts: saved.accounts.map(withoutHead) },
    times = group.files.map((file) => timeOf(file, group.options, segment));
  const prints = group.files.map(({ source }) => source.prints!);
  await writeSealed(
    path,
    JSON.stringify(header),
    serialize({ saved: bare, times } satisfies Body),
    keyFor(group, prints),
  );
}

function withoutHead(account: SavedSegment['accounts'][number]): SavedSegment['accounts'][number] {
  return account && { ...account, file: { index: account.file.index, name: '', head: new Uint8Array(0) } };
}

/** Whether the prints are of all bytes of a file, which is still there. */
async function isAsRead({ file, entry, identity, size, prints = [] }: Source): Promise<boolean> {
  let known = 0;
  for (const { from, to = 0 } of prints.toSorted((a, b) => a.from - b.from))
    if (from <= known) known = Math.max(known, to);
  if (known < size) return false;
  const now = await stat(file);
  return entry !== undefined || (identityOf(now) === identity && now.size >= size);
}

function timeOf({ source, file }: GroupFile, options: ReadOptions, segment: Segment): FileTime {
  return {
    modified: source.modified,
    begins: beginsAt(file.head, source.modified, options),
    only: segment.accounts[file.index]?.problems.has('time-from-file') ?? false,
  };
}

/**
 * Whether the lines that were read have the times that they would be given now. Stamps without a year are of the year
 * before the file was last changed: if the first line stays in its year, all that come behind it do.
 */
function isSameTime(before: FileTime, { source, file }: GroupFile, options: ReadOptions): boolean {
  if (before.modified === source.modified) return true;
  if (before.only || before.begins === undefined) return false;
  return before.begins === beginsAt(file.head, source.modified, options);
}

function beginsAt(head: Uint8Array, modified: number | undefined, options: ReadOptions): number | undefined {
  return firstTime(headLines(head), new TimeReader(options.zone, yearAnchor(head, modified, options)));
}
