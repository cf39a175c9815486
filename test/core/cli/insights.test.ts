/** Limits, exceptions and baselines through the command line. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { root } from '../../root';

const cli = resolve(root, 'dist/cli.js');

/** A Postfix log of messages handed in by submission, with TLS of the version (`-` for none), one a minute from ten o'clock. */
function logOf(versions: readonly string[], day = 20): string {
  return (
    versions
      .flatMap((version, i) => {
        const at = `2026-11-${day}T10:${String(i).padStart(2, '0')}:0`,
          pid = 100 + i,
          id = `B${String(i).padStart(9, '0')}`,
          service = 'postfix/submission/smtpd';
        return [
          `${at}0+00:00 mx ${service}[${pid}]: connect from pc.example[192.0.2.2]`,
          ...(version === '-'
            ? []
            : [
                `${at}1+00:00 mx ${service}[${pid}]: Anonymous TLS connection established from ` +
                  `pc.example[192.0.2.2]: ${version} with cipher ` +
                  `${version === 'TLSv1' ? 'DES-CBC3-SHA' : 'AES256-SHA'} (256/256 bits)`,
              ]),
          `${at}2+00:00 mx ${service}[${pid}]: ${id}: client=pc.example[192.0.2.2], sasl_method=PLAIN, sasl_username=a`,
          `${at}3+00:00 mx postfix/qmgr[2]: ${id}: from=<a@example.com>, size=200, nrcpt=1 (queue active)`,
          `${at}4+00:00 mx ${service}[${pid}]: disconnect from pc.example[192.0.2.2] ehlo=2 ` +
            `${version === '-' ? '' : 'starttls=1 '}auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8`,
        ];
      })
      .join('\n') + '\n'
  );
}

interface Json {
  connectors: {
    name: string;
    baseline?: {
      change: string;
      noTls: { change: string; messages: number; of: number; before: unknown };
      tls10: { change: string };
    } | null;
  }[];
  insights: { id: string; messages: number; of: number; threshold: number; severity: string }[];
  ignored?: { id: string; reason: string; until: string; connector: string }[];
  baseline?: { from: string; connectors: Record<string, number> };
}

