import { closeSync, mkdtempSync, openSync, readSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Chunks } from './packed/packed';

/** Bytes that can be read from anywhere: a file, or a part of one. */
export interface Volume {
  descriptor: number;
  from: number;
  size: number;
  /** It has no name on disk: what it holds is read by its descriptor. */
  unnamed: boolean;
  /** Bytes of the file on disk that it was unpacked from. */
  packed: number;
  /** @see growth */
  slack: number;
}

/** Bytes from `at` on; fewer where the volume ends. */
export function bytesAt({ descriptor, from, size }: Volume, at: number, length: number): Buffer {
  const wanted = Math.max(0, Math.min(length, size - at)),
    bytes = Buffer.alloc(wanted);
  let read = 0;
  while (read < wanted) {
    const more = readSync(descriptor, bytes, read, wanted - read, from + at + read);
    if (more === 0) break;
    read += more;
  }
  return bytes.subarray(0, read);
}

/**
 * Bytes as a file that has no name and vanishes with the thread that made it: an archive that was packed as a whole is
 * unpacked once, not once for each log in it. Only this user can read it.
 * @throws with the code of the system, e.g. ENOSPC.
 */
export async function withoutName(chunks: Chunks): Promise<{ descriptor: number; size: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'mail-flow-')),
    path = join(folder, 'archive'),
    descriptor = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  // Where a name goes only when the file is closed, as on some network drives, the empty folder stays.
  try {
    rmdirSync(folder);
  } catch {
    /* It is empty. */
  }
  try {
    let size = 0;
    for await (const chunk of chunks)
      for (let at = 0; at < chunk.length;) {
        const written = writeSync(descriptor, chunk, at, chunk.length - at, size);
        at += written;
        size += written;
      }
    return { descriptor, size };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}
