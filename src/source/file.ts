import { createHash } from 'node:crypto';
import { constants, open, stat, type FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { Decompress } from 'fzstd';
import type { ProblemCode } from '../core/model';
import type { Range, Source } from '../core/source';
import { Utf16Decoder, utf16Order } from '../core/text/utf16';

const blockSize = 512 * 1024;
const headSize = 64 * 1024;
/** A compressed file may not grow beyond this ratio once it has given this many bytes: mail logs compress 8 to 25 times. */
const bomb = { ratio: 1000, after: 64 << 20 };

/** A local file, decompressed (gzip, zstd by their magic numbers) and as UTF-8. Errors come when it is read, with their system code. */
export async function openFile(path: string): Promise<Source> {
  const info = await stat(path).catch(() => undefined);
  return new FileSource(path, info?.size ?? 0, info?.mtimeMs ?? 0);
}

class FileSource implements Source {
  position = 0;
  problems: ProblemCode[] = [];

  constructor(readonly path: string, readonly size: number, readonly modified: number) {}

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

  async *chunks(range?: Range): AsyncIterable<Uint8Array> {
    this.position = 0;
    this.problems = [];
    if (range && (range.from > 0 || range.to !== undefined)) {
      for await (const block of blocks(this.path, range)) { this.position += block.length; yield block; }
      return;
    }
    let decoder: Utf16Decoder | undefined;
    let first = true;
    for await (const chunk of this.plain()) {
      if (first) {
        first = false;
        const order = utf16Order(chunk);
        if (order) decoder = new Utf16Decoder(order);
      }
      yield decoder ? decoder.push(chunk) : chunk;
    }
  }

  async ranges(size: number): Promise<Range[]> {
    const count = Math.ceil(this.size / size);
    if (count < 2) return [{ from: 0 }];
    const file = await open(this.path, 'r');
    try {
      const head = Buffer.alloc(4096);
      await file.read(head, 0, head.length, 0);
      if (isGzip(head) || isZstd(head) || utf16Order(head)) return [{ from: 0 }];
      const starts = [0];
      for (let i = 1; i < count; i++) {
        const start = await lineStart(file, Math.floor(this.size / count * i), this.size);
        if (start > starts[starts.length - 1]) starts.push(start);
      }
      return starts.map((from, i) => ({ from, to: starts[i + 1] }));
    } finally { await file.close(); }
  }

  async sha256(): Promise<string> {
    const hash = createHash('sha256');
    for await (const block of blocks(this.path)) hash.update(block);
    return hash.digest('hex');
  }

  private async *plain(): AsyncIterable<Uint8Array> {
    const stored = this.stored();
    const { value, done } = await stored.next();
    if (done) return;
    const all = prepend(value, stored);
    if (isGzip(value)) yield* this.bounded(this.gunzip(all));
    else if (isZstd(value)) yield* this.bounded(this.unzstd(all));
    else yield* all;
  }

  private async *stored(): AsyncGenerator<Uint8Array> {
    for await (const block of blocks(this.path)) { this.position += block.length; yield block; }
  }

  private async *gunzip(stored: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    // 1 MiB of output at a time is three times as fast as the default of 16 KiB.
    const copies = async function* () { for await (const block of stored) yield Uint8Array.from(block); };
    const input = Readable.from(copies(), { objectMode: true, highWaterMark: 1 });
    const gunzip = createGunzip({ chunkSize: 1 << 20 });
    input.on('error', (error) => gunzip.destroy(error));
    input.pipe(gunzip);
    try { yield* gunzip as AsyncIterable<Uint8Array>; } catch (error) {
      const code = (error as { code?: string }).code;
      if (code === 'Z_BUF_ERROR') this.problems.push('truncated-file');
      else if (code === 'Z_DATA_ERROR') this.problems.push('damaged-file');
      else throw error;
    } finally { input.destroy(); gunzip.destroy(); }
  }

  private async *unzstd(stored: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    let out: Uint8Array[] = [];
    const zstd = new Decompress((chunk) => { if (chunk) out.push(chunk); });
    try {
      for await (const block of stored) { zstd.push(block.slice()); yield* out; out = []; }
      zstd.push(new Uint8Array(0), true);
    } catch { this.problems.push('truncated-file'); }
    yield* out;
  }

  private async *bounded(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    let length = 0;
    for await (const chunk of chunks) {
      length += chunk.length;
      if (length > bomb.after && length > this.position * bomb.ratio) throw Object.assign(new Error('the file unpacks to more than a thousand times its size'), { code: 'EBOMB' });
      yield chunk;
    }
  }
}

const isGzip = (b: Uint8Array) => b[0] === 0x1f && b[1] === 0x8b;
const isZstd = (b: Uint8Array) => b[0] === 0x28 && b[1] === 0xb5 && b[2] === 0x2f && b[3] === 0xfd;

/** The bytes of a file or of a range of it; while one block is worked on, the next is being read. A block is reused after two more. */
async function* blocks(path: string, { from, to = Infinity }: Range = { from: 0 }): AsyncGenerator<Uint8Array> {
  // O_NONBLOCK keeps a FIFO that nobody writes to from holding the reader for ever.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  let pending: Promise<Uint8Array> | undefined;
  try {
    const info = await file.stat();
    if (!info.isFile()) throw Object.assign(new Error(`not a regular file: ${path}`), { code: info.isDirectory() ? 'EISDIR' : 'EINVAL' });
    const buffers = [Buffer.allocUnsafeSlow(blockSize), Buffer.allocUnsafeSlow(blockSize)];
    let at = from;
    const next = async (buffer: Buffer) => {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, to - at), at);
      at += bytesRead;
      return buffer.subarray(0, bytesRead);
    };
    pending = next(buffers[0]);
    for (let turn = 1; ; turn ^= 1) {
      const bytes = await pending;
      if (bytes.length === 0) return;
      pending = next(buffers[turn]);
      yield bytes;
    }
  } finally {
    await pending?.catch(() => undefined);
    await file.close();
  }
}

/** The first line start at or behind an offset; the size where there is none. */
async function lineStart(file: FileHandle, offset: number, size: number): Promise<number> {
  const buffer = Buffer.alloc(64 * 1024);
  for (let at = offset - 1; at < size; at += buffer.length) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    const end = buffer.subarray(0, bytesRead).indexOf(10);
    if (end >= 0) return at + end + 1;
    if (bytesRead === 0) break;
  }
  return size;
}

async function* prepend(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield first;
  yield* rest;
}
