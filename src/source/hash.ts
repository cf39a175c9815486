import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FileReport } from '../core/model';

/** The file with its SHA-256; without one where the file is no longer what was read, since the hash would prove something else. */
export async function hashed(file: FileReport): Promise<FileReport> {
  if (file.sha256 !== undefined || file.state === 'failed') return file;
  try {
    if ((await stat(file.path)).size !== file.bytes) return file;
    const hash = createHash('sha256');
    for await (const block of createReadStream(file.path, { highWaterMark: 1 << 20 })) hash.update(block as Buffer);
    return { ...file, sha256: hash.digest('hex') };
  } catch { return file; }
}
