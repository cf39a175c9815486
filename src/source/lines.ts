import type { FileReport } from '../core/model';
import { indexOfByte } from '../core/text/bytes';
import { decode } from '../core/text/words';
import { openEntry } from './file';

/** Longest part of a line that is returned. */
const longest = 64 * 1024;

/**
 * Raw lines `from` to `from + count - 1` (from 1) of a log, wherever they are in it; fewer where the log ends.
 * A plain file is read from the last checkpoint before the first line, a compressed or UTF-16 one from its start.
 * @throws with a `code` such as ENOENT.
 */
export async function readLines(path: string, entry: string | undefined, checkpoints: FileReport['checkpoints'], from: number, count: number): Promise<string[]> {
  const source = await openEntry(path, entry);
  const near = checkpoints.findLast(({ line }) => line <= from);
  // Only a file that can be cut in two can be read from its middle.
  const start = near && near.offset > 0 && (await source.ranges(Math.ceil(source.size / 2))).length > 1 ? near : { line: 1, offset: 0 };
  const lines: string[] = [];
  let line = start.line, part: Uint8Array[] = [], length = 0;
  const keep = (bytes: Uint8Array) => {
    if (line < from) return;
    // Lines may be longer than anybody wants to see, and the array they lie in is reused.
    if (length < longest) part.push(Uint8Array.from(bytes.subarray(0, longest - length)));
    length += bytes.length;
  };
  const finish = () => {
    if (line >= from) lines.push(decode(Buffer.concat(part)).replace(/\r$/, ''));
    part = [];
    length = 0;
    line++;
  };
  for await (const chunk of source.chunks({ from: start.offset })) {
    for (let at = 0; ;) {
      const end = indexOfByte(chunk, 10, at);
      keep(chunk.subarray(at, end < 0 ? chunk.length : end));
      if (end < 0) break;
      finish();
      if (lines.length >= count) return lines;
      at = end + 1;
    }
  }
  if (length > 0) finish();
  return lines;
}
