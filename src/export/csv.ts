import { UnitCode, tlsVersions, units } from '../core/model';
import { uncoveredDays } from '../core/report/coverage';
import { directionLabel, tlsLabel, typeLabel } from '../core/report/sentences';
import { displayText } from '../core/text/display';
import { runSentence } from '../presentation/coverage';
import { detailTable } from '../presentation/details';
import { forcedText, isoDay } from '../presentation/rows';
import type { Text } from '../presentation/text';
import { insightWords } from '../presentation/insight-words';
import { evidenceLines, type Circumstances } from './evidence';
import { insightPeriod, proofText, type Report } from './report';

/** Safe for spreadsheets, or the names exactly as logged for programs. */
export type CsvMode = 'safe' | 'raw';

/**
 * The details of the connector report: a row for each day, connector and direction, then insights and evidence. The
 * column `Record` distinguishes them, so that the file is one table (RFC 4180, CRLF, UTF-8). Counts are plain digits.
 */
export function csvReport(report: Report, circumstances: Circumstances, text: Text, mode: CsvMode): string {
  const { t } = text,
    { cube } = report.analysis;
  const shown = (name: string) => shownIn(mode, name),
    out: (string | number)[][] = [
      [
        t('Record'),
        t('Date'),
        t('Count'),
        t('Connector direction'),
        t('Connector name'),
        t('Connector type'),
        t('Forced TLS?'),
        ...tlsVersions.map((version) => tlsLabel(t, version)),
        t('Volume'),
        t('Note'),
      ],
    ];
  const empty = tlsVersions.map(() => '');
  for (const [unit, { connectors }] of [
    [UnitCode.message, report.messages],
    [UnitCode.session, report.sessions],
  ] as const) {
    for (const row of detailTable(cube, report.filter, unit, report.view.zone, connectors).rows()) {
      out.push([
        'details',
        isoDay(row.day),
        units[unit],
        directionLabel(t, row.direction),
        row.connector === null ? '' : shown(row.connector),
        typeLabel(t, row.type),
        forcedText(text, row),
        ...row.tls,
        row.volume,
        '',
      ]);
    }
  }
  out.push(...coverageRows(report, text, (note) => [...empty, '', note]));
  for (const insight of report.insights) {
    const words = insightWords(text, insight, insightPeriod(report));
    out.push([
      'insight',
      '',
      units[UnitCode.message],
      directionLabel(t, insight.direction),
      insight.connector === null ? '' : shown(insight.connector),
      '',
      '',
      ...empty,
      insight.messages,
      `${insight.id}: ${words} ${proofText(report, insight)}`,
    ]);
  }
  for (const [label, words] of evidenceLines(report, circumstances, text))
    out.push(['evidence', '', '', '', label, '', '', ...empty, '', words]);
  return csvText(out, mode);
}

/**
 * A row for each run of days of the period that no log covers (ISO 8601, first day/last day), and for each day covered in
 * part. @param rest the columns behind that of the connector's type, with a note.
 */
export function coverageRows(report: Report, text: Text, rest: (note: string) => string[]): string[][] {
  const { from, to } = report.filter;
  if (from === undefined || to === undefined) return [];
  return uncoveredDays(report.coverage.messages, from, to).map((run) => [
    'coverage',
    run.first === run.last ? isoDay(run.first) : `${isoDay(run.first)}/${isoDay(run.last)}`,
    '',
    '',
    '',
    '',
    '',
    ...rest(runSentence(text, run)),
  ]);
}

/** Rows as the text of a table: RFC 4180, CRLF, plain digits. */
export function csvText(rows: readonly (string | number)[][], mode: CsvMode): string {
  const cell = (value: string | number) =>
    typeof value === 'number' ? String(value) : `"${(mode === 'safe' ? safe(value) : value).replaceAll('"', '""')}"`;
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** A name of the log as a way of writing demands it. */
export function shownIn(mode: CsvMode, name: string): string {
  return mode === 'safe' ? displayText(name) : name;
}

/**
 * An apostrophe before what a spreadsheet takes for a formula: `= + - @`, also full-width or after blanks, and tab or
 * line ends at the start (OWASP, CSV Injection).
 */
function safe(text: string): string {
  return /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(text) ? `'${text}` : text;
}
