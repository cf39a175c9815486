import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { readInOrder, type GroupReader } from '../core/analyse';
import type { Format } from '../core/formats/format';
import type { ProblemCode } from '../core/model';
import { Segment } from '../core/segment';
import type { FileContext, ReadOptions } from '../core/sink';
import type { Range, Source } from '../core/source';
import { collectGarbage } from './collect';
import { openEntry } from './file';
import type { FromWorker, ReadSegment, SegmentTask } from '../protocol';

/** Below `worth` bytes the start of threads costs more than they save; a file is cut into ranges of at least `range` bytes. */
const usual = { worth: 24 << 20, range: 64 << 20 };
/** Most ranges of a file. */
const mostRanges = 48;

/** A range of a file, waiting to be read. */
interface Piece { source: Source; file: FileContext; range: Range; last: boolean }

/** A piece that was read: its segment and what was wrong with its container, or the error that ended it. */
interface Done { segment?: Segment; rest?: Uint8Array; problems: ProblemCode[]; error?: unknown }

/**
 * The number of threads to use by default: one core is left to whoever asked. On two cores, which are often one core's two halves, a second
 * thread was measured to cost as much as it brings.
 */
export function defaultThreads(): number { return Math.max(1, Math.min(availableParallelism() - 1, 8)); }

/**
 * A group reader on several threads: files and ranges of big files are read side by side, then stitched in their order,
 * so that the result does not depend on the number of threads. Small groups are read on this thread.
 */
export function readOnThreads(threads: number, script = join(__dirname, 'worker.js'), sizes = usual): GroupReader {
  return async (group, events) => {
    const total = group.files.reduce((sum, { source }) => sum + source.size, 0);
    const probe = new Segment(group.format, group.options, true);
    if (threads < 2 || total < sizes.worth || !probe.save()) return readInOrder(group, events);
    const pieces = (await Promise.all(group.files.map((input) => piecesOf(input, sizes.range)))).flat();
    pieces[pieces.length - 1].last = true;
    let left: Uint8Array = new Uint8Array(0);
    const joined = new Segment(group.format, group.options, true);
    // This thread reads pieces too: one thread less to start and to hold in memory.
    const pool = new Pool(Math.min(threads, pieces.length), script);
    let here = false;
    try {
      await pool.all(pieces, async (piece) => {
        if (here) return readPiece(pool, piece, group.format, group.options);
        here = true;
        try { return await readHere(piece, group.format, group.options); } finally { here = false; }
      }, ({ segment, rest, problems, error }, { source, file }) => {
        left = rest ?? left;
        if (segment) joined.absorb(segment);
        else joined.open(file);
        if (error !== undefined) events.failed(file, error);
        for (const code of problems) { joined.note(code); (source.problems as ProblemCode[]).push(code); }
        events.progress(joined);
        collectGarbage();
      });
    } finally { await pool.close(); }
    return { segment: joined, rest: left };
  };
}

async function piecesOf({ source, file }: { source: Source; file: FileContext }, leastRange: number): Promise<Piece[]> {
  const ranges = await source.ranges(Math.max(leastRange, Math.ceil(source.size / mostRanges))).catch(() => [{ from: 0 }]);
  return ranges.map((range) => ({ source, file, range, last: false }));
}

/** Reads a piece on this thread. It makes way after every block, so that what other threads have read is taken in between. */
async function readHere({ source, file, range, last }: Piece, format: Format, options: ReadOptions): Promise<Done> {
  const segment = new Segment(format, options, false);
  // A source of its own, since the position of the other one is the sum over all pieces.
  const own = await openEntry(source.file, source.entry);
  segment.open(file);
  let before = 0;
  try {
    for await (const chunk of own.chunks(range)) {
      segment.push(chunk);
      (source as { position: number }).position += own.position - before;
      before = own.position;
    }
  } catch (error) { return { problems: [], error }; }
  const rest = last ? segment.leave() : undefined;
  segment.end();
  return { segment, rest, problems: [...own.problems] };
}

async function readPiece(pool: Pool, { source, file, range, last }: Piece, format: Format, options: ReadOptions): Promise<Done> {
  const task: SegmentTask = { leave: last, path: source.file, entry: source.entry, range, file, format: format.id, timeZone: options.zone.name, year: options.year, rules: [...options.rules], columns: options.columns && [...options.columns], joined: options.joined };
  let before = 0;
  const moved = (position: number) => { (source as { position: number }).position += position - before; before = position; };
  try {
    const { saved, rest, problems } = await pool.run(task, moved);
    return { segment: Segment.load(saved, format, options), rest, problems };
  } catch (error) { return { problems: [], error }; }
}

/** Workers that read one task at a time each. */
class Pool {
  private readonly idle: Worker[] = [];
  private readonly workers = new Set<Worker>();

  constructor(private readonly size: number, private readonly script: string) {}

  /** Runs `work` for every item, `size` at a time, and hands the results to `take` in the order of the items. At most one more result than threads waits. */
  async all<T, R>(items: readonly T[], work: (item: T) => Promise<R>, take: (result: R, item: T) => void): Promise<void> {
    const running: Promise<R>[] = [];
    let next = 0;
    for (const [i, item] of items.entries()) {
      while (next < items.length && next <= i + this.size) running[next] = this.whenFree(items[next++], work);
      take(await running[i], item);
      delete running[i];
    }
  }

  private free = 0;
  private readonly waiting: (() => void)[] = [];

  private async whenFree<T, R>(item: T, work: (item: T) => Promise<R>): Promise<R> {
    if (this.free >= this.size) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.free++;
    try { return await work(item); } finally { this.free--; this.waiting.shift()?.(); }
  }

  /** Reads a task on a thread; a thread that dies is replaced and the task tried once more. `moved` gets the bytes read so far. */
  async run(task: SegmentTask, moved: (bytes: number) => void): Promise<ReadSegment> {
    try { return await this.once(task, moved); } catch (error) {
      if (!(error instanceof ThreadDied)) throw error;
      moved(0);
      return this.once(task, moved);
    }
  }

  private once(task: SegmentTask, moved: (bytes: number) => void): Promise<ReadSegment> {
    const worker = this.idle.pop() ?? this.start();
    return new Promise((resolve, reject) => {
      const died = (code: unknown) => { this.workers.delete(worker); done(); reject(new ThreadDied(String(code))); };
      const heard = (message: FromWorker) => {
        if (message.type === 'bytes') { moved(message.bytes); return; }
        done();
        this.idle.push(worker);
        if (message.type === 'segment') resolve(message);
        else reject(Object.assign(new Error('detail' in message ? message.detail : message.type), { code: 'code' in message ? message.code : undefined }));
      };
      const done = () => { worker.off('message', heard); worker.off('exit', died); };
      worker.on('message', heard);
      worker.on('exit', died);
      worker.postMessage({ type: 'segment', task });
    });
  }

  private start(): Worker {
    // Reading makes few objects that live long; a small nursery keeps a thread small.
    const worker = new Worker(this.script, { resourceLimits: { maxYoungGenerationSizeMb: 8 } });
    worker.on('error', () => undefined);
    this.workers.add(worker);
    return worker;
  }

  async close(): Promise<void> { await Promise.all([...this.workers].map((worker) => worker.terminate())); }
}

class ThreadDied extends Error { readonly code = 'ETHREAD'; }
