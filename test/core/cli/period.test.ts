/** The period on the command line: to the minute, exactly, or refused. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../root';

/** A message at each of these times. */
const log = ['06:01:59', '06:02:00', '06:02:59', '06:03:00']
  .map(
    (time, i) =>
      `2026-11-10 ${time} 1wR8kA-00000000001-0A${i}9 <= a@b.example H=mx.example [192.0.2.1] P=esmtps ` +
      'X=TLS1.3:TLS_AES_256_GCM_SHA384:256 S=100 for c@d.example\n',
  )
  .join('');

describe('a period on the command line @slow', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mail-flow-period-'));
    writeFileSync(join(folder, 'mainlog'), log);
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, 'dist/cli.js'), '--time-zone', 'Europe/Rome', ...args, 'mainlog'], {
      encoding: 'utf8',
      cwd: folder,
    });

  it('takes the messages of its minutes, the last one excluded, and of no other', () => {
    const { stdout, stderr, status } = run(
      '--format',
      'json',
      '--from',
      '2026-11-10T06:02',
      '--to',
      '2026-11-10T05:03Z',
    );
    assert.equal(status, 0, stderr);
    const { totals, period } = JSON.parse(stdout) as { totals: { inbound: { messages: number } }; period: object };
    assert.equal(totals.inbound.messages, 2, 'local time of the zone, and UTC');
    assert.deepEqual(period, {
      from: '2026-11-10T05:02:00.000Z',
      to: '2026-11-10T05:03:00.000Z',
      timeZone: 'Europe/Rome',
    });
  });
  it('refuses what it could not honour', () => {
    for (const [args, words] of [
      [['--from', '2026-11-10T06:02:30'], '--from: not a whole minute'],
      [['--to', '2026-11-10T06:02:00.5Z'], '--to: not a whole minute'],
      [['--from', '2026-11-31'], '--from: not an ISO 8601 date'],
      [['--from', '2026-11-10 06:02'], '--from: not an ISO 8601 date'],
      [['--from', '2026-11-11', '--to', '2026-11-11'], '--from is not before --to'],
      [['--year', '1979'], '--year: a whole number from 1980 to 2100'],
    ] as const) {
      const { status, stderr, stdout } = run(...args);
      assert.equal(status, 2, args.join(' '));
      assert.ok(stderr.includes(words), stderr.slice(0, 200));
      assert.equal(stdout, '');
    }
  });
  it('that no log covers is said to be that', () => {
    const { stdout, status } = run('--from', '2026-11-12');
    assert.equal(status, 0);
    assert.match(stdout, /^No log covers this period\.$/m);
    assert.match(stdout, /^The logs cover Nov 10, 2026, 6:01\s–\s6:03\sAM\.$/m);
  });
});
