import { compareAll } from '../core/report/baseline';
import type { FileReport, LineCounts } from '../core/model';
import type { ConnectorRule } from '../core/connectors/rules';
import { connectorLabel, directionLabel, problemSentence, serverLabel } from '../core/report/sentences';
import { displayText } from '../core/text/display';
import { coverageSentence, uncoveredSentence } from '../presentation/coverage';
import { insightWords } from '../presentation/insight-words';
import type { Text } from '../presentation/text';
import { insightPeriod, type Report } from './report';

/** Who made a report, and when. */
export interface Tool {
  name: string;
  version: string;
  generated: Date;
}

/** What else an auditor has to know than the figures. */
export interface Circumstances {
  tool: Tool;
  rules: readonly ConnectorRule[];
  pseudonymised: boolean;
}

/**
 * What the figures follow from, so that they can be checked and reproduced: part of every export. Thresholds are by the
 * name of their rule, in percent; one that is off is missing.
 */
export function evidenceJson(report: Report, { rules, pseudonymised }: Circumstances) {
  const { view, analysis } = report;
  return {
    complete: analysis.complete,
    pseudonymised,
    // Anything but a number can name connectors, which a pseudonymised report hides.
    thresholds: Object.fromEntries(
      Object.entries(view.limits).filter(([, value]) =>
        pseudonymised ? typeof value === 'number' : value !== undefined,
      ),
    ),
    filters: {
      directions: view.directions ?? null,
      connectors: view.connectors ?? null,
      servers: view.servers ?? null,
    },
    // Hosts and addresses of a rule name the same parties that a pseudonymised report hides.
    connectorRules: pseudonymised ? rules.length : rules,
    ...(view.baseline ? { baseline: { from: view.baseline.from, to: view.baseline.to } } : {}),
  };
}

/** Lines of all files together. */
function allLines(report: Report): LineCounts {
  return report.analysis.files.reduce(
    (sum, { lines }) => ({
      read: sum.read + lines.read,
      used: sum.used + lines.used,
      context: sum.context + lines.context,
      skipped: sum.skipped + lines.skipped,
    }),
    { read: 0, used: 0, context: 0, skipped: 0 },
  );
}

