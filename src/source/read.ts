import { setTimeout as sleep } from 'node:timers/promises';
import { LogReader } from '../core/reading/logreader';
import { withoutRepeats } from '../core/reading/repeats';
import type { Analysis } from '../core/reading/analysis';
import { carriers, formats } from '../core/formats/index';
import type { Source } from '../core/reading/source';
import { Zone } from '../core/text/zone';
import type { ReadRequest, RangeOptions } from '../protocol';
import { readCached } from './cache';
import { collectGarbage } from './collect';
import { openFile, openGrowing, openNamed } from './file';
import { Follower } from './follow';
import { OlderLogs } from './olderlogs';
import { hashApart } from './hash';
import { RangeReader } from './range';
import { defaultThreads, readOnThreads } from './threads';

/** Least milliseconds between two snapshots, and how many times the cost of one must pass before the next. */
const pause = 250;
const snapshotCost = 20;
/** How many times the cost of figures must pass while following. */
const figuresCost = 4;

/**
 * Reads local files as one data set. `onProgress` gets a partial analysis at most four times a second, less often where
 * a snapshot is costly.
 */
export async function readLogs(request: ReadRequest, onProgress?: (analysis: Analysis) => void): Promise<Analysis> {
  return (await openLogs(request, onProgress)).end(collectGarbage);
}

/**
 * Reads local files and then follows them as they grow and rotate. `onFigures` gets the figures at once and after every
 * change, at most four times a second. Does not end by itself. @throws when the files can't be followed.
 */
export async function followLogs(
  request: ReadRequest,
  onFigures: (analysis: Analysis) => void,
  onProgress?: (analysis: Analysis) => void,
): Promise<never> {
  // What comes beside the logs while they are read is theirs.
  const older = await OlderLogs.beside(request.files);
  const data = await openLogs(request, onProgress);
  onFigures(data.soFar());
  const follower = await Follower.start(data, { older });
  for (let wait = pause; ;) {
    await sleep(wait);
    if (!(await follower.step())) {
      wait = pause;
      continue;
    }
    const started = Date.now();
    onFigures(data.soFar());
    // Figures of a large data set take their time; reading must not stand still for them.
    wait = Math.max(pause, (Date.now() - started) * figuresCost);
  }
}

async function openLogs(request: ReadRequest, onProgress?: (analysis: Analysis) => void): Promise<LogReader> {
  const sources = (
    await Promise.all(
      request.files.map((path) =>
        request.follow ? openGrowing(path) : request.pipes ? openNamed(path, request.files.length > 1) : openFile(path),
      ),
    )
  ).flat();
  const read = withoutRepeats(readOnThreads(request.threads ?? defaultThreads()));
  // Who asks for one thread means one.
  const hash = request.threads === 1 ? (source: Source) => source.sha256() : hashApart();
  let next = Date.now() + pause;
  return LogReader.open(
    sources,
    {
      formats,
      carriers,
      zone: new Zone(request.timeZone),
      year: request.year,
      rules: request.rules,
      columns: request.columns,
      format: request.format,
      hash: request.hash ? hash : undefined,
      onProgress:
        onProgress &&
        ((snapshot) => {
          const now = Date.now();
          if (now < next) return;
          onProgress(snapshot());
          next = now + Math.max(pause, (Date.now() - now) * snapshotCost);
        }),
    },
    request.cache === undefined ? read : readCached(request.cache, read),
  );
}

/** The range of a log that a reading thread begins. */
export function beginRange({ format, timeZone, ...options }: RangeOptions): RangeReader {
  return new RangeReader(
    [...formats, ...carriers].find(({ id }) => id === format)!,
    { zone: new Zone(timeZone), ...options },
    false,
  );
}
