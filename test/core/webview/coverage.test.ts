/** Sentences, charts, tables and exports speak of the time that logs cover, in both languages. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
import { defaultLimits } from '../../../src/core/insights/index';
import { TlsCode, UnitCode, type FileReport } from '../../../src/core/model';
import type { Span } from '../../../src/core/report/coverage';
import type { Period } from '../../../src/core/report/period';
import { Zone } from '../../../src/core/text/zone';
import { exportReport } from '../../../src/export/formats';
import { jsonReport } from '../../../src/export/json';
import { periodInWords, makeReport, type Report as Exported } from '../../../src/export/report';
import { summaryText } from '../../../src/export/summary';
import type { Point } from '../../../src/presentation/charts';
import { bucketsOf, tlsCourses, tlsChart, volumeChart, volumeLines } from '../../../src/presentation/charts-time';
import { coverageSentence, uncoveredSentence } from '../../../src/presentation/coverage';
import { Text } from '../../../src/presentation/text';
import { flowSentence, periodPhrase, sentenceStart } from '../../../src/presentation/wording';
import { inPeriod, Report } from '../../../webview/report';
import { root } from '../../root';
import { means } from '../export/make';
import { cubeOf, snapshotOf, theme } from './make';

const italianSentences = JSON.parse(readFileSync(join(root, 'l10n/bundle.l10n.it.json'), 'utf8')) as Record<
  string,
  string
>;
const en = new Text('en', {}, 'UTC'),
  italian = new Text('it', italianSentences, 'UTC');
const at = (text: string) => Date.parse(text);
const span = (from: string, to: string): Span => ({ from: at(from), to: at(to) });
/** A space of any width, as `Intl` writes some. */
const plain = (text: string) => text.replace(/[\u2009\u202f\u00a0]/g, ' ');

/** A file that covers these times. */
const file = (covers: Span[], format = 'postfix'): FileReport => ({
  path: `/logs/${format}.log`,
  format,
  bytes: 1,
  lines: { read: 1, used: 1, context: 0, skipped: 0 },
  problems: [],
  state: 'complete',
  advice: [],
  checkpoints: [],
  covers,
});
/** 42 messages in and out on each of these days at noon. */
const mailOn = (...days: string[]) =>
  cubeOf(
    days.flatMap((day, i) =>
      [0, 1].map((direction) => ({
        direction,
        tls: i % 2 ? TlsCode.none : TlsCode.tls13,
        count: 42,
        time: at(`${day}T12:00Z`),
        line: i + 1,
      })),
    ),
  );
const report = (files: FileReport[], cube: ReturnType<typeof cubeOf>, period: Period = '7d'): Exported =>
  makeReport(
    { files, cube, progress: { read: 1, total: 1 }, complete: true },
    { period, zone: new Zone('UTC'), limits: defaultLimits },
  );
const sent = (one: Exported, text = en) =>
  flowSentence(
    text,
    'outbound',
    sentenceStart(text, periodInWords(one, UnitCode.message)),
    one.messages.outbound.tls,
    UnitCode.message,
  );

const oneDay = [file([span('2026-11-10T06:01Z', '2026-11-10T17:59Z')])];
const gap = [file([span('2026-11-10T00:00Z', '2026-11-12T23:59Z'), span('2026-11-15T00:00Z', '2026-11-16T17:59Z')])];

