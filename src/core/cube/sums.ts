import { bucketStart, type CellColumns, type RemoteColumns } from './cube';
import { packable } from './pack';
import { shifted } from './placecode';
import { grown, SumRows, type SumField } from './sumrows';

/** Time steps in minutes that a table goes through when it outgrows its limit. */
export type TimeSteps = readonly { minutes: number; limit: number }[];

/** Steps along a chain that cost no more than a hash table, and how many more a table takes before it has one. */
const usualSteps = 4,
  patience = 1024;

/**
 * Sums by (time step, series, remote) with the earliest place, in coarser time steps as it outgrows its limits. The
 * final step depends only on what was added, not on the order or on how tables were merged.
 *
 * Time mostly goes on in a log: the rows of a remote (or series, where there are no remotes) are a chain, latest first,
 * so that a row is found or known to be new at its head. Where times jump, a hash table finds it.
 */
export class SumTable {
  private readonly rows = new SumRows();
  /** By remote or series, 1 + the row at the head of its chain; with `slots`, 1 + the row that was asked for last. */
  private heads = new Int32Array(64);
  /** Open addressing: for each hash a row, or -1. At least twice as many as rows. None while chains are short. */
  private slots: Int32Array | undefined;
  /** Steps along chains more than the usual ones of each search. */
  private walked = 0;
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
    const { rows } = this,
      of = remote || series;
    if (of >= this.heads.length) this.heads = grown(this.heads, Math.max(of + 1, this.heads.length * 2));
    const head = this.heads[of] - 1;
    const row =
      head >= 0 && rows.has(head, minute, series, remote)
        ? head
        : this.slots === undefined
          ? this.inChain(of, head, minute, series, remote)
          : this.inSlots(this.slots, of, minute, series, remote);
    rows.add(row, count, recipients, bytes, file, line, tlsAt);
  }

  /** The row of a key, which may be new, in the chain that begins with `head`. */
  private inChain(of: number, head: number, minute: number, series: number, remote: number): number {
    const { rows } = this;
    let before = -1,
      row = head,
      steps = -usualSteps;
    for (; row >= 0 && rows.minute(row) > minute; steps++) {
      before = row;
      row = rows.next(row);
    }
    // Rows of one time step are in no order: the one that was asked for last comes first.
    const first = row;
    let last = before;
    for (; row >= 0 && rows.minute(row) === minute && !rows.has(row, minute, series, remote); steps++) {
      last = row;
      row = rows.next(row);
    }
    if (row < 0 || rows.minute(row) !== minute) row = rows.append(minute, series, remote, first);
    else if (row === first) return row;
    else {
      rows.link(last, rows.next(row));
      rows.link(row, first);
    }
    if (before < 0) this.heads[of] = row + 1;
    else rows.link(before, row);
    this.walked = Math.max(0, this.walked + steps);
    if (this.walked > patience) this.slots = slotsOf(rows);
    return row;
  }

  /** The row of a key, which may be new, in the hash table. */
  private inSlots(slots: Int32Array, of: number, minute: number, series: number, remote: number): number {
    const { rows } = this,
      mask = slots.length - 1;
    let slot = hash(minute, series, remote) & mask;
    while (slots[slot] >= 0 && !rows.has(slots[slot], minute, series, remote)) slot = (slot + 1) & mask;
    if (slots[slot] < 0) {
      slots[slot] = rows.append(minute, series, remote, -1);
      if (rows.length * 2 > slots.length) this.slots = slotsOf(rows);
      this.heads[of] = rows.length;
      return rows.length - 1;
    }
    this.heads[of] = slots[slot] + 1;
    return slots[slot];
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
    this.slots = undefined;
    this.walked = 0;
    this.heads.fill(0);
    this.rows.drain(found);
  }
}

/** A hash table of all rows. */
function slotsOf(rows: SumRows): Int32Array {
  let length = 256;
  while (length < rows.length * 4) length *= 2;
  const slots = new Int32Array(length).fill(-1),
    mask = length - 1;
  let row = 0;
  rows.each((minute, series, remote) => {
    let slot = hash(minute, series, remote) & mask;
    while (slots[slot] >= 0) slot = (slot + 1) & mask;
    slots[slot] = row++;
  });
  return slots;
}

function hash(minute: number, series: number, remote: number): number {
  const h = Math.imul(minute, 0x9e3779b1) ^ Math.imul(series, 0x85ebca6b) ^ Math.imul(remote, 0xc2b2ae35);
  return h ^ (h >>> 15);
}

packable('SumTable', SumTable);
