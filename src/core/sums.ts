import { bucketStart, type CellColumns, type RemoteColumns } from './cube';
import { packable } from './pack';

/**
 * Numbers of a row: its key (minute, series, remote), sums, and the place of its first event. Lines and bytes take two numbers each. Small rows keep
 * more of the table in the processor's caches, which is what most of the time goes for; a row of remotes has no bytes.
 */
const enum Of { minute, series, remote, count, recipients, file, line, lineHigh, remoteWidth, bytes = 8, bytesHigh, width }

/** The largest sum in a row. What comes on top begins another row with the same key. */
const most = 0x7fffffff;
const high = 0x1_0000_0000;

/** How many events wait to be summed together. */
const batch = 256;
/** Numbers of an event that waits: those of a row. */
const enum Waiting { minute, series, remote, count, recipients, file, line, lineHigh, width }

/** Time steps in minutes that a table goes through when it outgrows its limit. */
export type Steps = readonly { minutes: number; limit: number }[];

/** Sums by (time step, series, remote) with the earliest place; takes a coarser time step when it outgrows the limit of the one it has. Several rows may have one key. */
export class SumTable {
  length = 0;
  private readonly width: number;
  private rows: Int32Array<ArrayBuffer>;
  /** Open addressing: for each hash a row, or -1. At least twice as many as rows. */
  private slots = new Int32Array(256).fill(-1);
  /** The row that was last asked for with each series where there are no remotes: mostly the one that is asked for next. */
  private last = new Int32Array(64);
  /** Events that are not summed yet, and how many. */
  private readonly waiting = new Int32Array(batch * Waiting.width);
  private waits = 0;
  /** The rows where they may belong. */
  private readonly near = new Int32Array(batch);
  /** Keeps the engine from leaving out the fetching. */
  fetched = 0;
  private at = 0;
  /** Minutes of a time step now. */
  step: number;
  private limit: number;
  /** The minute that was last asked for, and the start of its time step. */
  private lastMinute = -1;
  private lastStart = -1;

  /** @param remotes whether the rows are by remote; then bytes are not summed. */
  constructor(private readonly steps: Steps, remotes: boolean) {
    this.step = steps[0].minutes; this.limit = steps[0].limit;
    this.width = remotes ? Of.remoteWidth : Of.width;
    this.rows = new Int32Array(64 * this.width);
  }

  add(minute: number, series: number, remote: number, count: number, recipients: number, bytes: number, file: number, line: number): void {
    this.sum(this.startOf(minute), series, remote, count, recipients, bytes, file, line);
    if (this.length > this.limit) this.coarsen();
  }

  /**
   * Like `add`, with one of many remotes; summed at the latest when somebody reads the table. Their rows are spread over more memory than the caches
   * hold, and a processor waits for one of them at a time where each is looked for alone; here it fetches those of a whole batch beside one another.
   */
  addSpread(minute: number, series: number, remote: number, count: number, recipients: number, file: number, line: number): void {
    if (count > most || recipients > most) { this.add(minute, series, remote, count, recipients, 0, file, line); return; }
    const { waiting } = this, at = this.waits * Waiting.width;
    waiting[at] = this.startOf(minute); waiting[at + Waiting.series] = series; waiting[at + Waiting.remote] = remote; waiting[at + Waiting.count] = count;
    waiting[at + Waiting.recipients] = recipients; waiting[at + Waiting.file] = file; waiting[at + Waiting.line] = line; waiting[at + Waiting.lineHigh] = line / high;
    if (++this.waits === batch) this.settle();
  }

  /** Sums what waits. */
  settle(): void {
    const { waiting, waits, near, slots, rows, width } = this, mask = slots.length - 1;
    let sum = 0;
    for (let i = 0, at = 0; i < waits; i++, at += Waiting.width) near[i] = slots[hash(waiting[at], waiting[at + Waiting.series], waiting[at + Waiting.remote]) & mask];
    for (let i = 0; i < waits; i++) sum = sum + rows[Math.max(near[i], 0) * width] | 0;
    this.fetched = sum;
    this.waits = 0;
    for (let i = 0, at = 0; i < waits; i++, at += Waiting.width) {
      this.sum(this.startOf(waiting[at]), waiting[at + Waiting.series], waiting[at + Waiting.remote], waiting[at + Waiting.count], waiting[at + Waiting.recipients], 0, waiting[at + Waiting.file], waiting[at + Waiting.lineHigh] * high + (waiting[at + Waiting.line] >>> 0));
    }
    if (this.length > this.limit) this.coarsen();
  }

