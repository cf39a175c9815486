import type { CellColumns, Cube, RemoteColumns } from '../core/cube/cube';
import { KeyTable } from '../core/cube/keytable';
import type { Milliseconds } from '../core/model';
import type { Zone } from '../core/text/zone';
import { Buckets } from './buckets';

/** Smaller cubes are read as fast as they could be reduced. */
const worthwhile = 50_000;
const quarter = 15,
  none = -1;
/** Fewer rows than this are copied faster one by one. */
const fewRows = 32;
/** Fifty years; a log with wrong clocks can claim any time. */
const mostQuarters = 50 * 366 * 96;

/**
 * A cube that can be cut to a period quickly, again and again. Its cells are summed by day once, in the zone of the
 * report; a period then
 * takes the sums of its whole days and, at its two ends, the cells themselves. Every query gives the same answer for
 * the cut cube as for
 * the whole one with the same period, as long as it tells time in days or more.
 */
export class PeriodCube {
  /** Number of the day of each quarter of an hour from `start` on; days are numbered as they are met. */
  private readonly dayOf = new Int32Array(0);
  private readonly start: number = 0;
  /** Sums of a day and series, in the order of their last cells. */
  private readonly sums: DaySums | undefined;
  /** For each day its first and last minute with mail, and the range of `cells` that has all of its cells. */
  private readonly extents: { first: number; last: number; from: number; to: number }[] = [];

  private readonly cube: Cube;

  /** @param least cells from which on it is worth it. */
  constructor(
    whole: Cube,
    private readonly zone: Zone,
    least = worthwhile,
  ) {
    const { cells } = whole;
    this.cube =
      whole.remoteCells.length < least
        ? whole
        : { ...whole, remoteCells: byRemote(whole.remoteCells, whole.remotes.length) };
    const { length, minute } = cells;
    if (length < Math.max(1, least) || whole.cellMinutes >= 1440) return;
    const [first, last] = extremes(minute, length);
    this.start = Math.floor(first / quarter);
    const quarters = Math.floor(last / quarter) - this.start + 1;
    if (quarters > mostQuarters) return;
    this.dayOf = new Int32Array(quarters).fill(none);
    this.sums = this.sumUp(cells);
  }

  /** Sums up the cells of each day and series, and fills `dayOf` and `extents`. None where it saves nothing. */
  private sumUp(cells: CellColumns): DaySums | undefined {
    const { length, minute } = cells;
    // Read from the end, so that a sum is met first at its last cell.
    const days = new KeyTable(),
      sums = columns(length),
      lastCells = new Int32Array(length);
    const buckets = new Buckets('day', this.zone),
      numbers = new Map<Milliseconds, number>();
    for (let i = length - 1; i >= 0; i--) {
      const q = Math.floor(minute[i] / quarter) - this.start;
      let day = this.dayOf[q];
      if (day === none) {
        const bucket = buckets.of((q + this.start) * quarter * 60_000);
        day = numbers.get(bucket) ?? numbers.size;
        numbers.set(bucket, day);
        this.dayOf[q] = day;
        this.extents[day] ??= { first: Infinity, last: -Infinity, from: i, to: i + 1 };
      }
      const extent = this.extents[day],
        before = days.length,
        row = days.row(day, cells.series[i], 0);
      if (minute[i] < extent.first) extent.first = minute[i];
      if (minute[i] > extent.last) extent.last = minute[i];
      extent.from = i;
      if (row === before) {
        lastCells[row] = i;
        copy(cells, i, sums, row);
      } else add(cells, i, sums, row);
    }
    // Where nearly every cell is the only one of its day, the sums would be as many as the cells.
    if (days.length >= length / 2) return undefined;
    return {
      cells: reversed(sums, days.length),
      day: days.a.slice(0, days.length).reverse(),
      lastCell: lastCells.slice(0, days.length).reverse(),
    };
  }

  /** The cube with the cells of a period only; `to` is exclusive. An open period leaves it whole. */
  during(from: Milliseconds | undefined, to: Milliseconds | undefined): Cube {
    const { cube, sums } = this;
    if (!sums || from === undefined || to === undefined) return cube;
    const hours = Buckets.fitting(from, to, cube.cellMinutes, this.zone).step === 'hour';
    const first = Math.floor(from / 60_000),
      end = Math.ceil(to / 60_000);
    const whole = Uint8Array.from(this.extents, (day) => (!hours && day.first >= first && day.last < end ? 1 : 0));
    const single = this.singles(whole, first, end),
      { day } = sums,
      { length } = day;
    let taken = 0,
      begins = 0;
    for (let sum = 0; sum < length; sum++) if (whole[day[sum]] && taken++ === 0) begins = sum;
    // The days of a log in order of time lie beside each other. To copy them would take longer than all that is then
    // asked of them.
    if (single.length === 0 && wholeDays(whole, day, begins, begins + taken))
      return { ...cube, cells: part(sums.cells, begins, begins + taken) };
    return { ...cube, cells: merged(cube.cells, single, sums, whole, taken) };
  }

  /** The cells of a period whose day is not taken as a whole, in their order. */
  private singles(whole: Uint8Array, first: number, end: number): Int32Array {
    const { minute } = this.cube.cells,
      cut = this.extents.filter((day, i) => !whole[i] && day.last >= first && day.first < end);
    const from = Math.min(...cut.map((day) => day.from)),
      to = Math.max(...cut.map((day) => day.to)),
      found: number[] = [];
    for (let i = from; i < to; i++)
      if (minute[i] >= first && minute[i] < end && !whole[this.dayOf[Math.floor(minute[i] / quarter) - this.start]])
        found.push(i);
    return Int32Array.from(found);
  }
}

