import type { Milliseconds } from '../../model';
import { at, listOf, objectsOf, textOf, type JsonObject } from '../../text/json';
import { sinceEpoch } from '../shared/hops';
import { Misspelt } from '../shared/misspelt';
import { indexOfByte } from '../../text/bytes';
import { decode } from '../../text/words';

/** One row of smtp.log or ssl.log, whatever form the log has. */
export interface ZeekRow {
  log: 'smtp' | 'ssl';
  /** A value as text, empty where it is unset. */
  text(column: string): string;
  /** How many values a set has; 0 where it is unset. */
  size(column: string): number;
  /** Whether a key is damaged. */
  readonly damaged: boolean;
}

/** What the `#` lines of a log with tabs say (Zeek, "Log formats": ASCII writer). */
export interface Header {
  log: string;
  columns: string[];
  unset: string;
  empty: string;
  separator: string;
  setSeparator: string;
}

export const noHeader = (): Header => ({
  log: '',
  columns: [],
  unset: '-',
  empty: '(empty)',
  separator: '\t',
  setSeparator: ',',
});

/** Reads a `#` line into a header. Every log begins with `#separator`, so that starts anew. */
export function readHeader(line: string, header: Header): Header {
  const separator = /^#separator\s+(\S+)/.exec(line);
  if (separator)
    return {
      ...noHeader(),
      separator: separator[1].replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) =>
        String.fromCharCode(parseInt(hex, 16)),
      ),
    };
  const [key, ...values] = line.split(header.separator);
  switch (key) {
    case '#set_separator':
      return { ...header, setSeparator: values[0] ?? ',' };
    case '#empty_field':
      return { ...header, empty: values[0] ?? '' };
    case '#unset_field':
      return { ...header, unset: values[0] ?? '' };
    case '#path':
      return { ...header, log: values[0] ?? '' };
    case '#fields':
      return { ...header, columns: values };
    default:
      return header;
  }
}

/** Columns on which figures depend, by log. */
const needed: Readonly<Record<ZeekRow['log'], readonly string[]>> = {
  smtp: [...['ts', 'uid', 'id.orig_h', 'id.resp_h', 'id.resp_p'], ...['trans_depth', 'rcptto', 'last_reply', 'tls']],
  ssl: ['ts', 'uid', 'id.orig_h', 'id.resp_h', 'id.resp_p', 'version', 'cipher', 'established'],
};

const damagedKeys = new Misspelt([...needed.smtp, ...needed.ssl], ['to', 'cc']);

/** Whether a header names a log that is read, but not all of its columns that are needed. */
export function lacksColumns({ log, columns }: Header): boolean {
  return (log === 'smtp' || log === 'ssl') && needed[log].some((name) => !columns.includes(name));
}

/** Whether a line is damaged that names the types of all columns: the row behind it may have been joined to it. */
export function hasOtherTypes(line: string, { columns, separator }: Header): boolean {
  return line.startsWith('#types') && line.split(separator).length !== columns.length + 1;
}

/** The header at the beginning of a file, for a segment that begins in its middle. */
export function headerOf(head: Uint8Array): Header {
  let header = noHeader();
  for (const line of decode(head.subarray(0, 65536)).split('\n')) {
    if (!line.startsWith('#')) break;
    header = readHeader(line.replace(/\r$/, ''), header);
  }
  return header;
}

/** Most columns of a log; Zeek's own have fewer than forty. */
const mostColumns = 256;

/**
 * A row of a log with tabs. One object serves all rows of a reader, and only the columns that are asked for are
 * decoded.
 */
export class TabRow implements ZeekRow {
  /** The names of columns stand in the header. */
  readonly damaged = false;
  private bytes: Uint8Array = new Uint8Array(0);
  private end = 0;
  private readonly starts = new Int32Array(mostColumns + 1);
  private header = noHeader();
  /** Where each column stands, for the header at hand. */
  private columns = new Map<string, number>();

  get log(): ZeekRow['log'] {
    return this.header.log as ZeekRow['log'];
  }

  /** Takes the row in `bytes[start, end)`; false where it has not as many columns as the header names. */
  take(bytes: Uint8Array, start: number, end: number, header: Header): boolean {
    if (header !== this.header) {
      this.header = header;
      this.columns = new Map(header.columns.map((name, i) => [name, i]));
    }
    const separator = header.separator.charCodeAt(0);
    let count = 0;
    for (let at = start; count < mostColumns;) {
      this.starts[count++] = at;
      const next = indexOfByte(bytes, separator, at);
      if (next < 0 || next >= end) {
        this.starts[count] = end + 1;
        break;
      }
      at = next + 1;
    }
    this.bytes = bytes;
    this.end = end;
    return count === header.columns.length && count < mostColumns;
  }

  text(column: string): string {
    const i = this.columns.get(column);
    if (i === undefined) return '';
    const text = decode(this.bytes.subarray(this.starts[i], Math.min(this.end, this.starts[i + 1] - 1)));
    return text === this.header.unset || text === this.header.empty ? '' : text;
  }

  size(column: string): number {
    const text = this.text(column);
    return text === '' ? 0 : text.split(this.header.setSeparator).length;
  }
}

/** The rows of a line of JSON; undefined where it is none. A row of another log is left out. */
export function jsonRows(bytes: Uint8Array, start: number, end: number): ZeekRow[] | undefined {
  return objectsOf(bytes, start, end)?.flatMap((object) => {
    const log = logOf(object);
    return log
      ? [
          {
            log,
            damaged: damagedKeys.inKeysOf(object, 1),
            text: (column: string) => textOf(at(object, column)),
            size: (column: string) => listOf(at(object, column)).length,
          },
        ]
      : [];
  });
}

/** Which log an object is a row of: stated by shippers in `_path`, else by the columns that only one of them has. */
function logOf(object: JsonObject): ZeekRow['log'] | undefined {
  const path = textOf(object._path);
  if (path !== '') return path === 'smtp' || path === 'ssl' ? path : undefined;
  if (textOf(object.uid) === '') return undefined;
  return 'trans_depth' in object && ('tls' in object || 'helo' in object || 'last_reply' in object)
    ? 'smtp'
    : 'established' in object && !('trans_depth' in object)
      ? 'ssl'
      : undefined;
}

/**
 * The time of a row in milliseconds: seconds with a fraction, or RFC 3339 as text, read by `iso`. NaN where it is
 * neither.
 */
export function timeOf(text: string, iso: (bytes: Uint8Array) => Milliseconds): Milliseconds {
  return /^\d+(?:\.\d*)?$/.test(text) ? sinceEpoch(text, 1000) : iso(new TextEncoder().encode(text));
}
