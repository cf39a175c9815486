import type { Clause } from '../core/report/clauses';
import { TlsCode, tlsVersions } from '../core/model';
import type { DetailTable } from './details';
import { forcedState, knownOf } from './rows';

/**
 * The rows for which every clause holds. TLS versions are compared as shares in percent of those known, as the table
 * shows them; unknown as a count.
 */
export function filterRows(table: DetailTable, rows: Uint32Array, clauses: readonly Clause[]): Uint32Array {
  const tests = clauses.map((clause) => testOf(table, clause));
  return tests.length === 0 ? rows : rows.filter((row) => tests.every((test) => test(row)));
}

function testOf(table: DetailTable, { field, operator, value }: Clause): (row: number) => boolean {
  const text = value.trim();
  // A clause that is not finished yet asks for nothing.
  if (text === '') return () => true;
  switch (field) {
    case 'date':
      return compared(operator, Date.parse(`${text}T00:00:00Z`), (row) => table.day[row]);
    case 'direction':
      return ofConnector(table, ({ direction }) => direction === text);
    case 'type':
      return ofConnector(table, ({ type }) => type === text);
    case 'forced':
      return ofConnector(table, (connector) => forcedState(connector) === text);
    case 'name': {
      const wanted = text.toLowerCase();
      return ofConnector(table, ({ name }) => {
        const own = (name ?? '').toLowerCase();
        return operator === 'is' ? own === wanted : own.startsWith(wanted);
      });
    }
    case 'volume':
      return compared(operator, numberOf(text), (row) => table.volume[row]);
    default: {
      const v = tlsVersions.indexOf(field),
        count = (row: number) => table.tls[row * tlsVersions.length + v];
      return compared(
        operator,
        numberOf(text),
        v === TlsCode.unknown
          ? count
          : (row) => {
              const known = knownOf(table, row);
              return known > 0 ? (count(row) / known) * 100 : NaN;
            },
      );
    }
  }
}

/** Nothing is over, under or equal to what is no number. */
function compared(
  operator: Clause['operator'],
  wanted: number,
  figure: (row: number) => number,
): (row: number) => boolean {
  switch (operator) {
    case 'over':
      return (row) => figure(row) > wanted;
    case 'under':
      return (row) => figure(row) < wanted;
    default:
      return (row) => Math.abs(figure(row) - wanted) < 1e-9;
  }
}

/** What holds of a connector is looked at once for all its rows. */
function ofConnector(
  table: DetailTable,
  test: (connector: DetailTable['connectors'][number]) => boolean,
): (row: number) => boolean {
  const pass = table.connectors.map(test);
  return (row) => pass[table.connector[row]];
}

/** A number as people write it: with a comma or a point, and with a percent sign or without. */
function numberOf(text: string): number {
  return Number(text.replace('%', '').replace(',', '.').trim());
}
