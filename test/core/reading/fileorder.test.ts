/** The order in which files were given has no part in a report. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareFiles } from '../../../src/core/reading/fileorder';
import { analyse } from './analyse';
import { memorySource, optionsOf, report } from './read';

const second = Date.UTC(2026, 10, 10);

function order(...paths: string[]): string[] {
  return paths
    .map((path) => ({ path, begins: second }))
    .sort(compareFiles)
    .map(({ path }) => path);
}

/** A message that came in without TLS, of a log that shows TLS for another one. */
function log(time: string, pid: number): string {
  const line = (program: string, text: string) => `${time} mx postfix/${program}: ${text}\n`;
  return (
    line(`smtpd[${pid}]`, 'connect from a.example[192.0.2.1]') +
    line(
      `smtpd[${pid}]`,
      'Anonymous TLS connection established from a.example[192.0.2.1]: TLSv1 with cipher AES256-SHA (256/256 bits)',
    ) +
    line(`smtpd[${pid}]`, `4XaaaaBBB${pid}: client=a.example[192.0.2.1]`) +
    line('qmgr[9]', `4XaaaaBBB${pid}: from=<x@a.example>, size=500, nrcpt=1 (queue active)`) +
    line(`smtpd[${pid}]`, 'disconnect from a.example[192.0.2.1]')
  );
}

describe('files that begin in the same second', () => {
  it('come in the order of their rotation', () => {
    assert.deepEqual(order('mail.log', 'mail.log.1', 'mail.log.10.gz', 'mail.log.2.gz'), [
      'mail.log.10.gz',
      'mail.log.2.gz',
      'mail.log.1',
      'mail.log',
    ]);
    assert.deepEqual(order('mail.log', 'maillog.0.gz', 'mail.log-20261110.gz', 'mail.log-20261102'), [
      'mail.log-20261102',
      'mail.log-20261110.gz',
      'maillog.0.gz',
      'mail.log',
    ]);
  });
  it('come in the order of numbers in their names, where nothing else tells', () => {
    assert.deepEqual(order('RECV20261110-10.LOG', 'RECV20261110-9.LOG', 'RECV20261110-1.LOG'), [
      'RECV20261110-1.LOG',
      'RECV20261110-9.LOG',
      'RECV20261110-10.LOG',
    ]);
  });
  it('come in the order of fractions of the second, where their rotation does not tell', () => {
    const files = [
      { path: 'a.log', begins: second + 200 },
      { path: 'b.log', begins: second + 100 },
      { path: 'c.log.1', begins: second + 300 },
    ];
    assert.deepEqual(
      files.sort(compareFiles).map(({ path }) => path),
      ['c.log.1', 'b.log', 'a.log'],
    );
  });
  it('have one order', () => {
    const file = fc.record({
      path: fc.stringMatching(/^[a-b]{0,1}[.-]?(log)?[.-]?[0-2]{0,8}(\.gz)?$/),
      begins: fc.constantFrom(second, second + 1, second + 1000, Infinity),
    });
    fc.assert(
      fc.property(file, file, file, (a, b, c) => {
        assert.equal(Math.sign(compareFiles(a, b)) + Math.sign(compareFiles(b, a)), 0);
        assert.equal(compareFiles(a, b) === 0, a.path === b.path && a.begins === b.begins);
        if (compareFiles(a, b) < 0 && compareFiles(b, c) < 0) assert.ok(compareFiles(a, c) < 0);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('the order of arguments', () => {
  it('changes nothing of a report, not even the place of an insight', async () => {
    const logs = [
      memorySource('b.log', Buffer.from(log('2026-11-10T06:00:00.100000+00:00', 11))),
      memorySource('a.log', Buffer.from(log('2026-11-10T06:00:00.200000+00:00', 12))),
      memorySource('c.log.1', Buffer.from(log('2026-11-10T06:00:00.900000+00:00', 13))),
      memorySource('notes.txt', Buffer.from('nothing\n')),
    ];
    const whole = report(await analyse(logs, optionsOf({})));
    assert.equal(whole.insights.length > 0, true);
    assert.deepEqual([whole.insights[0].path, whole.totals.inbound.messages], ['c.log.1', 3]);
    for (const order of [
      [3, 2, 1, 0],
      [1, 0, 2, 3],
      [2, 3, 0, 1],
    ])
      assert.equal(
        JSON.stringify(
          report(
            await analyse(
              order.map((i) => logs[i]),
              optionsOf({}),
            ),
          ),
        ),
        JSON.stringify(whole),
      );
  });
});