describe('sentences about a period', () => {
  it('speak of the day that a log of one day covers', () => {
    const one = report(oneDay, mailOn('2026-11-10'));
    assert.equal(
      sent(one),
      'In the 1 day that the logs cover, 42 messages were sent, of which 100% were protected in transit (by TLS).',
    );
    assert.equal(
      sent(one, italian),
      'Nel giorno coperto dai log, sono stati inviati 42 messaggi, di cui 100% protetti in transito (da TLS).',
    );
    assert.equal(plain(coverageSentence(en, one.coverage.messages)), 'The logs cover Nov 10, 2026, 6:01 AM – 5:58 PM.');
    assert.equal(plain(coverageSentence(italian, one.coverage.messages)), 'I log coprono 10 nov 2026, 06:01–17:58.');
  });
  it('say the last 7 days where the logs cover these, though the last one is not over', () => {
    const one = report([file([span('2026-11-01T00:03Z', '2026-11-20T17:59Z')])], mailOn('2026-11-20'));
    assert.match(sent(one), /^In the last 7 days 42 messages/);
    assert.equal(
      plain(uncoveredSentence(en, one.coverage.messages, one.filter as Span)),
      'Covered in part: Nov 20, 2026 (12:00 AM – 5:58 PM).',
    );
  });
  it('do not say the last 7 days where the first of them is not whole, or one is missing', () => {
    const late = report([file([span('2026-11-14T09:00Z', '2026-11-20T17:59Z')])], mailOn('2026-11-20'));
    assert.match(sent(late), /^In the 7 days that the logs cover, 42/);
    const missing = report(gap, mailOn('2026-11-10', '2026-11-16'));
    assert.match(sent(missing), /^In the 5 days that the logs cover, 84/);
    assert.equal(periodPhrase(en, periodInWords(missing, UnitCode.message)), 'In the 5 days that the logs cover');
    assert.equal(periodPhrase(italian, periodInWords(missing, UnitCode.message)), 'Nei 5 giorni coperti dai log');
  });
  it('say that no log covers a period instead of a count of 0', () => {
    const none = report(oneDay, mailOn('2026-11-10'), { from: '2026-10-01', to: '2026-10-08' });
    assert.equal(sent(none), 'No log covers this period.');
    assert.equal(sent(none, italian), 'Nessun log copre questo periodo.');
    assert.match(summaryText(none), /^No log covers this period\.$/m);
  });
  it('name the gaps, and each format where there are several', () => {
    const one = report(gap, mailOn('2026-11-10'));
    assert.equal(
      plain(coverageSentence(en, one.coverage.messages)),
      'The logs cover Nov 10, 2026, 12:00 AM – Nov 16, 2026, 5:58 PM. No log covers Nov 12, 2026, 11:59 PM – Nov 15, 2026, 12:00 AM.',
    );
    assert.match(
      plain(uncoveredSentence(en, one.coverage.messages, one.filter as Span)),
      /^Not covered by any log: Nov 13, 2026 – Nov 14, 2026\. /,
    );
    assert.match(
      uncoveredSentence(italian, one.coverage.messages, one.filter as Span),
      /^Non coperto da alcun log: 13 nov 2026 – 14 nov 2026\. /,
    );
    const two = report(
      [...oneDay, file([span('2026-11-09T00:00Z', '2026-11-10T17:59Z')], 'exim')],
      mailOn('2026-11-10'),
    );
    assert.equal(
      plain(coverageSentence(en, two.coverage.messages)),
      'The logs cover exim: Nov 9, 2026, 12:00 AM – Nov 10, 2026, 5:58 PM; postfix: Nov 10, 2026, 6:01 AM – 5:58 PM.',
    );
  });
});

describe('charts and tables over time', () => {
  const drawn = () => {
    const snapshot = inPeriod(snapshotOf(mailOn('2026-11-10', '2026-11-12', '2026-11-16')), 'all');
    snapshot.analysis.files = gap;
    const page = new Report(
      inPeriod({ ...snapshot, analysis: { ...snapshot.analysis, cube: { ...snapshot.analysis.cube } } }, 'all'),
      UnitCode.message,
    );
    const connectors = page.connectors(undefined);
    return {
      page,
      connectors,
      counted: bucketsOf(
        page.cube,
        page.filter(undefined),
        page.unit,
        connectors,
        page.summary.period!,
        page.zone,
        page.coverage,
      ),
    };
  };
  it('have a gap on days that no log covers, 0 on others without mail, and mark days covered in part', () => {
    const { connectors, counted } = drawn();
    assert.deepEqual(counted.states, ['wholly', 'wholly', 'wholly', 'none', 'none', 'wholly', 'partly']);
    const lines = volumeLines(counted, connectors, en),
      chart = volumeChart(lines, counted, 800, en, theme);
    const counts = (chart.data.counts as { s: number; count: number | null }[])
      .filter(({ s }) => s === 0)
      .map(({ count }) => count);
    assert.deepEqual(counts, [42, 0, 42, null, null, 0, 42]);
    const tips = (chart.data.symbols as Point[]).map(({ tip }) => tip.split('\n')[0]);
    assert.ok(tips.includes('Nov 16, 2026 (in part)') && !tips.some((tip) => tip.includes('Nov 13')), tips.join());
    const bars = tlsChart(tlsCourses(counted, connectors, en), counted, 800, en, theme).data.counts as Point[];
    assert.ok(bars.some(({ tip }) => tip.startsWith('Nov 16, 2026 (in part)\n')));
  });
  it('of the page say which days are not covered', () => {
    const { page } = drawn();
    assert.equal(page.coveredOn(at('2026-11-13T00:00Z')), 'none');
    assert.equal(page.coveredOn(at('2026-11-16T00:00Z')), 'partly');
    assert.match(
      plain(page.uncovered(en)),
      /^Not covered by any log: Nov 13, 2026 – Nov 14, 2026\. Covered in part: Nov 16, 2026 /,
    );
  });
});

