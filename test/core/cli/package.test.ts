/** What `npm pack` puts into the package works without the repository around it, threads and charts included. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../../root';

describe('the package for npm', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mail-flow-package-'));
  after(() => rmSync(folder, { recursive: true }));

  it('has the command line and nothing of the repository', () => {
    // A shell finds npm on every system. No script runs: what is in the package is built already.
    const [{ files }] = JSON.parse(
      execFileSync('npm pack --dry-run --json --ignore-scripts', { cwd: root, shell: true, encoding: 'utf8' }),
    ) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path).sort();
    assert.deepEqual(paths, [
      'LICENSE',
      'README.md',
      'dist/NOTICES.txt',
      'dist/cli.js',
      'dist/drawing.js',
      'dist/worker.js',
      'package.json',
    ]);
    for (const path of paths) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      copyFileSync(join(root, path), join(folder, path));
    }
  });

  it('reads a log and draws its charts', () => {
    const run = (...args: string[]) =>
      execFileSync(process.execPath, [join(folder, 'dist/cli.js'), ...args, 'samples/postfix/mail.log'], {
        cwd: root,
        encoding: 'utf8',
      });
    const { totals } = JSON.parse(run('--period', 'all', '--format', 'json')) as {
      totals: Record<string, { messages: number }>;
    };
    assert.ok(totals.inbound.messages > 0 && totals.outbound.messages > 0);
    assert.match(run('--period', 'all', '--format', 'html'), /<svg/);
  });

  it('has every file that the command line loads when it is needed', () => {
    const code = readFileSync(join(folder, 'dist/cli.js'), 'utf8'),
      bundles = readdirSync(join(root, 'dist')).filter((name) => name.endsWith('.js') && name !== 'cli.js');
    for (const name of bundles)
      assert.equal(existsSync(join(folder, 'dist', name)), new RegExp(`["'](?:\\./)?${name}["']`).test(code), name);
  });
});
