import type { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker } from '../protocol';

/** The thread is gone, and with it what it has done since it was last heard. */
export class ThreadDied extends Error {
  readonly code = 'ETHREAD';
}

/**
 * Sends a thread a task and waits for its answer; `moved` gets the bytes that it reports meanwhile. @throws ThreadDied.
 */
export function ask(
  worker: Worker,
  message: ToWorker,
  moved: (bytes: number) => void = () => undefined,
): Promise<FromWorker> {
  return new Promise((resolve, reject) => {
    const died = (code: unknown) => {
      done();
      reject(new ThreadDied(String(code)));
    };
    const heard = (answer: FromWorker) => {
      if (answer.type === 'bytes') {
        moved(answer.bytes);
        return;
      }
      done();
      resolve(answer);
    };
    const done = () => {
      worker.off('message', heard);
      worker.off('exit', died);
    };
    worker.on('message', heard);
    worker.on('exit', died);
    worker.postMessage(message);
  });
}
