import { LogReader, type AnalyseOptions } from '../reading/logreader';
import type { FileReport } from '../model';
import { Segment } from '../reading/segment';
import type { Source } from '../reading/source';
import type { EventListener } from './listener';

/** What goes on beside the reading. */
export interface Rereading {
  /** A log begins, by its position. */
  open?(file: number): void;
  /** The next bytes of it are about to be read; the first belongs to this line. */
  bytes?(chunk: Uint8Array, line: number): void;
  /** They have been read, or all has; reading goes on when the promise is fulfilled with true. */
  read?(): Promise<boolean>;
}

/**
 * Reads logs once more on this thread, for a listener to their events.
 * @param sources in the order of the report, in which they are one log.
 * @param extents by position of the log, how many of its lines a report is made of: it may have grown since.
 * @returns what became of each log, since some may not be readable any more; nothing where the reading was ended.
 */
export async function reread(
  sources: readonly Source[],
  options: AnalyseOptions,
  extents: readonly (number | undefined)[],
  listener: EventListener,
  { open, bytes, read }: Rereading = {},
): Promise<FileReport[]> {
  let on = true;
  const data = await LogReader.open(
    sources,
    { ...options, inOrder: true },
    async ({ format, files, options }, events) => {
      const segment = new Segment(format, options, true, listener);
      for (const { source, file } of files) {
        if (!on) break;
        segment.end();
        segment.open(file);
        open?.(file.index);
        const account = segment.accounts[file.index];
        try {
          for await (const chunk of source.chunks()) {
            bytes?.(chunk, account.lines.read + 1);
            segment.push(chunk);
            on = (await read?.()) ?? true;
            if (!on || account.lines.read >= (extents[file.index] ?? Infinity)) break;
          }
        } catch (error) {
          events.failed(file, error);
        }
      }
      return { segment, partialLine: segment.takePartialLine() };
    },
  );
  // Whoever has all that was wanted does not want what waits for the end of a log.
  if (!on) return [];
  const { files } = data.end();
  await read?.();
  return files;
}
