import { cellsOf, headLines } from '../../text/head';
import { headerLine } from '../shared/exchange-header';
import { findTable } from '../../text/table';
import type { Head } from '../../reading/format';
import { hasColumns, hasMisspelt } from '../shared/columnnames';
import { standardNames, trackingColumns, trackingNames, type TrackingColumns } from './columns';

/** What a file of message tracking looks like. */
export interface TrackingLayout {
  columns: TrackingColumns;
  /** An exported table, with a header line and perhaps line ends inside fields. The log itself has neither. */
  exported: boolean;
  /** The log is of another type: its rows are not ours. */
  foreign: boolean;
  /** A name of a column is damaged, or one is missing without which no row can be read. */
  damaged: boolean;
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
  return (
    hasColumns(names, 'eventid', 'source', 'connectorid', 'messageid') &&
    (hasColumns(names, 'timestamp') || hasColumns(names, 'datetime'))
  );
}

/** The layout of a file from its first bytes. */
export function trackingLayout(head: Uint8Array): TrackingLayout {
  const lines = headLines(head);
  const table = findTable(lines, isExport);
  if (table) return { ...withColumns(table.names), exported: true };
  const headers = lines.slice(0, 20).filter((line) => line.startsWith('#'));
  return headers.reduce(afterHeader, withColumns(standardNames));
}

/** Whether a header line names the columns. */
export function isFieldsLine(line: string): boolean {
  return headerLine(line)?.key === 'fields';
}

/** The layout after a header line of the log. */
export function afterHeader(before: TrackingLayout, line: string): TrackingLayout {
  const header = headerLine(line);
  switch (header?.key) {
    case 'log-type':
      return { ...before, foreign: !/^message tracking log/i.test(header.value) };
    case 'fields':
      return { ...withColumns(header.value.split(',')), foreign: before.foreign };
    default:
      return before;
  }
}

function withColumns(names: readonly string[]): TrackingLayout {
  const columns = trackingColumns(names);
  const { time, source, event } = columns;
  return {
    columns,
    exported: false,
    foreign: false,
    damaged: Math.min(time, source, event) < 0 || hasMisspelt(names, trackingNames),
  };
}