describe('insights on the command line @slow', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mail-flow-insights-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [cli, '--time-zone', 'UTC', '--period', 'all', ...args], {
      encoding: 'utf8',
      cwd: folder,
    });
  const json = (...args: string[]) => {
    const { stdout, stderr, status } = run('--format', 'json', ...args);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as Json;
  };

  it('turns further rules on by the names of the settings', () => {
    const log = write('mail.log', logOf(['TLSv1', '-', 'TLSv1.3', 'TLSv1.1']));
    const config = write('config.json', {
      'insights.noTls.threshold': null,
      'insights.tls11.threshold': 20,
      'insights.weakCiphers.threshold': 0,
      'insights.severity': { 'weak-ciphers': 'error' },
    });
    assert.deepEqual(
      json(log).insights.map(({ id }) => id),
      [],
      'without settings only the two original rules',
    );
    assert.deepEqual(
      json('--config', config, log).insights.map(({ id, messages, of, threshold, severity }) => [
        id,
        messages,
        of,
        threshold,
        severity,
      ]),
      [
        ['weak-ciphers', 1, 3, 0, 'error'],
        ['tls1.1-share', 1, 4, 20, 'information'],
      ],
    );
  });
  it('ignores for a connector until a day, says so everywhere, and names the reason', () => {
    const log = write('mail.log', logOf(['-', '-', 'TLSv1.3']));
    const ignore = {
      connector: 'submission',
      insight: 'no-tls-over-25',
      ignore: true,
      reason: 'Old scanner, replaced in March',
      until: '9999-12-31',
    };
    const config = write('config.json', { 'insights.overrides': [ignore] });
    const report = json('--config', config, log);
    assert.deepEqual(
      [report.insights, report.ignored?.map(({ id, connector, reason, until }) => [id, connector, reason, until])],
      [[], [['no-tls-over-25', 'submission', ignore.reason, ignore.until]]],
    );
    assert.match(
      run('--config', config, log).stdout,
      /Ignored until 9999-12-31 \(Old scanner, replaced in March\): No TLS is over 25%: submission/,
    );
    assert.equal(run('--config', config, '--fail-on', 'insight', log).status, 0);
    assert.doesNotMatch(
      run('--config', config, '--pseudonymise', '--format', 'json', log).stdout,
      /scanner|"submission"/,
    );
    const expired = run(
      '--format',
      'json',
      '--config',
      write('config.json', {
        'insights.overrides': [
          { ...ignore, until: '2020-01-01' },
          { ...ignore, connector: 'gone' },
        ],
      }),
      log,
    );
    assert.equal((JSON.parse(expired.stdout) as Json).insights.length, 1);
    assert.match(expired.stderr, /Override 1 \(submission\) expired on 2020-01-01/);
    assert.match(expired.stderr, /The override for gone applies to nothing/);
  });
  it('takes no settings that are wrong', () => {
    const log = write('mail.log', logOf(['-']));
    for (const config of [
      { 'insights.tls11.threshold': 101 },
      { 'insights.connectorSilent.threshold': 0 },
      { 'insights.severity': { x: 'error' } },
      { 'insights.overrides': {} },
      { 'insights.overrides': [{ connector: 'a' }] },
      [],
      'x',
    ]) {
      const { status, stderr } = run('--config', write('config.json', config), log);
      assert.equal(status, 2, JSON.stringify(config));
      assert.match(stderr, /^mail-flow-report: /);
    }
  });

  describe('with a baseline', () => {
    const baselineOf = (...versions: string[]) => {
      write('baseline.json', run('--format', 'json', write('before.log', logOf(versions))).stdout);
      return join(folder, 'baseline.json');
    };

    it('tells what got worse, in JSON and in words, and exits with 1 when asked to', () => {
      const baseline = baselineOf('-', 'TLSv1.3', 'TLSv1.3', 'TLSv1.3'),
        log = write('mail.log', logOf(['-', '-', 'TLSv1.3', 'TLSv1']));
      const report = json('--baseline', baseline, log);
      assert.deepEqual(report.connectors[0].baseline, {
        change: 'worse',
        noTls: { change: 'worse', messages: 2, of: 4, before: { messages: 1, of: 4 } },
        tls10: { change: 'worse', messages: 1, of: 4, before: { messages: 0, of: 4 } },
      });
      assert.deepEqual(report.baseline?.connectors, { worse: 1, better: 0, same: 0, unknown: 0, new: 0, gone: 0 });
      assert.equal(run('--baseline', baseline, '--fail-on', 'regression', log).status, 1);
      assert.match(
        run('--baseline', baseline, log).stdout,
        /Worse: submission \(Inbound\): No TLS 2 of 4 \(50%\), before 1 of 4 \(25%\); TLS 1\.0 1 of 4 \(25%\), before 0 of 4 \(0%\)/,
      );
      const hidden = JSON.parse(run('--pseudonymise', '--format', 'json', '--baseline', baseline, log).stdout) as Json;
      assert.equal(hidden.connectors[0].baseline?.change, 'worse');
    });
    it('tells what is the same or better, whatever the volume', () => {
      const baseline = baselineOf('-', 'TLSv1', 'TLSv1.3', 'TLSv1.3');
      const same = write('mail.log', logOf(['-', 'TLSv1.3', 'TLSv1', 'TLSv1.2', 'TLSv1.2', 'TLSv1.2', '-', 'TLSv1']));
      assert.equal(json('--baseline', baseline, same).connectors[0].baseline?.change, 'same');
      assert.equal(run('--baseline', baseline, '--fail-on', 'insight,regression', same).status, 0);
      assert.equal(
        json('--baseline', baseline, write('mail.log', logOf(['TLSv1', 'TLSv1.3', 'TLSv1.3', 'TLSv1.3']))).connectors[0]
          .baseline?.change,
        'better',
      );
    });
    it('knows connectors that are new or gone', () => {
      const baseline = baselineOf('-'),
        other = write('mail.log', logOf(['-']).replaceAll('submission', 'submissions'));
      const report = json('--baseline', baseline, other);
      assert.deepEqual(
        [report.connectors[0].baseline, report.baseline?.connectors.new, report.baseline?.connectors.gone],
        [null, 1, 1],
      );
      assert.equal(run('--baseline', baseline, '--fail-on', 'regression', other).status, 0);
    });
    it('finds the insight of the baseline when it is on', () => {
      const baseline = baselineOf('-', 'TLSv1.3', 'TLSv1.3', 'TLSv1.3'),
        log = write('mail.log', logOf(['-', '-', 'TLSv1.3', 'TLSv1.3']));
      const config = write('config.json', {
        'insights.noTls.threshold': null,
        'insights.worseThanBaseline.threshold': 10,
      });
      assert.deepEqual(
        json('--baseline', baseline, '--config', config, log).insights.map(({ id, messages, of }) => [
          id,
          messages,
          of,
        ]),
        [['worse-than-baseline', 2, 4]],
      );
    });
    it('says what is wrong with a baseline', () => {
      const log = write('mail.log', logOf(['-']));
      for (const [content, message] of [
        ['{', /not valid JSON/],
        [{}, /not a report of --format json \(schema\)/],
        [{ schema: 'mail-flow-report/1', connectors: [{ name: 7 }] }, /connectors\[0\]\.name/],
      ] as const) {
        const { status, stderr } = run('--baseline', write('bad.json', content), log);
        assert.equal(status, 2);
        assert.match(stderr, message);
      }
      assert.match(run('--baseline', join(folder, 'none.json'), log).stderr, /ENOENT/);
      assert.match(run('--fail-on', 'regression', log).stderr, /needs --baseline/);
    });
  });
});
