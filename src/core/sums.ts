import { bucketStart, type CellColumns, type RemoteColumns } from './cube';
import { packable } from './pack';

/** Numbers of a row, all in one line of the processor's cache: its key (minute, series, remote), sums, and the place of its first event. */
const enum Of { minute, series, remote, count, recipients, bytes, file, line, width }

/** Time steps in minutes that a table goes through when it outgrows its limit. */
export type Steps = readonly { minutes: number; limit: number }[];

/** Sums by (time step, series, remote) with the earliest place; takes a coarser time step when it outgrows the limit of the one it has. */
export class SumTable {
  length = 0;
  private rows = new Float64Array(64 * Of.width);
  /** Open addressing: for each hash a row, or -1. At least twice as many as rows. */
  private slots = new Int32Array(256).fill(-1);
  /** The row that was last asked for with each remote, or with each series where there are no remotes: mostly the one that is asked for next. */
  private last = new Int32Array(64);
  private at = 0;
  /** Minutes of a time step now. */
  step: number;
  private limit: number;

  constructor(private readonly steps: Steps) { this.step = steps[0].minutes; this.limit = steps[0].limit; }

  add(minute: number, series: number, remote: number, count: number, recipients: number, bytes: number, file: number, line: number): void {
    this.sum(minute, series, remote, count, recipients, bytes, file, line);
    if (this.length > this.limit) this.coarsen();
  }

  /** Takes over the rows of `other`, with its series, remotes and lines renamed. */
  absorb(other: SumTable, series: Int32Array, remotes: Int32Array | undefined, shift: readonly number[]): void {
    while (this.step < other.step) this.coarsen(true);
    const { rows, length } = other;
    this.reserve(Math.min(this.length + length, Math.ceil(Math.max(this.length, length) * 1.25)));
    for (let i = 0; i < length * Of.width; i += Of.width) {
      const file = rows[i + Of.file];
      this.add(rows[i], series[rows[i + Of.series]], remotes ? remotes[rows[i + Of.remote]] : 0, rows[i + Of.count], rows[i + Of.recipients], rows[i + Of.bytes], file, rows[i + Of.line] + (shift[file] ?? 0));
    }
  }

  columns(): CellColumns {
    return {
      length: this.length, minute: this.column(Int32Array, Of.minute), series: this.column(Int32Array, Of.series),
      messages: this.column(Float64Array, Of.count), recipients: this.column(Float64Array, Of.recipients), bytes: this.column(Float64Array, Of.bytes),
      file: this.column(Int32Array, Of.file), line: this.column(Float64Array, Of.line),
    };
  }

  remoteColumns(): RemoteColumns {
    return {
      length: this.length, minute: this.column(Int32Array, Of.minute), series: this.column(Int32Array, Of.series), remote: this.column(Int32Array, Of.remote),
      messages: this.column(Float64Array, Of.count), recipients: this.column(Float64Array, Of.recipients), file: this.column(Int32Array, Of.file), line: this.column(Float64Array, Of.line),
    };
  }

  private column<T extends Int32Array | Float64Array>(type: new (length: number) => T, at: Of): T {
    const column = new type(this.length);
    for (let i = 0; i < this.length; i++) column[i] = this.rows[i * Of.width + at];
    return column;
  }

  private sum(minute: number, series: number, remote: number, count: number, recipients: number, bytes: number, file: number, line: number): void {
    minute = bucketStart(minute, this.step);
    const { last } = this, of = remote || series;
    let i = of < last.length ? last[of] * Of.width : 0, { rows } = this;
    if (rows[i] !== minute || rows[i + Of.series] !== series || rows[i + Of.remote] !== remote || this.length === 0) {
      i = this.find(minute, series, remote);
      ({ rows } = this);
      this.remember(of, i / Of.width);
    }
    if (rows[i + Of.line] === 0) { rows[i + Of.file] = file; rows[i + Of.line] = line; } else if (line < rows[i + Of.line] && file === rows[i + Of.file]) rows[i + Of.line] = line;
    rows[i + Of.count] += count; rows[i + Of.recipients] += recipients; rows[i + Of.bytes] += bytes;
  }

  private remember(of: number, row: number): void {
    if (of >= this.last.length) {
      const last = new Int32Array(Math.max(of + 1, this.last.length * 2));
      last.set(this.last);
      this.last = last;
    }
    this.last[of] = row;
  }

  /** Where the row of a key begins; a new one has no line yet. */
  private find(minute: number, series: number, remote: number): number {
    const { slots, rows } = this;
    const mask = slots.length - 1;
    for (let slot = hash(minute, series, remote) & mask; ; slot = slot + 1 & mask) {
      const row = slots[slot];
      if (row < 0) return this.insert(minute, series, remote, slot);
      const i = row * Of.width;
      if (rows[i] === minute && rows[i + Of.series] === series && rows[i + Of.remote] === remote) return i;
    }
  }

  private insert(minute: number, series: number, remote: number, slot: number): number {
    const i = this.length * Of.width;
    // Doubling what is large already would take more memory than the limit allows for.
    if (i === this.rows.length) this.reserve(this.length < 65_536 ? this.length * 2 : Math.ceil(this.length * 1.25));
    this.rows[i] = minute; this.rows[i + Of.series] = series; this.rows[i + Of.remote] = remote;
    this.slots[slot] = this.length++;
    if (this.length * 2 > this.slots.length) this.rehash(this.slots.length * 2);
    return i;
  }

  /** Makes room for so many rows at once. */
  private reserve(count: number): void {
    if (count * Of.width > this.rows.length) {
      const rows = new Float64Array(count * Of.width);
      rows.set(this.rows);
      this.rows = rows;
    }
    let size = this.slots.length;
    while (size < count * 2) size *= 2;
    if (size > this.slots.length) this.rehash(size);
  }

  private rehash(size: number): void {
    const slots = new Int32Array(size).fill(-1), { rows } = this;
    for (let row = 0; row < this.length; row++) {
      const i = row * Of.width;
      let slot = hash(rows[i], rows[i + Of.series], rows[i + Of.remote]) & size - 1;
      while (slots[slot] >= 0) slot = slot + 1 & size - 1;
      slots[slot] = row;
    }
    this.slots = slots;
  }

  /** The same sums in coarser steps: rows move to the front where they meet, in the same memory. */
  private coarsen(once = false): void {
    for (; (once || this.length > this.limit) && this.at + 1 < this.steps.length; once = false) {
      const { minutes, limit } = this.steps[++this.at];
      this.step = minutes; this.limit = limit;
      const { rows, length } = this;
      this.length = 0;
      this.slots.fill(-1);
      this.last.fill(0);
      for (let i = 0; i < length * Of.width; i += Of.width) {
        const minute = rows[i], series = rows[i + Of.series], remote = rows[i + Of.remote];
        const count = rows[i + Of.count], recipients = rows[i + Of.recipients], bytes = rows[i + Of.bytes], file = rows[i + Of.file], line = rows[i + Of.line];
        rows.fill(0, i, i + Of.width);
        this.sum(minute, series, remote, count, recipients, bytes, file, line);
      }
    }
  }
}

function hash(minute: number, series: number, remote: number): number {
  const h = Math.imul(minute, 0x9e3779b1) ^ Math.imul(series, 0x85ebca6b) ^ Math.imul(remote, 0xc2b2ae35);
  return h ^ h >>> 15;
}

packable('SumTable', SumTable);