describe('exports', () => {
  const one = report(gap, mailOn('2026-11-10', '2026-11-16'));
  it('as JSON have the coverage of each format and file', () => {
    const { coverage, inputs, period } = jsonReport(one, means().tool);
    assert.deepEqual(coverage, [
      {
        format: 'postfix',
        from: '2026-11-10T00:00:00.000Z',
        to: '2026-11-16T17:59:00.000Z',
        gaps: [{ from: '2026-11-12T23:59:00.000Z', to: '2026-11-15T00:00:00.000Z' }],
      },
    ]);
    assert.deepEqual([inputs[0].from, inputs[0].to], ['2026-11-10T00:00:00.000Z', '2026-11-16T17:59:00.000Z']);
    assert.deepEqual(period, { from: '2026-11-10T00:00:00.000Z', to: '2026-11-16T17:59:00.000Z', timeZone: 'UTC' });
  });
  it('as CSV have a row for days that no log covers, and for days covered in part', async () => {
    for (const format of ['csv', 'remote-hosts'] as const) {
      const { data } = Papa.parse<Record<string, string>>(await exportReport(format, one, means({ text: en })), {
        header: true,
      });
      assert.deepEqual(
        data.filter(({ Record }) => Record === 'coverage').map((row) => [row.Date, plain(row.Note), row.Volume]),
        [
          ['2026-11-13/2026-11-14', 'Not covered by any log.', ''],
          ['2026-11-16', 'Covered in part: 12:00 AM – 5:58 PM.', ''],
        ],
        format,
      );
      assert.ok(
        data.some((row) => row.Record === 'evidence' && plain(row.Note).startsWith('The logs cover Nov 10, 2026')),
        format,
      );
    }
  });
  it('for people say it in words', async () => {
    for (const format of ['html', 'markdown'] as const) {
      const text = plain(await exportReport(format, one, means({ text: en })));
      assert.match(text, /In the 5 days that the logs cover, 84 messages were sent/, format);
      assert.match(text, /Not covered by any log: Nov 13, 2026 – Nov 14, 2026/, format);
    }
    const html = await exportReport('html', one, means({ text: en }));
    assert.match(
      html,
      /<tr><td>Nov 13, 2026 – Nov 14, 2026<\/td><td>Not covered by any log\.<\/td><td class="number">–<\/td>/,
    );
    assert.match(html, /<td>Nov 16, 2026 \(in part\)<\/td>/);
    assert.match(
      plain(summaryText(one)),
      /The logs cover Nov 10, 2026, 12:00 AM – Nov 16, 2026, 5:58 PM\. No log covers /,
    );
  });
  it('without a time in any file have no coverage, and the figures all the same', () => {
    const { coverage, totals } = jsonReport(report([file([])], mailOn('2026-11-10')), means().tool);
    assert.deepEqual(coverage, []);
    assert.equal(totals.outbound.messages, 42);
    assert.equal(coverageSentence(en, report([file([])], new CubeBuilder().build()).coverage.messages), '');
  });
});
