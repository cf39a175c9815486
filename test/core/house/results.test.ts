/** What a run of tests leaves behind when it is ended half-way. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readResults } from '../../host/results.mjs';
import { root } from '../../root';

const tests = `
  describe('a layer', () => {
    it('passes', () => {});
    it('fails', () => { throw new Error('two\\nlines'); });
    it.skip('is skipped', () => {});
    it('never gives the thread back', () => { for (;;); });
    it('does not run', () => {});
  });
`;

describe('the results of a layer', () => {
  let folder: string, file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mail-flow-reporter-'));
    file = join(folder, 'results.jsonl');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('are there when it is killed', async () => {
    const spec = join(folder, 'spec.cjs');
    writeFileSync(spec, tests);
    const child = spawn(
      process.execPath,
      [
        'node_modules/mocha/bin/mocha.js',
        spec,
        '--no-config',
        '--no-package',
        '--reporter',
        './test/host/reporter.mjs',
      ],
      { cwd: root, env: { ...process.env, MAIL_FLOW_TEST_RESULT: file }, stdio: 'ignore' },
    );
    while (!readResults(file)?.last?.includes('thread') && child.exitCode === null) await sleep(20);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.deepEqual(readResults(file), {
      tests: 5,
      passed: 1,
      failed: 1,
      skipped: 1,
      broken: ['a layer > fails: two\nlines'],
      last: 'a layer > never gives the thread back',
      complete: false,
    });
  });
  it('are those of whole lines', () => {
    appendFileSync(file, '{"ended":"passed"}\n{"ended":"pas');
    assert.equal(readResults(file)?.passed, 2);
  });
  it('are none before it begins', () => assert.equal(readResults(join(folder, 'none')), undefined));
});
