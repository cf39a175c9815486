import { Byte } from '../../text/ascii';
import type { BlockLines, Verdict } from '../../reading/format';
import { kernel } from '../../reading/kernel';
import { indexOfByte } from '../../text/bytes';
import type { TableRow } from './row';

/** Numbers of a row that the scanner has split; the same as in src/kernel/rows. */
export const enum At {
  start,
  end,
  count,
  hash,
  ends,
}

/** Whoever takes the rows of a block. */
export interface RowTaker {
  /** Takes a row whose cells are found; undefined where the line is to be read by `Parser.line`. */
  take(row: TableRow, start: number, end: number, line: number): Verdict | undefined;
}

/** Cells side by side that the scanner hashes as one, in `TableRow.hash`. */
export interface Alike {
  first: number;
  last: number;
}

/** Whether this thread has a scanner. */
export const canSplit = (): boolean => kernel() !== undefined;

/** Reads the lines `[start, end)` in the scanner's memory as rows; what it does not split is read by `Parser.line`. */
export function readRows(
  row: TableRow,
  start: number,
  end: number,
  separator: number,
  { first, last }: Alike,
  lines: BlockLines,
  taker: RowTaker,
): void {
  const { functions, numbers, bytes } = kernel()!,
    base = functions.rowsAt() >> 2;
  while (start < end) {
    let at = base;
    for (let left = functions.rows(start, end, separator, first, last); left > 0; left--) {
      const from = numbers[at + At.start],
        to = numbers[at + At.end],
        cells = numbers[at + At.count];
      let verdict: Verdict | undefined;
      if (cells > 0) {
        row.take(bytes, numbers, at);
        verdict = taker.take(row, from, to, lines.read + 1);
      }
      if (verdict !== undefined) lines.verdict(verdict, from, to);
      else lines.line(from, bytes[to] === Byte.carriageReturn ? to + 1 : to);
      at += At.ends + cells;
    }
    start = functions.next.value;
  }
}

/** Has `Parser.line` read the lines `[start, end)` in the scanner's memory. */
export function readOneByOne(start: number, end: number, lines: BlockLines): void {
  const { bytes } = kernel()!;
  while (start < end) {
    const stop = indexOfByte(bytes, 10, start);
    lines.line(start, stop);
    start = stop + 1;
  }
}
