import { constants, open, type FileHandle } from 'node:fs/promises';
import type { Range } from '../core/source';

const blockSize = 512 * 1024;

/** The bytes of a file or of a range of it; while one block is worked on, the next is being read. A block is reused after two more. */
export async function* blocks(path: string, { from, to = Infinity }: Range = { from: 0 }): AsyncGenerator<Uint8Array> {
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

/** Ranges of about `size` bytes of a plain file, each beginning at a line start. */
export async function lineRanges(path: string, fileSize: number, size: number): Promise<Range[]> {
  const count = Math.ceil(fileSize / size);
  const file = await open(path, 'r');
  try {
    const starts = [0];
    for (let i = 1; i < count; i++) {
      const start = await lineStart(file, Math.floor(fileSize / count * i), fileSize);
      if (start > starts[starts.length - 1] && start < fileSize) starts.push(start);
    }
    return starts.map((from, i) => ({ from, to: starts[i + 1] }));
  } finally { await file.close(); }
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
