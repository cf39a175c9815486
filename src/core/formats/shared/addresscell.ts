import { Byte } from '../../text/ascii';
import { hexadecimal } from './guid';
import type { TableRow } from './row';

/** What stands in an address, with its port and zone: 16 for a dot, 1 for other characters, 0 for what does not. */
const inAddress = Uint8Array.from({ length: 256 }, (_, c) => {
  if (c === Byte.dot) return 16;
  return hexadecimal[c] === 1 || c === Byte.colon || c === Byte.percent ? 1 : 0;
});

/** Whether a cell is empty or has the letters and dots of an address, with or without its port or zone. */
export function isAddress(row: TableRow, column: number): boolean {
  if (row.isEmpty(column)) return true;
  const { text, start, end } = row.cell(column);
  let dots = 0;
  for (let i = start; i < end; i++) {
    const kind = inAddress[text[i]];
    if (kind === 0) return false;
    dots += kind >> 4;
  }
  return dots === 0 || dots === 3;
}
