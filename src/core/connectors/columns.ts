import { directionError, membersOf } from './checks';
import type { Remark } from './remark';
import { english, type Translate } from '../text/translate';
import { displayText } from '../text/display';

/** What a column of a table can say about a message. */
const messageRoles = [
  'time',
  'connector',
  'direction',
  'tls',
  'cipher',
  'type',
  'forced',
  'count',
  'recipients',
  'bytes',
  'remote',
  'address',
] as const;
/** What it can hold of the line of a log, besides its time. */
const lineRoles = ['line', 'host', 'program', 'pid'] as const;
const columnRoles: readonly string[] = [...messageRoles, ...lineRoles];
export type MessageRole = (typeof messageRoles)[number];
export type ColumnRole = MessageRole | (typeof lineRoles)[number];

/**
 * What the columns of a table mean whose header nobody knows; from the setting `mailFlow.columns`. It holds for every
 * table with this header.
 */
export interface ColumnMapping {
  /**
   * The header line as it stands in the file; for JSON the keys of the first object with commas between them. Quotes,
   * case and space don't matter.
   */
  header: string;
  /**
   * For each role the name of its column. `tls` is needed; `connector` too, unless all mail of the table had none. Where
   * rows hold lines of a log, `line` is, and `time`, `host`, `program` and `pid` are what the line does not say itself.
   */
  columns: Partial<Record<ColumnRole, string>>;
  /** The direction of all rows, where no column says it. */
  direction?: 'inbound' | 'outbound';
}

/**
 * A column name without what exports differ in: quotes, case, space and punctuation. Decimal points between digits
 * stay, for "TLS 1.0" is not "TLS 10".
 */
export function plainName(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/(\d)[.,_](?=\d)/g, '$1.')
    .replace(/[^\p{L}\p{N}.%]|\.(?!\d)/gu, '');
}

/** The mapping for a table with these columns, or undefined. */
export function mappingFor(
  mappings: readonly ColumnMapping[] | undefined,
  names: readonly string[],
): ColumnMapping | undefined {
  if (!mappings || mappings.length === 0) return undefined;
  const header = names.map(plainName).join('');
  return mappings.find((mapping) => plainName(mapping.header) === header);
}

/** Mappings from a setting that anybody may have written. Each wrong one is left out and named in `errors`. */
export function checkColumns(value: unknown, t: Translate = english): { columns: ColumnMapping[]; errors: Remark[] } {
  if (!Array.isArray(value)) return { columns: [], errors: [{ at: [], message: t('A list of tables is expected.') }] };
  const errors: Remark[] = [];
  const columns = value.filter((mapping: unknown, i): mapping is ColumnMapping => {
    const error = mappingError(mapping, t);
    if (error !== undefined) errors.push({ at: [i], message: t('Table {0}: {1}', i + 1, error) });
    return error === undefined;
  });
  return { columns, errors };
}

function mappingError(mapping: unknown, t: Translate): string | undefined {
  const members = membersOf(mapping);
  if (!members) return t('an object is expected.');
  const { header, columns, direction } = members;
  if (typeof header !== 'string' || plainName(header) === '') return t('"header" is the header line of the table.');
  return columnsError(columns, plainName(header), t) ?? directionError(direction, t);
}

/** @param header as `plainName` gives it. */
function columnsError(columns: unknown, header: string, t: Translate): string | undefined {
  const names = membersOf(columns);
  if (!names) return t('"columns" is an object that names columns.');
  for (const [role, name] of Object.entries(names)) {
    if (!columnRoles.includes(role))
      return t('"{0}" is not one of {1}.', `columns.${displayText(role)}`, columnRoles.join(', '));
    if (typeof name !== 'string' || name === '') return t('"{0}" is the name of a column.', `columns.${role}`);
    if (!header.includes(plainName(name))) return t('the header has no column {0}.', displayText(JSON.stringify(name)));
  }
  return 'tls' in names || 'line' in names ? undefined : t('"columns.tls" or "columns.line" is missing.');
}
