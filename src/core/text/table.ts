import { cellsOf } from './head';
import { shapeOf } from './json';

/** Where the rows of a table begin, and what its columns are called. */
export interface Table {
  names: string[];
  /** One byte: comma, semicolon, tab or bar. Undefined for JSON, where the names are the keys of the first object. */
  separator: number | undefined;
  /** The header line, and the lines before it. */
  header: Uint8Array;
  preamble: Uint8Array[];
  /** The cells of the complete rows that are known from the head of the file. */
  rows(): string[][];
}

/**
 * Lines that may stand before the header: `#TYPE …` of Windows PowerShell, `sep=;` for Excel, the title of a report.
 */
const mostPreamble = 10;
const separators = [44, 59, 9, 124];

/**
 * The table in a file that begins with these lines: its header is the first line, or the first object of JSON, whose
 * names fit. Undefined where there is none.
 */
export function findTable(lines: readonly string[], fits: (names: readonly string[]) => boolean): Table | undefined {
  // Records of several lines leave blank ones before them.
  if (!/^\s*[[{]/.test(lines.find((line) => line !== '') ?? '')) return findHeader(lines, fits);
  const names = [...shapeOf(lines.join('\n')).keys()];
  return names.length > 0 && fits(names)
    ? { names, separator: undefined, header: new Uint8Array(0), preamble: [], rows: () => [] }
    : undefined;
}

function findHeader(lines: readonly string[], fits: (names: readonly string[]) => boolean): Table | undefined {
  const found = possibleHeaders(lines).find(({ names }) => fits(names));
  if (!found) return undefined;
  const { names, separator, index } = found,
    encoder = new TextEncoder();
  return {
    names,
    separator,
    header: encoder.encode(lines[index]),
    preamble: lines.slice(0, index).map((line) => encoder.encode(line)),
    rows: () =>
      lines
        .slice(index + 1)
        .map((line) => cellsOf(line, separator))
        .filter((cells) => cells.length === names.length),
  };
}

/** A line as it is where it is a header, and its place. */
interface Header {
  names: string[];
  separator: number;
  index: number;
}

/** What the first lines of heads are as headers: every format of tables asks it of the same head. */
const known = new WeakMap<readonly string[], readonly Header[]>();

function possibleHeaders(lines: readonly string[]): readonly Header[] {
  let headers = known.get(lines);
  if (!headers) {
    headers = lines.slice(0, mostPreamble).map((line, index) => {
      const separator = separatorOf(line);
      return { names: cellsOf(line, separator), separator, index };
    });
    known.set(lines, headers);
  }
  return headers;
}

/** Whether a line is the header or one of those before it; tables that were put together have it several times. */
export function isHeaderLine(table: Table, bytes: Uint8Array, start: number, end: number): boolean {
  if (isSame(table.header, bytes, start, end)) return true;
  for (const line of table.preamble) if (line.length > 0 && isSame(line, bytes, start, end)) return true;
  return false;
}

function isSame(line: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (line.length !== end - start || line[0] !== bytes[start]) return false;
  for (let i = 1; i < line.length; i++) if (line[i] !== bytes[start + i]) return false;
  return true;
}

/** The separator that makes the most cells of a header; a comma where all make the same. */
function separatorOf(line: string): number {
  let best = separators[0],
    most = 1;
  for (const separator of separators) {
    if (!line.includes(String.fromCharCode(separator))) continue;
    const cells = cellsOf(line, separator).length;
    if (cells > most) {
      most = cells;
      best = separator;
    }
  }
  return best;
}
