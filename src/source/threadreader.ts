import { Worker } from 'node:worker_threads';
import type { Format } from '../core/reading/format';
import { Segment } from '../core/reading/segment';
import type { ReadOptions } from '../core/reading/sink';
import type { FromWorker, Piece, RangeOptions } from '../protocol';
import { ask } from './ask';
import type { PieceRead } from './range';

/** A thread that reads one range of a log after another. */
export class ThreadReader {
  private readonly worker: Worker;
  private begun = false;

  constructor(
    script: string,
    private readonly format: Format,
    private readonly options: ReadOptions,
  ) {
    // Reading makes few objects that live long; a small nursery keeps a thread small.
    this.worker = new Worker(script, { resourceLimits: { maxYoungGenerationSizeMb: 8 } });
    this.worker.on('error', () => undefined);
  }

  /**
   * Reads the next piece of the range, as `RangeReader.read` does.
   * @throws ThreadDied (what was read since the last `end` is lost), or an error with the code of the file system.
   */
  async read(
    { path, entry, as, range, file, last, printed }: Piece,
    moved: (bytes: number) => void,
  ): Promise<PieceRead> {
    const piece = { path, entry, as, range, file, last, printed };
    const answer = await ask(
      this.worker,
      { type: 'piece', begin: this.begun ? undefined : this.begin(), piece },
      moved,
    );
    this.begun = true;
    if (answer.type !== 'piece') throw failure(answer);
    return answer;
  }

  /** The range ends here. */
  async end(): Promise<{ segment: Segment; partialLine?: Uint8Array }> {
    this.begun = false;
    const answer = await ask(this.worker, { type: 'endRange' });
    if (answer.type !== 'segment') throw failure(answer);
    return { segment: Segment.load(answer.saved, this.format, this.options), partialLine: answer.partialLine };
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private begin(): RangeOptions {
    const { zone, year, rules, columns, joined } = this.options;
    return {
      format: this.format.id,
      timeZone: zone.name,
      year,
      rules: [...rules],
      columns: columns && [...columns],
      joined,
    };
  }
}

function failure(answer: FromWorker): Error {
  return Object.assign(new Error('detail' in answer ? answer.detail : answer.type), {
    code: 'code' in answer ? answer.code : undefined,
  });
}
