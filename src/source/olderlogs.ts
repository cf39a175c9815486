import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Source } from '../core/reading/source';
import { identityOf } from './blocks';
import { openFile } from './file';
import { bytesAt, endSize, type Followed } from './followed';
import { currentOf, listRotation, type Listed } from './rotation';
import { isPlain, packing } from './unpack';

/** The content of a file beside those that are followed, plain or packed. */
class Content {
  private kept = false;

  constructor(
    readonly inode: string,
    readonly source: Source,
    /** Its first bytes, unpacked. */
    readonly head: Buffer,
    /** Where it is plain. */
    readonly file: FileHandle | undefined,
    readonly size: number,
  ) {}

  /** Whether it is the content of a log, or its beginning, as far as its head and what stands at the end tell. */
  async mayBe(log: Followed): Promise<boolean> {
    const common = Math.min(this.head.length, log.head.length);
    if (common === 0 || !this.head.subarray(0, common).equals(log.head.subarray(0, common))) return false;
    return !this.file || (await log.relation(this.file, this.size)) !== 'other';
  }

  /** Its size, unpacked; undefined where it is not there to its end, e.g. while it is being packed, or shorter. */
  async isWhole(least: number): Promise<{ size: number } | undefined> {
    let size = this.size;
    if (!this.file) {
      size = 0;
      try {
        for await (const chunk of this.source.chunks()) size += chunk.length;
      } catch {
        return undefined;
      }
      if (this.source.problems.length > 0) return undefined;
    }
    return size < least ? undefined : { size };
  }

  /** Gives the lines behind an offset; a last one without its end too. */
  async read(from: number, lines: (bytes: Uint8Array) => void): Promise<void> {
    let at = 0,
      rest = Buffer.alloc(0);
    for await (const chunk of this.source.chunks()) {
      const bytes = Buffer.concat([rest, chunk.subarray(Math.max(0, Math.min(chunk.length, from - at)))]);
      at += chunk.length;
      const end = bytes.lastIndexOf(10) + 1;
      if (end > 0) lines(bytes.subarray(0, end));
      rest = bytes.subarray(end);
    }
    if (rest.length > 0) lines(rest);
  }

  /** The file stays open, in other hands. */
  keepOpen(): FileHandle {
    this.kept = true;
    return this.file!;
  }

  async close(): Promise<void> {
    if (!this.kept) await this.file?.close();
  }
}

/** The content of a file; undefined where it can't be read, or is an archive. */
export async function contentOf({ path }: Listed): Promise<Content | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return undefined;
  try {
    const info = await file.stat(),
      head = await bytesAt(file, 0, endSize),
      sources = await openFile(path);
    if (sources.length !== 1 || sources[0].entry !== undefined || sources[0].identity !== identityOf(info)) {
      await file.close();
      return undefined;
    }
    if (isPlain(head)) return new Content(identityOf(info), sources[0], head, file, info.size);
    await file.close();
    if (!packing(head)) return undefined;
    const unpacked = await sources[0].head().catch(() => new Uint8Array(0));
    return new Content(identityOf(info), sources[0], Buffer.from(unpacked.subarray(0, endSize)), undefined, 0);
  } catch {
    await file.close().catch(() => undefined);
    return undefined;
  }
}

/** Logs beside those of a data set that are not part of it: they stay so, also renamed and compressed. */
export class OlderLogs {
  private readonly logs: { inode: string; head: Buffer }[] = [];

  /** @param own inodes of logs of the data set beside those that stand at their paths. */
  static async beside(paths: readonly string[], own: ReadonlySet<string> = new Set()): Promise<OlderLogs> {
    const older = new OlderLogs(),
      named = new Set(paths);
    for (const root of new Set(paths.map(currentOf)))
      for (const file of await listRotation(root)) {
        if (named.has(file.path) || own.has(file.inode)) continue;
        const content = await contentOf(file);
        if (content && content.head.length > 0) older.logs.push({ inode: content.inode, head: content.head });
        await content?.close();
      }
    return older;
  }

  /** Whether a content is that of one of them. Little content, such as a header alone, is that of many logs. */
  has({ inode, head }: { inode: string; head: Buffer }): boolean {
    return this.logs.some(
      (log) =>
        head.subarray(0, log.head.length).equals(log.head) &&
        (log.head.length === endSize || log.inode === inode || log.head.length === head.length),
    );
  }
}

/** Whether a file has a name of a rotation of the log at this path. */
export function isOlder(path: string, current: string): boolean {
  return basename(currentOf(path)) === basename(current);
}
