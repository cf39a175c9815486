import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readInOrder, type Group, type GroupEvents, type GroupReader } from '../core/reading/logreader';
import type { ProblemCode } from '../core/model';
import { Segment } from '../core/reading/segment';
import { storedOf, type Source } from '../core/reading/source';
import type { Piece } from '../protocol';
import { ThreadDied } from './ask';
import { collectGarbage } from './collect';
import { Plan, type Share } from './plan';
import { RangeReader } from './range';
import { ThreadReader } from './threadreader';

/** Below `worth` bytes the start of threads costs more than they save; a file is cut into pieces of at least `piece` bytes. */
const usual = { worth: 128 << 20, piece: 16 << 20 };
/** Most pieces of a file. */
const mostPieces = 256;

/** A piece with the source whose progress it counts for. */
interface Part extends Piece {
  source: Source;
}

/** What became of a share: its segment, or none where the thread died that read it, and then again. */
interface Done {
  share: Share;
  segment?: Segment;
  partialLine?: Uint8Array;
}

/**
 * The number of reading threads by default: one for each core but one, though no more than can be fed from one disk. The last core hashes the files, and
 * has its own work: where two share their caches and their way to memory, a second thread that reads makes the first so much slower that nothing is gained.
 */
export function defaultThreads(): number {
  return Math.max(1, Math.min(availableParallelism() - 1, 8));
}

/**
 * A group reader on several threads, of which the calling one is the first: each reads a range of the log, and the segments are stitched
 * in their order, so that the result does not depend on the number of threads. Small groups are read on this thread.
 */
export function readOnThreads(threads: number, script = join(__dirname, 'worker.js'), sizes = usual): GroupReader {
  return async (group, events) => {
    const total = group.files.reduce((sum, { source }) => sum + source.size, 0);
    if (threads < 2 || total < sizes.worth || !new Segment(group.format, group.options, true).save())
      return readInOrder(group, events);
    const parts = (await Promise.all(group.files.map((input) => partsOf(input, sizes.piece)))).flat();
    parts[parts.length - 1].last = true;
    return new Reading(group, events, parts, Math.min(threads, parts.length)).run(script);
  };
}

async function partsOf({ source, file }: Group['files'][number], least: number): Promise<Part[]> {
  const ranges = await source.ranges(Math.max(least, Math.ceil(source.size / mostPieces))).catch(() => [{ from: 0 }]);
  return ranges.map((range) => ({
    source,
    path: source.file,
    entry: source.entry,
    as: storedOf(source),
    range,
    file,
    last: false,
  }));
}

/** One group being read on several threads. */
class Reading {
  private readonly plan: Plan;
  /** What this thread reads from the start of the log, and what is joined to it. */
  private readonly joined: RangeReader;
  private readonly done: Done[] = [];
  /** Pieces that are part of `joined`. */
  private at = 0;
  private partialLine: Uint8Array = new Uint8Array(0);
  private readonly lost = new Set<number>();

  constructor(
    private readonly group: Group,
    private readonly events: GroupEvents,
    private readonly parts: readonly Part[],
    private readonly readers: number,
  ) {
    this.plan = new Plan(parts.length, readers);
    this.joined = new RangeReader(group.format, group.options, true);
  }

  async run(script: string): Promise<{ segment: Segment; partialLine: Uint8Array }> {
    const first = this.plan.take()!;
    const others = Promise.all(Array.from({ length: this.readers - 1 }, () => this.onThread(script)));
    // An error of theirs is met below, when this thread is done with its own share.
    others.catch(() => undefined);
    await this.here(first);
    await others;
    // A thread that died after all others were done leaves its share to this one.
    for (let share = this.plan.take(); share; share = this.plan.take()) await this.here(share);
    return { segment: this.joined.segment, partialLine: this.partialLine };
  }

  /** Reads shares on this thread, beginning with the first. It makes way after every block, so that what others have read is taken in between. */
  private async here(first: Share): Promise<void> {
    for (let share: Share | undefined = first; share; share = this.plan.take()) {
      const range = share.from === 0 ? this.joined : new RangeReader(this.group.format, this.group.options, false);
      while (share.next < share.to) {
        const part = this.parts[share.next++];
        await this.counted(part, (moved) =>
          range.read(part, (bytes) => {
            moved(bytes);
            if (range === this.joined) this.events.progress(range.segment);
          }),
        );
      }
      if (range === this.joined) {
        this.at = share.to;
        this.keep(range.partialLine);
        this.joinDone();
      } else {
        range.segment.end();
        this.finish({ share, segment: range.segment, partialLine: range.partialLine });
      }
    }
  }

  /** Reads shares on a thread of its own. */
  private async onThread(script: string): Promise<void> {
    const { format, options } = this.group;
    let thread: ThreadReader | undefined;
    try {
      for (let share = this.plan.take(); share;) {
        thread ??= new ThreadReader(script, format, options);
        try {
          while (share.next < share.to) {
            const part = this.parts[share.next++];
            await this.counted(part, (moved) => thread!.read(part, moved));
          }
          const read = await thread.end(),
            done = { share, ...read };
          share = this.plan.take();
          // What the thread holds is given back before its segment is joined, which takes room.
          if (!share) await thread.close();
          this.finish(done);
        } catch (error) {
          if (!(error instanceof ThreadDied)) throw error;
          thread = undefined;
          this.readAgain(share!, error);
          share = this.plan.take();
        }
      }
    } finally {
      await thread?.close();
    }
  }

  /** Reads a part, and takes in how far it is and what is wrong with its file. */
  private async counted(part: Part, read: (moved: (bytes: number) => void) => Promise<ProblemCode[]>): Promise<void> {
    const { source, file } = part;
    let before = 0;
    const moved = (bytes: number) => {
      (source as { position: number }).position += bytes - before;
      before = bytes;
    };
    try {
      (source.problems as ProblemCode[]).push(...(await read(moved)));
    } catch (error) {
      if (error instanceof ThreadDied) {
        moved(0);
        throw error;
      }
      this.events.failed(file, error);
    }
  }

  /** The share of a thread that died is read once more; what kills a second thread is given up. */
  private readAgain(share: Share, error: ThreadDied): void {
    if (!this.lost.has(share.from)) {
      this.lost.add(share.from);
      this.plan.again(share);
      return;
    }
    this.plan.giveUp(share);
    for (const part of this.parts.slice(share.from, share.to)) this.events.failed(part.file, error);
    this.finish({ share });
  }

  private finish(done: Done): void {
    this.done.push(done);
    if (this.at > 0) this.joinDone();
  }

  /** Joins what follows on what has been joined. */
  private joinDone(): void {
    const {
      joined: { segment },
      done,
      parts,
    } = this;
    for (let i: number; (i = done.findIndex(({ share }) => share.from === this.at)) >= 0;) {
      const [next] = done.splice(i, 1);
      segment.end();
      if (next.segment) segment.merge(next.segment);
      else segment.open(parts[this.at].file);
      this.keep(next.partialLine);
      this.at = next.share.to;
      if (this.at < parts.length) this.events.progress(segment);
      collectGarbage();
    }
  }

  private keep(partialLine: Uint8Array | undefined): void {
    this.partialLine = partialLine ?? this.partialLine;
  }
}
