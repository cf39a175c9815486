import { copyOf, indexOfByte } from '../text/bytes';
import { decode } from '../text/words';

/** A line is shown up to this many bytes. */
const longest = 16 * 1024;

/** Some bytes of a file, and the number of the line that the first of them belongs to. */
interface Block {
  bytes: Uint8Array;
  line: number;
  at: number;
  atLine: number;
}

/** The last megabytes that were read of a log: parsers emit most events soon after their line. */
export class LineWindow {
  private blocks: Block[] = [];
  private length = 0;
  private file = -1;
  /** Whether the first block begins where a line begins. */
  private atLineStart = true;

  /** @param most bytes that are kept. */
  constructor(private readonly most = 8 << 20) {}

  open(file: number): void {
    this.file = file;
    this.blocks = [];
    this.length = 0;
    this.atLineStart = true;
  }

  /** The next bytes of the file; they are copied. @param line the number of the line that the first byte belongs to. */
  push(bytes: Uint8Array, line: number): void {
    if (bytes.length === 0) return;
    this.blocks.push({ bytes: copyOf(bytes), line, at: 0, atLine: line });
    this.length += bytes.length;
    while (this.length - this.blocks[0].bytes.length > this.most) {
      const gone = this.blocks.shift()!.bytes;
      this.length -= gone.length;
      this.atLineStart = gone[gone.length - 1] === 10;
    }
  }

  /** A line of the file that is open, or undefined when it is not here any more. */
  text(file: number, line: number): string | undefined {
    if (file !== this.file) return undefined;
    let i = this.blocks.findLastIndex((block) => block.line < line);
    let at = 0;
    if (i >= 0) {
      at = startIn(this.blocks[i], line);
      if (at < 0) return undefined;
    } else {
      // The first block may begin in the midst of the line.
      if (!this.atLineStart || this.blocks.length === 0 || this.blocks[0].line !== line) return undefined;
      i = 0;
    }
    const parts: Uint8Array[] = [];
    let length = 0;
    for (; i < this.blocks.length && length < longest; i++, at = 0) {
      const { bytes } = this.blocks[i],
        end = indexOfByte(bytes, 10, at);
      const part = bytes.subarray(at, Math.min(end < 0 ? bytes.length : end, at + longest - length));
      parts.push(part);
      length += part.length;
      if (end >= 0) break;
    }
    return lineText(parts);
  }
}

/** A line of a log from its bytes, without what is no part of it. */
export function lineText(parts: readonly Uint8Array[]): string {
  let length = 0;
  for (const part of parts) length += part.length;
  const all = parts.length === 1 ? parts[0] : new Uint8Array(length);
  if (parts.length !== 1) {
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
  }
  return decode(all)
    .replace(/^\ufeff/, '')
    .replace(/\r$/, '');
}

/**
 * Where a line begins that begins in this block or right behind it, or -1. Lines are mostly asked for in their order,
 * so the search goes on from the last one.
 */
function startIn(block: Block, line: number): number {
  if (line < block.atLine) {
    block.at = 0;
    block.atLine = block.line;
  }
  while (block.atLine < line) {
    const end = indexOfByte(block.bytes, 10, block.at);
    if (end < 0) return -1;
    block.at = end + 1;
    block.atLine++;
  }
  return block.at;
}
