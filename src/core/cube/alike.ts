import { packSeries, type CellColumns, type RemoteColumns, type SeriesColumns } from './cube';
import { KeyTable } from './keytable';

/** The columns of a cube that name series. */
interface Columns {
  series: SeriesColumns;
  cells: CellColumns;
  remoteCells: RemoteColumns;
}

/** Series that differ only in what decided their TLS become one, and so do their sums. */
export function mergeAlike(columns: Columns): Columns {
  const { series, cells, remoteCells } = columns;
  const table = new KeyTable(),
    to = new Int32Array(series.length),
    first: number[] = [];
  for (let s = 0; s < series.length; s++) {
    const kind = packSeries(
      series.unit[s],
      series.direction[s],
      series.outcome[s],
      series.tls[s],
      series.fault[s],
      series.forced[s],
      series.type[s],
      series.server[s],
    );
    to[s] = table.row(kind, series.connector[s], series.cipher[s]);
    if (to[s] === first.length) first.push(s);
  }
  if (first.length === series.length) return columns;
  const several = new Uint8Array(first.length);
  for (let s = 0; s < series.length; s++) if (first[to[s]] !== s) several[to[s]] = 1;
  return {
    series: pick(series, first),
    cells: mergeRows(cells, to, several, undefined),
    remoteCells: mergeRows(remoteCells, to, several, remoteCells.remote),
  };
}

/** Sums under their new series. @param several the series that more than one became. */
function mergeRows<Rows extends CellColumns | RemoteColumns>(
  rows: Rows,
  to: Int32Array,
  several: Uint8Array,
  remote: Int32Array | undefined,
): Rows {
  const table = new KeyTable(),
    rowOf: number[] = [],
    kept: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    const series = (rows.series[i] = to[rows.series[i]]);
    if (several[series] === 0) {
      kept.push(i);
      continue;
    }
    const key = table.row(rows.minute[i], series, remote ? remote[i] : 0);
    if (key < rowOf.length) addRow(rows, rowOf[key], i);
    else {
      rowOf.push(i);
      kept.push(i);
    }
  }
  return pick(rows, kept);
}

/** Adds a row to one before it. The places are those of the earlier line where both stand in one file. */
function addRow(rows: CellColumns | RemoteColumns, into: number, from: number): void {
  rows.messages[into] += rows.messages[from];
  rows.recipients[into] += rows.recipients[from];
  if ('bytes' in rows) rows.bytes[into] += rows.bytes[from];
  if (rows.file[into] !== rows.file[from] || rows.line[into] <= rows.line[from]) return;
  rows.line[into] = rows.line[from];
  if ('tlsAt' in rows) rows.tlsAt[into] = rows.tlsAt[from];
}

/** Some rows of columns, in arrays of their own. */
export function pick<Rows extends { length: number }>(rows: Rows, kept: readonly number[]): Rows {
  const picked: Record<string, unknown> = { length: kept.length };
  for (const [name, column] of Object.entries<unknown>(rows as object as Record<string, unknown>)) {
    if (typeof column === 'number') continue;
    const from = column as Int32Array | Float64Array | Uint8Array,
      into = new (from.constructor as new (length: number) => typeof from)(kept.length);
    for (let i = 0; i < kept.length; i++) into[i] = from[kept[i]];
    picked[name] = into;
  }
  return picked as Rows;
}
