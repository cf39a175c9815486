/** SARIF of every kind of report is valid by the schema of OASIS, as Microsoft ships it with its own tools. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv-draft-04';
import { defaultLimits } from '../../../src/core/insights/index';
import { TlsCode } from '../../../src/core/model';
import { Zone } from '../../../src/core/text/zone';
import { exportReport } from '../../../src/export/formats';
import { pseudonymise } from '../../../src/export/pseudonyms';
import { makeReport, type Report } from '../../../src/export/report';
import { root } from '../../root';
import { hostile, keyed, kinds, means, reportOf } from './make';

const schema = JSON.parse(
  readFileSync(join(root, 'node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'),
) as object;
// One of its patterns is none with the flag u. Formats would need another package; the tests of the exports look at the
// URIs and times themselves.
const isValid = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile(
  schema,
);
const mistakes = async (report: Report) => {
  isValid(JSON.parse(await exportReport('sarif', report, means())));
  return isValid.errors ?? [];
};

/** The usual report, in which the insight of a connector is ignored for a reason, compared with another one. */
function withOverride(): Report {
  const { analysis } = reportOf();
  return makeReport(analysis, {
    period: 'all',
    zone: new Zone('Europe/Rome'),
    baseline: { from: '2024-01-01T00:00:00.000Z', to: '2024-02-01T00:00:00.000Z', connectors: [] },
    limits: {
      ...defaultLimits,
      overrides: [
        {
          connector: 'Contoso partner',
          direction: 'outbound',
          insight: 'no-tls-over-25',
          ignore: true,
          reason: 'moves [in] spring',
          until: '2099-12-31',
        },
      ],
    },
  });
}

describe('SARIF by the official schema', () => {
  it('is valid with insights, without any, for an empty log, with pseudonyms and with the names of strangers', async () => {
    for (const report of [
      reportOf(),
      reportOf([{ tls: TlsCode.tls13 }]),
      reportOf([]),
      reportOf(kinds, { state: 'partial', sha256: undefined }),
      pseudonymise(reportOf(), { keyed: keyed('k'), keepDomains: false }),
      reportOf(
        hostile.map((connector, i) => ({ connector, tls: TlsCode.none, line: i + 1 })),
        { path: 'C:\\Logs\\[a] b.log' },
      ),
    ]) {
      assert.deepEqual(await mistakes(report), []);
    }
  });
  it('is checked by a schema that finds mistakes', async () => {
    const sarif = JSON.parse(await exportReport('sarif', reportOf(), means())) as {
      runs: { results: { level: string }[] }[];
    };
    sarif.runs[0].results[0].level = 'fatal';
    assert.equal(isValid(sarif), false);
  });
  it('tells an ignored insight as a suppressed result, and every other export in its evidence with the baseline', async () => {
    const report = withOverride();
    assert.deepEqual(await mistakes(report), []);
    const {
      runs: [{ results }],
    } = JSON.parse(await exportReport('sarif', report, means())) as {
      runs: { results: { ruleId: string; suppressions?: { justification: string }[] }[] }[];
    };
    assert.deepEqual(
      results.map(({ ruleId, suppressions }) => [ruleId, suppressions?.map(({ justification }) => justification)]),
      [['no-tls-over-25', ['moves \\[in\\] spring Ignored until 2099-12-31.']]],
    );
    for (const format of ['csv', 'markdown', 'html'] as const) {
      const text = await exportReport(format, report, means());
      for (const words of [
        /Ignored insight/,
        /Ignored until 2099-12-31/,
        /moves \\?\[in\\?\] spring/,
        /Baseline/,
        /2024-01-01T00/,
      ])
        assert.match(text, words, format);
    }
    const json = JSON.parse(await exportReport('json', report, means())) as {
      ignored: { reason: string }[];
      evidence: { baseline: object };
    };
    assert.equal(json.ignored[0].reason, 'moves [in] spring');
    assert.deepEqual(json.evidence.baseline, { from: '2024-01-01T00:00:00.000Z', to: '2024-02-01T00:00:00.000Z' });
  });
});
