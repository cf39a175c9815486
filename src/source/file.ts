import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { ProblemCode } from '../core/model';
import type { Range, Source, Stored } from '../core/reading/source';
import { blocks, identityOf, lineRanges } from './blocks';
import { PipeSource, spooled, standardInput } from './pipe';
import { isPlain, unpacked } from './unpack';
import { zipEntries, zipEntry } from './zip';

const headSize = 64 * 1024;

/**
 * The logs in a local file: one, or those in a zip archive; unpacked (gzip, zstd) and as UTF-8.
 * Errors come when a log is read, with the code of the system.
 */
export async function openFile(path: string): Promise<Source[]> {
  const info = await stat(path).catch(() => undefined);
  const entries = info?.isFile() && (await isZip(path)) ? await zipEntries(path).catch(() => undefined) : undefined;
  if (entries) return entries.map((entry) => new StoredSource(path, entry.name, { ...entry, identity: undefined }));
  return [new StoredSource(path, undefined, asStored(info))];
}

/**
 * The logs that a user has named, where `-` is standard input and a FIFO is waited for.
 * @param others whether there are others, with which it may have lines in common.
 */
export async function openNamed(path: string, others: boolean): Promise<Source[]> {
  if (path !== standardInput && !(await stat(path).catch(() => undefined))?.isFIFO()) return openFile(path);
  if (!others) return [new PipeSource(path)];
  const file = await spooled(path).catch(() => undefined);
  return file === undefined ? openFile(path) : [Object.assign((await openFile(file))[0], { path })];
}

/**
 * The source of one log again, e.g. on another thread.
 * @param as its state when it was first opened; default: its state now.
 */
export async function openEntry(path: string, entry: string | undefined, as?: Stored): Promise<Source> {
  return new StoredSource(path, entry, as ?? asStored(await stat(path).catch(() => undefined)));
}

function asStored(info: Stats | undefined): Stored {
  return { size: info?.size ?? 0, modified: info?.mtimeMs, identity: info && identityOf(info) };
}

/**
 * A log that is being written is read and hashed up to its size when it was opened: every statement is about the same
 * bytes.
 */
class StoredSource implements Source {
  readonly path: string;
  position = 0;
  problems: ProblemCode[] = [];

  readonly size: number;
  readonly modified: number | undefined;
  readonly identity: string | undefined;

  constructor(
    readonly file: string,
    readonly entry: string | undefined,
    { size, modified, identity }: Stored,
  ) {
    this.size = size;
    this.modified = modified;
    this.identity = identity;
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
    this.problems = [];
    return Buffer.concat(parts);
  }

  async *chunks(range?: Range, direct = false): AsyncIterable<Uint8Array> {
    this.position = 0;
    this.problems = [];
    const middle = range !== undefined && (range.from > 0 || range.to !== undefined);
    yield* middle
      ? this.stored(range, direct)
      : unpacked(this.stored(undefined, direct), (code) => this.problems.push(code));
  }

  async ranges(size: number): Promise<Range[]> {
    if (this.entry !== undefined || this.size <= size) return [{ from: 0 }];
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

  private async *stored(range?: Range, direct = false): AsyncIterable<Uint8Array> {
    for await (const block of this.bytes(range, direct)) {
      this.position += block.length;
      yield block;
    }
  }

  private bytes({ from, to = Infinity }: Range = { from: 0 }, direct = false): AsyncIterable<Uint8Array> {
    // Files that the system generates on reading have no size, e.g. in /proc.
    return this.entry === undefined
      ? blocks(this.file, { from, to: Math.min(to, this.size || Infinity) }, this.identity, direct)
      : zipEntry(this.file, this.entry);
  }
}

async function isZip(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.readUInt32BE(0) === 0x504b0304;
  } finally {
    await file.close();
  }
}
