import { readClauses, type Clause } from '../src/core/report/clauses';
import { UnitCode, tlsVersions } from '../src/core/model';

/** What the reader is looking at: one connector in one direction, or all mail flow. */
export type Selection = { connector: string | null; direction: 'inbound' | 'outbound' } | undefined;

const surfaces = ['overview', 'tls', 'connectors', 'map'] as const;
export type Surface = (typeof surfaces)[number];
export type View = 'flow' | 'tls';

/**
 * Where the reader is on the page. It survives hiding and reopening of the panel, so it holds no data of the log but
 * the selected names.
 */
export interface PageState {
  surface: Surface;
  selection: Selection;
  /** The mail server whose mail is shown; null is mail of which no line names one, undefined are all. */
  server: string | null | undefined;
  view: View;
  /** Messages, or the sessions that aggregate reports count. */
  unit: UnitCode;
  /** Whether the details table shows counts or shares. */
  figures: 'messages' | 'share';
  sort: { column: string; descending: boolean };
  search: string;
  /** Conditions on the rows of the details table. */
  clauses: Clause[];
  /** Whether remote hosts are summed by domain, and of which TLS version they are; -1 for any. */
  group: 'host' | 'domain';
  version: number;
  /**
   * The mail flow map by types of connectors or by domains, and its day as the start of one in the report's zone; the
   * newest when undefined.
   */
  map: 'overview' | 'domains';
  mapDay: number | undefined;
  /** Exports have pseudonyms instead of names. */
  pseudonyms: boolean;
  /** Disclosures that are open, by their own name. */
  open: string[];
}

/** What a new page shows. @internal for tests */
export const firstState: PageState = {
  surface: 'overview',
  selection: undefined,
  server: undefined,
  view: 'flow',
  unit: UnitCode.message,
  figures: 'messages',
  sort: { column: 'date', descending: true },
  search: '',
  clauses: [],
  group: 'host',
  version: -1,
  map: 'overview',
  mapDay: undefined,
  pseudonyms: false,
  open: [],
};

/** The state that was saved before; whatever does not fit, e.g. from an older version, is as at the first start. */
export function restoreState(saved: unknown): PageState {
  const s = (typeof saved === 'object' && saved !== null ? saved : {}) as Record<string, unknown>;
  const first = firstState;
  const sort = s.sort as Partial<PageState['sort']> | undefined;
  return {
    surface: oneOf(s.surface, surfaces, first.surface),
    selection: restoreSelection(s.selection),
    server: restoreServer(s.server),
    view: oneOf(s.view, ['flow', 'tls'], first.view),
    unit: s.unit === UnitCode.session ? UnitCode.session : UnitCode.message,
    figures: oneOf(s.figures, ['messages', 'share'], first.figures),
    sort:
      typeof sort?.column === 'string' && typeof sort.descending === 'boolean'
        ? { column: sort.column, descending: sort.descending }
        : first.sort,
    search: typeof s.search === 'string' ? s.search : '',
    clauses: readClauses(s.clauses),
    group: oneOf(s.group, ['host', 'domain'], first.group),
    version:
      Number.isInteger(s.version) && (s.version as number) >= -1 && (s.version as number) < tlsVersions.length
        ? (s.version as number)
        : -1,
    map: oneOf(s.map, ['overview', 'domains'], first.map),
    mapDay: typeof s.mapDay === 'number' && Number.isFinite(s.mapDay) ? s.mapDay : undefined,
    pseudonyms: s.pseudonyms === true,
    open: Array.isArray(s.open) ? s.open.filter((name) => typeof name === 'string') : [],
  };
}

function restoreServer(value: unknown): PageState['server'] {
  return value === null || typeof value === 'string' ? value : undefined;
}

function restoreSelection(value: unknown): Selection {
  if (typeof value !== 'object' || value === null) return undefined;
  const { connector, direction } = value as Record<string, unknown>;
  if (direction !== 'inbound' && direction !== 'outbound') return undefined;
  return connector === null || typeof connector === 'string' ? { connector, direction } : undefined;
}

function oneOf<T extends string>(value: unknown, values: readonly T[], otherwise: T): T {
  return values.includes(value as T) ? (value as T) : otherwise;
}

export function sameSelection(a: Selection, b: Selection): boolean {
  return a === b || (a !== undefined && b !== undefined && a.connector === b.connector && a.direction === b.direction);
}
