import { insightTitle } from '../core/insights/insightsentences';
import { UnitCode, tlsVersions } from '../core/model';
import { uncoveredDays } from '../core/report/coverage';
import { remotesOf } from '../core/report/remotes';
import { adviceSentence, tlsLabel, typeLabel } from '../core/report/sentences';
import { displayText } from '../core/text/display';
import type { Chart } from '../presentation/charts';
import { bucketsOf, tlsChart, tlsCourses, volumeChart, volumeLines } from '../presentation/charts-time';
import { detailTable } from '../presentation/details';
import { connectorText, dayText, forcedText } from '../presentation/rows';
import type { Text } from '../presentation/text';
import { sentenceStart } from '../presentation/wording';
import { daysText, nameWithCoverage } from '../presentation/coverage';
import { insightWords } from '../presentation/insight-words';
import { cipherTables } from './html-ciphers';
import { coverageWords, evidenceLines, type Circumstances } from './evidence';
import { figures, flows, lineKey, patterns, theme } from './html-parts';
import { Markup, name, picture, tag } from './markup';
import { insightPeriod, proofText, periodInWords, type Report } from './report';
import { style } from './style';

/** Draws a chart as the text of an SVG image. */
export type Draw = (chart: Chart, text: Text) => Promise<string>;

const chartWidth = 1000,
  mostRemotes = 50,
  mostDetails = 5000;

