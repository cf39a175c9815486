import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Group, GroupEvents, GroupReader } from '../core/reading/logreader';
import { readInOrder } from '../core/reading/readinorder';
import type { ProblemCode } from '../core/model';
import { Segment } from '../core/reading/segment';
import { storedOf, type Source } from '../core/reading/source';
import type { Piece } from '../protocol';
import { ThreadDied } from './ask';
import { collectGarbage } from './collect';
import { Plan, type PieceRange } from './plan';
import { RangeReader, type PieceRead } from './range';
import { ThreadReader } from './threadreader';

/**
 * Below `worth` bytes starting threads costs more than it saves; a file is cut into pieces of at least `piece` bytes.
 */
const usual = { worth: 128 << 20, piece: 16 << 20 };
/** Most pieces of a file. */
const mostPieces = 256;

/** A piece with the source whose progress it counts for. */
interface SourcePiece extends Piece {
  source: Source;
}

/** A range that was read: its segment, or none where two threads died over it. */
interface Done {
  range: PieceRange;
  segment?: Segment;
  partialLine?: Uint8Array;
}

/**
 * The number of reading threads by default: cores minus one, at most 8. The last core hashes files and serves the
 * editor; a second reading thread there slows the first down by as much as it gains.
 */
export function defaultThreads(): number {
  return Math.max(1, Math.min(availableParallelism() - 1, 8));
}

/**
 * A group reader on several threads, of which the calling one is the first: each reads ranges of the log, and segments
 * are merged in order, so that the result does not depend on the number of threads. Small groups stay on this thread.
 */
export function readOnThreads(threads: number, script = join(__dirname, 'worker.js'), sizes = usual): GroupReader {
  return async (group, events) => {
    const total = group.files.reduce((sum, { source }) => sum + source.size, 0);
    if (threads < 2 || total < sizes.worth || !new Segment(group.format, group.options, true).save())
      return readInOrder(group, events);
    const pieces = (await Promise.all(group.files.map((input) => piecesOf(input, sizes.piece)))).flat();
    pieces[pieces.length - 1].last = true;
    return new Reading(group, events, pieces, Math.min(threads, pieces.length)).run(script);
  };
}

async function piecesOf({ source, file }: Group['files'][number], least: number): Promise<SourcePiece[]> {
  const size = file.spread ? Infinity : Math.max(least, Math.ceil(source.size / mostPieces)),
    ranges = await source.ranges(size).catch(() => [{ from: 0 }]);
  return ranges.map((range) => ({
    source,
    path: source.file,
    entry: source.entry,
    as: storedOf(source),
    range,
    file,
    last: false,
    printed: source.prints !== undefined,
  }));
}

/** One group being read on several threads. */
class Reading {
  private readonly plan: Plan;
  /** What this thread reads from the start of the log, with all that is merged into it. */
  private readonly joined: RangeReader;
  private readonly done: Done[] = [];
  /** Pieces that `joined` holds. */
  private at = 0;
  private partialLine: Uint8Array = new Uint8Array(0);
  private readonly lost = new Set<number>();

  constructor(
    private readonly group: Group,
    private readonly events: GroupEvents,
    private readonly pieces: readonly SourcePiece[],
    private readonly readers: number,
  ) {
    this.plan = new Plan(pieces.length, readers);
    this.joined = new RangeReader(group.format, group.options, true);
  }

  async run(script: string): Promise<{ segment: Segment; partialLine: Uint8Array }> {
    const first = this.plan.take()!;
    const others = Promise.all(Array.from({ length: this.readers - 1 }, () => this.onThread(script)));
    // Their errors are thrown below, when this thread is done with its own range.
    others.catch(() => undefined);
    await this.here(first);
    await others;
    // A thread that dies last leaves its range to this one.
    for (let range = this.plan.take(); range; range = this.plan.take()) await this.here(range);
    return { segment: this.joined.segment, partialLine: this.partialLine };
  }

  /**
   * Reads ranges on this thread, beginning with the first. Yields after every block, so that others' segments are
   * merged in between.
   */
  private async here(first: PieceRange): Promise<void> {
    for (let range: PieceRange | undefined = first; range; range = this.plan.take()) {
      const reader = range.from === 0 ? this.joined : new RangeReader(this.group.format, this.group.options, false);
      while (range.next < range.to) {
        const piece = this.pieces[range.next++];
        await this.counted(piece, (moved) =>
          reader.read(piece, (bytes) => {
            moved(bytes);
            if (reader === this.joined) this.events.progress(reader.segment);
          }),
        );
      }
      if (reader === this.joined) {
        this.at = range.to;
        this.keep(reader.partialLine);
        this.joinDone();
      } else {
        reader.segment.end();
        this.finish({ range, segment: reader.segment, partialLine: reader.partialLine });
      }
    }
  }

  /** Reads ranges on a thread of its own. */
  private async onThread(script: string): Promise<void> {
    const { format, options } = this.group;
    let thread: ThreadReader | undefined;
    try {
      for (let range = this.plan.take(); range;) {
        thread ??= new ThreadReader(script, format, options);
        try {
          while (range.next < range.to) {
            const piece = this.pieces[range.next++];
            await this.counted(piece, (moved) => thread!.read(piece, moved));
          }
          const read = await thread.end(),
            done = { range, ...read };
          range = this.plan.take();
          // The thread's memory is freed before its segment is merged, which takes room.
          if (!range) await thread.close();
          this.finish(done);
        } catch (error) {
          if (!(error instanceof ThreadDied)) throw error;
          thread = undefined;
          this.readAgain(range!, error);
          range = this.plan.take();
        }
      }
    } finally {
      await thread?.close();
    }
  }

  /** Reads a part; adds its progress and the problems of its container to its source. */
  private async counted(
    piece: SourcePiece,
    read: (moved: (bytes: number) => void) => Promise<PieceRead>,
  ): Promise<void> {
    const { source, file } = piece;
    let before = 0;
    const moved = (bytes: number) => {
      (source as { position: number }).position += bytes - before;
      before = bytes;
    };
    try {
      const { problems, prints } = await read(moved);
      (source.problems as ProblemCode[]).push(...problems);
      source.prints?.push(...prints);
    } catch (error) {
      if (error instanceof ThreadDied) {
        moved(0);
        throw error;
      }
      this.events.failed(file, error);
    }
  }

  /** The range of a dead thread is read once more; what kills a second thread is given up. */
  private readAgain(range: PieceRange, error: ThreadDied): void {
    if (!this.lost.has(range.from)) {
      this.lost.add(range.from);
      this.plan.again(range);
      return;
    }
    this.plan.giveUp(range);
    for (const piece of this.pieces.slice(range.from, range.to)) this.events.failed(piece.file, error);
    this.finish({ range });
  }

  private finish(done: Done): void {
    this.done.push(done);
    if (this.at > 0) this.joinDone();
  }

  /** Merges the segments that follow. */
  private joinDone(): void {
    const {
      joined: { segment },
      done,
      pieces,
    } = this;
    for (let i: number; (i = done.findIndex(({ range }) => range.from === this.at)) >= 0;) {
      const [next] = done.splice(i, 1);
      segment.end();
      if (next.segment) segment.merge(next.segment);
      else segment.open(pieces[this.at].file);
      this.keep(next.partialLine);
      this.at = next.range.to;
      if (this.at < pieces.length) this.events.progress(segment);
      collectGarbage();
    }
  }

  private keep(partialLine: Uint8Array | undefined): void {
    this.partialLine = partialLine ?? this.partialLine;
  }
}
