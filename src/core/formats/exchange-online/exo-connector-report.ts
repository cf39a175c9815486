/**
 * The connector report of Exchange Online (Start-HistoricalSearch -ReportType ConnectorReport; "Request report" in the
 * inbound and outbound messages reports): one row a message with its connector and TLS version. Microsoft documents no
 * columns, so they are found by their names. Its rows are messages, with a sender or an id; any other table is not this
 * report.
 */
import { findTable } from '../../text/table';
import type { Format, Head } from '../../reading/format';
import { tableColumns, versionColumns } from '../table/headers';
import { TableRows } from '../table/rows';
import { tableParser } from '../shared/tablereader';

export const exoConnectorReport: Format = {
  id: 'exo-connector-report',
  name: 'Exchange Online connector report',
  repeats: 'lines',
  detect: ({ lines }: Head) => isConnectorReport(lines),
  parser: (sink) => tableParser(sink, new TableRows(sink, isMessages), true),
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
