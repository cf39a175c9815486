import {
  TlsCode,
  connectorTypes,
  tlsVersions,
  type ConnectorType,
  type Direction,
  type Milliseconds,
} from '../core/model';
import type { ConnectorSummary } from '../core/report/query';
import { connectorLabel, directionLabel, forcedLabel, typeLabel } from '../core/report/sentences';
import type { DetailTable } from './details';
import type { Text } from './text';

/** TLS columns of the table: Microsoft's five always, the others where they hold anything. */
export function tlsColumns(table: DetailTable): number[] {
  const always: number[] = [TlsCode.none, TlsCode.tls10, TlsCode.tls11, TlsCode.tls12, TlsCode.tls13];
  const any = (v: number) => {
    for (let i = v; i < table.length * tlsVersions.length; i += tlsVersions.length) if (table.tls[i] > 0) return true;
    return false;
  };
  return tlsVersions.map((_, v) => v).filter((v) => always.includes(v) || any(v));
}

/** "Inbound: Contoso partner", as in the column "Connector direction and name". */
export function connectorText(text: Text, connector: string | null, direction: Direction): string {
  const name = connectorLabel(text.t, connector, direction);
  return connector === null ? name : text.t('{0}: {1}', directionLabel(text.t, direction), name);
}

/** "True", "For some destinations (2 hosts)"; nothing where it is not known. */
export function forcedText(
  text: Text,
  connector: Pick<ConnectorSummary, 'forcedTls' | 'forcedHosts' | 'direction'>,
): string {
  return forcedLabel(text.t, connector, (n) => text.number(n));
}

/** In the order of the texts; what a filter of the details table asks for. */
const forcedStates = ['unknown', 'false', 'some', 'true'] as const;

export function forcedState({
  forcedTls,
  forcedHosts,
}: Pick<ConnectorSummary, 'forcedTls' | 'forcedHosts'>): (typeof forcedStates)[number] {
  if (forcedHosts > 0) return 'some';
  return forcedTls === null ? 'unknown' : forcedTls ? 'true' : 'false';
}

export function dayText(text: Text, day: Milliseconds): string {
  return text.wall(day, { dateStyle: 'medium' });
}

/** All rows of a table, newest day first, then the largest volume, then by the name of the connector. */
export function allRows(table: DetailTable, text: Text): Uint32Array {
  const rank = ranks(table, text);
  let rows: Uint32Array = Uint32Array.from({ length: table.length }, (_, i) => i);
  rows = counted(
    rows,
    Uint32Array.from(table.connector.subarray(0, table.length), (id) => rank[id]),
    rank.length,
  );
  rows = ordered(rows, (row) => table.volume[row], true);
  return ordered(rows, (row) => table.day[row], true);
}

/** The rows that contain every word of a search in their date, connector or type, whatever the case. */
export function searchRows(table: DetailTable, rows: Uint32Array, search: string, text: Text): Uint32Array {
  const lower = (part: string) => part.toLocaleLowerCase(text.language);
  const words = lower(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  // Each date and connector is looked at once, not once per row. Words have no spaces, so each lies within one part.
  const days = new Map<Milliseconds, boolean[]>(),
    connectors: boolean[][] = [];
  const found = (...parts: string[]) => words.map((word) => parts.some((part) => lower(part).includes(word)));
  return rows.filter((row) => {
    const time = table.day[row],
      id = table.connector[row];
    let day = days.get(time);
    if (!day) days.set(time, (day = found(dayText(text, time), isoDay(time))));
    const { name, direction, type } = table.connectors[id];
    const connector = (connectors[id] ??= found(
      connectorText(text, name, direction),
      directionLabel(text.t, direction),
      typeLabel(text.t, type),
    ));
    return words.every((_, w) => day[w] || connector[w]);
  });
}

/**
 * Rows in the order of a column: `date`, `connector`, `type`, `forced`, `volume`, or a TLS version. Equal ones keep
 * their order.
 */
export function sortRows(
  table: DetailTable,
  rows: Uint32Array,
  column: string,
  descending: boolean,
  figures: 'messages' | 'share',
  text: Text,
): Uint32Array {
  const version = tlsVersions.findIndex((v) => v === column);
  if (version >= 0) {
    const count = figures === 'messages' || version === TlsCode.unknown;
    return ordered(
      rows,
      (row) => {
        const n = table.tls[row * tlsVersions.length + version];
        return count ? n : n / Math.max(1, knownOf(table, row));
      },
      descending,
    );
  }
  switch (column) {
    case 'connector': {
      const rank = ranks(table, text);
      return ordered(rows, (row) => rank[table.connector[row]], descending);
    }
    case 'type': {
      const types = typeRanks(text);
      return ordered(rows, (row) => types[table.connectors[table.connector[row]].type], descending);
    }
    case 'forced':
      return ordered(
        rows,
        (row) => forcedStates.indexOf(forcedState(table.connectors[table.connector[row]])),
        descending,
      );
    case 'volume':
      return ordered(rows, (row) => table.volume[row], descending);
    // Rows come with the newest day first.
    default:
      return descending ? rows : ordered(rows, (row) => table.day[row], false);
  }
}

/** Messages of a row whose TLS is known. */
export function knownOf(table: DetailTable, row: number): number {
  return table.volume[row] - table.tls[row * tlsVersions.length + TlsCode.unknown];
}

/** A day as ISO 8601. */
export function isoDay(day: Milliseconds): string {
  return new Date(day).toISOString().slice(0, 10);
}

/** Rows by a number, equal ones in the order they had. */
function ordered(rows: Uint32Array, by: (row: number) => number, descending: boolean): Uint32Array {
  const values = new Float64Array(rows.length),
    places = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = by(rows[i]);
  const sorted = values.slice().sort();
  let count = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[count - 1]) sorted[count++] = sorted[i];
  for (let i = 0; i < places.length; i++) {
    const place = placeOf(sorted, count, values[i]);
    places[i] = descending ? count - 1 - place : place;
  }
  return counted(rows, places, count);
}

/** The position of a value among the first `count` of ascending ones. */
function placeOf(ascending: Float64Array, count: number, value: number): number {
  let low = 0,
    high = count - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Rows by whole numbers below `count`, one for each row: counted instead of compared, which is several times faster
 * with many rows.
 */
function counted(rows: Uint32Array, places: Uint32Array, count: number): Uint32Array {
  const starts = new Uint32Array(count + 1),
    sorted = new Uint32Array(rows.length);
  for (let i = 0; i < places.length; i++) starts[places[i] + 1]++;
  for (let p = 0; p < count; p++) starts[p + 1] += starts[p];
  for (let i = 0; i < rows.length; i++) sorted[starts[places[i]]++] = rows[i];
  return sorted;
}

/** The place of each connector in the order of names, by its position in the table. */
function ranks(table: DetailTable, text: Text): number[] {
  const collator = new Intl.Collator(text.language, { numeric: true }),
    rank: number[] = [];
  table.connectors
    .map(({ name, direction }, id) => ({ id, name: connectorText(text, name, direction) }))
    .sort((a, b) => collator.compare(a.name, b.name))
    .forEach(({ id }, place) => {
      rank[id] = place;
    });
  return rank;
}

function typeRanks(text: Text): Record<ConnectorType, number> {
  const names = connectorTypes
    .map((type) => ({ type, name: typeLabel(text.t, type) }))
    .sort((a, b) => a.name.localeCompare(b.name, text.language));
  return Object.fromEntries(names.map(({ type }, place) => [type, place])) as Record<ConnectorType, number>;
}
