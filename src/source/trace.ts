import type { ProblemCode } from '../core/model';
import { Tracer } from '../core/drilldown/tracer';
import type { TraceRequest, TraceResult } from '../protocol';
import { openFile } from './file';

/** Stored bytes between two reports of progress. */
const progressEvery = 16 << 20;

/**
 * Gathers the lines of a message or session from local files in the order in which they were last written, as rotation
 * leaves them; a zip archive stands for the logs in it. A file not read to its end is named, and the others searched.
 * @param onProgress bytes read of those to read, over all passes so far.
 */
export async function traceLogs(
  { files, ids, leaveOut }: TraceRequest,
  onProgress?: (read: number, total: number) => void,
): Promise<TraceResult> {
  const skip = new Set(leaveOut);
  const sources = (await Promise.all(files.map(openFile)))
    .flat()
    .filter(({ path }) => !skip.has(path))
    .sort((a, b) => (a.modified ?? 0) - (b.modified ?? 0));
  const size = sources.reduce((sum, source) => sum + source.size, 0);
  const unread = new Map<string, ProblemCode | string>();
  const tracer = new Tracer(ids);
  let read = 0,
    total = 0;
  do {
    total += size;
    for (const [i, source] of sources.entries()) {
      tracer.begin(i);
      let next = 0;
      try {
        for await (const chunk of source.chunks()) {
          tracer.push(chunk);
          if (source.position < next) continue;
          onProgress?.(read + source.position, total);
          next = source.position + progressEvery;
        }
        for (const problem of source.problems) unread.set(source.path, problem);
      } catch (error) {
        unread.set(source.path, (error as { code?: string }).code ?? 'EIO');
      }
      tracer.end();
      read += source.size;
    }
  } while (tracer.again());
  return {
    ...tracer.result(),
    paths: sources.map(({ path }) => path),
    unread: [...unread].map(([path, code]) => ({ path, code })),
  };
}
