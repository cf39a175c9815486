import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { version } from '../../package.json';
import type { Group, GroupReader } from '../core/reading/logreader';
import type { SavedSegment } from '../core/reading/savedsegment';
import { Segment } from '../core/reading/segment';
import type { Source } from '../core/reading/source';
import { identityOf } from './blocks';
import { isPlain } from './unpack';

/** Bytes at each end of a file that must be the same for the file to be. */
const probeSize = 64 * 1024;
/**
 * Logs of fewer bytes than `worth` are read as fast as their summary. Up to `again` new bytes are read again the next
 * time instead of rewriting the summary.
 */
const usual = { worth: 4 << 20, again: 16 << 20 };
/** What the folder may hold; the summaries that were not used for longest go first. */
const folderLimit = 512 << 20;

/** What a summary holds and how; a number that changes with it. */
const layout = 4;

/** How far a file had been read, and what it was like. */
interface Known {
  size: number;
  modified: number | undefined;
  offset: number;
  head: string;
  tail: string;
}
interface Entry {
  known: Known[];
  saved: SavedSegment;
}

/**
 * A reader that stores the summary of every group: a known log is not read again, of one that has grown only the new
 * bytes are. A summary holds counts, host names and open sessions, no e-mail addresses. It is used only if path, size,
 * time, both ends of each file, settings and version are the same, or if only the last file has grown.
 */
export function readCached(folder: string, read: GroupReader, sizes = usual): GroupReader {
  return async (group, events) => {
    // Formats that ask each other can't be kept one by one, and what is small is not worth it. Whether a log in an archive
    // is the same is known where the archive has its checksum.
    if (group.options.joined || group.files.some(({ source: { kept } }) => kept && kept.crc32 === undefined))
      return read(group, events);
    if (group.files.reduce((sum, { source }) => sum + source.size, 0) < sizes.worth) return read(group, events);
    const path = join(folder, `${nameOf(group)}.segment`);
    const entry = load(path);
    const segment = entry && (await resume(group, entry).catch(() => undefined));
    if (segment) {
      const last = group.files[group.files.length - 1],
        from = entry.known[entry.known.length - 1].offset;
      segment.open(last.file);
      if (last.source.size > from)
        for await (const chunk of last.source.chunks({ from })) {
          segment.push(chunk);
          events.progress(segment);
        }
      for (const { source } of group.files) (source as { position: number }).position = source.size;
      const partialLine = segment.takePartialLine();
      if (last.source.size - partialLine.length - from >= sizes.again)
        await store(path, group, segment, partialLine.length).catch(() => undefined);
      else await utimes(path, new Date(), new Date()).catch(() => undefined);
      return { segment, partialLine };
    }
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
  };
}

function nameOf({ format, files, options }: Group): string {
  const key = {
    version,
    layout,
    format: format.id,
    zone: options.zone.name,
    year: options.year,
    rules: options.rules,
    columns: options.columns,
    files: files.map(({ source, file }) => [file.index, source.path, source.kept?.crc32]),
  };
  return createHash('sha256').update(JSON.stringify(key)).digest('hex');
}

/** The segment of an entry when its files are still the ones that were read; only the last may have grown. */
async function resume(group: Group, { known, saved }: Entry): Promise<Segment | undefined> {
  for (const [i, { source }] of group.files.entries()) {
    const before = known[i],
      grown = i === known.length - 1 && source.entry === undefined && source.size > before.size && before.offset > 0;
    if (!grown && (source.size !== before.size || source.modified !== before.modified)) return undefined;
    const now = await probe(source, before.size, before.offset);
    if (now.head !== before.head || now.tail !== before.tail) return undefined;
    if (grown && !now.plain) return undefined;
  }
  return Segment.load(
    saved,
    group.format,
    group.options,
    group.files.map(({ file }) => file),
  );
}

async function store(path: string, group: Group, segment: Segment, unread: number): Promise<void> {
  const saved = segment.save();
  // Unresolved lines and parts of lines would be raw text; a segment that nothing came before has none of the first.
  if (!saved || saved.unresolved.length > 0 || saved.boxes.parts.size > 0) return;
  // Both ends are hashed below, and must be those of what was read.
  for (const { source } of group.files) {
    const now = await stat(source.file);
    if (source.entry === undefined && (identityOf(now) !== source.identity || now.size < source.size)) return;
  }
  const known = await Promise.all(
    group.files.map(async ({ source }, i) => {
      const offset = source.size - (i === group.files.length - 1 ? unread : 0);
      const { head, tail } = await probe(source, source.size, offset);
      return { size: source.size, modified: source.modified, offset, head, tail };
    }),
  );
  if (unread > 0 && !(await probe(group.files[group.files.length - 1].source, 0, 0)).plain) return;
  const body = serialize({ known, saved } satisfies Entry);
  const temporary = `${path}.${process.pid}.tmp`;
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(temporary, Buffer.concat([createHash('sha256').update(body).digest(), body]), { mode: 0o600 });
  await rename(temporary, path);
  await shrink(join(path, '..'));
}

function load(path: string): Entry | undefined {
  try {
    // Read at once: this is no thread that anybody waits for, and in small parts it takes five times as long.
    const bytes = readFileSync(path);
    const body = bytes.subarray(32);
    if (!createHash('sha256').update(body).digest().equals(bytes.subarray(0, 32))) return undefined;
    return deserialize(body) as Entry;
  } catch {
    return undefined;
  }
}

/** Hashes of the first bytes and of the last ones before `offset`, and whether the file can be read from its middle. */
async function probe(
  { file }: Source,
  size: number,
  offset: number,
): Promise<{ head: string; tail: string; plain: boolean }> {
  const handle = await open(file, 'r');
  try {
    const part = async (from: number, to: number) => {
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(Math.max(0, to - from)),
        0,
        Math.max(0, to - from),
        from,
      );
      return buffer.subarray(0, bytesRead);
    };
    const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    return {
      head: hash(await part(0, Math.min(probeSize, size))),
      tail: hash(await part(Math.max(0, offset - probeSize), offset)),
      plain: isPlain(await part(0, 4096)),
    };
  } finally {
    await handle.close();
  }
}

async function shrink(folder: string): Promise<void> {
  const entries = await Promise.all(
    (await readdir(folder))
      .filter((name) => name.endsWith('.segment'))
      .map(async (name) => ({ path: join(folder, name), info: await stat(join(folder, name)) })),
  );
  let total = 0;
  for (const { path, info } of entries.sort((a, b) => b.info.mtimeMs - a.info.mtimeMs)) {
    total += info.size;
    if (total > folderLimit) await rm(path, { force: true });
  }
}
