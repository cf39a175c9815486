import { compareAll, connectorKey, measures, type Baseline, type Share } from '../core/report/baseline';
import { tlsVersions, UnitCode, type FileReport } from '../core/model';
import { knownTls, protectedByTls, type DirectionSummary, type Summary } from '../core/report/query';
import { insightSentence } from '../core/insights/insightsentences';
import {
  adviceSentence,
  connectorLabel,
  directionLabel,
  forcedLabel,
  problemSentence,
  serverLabel,
  tlsLabel,
  typeLabel,
} from '../core/report/sentences';
import { english as t } from '../core/text/translate';
import { displayText } from '../core/text/display';
import { shareText } from '../core/text/share';
import { Text } from '../presentation/text';
import { coverageWords } from './evidence';
import { insightPeriod, proofText, periodInWords, type Report, type View } from './report';

const number = (n: number) => n.toLocaleString('en-US');

const percent = (share: number, digits: number) =>
  share.toLocaleString('en-US', { style: 'percent', maximumFractionDigits: digits });

/** The report as plain text for a terminal. Names from the log are made visible, so that they can't control it. */
export function summaryText(report: Report): string {
  const { messages, view } = report;
  const out: string[] = ['Mail Flow Report', ''];
  const words = coverageWords(report, new Text('en', {}, view.zone.name));
  out.push(periodText(report), ...words, ...serversText(view), '');
  for (const direction of ['outbound', 'inbound'] as const)
    out.push(...directionText(directionLabel(t, direction), messages[direction]));
  if (messages.internal > 0)
    out.push(
      `Internal: ${number(messages.internal)} messages between own servers or delivered locally, ` +
        'not part of the volume.',
      '',
    );
  out.push(...connectorsText(messages), '');
  const { from, to } = insightPeriod(report),
    period = new Text('en', {}, view.zone.name).span(from, to);
  for (const insight of report.insights)
    out.push(`! ${insightSentence(t, insight, period, number, percent)}`, `  ${proofText(report, insight)}`);
  for (const { insight, override } of report.ignored) {
    const reason = override.reason && ` (${displayText(override.reason)})`;
    out.push(`Ignored until ${override.until}${reason}: ${insightSentence(t, insight, period, number, percent)}`);
  }
  if (report.insights.length + report.ignored.length > 0) out.push('');
  if (view.baseline) out.push(...baselineText(report, view.baseline), '');
  out.push(...filesText(report));
  return out.join('\n') + '\n';
}

function periodText(report: Report): string {
  const {
    messages: { period },
    view,
  } = report;
  if (periodInWords(report, UnitCode.message).words.covered === 'none') return t('No log covers this period.');
  if (!period) return 'No message in the chosen period.';
  const iso = (time: number) => new Date(time).toISOString();
  return `Period: ${iso(period.from)} to ${iso(period.to)} (days in ${view.zone.name})`;
}

/** Which servers the report is of, where it is not of all. */
function serversText({ servers }: View): string[] {
  return servers ? [`Servers: ${servers.map((name) => serverLabel(t, name)).join(', ')}`] : [];
}

function connectorsText({ connectors }: Summary): string[] {
  const versions = tlsVersions.map((v) => (v === 'tls' ? 'TLS ?' : tlsLabel(t, v)));
  return table(
    [
      ['Connector', 'Direction', 'Type', 'Forced TLS?', 'Messages', 'Recipients', ...versions],
      ...connectors.map((c) => [
        connectorLabel(t, c.name, c.direction),
        directionLabel(t, c.direction),
        typeLabel(t, c.type),
        forcedLabel(t, c, number),
        number(c.messages),
        number(c.recipients),
        ...c.tls.map(number),
      ]),
    ],
    4,
  );
}

/** How the connectors compare with the baseline; those that got worse by name. */
function baselineText({ messages, filter }: Report, baseline: Baseline): string[] {
  const { connectors, counts } = compareAll(messages, baseline, filter);
  const kinds = [
    `${number(counts.worse)} worse`,
    `${number(counts.better)} better`,
    `${number(counts.same)} the same`,
    `${number(counts.unknown)} not known`,
    `${number(counts.new)} new`,
    `${number(counts.gone)} gone`,
  ];
  const out = [`Against the baseline: ${kinds.join(', ')}.`];
  for (const { name, direction } of messages.connectors) {
    const comparison = connectors.get(connectorKey(name, direction));
    if (comparison?.change !== 'worse') continue;
    const worse = measures
      .filter((measure) => comparison.changes[measure] === 'worse')
      .map((measure) => {
        const { now, before } = comparison,
          of = (share: Share) =>
            `${number(share.messages)} of ${number(share.of)} (${shareText(share.messages, share.of, percent)})`;
        const version = tlsLabel(t, measure === 'noTls' ? 'none' : 'tls1.0');
        return `${version} ${of(now[measure])}, before ${of(before[measure])}`;
      });
    out.push(`  Worse: ${connectorLabel(t, name, direction)} (${directionLabel(t, direction)}): ${worse.join('; ')}`);
  }
  return out;
}

function directionText(label: string, sums: DirectionSummary): string[] {
  const known = knownTls(sums.tls),
    safe = shareText(protectedByTls(sums.tls), known, percent);
  const share = known > 0 ? `; of ${number(known)} with known TLS ${safe} were protected in transit (by TLS)` : '';
  return [`${label}: ${number(sums.messages)} messages, ${number(sums.recipients)} recipients${share}.`, ''];
}

function filesText({ analysis }: Report): string[] {
  const out: string[] = [];
  for (const file of analysis.files) {
    const { read, used, context, skipped } = file.lines;
    out.push(`${displayText(file.path)}: ${fileText(file)}`);
    if (file.format)
      out.push(
        `  ${number(read)} lines read = ${number(used)} used + ${number(context)} context + ${number(skipped)} skipped`,
      );
    for (const problem of file.problems)
      out.push(`  ${number(problem.count)} × ${problemSentence(t, problem)} First at line ${number(problem.line)}.`);
  }
  for (const code of new Set(analysis.files.flatMap((file) => file.advice)))
    out.push(`Advice: ${adviceSentence(t, code)}`);
  return out;
}

/** The format of a file, and what became of it. */
function fileText({ format: own, otherFormats = [], state, detail }: FileReport): string {
  const format = own === null ? null : [own, ...otherFormats].join(' + ');
  switch (state) {
    case 'failed':
      return format ?? `could not be read (${detail})`;
    case 'duplicate':
      return `${format}, all of it stands in ${displayText(detail ?? '')} too, not counted again`;
    case 'partial':
      return `${format}, read in part (${detail})`;
    default:
      return format ?? 'not recognised';
  }
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
