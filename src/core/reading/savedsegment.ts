import type { LineOpener } from './boxes/opener';
import type { FileAccount } from './sink';
import type { UnresolvedLines } from './unresolvedlines';

/** A segment as data. */
export interface SavedSegment {
  format: string;
  first: boolean;
  builder: unknown;
  parser: unknown;
  unresolved: ReturnType<UnresolvedLines['save']>;
  /** Parts of lines whose rest has not come. */
  boxes: ReturnType<LineOpener['save']>;
  accounts: FileAccount[];
  /** Position in the data set of the file that was read last. */
  current: number;
}
