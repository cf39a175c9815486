import type { Cube } from '../cube/cube';
import type { FileReport } from '../model';

/** What has been read of a data set: the immutable snapshot that all views draw. It can be posted as it is. */
export interface Analysis {
  files: FileReport[];
  cube: Cube;
  /** Of all `files` together, while reading: bytes read so far and bytes in all. */
  progress: { read: number; total: number };
  /** False for a snapshot taken while reading, or when the reading was cancelled. */
  complete: boolean;
}
