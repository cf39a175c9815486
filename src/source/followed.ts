import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { identityOf } from './blocks';

/** Bytes at the head of a log, and before the place up to which it was read, by which it is known. */
export const endSize = 4096;
const blockSize = 1 << 20;

/** What a file has of the content of a log: all that was read of it, its beginning, or something else. */
export type Relation = 'holds' | 'begins' | 'other';

/** A log that is followed. It is known by its content, whatever its path and inode are by now. */
export class Followed {
  /** Its position in the data set; undefined while it has no lines of its own. */
  index: number | undefined;
  /** The file that holds it, while it may grow. */
  handle: FileHandle | undefined;
  inode: string | undefined;
  /** Bytes read. */
  offset = 0;
  /** Its first bytes and the last ones before `offset`, at most `endSize` of each. */
  head: Buffer = Buffer.alloc(0);
  tail: Buffer | undefined = Buffer.alloc(0);
  /** Its content is not known yet: it may be that of another log. */
  fresh = true;
  /** The data set has its lines up to `offset` from another file. */
  elsewhere = false;
  size = 0;
  /** Its last line was taken without its end. */
  split = false;

  /** @param quietSince when its size was last seen to change. */
  constructor(
    public path: string,
    public quietSince: number,
  ) {}

  async hold(handle: FileHandle): Promise<void> {
    this.handle = handle;
    this.inode = identityOf(await handle.stat());
  }

  async letGo(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
  }

  /** What another file, of so many bytes, has of this log. */
  async relation(file: FileHandle, size: number): Promise<Relation> {
    if (this.offset === 0) return 'other';
    const head = await bytesAt(file, 0, Math.min(this.head.length, size));
    if (head.length === 0 || !head.equals(this.head.subarray(0, head.length))) return 'other';
    if (size < this.offset) return head.length < Math.min(this.head.length, size) ? 'other' : 'begins';
    if (head.length < this.head.length) return 'other';
    return !this.tail || (await bytesAt(file, this.offset - this.tail.length, this.offset)).equals(this.tail)
      ? 'holds'
      : 'other';
  }

  /** Whether its file still begins with what was read. */
  async isIntact(): Promise<boolean> {
    const { size } = await this.handle!.stat();
    return this.offset === 0 || (await this.relation(this.handle!, size)) === 'holds';
  }

  /**
   * Reads whole lines up to the end of the file, with `last` also one without its end.
   * @returns whether there were any; `cut` when the file no longer begins with what was read.
   */
  async readOn(
    append: (lines: Uint8Array, info: Stats) => Promise<void>,
    now: number,
    last = false,
  ): Promise<'grown' | 'same' | 'cut'> {
    const start = this.offset;
    for (let size = blockSize; ;) {
      const block = await bytesAt(this.handle!, this.offset, this.offset + size);
      // Afterwards: what was read is what follows only if the file was not cut before.
      const info = await this.handle!.stat();
      if (!(await this.isIntact())) return 'cut';
      if (info.size !== this.size) this.quietSince = now;
      this.size = info.size;
      const atEnd = block.length < size,
        lines = block.subarray(0, last && atEnd ? block.length : block.lastIndexOf(10) + 1);
      if (lines.length > 0) {
        await append(lines, info);
        this.pass(lines);
      }
      if (atEnd) return this.offset > start ? 'grown' : 'same';
      // A line longer than the block: it is skipped as too long once its end is found.
      if (lines.length === 0) size *= 2;
    }
  }

  /** These bytes of it were read. */
  pass(bytes: Uint8Array): void {
    if (this.head.length < endSize && this.head.length === this.offset)
      this.head = Buffer.concat([this.head, bytes.subarray(0, endSize - this.head.length)]);
    this.tail = Buffer.concat([this.tail ?? Buffer.alloc(0), bytes.subarray(-endSize)]).subarray(-endSize);
    this.offset += bytes.length;
    this.split = bytes[bytes.length - 1] !== 10;
  }

  /** It has all that another log has, up to where that was read. */
  standAt(other: Followed): void {
    Object.assign(this, { offset: other.offset, head: other.head, tail: other.tail });
  }
}

/** Bytes of a file from one offset to another, or to its end. */
export async function bytesAt(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(to - from), 0, to - from, from);
  return buffer.subarray(0, bytesRead);
}

/** The number of lines in the first bytes of a file. */
export async function linesIn(file: FileHandle, size: number): Promise<number> {
  let lines = 0;
  for (let at = 0; at < size; at += blockSize)
    for (const byte of await bytesAt(file, at, Math.min(size, at + blockSize))) if (byte === 10) lines++;
  return lines;
}
