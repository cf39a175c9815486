import { url as debuggerUrl } from 'node:inspector';
import { Worker } from 'node:worker_threads';
import type { Analysis } from '../../core/reading/analysis';
import type { Cube } from '../../core/cube/cube';
import type { LineFacts } from '../../core/drilldown/facts';
import type { TimeSlices } from '../../core/report/timeslices';
import type {
  ExportRequest,
  FactsRequest,
  FigureLine,
  FigureRequest,
  FigureResult,
  FromWorker,
  LinesRequest,
  ReadRequest,
  ToWorker,
  TraceRequest,
  TraceResult,
} from '../../protocol';
import { Disposing } from '../dispose';
import { inSlices } from '../slices';

/** How a reading ended. `replaced`: another one took its place, whose result is the one that counts. */
export type Outcome =
  | { type: 'done'; analysis: Analysis }
  | { type: 'cancelled' }
  | { type: 'replaced' }
  | { type: 'failed'; detail: string };

/** Seconds without a sign of life after which a worker is taken to hang. */
const patience = 30;

/** A search for the lines behind a figure. Its worker is gone when it has ended. */
export interface FigureSearch {
  /** Undefined when it was cancelled. Rejects when the worker failed. */
  ended: Promise<FigureResult | undefined>;
  more(): void;
  cancel(): void;
}

interface Job {
  end(outcome: Outcome): void;
}

/** Reads logs in a worker, one data set at a time: the last request wins. */
export class Analyser extends Disposing {
  private job: Job | undefined;
  /** Workers that have a question to answer. */
  private readonly asked = new Set<Worker>();

  /**
   * @param script the worker's bundle.
   * @param memory MB for the worker's objects, so that a log that explodes takes its worker down and not VS Code.
   * Figures lie outside of it.
   */
  constructor(
    private readonly script: string,
    private readonly memory = 2048,
  ) {
    super();
  }

  /**
   * Reads a data set. `onProgress` gets partial analyses, at most four a second. Never rejects. With `request.follow`
   * the worker goes on
   * after the promise is resolved, and `onChange` gets new figures until another reading begins or `cancel` is called,
   * or why it ended.
   */
  read(
    request: ReadRequest,
    onProgress: (analysis: Analysis) => void,
    onChange?: (analysis: Analysis | { detail: string }) => void,
  ): Promise<Outcome> {
    this.job?.end({ type: 'replaced' });
    return new Promise((resolve) => {
      const worker = new Worker(this.script, { resourceLimits: { maxOldGenerationSizeMb: this.memory } });
      let silent = 0;
      // Counted in ticks and not by the clock, so that a machine that slept does not look like a worker that hangs;
      // nor does one that a debugger holds.
      const watch = setInterval(() => {
        if (debuggerUrl() === undefined && ++silent > patience)
          end({ type: 'failed', detail: `the worker gave no sign of life for ${patience} s` });
      }, 1000);
      const job: Job = { end: (outcome) => end(outcome) };
      const end = (outcome: Outcome) => {
        if (this.job === job) this.job = undefined;
        clearInterval(watch);
        worker.removeAllListeners();
        // A worker that is out of memory may throw once more while it ends.
        worker.on('error', () => undefined);
        void worker.terminate();
        if (following && outcome.type === 'failed') onChange?.(outcome);
        resolve(outcome);
      };
      let following = false;
      this.job = job;
      worker.on('message', (message: FromWorker) => {
        silent = 0;
        if (message.type === 'progress') onProgress(message.analysis);
        else if (message.type === 'result' && following) onChange?.(message.analysis);
        else if (message.type === 'result' && request.follow) {
          following = true;
          resolve({ type: 'done', analysis: message.analysis });
        } else if (message.type === 'result') end({ type: 'done', analysis: message.analysis });
        else if (message.type === 'failed') end({ type: 'failed', detail: message.detail });
      });
      worker.on('error', (error) => end({ type: 'failed', detail: String(error) }));
      worker.on('exit', (code) => end({ type: 'failed', detail: `the worker ended with code ${code}` }));
      worker.postMessage({ type: 'read', request } satisfies ToWorker);
    });
  }

  /** Ends the reading that is under way, if any. Its worker is gone within milliseconds, whatever it was doing. */
  cancel(): void {
    this.job?.end({ type: 'cancelled' });
  }

