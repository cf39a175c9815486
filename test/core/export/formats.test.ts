/** Every export says the same figures as the JSON report, and what the figures follow from. */
import assert from 'node:assert/strict';
import Papa from 'papaparse';
import { TlsCode, tlsVersions } from '../../../src/core/model';
import { csvReport } from '../../../src/export/csv';
import { exportFormats } from '../../../src/export/endings';
import { exportReport } from '../../../src/export/formats';
import { jsonReport } from '../../../src/export/json';
import { remotesCsv } from '../../../src/export/remotes-csv';
import { sarifReport } from '../../../src/export/sarif';
import { means, kinds, reportOf } from './make';

type Row = Record<string, string>;
const report = reportOf(),
  given = means();
const json = jsonReport(report, given.tool, given);
const parse = (csv: string) => {
  const { data, errors } = Papa.parse<Row>(csv, { header: true, skipEmptyLines: false });
  assert.deepEqual(
    errors.filter(({ code }) => code !== 'TooFewFields'),
    [],
  );
  return data;
};
const labels = ['No TLS', 'SSL 3.0', 'TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3', 'TLS, version not logged', 'Unknown'];

describe('exports', () => {
  it('as CSV, read by another parser, have the figures of the JSON report', () => {
    const rows = parse(csvReport(report, given, given.text, 'safe'));
    for (const [unit, connectors] of [
      ['message', json.connectors],
      ['session', json.sessions],
    ] as const) {
      for (const connector of connectors) {
        const own = rows.filter(
          (row) =>
            row.Record === 'details' &&
            row.Count === unit &&
            row['Connector name'] === (connector.name ?? '') &&
            row['Connector direction'].toLowerCase() === connector.direction,
        );
        assert.equal(
          own.reduce((sum, row) => sum + Number(row.Volume), 0),
          connector.messages,
        );
        tlsVersions.forEach((version, v) =>
          assert.equal(
            own.reduce((sum, row) => sum + Number(row[labels[v]]), 0),
            connector.tls[version],
            version,
          ),
        );
      }
    }
    assert.deepEqual(
      rows.filter((row) => row.Record === 'details').map((row) => row.Date),
      ['2024-03-17', '2024-03-18', '2024-03-19', '2024-03-19', '2024-03-19'],
    );
    assert.equal(rows.filter((row) => row.Record === 'insight').length, json.insights.length);
  });
  it('by remote host have a row for each day, host, connector and TLS version, which together are the figures of the JSON report', () => {
    const rows = parse(remotesCsv(report, given, given.text, 'safe')).filter((row) => row.Record === 'remote-host');
    assert.deepEqual(
      rows.map((row) => [
        row.Date,
        row.Count,
        row['Remote host'],
        row['Connector direction'],
        row['Connector name'],
        row['TLS version'],
        row.Volume,
        row['First line'].split(':').at(-1),
      ]),
      [
        ['2024-03-17', 'message', 'relay.contoso.example.co.uk', 'Outbound', 'Contoso partner', 'No TLS', '30', '5'],
        ['2024-03-18', 'message', 'mx1.partner.example', 'Inbound', '', 'TLS 1.3', '9997', '2'],
        ['2024-03-19', 'message', '192.0.2.77', 'Inbound', '', 'No TLS', '4', '3'],
        ['2024-03-19', 'message', 'mx.example', 'Inbound', '', 'Unknown', '5', '4'],
        ['2024-03-19', 'message', '192.0.2.99', 'Outbound', 'Contoso partner', 'TLS 1.2', '70', '6'],
        ['2024-03-19', 'session', 'mx.example', 'Outbound', 'reports', 'TLS, version not logged', '12', '7'],
      ],
    );
    for (const [unit, connectors] of [
      ['message', json.connectors],
      ['session', json.sessions],
    ] as const)
      for (const connector of connectors) {
        const own = rows.filter(
          (row) =>
            row.Count === unit &&
            row['Connector name'] === (connector.name ?? '') &&
            row['Connector direction'].toLowerCase() === connector.direction,
        );
        tlsVersions.forEach((version, v) =>
          assert.equal(
            own.filter((row) => row['TLS version'] === labels[v]).reduce((sum, row) => sum + Number(row.Volume), 0),
            connector.tls[version],
            version,
          ),
        );
        assert.equal(
          own.reduce((sum, row) => sum + Number(row.Recipients), 0),
          connector.recipients,
        );
      }
  });
  it('as Markdown have the figures of the JSON report in their tables', async () => {
    const lines = (await exportReport('markdown', report, given)).split('\n');
    const cells = (start: string) =>
      lines
        .find((line) => line.startsWith(`| ${start}`))!
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
    tlsVersions.forEach((version, v) => {
      const [, out, , inn] = cells(`${labels[v]} |`);
      assert.deepEqual(
        [out, inn].map((n) => Number(n.replaceAll(',', ''))),
        [json.totals.outbound.tls[version], json.totals.inbound.tls[version]],
        version,
      );
    });
    assert.equal(
      Number(cells('Outbound: `Contoso partner`').at(-1)),
      json.connectors.find((c) => c.name === 'Contoso partner')!.messages,
    );
  });
  it('as HTML have no script and load nothing, and show the figures', async () => {
    const html = await exportReport('html', report, given);
    assert.doesNotMatch(
      html,
      /<script|javascript:|\son\w+=|<(?:img|link|iframe|object|embed|form|base)\b|@import|url\((?!#|&#34;#)/i,
    );
    assert.match(html, /Content-Security-Policy" content="default-src &#39;none&#39;/);
    assert.equal(
      [...html.matchAll(/class="chart" role="img"/g)].length,
      2 + 1 + 2,
      'rings of messages and of sessions, volume and usage over time',
    );
    for (const words of ['10,006', '9,997', '&#62;99.9%', 'Contoso partner', 'mx1.partner.example'])
      assert.ok(html.includes(words), words);
  });
  it('as SARIF have the shape of version 2.1.0', () => {
    const sarif = sarifReport(report, given, given.text, given.sha256),
      [run] = sarif.runs;
    assert.equal(sarif.version, '2.1.0');
    assert.deepEqual(
      run.results.map(({ ruleId, level, ruleIndex }) => [ruleId, level, run.tool.driver.rules[ruleIndex].id]),
      [['no-tls-over-25', 'warning', 'no-tls-over-25']],
    );
    assert.deepEqual(run.results[0].locations[0].physicalLocation, {
      artifactLocation: { uri: 'file:///var/log/canary-folder/mail.log', index: 0 },
      region: { startLine: 5 },
    });
    assert.equal(run.artifacts[0].hashes!['sha-256'], 'ab'.repeat(32));
    assert.equal(run.results[0].properties.messages, json.insights[0].messages);
  });
  it('as SARIF know the same finding in another log by its fingerprint, and another finding as another', () => {
    const prints = (changed: typeof kinds) =>
      sarifReport(reportOf(changed), given, given.text, given.sha256).runs[0].results.map(
        (result) => result.partialFingerprints['mailFlowInsight/v1'],
      );
    const [first] = prints(kinds);
    assert.deepEqual(prints(kinds.map((kind) => (kind.line === 5 ? { ...kind, count: 900, line: 400 } : kind))), [
      first,
    ]);
    assert.notDeepEqual(prints(kinds.map((kind) => (kind.connector ? { ...kind, connector: 'Other' } : kind))), [
      first,
    ]);
  });
  it('carry the evidence in every format', async () => {
    for (const format of exportFormats) {
      const text = await exportReport(format, report, given);
      for (const fact of ['ab'.repeat(32), '9.8.7', 'Europe/Rome', 'noTls', 'contoso.example', 'mail.log'])
        assert.ok(text.includes(fact), `${format}: ${fact}`);
      assert.match(
        text,
        /10 lines read = 7 used \+ 2 context \+ 1 skipped|"read": 10,\s+"used": 7,\s+"context": 2,\s+"skipped": 1/,
        format,
      );
      assert.match(text, /2024-03-17T/, format);
    }
  });
  it('never round a part to the whole: 9,997 of 10,001 is less than 100%', async () => {
    for (const format of ['markdown', 'html'] as const)
      assert.match(await exportReport(format, report, given), /(?:&#62;|\\?>)99\.9%/, format);
    assert.equal(report.messages.inbound.tls[TlsCode.tls13], 9997);
  });
});
