/** No part of the product opens a connection: neither when it runs, nor as far as its code could. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportFormats } from '../../../src/export/endings';
import { root } from '../../root';

/** Loaded before the command line: whatever would leave the machine ends it. */
const guard = `
const end = (what) => () => { process.stderr.write('CONNECTION ' + what); process.exit(99); };
require('net').Socket.prototype.connect = end('net');
require('dgram').createSocket = end('dgram');
require('dns').lookup = end('dns');
require('dns').promises.lookup = end('dns');
globalThis.fetch = end('fetch');
`;

describe('the network', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mail-flow-network-'));
  after(() => rmSync(folder, { recursive: true }));

  const run = (code: string, ...args: string[]) => {
    writeFileSync(join(folder, 'guard.cjs'), guard + code);
    return spawnSync(process.execPath, ['--require', join(folder, 'guard.cjs'), 'dist/cli.js', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
  };

  it('would be noticed by the guard', () => {
    for (const code of ["fetch('http://192.0.2.1')", "require('http').get('http://192.0.2.1')"])
      assert.equal(run(code, '--version').status, 99, code);
  });

  for (const format of ['summary', ...exportFormats])
    it(`is not used for a report as ${format}`, () => {
      const { status, stderr } = run('', '--period', 'all', '--format', format, 'samples/postfix/mail.log');
      assert.equal(stderr, '');
      assert.equal(status, 0);
    });

  it('is nothing that the bundles of the extension load', () => {
    for (const name of readdirSync(join(root, 'dist')).filter((file) => file.endsWith('.js')))
      assert.doesNotMatch(
        readFileSync(join(root, 'dist', name), 'utf8'),
        /\brequire\w*\(["'`](?:node:)?(?:net|tls|dgram|dns|https?|http2)["'`]\)/,
        name,
      );
  });
});
