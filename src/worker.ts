/** Worker entry: performs the tasks it is sent, posts progress and results. Glue only. */
import { parentPort, type TransferListItem } from 'node:worker_threads';
import type { Analysis } from './core/reading/analysis';
import { cubeBuffers, type Cube } from './core/cube/cube';
import { packedBuffers } from './core/cube/pack';
import type { FromWorker, ToWorker } from './protocol';
import { collectGarbage } from './source/collect';
import { openEntry } from './source/file';
import { factsOf, findFigure } from './source/figure';
import { readLines } from './source/lines';
import { beginRange, followLogs, readLogs } from './source/read';
import type { RangeReader } from './source/range';
import { traceLogs } from './source/trace';

const port = parentPort!;
/** Posts a message; columns of a cube, tables of a segment and exports are transferred, not copied. */
const post = (message: FromWorker) => {
  const buffers =
    'analysis' in message
      ? cubeBuffers(message.analysis.cube)
      : message.type === 'segment'
        ? [...packedBuffers(message.saved)]
        : message.type === 'exported'
          ? [message.content.buffer]
          : [];
  port.postMessage(message, buffers as TransferListItem[]);
};

/** The range that this reading thread is reading. */
let range: RangeReader | undefined;

port.on('message', (message: ToWorker) => {
  work(message).catch((error: unknown) =>
    post({
      type: 'failed',
      detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      code: (error as { code?: string }).code,
    }),
  );
});

/** Resumes a search that waits for its reader. */
let goOn: (() => void) | undefined;

/** The parts of the cube of an export received so far. */
const cube: Partial<Cube> = {};

async function work(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'read': {
      const pulse = setInterval(() => post({ type: 'alive' }), 1000);
      const progress = (analysis: Analysis) => post({ type: 'progress', analysis }),
        result = (analysis: Analysis) => post({ type: 'result', analysis });
      try {
        return await (message.request.follow
          ? followLogs(message.request, result, progress)
          : readLogs(message.request, progress).then(result));
      } finally {
        clearInterval(pulse);
      }
    }
    case 'piece': {
      if (message.begin) range = beginRange(message.begin);
      return post({
        type: 'piece',
        ...(await range!.read(message.piece, (bytes) => post({ type: 'bytes', bytes }))),
      });
    }
    case 'endRange': {
      const { segment, partialLine } = range!;
      range = undefined;
      segment.end();
      post({ type: 'segment', saved: segment.save()!, partialLine });
      return collectGarbage();
    }
    case 'hash':
      return post({
        type: 'hashed',
        sha256: await (await openEntry(message.path, message.entry, message.as)).sha256(),
      });
    case 'lines': {
      const { path, entry, checkpoints, from, count } = message.request;
      return post({ type: 'lines', lines: await readLines(path, entry, checkpoints, from, count) });
    }
    case 'figure': {
      const result = await findFigure(message.request, {
        found: (lines, early) => post({ type: 'found', lines, early }),
        more: () =>
          new Promise((resolve) => {
            goOn = resolve;
            post({ type: 'page' });
          }),
        progress: (read, total) => post({ type: 'searched', read, total }),
      });
      return post({ type: 'figure', result });
    }
    case 'facts':
      return post({ type: 'facts', facts: await factsOf(message.request) });
    case 'cube': {
      Object.assign(cube, message.part);
      return;
    }
    case 'export':
      return post({
        type: 'exported',
        content: await (await import('./bundles/exporter')).makeExport(message.request, cube as Cube),
      });
    case 'more':
      return goOn?.();
    case 'trace':
      return post({
        type: 'trace',
        result: await traceLogs(message.request, (read, total) => post({ type: 'searched', read, total })),
      });
  }
}