/**
 * Single cells and the sums of whole days, both in the order of their (last) cells. @param taken how many sums are of
 * whole days.
 */
function merged(
  from: CellColumns,
  single: Int32Array,
  { cells: sums, day, lastCell }: DaySums,
  whole: Uint8Array,
  taken: number,
): CellColumns {
  const { length } = day;
  const cells = columns(single.length + taken);
  let row = 0,
    next = 0;
  for (let sum = 0; sum < length; sum++) {
    if (!whole[day[sum]]) continue;
    for (; next < single.length && single[next] < lastCell[sum]; next++) copy(from, single[next], cells, row++);
    // In a log in order of time these are all days of the period.
    const begin = sum,
      before = next < single.length ? single[next] : Infinity;
    while (sum + 1 < length && whole[day[sum + 1]] && lastCell[sum + 1] <= before) sum++;
    copyAll(sums, begin, sum + 1, cells, row);
    row += sum + 1 - begin;
  }
  for (; next < single.length; next++) copy(from, single[next], cells, row++);
  return cells;
}

/** The first and the last of some minutes. */
function extremes(minute: Int32Array, length: number): [first: number, last: number] {
  let first = Infinity,
    last = -Infinity;
  for (let i = 0; i < length; i++) {
    if (minute[i] < first) first = minute[i];
    if (minute[i] > last) last = minute[i];
  }
  return [first, last];
}

interface DaySums {
  cells: CellColumns;
  /** The number of the day of each sum, and its last cell. */
  day: Int32Array;
  lastCell: Int32Array;
}

function columns(length: number): CellColumns {
  return {
    length,
    minute: new Int32Array(length),
    series: new Int32Array(length),
    messages: new Float64Array(length),
    recipients: new Float64Array(length),
    bytes: new Float64Array(length),
    file: new Int32Array(length),
    line: new Float64Array(length),
    tlsAt: new Float64Array(length),
  };
}

function copy(from: CellColumns, i: number, to: CellColumns, row: number): void {
  to.minute[row] = from.minute[i];
  to.series[row] = from.series[i];
  to.messages[row] = from.messages[i];
  to.recipients[row] = from.recipients[i];
  to.bytes[row] = from.bytes[i];
  to.file[row] = from.file[i];
  to.line[row] = from.line[i];
  to.tlsAt[row] = from.tlsAt[i];
}

/** Whether all sums from `begin` to `end` are of a whole day. */
function wholeDays(whole: Uint8Array, day: Int32Array, begin: number, end: number): boolean {
  for (let sum = begin; sum < end; sum++) if (!whole[day[sum]]) return false;
  return true;
}

/** Rows `[begin, end)` of some cells, in the same memory. */
function part(cells: CellColumns, begin: number, end: number): CellColumns {
  const { minute, series, messages, recipients, bytes, file, line, tlsAt } = cells,
    of = <A extends Int32Array | Float64Array>(column: A): A => column.subarray(begin, end) as A;
  return {
    length: end - begin,
    minute: of(minute),
    series: of(series),
    messages: of(messages),
    recipients: of(recipients),
    bytes: of(bytes),
    file: of(file),
    line: of(line),
    tlsAt: of(tlsAt),
  };
}

/** Copies rows `from[begin, end)`, a column at a time. */
function copyAll(from: CellColumns, begin: number, end: number, to: CellColumns, row: number): void {
  if (end - begin < fewRows) {
    for (let i = begin; i < end; i++) copy(from, i, to, row++);
    return;
  }
  for (const column of ['minute', 'series', 'messages', 'recipients', 'bytes', 'file', 'line', 'tlsAt'] as const)
    to[column].set(from[column].subarray(begin, end), row);
}

/** The first rows in the opposite order. */
function reversed(
  { minute, series, messages, recipients, bytes, file, line, tlsAt }: CellColumns,
  length: number,
): CellColumns {
  const back = <A extends Int32Array | Float64Array>(column: A): A => column.slice(0, length).reverse() as A;
  return {
    length,
    minute: back(minute),
    series: back(series),
    messages: back(messages),
    recipients: back(recipients),
    bytes: back(bytes),
    file: back(file),
    line: back(line),
    tlsAt: back(tlsAt),
  };
}

function add(from: CellColumns, i: number, to: CellColumns, row: number): void {
  to.messages[row] += from.messages[i];
  to.recipients[row] += from.recipients[i];
  to.bytes[row] += from.bytes[i];
  if (from.file[i] < to.file[row] || (from.file[i] === to.file[row] && from.line[i] < to.line[row])) {
    to.file[row] = from.file[i];
    to.line[row] = from.line[i];
    to.tlsAt[row] = from.tlsAt[i];
  }
}

/**
 * The same cells with all those of a host together, which makes their sums many times faster: no query asks for their
 * order.
 */
function byRemote(cells: RemoteColumns, remotes: number): RemoteColumns {
  const { length, remote } = cells,
    starts = new Int32Array(remotes + 1),
    order = new Int32Array(length);
  for (let i = 0; i < length; i++) starts[remote[i] + 1]++;
  for (let r = 0; r < remotes; r++) starts[r + 1] += starts[r];
  for (let i = 0; i < length; i++) order[starts[remote[i]]++] = i;
  const taken = <A extends Int32Array | Float64Array>(column: A, to: A): A => {
    for (let i = 0; i < length; i++) to[i] = column[order[i]];
    return to;
  };
  const whole = (column: Int32Array) => taken(column, new Int32Array(length)),
    float = (column: Float64Array) => taken(column, new Float64Array(length));
  return {
    length,
    minute: whole(cells.minute),
    series: whole(cells.series),
    remote: whole(remote),
    messages: float(cells.messages),
    recipients: float(cells.recipients),
    file: whole(cells.file),
    line: float(cells.line),
  };
}