/** The report as one HTML file without scripts and without anything to load; its charts are drawn already. */
export async function htmlReport(
  report: Report,
  circumstances: Circumstances,
  text: Text,
  draw: Draw,
): Promise<string> {
  const { t } = text,
    title = t('Mail Flow Report'),
    { period } = report.messages,
    span = period ? text.range(period.from, period.to) : t('No mail in this period.');
  const body: (Markup | false)[] = [
    patterns(),
    tag('h1', {}, title),
    tag('p', { class: 'quiet' }, `${span} · ${t('Time zone: {0}', displayText(report.view.zone.name))}`),
    ...coverageWords(report, text).map((words) => tag('p', { class: 'quiet' }, words)),
    ...(await flowsOf(report, UnitCode.message, text, draw)),
    report.messages.internal > 0 &&
      tag(
        'p',
        { class: 'quiet' },
        t(
          'Between own servers or delivered locally, and not part of the volume: {0}.',
          text.number(report.messages.internal),
        ),
      ),
    ...(report.sessions.connectors.length > 0 ? await flowsOf(report, UnitCode.session, text, draw) : []),
    insights(report, text),
    ...(await overTime(report, text, draw)),
    connectors(report, text),
    ...cipherTables(report.messages, section, text),
    remotes(report, text),
    details(report, text),
    tag('h2', {}, t('Evidence')),
    tag(
      'table',
      { class: 'evidence' },
      tag(
        'tbody',
        {},
        evidenceLines(report, circumstances, text).map(([label, words]) =>
          tag('tr', {}, tag('th', { scope: 'row' }, label), tag('td', {}, words)),
        ),
      ),
    ),
  ];
  const head = [
    tag('meta', { charset: 'utf-8' }),
    tag('meta', { 'http-equiv': 'Content-Security-Policy', content: "default-src 'none'; style-src 'unsafe-inline'" }),
    tag('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    tag('meta', { name: 'generator', content: `${circumstances.tool.name} ${circumstances.tool.version}` }),
    tag('title', {}, title),
    new Markup(`<style>${style}</style>`),
  ];
  const page = tag(
    'html',
    { lang: text.language },
    tag('head', {}, head),
    '\n',
    tag('body', {}, tag('main', {}, body)),
  );
  return `<!DOCTYPE html>\n${page.html}\n`;
}

function flowsOf(report: Report, unit: UnitCode, text: Text, draw: Draw): Promise<Markup[]> {
  const summary = unit === UnitCode.session ? report.sessions : report.messages;
  return flows(summary, unit, sentenceStart(text, periodInWords(report, unit)), text, draw);
}

function insights(report: Report, text: Text): Markup {
  const { t } = text;
  return new Markup(
    [
      tag('h2', {}, t('Insights')),
      report.insights.length === 0
        ? tag('p', {}, t('No connector is over a limit.'))
        : tag(
            'ul',
            {},
            report.insights.map((insight) =>
              tag(
                'li',
                {},
                tag(
                  'strong',
                  {},
                  insightTitle(t, insight, (n) => text.number(n)),
                ),
                ' – ',
                insightWords(text, insight, insightPeriod(report)),
                ' ',
                tag('span', { class: 'quiet' }, proofText(report, insight)),
              ),
            ),
          ),
      ...[...new Set(report.analysis.files.flatMap((file) => file.advice))]
        .map((code) => adviceSentence(t, code))
        .filter(Boolean)
        .map((advice) => tag('p', {}, tag('strong', {}, t('Advice:')), ' ', advice)),
    ]
      .map(({ html }) => html)
      .join(''),
  );
}

async function overTime(report: Report, text: Text, draw: Draw): Promise<Markup[]> {
  const { t } = text,
    { cube } = report.analysis,
    { period, connectors } = report.messages;
  if (!period) return [];
  const counted = bucketsOf(
      cube,
      report.filter,
      UnitCode.message,
      connectors,
      period,
      report.view.zone,
      report.coverage.messages,
    ),
    { buckets, times, states } = counted;
  const lines = volumeLines(counted, connectors, text),
    courses = tlsCourses(counted, connectors, text);
  const axis = { buckets, times, states },
    volume = volumeChart(lines, axis, chartWidth, text, theme),
    usage = tlsChart(courses, axis, chartWidth, text, theme);
  return [
    tag('h2', {}, t('Volume over time')),
    picture(await draw(volume, text), volume.label),
    tag(
      'ul',
      { class: 'legend' },
      lines.map((line, s) => tag('li', {}, lineKey(line, s), name(line.name), ` ${text.number(line.total)}`)),
    ),
    tag('h2', {}, t('TLS usage over time')),
    picture(await draw(usage, text), usage.label),
  ];
}

function connectors(report: Report, text: Text): Markup {
  const { t } = text;
  return section(
    t('Connector report'),
    [
      t('Connector direction and name'),
      t('Connector type'),
      t('Forced TLS?'),
      ...tlsVersions.map((version) => tlsLabel(t, version)),
      t('Volume'),
    ],
    3,
    report.messages.connectors.map((c) => [
      name(connectorText(text, c.name, c.direction)),
      typeLabel(t, c.type),
      forcedText(text, c) || '–',
      ...figures(text, c.tls),
      text.number(c.messages),
    ]),
  );
}

function remotes(report: Report, text: Text): Markup {
  const { t } = text;
  const hosts = remotesOf(
    report.analysis.cube,
    { ...report.filter, directions: report.filter.directions ?? ['inbound', 'outbound'] },
    mostRemotes,
  );
  return section(
    t('Top remote hosts'),
    [t('Remote host'), t('Messages'), t('Recipients'), ...tlsVersions.map((version) => tlsLabel(t, version))],
    1,
    hosts.map((host) => [
      host.host === '' ? t('(not logged)') : name(host.host),
      text.number(host.messages),
      text.number(host.recipients),
      ...host.tls.map((n) => text.number(n)),
    ]),
  );
}

function details(report: Report, text: Text): Markup {
  const { t } = text;
  const rows = detailTable(
    report.analysis.cube,
    report.filter,
    UnitCode.message,
    report.view.zone,
    report.messages.connectors,
  )
    .rows()
    .reverse();
  const table = section(
    t('Details'),
    [t('Date'), t('Connector direction and name'), ...tlsVersions.map((version) => tlsLabel(t, version)), t('Volume')],
    2,
    withUncovered(
      report,
      text,
      rows.slice(0, mostDetails).map(({ day, connector, direction, tls, volume }) => ({
        day,
        cells: [name(connectorText(text, connector, direction)), ...[...tls, volume].map((n) => text.number(n))],
      })),
    ),
  );
  return rows.length <= mostDetails
    ? table
    : new Markup(
        table.html +
          tag(
            'p',
            { class: 'quiet' },
            t(
              'The newest {0} of {1} rows; the CSV export has all.',
              text.number(mostDetails),
              text.number(rows.length),
            ),
          ).html,
      );
}

/** Rows with their days, newest first, and between them a row for each run of days that no log covers. */
function withUncovered(
  { coverage, filter: { from, to } }: Report,
  text: Text,
  rows: { day: number; cells: (Markup | string)[] }[],
): (Markup | string)[][] {
  const runs = from === undefined || to === undefined ? [] : uncoveredDays(coverage.messages, from, to);
  const partly = new Set(runs.filter(({ covered }) => covered === 'partly').map(({ first }) => first)),
    gaps = runs.filter(({ covered }) => covered === 'none');
  const dashes = ['', ...tlsVersions, ''].map(() => '–').slice(1);
  return [
    ...rows.map(({ day, cells }) => ({
      day,
      cells: [nameWithCoverage(text, dayText(text, day), partly.has(day) ? 'partly' : undefined), ...cells],
    })),
    ...gaps.map((run) => ({
      day: run.first,
      cells: [daysText(text, run), text.t('Not covered by any log.'), ...dashes],
    })),
  ]
    .sort((a, b) => b.day - a.day)
    .map(({ cells }) => cells);
}

/** A heading and a table; columns from `right` on are numbers. */
function section(title: string, head: string[], right: number, rows: (Markup | string)[][]): Markup {
  const kind = (i: number) => ({ class: i < right ? undefined : 'number' });
  return new Markup(
    tag('h2', {}, title).html +
      tag(
        'div',
        { class: 'scroll' },
        tag(
          'table',
          {},
          tag(
            'thead',
            {},
            tag(
              'tr',
              {},
              head.map((label, i) => tag('th', { scope: 'col', ...kind(i) }, label)),
            ),
          ),
          tag(
            'tbody',
            {},
            rows.map((cells) =>
              tag(
                'tr',
                {},
                cells.map((cell, i) => tag('td', kind(i), cell)),
              ),
            ),
          ),
        ),
      ).html,
  );
}