/** A moment as ISO 8601 in UTC, to the second. */
function isoMoment(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** A label and what there is to say under it. */
type Line = [label: string, words: string];

/** The evidence as labelled sentences; names of files and connectors are made visible by `displayText`. */
export function evidenceLines(report: Report, circumstances: Circumstances, text: Text): Line[] {
  const { t } = text,
    { tool, pseudonymised } = circumstances,
    { analysis } = report;
  return [
    [t('Made by'), `${tool.name} ${tool.version}`],
    [t('Made at'), isoMoment(tool.generated.getTime())],
    [t('Period'), periodWords(report, text)],
    ...coverageWords(report, text).map((words): Line => [t('Coverage'), words]),
    [t('Filters'), filterWords(report, text)],
    [t('Thresholds'), thresholdWords(report, circumstances, text)],
    [t('Connector rules'), ruleWords(circumstances, text)],
    [
      t('Names'),
      pseudonymised
        ? t(
            'Hosts, connectors and files have pseudonyms that hold in this report only; ' +
              'addresses are cut to their network.',
          )
        : t('As logged.'),
    ],
    [t('Lines'), equation(text, allLines(report))],
    [
      t('Counting'),
      t(
        'A message is one accepted transaction. Shares are of messages whose TLS is known; ' +
          'what a log cannot tell is unknown, never No TLS.',
      ),
    ],
    ...baselineLines(report, text),
    ...ignoredLines(report, text),
    ...(analysis.complete
      ? []
      : [[t('State'), t('Reading was stopped: the figures are of what had been read until then.')] satisfies Line]),
    ...analysis.files.flatMap((file) => fileLines(file, text)),
  ];
}

function periodWords({ messages, sessions, filter, view }: Report, { t }: Text): string {
  const period = messages.period ?? sessions.period,
    { from = period?.from, to = period?.to } = filter;
  if (from === undefined || to === undefined) return t('No mail in this period.');
  return t(
    '{0} to {1} (end not included); days are those of the time zone {2}.',
    isoMoment(from),
    isoMoment(to),
    displayText(view.zone.name),
  );
}

/** What time the logs cover, then what of the period they do not. */
export function coverageWords({ coverage, filter, sessions }: Report, text: Text): string[] {
  const { from, to } = filter;
  return [coverage.messages, ...(sessions.connectors.length > 0 ? [coverage.sessions] : [])].flatMap((some) => {
    const cut = from === undefined || to === undefined ? '' : uncoveredSentence(text, some, { from, to });
    return [[coverageSentence(text, some), cut].filter(Boolean).join(' ')].filter(Boolean);
  });
}

function thresholdWords(report: Report, circumstances: Circumstances, { t }: Text): string {
  return (
    Object.entries(evidenceJson(report, circumstances).thresholds)
      .map(([rule, limit]) => `${rule}: ${displayText(JSON.stringify(limit), 2000)}`)
      .join('; ') || t('All insights are turned off.')
  );
}

function ruleWords({ rules, pseudonymised }: Circumstances, text: Text): string {
  if (rules.length === 0) return text.t('None');
  return pseudonymised
    ? text.number(rules.length)
    : rules.map((rule) => displayText(JSON.stringify(rule), 2000)).join('; ');
}

function baselineLines({ view: { baseline }, messages, filter }: Report, text: Text): Line[] {
  if (!baseline) return [];
  const { t } = text,
    { counts } = compareAll(messages, baseline, filter);
  const words = t(
    'Connectors: {0} worse, {1} better, {2} the same, {3} not known, {4} new, {5} gone.',
    ...[counts.worse, counts.better, counts.same, counts.unknown, counts.new, counts.gone].map((n) => text.number(n)),
  );
  return [[t('Baseline'), `${t('The report of {0} to {1}.', baseline.from ?? '–', baseline.to ?? '–')} ${words}`]];
}

function ignoredLines(report: Report, text: Text): Line[] {
  const { t } = text;
  return report.ignored.map(({ insight, override: { until, reason } }): Line => {
    const why = reason ? ` ${t('Reason: {0}', displayText(reason))}` : '';
    return [
      t('Ignored insight'),
      `${insightWords(text, insight, insightPeriod(report))} ${t('Ignored until {0}.', until)}${why}`,
    ];
  });
}

/** What became of a file, and a line for each of its problems. */
function fileLines(file: FileReport, text: Text): Line[] {
  const { t } = text,
    path = displayText(file.path),
    detail = file.detail === undefined ? '' : ` (${displayText(file.detail)})`;
  const words = [
    path,
    file.format === null ? t('Not recognized') : [file.format, ...(file.otherFormats ?? [])].join(' + '),
    t('{0} bytes', text.number(file.bytes)),
    `SHA-256 ${file.sha256 ?? t('not computed')}`,
    equation(text, file.lines),
    ...(file.state === 'complete' ? [] : [`${file.state}${detail}`]),
  ].join('; ');
  const problems = file.problems.map((problem): Line => {
    const { count, line } = problem;
    const sentence = `${problemSentence(t, problem)} ${t('First at line {0}.', String(line))}`;
    return [t('Problem'), `${path}: ${text.number(count)} × ${sentence}`];
  });
  return [[t('File'), words], ...problems];
}

function equation(text: Text, { read, used, context, skipped }: LineCounts): string {
  return text.t(
    '{0} lines read = {1} used + {2} context + {3} skipped',
    text.number(read),
    text.number(used),
    text.number(context),
    text.number(skipped),
  );
}

function filterWords({ view }: Report, { t }: Text): string {
  const directions = view.directions?.map((direction) => directionLabel(t, direction)) ?? [];
  const connectors =
    view.connectors?.map((name) => (name === null ? t('No connector') : connectorLabel(t, name, 'inbound'))) ?? [];
  const servers = view.servers?.map((name) => t('Server: {0}', serverLabel(t, name))) ?? [];
  return [...directions, ...connectors, ...servers].join(', ') || t('All mail flow');
}
