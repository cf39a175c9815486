import { KeyTable } from '../core/cube/keytable';
import { OutcomeCode, UnitCode, directions, tlsVersions, units, type ConnectorType } from '../core/model';
import { matcher, minutesOf } from '../core/report/query';
import { compare } from '../core/report/order';
import { directionLabel, tlsLabel, typeLabel } from '../core/report/sentences';
import { Zone } from '../core/text/zone';
import { Buckets } from '../presentation/buckets';
import { isoDay } from '../presentation/rows';
import type { Text } from '../presentation/text';
import { coverageRows, csvText, shownIn, type CsvMode } from './csv';
import { evidenceLines, type Circumstances } from './evidence';
import type { Report } from './report';

/** Minutes of a day. From here on the cube knows the days of remote hosts by UTC alone. */
const day = 1440;

/**
 * Who exchanged mail: a row for each day, remote host, connector and TLS version with its first line; then the
 * evidence. Microsoft's inbound and outbound messages report has one row per message; a cube keeps no single message.
 */
export function remotesCsv(report: Report, circumstances: Circumstances, text: Text, mode: CsvMode): string {
  const { t } = text,
    { cube } = report.analysis,
    shown = (name: string) => shownIn(mode, name);
  const head = [
    t('Record'),
    t('Date'),
    t('Count'),
    t('Remote host'),
    t('Connector direction'),
    t('Connector name'),
    t('Connector type'),
    t('TLS version'),
    t('Volume'),
    t('Recipients'),
    t('First line'),
    t('Note'),
  ];
  const out: (string | number)[][] = [
    head,
    ...hostRows(report, text, shown, UnitCode.message),
    ...hostRows(report, text, shown, UnitCode.session),
  ];
  out.push(...coverageRows(report, text, (note) => ['', '', '', '', note]));
  const evidence = evidenceLines(report, circumstances, text).map(([label, words]): [string, string] => [label, words]);
  if (cube.remoteMinutes > cube.cellMinutes)
    evidence.push([
      t('Remote hosts'),
      [
        t(
          'The log is very large, so the times of remote hosts are kept in steps of {0} minutes.',
          text.number(cube.remoteMinutes),
        ),
        t('At the edges of the period their sums can differ from those above.'),
      ].join(' '),
    ]);
  for (const [label, words] of evidence) out.push(['evidence', '', '', label, ...head.slice(5).map(() => ''), words]);
  return csvText(out, mode);
}

/** The rows of one unit, by day, then direction, connector, host and TLS version. */
function hostRows(
  { analysis: { cube, files }, filter, view, messages, sessions }: Report,
  text: Text,
  shown: (name: string) => string,
  unit: UnitCode,
): (string | number)[][] {
  const { series, remoteCells: cells, remotes, connectors } = cube,
    { t } = text,
    accept = matcher(cube, { ...filter, directions: filter.directions ?? ['inbound', 'outbound'] });
  const [from, to] = minutesOf(filter, cube.remoteMinutes),
    buckets = new Buckets('day', cube.remoteMinutes >= day ? new Zone('UTC') : view.zone);
  const pass = Uint8Array.from({ length: series.length }, (_, s) =>
    Number(series.unit[s] === unit && series.outcome[s] === OutcomeCode.accepted && accept(s)),
  );
  const table = new KeyTable(),
    sums: { messages: number; recipients: number; file: number; line: number }[] = [];
  for (let i = 0; i < cells.length; i++) {
    const s = cells.series[i],
      minute = cells.minute[i];
    if (pass[s] === 0 || minute < from || minute >= to) continue;
    const row = table.row(
      cells.remote[i],
      (series.connector[s] << 2) | series.direction[s],
      ((buckets.of(minute * 60_000) / 86_400_000) << 4) | series.tls[s],
    );
    const sum = (sums[row] ??= { messages: 0, recipients: 0, file: cells.file[i], line: cells.line[i] });
    sum.messages += cells.messages[i];
    sum.recipients += cells.recipients[i];
    if (cells.file[i] < sum.file || (cells.file[i] === sum.file && cells.line[i] < sum.line)) {
      sum.file = cells.file[i];
      sum.line = cells.line[i];
    }
  }
  const types = new Map<string, ConnectorType>(
    (unit === UnitCode.message ? messages : sessions).connectors.map((one) => [
      `${one.direction} ${one.name ?? ''} ${one.name === null}`,
      one.type,
    ]),
  );
  const rows = sums.map((sum, row) => {
    const id = table.b[row] >> 2,
      name = id === 0 ? null : connectors[id],
      direction = directions[table.b[row] & 3];
    return {
      ...sum,
      day: table.c[row] >> 4,
      tls: table.c[row] & 15,
      name,
      direction,
      host: remotes[table.a[row]],
      type: types.get(`${direction} ${name ?? ''} ${name === null}`) ?? 'unknown',
    };
  });
  rows.sort(
    (a, b) =>
      a.day - b.day ||
      compare(a.direction, b.direction) ||
      compare(a.name ?? '', b.name ?? '') ||
      compare(a.host, b.host) ||
      a.tls - b.tls,
  );
  return rows
    .filter(({ messages: n, recipients }) => n > 0 || recipients > 0)
    .map((row) => [
      'remote-host',
      isoDay(row.day * 86_400_000),
      units[unit],
      shown(row.host),
      directionLabel(t, row.direction),
      row.name === null ? '' : shown(row.name),
      typeLabel(t, row.type),
      tlsLabel(t, tlsVersions[row.tls]),
      row.messages,
      row.recipients,
      `${shown(files[row.file].path)}:${row.line}`,
      '',
    ]);
}
