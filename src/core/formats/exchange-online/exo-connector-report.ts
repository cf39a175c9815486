/**
 * The connector report of Exchange Online (Start-HistoricalSearch -ReportType ConnectorReport; "Request report" in the
 * inbound and outbound messages reports): one row a message with its connector and TLS version. Microsoft documents no
 * columns, so they are found by their names. Its rows are messages, with a sender or an id; any other table is not this
 * report.
 */
import type { IdMap } from '../../cube/cubebuilder';
import type { Sink } from '../../reading/sink';
import { findTable } from '../../text/table';
import type { BlockReader, Format, Head, Parser, Verdict } from '../../reading/format';
import { tableColumns, versionColumns } from '../table/headers';
import { TableRows } from '../table/rows';
import { TableReader } from '../shared/tablereader';

export const exoConnectorReport: Format = {
  id: 'exo-connector-report',
  name: 'Exchange Online connector report',
  detect: ({ lines }: Head) => isConnectorReport(lines),
  parser: (sink) => new TableParser(sink, isMessages, true),
};

/** Whether these lines begin such a report, as CSV. */
export function isConnectorReport(lines: readonly string[]): boolean {
  const table = findTable(lines, isMessages);
  return table !== undefined && table.separator !== undefined;
}

function isMessages(names: readonly string[]): boolean {
  const { connector, tls, sender, id, time } = tableColumns(names);
  return connector >= 0 && tls >= 0 && time >= 0 && sender >= 0 && id >= 0 && versionColumns(names) === 0;
}

/** Reads a table whose rows have a connector and a TLS version each. */
export class TableParser implements Parser {
  private readonly table: TableReader;

  /** @param fits whether columns of these names are such a table. @param utc whether dates without a zone are UTC. */
  constructor(sink: Sink, fits: (names: readonly string[]) => boolean, utc: boolean) {
    const rows = new TableRows(sink);
    let time = -1;
    this.table = new TableReader(
      sink,
      {
        fits,
        get alike() {
          return rows.alike;
        },
        open: ({ names }) => (time = rows.open(names, sink.options.columns)),
        take: (row, line) => rows.take(row, time < 0 ? NaN : this.table.time(row, time), line),
      },
      utc,
    );
  }

  get block(): BlockReader | undefined {
    return this.table.block;
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    return this.table.line(bytes, start, end, line);
  }
  merge(right: Parser, _: IdMap, shift: readonly number[]): void {
    this.table.merge((right as TableParser).table, shift);
  }
  finish(): void {
    this.table.finish();
  }
  save(): unknown {
    return this.table.save();
  }
  load(saved: unknown): void {
    this.table.load(saved);
  }
  advice(): string[] {
    return this.table.advice();
  }
}