  /** Raw lines of a log. @throws an error with the system's `code`. */
  lines(request: LinesRequest): Promise<string[]> {
    return this.ask<string[]>({ type: 'lines', request }, (message, answer) => {
      if (message.type === 'lines') answer(message.lines);
    });
  }

  /**
   * The lines of a message or session. @returns undefined when `cancelled` is aborted, after which nothing is read any
   * more. @throws when the worker fails.
   */
  trace(
    request: TraceRequest,
    onProgress: (progress: { read: number; total: number }) => void,
    cancelled: AbortSignal,
  ): Promise<TraceResult | undefined> {
    return this.ask<TraceResult | undefined>(
      { type: 'trace', request },
      (message, answer) => {
        if (message.type === 'searched') onProgress(message);
        else if (message.type === 'trace') answer(message.result);
      },
      (answer) => cancelled.addEventListener('abort', () => answer(undefined), { once: true }),
    );
  }

  /** Finds the lines behind a figure, a page at a time; after each the search waits for `more`. */
  figure(
    request: FigureRequest,
    reader: {
      found(lines: FigureLine[], early: boolean): void;
      page(): void;
      progress(progress: { read: number; total: number }): void;
    },
  ): FigureSearch {
    let cancel = () => {},
      more = () => {};
    const ended = this.ask<FigureResult | undefined>(
      { type: 'figure', request },
      (message, answer) => {
        if (message.type === 'found') reader.found(message.lines, message.early);
        else if (message.type === 'searched') reader.progress(message);
        else if (message.type === 'page') reader.page();
        else if (message.type === 'figure') answer(message.result);
      },
      (answer, post) => {
        cancel = () => answer(undefined);
        more = () => post({ type: 'more' });
      },
    );
    return { ended, more, cancel };
  }

  /** What the lines of one log state. @returns undefined when it was cancelled. @throws when the worker fails. */
  facts(request: FactsRequest, cancelled: AbortSignal): Promise<LineFacts | undefined> {
    return this.ask<LineFacts | undefined>(
      { type: 'facts', request },
      (message, answer) => {
        if (message.type === 'facts') answer(message.facts);
      },
      (answer) => cancelled.addEventListener('abort', () => answer(undefined), { once: true }),
    );
  }

  /** The export of a report as the bytes of a file. @throws when the worker fails. */
  export(request: ExportRequest, cube: Cube): Promise<Uint8Array> {
    return this.ask<Uint8Array>(
      { type: 'cube', part: {} },
      (message, answer) => {
        if (message.type === 'exported') answer(message.content);
      },
      (_, post) => inSlices(postExport(request, cube, post)),
    );
  }

  /**
   * Asks a worker of its own for one answer. @param take gives the answer once a message has it. @param start gets a
   * way to answer without the worker, and one to tell it more.
   */
  private ask<T>(
    question: ToWorker,
    take: (message: FromWorker, answer: (value: T) => void) => void,
    start?: (answer: (value: T) => void, post: (message: ToWorker) => void) => void | Promise<void>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(this.script, { resourceLimits: { maxOldGenerationSizeMb: this.memory } });
      const end = (act: () => void) => {
        this.asked.delete(worker);
        worker.removeAllListeners();
        worker.on('error', () => undefined);
        void worker.terminate();
        act();
      };
      const answer = (value: T) => end(() => resolve(value));
      this.asked.add(worker);
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'failed')
          end(() => reject(Object.assign(new Error(message.detail), { code: message.code })));
        else take(message, answer);
      });
      worker.on('error', (error) => end(() => reject(error)));
      worker.on('exit', () => end(() => reject(new Error('the worker ended early'))));
      worker.postMessage(question);
      start?.(answer, (message) => worker.postMessage(message))?.catch((error: Error) => end(() => reject(error)));
    });
  }

  override dispose(): void {
    this.job?.end({ type: 'replaced' });
    for (const worker of this.asked) void worker.terminate();
    super.dispose();
  }
}

/** Posts a cube a column or word list at a time, since each is copied on this thread; then what to make of it. */
function* postExport(request: ExportRequest, cube: Cube, post: (message: ToWorker) => void): TimeSlices<void> {
  for (const [name, value] of Object.entries(cube)) {
    post({ type: 'cube', part: { [name]: value as unknown } });
    yield;
  }
  post({ type: 'export', request });
}
