import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { LogReader } from '../core/reading/logreader';
import { identityOf } from './blocks';
import { openEntry } from './file';
import { isPlain } from './unpack';

const blockSize = 1 << 20;
/** Bytes that are compared to recognise a copy. */
const headSize = 4096;

/** A file that is being followed: read up to `offset` through `handle`, whatever its path names by now. */
interface Followed {
  index: number;
  path: string;
  handle: FileHandle;
  offset: number;
  inode: string;
}

/**
 * Follows the plain files of a data set as they grow. A file that is renamed and made anew (logrotate's `create`) is
 * read to its end before the new one is begun, and so is one that came and went between two looks; one that is
 * truncated (`copytruncate`) is begun again. A line counts once it has its line end.
 */
export class Follower {
  /** Files beside the followed ones that need not be read: they were there before, or have been read. */
  private readonly known = new Set<string>();

  private constructor(
    private readonly data: LogReader,
    private readonly files: Followed[],
  ) {}

  static async start(data: LogReader): Promise<Follower> {
    const follower = new Follower(data, []);
    for (const { index, path, read, identity } of data.growing()) {
      const found = await siblings(path);
      // What was read may have been rotated since; then it is gone on with, and the file that has its name now is new.
      const now = found.find(({ inode }) => inode === identity)?.path ?? path,
        handle = await open(now, 'r').catch(() => undefined);
      if (!handle) continue;
      if (!isPlain(await headOf(handle))) {
        await handle.close();
        continue;
      }
      follower.files.push({ index, path, handle, offset: read, inode: await identify(handle) });
      for (const sibling of found)
        if (sibling.path !== path || sibling.inode === identity) follower.known.add(sibling.inode);
    }
    return follower;
  }

  /** Reads what is new in all files; returns whether there was anything. */
  async step(): Promise<boolean> {
    let changed = false;
    for (const file of this.files) changed = (await this.advance(file)) || changed;
    return changed;
  }

  async stop(): Promise<void> {
    await Promise.all(this.files.map(({ handle }) => handle.close()));
  }

  private async advance(file: Followed): Promise<boolean> {
    // Look at the path before reading the old file to its end: once it names another, nothing more is written to the
    // old.
    const named = await stat(file.path).catch(() => undefined);
    const { size } = await file.handle.stat();
    if (size < file.offset) {
      await this.begin(file, file.handle, file.path);
      await this.read(file);
      return true;
    }
    const grew = await this.read(file);
    if (!named || identityOf(named) === file.inode) return grew;
    await this.finish(file);
    this.known.add(file.inode);
    for (const looked = new Set<string>(); ;) {
      // Inodes are reused. Compare the path's inode with that of the open handle: the handle keeps its inode alive.
      const unknown = (await siblings(file.path))
        .filter(({ path, inode }) =>
          path === file.path ? inode !== file.inode && !looked.has(inode) : !this.known.has(inode),
        )
        .sort((a, b) => Number(a.path === file.path) - Number(b.path === file.path) || a.modified - b.modified);
      if (unknown.length === 0) return true;
      // While one is read, the others may be renamed; then they are looked for anew.
      for (const next of unknown) {
        if (!(await this.change(file, next))) break;
        looked.add(next.inode);
      }
      if (unknown.some(({ path, inode }) => path === file.path && inode === file.inode)) return true;
    }
  }

  /**
   * Continues with another file; false where its path names another one by now. Passes over compressed files and
   * copies.
   */
  private async change(file: Followed, { path, inode }: { path: string; inode: string }): Promise<boolean> {
    const handle = await open(path, 'r').catch(() => undefined);
    if (!handle) return false;
    if (inode !== (await identify(handle))) {
      await handle.close();
      return false;
    }
    this.known.add(inode);
    const head = await headOf(handle);
    if (!isPlain(head) || (path !== file.path && head.length > 0 && head.equals(await headOf(file.handle)))) {
      await handle.close();
      return true;
    }
    await file.handle.close();
    await this.begin(file, handle, path);
    await this.read(file);
    // A file that came and went is complete; the one at the followed path may have been renamed meanwhile.
    if (path !== file.path) await this.finish(file);
    return true;
  }

  /** Reads complete lines up to the end of the file. */
  private async read(file: Followed): Promise<boolean> {
    const start = file.offset;
    for (let size = blockSize; ;) {
      const { buffer, bytesRead } = await file.handle.read(Buffer.allocUnsafe(size), 0, size, file.offset);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1;
      if (end > 0) {
        this.data.append(file.index, buffer.subarray(0, end), (await file.handle.stat()).mtimeMs);
        file.offset += end;
      }
      if (bytesRead < size) return file.offset > start;
      // A line longer than the buffer: it is skipped as too long once its end is found.
      if (end === 0) size *= 2;
    }
  }

  /** The file will not grow any more: its last line is complete as it is. */
  private async finish(file: Followed): Promise<void> {
    await this.read(file);
    const { buffer, bytesRead } = await file.handle.read(Buffer.allocUnsafe(blockSize), 0, blockSize, file.offset);
    if (bytesRead > 0) {
      this.data.append(file.index, buffer.subarray(0, bytesRead), (await file.handle.stat()).mtimeMs);
      file.offset += bytesRead;
    }
  }

  private async begin(file: Followed, handle: FileHandle, path: string): Promise<void> {
    // The path may name yet another file by now, so the head comes from the open one.
    const head = await headOf(handle);
    file.index = await this.data.succeed(
      file.index,
      Object.assign(await openEntry(path, undefined), { head: async () => head }),
    );
    Object.assign(file, { handle, offset: 0, inode: await identify(handle) });
  }
}

async function identify(handle: FileHandle): Promise<string> {
  return identityOf(await handle.stat());
}

async function headOf(handle: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(headSize), 0, headSize, 0);
  return buffer.subarray(0, bytesRead);
}

/** Files named like a rotation of this one (`mail.log.1`, `mail.log-20261124`), and the file itself. */
async function siblings(path: string): Promise<{ path: string; inode: string; modified: number }[]> {
  const name = basename(path),
    folder = dirname(path);
  const names = (await readdir(folder).catch(() => [])).filter(
    (one) => one.startsWith(name) && /^([.-][\d.-]+)?$/.test(one.slice(name.length)),
  );
  const found = await Promise.all(
    names.map(async (one) => {
      const info = await stat(join(folder, one)).catch(() => undefined);
      return info?.isFile() ? { path: join(folder, one), inode: identityOf(info), modified: info.mtimeMs } : undefined;
    }),
  );
  return found.filter((one) => one !== undefined);
}
