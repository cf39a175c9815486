import { compareAll, connectorKey, measures, type Baseline, type Share } from '../core/report/baseline';
import { tlsVersions } from '../core/model';
import { knownTls, protectedByTls, type DirectionSummary } from '../core/report/query';
import { insightSentence } from '../core/insights/insightsentences';
import {
  adviceSentence,
  connectorLabel,
  directionLabel,
  problemSentence,
  tlsLabel,
  typeLabel,
} from '../core/report/sentences';
import { english as t } from '../core/text/translate';
import { displayText } from '../core/text/display';
import { shareText } from '../core/text/share';
import type { Report } from './report';

const number = (n: number) => n.toLocaleString('en-US');

const percent = (share: number, digits: number) =>
  share.toLocaleString('en-US', { style: 'percent', maximumFractionDigits: digits });

/** The report as plain text for a terminal. Names from the log are made visible, so that they can't control it. */
export function summaryText(report: Report): string {
  const { analysis, messages, view } = report;
  const out: string[] = ['Mail Flow Report', ''];
  const { period } = messages;
  out.push(
    period
      ? `Period: ${new Date(period.from).toISOString()} to ${new Date(period.to).toISOString()} (days in ${view.zone.name})`
      : 'No message in the chosen period.',
    '',
  );
  for (const direction of ['outbound', 'inbound'] as const)
    out.push(...directionText(directionLabel(t, direction), messages[direction]));
  if (messages.internal > 0)
    out.push(
      `Internal: ${number(messages.internal)} messages between own servers or delivered locally, not part of the volume.`,
      '',
    );
  out.push(
    ...table(
      [
        [
          'Connector',
          'Direction',
          'Type',
          'Forced TLS?',
          'Messages',
          'Recipients',
          ...tlsVersions.map((v) => (v === 'tls' ? 'TLS ?' : tlsLabel(t, v))),
        ],
        ...messages.connectors.map((c) => [
          connectorLabel(t, c.name, c.direction),
          directionLabel(t, c.direction),
          typeLabel(t, c.type),
          c.forcedTls === null ? '' : String(c.forcedTls),
          number(c.messages),
          number(c.recipients),
          ...c.tls.map(number),
        ]),
      ],
      4,
    ),
    '',
  );
  for (const insight of report.insights)
    out.push(
      `! ${insightSentence(t, insight, number, percent)}`,
      `  ${displayText(analysis.files[insight.place.file].path)}:${insight.place.line}`,
    );
  for (const { insight, override } of report.ignored)
    out.push(
      `Ignored until ${override.until}${override.reason && ` (${displayText(override.reason)})`}: ${insightSentence(t, insight, number, percent)}`,
    );
  if (report.insights.length + report.ignored.length > 0) out.push('');
  if (view.baseline) out.push(...baselineText(report, view.baseline), '');
  out.push(...filesText(report));
  return out.join('\n') + '\n';
}

/** How the connectors compare with the baseline; those that got worse by name. */
function baselineText({ messages, filter }: Report, baseline: Baseline): string[] {
  const { connectors, counts } = compareAll(messages, baseline, filter);
  const out = [
    `Against the baseline: ${number(counts.worse)} worse, ${number(counts.better)} better, ${number(counts.same)} the same, ${number(counts.unknown)} not known, ${number(counts.new)} new, ${number(counts.gone)} gone.`,
  ];
  for (const { name, direction } of messages.connectors) {
    const comparison = connectors.get(connectorKey(name, direction));
    if (comparison?.change !== 'worse') continue;
    const worse = measures
      .filter((measure) => comparison.changes[measure] === 'worse')
      .map((measure) => {
        const { now, before } = comparison,
          of = (share: Share) =>
            `${number(share.messages)} of ${number(share.of)} (${shareText(share.messages, share.of, percent)})`;
        return `${tlsLabel(t, measure === 'noTls' ? 'none' : 'tls1.0')} ${of(now[measure])}, before ${of(before[measure])}`;
      });
    out.push(`  Worse: ${connectorLabel(t, name, direction)} (${directionLabel(t, direction)}): ${worse.join('; ')}`);
  }
  return out;
}

function directionText(label: string, sums: DirectionSummary): string[] {
  const known = knownTls(sums.tls);
  const share =
    known > 0
      ? `; of ${number(known)} with known TLS ${shareText(protectedByTls(sums.tls), known, percent)} were protected in transit (by TLS)`
      : '';
  return [`${label}: ${number(sums.messages)} messages, ${number(sums.recipients)} recipients${share}.`, ''];
}

function filesText({ analysis }: Report): string[] {
  const out: string[] = [];
  for (const file of analysis.files) {
    const { read, used, context, skipped } = file.lines;
    const what = file.format ?? (file.state === 'failed' ? `could not be read (${file.detail})` : 'not recognised');
    out.push(
      `${displayText(file.path)}: ${what}${file.state === 'duplicate' ? `, same content as ${displayText(file.detail ?? '')}, not counted again` : ''}${file.state === 'partial' ? `, read in part (${file.detail})` : ''}`,
    );
    if (file.format)
      out.push(
        `  ${number(read)} lines read = ${number(used)} used + ${number(context)} context + ${number(skipped)} skipped`,
      );
    for (const { code, count, line } of file.problems)
      out.push(`  ${number(count)} × ${problemSentence(t, code)} First at line ${number(line)}.`);
  }
  for (const code of new Set(analysis.files.flatMap((file) => file.advice)))
    out.push(`Advice: ${adviceSentence(t, code)}`);
  return out;
}

/** Rows as columns of equal width; columns from `right` on are aligned to the right. */
function table(rows: string[][], right: number): string[] {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i < right ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd(),
  );
}
