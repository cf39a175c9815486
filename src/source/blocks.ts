import { readSync } from 'node:fs';
import { constants, open, type FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { blockSize, kernel } from '../core/reading/kernel';
import type { Range } from '../core/reading/source';
import { collectIfGrown } from './collect';

/** Bytes after which other work of the thread has its turn. */
const turnEvery = 1 << 20;

/**
 * The bytes of a range of a file, by its path or its descriptor; a block is reused once the next one is asked for.
 * Reading is synchronous: nobody waits for this thread, and a read-ahead thread would only compete with it, since the
 * system reads ahead by itself.
 * @param identity device and inode that the file must have, as `identityOf` returns them; undefined: any.
 * @param direct whether to read into the engine's memory where that is free.
 */
export async function* blocks(
  path: string | number,
  { from, to = Infinity }: Range,
  identity: string | undefined,
  direct: boolean,
): AsyncGenerator<Uint8Array> {
  const file = typeof path === 'number' ? { fd: path, close: async () => {} } : await openRegular(path, identity);
  const lent = direct ? kernel()?.borrow() : undefined;
  try {
    const buffer = lent ?? new Uint8Array(Math.min(blockSize, Math.max(to - from, 1)));
    for (let at = from, turn = from + turnEvery; ;) {
      const read = readSync(file.fd, buffer, 0, Math.min(buffer.length, to - at), at);
      if (read === 0) {
        // A file that has become shorter is not the log any more that was to be read.
        if (at < to && to !== Infinity) throw stale(String(path));
        return;
      }
      at += read;
      yield read === buffer.length ? buffer : buffer.subarray(0, read);
      if (at >= turn) {
        turn = at + turnEvery;
        collectIfGrown();
        await setImmediate();
      }
    }
  } finally {
    if (lent) kernel()!.giveBack();
    await file.close();
  }
}

/** Opens a regular file with this identity (undefined: any). @throws with a `code`, ESTALE for another. */
async function openRegular(path: string, identity: string | undefined): Promise<FileHandle> {
  // O_NONBLOCK keeps a FIFO that nobody writes to from holding the reader for ever.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const info = await file.stat();
    if (!info.isFile())
      throw Object.assign(new Error(`not a regular file: ${path}`), { code: info.isDirectory() ? 'EISDIR' : 'EINVAL' });
    if (identity !== undefined && identityOf(info) !== identity) throw stale(path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function stale(path: string): Error {
  return Object.assign(new Error(`replaced or cut while it was read: ${path}`), { code: 'ESTALE' });
}

/** Identifies a file while it exists, whatever its name. */
export function identityOf({ dev, ino }: { dev: number; ino: number }): string {
  return `${dev}:${ino}`;
}

/** Ranges of about `size` bytes of a plain file, each beginning at a line start. */
export async function lineRanges(path: string, fileSize: number, size: number): Promise<Range[]> {
  const count = Math.ceil(fileSize / size);
  const file = await open(path, 'r');
  try {
    const starts = [0];
    for (let i = 1; i < count; i++) {
      const start = await lineStart(file, Math.floor((fileSize / count) * i), fileSize);
      if (start > starts[starts.length - 1] && start < fileSize) starts.push(start);
    }
    return starts.map((from, i) => ({ from, to: starts[i + 1] }));
  } finally {
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
