// @ts-check
// How long the thread of the extension host is blocked while a report is made and shown: `node bench/hostthread.mjs`,
// after `node esbuild.mjs --production`. Ten thousand connectors, each in breach of every rule, in a real VS Code with
// the report, the tree, the Problems panel and the exports.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const folder = mkdtempSync(join(tmpdir(), 'mail-flow-hostthread-'));
const script = join(folder, 'measure.cjs');
const result = join(folder, 'result.txt');
process.env.MAIL_FLOW_BENCH_RESULT = result;
try {
  await build({
    entryPoints: [join(root, 'bench/hostthread/measure.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    absWorkingDir: root,
  });
  await runTests({
    vscodeExecutablePath: process.env.VSCODE_EXECUTABLE_PATH || join(root, 'test/host/code-shim.mjs'),
    extensionDevelopmentPath: root,
    extensionTestsPath: script,
    launchArgs: [folder, '--disable-extensions'],
  });
} finally {
  if (existsSync(result)) console.log(readFileSync(result, 'utf8'));
  rmSync(folder, { recursive: true, force: true });
}
