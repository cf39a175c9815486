// @ts-check
// How the time for a zip archive grows with its entries: `node bench/archives.mjs`, after `node esbuild.mjs --production`.
// Every entry is a small Postfix log of its own. The last column is the time for each entry, which must not grow.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mail-flow-archives-'));
const messages = 6;

/** A log of some messages, like no other one. @param {number} n */
function log(n) {
  const lines = [];
  for (let i = 0; i < messages; i++) {
    const id = `${n.toString(16).toUpperCase().padStart(6, '0')}${i}`,
      client = `client${i}.example[192.0.2.${i + 1}]`,
      line = `Nov 24 08:2${i}:01 mx postfix/smtpd[${700 + i}]: `;
    lines.push(
      `${line}connect from ${client}`,
      `${line}Anonymous TLS connection established from ${client}: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)`,
      `${line}${id}: client=${client}`,
      `Nov 24 08:2${i}:02 mx postfix/qmgr[55]: ${id}: from=<a@example.com>, size=1000, nrcpt=1 (queue active)`,
      `${line}disconnect from ${client} ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7`,
    );
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

try {
  console.log('| entries | seconds | peak MiB | ms an entry |\n| --- | --- | --- | --- |');
  for (const entries of [100, 1000, 10_000]) {
    const path = join(folder, `${entries}.zip`);
    writeFileSync(path, zipSync(Object.fromEntries(Array.from({ length: entries }, (_, n) => [`${n}.log`, log(n)]))));
    const start = performance.now();
    const { stdout, stderr } = spawnSync(
      '/usr/bin/time',
      ['-f', 'PEAK %M', 'node', cli, '--period', 'all', '--time-zone', 'UTC', '--format', 'json', path],
      { encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    const seconds = (performance.now() - start) / 1000,
      inputs = /** @type {{ lines: { read: number } }[]} */ (JSON.parse(stdout).inputs),
      read = inputs.reduce((sum, { lines }) => sum + lines.read, 0);
    if (read !== entries * messages * 5) throw new Error(`${read} lines were read: ${stderr}`);
    const peak = Number(/PEAK (\d+)/.exec(stderr)?.[1]) / 1024;
    console.log(
      `| ${entries} | ${seconds.toFixed(1)} | ${peak.toFixed(0)} | ${((seconds * 1000) / entries).toFixed(1)} |`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
