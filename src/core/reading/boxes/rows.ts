import { Byte } from '../../text/ascii';
import { indexOfByte } from '../../text/bytes';
import { CsvFields } from '../../text/csv';
import { DateReader } from '../../text/dates';
import { isObject, parse, textOf, type JsonObject } from '../../text/json';
import { decode } from '../../text/words';
import { Opened, type BoxedLine } from './box';
import { fieldNames, openFields, valueAt } from './fields';
import type { LineTable } from './linetable';

const times = new Set<string>(fieldNames.time);
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Kibana's `Nov 24, 2026 @ 08:29:06.123`. */
const kibana = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? @? ?(\d\d:\d\d:\d\d)/;
const encoder = new TextEncoder();

/** Takes lines out of the rows of a table; a row is one box. */
export class RowOpener {
  private readonly cells = new CsvFields();
  private readonly dates: DateReader;
  private readonly headers: ReadonlySet<string>;

  constructor(private readonly table: LineTable) {
    this.dates = DateReader.utc(table.order);
    this.headers = new Set(table.headers);
  }

  /** Whether a line that begins a row ends it too: no quoted cell is open at its end. */
  isWhole({ bytes, start, end }: BoxedLine): boolean {
    const { separator } = this.table;
    return separator === undefined || this.cells.find(bytes, start, end, undefined, separator);
  }

  /** Whether a line ends the row of which a quoted cell was open before it. */
  closes({ bytes, start, end }: BoxedLine): boolean {
    const { separator } = this.table,
      quote = closingQuote(bytes, start, end);
    if (quote < 0) return false;
    return quote + 1 === end || this.cells.find(bytes, quote + 2, end, undefined, separator);
  }

  /** Whether a row begins with this line even where a quoted cell is open: inside of quotes it would be damaged. */
  begins(line: BoxedLine): boolean {
    const { separator } = this.table,
      { bytes, start, end } = line;
    if (separator === undefined || this.isHeader(line)) return true;
    const quote = closingQuote(bytes, start, end);
    return quote >= 0 && quote + 1 < end && bytes[quote + 1] !== separator;
  }

  /** Takes the line out of a whole row. */
  open(line: BoxedLine): Opened {
    if (line.start >= line.end || this.isHeader(line)) {
      line.becomeText('');
      return Opened.line;
    }
    const { separator } = this.table,
      object = separator === undefined ? this.ofObject(line) : this.ofRow(line, separator);
    if (!object) return Opened.broken;
    const opened = openFields(line, object);
    // A line without text is one all the same.
    if (opened === Opened.none) line.becomeText('');
    return opened === Opened.none ? Opened.line : opened;
  }

  private isHeader(line: BoxedLine): boolean {
    const { bytes, start, end } = line;
    const mark = bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf ? 3 : 0;
    return this.headers.has(decode(bytes.subarray(start + mark, end)));
  }

  private ofRow({ bytes, start, end }: BoxedLine, separator: number): JsonObject | undefined {
    const { cells, table } = this;
    if (!cells.find(bytes, start, end, undefined, separator) || cells.count !== table.names.length) return undefined;
    // Where quotes are escaped, one that is not is damage; tabs need no quotes.
    if (cells.hasStrayQuote && separator !== Byte.tab) return undefined;
    return this.object((i) => {
      cells.content(bytes, cells.starts[i], cells.ends[i]);
      return decode(cells.bytes.subarray(cells.start, cells.end));
    });
  }

  private ofObject({ bytes, start, end }: BoxedLine): JsonObject | undefined {
    const found = parse(decode(bytes.subarray(start, end)));
    return isObject(found) ? this.object((i) => textOf(valueAt(found, this.table.names[i]))) : undefined;
  }

  private object(cellAt: (i: number) => string): JsonObject {
    const object: Record<string, string> = {};
    for (const [i, field] of this.table.fields.entries())
      if (field !== '') object[field] = times.has(field) ? this.time(cellAt(i).trim()) : cellAt(i);
    return object;
  }

  /** A date as `openFields` knows it; what is none stays as it is. */
  private time(text: string): string {
    const { utc } = this.table,
      zone = utc ? 'Z' : '';
    if (/^\d{4}-/.test(text)) return utc && /[T ][\d:.,]+$/.test(text) ? `${text}Z` : text;
    const found = kibana.exec(text),
      month = found ? months.indexOf(found[1]) + 1 : 0;
    if (found && month > 0)
      return `${found[3]}-${String(month).padStart(2, '0')}-${found[2].padStart(2, '0')}T${found[4]}${zone}`;
    const bytes = encoder.encode(text.replace(/(:\d\d)[.,]\d+/, '$1')),
      wall = this.dates.read(bytes, 0, bytes.length);
    return Number.isNaN(wall) ? text : `${new Date(wall).toISOString().slice(0, 19)}${zone}`;
  }
}

/** Where a quoted cell ends that was open before: at the first quote that is not one of two; -1 where it goes on. */
function closingQuote(bytes: Uint8Array, start: number, end: number): number {
  let at = indexOfByte(bytes, Byte.quote, start);
  while (at >= 0 && at + 1 < end && bytes[at + 1] === Byte.quote) at = indexOfByte(bytes, Byte.quote, at + 2);
  return at < end ? at : -1;
}
