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
  tlsAt: number,
) => void;

/** Rows of sums by their numbers. */
export class SumRows {
  length = 0;
  /** The first page grows until it is as large as the others. */
  private readonly pages = [new Int32Array(firstRows * Of.width)];
  /** By page, the row that follows each row in its chain, -1 for none. */
  private readonly chains = [new Int32Array(firstRows)];
  private large = new Float64Array(0);
  private larges = 0;
  /** By page, where the log shows the TLS of the first event of each row; none while all are 0. */
  private tlsAt: (Float64Array | undefined)[] = [];

  /** Whether a row has this key. */
  has(row: number, minute: number, series: number, remote: number): boolean {
    const page = this.pages[row >> pageBits],
      i = (row & pageMask) * Of.width;
    return page[i] === minute && page[i + Of.series] === series && page[i + Of.remote] === remote;
  }

  minute(row: number): number {
    return this.pages[row >> pageBits][(row & pageMask) * Of.width];
  }

  /** The row that follows in the chain, -1 for none. */
  next(row: number): number {
    return this.chains[row >> pageBits][row & pageMask];
  }

  /** Puts a row behind another one in the chain. */
  link(row: number, next: number): void {
    this.chains[row >> pageBits][row & pageMask] = next;
  }

  /** Appends a row with this key and empty sums, and `next` behind it in its chain; returns its number. */
  append(minute: number, series: number, remote: number, next: number): number {
    const row = this.length++,
      at = row >> pageBits,
      i = (row & pageMask) * Of.width;
    if (at === this.pages.length) {
      this.pages.push(new Int32Array(pageRows * Of.width));
      this.chains.push(new Int32Array(pageRows));
    } else if (i === this.pages[at].length) {
      this.pages[at] = grown(this.pages[at], i * 2);
      this.chains[at] = grown(this.chains[at], (i * 2) / Of.width);
    }
    this.chains[at][row & pageMask] = next;
    const page = this.pages[at];
    page[i] = minute;
    page[i + Of.series] = series;
    page[i + Of.remote] = remote;
    return row;
  }

  /** Adds to a row; its places are those of the event with the smallest line of its first file. */
  add(row: number, count: number, recipients: number, bytes: number, file: number, line: number, tlsAt: number): void {
    const page = this.pages[row >> pageBits],
      i = (row & pageMask) * Of.width,
      before = page[i + Of.line];
    const counts = page[i + Of.count] + count,
      heads = page[i + Of.recipients] + recipients,
      size = page[i + Of.bytes] + bytes;
    if (before < 0 || counts > most || heads > most || size > most || line > most) {
      this.addLarge(row, count, recipients, bytes, file, line, tlsAt);
      return;
    }
    page[i + Of.count] = counts;
    page[i + Of.recipients] = heads;
    page[i + Of.bytes] = size;
    if (before === 0) page[i + Of.file] = file;
    else if (line >= before || file !== page[i + Of.file]) return;
    page[i + Of.line] = line;
    this.show(row, tlsAt);
  }

  /** All rows in their order. */
  each(found: SumField): void {
    eachOf(this.pages, this.large, this.tlsAt, this.length, found);
  }

  /** Takes all rows out in their order; `found` may put in as many again. The memory stays the same. */
  drain(found: SumField): void {
    const { pages, large, tlsAt, length } = this;
    let row = 0;
    this.length = this.larges = 0;
    this.large = new Float64Array(0);
    this.tlsAt = [];
    eachOf(pages, large, tlsAt, length, (minute, series, remote, count, recipients, bytes, file, line, shown) => {
      const i = (row & pageMask) * Of.width;
      pages[row++ >> pageBits].fill(0, i, i + Of.width);
      found(minute, series, remote, count, recipients, bytes, file, line, shown);
    });
  }

  private addLarge(
    row: number,
    count: number,
    recipients: number,
    bytes: number,
    file: number,
    line: number,
    tlsAt: number,
  ): void {
    const page = this.pages[row >> pageBits],
      i = (row & pageMask) * Of.width;
    const before = page[i + Of.line],
      at = (before < 0 ? -1 - before : this.larges++) * Large.width;
    if (at >= this.large.length) this.large = grown(this.large, Math.max(at * 2, 16 * Large.width));
    const { large } = this;
    if (before >= 0) {
      large[at + Large.count] = page[i + Of.count];
      large[at + Large.recipients] = page[i + Of.recipients];
      large[at + Large.bytes] = page[i + Of.bytes];
      large[at + Large.line] = before === 0 ? Infinity : before;
      if (before === 0) page[i + Of.file] = file;
      page[i + Of.line] = -1 - at / Large.width;
    }
    large[at + Large.count] += count;
    large[at + Large.recipients] += recipients;
    large[at + Large.bytes] += bytes;
    if (file !== page[i + Of.file] || line >= large[at + Large.line]) return;
    large[at + Large.line] = line;
    this.show(row, tlsAt);
  }

  private show(row: number, tlsAt: number): void {
    const at = row >> pageBits;
    let page = this.tlsAt[at];
    if (page === undefined) {
      if (tlsAt === 0) return;
      while (this.tlsAt.length < at) this.tlsAt.push(undefined);
      page = this.tlsAt[at] = new Float64Array(pageRows);
    }
    page[row & pageMask] = tlsAt;
  }
}

function eachOf(
  pages: readonly Int32Array[],
  large: Float64Array,
  tlsAt: readonly (Float64Array | undefined)[],
  length: number,
  found: SumField,
): void {
  for (let row = 0; row < length; row++) {
    const page = pages[row >> pageBits],
      i = (row & pageMask) * Of.width,
      line = page[i + Of.line],
      at = (-1 - line) * Large.width,
      shown = tlsAt[row >> pageBits]?.[row & pageMask] ?? 0;
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
        shown,
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
        shown,
      );
  }
}

/** The same numbers in a longer array. */
export function grown<T extends Int32Array | Float64Array>(old: T, length: number): T {
  const next = new (old.constructor as new (length: number) => T)(length);
  next.set(old);
  return next;
}

packable('SumRows', SumRows);
