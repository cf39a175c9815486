/**
 * Any table with a connector and a TLS version in each row: CSV with comma, semicolon, tab or bar, or JSON. Columns
 * are found by their names in several languages, or as the user maps them for a header (`ColumnMapping`). The reader
 * of last resort: what another format claims is not ours.
 */
import { mappingFor, type ColumnMapping } from '../../connectors/columns';
import { findTable } from '../../text/table';
import { isConnectorReport } from '../exchange-online/exo-connector-report';
import { tableParser } from '../shared/tablereader';
import { TableRows } from './rows';
import type { Format } from '../../reading/format';
import { tableColumns, versionColumns } from './headers';

export const table: Format = {
  id: 'table',
  name: 'Table',
  detect: ({ lines, columns }) => findTable(lines, fits(columns)) !== undefined && !isConnectorReport(lines),
  parser: (sink) => tableParser(sink, new TableRows(sink, fits(sink.options.columns)), false),
};

/** Whether the columns of these names have a TLS version and a connector, or the user has said what they mean. */
function fits(mappings: readonly ColumnMapping[] | undefined): (names: readonly string[]) => boolean {
  return (names) => {
    const { connector, tls } = tableColumns(names, mappings);
    return tls >= 0 && (connector >= 0 || mappingFor(mappings, names) !== undefined) && versionColumns(names) === 0;
  };
}
