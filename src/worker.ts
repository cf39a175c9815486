/** Worker entry: reads what it is told to, posts progress and the result. Glue only. */
import { parentPort, type TransferListItem } from 'node:worker_threads';
import { cubeBuffers } from './core/cube';
import type { FromWorker, ToWorker } from './protocol';
import { readLogs, readSegment } from './source/read';

const port = parentPort!;
const post = (message: FromWorker) => port.postMessage(message, 'analysis' in message ? (cubeBuffers(message.analysis.cube) as TransferListItem[]) : []);

port.on('message', (message: ToWorker) => {
  const work = message.type === 'read'
    ? readLogs(message.request, (analysis) => post({ type: 'progress', analysis })).then((analysis) => post({ type: 'result', analysis }))
    : readSegment(message.task, (bytes) => post({ type: 'bytes', bytes })).then((read) => post({ type: 'segment', ...read }));
  work.catch((error: unknown) => post({ type: 'failed', detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error), code: (error as { code?: string }).code }));
});
