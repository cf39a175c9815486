import { packable } from './pack';

/** Fields of a row, half a cache line: its key (minute, series, remote), its sums and the place of its first event. */
const enum Of {
  minute,
  series,
  remote,
  count,
  recipients,
  bytes,
  file,
  line,
  width,
}
/** The largest number in a row. Where one would be larger, sums and line are in `large`, at -1 - the row's line. */
const most = 0x7fffffff;
const enum Large {
  count,
  recipients,
  bytes,
  line,
  width,
}

/** Rows in a page. A table that grows by pages never holds twice its content. */
const pageRows = 8192,
  pageBits = 13,
  pageMask = pageRows - 1;
const firstRows = 64;

/** A row as numbers. */
export type SumField = (
  minute: number,
  series: number,
  remote: number,
  count: number,
  recipients: number,
  bytes: number,
  file: number,
  line: number,
) => void;

/** Rows of sums by their numbers. */
export class SumRows {
  length = 0;
  /** The first page grows until it is as large as the others. */
  private readonly pages = [new Int32Array(firstRows * Of.width)];
  private large = new Float64Array(0);
  private larges = 0;

  /** Whether a row has this key. */
  has(row: number, minute: number, series: number, remote: number): boolean {
    const page = this.pages[row >> pageBits],
      i = (row & pageMask) * Of.width;
    return page[i] === minute && page[i + Of.series] === series && page[i + Of.remote] === remote;
  }

  /** Appends a row with this key and empty sums; returns its number. */
  append(minute: number, series: number, remote: number): number {
    const row = this.length++,
      at = row >> pageBits,
      i = (row & pageMask) * Of.width;
    if (at === this.pages.length) this.pages.push(new Int32Array(pageRows * Of.width));
    else if (i === this.pages[at].length) this.pages[at] = grown(this.pages[at], i * 2);
    const page = this.pages[at];
    page[i] = minute;
    page[i + Of.series] = series;
    page[i + Of.remote] = remote;
    return row;
  }

  /** Adds to a row; its place is that of the smallest line of its first file. */
  add(row: number, count: number, recipients: number, bytes: number, file: number, line: number): void {
    const page = this.pages[row >> pageBits],
      i = (row & pageMask) * Of.width,
      before = page[i + Of.line];
    const counts = page[i + Of.count] + count,
      heads = page[i + Of.recipients] + recipients,
      size = page[i + Of.bytes] + bytes;
    if (before < 0 || counts > most || heads > most || size > most || line > most) {
      this.addLarge(page, i, count, recipients, bytes, file, line);
      return;
    }
    page[i + Of.count] = counts;
    page[i + Of.recipients] = heads;
    page[i + Of.bytes] = size;
    if (before === 0) {
      page[i + Of.file] = file;
      page[i + Of.line] = line;
    } else if (line < before && file === page[i + Of.file]) page[i + Of.line] = line;
  }

  /** All rows in their order. */
  each(found: SumField): void {
    eachOf(this.pages, this.large, this.length, found);
  }

  /** Takes all rows out in their order; `found` may put in as many again. The memory stays the same. */
  drain(found: SumField): void {
    const { pages, large, length } = this;
    let row = 0;
    this.length = this.larges = 0;
    this.large = new Float64Array(0);
    eachOf(pages, large, length, (minute, series, remote, count, recipients, bytes, file, line) => {
      const i = (row & pageMask) * Of.width;
      pages[row++ >> pageBits].fill(0, i, i + Of.width);
      found(minute, series, remote, count, recipients, bytes, file, line);
    });
  }

  private addLarge(
    page: Int32Array,
    i: number,
    count: number,
    recipients: number,
    bytes: number,
    file: number,
    line: number,
  ): void {
    const before = page[i + Of.line],
      at = (before < 0 ? -1 - before : this.larges++) * Large.width;
    if (at >= this.large.length) this.large = grown(this.large, Math.max(at * 2, 16 * Large.width));
    const { large } = this;
    if (before >= 0) {
      large[at + Large.count] = page[i + Of.count];
      large[at + Large.recipients] = page[i + Of.recipients];
      large[at + Large.bytes] = page[i + Of.bytes];
      large[at + Large.line] = before === 0 ? line : before;
      if (before === 0) page[i + Of.file] = file;
      page[i + Of.line] = -1 - at / Large.width;
    }
    large[at + Large.count] += count;
    large[at + Large.recipients] += recipients;
    large[at + Large.bytes] += bytes;
    if (file === page[i + Of.file]) large[at + Large.line] = Math.min(large[at + Large.line], line);
  }
}

function eachOf(pages: readonly Int32Array[], large: Float64Array, length: number, found: SumField): void {
  for (let row = 0; row < length; row++) {
    const page = pages[row >> pageBits],
      i = (row & pageMask) * Of.width,
      line = page[i + Of.line],
      at = (-1 - line) * Large.width;
    if (line >= 0)
      found(
        page[i],
        page[i + Of.series],
        page[i + Of.remote],
        page[i + Of.count],
        page[i + Of.recipients],
        page[i + Of.bytes],
        page[i + Of.file],
        line,
      );
    else
      found(
        page[i],
        page[i + Of.series],
        page[i + Of.remote],
        large[at + Large.count],
        large[at + Large.recipients],
        large[at + Large.bytes],
        page[i + Of.file],
        large[at + Large.line],
      );
  }
}

function grown<T extends Int32Array | Float64Array>(old: T, length: number): T {
  const next = new (old.constructor as new (length: number) => T)(length);
  next.set(old);
  return next;
}

packable('SumRows', SumRows);
