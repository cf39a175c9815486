import { Byte } from './ascii';
import { indexOfByte } from './bytes';

/**
 * Comma-separated values on bytes (RFC 4180), one record a line and no string made: the logs of Exchange and the
 * reports of Exchange Online. A quote opens a quoted field only as the first byte of the field; inside it two quotes
 * stand for one.
 */

/** Most columns; what follows belongs to the last one. */
const mostFields = 512;

/**
 * Where the field that begins at `start` ends: the position of the separator behind it, or `end` for the last field
 * of the line. −1 where a quote is opened and never closed: in a format without line ends inside fields that line is
 * damaged, and only that line.
 */
export function fieldEnd(bytes: Uint8Array, start: number, end: number, separator: number = Byte.comma): number {
  let i = start;
  if (i < end && bytes[i] === Byte.quote) {
    for (i++; ; i++) {
      if (i >= end) return -1;
      if (bytes[i] !== Byte.quote) continue;
      if (i + 1 >= end || bytes[i + 1] !== Byte.quote) break;
      i++;
    }
  }
  while (i < end && bytes[i] !== separator) i++;
  return i;
}

/**
 * Where the next separator is in `view[start, end)`, or `end`: four bytes at a time, for fields without quotes. A
 * byte of a word that equals the separator becomes 0 by exclusive or, and the lowest 0 byte is the one that borrows
 * first.
 */
export function separatorAt(view: DataView, start: number, end: number, separator: number = Byte.comma): number {
  const four = separator * 0x01010101;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const word = view.getInt32(i, true) ^ four;
    const zeros = (word - 0x01010101) & ~word & 0x80808080;
    if (zeros !== 0) return i + ((31 - Math.clz32(zeros & -zeros)) >> 3);
  }
  while (i < end && view.getUint8(i) !== separator) i++;
  return i;
}

/** Finds the fields of a record. One object serves all records of a reader. */
export class CsvFields {
  /** Where each field begins and ends, its quotes included. */
  readonly starts = new Int32Array(mostFields);
  readonly ends = new Int32Array(mostFields);
  /** How many fields were found. */
  count = 0;
  /** A quote stands where RFC 4180 allows none: inside a field without quotes, or a field goes on behind its own. */
  hasStrayQuote = false;
  private scratch = new Uint8Array(256);
  private viewed: Uint8Array = this.scratch;
  private view: DataView = new DataView(this.scratch.buffer);
  /**
   * The content of the field that `content` was asked for: a range of the record's own bytes, or of a copy where two
   * quotes had to become one.
   */
  bytes: Uint8Array = this.scratch;
  start = 0;
  end = 0;

  /**
   * Finds the first `most` fields of the record in `bytes[start, end)`; the last of them reaches to the end of the
   * line and includes all that follows, so that a reader that rarely needs its last columns does not pay for them.
   * False where a quote is never closed.
   */
  find(
    bytes: Uint8Array,
    start: number,
    end: number,
    most: number = mostFields,
    separator: number = Byte.comma,
  ): boolean {
    const { starts, ends } = this;
    const last = most - 1;
    this.hasStrayQuote = false;
    let n = 0;
    for (let i = start; ; i++) {
      starts[n] = i;
      i = n === last ? end : this.endOf(bytes, i, end, separator);
      if (i < 0) {
        this.count = n;
        return false;
      }
      ends[n++] = i;
      if (i >= end) break;
    }
    this.count = n;
    return true;
  }

  /** As `fieldEnd`, for a field of any length. */
  private endOf(bytes: Uint8Array, start: number, end: number, separator: number): number {
    let i = start;
    if (i < end && bytes[i] === Byte.quote) {
      const view = this.viewOf(bytes);
      i = separatorAt(view, i + 1, end, Byte.quote);
      while (i + 1 < end && bytes[i + 1] === Byte.quote) i = separatorAt(view, i + 2, end, Byte.quote);
      if (i >= end) return -1;
      i++;
      if (i < end && bytes[i] !== separator) this.hasStrayQuote = true;
      while (i < end && bytes[i] !== separator) i++;
      return i;
    }
    const near = Math.min(end, i + 8);
    while (i < near && bytes[i] !== separator) i++;
    // Long fields are worth four bytes at a time.
    if (i === near && i < end) i = separatorAt(this.viewOf(bytes), i, end, separator);
    if (!this.hasStrayQuote) this.hasStrayQuote = separatorAt(this.viewOf(bytes), start, i, Byte.quote) < i;
    return i;
  }

  /**
   * The first fields of a record that begins at `start`: as many as `count`, which end where `numbers` says from `at`
   * on.
   */
  take(start: number, numbers: Int32Array, at: number, count: number): void {
    const { starts, ends } = this;
    this.hasStrayQuote = false;
    for (let n = 0; n < count; n++) {
      const end = numbers[at + n];
      starts[n] = start;
      ends[n] = end;
      start = end + 1;
    }
    this.count = count;
  }

  private viewOf(bytes: Uint8Array): DataView {
    if (bytes === this.viewed) return this.view;
    this.viewed = bytes;
    return (this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  }

  /**
   * Makes `bytes[start, end)` of this object the content of the field there: without its quotes, two quotes as one.
   * It holds until the next call.
   */
  content(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    if (end - start < 2 || bytes[start] !== Byte.quote || bytes[end - 1] !== Byte.quote) return;
    this.start++;
    this.end--;
    // The quote at its end stops the search.
    if (indexOfByte(bytes, Byte.quote, this.start) === this.end) return;
    if (this.scratch.length < end - start) this.scratch = new Uint8Array(2 * (end - start));
    let length = 0;
    for (let i = this.start; i < this.end; i++) {
      this.scratch[length++] = bytes[i];
      if (bytes[i] === Byte.quote && bytes[i + 1] === Byte.quote) i++;
    }
    this.bytes = this.scratch;
    this.start = 0;
    this.end = length;
  }
}
