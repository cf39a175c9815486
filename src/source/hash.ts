import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FileReport } from '../core/model';
import { storedOf, type Source } from '../core/reading/source';
import { ask } from './ask';

/**
 * The file with its SHA-256; without one where it is no longer what was read, since the hash would prove something
 * else.
 */
export async function hashed(file: FileReport): Promise<FileReport> {
  if (file.sha256 !== undefined || file.state === 'failed') return file;
  try {
    if (!(await isAsRead(file))) return file;
    const hash = createHash('sha256');
    // It may grow meanwhile.
    for await (const block of createReadStream(file.path, { highWaterMark: 1 << 20, end: Math.max(0, file.bytes - 1) }))
      hash.update(block as Buffer);
    return (await isAsRead(file)) ? { ...file, sha256: hash.digest('hex') } : file;
  } catch {
    return file;
  }
}

/** Whether nothing has touched the file since it was read: what is as long and as old may be something else. */
async function isAsRead({ path, bytes, changed }: FileReport): Promise<boolean> {
  const now = await stat(path);
  return now.size === bytes && now.ctimeMs === changed;
}

/** Below so many bytes the start of a thread takes longer than hashing. */
const worth = 64 << 20;

/** Hashes files of at least `least` bytes on a thread of its own: that takes a third of the time of reading them. */
export function hashApart(script = join(__dirname, 'worker.js'), least = worth): (source: Source) => Promise<string> {
  return async (source) => {
    if (source.size < least) return source.sha256();
    const worker = new Worker(script);
    worker.on('error', () => undefined);
    try {
      const answer = await ask(worker, { type: 'hash', path: source.file, entry: source.entry, as: storedOf(source) });
      if (answer.type === 'hashed') return answer.sha256;
    } catch {
      /* The thread is gone. */
    } finally {
      await worker.terminate();
    }
    return source.sha256();
  };
}
