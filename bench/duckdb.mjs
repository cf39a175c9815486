// The same sums by DuckDB on two threads: node bench/duckdb.mjs KIND FILE. Needs `npm install --no-save @duckdb/node-api`.
import { DuckDBInstance } from '@duckdb/node-api';

const [kind, file] = process.argv.slice(2);
const f = `'${file.replaceAll("'", "''")}'`;
const columns = (names) => `columns = {${names.map((name) => `'${name}': 'VARCHAR'`).join(', ')}}`;
const csv = (names) =>
  `read_csv(${f}, header = false, skip = 5, delim = ',', quote = '"', escape = '"', null_padding = true,
    parallel = true, max_line_size = 1000000, strict_mode = false, ${columns(names)})`;
const protocol = ['date', 'connector', 'session', 'sequence', 'local', 'remote', 'event', 'data', 'context'];
const tracking = Array.from(
  { length: 30 },
  (_, i) => ['date', 'c1', 'c2', 'c3', 'c4', 'c5', 'connector', 'source', 'event'][i] ?? `c${i}`,
);
const queries = {
  'exchange-tracking': `SELECT date[1:13] AS hour, connector, event, count(*) FROM ${csv(tracking)}
    WHERE source = 'SMTP' AND event IN ('RECEIVE', 'SEND', 'SENDEXTERNAL') GROUP BY ALL`,
  'exchange-smtp': `WITH lines AS (SELECT * FROM ${csv(protocol)}),
    tls AS (SELECT session,
      any_value(regexp_extract(context, 'SP_PROT_TLS1_(\\d)', 1)) FILTER (context LIKE '%SP_PROT_TLS%') AS version,
      any_value(connector) AS connector,
      min(date)[1:13] AS hour,
      count(*) FILTER (event = '>' AND data LIKE '250 2.6.0%') AS messages
      FROM lines GROUP BY session)
    SELECT hour, connector, version, sum(messages) FROM tls GROUP BY ALL`,
  'connector-report': `SELECT date_time[1:13] AS hour, direction, connector_name, tls_version, count(*)
    FROM read_csv(${f}, header = true, all_varchar = true) GROUP BY ALL`,
};
const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
const reader = await connection.runAndReadAll(queries[kind]);
console.log(`${reader.currentRowCount} rows`);
