import { Byte } from '../../text/ascii';
import { hexadecimal } from './guid';
import type { TableRow } from './row';

/** Whether a cell is empty or has the letters and dots of an address, with or without its port or zone. */
export function isAddress(row: TableRow, column: number): boolean {
  if (row.isEmpty(column)) return true;
  const { text, start, end } = row.cell(column);
  let dots = 0;
  for (let i = start; i < end; i++) {
    const c = text[i];
    if (c === Byte.dot) dots++;
    else if (hexadecimal[c] === 0 && c !== Byte.colon && c !== Byte.percent) return false;
  }
  return dots === 0 || dots === 3;
}
