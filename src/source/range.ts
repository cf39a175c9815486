import type { Format } from '../core/reading/format';
import type { ProblemCode } from '../core/model';
import { Segment } from '../core/reading/segment';
import type { ReadOptions } from '../core/reading/sink';
import type { Print } from '../core/reading/source';
import type { Piece } from '../protocol';
import { openEntry } from './file';

/** Bytes between two signs of life of a reading thread. */
const progressEvery = 16 << 20;

/** What is wrong with the container of a piece, and its prints where they were asked for. */
export interface PieceRead {
  problems: ProblemCode[];
  prints: Print[];
}

/** Neighbouring pieces of a log that one thread reads into one segment. */
export class RangeReader {
  readonly segment: Segment;
  /** The last line of the log where it has no line end. */
  partialLine: Uint8Array | undefined;
  private file = -1;

  /** @param first whether nothing of the log comes before. */
  constructor(format: Format, options: ReadOptions, first: boolean) {
    this.segment = new Segment(format, options, first);
  }

  /**
   * Reads the next piece. `moved` gets the bytes read of it, at least every 16 MiB.
   * @throws what the file system does; what came before the error stays read.
   */
  async read(piece: Piece, moved: (bytes: number) => void): Promise<PieceRead> {
    const { path, entry, as, range, file, last, printed } = piece,
      { segment } = this;
    if (file.index !== this.file) {
      segment.end();
      segment.open(file);
      this.file = file.index;
    }
    const source = await openEntry(path, entry, as),
      prints: Print[] = [];
    if (printed) source.prints = prints;
    let next = 0;
    try {
      for await (const chunk of source.chunks(range, segment.readsBlocks)) {
        segment.push(chunk);
        if (source.position >= next) {
          moved(source.position);
          next = source.position + progressEvery;
        }
      }
    } finally {
      moved(source.position);
      for (const code of source.problems) segment.note(code);
      if (last) this.partialLine = segment.takePartialLine();
    }
    return { problems: [...source.problems], prints };
  }
}
