import { bucketStart, type CellColumns, type RemoteColumns } from './cube';
import { packable } from './pack';
import { shifted } from './placecode';
import { SumRows, type SumField } from './sumrows';

/** Time steps in minutes that a table goes through when it outgrows its limit. */
export type TimeSteps = readonly { minutes: number; limit: number }[];

/**
 * Sums by (time step, series, remote) with the earliest place, in coarser time steps as it outgrows its limits. The
 * final step depends only on what was added, not on the order or on how tables were merged.
 */
export class SumTable {
  private readonly rows = new SumRows();
  /** Open addressing: for each hash a row, or -1. At least twice as many as rows. */
  private slots = new Int32Array(256).fill(-1);
  /** The last row of each remote (or series, where there are no remotes): mostly the next one to be asked for. */
  private last = new Int32Array(64);
  private at = 0;
  /** Minutes of a time step now. */
  step: number;
  private limit: number;

  constructor(private readonly steps: TimeSteps) {
    this.step = steps[0].minutes;
    this.limit = steps[0].limit;
  }

  get length(): number {
    return this.rows.length;
  }

  /** Whether there are more rows than the limit of the last step. */
  get isOver(): boolean {
    return this.length > this.limit;
  }

  add(
    minute: number,
    series: number,
    remote: number,
    count: number,
    recipients: number,
    bytes: number,
    file: number,
    line: number,
    tlsAt: number,
  ): void {
    this.sum(minute, series, remote, count, recipients, bytes, file, line, tlsAt);
    if (this.length > this.limit) this.coarsen();
  }

  /** Takes over the rows of `other`, with its series and lines renamed. */
  merge(other: SumTable, series: Int32Array, shift: readonly number[]): void {
    this.atLeast(other.step);
    other.each((minute, s, remote, count, recipients, bytes, file, line, tlsAt) =>
      this.add(
        minute,
        series[s],
        remote,
        count,
        recipients,
        bytes,
        file,
        line + (shift[file] ?? 0),
        shifted(tlsAt, shift),
      ),
    );
  }

  /** Takes a step at least as coarse as this one. */
  atLeast(step: number): void {
    while (this.step < step) this.coarsen(true);
  }

  each(found: SumField): void {
    this.rows.each(found);
  }

  /** The same sums with other remotes. */
  rename(remoteOf: (series: number, remote: number) => number): void {
    this.again((minute, series, remote, count, recipients, bytes, file, line, tlsAt) =>
      this.sum(minute, series, remoteOf(series, remote), count, recipients, bytes, file, line, tlsAt),
    );
  }

  columns(): CellColumns {
    const { length } = this,
      i = () => new Int32Array(length),
      f = () => new Float64Array(length);
    const c = {
      length,
      minute: i(),
      series: i(),
      messages: f(),
      recipients: f(),
      bytes: f(),
      file: i(),
      line: f(),
      tlsAt: f(),
    };
    let row = 0;
    this.each((minute, series, _, count, recipients, bytes, file, line, tlsAt) => {
      c.minute[row] = minute;
      c.series[row] = series;
      c.messages[row] = count;
      c.recipients[row] = recipients;
      c.bytes[row] = bytes;
      c.file[row] = file;
      c.line[row] = line;
      c.tlsAt[row++] = tlsAt;
    });
    return c;
  }

  remoteColumns(): RemoteColumns {
    const { length } = this,
      i = () => new Int32Array(length),
      f = () => new Float64Array(length);
    const c = { length, minute: i(), series: i(), remote: i(), messages: f(), recipients: f(), file: i(), line: f() };
    let row = 0;
    this.each((minute, series, remote, count, recipients, _, file, line) => {
      c.minute[row] = minute;
      c.series[row] = series;
      c.remote[row] = remote;
      c.messages[row] = count;
      c.recipients[row] = recipients;
      c.file[row] = file;
      c.line[row++] = line;
    });
    return c;
  }

  private sum(
    minute: number,
    series: number,
    remote: number,
    count: number,
    recipients: number,
    bytes: number,
    file: number,
    line: number,
    tlsAt: number,
  ): void {
    // Rows hold minutes of four thousand years.
    minute = bucketStart(minute | 0, this.step) | 0;
    const { last, rows } = this,
      of = remote || series;
    let row = of < last.length ? last[of] : 0;
    if (rows.length === 0 || !rows.has(row, minute, series, remote)) {
      row = this.find(minute, series, remote);
      this.remember(of, row);
    }
    rows.add(row, count, recipients, bytes, file, line, tlsAt);
  }

  private remember(of: number, row: number): void {
    if (of >= this.last.length) {
      const last = new Int32Array(Math.max(of + 1, this.last.length * 2));
      last.set(this.last);
      this.last = last;
    }
    this.last[of] = row;
  }

  /** The row of a key, which may be new. */
  private find(minute: number, series: number, remote: number): number {
    const { slots, rows } = this,
      mask = slots.length - 1;
    for (let slot = hash(minute, series, remote) & mask; ; slot = (slot + 1) & mask) {
      const row = slots[slot];
      if (row >= 0) {
        if (rows.has(row, minute, series, remote)) return row;
        continue;
      }
      slots[slot] = rows.append(minute, series, remote);
      if (rows.length * 2 > slots.length) this.rehash();
      return rows.length - 1;
    }
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(-1),
      mask = slots.length - 1;
    let row = 0;
    this.each((minute, series, remote) => {
      let slot = hash(minute, series, remote) & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = row++;
    });
    this.slots = slots;
  }

  /** The same sums in coarser steps. */
  private coarsen(once = false): void {
    for (; (once || this.length > this.limit) && this.at + 1 < this.steps.length; once = false) {
      const { minutes, limit } = this.steps[++this.at];
      this.step = minutes;
      this.limit = limit;
      this.rename((_, remote) => remote);
    }
  }

  /** Inserts all rows again in the same memory; rows with equal keys merge. */
  private again(found: SumField): void {
    this.slots.fill(-1);
    this.last.fill(0);
    this.rows.drain(found);
  }
}

function hash(minute: number, series: number, remote: number): number {
  const h = Math.imul(minute, 0x9e3779b1) ^ Math.imul(series, 0x85ebca6b) ^ Math.imul(remote, 0xc2b2ae35);
  return h ^ (h >>> 15);
}

packable('SumTable', SumTable);
