import { analyse } from '../core/analyse';
import type { Analysis } from '../core/analysis';
import { formats } from '../core/formats/index';
import { Zone } from '../core/text/zone';
import type { ReadRequest } from '../protocol';
import { openFile } from './file';

/** Least milliseconds between two snapshots, and how many times the cost of one must pass before the next. */
const pause = 250;
const costShare = 20;

/** Reads local files as one data set. `onProgress` gets a partial analysis at most four times a second, less often where a snapshot is costly. */
export async function readLogs(request: ReadRequest, onProgress?: (analysis: Analysis) => void): Promise<Analysis> {
  const sources = await Promise.all(request.files.map(openFile));
  let next = Date.now() + pause;
  return analyse(sources, {
    formats, zone: new Zone(request.timeZone), year: request.year, rules: request.rules, format: request.format, hash: request.hash,
    onProgress: onProgress && ((snapshot) => {
      const now = Date.now();
      if (now < next) return;
      onProgress(snapshot());
      next = now + Math.max(pause, (Date.now() - now) * costShare);
    }),
  });
}
