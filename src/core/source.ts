import type { Milliseconds, ProblemCode } from './model';

/** A log as bytes of UTF-8: plain, compressed and UTF-16 files look the same from here. */
export interface Source {
  path: string;
  /** Bytes as stored. */
  size: number;
  modified?: Milliseconds;
  /** The first bytes (at most 64 KiB), for recognising the format. */
  head(): Promise<Uint8Array>;
  /** All bytes from the start; an array is reused once the next one is asked for. @throws with a `code` such as ENOENT or EIO. */
  chunks(): AsyncIterable<Uint8Array>;
  /** Stored bytes consumed by `chunks` so far. */
  readonly position: number;
  /** What `chunks` found wrong with the container, e.g. a compressed file that ends early. */
  readonly problems: readonly ProblemCode[];
  /** SHA-256 of the stored bytes in hex. */
  sha256(): Promise<string>;
}
