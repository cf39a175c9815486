import type { Sink } from '../../reading/sink';
import type { TableRow } from './row';

/** The whole number in a cell, 0 where it is empty. What is no number is 0 too, and noted. */
export function numberOr0(sink: Sink, row: TableRow, column: number, line: number): number {
  const value = row.number(column);
  if (!Number.isNaN(value)) return value;
  sink.note('bad-number', line);
  return 0;
}