  /** Takes over the rows of `other`, with its series, remotes and lines renamed. */
  absorb(other: SumTable, series: Int32Array, remotes: Int32Array | undefined, shift: readonly number[]): void {
    this.settle();
    other.settle();
    while (this.step < other.step) this.coarsen(true);
    const { rows, length, width } = other;
    this.reserve(Math.min(this.length + length, Math.ceil(Math.max(this.length, length) * 1.25)));
    for (let i = 0; i < length * width; i += width) {
      const file = rows[i + Of.file];
      this.add(rows[i], series[rows[i + Of.series]], remotes ? remotes[rows[i + Of.remote]] : 0, rows[i + Of.count], rows[i + Of.recipients], other.bytesAt(i), file, other.lineAt(i) + (shift[file] ?? 0));
    }
  }

  columns(): CellColumns {
    this.settle();
    return {
      length: this.length, minute: this.column(Of.minute), series: this.column(Of.series),
      messages: this.numbers((i) => this.rows[i + Of.count]), recipients: this.numbers((i) => this.rows[i + Of.recipients]), bytes: this.numbers((i) => this.bytesAt(i)),
      file: this.column(Of.file), line: this.numbers((i) => this.lineAt(i)),
    };
  }

  remoteColumns(): RemoteColumns {
    this.settle();
    return {
      length: this.length, minute: this.column(Of.minute), series: this.column(Of.series), remote: this.column(Of.remote),
      messages: this.numbers((i) => this.rows[i + Of.count]), recipients: this.numbers((i) => this.rows[i + Of.recipients]), file: this.column(Of.file), line: this.numbers((i) => this.lineAt(i)),
    };
  }

  private column(at: Of): Int32Array {
    const column = new Int32Array(this.length);
    for (let i = 0; i < this.length; i++) column[i] = this.rows[i * this.width + at];
    return column;
  }

  private numbers(of: (row: number) => number): Float64Array {
    const column = new Float64Array(this.length);
    for (let i = 0; i < this.length; i++) column[i] = of(i * this.width);
    return column;
  }

  private lineAt(i: number): number { return this.rows[i + Of.lineHigh] * high + (this.rows[i + Of.line] >>> 0); }

  private bytesAt(i: number): number { return this.width === Of.width ? this.rows[i + Of.bytesHigh] * high + (this.rows[i + Of.bytes] >>> 0) : 0; }

  /** The start of the time step in which a minute lies. */
  private startOf(minute: number): number {
    if (minute !== this.lastMinute) { this.lastMinute = minute; this.lastStart = bucketStart(minute, this.step); }
    return this.lastStart;
  }

  /** @param minute where its time step starts. */
  private sum(minute: number, series: number, remote: number, count: number, recipients: number, bytes: number, file: number, line: number): void {
    const i = remote === 0 ? this.latest(minute, series) : this.find(minute, series, remote), { rows } = this;
    if (rows[i + Of.count] + count > most || rows[i + Of.recipients] + recipients > most) { this.sumBeside(i, count, recipients, bytes, file, line); return; }
    const before = this.lineAt(i);
    if (before === 0) { rows[i + Of.file] = file; this.place(i, line); } else if (line < before && file === rows[i + Of.file]) this.place(i, line);
    rows[i + Of.count] += count; rows[i + Of.recipients] += recipients;
    if (bytes > 0) this.addBytes(i, bytes);
  }

  /** Another row with the key of the row at `i`, which is full; from now on it is the one that is found. */
  private sumBeside(i: number, count: number, recipients: number, bytes: number, file: number, line: number): void {
    const minute = this.rows[i], series = this.rows[i + Of.series], remote = this.rows[i + Of.remote], row = i / this.width, beside = this.length;
    if (beside * this.width === this.rows.length) this.reserve(beside + 64);
    this.slots[this.slots.indexOf(row)] = beside;
    this.append(minute, series, remote);
    if (remote === 0) this.remember(series, beside);
    const now = Math.min(count, most), of = Math.min(recipients, most);
    this.sum(minute, series, remote, now, of, bytes, file, line);
    if (count > now || recipients > of) this.sum(minute, series, remote, count - now, recipients - of, 0, file, line);
  }

