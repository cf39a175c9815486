import { mappingFor, plainName, type ColumnMapping, type ColumnRole } from '../../connectors/columns';
import { dateOrder, type DateOrder } from '../../text/dates';
import { headLines } from '../../text/head';
import { decode } from '../../text/words';
import { findTable, type Table } from '../../text/table';
import { fieldNames } from './fields';

/**
 * A table of which each row holds a line of a log, as the stores of logs export them: Splunk (`_raw`), Graylog and Kibana
 * (`message`), Grafana (`Line`), Azure Monitor (`SyslogMessage`), CloudWatch (`@message`). Plain data, which travels to
 * other threads.
 */
export interface LineTable {
  /** One byte; undefined where the rows are objects of JSON. */
  separator: number | undefined;
  /** The header and the lines before it, as they stand in the file. */
  headers: readonly string[];
  /** How many lines stand before the first row. */
  preamble: number;
  /** What the columns are called there. */
  names: readonly string[];
  /** Under which of `fieldNames` each of them holds its part of a line; empty for others. */
  fields: readonly string[];
  /** Whether day or month comes first in the dates of its column of time. */
  order: DateOrder;
  /** Dates without a zone are UTC, as the name of their column says. */
  utc: boolean;
  /** The user has said what the columns are. */
  mapped: boolean;
  /** There are rows of several lines. */
  several?: boolean;
}

/** The roles of a line's parts, and the name of each that comes before all others. */
const mappedFields: Partial<Record<ColumnRole, string>> = {
  line: 'message',
  time: '@timestamp',
  host: 'host.hostname',
  program: 'syslogtag',
  pid: 'procid',
};
/** Azure's portal writes `TimeGenerated [UTC]`. */
const utcMark = /\s*\[utc\]$/;
const plain = (name: string) => name.trim().toLowerCase().replace(utcMark, '').replace(/[\s-]/g, '');
const known = new Map(
  [fieldNames.time, fieldNames.host, fieldNames.program, fieldNames.pid, fieldNames.text, fieldNames.raw]
    .flat()
    .map((name) => [plain(name), name] as const)
    .reverse(),
);
const texts = new Set<string>([...fieldNames.text, ...fieldNames.raw]);

/** The table that the first bytes of a file begin, if its rows may hold lines of a log. */
export function lineTable(head: Uint8Array, mappings?: readonly ColumnMapping[]): LineTable | undefined {
  const lines = headLines(head);
  const mapping = (names: readonly string[]) => {
    const found = mappingFor(mappings, names);
    return found?.columns.line === undefined ? undefined : found;
  };
  const mapped = findTable(lines, (names) => mapping(names) !== undefined);
  if (mapped) return tableOf(mapped, fieldsMapped(mapped.names, mapping(mapped.names)!));
  const named = findTable(lines, (names) => names.some((name) => texts.has(fieldOf(name))));
  // Objects of JSON are read by the names that they have.
  return named?.separator === undefined ? undefined : { ...tableOf(named, fieldsNamed(named.names)), mapped: false };
}

function tableOf(table: Table, fields: readonly string[]): LineTable {
  const { names, separator, header, preamble } = table,
    column = fields.indexOf(fieldNames.time.find((name) => fields.includes(name)) ?? '-');
  const headers = [...preamble, header].map((line) => decode(line)).filter((line) => line !== '');
  return {
    separator,
    headers,
    preamble: separator === undefined ? 0 : preamble.length + 1,
    names,
    fields,
    order: dateOrder(table.rows().map((cells) => cells[column] ?? '')),
    utc: utcMark.test((names[column] ?? '').toLowerCase()),
    mapped: true,
  };
}

function fieldOf(name: string): string {
  return known.get(plain(name)) ?? '';
}

/** A name that stands twice counts where it stands first. */
function fieldsNamed(names: readonly string[]): string[] {
  const all = names.map(fieldOf);
  return all.map((field, i) => (all.indexOf(field) === i ? field : ''));
}

function fieldsMapped(names: readonly string[], { columns }: ColumnMapping): string[] {
  const roles = Object.entries(mappedFields) as [ColumnRole, string][];
  return names.map(
    (name) => roles.find(([role]) => columns[role] !== undefined && isName(columns[role], name))?.[1] ?? '',
  );
}

function isName(wanted: string, name: string): boolean {
  return plainName(wanted) === plainName(name);
}
