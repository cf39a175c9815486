/** The charts, drawn as the page draws them: compiled, run by the interpreter without making code, and looked at as SVG. */
import assert from 'node:assert/strict';
import type { DirectionCode } from '../../../src/core/model';
import { TlsCode } from '../../../src/core/model';
import { displayText } from '../../../src/core/text/display';
import { ring, type Chart } from '../../../src/presentation/charts';
import {
  bucketsOf,
  mostLines,
  tlsChart,
  tlsCourses,
  volumeChart,
  volumeLines,
} from '../../../src/presentation/charts-time';
import { viewOf } from '../../../src/presentation/compile';
import { Report } from '../../../webview/report';
import { Text } from '../../../src/presentation/text';
import { cubeOf, noon, snapshotOf, theme, type Kind } from './make';

const text = new Text('en', {}, 'UTC'),
  day = 86_400_000;
const hostile = [
  '<img src=x onerror=alert(1)>',
  '</text><script>alert(2)</script>',
  '{{constructor}}',
  "'+alert(3)+'",
  'url(http://x.test/)',
  '__proto__',
  '\u202egnp.exe\u0000',
  'x'.repeat(5000),
];

/** The chart as SVG; it fails when Vega tries to make a function from text. */
async function draw(chart: Chart): Promise<string> {
  const { Function: original } = globalThis;
  globalThis.Function = function refused() {
    throw new Error('code from text');
  } as never;
  try {
    const warnings: unknown[] = [];
    const view = viewOf(chart, text, { renderer: 'none' });
    view.logger({
      level: () => 0,
      error: (...e: unknown[]) => warnings.push(e),
      warn: (...e: unknown[]) => warnings.push(e),
      info: () => undefined,
      debug: () => undefined,
    } as never);
    await view.runAsync();
    const svg = await view.toSVG();
    view.finalize();
    assert.deepEqual(warnings, []);
    return svg;
  } finally {
    globalThis.Function = original;
  }
}

/** Marks of a kind in an SVG. */
const count = (svg: string, role: string) =>
  (svg.match(new RegExp(`<g class="mark-${role}[^"]*"[^>]*>.*?</g>`, 'gs')) ?? []).join('').match(/<path/g)?.length ??
  0;

function parts(kinds: readonly Kind[]) {
  const report = new Report(snapshotOf(cubeOf(kinds)), 0),
    period = report.summary.period!;
  const connectors = report.connectors(undefined),
    counted = bucketsOf(
      report.snapshot.analysis.cube,
      report.filter(undefined),
      report.unit,
      connectors,
      period,
      report.zone,
      report.coverage,
    ),
    { times } = counted;
  return {
    report,
    times,
    axis: counted,
    lines: volumeLines(counted, connectors, text),
    courses: tlsCourses(counted, connectors, text),
  };
}

describe('the ring', () => {
  const slice = (n: number, version: TlsCode) => ({
    count: n,
    fill: theme.fills[version],
    label: `label ${version}`,
    tip: `tip ${version}`,
    place: null,
  });
  it('draws a part for each count that is not zero, with its pattern', async () => {
    const svg = await draw(
      ring(
        [slice(1, TlsCode.none), slice(0, TlsCode.tls10), slice(60, TlsCode.tls12), slice(39, TlsCode.tls13)],
        '1,234',
        'words',
        168,
        theme,
      ),
    );
    assert.equal(count(svg, 'arc'), 3);
    for (const version of [TlsCode.none, TlsCode.tls12, TlsCode.tls13])
      assert.ok(svg.includes(`url(#mail-flow-tls-${version})`), String(version));
    assert.ok(!svg.includes('url(#mail-flow-tls-2)'));
    assert.ok(svg.includes('>1,234<'));
    assert.ok(svg.includes('>label 4<') && !svg.includes('>label 0<'), 'a sliver has no label at the ring');
  });
  it('draws a single part as a whole ring', async () => {
    assert.equal(count(await draw(ring([slice(5, TlsCode.tls13)], '5', '', 120, theme)), 'arc'), 1);
  });
});