  private place(i: number, line: number): void { this.rows[i + Of.line] = line % high; this.rows[i + Of.lineHigh] = Math.floor(line / high); }

  private addBytes(i: number, bytes: number): void {
    if (this.width !== Of.width) return;
    const sum = this.bytesAt(i) + bytes;
    this.rows[i + Of.bytes] = sum % high; this.rows[i + Of.bytesHigh] = Math.floor(sum / high);
  }

  /** Where the row of a key without a remote begins. */
  private latest(minute: number, series: number): number {
    let i = series < this.last.length ? this.last[series] * this.width : -1;
    if (i >= 0 && this.length > 0 && this.rows[i] === minute && this.rows[i + Of.series] === series && this.rows[i + Of.remote] === 0) return i;
    i = this.find(minute, series, 0);
    this.remember(series, i / this.width);
    return i;
  }

  private remember(series: number, row: number): void {
    if (series >= this.last.length) {
      const last = new Int32Array(Math.max(series + 1, this.last.length * 2));
      last.set(this.last);
      this.last = last;
    }
    this.last[series] = row;
  }

  /** Where the row of a key begins; a new one has no line yet. */
  private find(minute: number, series: number, remote: number): number {
    const { slots, rows, width } = this, mask = slots.length - 1;
    for (let slot = hash(minute, series, remote) & mask; ; slot = slot + 1 & mask) {
      const row = slots[slot];
      if (row < 0) {
        if (this.length * width === rows.length) {
          // Doubling what is large already would take more memory than the limit allows for.
          this.reserve(this.length < 65_536 ? this.length * 2 : Math.ceil(this.length * 1.25));
          return this.find(minute, series, remote);
        }
        slots[slot] = this.length;
        const i = this.append(minute, series, remote);
        if (this.length * 2 > slots.length) this.rehash(slots.length * 2);
        return i;
      }
      const i = row * width;
      if (rows[i] === minute && rows[i + Of.series] === series && rows[i + Of.remote] === remote) return i;
    }
  }

  /** Adds an empty row; gives where it begins. */
  private append(minute: number, series: number, remote: number): number {
    const i = this.length * this.width;
    this.rows[i] = minute; this.rows[i + Of.series] = series; this.rows[i + Of.remote] = remote;
    this.length++;
    return i;
  }

  /** Makes room for so many rows at once. */
  private reserve(count: number): void {
    if (count * this.width > this.rows.length) {
      const rows = new Int32Array(count * this.width);
      rows.set(this.rows);
      this.rows = rows;
    }
    let size = this.slots.length;
    while (size < count * 2) size *= 2;
    if (size > this.slots.length) this.rehash(size);
  }

  /** Rows that are full are not found again, but by the last one with their key. */
  private rehash(size: number): void {
    const slots = new Int32Array(size).fill(-1), { rows, width } = this;
    for (let row = 0; row < this.length; row++) {
      const i = row * width;
      let slot = hash(rows[i], rows[i + Of.series], rows[i + Of.remote]) & size - 1;
      while (slots[slot] >= 0) {
        const other = slots[slot] * width;
        if (rows[other] === rows[i] && rows[other + Of.series] === rows[i + Of.series] && rows[other + Of.remote] === rows[i + Of.remote]) break;
        slot = slot + 1 & size - 1;
      }
      slots[slot] = row;
    }
    this.slots = slots;
  }

  /** The same sums in coarser steps: rows move to the front where they meet, in the same memory. */
  private coarsen(once = false): void {
    for (; (once || this.length > this.limit) && this.at + 1 < this.steps.length; once = false) {
      const { minutes, limit } = this.steps[++this.at];
      this.step = minutes; this.limit = limit;
      this.lastMinute = -1;
      const { rows, length, width } = this;
      this.length = 0;
      this.slots.fill(-1);
      this.last.fill(0);
      for (let i = 0; i < length * width; i += width) {
        const minute = this.startOf(rows[i]), series = rows[i + Of.series], remote = rows[i + Of.remote];
        const count = rows[i + Of.count], recipients = rows[i + Of.recipients], bytes = this.bytesAt(i), file = rows[i + Of.file], line = this.lineAt(i);
        rows.fill(0, i, i + width);
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
