/** The command line as a process: arguments, exit codes, output. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../../root';

const cli = join(root, 'dist/cli.js');
const log = [
  '2026-11-01T10:00:00+00:00 mx postfix/smtpd[9]: connect from new.example[192.0.2.3]',
  '2026-11-01T10:00:00+00:00 mx postfix/smtpd[9]: Anonymous TLS connection established from ' +
    'new.example[192.0.2.3]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)',
  '2026-11-01T10:00:00+00:00 mx postfix/smtpd[9]: disconnect from new.example[192.0.2.3] ehlo=2 starttls=1 quit=1 commands=4',
  '2026-11-01T10:00:00+00:00 mx postfix/smtpd[10]: connect from old.example[192.0.2.1]',
  '2026-11-01T10:00:01+00:00 mx postfix/smtpd[10]: A1B2C3D4E5: client=old.example[192.0.2.1]',
  '2026-11-01T10:00:02+00:00 mx postfix/qmgr[2]: A1B2C3D4E5: from=<a@old.example>, size=100, nrcpt=2 (queue active)',
  '2026-11-01T10:00:03+00:00 mx postfix/smtpd[10]: disconnect from old.example[192.0.2.1] ehlo=1 mail=1 rcpt=2 data=1 quit=1 commands=6',
  '2026-11-20T10:00:00+00:00 mx postfix/submission/smtpd[11]: connect from pc.example[192.0.2.2]',
  '2026-11-20T10:00:01+00:00 mx postfix/submission/smtpd[11]: Anonymous TLS connection established from ' +
    'pc.example[192.0.2.2]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)',
  '2026-11-20T10:00:02+00:00 mx postfix/submission/smtpd[11]: B1B2C3D4E5: client=pc.example[192.0.2.2], sasl_method=PLAIN, sasl_username=a',
  '2026-11-20T10:00:03+00:00 mx postfix/qmgr[2]: B1B2C3D4E5: from=<a@example.com>, size=200, nrcpt=1 (queue active)',
  '2026-11-20T10:00:04+00:00 mx postfix/submission/smtpd[11]: disconnect from pc.example[192.0.2.2] ehlo=2 ' +
    'starttls=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8',
  '',
].join('\n');

describe('the command line @slow', () => {
  let folder: string, file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mail-flow-cli-'));
    file = join(folder, 'mail.log');
    writeFileSync(file, log);
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = (...args: string[]) => spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', cwd: folder });
  const json = (...args: string[]) => {
    const { stdout, status, stderr } = run('--format', 'json', '--time-zone', 'UTC', ...args);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as {
      period: { from: string; to: string };
      totals: Record<string, { messages: number; recipients: number; tls: Record<string, number> }>;
      connectors: { name: string | null; type: string; forcedTls: boolean | null }[];
      servers: { name: string | null; inbound: object }[];
      insights: { id: string; line: number; share: number; path: string }[];
      inputs: { path: string; sha256: string; lines: Record<string, number> }[];
      generated: string;
    };
  };

  it('shows the mail of one host, and names those that there are', () => {
    const central = join(folder, 'central.log');
    writeFileSync(central, log + log.replaceAll(' mx postfix', ' MX2.example postfix'));
    const whole = json('--period', 'all', central),
      alone = json('--period', 'all', file);
    const sums = ({ totals }: typeof whole) => totals;
    assert.deepEqual(
      whole.servers.map(({ name, inbound }) => [name, inbound]),
      [
        ['mx', alone.totals.inbound],
        ['MX2.example', alone.totals.inbound],
      ],
    );
    for (const host of ['mx', 'mx2.EXAMPLE'])
      assert.deepEqual(sums(json('--period', 'all', '--host', host, central)), sums(alone));
    const both = json('--period', 'all', '--host', 'mx', '--host', 'mx2.example', central);
    assert.deepEqual([both.totals, both.servers], [whole.totals, whole.servers]);
    assert.match(run('--period', 'all', '--host', 'mx', central).stdout, /^Servers: mx$/m);
    for (const [host, says] of [
      ['mx9', /--host: no mail of the server "mx9"\. There are: mx, MX2\.example\.$/m],
      ['', /--host: every line names its server\. There are: mx, MX2\.example\.$/m],
    ] as const) {
      const { status, stderr, stdout } = run('--host', host, central);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, says);
    }
  });

  it('compares with a baseline of the same hosts only', () => {
    const baseline = join(folder, 'host.json');
    assert.equal(run('--format', 'json', '--host', 'mx', '--output', baseline, file).status, 0);
    assert.equal(run('--baseline', baseline, '--host', 'MX', file).status, 0);
    const { status, stderr } = run('--baseline', baseline, file);
    assert.equal(status, 2);
    assert.match(stderr, /--baseline: the earlier report is of other servers/);
  });

  it('reads a log from a pipe, also compressed or in a box, beside files', () => {
    const boxed = log.replace(/^(?=.)/gm, 'mail-1  | ');
    const wanted = json('--period', 'all', file).totals;
    for (const input of [log, gzipSync(log), boxed]) {
      const { stdout, status, stderr } = spawnSync(
        process.execPath,
        [cli, '--format', 'json', '--time-zone', 'UTC', '--period', 'all', '-'],
        { input, encoding: 'utf8' },
      );
      const { inputs, totals } = JSON.parse(stdout);
      assert.deepEqual([status, stderr, inputs[0].path, inputs[0].bytes], [0, '', '-', Buffer.from(input).length]);
      assert.equal(inputs[0].sha256, createHash('sha256').update(input).digest('hex'));
      assert.deepEqual(totals, wanted);
    }
    const foreign = '2026-11-24 08:00:00 1xVm1P-0001dB-0Y <= a@example.org H=b.example [192.0.2.2] P=esmtp S=1\n';
    const mixed = spawnSync(process.execPath, [cli, '--format', 'json', '--period', 'all', '-'], {
      input: log + foreign,
    });
    const { totals, inputs } = JSON.parse(String(mixed.stdout)) as ReturnType<typeof json> & {
      inputs: { problems: { code: string; count: number }[] }[];
    };
    assert.deepEqual(totals, wanted);
    assert.ok(inputs[0].problems.some(({ code, count }) => code === 'foreign-lines' && count === 1));
    const cut = spawnSync(process.execPath, [cli, '-'], {
      input: gzipSync(log).subarray(0, 200),
      encoding: 'utf8',
    });
    assert.equal(cut.status, 3);
    assert.match(cut.stderr, /-: could not be read to its end/);
    const twice = spawnSync(process.execPath, [cli, '--format', 'json', '-', file], { input: log, encoding: 'utf8' });
    assert.deepEqual(
      (JSON.parse(twice.stdout) as { inputs: { state: string }[] }).inputs.map(({ state }) => state).sort(),
      ['complete', 'duplicate'],
    );
    assert.deepEqual(
      readdirSync(tmpdir()).filter((name) => name.startsWith('mail-flow-') && existsSync(join(tmpdir(), name, 'pipe'))),
      [],
    );
  });

  it('reports the last seven days by default, or the period that is asked for', () => {
    assert.equal(json(file).totals.inbound.messages, 1);
    const all = json('--period', 'all', file);
    assert.deepEqual(
      [
        all.totals.inbound.messages,
        all.totals.inbound.recipients,
        all.totals.inbound.tls.none,
        all.totals.inbound.tls['tls1.3'],
      ],
      [2, 3, 1, 1],
    );
    assert.deepEqual(all.period, { from: '2026-11-01T10:00:00.000Z', to: '2026-11-20T10:01:00.000Z', timeZone: 'UTC' });
    assert.equal(json('--from', '2026-11-01', '--to', '2026-11-02', file).totals.inbound.messages, 1);
    assert.equal(json('--to', '2026-11-01T09:59Z', file).totals.inbound.messages, 0);
  });
  it('filters by direction and connector', () => {
    assert.deepEqual(
      json('--period', 'all', '--connector', '', file).connectors.map((c) => c.name),
      [null],
    );
    assert.deepEqual(
      json('--period', 'all', '--connector', 'submission', '--connector', '', file).connectors.length,
      2,
    );
    assert.deepEqual(json('--period', 'all', '--direction', 'outbound', file).connectors, []);
  });
  it('says which line proves an insight, and exits with 1 when asked to', () => {
    const [insight] = json('--period', 'all', file).insights;
    assert.deepEqual(
      { ...insight },
      {
        id: 'no-tls-over-25',
        connector: null,
        direction: 'inbound',
        messages: 1,
        of: 1,
        share: 1,
        threshold: 25,
        severity: 'warning',
        path: file,
        line: 5,
      },
    );
    assert.equal(run('--period', 'all', '--fail-on', 'insight', file).status, 1);
    assert.equal(run('--fail-on', 'insight', file).status, 0);
  });
  it('takes the settings of the extension from a file', () => {
    const config = join(folder, 'config.json');
    writeFileSync(
      config,
      JSON.stringify({
        period: 'all',
        'insights.noTls.threshold': null,
        connectors: [{ name: 'Old partner', hosts: ['old.*'], type: 'partner', requireTls: 'tls1.2' }],
      }),
    );
    const report = json('--config', config, file);
    assert.deepEqual(report.insights, []);
    assert.deepEqual(
      report.connectors.map((c) => [c.name, c.type, c.forcedTls]),
      [
        ['Old partner', 'partner', true],
        ['submission', 'unknown', null],
      ],
    );
  });
  it('gives the same bytes for the same input, the time of making aside', () => {
    const [a, b] = [json(file), json(file)];
    assert.deepEqual({ ...a, generated: '' }, { ...b, generated: '' });
    assert.match(a.inputs[0].sha256, /^[0-9a-f]{64}$/);
  });
  it('reads folders and globs, each file once, and counts the same content once', () => {
    const logs = join(folder, 'logs');
    mkdirSync(logs, { recursive: true });
    writeFileSync(join(logs, 'mail.log'), log);
    writeFileSync(join(logs, 'copy.log'), log);
    writeFileSync(join(logs, 'notes.txt'), 'nothing of interest\n');
    assert.equal(json('--period', 'all', logs).totals.inbound.messages, 2);
    assert.equal(json('--period', 'all', join(logs, '*.log'), logs).totals.inbound.messages, 2);
  });
  it('exits with 1 for figures that may not be whole, and says why', () => {
    assert.equal(run('--fail-on', 'incomplete', file).status, 0);
    const damaged = join(folder, 'damaged.log');
    writeFileSync(
      damaged,
      `${log}May 99 99:99:99 hub postfix/qmgr[9]: 4XaaaaBBBB1: from=<a@b.example>, size=1, nrcpt=1\n`,
    );
    const { status, stderr } = run('--fail-on', 'insight,incomplete', damaged);
    assert.equal(status, 1);
    assert.match(stderr, /damaged\.log:\d+: The (?:time stamp|line) .*\(1 ×, first here\)/);
    const hidden = join(folder, 'hidden.log');
    writeFileSync(
      hidden,
      log +
        '2026-11-10 06:00:00 1vIaaa-000000001aB-0abc <= x@a.example H=a.example [192.0.2.1] P=esmtp S=500\n'.repeat(3),
    );
    const found = run('--fail-on', 'incomplete', hidden);
    assert.equal(found.status, 1);
    assert.match(found.stderr, /hidden\.log:\d+: The line is of another log format \((?:Exim|Postfix)\)/);
  });
  it('exits with 3 when a file is missing or no mail log, and still reports the others', () => {
    const { status, stdout, stderr } = run('--format', 'json', file, join(folder, 'gone.log'));
    assert.equal(status, 3);
    assert.match(stderr, /gone\.log.*ENOENT/);
    assert.equal((JSON.parse(stdout) as { totals: { inbound: { messages: number } } }).totals.inbound.messages, 1);
    writeFileSync(join(folder, 'letter.txt'), 'Dear all,\n');
    assert.equal(run(join(folder, 'letter.txt')).status, 3);
    assert.match(run(join(folder, 'letter.txt')).stderr, /letter\.txt/);
  });
  it('exits with 3 where a folder has more files than a report takes, and says how many are left out', () => {
    const many = join(folder, 'many');
    mkdirSync(many);
    writeFileSync(join(many, '00000.log'), log);
    for (let n = 1; n < 10_005; n++) writeFileSync(join(many, `${String(n).padStart(5, '0')}.log`), '');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [cli, '--format', 'json', '--period', 'all', many, join(many, '00000.log')],
      { encoding: 'utf8', maxBuffer: 1 << 26 },
    );
    assert.equal(status, 3);
    assert.match(stderr, /^mail-flow-report: 5 files are left out: a report takes at most 10000\./m);
    assert.equal((JSON.parse(stdout) as { totals: { inbound: { messages: number } } }).totals.inbound.messages, 2);
    rmSync(many, { recursive: true });
  });
  it('exits with 2 and a sentence on wrong arguments', () => {
    for (const args of [
      [],
      ['--period', 'week', 'x'],
      ['--format', 'pdf', 'x'],
      ['--time-zone', 'Mars/Base', 'x'],
      ['--year', 'x', 'x'],
      ['--from', 'monday', 'x'],
      ['--direction', 'up', 'x'],
      ['--nonsense', 'x'],
      ['--config', '/nothing', 'x'],
      ['--threads', '0', 'x'],
      ['--input-format', 'x', 'x'],
      ['--fail-on', 'x', 'x'],
    ]) {
      const { status, stderr } = run(...args);
      assert.equal(status, 2, args.join(' '));
      assert.match(stderr, /^mail-flow-report: .+\n/);
      assert.doesNotMatch(stderr, /at .*\.js:\d+/, 'no stack trace');
    }
  });
  it('writes a file whole or not at all', () => {
    const out = join(folder, 'out.json');
    assert.equal(run('--format', 'json', '--output', out, file).status, 0);
    assert.equal((JSON.parse(readFileSync(out, 'utf8')) as { schema: string }).schema, 'mail-flow-report/1');
    assert.equal(run('--output', join(folder, 'no/such/folder.txt'), file).status, 2);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });
  it('prints a summary whose line counts add up', () => {
    const { stdout } = run('--period', 'all', '--time-zone', 'UTC', file);
    assert.match(stdout, /Inbound: 2 messages, 3 recipients; of 2 with known TLS 50% were protected/);
    assert.match(
      stdout,
      /No TLS is over 25%: From the internet without a connector \(Inbound\), 1 of 1 messages \(100%\)/,
    );
    const [, read, used, context, skipped] = /(\d+) lines read = (\d+) used \+ (\d+) context \+ (\d+) skipped/
      .exec(stdout)!
      .map(Number);
    assert.equal(read, used + context + skipped);
    assert.equal(read, 12);
  });
  it('writes every format, to standard output and whole to a file', () => {
    for (const [format, start] of [
      ['csv', '"Record","Date"'],
      ['markdown', '# Mail Flow Report'],
      ['html', '<!DOCTYPE html>'],
      ['sarif', '{'],
      ['json', '{'],
    ]) {
      const { stdout, status, stderr } = run('--format', format, '--period', 'all', file);
      assert.equal(status, 0, stderr);
      assert.ok(stdout.startsWith(start), format);
      const out = join(folder, `out.${format}`);
      assert.equal(run('--format', format, '--period', 'all', '--output', out, file).status, 0);
      const steady = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '');
      assert.equal(steady(readFileSync(out, 'utf8')), steady(stdout), format);
    }
  });
  it('hides names with --pseudonymise, and says what goes together', () => {
    const { stdout } = run('--format', 'json', '--pseudonymise', '--period', 'all', file);
    assert.doesNotMatch(stdout, /old\.example|pc\.example|submission|mail\.log/);
    assert.match(
      run('--format', 'json', '--pseudonymise', '--keep-domains', '--period', 'all', file).stdout,
      /old\.example/,
    );
    assert.equal(run('--keep-domains', file).status, 2);
  });
  it('is built', () => assert.ok(existsSync(cli)));
});
