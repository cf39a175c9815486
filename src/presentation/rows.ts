import { TlsCode, connectorTypes, tlsVersions, type ConnectorType, type Direction, type Milliseconds } from '../core/model';
import { knownTls, type ConnectorSummary, type Place, type TimelinePoint, type TlsCounts } from '../core/query';
import { connectorLabel, directionLabel, typeLabel } from '../core/sentences';
import type { Text } from './text';

/** What one connector carried in one direction on one day. */
export interface DetailRow {
  /** The connector with its direction, as a number that holds among the rows of one table. */
  id: number;
  /** Start of the day in the report's zone, given as if it were UTC. */
  day: Milliseconds;
  direction: Direction;
  connector: string | null;
  type: ConnectorType;
  forcedTls: boolean | null;
  tls: TlsCounts;
  /** First line of each TLS version, in the order of `tlsVersions`. */
  places: (Place | undefined)[];
  volume: number;
}

/** Numbers for connectors with their direction, so that many rows can be told apart without making a text for each. */
export class ConnectorIds {
  private readonly ids = { inbound: new Map<string | null, number>(), outbound: new Map<string | null, number>(), internal: new Map<string | null, number>() };
  private next = 0;

  /** The same number for the same connector and direction; numbers count from 0. */
  of(direction: Direction, name: string | null): number {
    const names = this.ids[direction];
    let id = names.get(name);
    if (id === undefined) names.set(name, (id = this.next++));
    return id;
  }
}

/** Rows of the details table from a time line in days; what holds of a connector as a whole comes from its summary. */
export function detailRows(points: readonly TimelinePoint[], connectors: readonly ConnectorSummary[]): DetailRow[] {
  const ids = new ConnectorIds();
  for (const c of connectors) ids.of(c.direction, c.name);
  const rows: DetailRow[] = [];
  // Points come in the order of time, so only the rows of one day are open at once.
  let today = new Map<number, DetailRow>(), day = NaN;
  for (const { time, direction, connector, tls, messages, place } of points) {
    if (time !== day) { today = new Map(); day = time; }
    const id = ids.of(direction, connector);
    let row = today.get(id);
    if (!row) {
      const summary: ConnectorSummary | undefined = connectors[id];
      row = { id, day, direction, connector, type: summary?.type ?? 'unknown', forcedTls: summary?.forcedTls ?? null, tls: tlsVersions.map(() => 0), places: [], volume: 0 };
      today.set(id, row);
      rows.push(row);
    }
    row.tls[tls] += messages;
    row.volume += messages;
    row.places[tls] = place;
  }
  return rows;
}

/** TLS columns of the table: Microsoft's five always, the others where they hold anything. */
export function tlsColumns(rows: readonly DetailRow[]): number[] {
  const always: number[] = [TlsCode.none, TlsCode.tls10, TlsCode.tls11, TlsCode.tls12, TlsCode.tls13];
  return tlsVersions.map((_, v) => v).filter((v) => always.includes(v) || rows.some((row) => row.tls[v] > 0));
}

/** "Inbound: Contoso partner", as in the column "Connector direction and name". */
export function connectorText(text: Text, connector: string | null, direction: Direction): string {
  const name = connectorLabel(text.t, connector, direction);
  return connector === null ? name : text.t('{0}: {1}', directionLabel(text.t, direction), name);
}

export function forcedText(text: Text, forced: boolean): string {
  return forced ? text.t('True') : text.t('False');
}

export function dayText(text: Text, day: Milliseconds): string { return text.wall(day, { dateStyle: 'medium' }); }

/** The rows that contain every word of a search in their date, connector or type, whatever the case. */
export function searchRows(rows: readonly DetailRow[], search: string, text: Text): readonly DetailRow[] {
  const lower = (part: string) => part.toLocaleLowerCase(text.language);
  const words = lower(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  // Each date and connector is looked at once, not once per row. Words have no spaces, so each lies within one part.
  const days = new Map<Milliseconds, boolean[]>(), connectors = new Map<number, boolean[]>();
  const found = (...parts: string[]) => words.map((word) => parts.some((part) => lower(part).includes(word)));
  return rows.filter((row) => {
    let day = days.get(row.day), connector = connectors.get(row.id);
    if (!day) days.set(row.day, (day = found(dayText(text, row.day), new Date(row.day).toISOString().slice(0, 10))));
    if (!connector) connectors.set(row.id, (connector = found(connectorText(text, row.connector, row.direction), directionLabel(text.t, row.direction), typeLabel(text.t, row.type))));
    return words.every((_, w) => day[w] || connector[w]);
  });
}

/** Rows in the order of a column: `date`, `connector`, `type`, `forced`, `volume`, or a TLS version. Equal ones by date and connector. */
export function sortRows(rows: readonly DetailRow[], column: string, descending: boolean, figures: 'messages' | 'share', text: Text): DetailRow[] {
  const rank = ranks(rows, text), types = typeRanks(text);
  const version = tlsVersions.findIndex((v) => v === column), count = figures === 'messages' || version === TlsCode.unknown;
  const values: Record<string, (row: DetailRow) => number> = { date: (row) => row.day, connector: (row) => rank[row.id], type: (row) => types[row.type], forced: (row) => Number(row.forcedTls), volume: (row) => row.volume };
  const value = version < 0 ? values[column] ?? values.date : count ? (row: DetailRow) => row.tls[version] : (row: DetailRow) => row.tls[version] / Math.max(1, knownTls(row.tls));
  const sign = descending ? -1 : 1;
  return rows.map((row) => ({ row, by: value(row) })).sort((a, b) => sign * (a.by - b.by) || b.row.day - a.row.day || b.row.volume - a.row.volume || rank[a.row.id] - rank[b.row.id]).map(({ row }) => row);
}

/** The place of each connector in the order of names, by its id: names are compared once, not for each pair of rows. */
function ranks(rows: readonly DetailRow[], text: Text): number[] {
  const collator = new Intl.Collator(text.language, { numeric: true }), names: { id: number; name: string }[] = [], known: boolean[] = [], rank: number[] = [];
  for (const { id, connector, direction } of rows) if (!known[id]) { known[id] = true; names.push({ id, name: connectorText(text, connector, direction) }); }
  names.sort((a, b) => collator.compare(a.name, b.name)).forEach(({ id }, place) => { rank[id] = place; });
  return rank;
}

function typeRanks(text: Text): Record<ConnectorType, number> {
  const names = connectorTypes.map((type) => ({ type, name: typeLabel(text.t, type) })).sort((a, b) => a.name.localeCompare(b.name, text.language));
  return Object.fromEntries(names.map(({ type }, place) => [type, place])) as Record<ConnectorType, number>;
}
