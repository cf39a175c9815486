import { createHash, type Hash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { ProblemCode } from '../core/model';
import { storedOf, type Kept, type Print, type Range, type Source, type Stored } from '../core/reading/source';
import { failed, isArchive, membersOf, type Member } from './archive';
import { blocks, identityOf, lineRanges } from './blocks';
import { bytesOf } from './kept';
import { PipeSource, pipeOf, spooled, standardInput } from './pipe';
import type { Report } from './packed/packed';
import { isPlain, unpacked } from './unpack';

const headSize = 64 * 1024;

/** What is known of the archives of this thread, by their paths: those packed as a whole are unpacked once. */
const archives = new Map<string, { as: Stored; members: Promise<Member[] | undefined> }>();

/**
 * The logs in a local file: one, or those in an archive (zip, tar); unpacked (gzip, zstd, xz, bzip2) and as UTF-8.
 * Errors come when a log is read, with the code of the system.
 */
export async function openFile(path: string): Promise<Source[]> {
  const info = await stat(path).catch(() => undefined),
    stored = asStored(info);
  const members = info?.isFile() ? await archived(path, stored).catch(unopened) : undefined;
  if (members)
    return members.map((member) => new StoredSource(path, member.entry, { ...member, identity: stored.identity }));
  return [new StoredSource(path, undefined, stored)];
}

/** The same of logs that are to be followed: of a plain one the whole lines that it has by now. */
export async function openGrowing(path: string): Promise<Source[]> {
  return Promise.all(
    (await openFile(path)).map(async (source) => {
      if (source.entry !== undefined) return source;
      const size = await wholeLines(path, source.size).catch(() => undefined);
      return size === undefined
        ? source
        : new StoredSource(path, undefined, { ...storedOf(source), size, grows: true });
    }),
  );
}

/** The end of the last whole line in so many bytes of a file; undefined where it is not plain. */
async function wholeLines(path: string, size: number): Promise<number | undefined> {
  const file = await open(path, 'r');
  try {
    const part = async (from: number, to: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
      return buffer.subarray(0, bytesRead);
    };
    if (!(await file.stat()).isFile() || !isPlain(await part(0, Math.min(size, 4096)))) return undefined;
    for (let end = size; end > 0; end -= headSize) {
      const from = Math.max(0, end - headSize),
        feed = (await part(from, end)).lastIndexOf(10);
      if (feed >= 0) return from + feed + 1;
    }
    return 0;
  } finally {
    await file.close();
  }
}

/** An archive that can't be unpacked, e.g. since there is no room for it, is read as nothing else. */
function unopened(error: unknown): Member[] {
  const failure = (error as { code?: string }).code ?? 'EIO';
  return [failed(undefined, failure)];
}

function archived(path: string, as: Stored): Promise<Member[] | undefined> {
  const known = archives.get(path);
  if (known && known.as.identity === as.identity && known.as.size === as.size && known.as.modified === as.modified)
    return known.members;
  const members = membersOf(path, as);
  archives.set(path, { as, members });
  return members;
}

/**
 * The logs that a user has named, where `-` is standard input and a FIFO is waited for.
 * @param others whether there are others, with which it may have lines in common.
 */
export async function openNamed(path: string, others: boolean): Promise<Source[]> {
  if (path !== standardInput && !(await stat(path).catch(() => undefined))?.isFIFO()) return openFile(path);
  const pipe = await pipeOf(path).catch(() => undefined);
  if (!pipe) return openFile(path);
  if (!others && !(await isArchive(pipe.head))) return [new PipeSource(path, pipe.all)];
  const file = await spooled(pipe.all).catch(() => undefined);
  if (file === undefined) return openFile(path);
  return (await openFile(file)).map((source) =>
    Object.assign(source, { path: source.entry === undefined ? path : `${path}/${source.entry}` }),
  );
}

/**
 * The source of one log again, e.g. on another thread.
 * @param as its state when it was first opened; default: its state now.
 * @throws with `code` ENOENT when an archive no longer has it.
 */
export async function openEntry(path: string, entry: string | undefined, as?: Stored): Promise<Source> {
  if (as || entry === undefined)
    return new StoredSource(path, entry, as ?? asStored(await stat(path).catch(() => undefined)));
  const found = (await openFile(path)).find((source) => source.entry === entry);
  if (!found) throw Object.assign(new Error(`no ${entry} in ${path}`), { code: 'ENOENT' });
  return found;
}

function asStored(info: Stats | undefined): Stored {
  return { size: info?.size ?? 0, modified: info?.mtimeMs, changed: info?.ctimeMs, identity: info && identityOf(info) };
}

/** Begins a print: no hash of a file's bytes alone, which reports state. */
function startPrint(): Hash {
  return createHash('sha256').update('print of a range of a mail log\0');
}

/**
 * A log that is being written is read and hashed up to its size when it was opened: every statement is about the same
 * bytes.
 */
class StoredSource implements Source {
  readonly path: string;
  position = 0;
  problems: ProblemCode[] = [];
  prints: Print[] | undefined;

  readonly size: number;
  readonly modified: number | undefined;
  readonly changed: number | undefined;
  readonly grows: boolean | undefined;
  readonly identity: string | undefined;
  readonly kept: Kept | undefined;

  constructor(
    readonly file: string,
    readonly entry: string | undefined,
    { size, modified, changed, identity, kept, grows }: Stored,
  ) {
    this.size = size;
    this.modified = modified;
    this.changed = changed;
    this.grows = grows;
    this.identity = identity;
    this.kept = kept;
    this.path = entry === undefined ? file : `${file}/${entry}`;
  }

  async head(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of this.chunks()) {
      parts.push(Uint8Array.from(chunk.subarray(0, headSize - length)));
      length += chunk.length;
      if (length >= headSize) break;
    }
    this.position = 0;
    return Buffer.concat(parts);
  }

  async *chunks(range?: Range, direct = false): AsyncIterable<Uint8Array> {
    this.position = 0;
    this.problems = [];
    const middle = range !== undefined && (range.from > 0 || range.to !== undefined);
    const { kept } = this;
    yield* middle
      ? this.stored(range, direct)
      : unpacked(this.stored(undefined, direct), this.report, kept && (() => kept.most));
  }

  private readonly report: Report = (code) => {
    this.problems.push(code);
  };

  async ranges(size: number): Promise<Range[]> {
    if (this.kept || this.size <= size) return [{ from: 0 }];
    const file = await open(this.file, 'r');
    const head = Buffer.alloc(4096);
    try {
      await file.read(head, 0, head.length, 0);
    } finally {
      await file.close();
    }
    return isPlain(head) ? lineRanges(this.file, this.size, size) : [{ from: 0 }];
  }

  async sha256(): Promise<string> {
    const hash = createHash('sha256');
    for await (const block of this.bytes()) hash.update(block);
    return hash.digest('hex');
  }

  async printOf(range: Range): Promise<string> {
    const print = startPrint();
    for await (const block of this.bytes(range)) print.update(block);
    return print.digest('hex');
  }

  private async *stored(range: Range = { from: 0 }, direct = false): AsyncIterable<Uint8Array> {
    const print = this.prints && startPrint();
    for await (const block of this.bytes(range, direct, this.report)) {
      this.position += block.length;
      print?.update(block);
      yield block;
    }
    if (print) this.prints!.push({ from: range.from, to: range.to ?? this.size, print: print.digest('hex') });
  }

  private bytes({ from, to = Infinity }: Range = { from: 0 }, direct = false, report: Report = () => {}) {
    const { file, identity, kept } = this;
    // Files that the system generates on reading have no size, e.g. in /proc.
    if (!kept)
      return blocks(file, { from, to: Math.min(to, this.size || (this.grows ? 0 : Infinity)) }, identity, direct);
    if (kept.failure !== undefined) throw Object.assign(new Error(kept.failure), { code: kept.failure });
    const stored = { from: kept.from, to: kept.from + kept.size };
    return kept.descriptor === undefined
      ? bytesOf(blocks(file, stored, identity, false), kept, report)
      : bytesOf(blocks(kept.descriptor, stored, undefined, false), kept, report);
  }
}