describe('the volume over time', () => {
  const kinds = Array.from({ length: 12 }, (_, i): Kind[] =>
    [0, 1, 3].map((d) => ({
      connector: `c${i}`,
      direction: (i % 2) as DirectionCode,
      tls: TlsCode.tls12,
      count: 100 - i,
      time: noon - d * day - (i === 0 ? 3 * day : 0),
    })),
  ).flat();
  it('gives the largest connectors a line each and sums up the others, without losing a message', () => {
    const { lines, report } = parts(kinds);
    assert.equal(lines.length, mostLines + 1);
    assert.equal(lines.at(-1)!.name, '4 others');
    assert.equal(
      lines.reduce((sum, line) => sum + line.total, 0),
      report.summary.inbound.messages + report.summary.outbound.messages,
    );
    for (const line of lines)
      assert.equal(
        line.counts.reduce((a, b) => a + b, 0),
        line.total,
      );
  });
  it('shows days without mail as zero', () => {
    const { times, lines } = parts(kinds);
    assert.equal(times.length, 7);
    assert.deepEqual(lines.find((line) => line.name === 'Inbound: c2')!.counts, [0, 0, 0, 98, 0, 98, 98]);
  });
  it('draws them with labels in the language of the reader', async () => {
    const { lines, times, axis } = parts(kinds);
    const svg = await draw(volumeChart(lines, axis, 800, text, theme));
    assert.equal(count(svg, 'symbol'), lines.length * times.length);
    assert.equal(count(svg, 'line'), lines.length);
    assert.ok(svg.includes('>Mar 19<'), svg.slice(0, 2000));
    const italian = new Text('it', {}, 'UTC');
    assert.match(await draw(volumeChart(lines, axis, 800, italian, theme)), />19 mar</);
  });
  it('leads from each point to its first line', () => {
    const { lines, times } = parts([
      { tls: TlsCode.none, time: noon, line: 9 },
      { tls: TlsCode.tls12, time: noon + 1, line: 4 },
      { tls: TlsCode.tls12, time: noon - day, file: 1, line: 2 },
    ]);
    assert.deepEqual(
      lines[0].places,
      times.map((time) =>
        time === times[0] ? { file: 1, line: 2 } : time === times.at(-1) ? { file: 0, line: 4 } : undefined,
      ),
    );
  });
});

describe('the TLS usage over time', () => {
  it('leaves unknown out and says shares in the tips', async () => {
    const { courses, axis } = parts([
      { tls: TlsCode.none, count: 1, time: noon - 4 * day },
      { tls: TlsCode.tls13, count: 3, time: noon },
      { tls: TlsCode.none, count: 1, time: noon },
      { tls: TlsCode.unknown, count: 40, time: noon },
    ]);
    const chart = tlsChart(courses, axis, 640, text, theme);
    assert.deepEqual(
      courses.map((course) => course.total),
      [2, 0, 0, 0, 0, 3, 0, 40],
      'the table beside it has all',
    );
    const values = chart.data.counts as { tip: string; version: number }[];
    assert.deepEqual(
      values.map((value) => value.tip),
      [
        'Mar 15, 2024 (in part)\nNo TLS: 1 (100%)',
        'Mar 19, 2024 (in part)\nNo TLS: 1 (25%)',
        'Mar 19, 2024 (in part)\nTLS 1.3: 3 (75%)',
      ],
    );
    const svg = await draw(chart);
    assert.equal(count(svg, 'rect role-mark'), 3);
    assert.ok(svg.includes('>75%<') && svg.includes('url(#mail-flow-tls-5)') && !svg.includes('url(#mail-flow-tls-7)'));
  });
});

describe('hostile names', () => {
  it('are inert in every chart', async () => {
    const { lines, axis, courses } = parts(
      hostile.map((connector) => ({ connector, remote: connector, tls: TlsCode.none })),
    );
    for (const chart of [
      volumeChart(lines, axis, 700, text, theme),
      tlsChart(courses, axis, 700, text, theme),
      ring(
        [{ count: 1, fill: theme.fills[0], label: hostile[0], tip: hostile[1], place: null }],
        hostile[1],
        hostile[2],
        120,
        theme,
      ),
    ]) {
      const svg = await draw(chart);
      const markup = svg.replace(/>[^<]*/g, '>');
      assert.doesNotMatch(markup, /<(img|script|image|foreignObject|a)\b|javascript:|\son\w+=|x\.test/i);
    }
    assert.deepEqual(
      lines.filter((line) => line.name.includes('\u202e') || line.name.length > 300),
      [],
    );
    assert.ok(lines.some((line) => line.name === `Inbound: ${displayText(hostile[0])}`));
  });
});
