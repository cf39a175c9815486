import { TlsCode, tlsVersions, type ConnectorType, type Direction, type Milliseconds } from '../src/core/model';
import { knownTls, type ConnectorSummary, type Place, type TimelinePoint, type TlsCounts } from '../src/core/query';
import { connectorLabel, directionLabel, typeLabel } from '../src/core/sentences';
import type { Text } from './text';

/** What one connector carried in one direction on one day. */
export interface DetailRow {
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

/** Rows of the details table from a time line in days; what holds of a connector as a whole comes from its summary. */
export function detailRows(points: readonly TimelinePoint[], connectors: readonly ConnectorSummary[]): DetailRow[] {
  const known = new Map(connectors.map((c) => [keyOf(c.direction, c.name), c]));
  const rows = new Map<string, DetailRow>();
  for (const { time, direction, connector, tls, messages, place } of points) {
    const key = `${time} ${keyOf(direction, connector)}`;
    let row = rows.get(key);
    if (!row) {
      const summary = known.get(keyOf(direction, connector));
      rows.set(key, (row = { day: time, direction, connector, type: summary?.type ?? 'unknown', forcedTls: summary?.forcedTls ?? null, tls: tlsVersions.map(() => 0), places: [], volume: 0 }));
    }
    row.tls[tls] += messages;
    row.volume += messages;
    row.places[tls] = place;
  }
  return [...rows.values()];
}

const keyOf = (direction: Direction, name: string | null) => `${direction}${name === null ? '' : ` ${name}`}`;

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

/** The rows that contain every word of a search in their date, connector, type or demand for TLS, whatever the case. */
export function searchRows(rows: readonly DetailRow[], search: string, text: Text): DetailRow[] {
  const words = search.toLocaleLowerCase(text.language).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...rows];
  return rows.filter((row) => {
    const content = [dayText(text, row.day), new Date(row.day).toISOString().slice(0, 10), connectorText(text, row.connector, row.direction), directionLabel(text.t, row.direction), typeLabel(text.t, row.type)].join('\n').toLocaleLowerCase(text.language);
    return words.every((word) => content.includes(word));
  });
}

/** Rows in the order of a column: `date`, `connector`, `type`, `forced`, `volume`, or a TLS version. Equal ones by date and connector. */
export function sortRows(rows: readonly DetailRow[], column: string, descending: boolean, figures: 'messages' | 'share', text: Text): DetailRow[] {
  const collator = new Intl.Collator(text.language, { numeric: true });
  const name = (row: DetailRow) => connectorText(text, row.connector, row.direction);
  const natural = (a: DetailRow, b: DetailRow) => b.day - a.day || b.volume - a.volume || collator.compare(name(a), name(b));
  const version = tlsVersions.findIndex((v) => v === column);
  const value = (row: DetailRow) => figures === 'messages' || version === TlsCode.unknown ? row.tls[version] : row.tls[version] / Math.max(1, knownTls(row.tls));
  const compare: Record<string, (a: DetailRow, b: DetailRow) => number> = {
    date: (a, b) => a.day - b.day,
    connector: (a, b) => collator.compare(name(a), name(b)),
    type: (a, b) => collator.compare(typeLabel(text.t, a.type), typeLabel(text.t, b.type)),
    forced: (a, b) => Number(a.forcedTls) - Number(b.forcedTls),
    volume: (a, b) => a.volume - b.volume,
  };
  const by = version >= 0 ? (a: DetailRow, b: DetailRow) => value(a) - value(b) : compare[column] ?? compare.date;
  return [...rows].sort((a, b) => (descending ? -1 : 1) * by(a, b) || natural(a, b));
}
