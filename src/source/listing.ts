import type { Milliseconds } from '../core/model';

/** A log in an archive, as the archive describes it. */
export interface Entry {
  /** Only shown, never used as a path. */
  name: string;
  modified: Milliseconds | undefined;
  /** Where its bytes stand in the archive. */
  from: number;
  size: number;
  /** Of a zip archive: how they are packed, 0 for not at all. */
  method?: number;
  /** What the archive says of the unpacked bytes, where it does. */
  unpacked?: number;
  crc32?: number;
  /** What the archive says of it in two places does not agree. */
  doubtful?: boolean;
  /** Why it can't be read. */
  failure?: string;
}

/** What is in an archive. `failure`: why that may not be all. */
export interface Listing {
  entries: Entry[];
  failure?: string;
}

export function listing(): Listing {
  return { entries: [] };
}
