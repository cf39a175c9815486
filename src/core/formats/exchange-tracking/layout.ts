import { cellsOf, headLines } from '../../text/head';
import { findTable } from '../../text/table';
import type { Head } from '../../reading/format';
import { bareName, standardNames, trackingColumns, type TrackingColumns } from './columns';

/** What a file of message tracking looks like. */
export interface Layout {
  columns: TrackingColumns;
  /** How many columns must be looked at to know what a row is about; one more for the rest of the line. */
  lead: number;
  /** An exported table, with a header line and perhaps line ends inside fields. The log itself has neither. */
  exported: boolean;
  /** The log is of another type: its rows are not ours. */
  foreign: boolean;
}

/** A row of the log without header: a time, a source and an event where Exchange has them. */
const bareRow =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z,(?:(?:"(?:[^"]|"")*"|[^",][^,]*)?,){6}[A-Z]{2,20},[A-Z]{3,30},/;

/** Whether a file is message tracking, in whichever shape. */
export function isTracking({ lines }: Head): boolean {
  const first = lines.slice(0, 20);
  const type = first.find((line) => /^#log-type:/i.test(line));
  if (type !== undefined) return /^#log-type:\s*message tracking log/i.test(type);
  return (
    findTable(lines, isExport) !== undefined ||
    first.some((line) => bareRow.test(line) && cellsOf(line).length === standardNames.length)
  );
}

/** Whether these are the columns of an exported table. */
export function isExport(names: readonly string[]): boolean {
  const bare = new Set(names.map(bareName));
  return (
    ['eventid', 'source', 'connectorid', 'messageid'].every((name) => bare.has(name)) &&
    (bare.has('timestamp') || bare.has('datetime'))
  );
}

/** The layout of a file from its first bytes. */
export function layoutOf(head: Uint8Array): Layout {
  const lines = headLines(head);
  const table = findTable(lines, isExport);
  if (table) return { ...arrange(table.names), exported: true };
  return lines
    .slice(0, 20)
    .reduce((layout, line) => (line.startsWith('#') ? readHeader(layout, line) : layout), arrange(standardNames));
}

/** The layout after a header line of the log. */
export function readHeader(before: Layout, line: string): Layout {
  const colon = line.indexOf(':');
  const key = line.slice(1, colon).trim().toLowerCase(),
    value = line.slice(colon + 1).trim();
  if (key === 'log-type') return { ...before, foreign: !/^message tracking log/i.test(value) };
  return key === 'fields' ? { ...arrange(value.split(',')), foreign: before.foreign } : before;
}

function arrange(names: readonly string[]): Layout {
  const columns = trackingColumns(names);
  return { columns, lead: Math.max(columns.source, columns.event) + 2, exported: false, foreign: false };
}
