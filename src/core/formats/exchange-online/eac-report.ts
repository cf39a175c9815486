/**
 * The export of the inbound and outbound messages reports of the Exchange admin center ("Connector report details"),
 * and of the older connector report of the Security & Compliance Center: one row a day and connector, with columns
 * for the TLS versions and the volume.
 *
 * The columns hold messages or percentages of the volume. Percentages are turned into messages so that they sum up to
 * the volume, and the report says so. Names of columns are known in English, Italian and German.
 */
import { plainName } from '../../connectors/columns';
import { FaultCode, OutcomeCode, TlsCode, UnitCode, type MailEvent } from '../../model';
import type { Sink } from '../../reading/sink';
import type { TableRow } from '../shared/row';
import { findTable, type Table } from '../../text/table';
import { Verdict, type Format, type Head } from '../../reading/format';
import { connectorCell, typeNamed, directionNamed } from '../table/connector';
import { tableColumns, versionColumns, type TableColumns } from '../table/headers';
import { Measure, decimal, measureOf, sharesOf, stepOf } from '../table/percentages';
import { forcedOf, countOf } from '../table/rows';
import { tableParser, type TableReader, type TableUser } from '../shared/tablereader';

export const eacReport: Format = {
  id: 'eac-report',
  name: 'Exchange admin center report',
  detect: ({ lines }: Head) => findTable(lines, isEacReport) !== undefined,
  parser: (sink) => tableParser(sink, new EacRows(sink), false),
};

function isEacReport(names: readonly string[]): boolean {
  const { connector, count } = tableColumns(names);
  return connector >= 0 && count >= 0 && versionColumns(names) >= 2;
}

/** A column for a TLS version. */
interface VersionColumn {
  column: number;
  tls: TlsCode;
}

const versions: readonly [RegExp, TlsCode][] = [
  [/^(?:no|nessun|kein)tls%?$/, TlsCode.none],
  [/^tls1\.0%?$/, TlsCode.tls10],
  [/^tls1\.1%?$/, TlsCode.tls11],
  [/^tls1\.2%?$/, TlsCode.tls12],
  [/^tls1\.3%?$/, TlsCode.tls13],
];

class EacRows implements TableUser {
  readonly fits = isEacReport;
  private columns!: TableColumns;
  private versions: VersionColumn[] = [];
  private measure: Measure | undefined;

  constructor(private readonly sink: Sink) {}

  open({ names, rows: rowsOf }: Table): number {
    const rows = rowsOf();
    this.columns = tableColumns(names, this.sink.options.columns);
    this.versions = names
      .map(plainName)
      .flatMap((name, column) =>
        versions.filter(([pattern]) => pattern.test(name)).map(([, tls]) => ({ column, tls })),
      );
    const cells = rows.map((row) => ({
      parts: this.versions.map(({ column }) => decimal(row[column])),
      volume: countOf(row[this.columns.count] ?? ''),
    }));
    const signed = this.versions.some(
      ({ column }) => names[column].includes('%') || rows.some((row) => row[column].includes('%')),
    );
    this.measure = measureOf(cells, signed);
    return this.columns.time;
  }

  take(row: TableRow, line: number, reader: TableReader): Verdict {
    const { columns, sink } = this;
    const time = reader.time(row);
    if (Number.isNaN(time)) return sink.skip('bad-time', line);
    const connector = connectorCell(row.string(columns.connector));
    const direction =
      columns.direction >= 0
        ? directionNamed(row.string(columns.direction))
        : (connector.direction ?? (columns.fixed && directionNamed(columns.fixed)));
    if (direction === undefined) return sink.skip('no-direction', line);
    const volume = countOf(row.string(columns.count));
    const counts = Number.isNaN(volume) ? undefined : this.counts(row, volume);
    if (!counts) return sink.skip('bad-number', line);
    if (volume === 0) return Verdict.context;
    if (this.measure !== Measure.counts) sink.note('counts-from-percentages', line);
    const event: MailEvent = {
      unit: UnitCode.message,
      direction,
      outcome: OutcomeCode.accepted,
      tls: TlsCode.unknown,
      fault: FaultCode.none,
      forced: forcedOf(row.string(columns.forced)),
      type: (columns.type >= 0 && typeNamed(row.string(columns.type))) || connector.type,
      connector: sink.words.connectors.internText(connector.name),
      cipher: 0,
      server: 0,
      remote: 0,
      address: 0,
      evidence: 0,
      time,
      count: 0,
      recipients: 0,
      bytes: 0,
      line,
      tlsAt: 0,
    };
    counts.forEach((count, i) => {
      if (count === 0) return;
      event.tls = i < this.versions.length ? this.versions[i].tls : TlsCode.unknown;
      event.count = count;
      sink.add({ ...event });
    });
    return Verdict.used;
  }

  /** Messages by version, and last those of which the row says nothing. Undefined where the numbers can't be right. */
  private counts(row: TableRow, volume: number): number[] | undefined {
    const texts = this.versions.map(({ column }) => row.string(column));
    if (this.measure === Measure.counts) {
      const counts = texts.map((text) => (text === '' ? 0 : countOf(text)));
      const rest = volume - counts.reduce((a, b) => a + b, 0);
      return rest >= 0 ? [...counts, rest] : undefined;
    }
    const shares = texts.map(decimal);
    if (this.measure === undefined || shares.some(Number.isNaN)) return undefined;
    if (volume === 0) return [];
    const whole = this.measure === Measure.percent ? 100 : 1;
    return sharesOf(volume, shares, whole, Math.max(...texts.map(stepOf)));
  }
}
