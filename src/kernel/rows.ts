// Rows of separated values: where their cells end. What is in them is read in TypeScript, and so are rows that are unusual in any way.
import { passed } from './block';
import { byteAt, find, foldedHash, fourAt, in64, lineEnd, textEnd } from './memory';

/** Numbers of a row; see `core/text/splitrows`. */
const enum At {
  start = 0,
  end = 4,
  /** How many cells; 0 where the row is left to TypeScript. */
  count = 8,
  /** Of the cells that were asked for, with what is between them, as words are hashed; 0 without them. */
  hash = 12,
  /** Of every cell. */
  ends = 16,
}

const rowsFrom: i32 = 0x40000,
  rowsTo: i32 = 0xbc000;
/** Rows with more cells are left to TypeScript. */
const mostCells: i32 = 500;
const quote: i32 = 34;

/** Where the numbers of the rows are. */
export function rowsAt(): i32 {
  return rowsFrom;
}

/**
 * Splits the rows of `[from, to)`, which ends with a line end, as far as there is room for their numbers; `next` says how far that is.
 * `first` and `last` are the cells to be hashed as one, negative without any. Gives the number of rows.
 */
export function rows(from: i32, to: i32, separator: i32, first: i32, last: i32): i32 {
  let start = from,
    count = 0,
    at = rowsFrom;
  while (start < to && at + At.ends + (mostCells << 2) <= rowsTo) {
    const stop = lineEnd(start, to),
      end = textEnd(start, stop);
    const cells =
      end === start || (fourAt(start) & 0xffffff) === 0xbfbbef ? 0 : split(start, end, separator, at + At.ends);
    store<i32>(at, start, At.start);
    store<i32>(at, cells === 0 ? stop : end, At.end);
    store<i32>(at, cells, At.count);
    store<i32>(
      at,
      first >= 0 && last < cells
        ? foldedHash(
            first === 0 ? start : load<i32>(at + ((first - 1) << 2), At.ends) + 1,
            load<i32>(at + (last << 2), At.ends),
          )
        : 0,
      At.hash,
    );
    at += At.ends + (cells << 2);
    start = stop + 1;
    count++;
  }
  passed(start, count);
  return count;
}

/** Writes down where the cells of a row end. Gives their number, 0 where the row is left to TypeScript. */
function split(start: i32, end: i32, separator: i32, to: i32): i32 {
  let n = 0;
  for (let p = start; p < end; p += 64) {
    const inside = end - p < 64 ? ((<u64>1) << (end - p)) - 1 : <u64>-1;
    if ((in64(p, quote) & inside) !== 0) return splitQuoted(start, end, separator, to);
    let found = in64(p, separator) & inside;
    if (n + <i32>popcnt(found) >= mostCells) return 0;
    for (; found !== 0; found &= found - 1) store<i32>(to + (n++ << 2), p + <i32>ctz(found));
  }
  store<i32>(to + (n << 2), end);
  return n + 1;
}

/**
 * The same for a row with quotes. One opens a quoted cell only as its first byte; where it is never closed, or stands
 * anywhere else, there is no number of cells.
 */
function splitQuoted(start: i32, end: i32, separator: i32, to: i32): i32 {
  let p = start,
    n = 0;
  while (n < mostCells) {
    const cell = p,
      quoted = p < end && byteAt(p) === quote;
    if (quoted) {
      p = find(p + 1, end, quote);
      while (p + 1 < end && byteAt(p + 1) === quote) p = find(p + 2, end, quote);
      if (p >= end || (p + 1 < end && byteAt(p + 1) !== separator)) return 0;
    }
    p = find(p, end, separator);
    if (!quoted && find(cell, p, quote) < p) return 0;
    store<i32>(to + (n++ << 2), p);
    if (p >= end) return n;
    p++;
  }
  return 0;
}
