import { analyse } from '../core/analyse';
import type { Analysis } from '../core/analysis';
import { formats } from '../core/formats/index';
import { Zone } from '../core/text/zone';
import { Segment } from '../core/segment';
import type { ReadRequest, ReadSegment, SegmentTask } from '../protocol';
import { readCached } from './cache';
import { openEntry, openFile } from './file';
import { defaultThreads, readOnThreads } from './threads';

/** Least milliseconds between two snapshots, and how many times the cost of one must pass before the next. */
const pause = 250;
const costShare = 20;
/** Bytes between two signs of life of a reading thread. */
const progressEvery = 16 << 20;

/** Reads local files as one data set. `onProgress` gets a partial analysis at most four times a second, less often where a snapshot is costly. */
export async function readLogs(request: ReadRequest, onProgress?: (analysis: Analysis) => void): Promise<Analysis> {
  const sources = (await Promise.all(request.files.map(openFile))).flat();
  const threads = readOnThreads(request.threads ?? defaultThreads());
  let next = Date.now() + pause;
  return analyse(sources, {
    formats, zone: new Zone(request.timeZone), year: request.year, rules: request.rules, columns: request.columns, format: request.format, hash: request.hash,
    onProgress: onProgress && ((snapshot) => {
      const now = Date.now();
      if (now < next) return;
      onProgress(snapshot());
      next = now + Math.max(pause, (Date.now() - now) * costShare);
    }),
  }, request.cache === undefined ? threads : readCached(request.cache, threads));
}

/** Reads one range of a file on this thread. `moved` gets the stored bytes read so far. */
export async function readSegment(task: SegmentTask, moved: (bytes: number) => void): Promise<ReadSegment> {
  const format = formats.find(({ id }) => id === task.format)!;
  const segment = new Segment(format, { zone: new Zone(task.timeZone), year: task.year, rules: task.rules, columns: task.columns, joined: task.joined }, false);
  const source = await openEntry(task.path, task.entry);
  segment.open(task.file);
  let next = 0;
  for await (const chunk of source.chunks(task.range)) {
    segment.push(chunk);
    if (source.position >= next) { moved(source.position); next = source.position + progressEvery; }
  }
  moved(source.position);
  const rest = task.leave ? segment.leave() : undefined;
  segment.end();
  return { saved: segment.save()!, rest, problems: [...source.problems] };
}
