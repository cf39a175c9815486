/** Names that strangers wrote stay text in every export, and a pseudonymised one has none of them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import Papa from 'papaparse';
import { TlsCode, type DirectionCode } from '../../../src/core/model';
import { exportFormats } from '../../../src/export/endings';
import { exportReport } from '../../../src/export/formats';
import { jsonReport } from '../../../src/export/json';
import { pseudonymise } from '../../../src/export/pseudonyms';
import { hostile, keyed, kinds, means, reportOf } from './make';

const named = (names: readonly string[]) =>
  reportOf(
    names.map((connector, i) => ({
      connector,
      remote: connector,
      direction: (i % 2) as DirectionCode,
      tls: TlsCode.none,
      count: i + 1,
      line: i + 1,
    })),
    { path: `/logs/${names[0]}` },
  );
const cells = (csv: string) => Papa.parse<string[]>(csv).data.flat();

describe('names of strangers in exports', () => {
  it('never begin a cell that a spreadsheet takes for a formula', async () => {
    const start = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
    for (const format of ['csv', 'remote-hosts'] as const)
      assert.deepEqual(
        cells(await exportReport(format, named(hostile), means())).filter((cell) => start.test(cell)),
        [],
      );
    await fc.assert(
      fc.asyncProperty(
        fc.string({
          unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ' ', '"', ',', ';', 'a', '\uff1d', '\uff20'),
          minLength: 1,
          maxLength: 6,
        }),
        async (name) => {
          assert.deepEqual(
            cells(await exportReport('csv', named([name]), means())).filter((cell) => start.test(cell)),
            [],
          );
        },
      ),
      { numRuns: 200 },
    );
  });
  it('come back from raw CSV as they were logged', async () => {
    const names = hostile.map((name) => name.toLowerCase());
    const back = Papa.parse<Record<string, string>>(await exportReport('csv', named(names), means({ csv: 'raw' })), {
      header: true,
    }).data;
    assert.deepEqual(
      new Set(back.filter((row) => row.Record === 'details').map((row) => row['Connector name'])),
      new Set(names),
    );
  });
  it('come back from JSON as they were logged, and change nothing of how it looks', async () => {
    const names = [...hostile, 'a\u009bb', 'c\u202ed', 'e\u{e0041}f', 'g\u2028h', 'i\u00adj'],
      report = named(names),
      json = await exportReport('json', report, means());
    assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(jsonReport(report, means().tool, means()))));
    for (const format of ['json', 'sarif'] as const) {
      const text = await exportReport(format, report, means());
      assert.doesNotMatch(text, /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      JSON.parse(text);
    }
  });
  it('open no element in HTML', async () => {
    const html = await exportReport('html', named(hostile), means());
    assert.deepEqual([...html.matchAll(/<[^>]*\son\w+=[^>]*>|<(?:img|script|a|b)\b|<svg\//gi)].map(String), []);
    const page = 'html|head|meta|title|style|body|main|section|h1|h2|h3|p|ul|li|strong|span|div|bdi';
    const tables = 'table|thead|tbody|tr|th|td';
    const pictures = 'svg|defs|pattern|rect|path|g|text|clipPath|linearGradient|stop|line|tspan';
    const allowed = new RegExp(`^</?(?:${page}|${tables}|${pictures})[\\s>/]`);
    assert.deepEqual(
      [
        ...html
          .replace(/<style>[^]*?<\/style>/, '')
          .replace('<!DOCTYPE html>', '')
          .matchAll(/<\/?[^\s>]+[\s>/]?/g),
      ]
        .map(String)
        .filter((tag) => !allowed.test(tag)),
      [],
    );
    assert.ok(!html.includes('\u202e'));
    assert.ok(html.length < 400_000, 'a name of 64 KiB is cut');
  });
  it('are no markup and no links in Markdown and SARIF', async () => {
    const markdown = await exportReport('markdown', named(hostile), means());
    const outside = markdown.replace(/(`+)(?!`)[^]*?[^`]\1(?!`)/g, '').replace(/\\[\\`*_[\]<>#|~&@^$:.]/g, '');
    assert.doesNotMatch(outside, /<\w|\]\(|:\/\/|www\.|\w@\w/);
    const width = (line: string) => line.replaceAll('\\|', '').split('|').length;
    const table = markdown.split('\n').filter((line) => line.startsWith('| ') && line.includes('nbound: `'));
    assert.equal(new Set(table.map(width)).size, 1, 'no name ends a cell');
    const messages = JSON.parse(await exportReport('sarif', named(hostile), means())) as {
      runs: { results: { message: { text: string } }[] }[];
    };
    for (const { message } of messages.runs[0].results) assert.doesNotMatch(message.text, /(?<!\\)\[|\u202e/);
  });
});

describe('a pseudonymised export', () => {
  const canaries = /contoso|partner\.example|canary|192\.0\.2\.(?:77|99)|reports/i;
  const hidden = (keepDomains: boolean, key = 'k') => pseudonymise(reportOf(), { keyed: keyed(key), keepDomains });
  it('has no name of the log in any format', async () => {
    for (const format of exportFormats)
      assert.doesNotMatch(
        (await exportReport(format, hidden(false), means({ pseudonymised: true }))).replace(
          /Sessions in TLS reports|TLS reports/g,
          '',
        ),
        canaries,
        format,
      );
  });
  it('has the same figures', () => {
    const sums = (report: ReturnType<typeof reportOf>) => {
      const { totals, connectors, insights } = jsonReport(report, means().tool);
      return {
        totals,
        connectors: connectors.map((c) => [c.direction, c.messages, c.tls]),
        insights: insights.map(({ id, messages, of, line }) => ({ id, messages, of, line })),
      };
    };
    assert.deepEqual(sums(hidden(false)), sums(reportOf()));
  });
  it('cuts addresses to their network, keeps domains only where asked to, and has other pseudonyms with another key', () => {
    const hosts = (report: ReturnType<typeof reportOf>) =>
      jsonReport(report, means().tool).connectors.flatMap((c) => c.remotes.map(({ host }) => host));
    assert.ok(hosts(hidden(false)).includes('192.0.2.0/24'));
    assert.match(hosts(hidden(true)).join(), /host-[0-9a-f]{12}\.partner\.example,/);
    assert.match(hosts(hidden(true)).join(), /host-[0-9a-f]{12}\.example\.co\.uk/);
    assert.equal(
      hosts(hidden(false, 'a')).filter((host) => host.startsWith('host-') && hosts(hidden(false, 'b')).includes(host))
        .length,
      0,
    );
    const v6 = pseudonymise(
      reportOf([
        { ...kinds[0], remote: '2001:db8:1:2::3' },
        { ...kinds[1], remote: '2001:db8:1:9::4' },
      ]),
      { keyed: keyed('k'), keepDomains: false },
    );
    assert.deepEqual(hosts(v6), ['2001:db8:1::/48']);
  });
});
