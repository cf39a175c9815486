import { Byte } from '../text/ascii';
import { indexOfByte } from '../text/bytes';
import type { LineNumber } from '../model';
import type { Range, Source } from './source';

/** Lines of a file as ranges, each by its first and its last line, ascending: 3, 5, 9, 9 are lines 3 to 5 and 9. */
export type LineRanges = readonly LineNumber[];

/** All lines of a file but these. */
export function otherLines(ranges: LineRanges): LineRanges {
  const others: LineNumber[] = [];
  let from = 1;
  for (let i = 0; i < ranges.length; i += 2) {
    if (ranges[i] > from) others.push(from, ranges[i] - 1);
    from = ranges[i + 1] + 1;
  }
  return [...others, from, Infinity];
}

export function countLines(ranges: LineRanges): number {
  let count = 0;
  for (let i = 0; i < ranges.length; i += 2) count += ranges[i + 1] - ranges[i] + 1;
  return count;
}

/** A log whose lines in these ranges are blank. All others stand where they stood, by line and by byte. */
export function withoutLines(source: Source, ranges: LineRanges): Source {
  return Object.create(source, {
    // The format is that of the whole log.
    head: { value: () => source.head() },
    chunks: {
      async *value(range?: Range, direct?: boolean) {
        const mask = new LineMask(ranges);
        for await (const chunk of source.chunks(range, direct)) {
          mask.blank(chunk);
          yield chunk;
        }
      },
    },
  }) as Source;
}

/** Blanks lines in bytes that come in blocks. */
class LineMask {
  private line: LineNumber = 1;
  private next = 0;

  constructor(private readonly ranges: LineRanges) {}

  blank(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && this.next < this.ranges.length;) {
      const feed = indexOfByte(bytes, Byte.lineFeed, at),
        end = feed < 0 ? bytes.length : feed;
      if (this.line >= this.ranges[this.next]) bytes.fill(Byte.space, at, end);
      if (feed < 0) return;
      if (this.line === this.ranges[this.next + 1]) this.next += 2;
      this.line++;
      at = end + 1;
    }
  }
}
