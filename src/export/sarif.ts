import { problemSentence } from '../core/report/sentences';
import { proofOf } from '../core/insights/counted';
import type { Insight } from '../core/insights/insight';
import { insightTitle } from '../core/insights/insightsentences';
import { displayText } from '../core/text/display';
import type { Text } from '../presentation/text';
import { insightWords } from '../presentation/insight-words';
import { evidenceJson, type Circumstances } from './evidence';
import { coverageJson } from './json';
import { insightPeriod, type Report } from './report';

const levels = { error: 'error', warning: 'warning', information: 'note' } as const;

/**
 * The insights as SARIF 2.1.0 (OASIS), for code scanning and editors. A result's fingerprint depends on rule, direction
 * and connector only: the same finding in the next log is the same finding.
 * @param sha256 of a text, in hex.
 */
export function sarifReport(
  report: Report,
  circumstances: Circumstances,
  text: Text,
  sha256: (text: string) => string,
) {
  const { t } = text,
    { tool } = circumstances,
    { files } = report.analysis;
  const uris = files.map((file) => uriOf(file.path));
  const results = [...report.insights.map((insight) => ({ insight, override: undefined })), ...report.ignored];
  const found = [...new Map(results.map(({ insight }) => [insight.id, insight])).values()];
  const place = (file: number, line: number) => ({
    physicalLocation: { artifactLocation: { uri: uris[file], index: file }, region: { startLine: line } },
  });
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            version: tool.version,
            semanticVersion: tool.version,
            rules: found.map((insight) => ({
              id: insight.id,
              shortDescription: { text: insightTitle(t, insight, (n) => text.number(n)) },
              defaultConfiguration: { level: levels[insight.severity] },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful:
              report.analysis.complete &&
              files.every((file) => file.state === 'complete' || file.state === 'duplicate'),
            endTimeUtc: tool.generated.toISOString(),
            toolExecutionNotifications: files.flatMap((file, i) =>
              file.problems.map((problem) => ({
                descriptor: { id: problem.code },
                level: 'note',
                message: { text: plain(`${text.number(problem.count)} × ${problemSentence(t, problem)}`) },
                locations: [place(i, Math.max(1, problem.line))],
              })),
            ),
          },
        ],
        artifacts: files.map((file, i) => ({
          location: { uri: uris[i], index: i },
          length: file.bytes,
          ...(file.sha256 === undefined ? {} : { hashes: { 'sha-256': file.sha256 } }),
          roles: ['analysisTarget'],
          properties: { format: file.format, state: file.state, lines: file.lines },
        })),
        results: results.map(({ insight, override }) => ({
          ruleId: insight.id,
          ruleIndex: found.findIndex(({ id }) => id === insight.id),
          level: levels[insight.severity],
          message: { text: plain(insightWords(text, insight, insightPeriod(report))) },
          ...locationsOf(insight, place),
          // An insight that the user ignores is a suppressed result (SARIF 2.1.0, 3.27.23).
          ...(override
            ? {
                suppressions: [
                  {
                    kind: 'external',
                    status: 'accepted',
                    justification: plain(
                      [displayText(override.reason), t('Ignored until {0}.', override.until)].filter(Boolean).join(' '),
                    ),
                  },
                ],
              }
            : {}),
          partialFingerprints: {
            'mailFlowInsight/v1': sha256(JSON.stringify([insight.id, insight.direction, insight.connector])),
          },
          properties: {
            connector: insight.connector === null ? null : displayText(insight.connector),
            direction: insight.direction,
            messages: insight.messages,
            of: insight.of,
            threshold: insight.threshold,
          },
        })),
        columnKind: 'utf16CodeUnits',
        properties: {
          period: {
            from: iso(report.messages.period?.from ?? report.filter.from),
            to: iso(report.messages.period?.to ?? report.filter.to),
            timeZone: report.view.zone.name,
          },
          coverage: coverageJson(report),
          ...evidenceJson(report, circumstances),
        },
      },
    ],
  };
}

/** The line that proves an insight, and beside it the one that counts the message. */
function locationsOf<T>(insight: Insight, at: (file: number, line: number) => T) {
  const proof = proofOf(insight),
    { file, line } = insight.place,
    isCounted = proof.file === file && proof.line === line;
  return { locations: [at(proof.file, proof.line)], ...(isCounted ? {} : { relatedLocations: [at(file, line)] }) };
}

const iso = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());

/** Square brackets would make a link of what a stranger wrote (SARIF 2.1.0, 3.11.6). */
function plain(text: string): string {
  return text.replace(/[\\[\]]/g, '\\$&');
}

/** A path as a URI reference: absolute ones as `file:`, the others relative, with Windows' separators turned. */
function uriOf(path: string): string {
  const slashes = path.replaceAll('\\', '/'),
    encoded = slashes
      .split('/')
      .map((part) => encodeURIComponent(part.toWellFormed()))
      .join('/');
  return /^[a-z]:\//i.test(slashes)
    ? `file:///${encoded.replace('%3A', ':')}`
    : slashes.startsWith('/')
      ? `file://${encoded}`
      : encoded;
}
