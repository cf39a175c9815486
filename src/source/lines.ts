import type { FileReport } from '../core/model';
import { indexOfByte } from '../core/text/bytes';
import { lineText } from '../core/drilldown/window';
import { openEntry } from './file';

/** Most bytes returned of a line. */
const longest = 64 * 1024;
/** Bytes that are rather read than skipped by opening the file again. */
const worthJump = 2 << 20;

type Checkpoints = FileReport['checkpoints'];

/**
 * Raw lines `from` to `from + count - 1` (from 1) of a log; fewer where it ends. A plain file is read from the last
 * checkpoint before the first line, a compressed or UTF-16 one from its start.
 * @throws with a `code` such as ENOENT.
 */
export async function readLines(
  path: string,
  entry: string | undefined,
  checkpoints: Checkpoints,
  from: number,
  count: number,
): Promise<string[]> {
  return [
    ...(
      await pickLines(
        path,
        entry,
        checkpoints,
        Array.from({ length: count }, (_, i) => from + i),
      )
    ).values(),
  ];
}

/**
 * Some raw lines of a log by their numbers, which ascend; lines behind its end are missing. Reads only what is near
 * them in a plain file.
 * @throws with a `code` such as ENOENT.
 */
export async function pickLines(
  path: string,
  entry: string | undefined,
  checkpoints: Checkpoints,
  wanted: readonly number[],
): Promise<Map<number, string>> {
  const source = await openEntry(path, entry),
    found = new Map<number, string>();
  // Only a file that can be cut in two can be read from its middle.
  const jumps = checkpoints.length > 0 && (await source.ranges(Math.ceil(source.size / 2))).length > 1;
  const near = (line: number) =>
    (jumps ? checkpoints.findLast((one) => one.line <= line) : undefined) ?? { line: 1, offset: 0 };
  for (let next = 0; next < wanted.length;) {
    const start = near(wanted[next]),
      before = next;
    let { line, offset } = start,
      part: Uint8Array[] = [],
      length = 0;
    const finish = () => {
      if (line === wanted[next]) {
        found.set(line, lineText(part));
        next++;
      }
      part = [];
      length = 0;
      line++;
    };
    reading: for await (const chunk of source.chunks({ from: start.offset })) {
      for (let at = 0; ;) {
        const end = indexOfByte(chunk, 10, at);
        if (line === wanted[next]) {
          const bytes = chunk.subarray(at, end < 0 ? chunk.length : end);
          // Bytes are copied, since their array is reused, up to a limit.
          if (length < longest) part.push(Uint8Array.from(bytes.subarray(0, longest - length)));
          length += bytes.length;
        }
        if (end < 0) break;
        finish();
        if (next >= wanted.length) break reading;
        at = end + 1;
      }
      offset += chunk.length;
      if (length === 0 && near(wanted[next]).offset > offset + worthJump) break;
    }
    if (length > 0) finish();
    if (next === before) break;
  }
  return found;
}
