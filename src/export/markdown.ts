import { UnitCode, tlsVersions } from '../core/model';
import { knownTls, type Summary } from '../core/report/query';
import { remotesOf } from '../core/report/remotes';
import { adviceSentence, connectorLabel, directionLabel, tlsLabel, typeLabel } from '../core/report/sentences';
import { displayText } from '../core/text/display';
import { connectorText, forcedText } from '../presentation/rows';
import type { Text } from '../presentation/text';
import { flowSentence, sentenceStart, unknownSentence } from '../presentation/wording';
import { insightWords } from '../presentation/insight-words';
import { evidenceLines, type Circumstances } from './evidence';
import { insightPeriod, proofText, periodInWords, type Report } from './report';

const mostRemotes = 20;

/** The report as Markdown (CommonMark with GitHub's tables), for tickets and wikis. */
export function markdownReport(report: Report, circumstances: Circumstances, text: Text): string {
  const { t } = text,
    { analysis } = report;
  const out = [`# ${t('Mail Flow Report')}`, ''];
  for (const [unit, summary] of [
    [UnitCode.message, report.messages],
    [UnitCode.session, report.sessions],
  ] as const) {
    if (unit === UnitCode.session && summary.connectors.length === 0) continue;
    out.push(...markdownText(report, summary, unit, text));
  }
  out.push(`## ${t('Insights')}`, '');
  for (const insight of report.insights) {
    out.push(`- ${escape(insightWords(text, insight, insightPeriod(report)))} ${code(proofText(report, insight))}`);
  }
  if (report.insights.length === 0) out.push(t('No connector is over a limit.'));
  out.push('');
  const hosts = remotesOf(
    analysis.cube,
    { ...report.filter, directions: report.filter.directions ?? ['inbound', 'outbound'] },
    mostRemotes,
  );
  if (hosts.length > 0) {
    out.push(
      `## ${t('Top remote hosts')}`,
      '',
      ...table(
        [t('Remote host'), t('Messages'), t('Recipients'), ...tlsVersions.map((version) => tlsLabel(t, version))],
        1,
        hosts.map((host) => [
          host.host === '' ? t('(not logged)') : code(displayText(host.host)),
          ...[host.messages, host.recipients, ...host.tls].map((n) => text.number(n)),
        ]),
      ),
      '',
    );
  }
  for (const advice of new Set(analysis.files.flatMap((file) => file.advice)))
    if (adviceSentence(t, advice)) out.push(`> ${escape(adviceSentence(t, advice))}`, '');
  out.push(
    `## ${t('Evidence')}`,
    '',
    ...table(
      ['', ''],
      2,
      evidenceLines(report, circumstances, text).map(([label, words]) => [label, escape(words)]),
    ),
  );
  return `${out.join('\n')}\n`;
}

function markdownText(report: Report, summary: Summary, unit: UnitCode, text: Text): string[] {
  const { t } = text,
    phrase = sentenceStart(text, periodInWords(report, unit));
  const out = [`## ${unit ? t('Sessions in TLS reports') : t('Messages protected in transit (by TLS)')}`, ''];
  for (const direction of ['outbound', 'inbound'] as const) {
    const { tls, messages } = summary[direction],
      unknown = unknownSentence(text, tls.at(-1)!, messages, unit);
    out.push(
      [
        `**${directionLabel(t, direction)}:**`,
        escape(flowSentence(text, direction, phrase, tls, unit)),
        escape(unknown),
      ]
        .filter(Boolean)
        .join(' '),
      '',
    );
  }
  out.push(
    ...table(
      [t('TLS version'), t('Outbound'), t('Share'), t('Inbound'), t('Share')],
      1,
      tlsVersions.map((version, v) => [
        tlsLabel(t, version),
        ...[summary.outbound, summary.inbound].flatMap(({ tls }) => [
          text.number(tls[v]),
          version === 'unknown' ? '–' : text.percent(tls[v], knownTls(tls)),
        ]),
      ]),
    ),
    '',
  );
  if (unit === UnitCode.message && summary.internal > 0)
    out.push(
      t('Between own servers or delivered locally, and not part of the volume: {0}.', text.number(summary.internal)),
      '',
    );
  out.push(
    `## ${t('Connector report')}`,
    '',
    ...table(
      [
        t('Connector direction and name'),
        t('Connector type'),
        t('Forced TLS?'),
        ...tlsVersions.map((version) => tlsLabel(t, version)),
        t('Volume'),
      ],
      3,
      summary.connectors.map((c) => [
        c.name === null
          ? connectorText(text, null, c.direction)
          : `${directionLabel(t, c.direction)}: ${code(connectorLabel(t, c.name, c.direction))}`,
        typeLabel(t, c.type),
        forcedText(text, c) || '–',
        ...c.tls.map((n) => text.number(n)),
        text.number(c.messages),
      ]),
    ),
    '',
  );
  return out;
}

/** A table; columns from `right` on are aligned to the right. Cells are Markdown already. */
function table(head: string[], right: number, rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i < right ? '---' : '---:'))), ...rows.map(line)];
}

/**
 * A name of the log as a code span, so that it is neither markup nor a link. A bar ends a cell even there, so it is
 * written as an escape.
 */
function code(shown: string): string {
  const name = shown.replaceAll('|', '\\u{7c}');
  const fence = '`'.repeat(Math.max(0, ...[...name.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return /^`|`$|^ .* $/.test(name) ? `${fence} ${name} ${fence}` : `${fence}${name}${fence}`;
}

/** A sentence that may hold a name of the log, without markup and without addresses that become links by themselves. */
function escape(sentence: string): string {
  return sentence.replace(/[\\`*_[\]<>#|~&@^$]|(?<=www)\.|:(?=\/\/)/gi, '\\$&').replace(/^(\s*)([-+=])/, '$1\\$2');
}
