import type { Milliseconds, ProblemCode } from '../model';

/** Stored bytes from `from` up to `to` (exclusive), or to the end. */
export interface Range {
  from: number;
  to?: number;
}

/** Where the bytes of a log stand that is kept in an archive, as data that travels to another thread. */
export interface Kept {
  /** The file without a name in which the archive stands unpacked, by its descriptor; absent: the file on disk. */
  descriptor?: number;
  from: number;
  /** Bytes as they stand there. */
  size: number;
  /** Of a zip archive: the number of the method by which they are packed, 0 for none. */
  method?: number;
  /** What the archive says of the unpacked bytes, where it does. */
  unpacked?: number;
  crc32?: number;
  /** Most bytes that the log may become. */
  most: number;
  /** Why it can't be read; else absent. */
  failure?: string;
}

/** A range of stored bytes, with a SHA-256 of them that no report states: what else it is made of is in `file.ts`. */
export interface Print extends Range {
  print: string;
}

/** A log as bytes of UTF-8: plain, compressed and UTF-16 files look the same from here. */
export interface Source {
  /** For people; of a log in an archive it is the archive's path and the name inside. */
  path: string;
  /** The file on disk. */
  file: string;
  /** The name inside the archive `file`. */
  entry?: string;
  /** Where it stands in the archive `file`. */
  kept?: Kept;
  /** Bytes as stored. */
  size: number;
  modified?: Milliseconds;
  /** When anything about it was last changed (ctime), which nobody can set. */
  changed?: Milliseconds;
  /** Device and inode when it was opened: where another file has its name by now, reading fails with ESTALE. */
  identity?: string;
  /** It is read up to `size`, also where that is 0: what stands behind it is read by who follows it. */
  readonly grows?: boolean;
  /** It can be read only once, from its start, and its size is known when it has ended. */
  readonly onePass?: boolean;
  /** The first bytes (at most 64 KiB), for recognising the format. */
  head(): Promise<Uint8Array>;
  /**
   * The bytes from the start, or those of a range; an array is reused once the next one is asked for. With `direct` it
   * may be in the engine's memory, for a segment whose parser uses the engine.
   * @throws with a `code` such as ENOENT or EIO.
   */
  chunks(range?: Range, direct?: boolean): AsyncIterable<Uint8Array>;
  /**
   * Ranges of about `size` bytes that begin at line starts and together are the whole file; a single open range where
   * the file can't be read from its middle (compressed, UTF-16).
   */
  ranges(size: number): Promise<Range[]>;
  /** Stored bytes consumed by `chunks` so far. */
  readonly position: number;
  /** What `chunks` found wrong with the container, e.g. a compressed file that ends early. */
  readonly problems: readonly ProblemCode[];
  /** SHA-256 of the stored bytes in hex. */
  sha256(): Promise<string>;
  /** Where this is a list, `chunks` adds the print of each range that it has given to its end. */
  prints?: Print[];
  /** The print of a range as the file is now. */
  printOf?(range: Range): Promise<string>;
}

/** What a log was like when it was opened: it is read as that, or not at all. */
export type Stored = Pick<Source, 'size' | 'modified' | 'changed' | 'identity' | 'kept' | 'grows'>;

/** The same in a form that travels to another thread. */
export function storedOf({ size, modified, changed, identity, kept, grows }: Source): Stored {
  return { size, modified, changed, identity, kept, grows };
}
