import { Byte } from '../../text/ascii';
import { isNearText, isText } from '../../text/bytes';
import { CsvFields } from '../../text/csv';
import { At } from './splitrows';
import { decode, type Words } from '../../text/words';

const nothing = new Uint8Array(0);

/**
 * The record at hand by its columns. A column of −1 is one that the table does not have: its cells are empty. `cell`
 * and what builds on it leave the content of a cell, without quotes and surrounding space, in `text`, `start`, `end`
 * until the next call.
 */
export class TableRow {
  readonly fields = new CsvFields();
  /** The record that `fields` speaks of. */
  bytes: Uint8Array = new Uint8Array(0);
  text: Uint8Array = this.bytes;
  start = 0;
  end = 0;
  /**
   * Of the cells that the user of a table wants hashed as one (`Alike`), as words are hashed; 0 where that was not
   * done.
   */
  hash = 0;

  /** Splits a record. False where a quote is never closed. */
  find(bytes: Uint8Array, start: number, end: number, separator: number): boolean {
    this.bytes = bytes;
    this.hash = 0;
    return this.fields.find(bytes, start, end, undefined, separator);
  }

  /** Takes a row that the scanner has split; its numbers stand at `at`. */
  take(bytes: Uint8Array, numbers: Int32Array, at: number): void {
    this.bytes = bytes;
    this.hash = numbers[at + At.hash];
    this.fields.take(numbers[at + At.start], numbers, at + At.ends, numbers[at + At.count]);
  }

  get count(): number {
    return this.fields.count;
  }

  /** Whether there is nothing in a cell, not even in quotes. */
  isEmpty(column: number): boolean {
    if (column < 0 || column >= this.fields.count) return true;
    const start = this.fields.starts[column],
      length = this.fields.ends[column] - start;
    return length === 0 || (length === 2 && this.bytes[start] === Byte.quote && this.bytes[start + 1] === Byte.quote);
  }

  cell(column: number): this {
    const { fields } = this;
    if (column < 0 || column >= fields.count) {
      this.text = nothing;
      this.start = this.end = 0;
      return this;
    }
    const from = fields.starts[column],
      to = fields.ends[column],
      first = this.bytes[from];
    // Most cells have neither quotes nor space around them.
    if (from === to || (first > 34 && this.bytes[to - 1] > 32)) {
      this.text = this.bytes;
      this.start = from;
      this.end = to;
      return this;
    }
    fields.content(this.bytes, from, to);
    const text = (this.text = fields.bytes);
    let { start, end } = fields;
    while (start < end && (text[start] === Byte.space || text[start] === Byte.tab)) start++;
    while (end > start && (text[end - 1] === Byte.space || text[end - 1] === Byte.tab)) end--;
    this.start = start;
    this.end = end;
    return this;
  }

  /** The content of a cell as a word of a list. */
  word(column: number, words: Words): number {
    this.cell(column);
    return words.intern(this.text, this.start, this.end);
  }

  /** The content of a cell as text. */
  string(column: number): string {
    this.cell(column);
    return decode(this.text.subarray(this.start, this.end));
  }

  /** The content of a cell as a whole number, 0 where it is empty; NaN where it is something else. */
  number(column: number): number {
    this.cell(column);
    if (this.end - this.start > 15) return NaN;
    let value = 0;
    for (let i = this.start; i < this.end; i++) {
      const digit = this.text[i] - 48;
      if (digit < 0 || digit > 9) return NaN;
      value = value * 10 + digit;
    }
    return value;
  }

  /** Whether a cell is this text of lower case, compared without case (ASCII). */
  is(column: number, text: string): boolean {
    if (column < 0 || column >= this.fields.count) return false;
    const quoted = this.bytes[this.fields.starts[column]] === Byte.quote ? 1 : 0;
    return isText(this.bytes, this.fields.starts[column] + quoted, this.fields.ends[column] - quoted, text);
  }

  /** Whether a cell is one letter away from this text of lower case, compared without case (ASCII). */
  isNear(column: number, text: string): boolean {
    if (column < 0 || column >= this.fields.count) return false;
    this.cell(column);
    return isNearText(this.text, this.start, this.end, text);
  }

  /** Whether two cells have the same bytes, and are not empty. */
  same(one: number, other: number): boolean {
    if (this.isEmpty(one) || this.isEmpty(other)) return false;
    const { starts, ends } = this.fields,
      length = ends[one] - starts[one];
    if (ends[other] - starts[other] !== length) return false;
    for (let i = 0; i < length; i++) if (this.bytes[starts[one] + i] !== this.bytes[starts[other] + i]) return false;
    return true;
  }
}
