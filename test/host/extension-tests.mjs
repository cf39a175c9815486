// @ts-check
// Runs dist/test/extension/index.js inside a VS Code: the one that VSCODE_EXECUTABLE_PATH names, a desktop VS Code that
// @vscode/test-electron downloads (MAIL_FLOW_DESKTOP=1), or by default the npm-packaged host through its stand-in.
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const samples = join(root, 'samples');
// A copy, since tests write settings and logs into the folder that is open.
const folder = mkdtempSync(join(tmpdir(), 'mail-flow-workspace-'));
if (existsSync(samples)) cpSync(samples, folder, { recursive: true });
// The stand-in ends by itself on a signal, which goes to the whole group; then runTests rejects and we clean up.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
try {
  await runTests({
    vscodeExecutablePath:
      process.env.VSCODE_EXECUTABLE_PATH ||
      (process.env.MAIL_FLOW_DESKTOP ? undefined : join(root, 'test/host/code-shim.mjs')),
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, 'dist/test/extension/index.js'),
    launchArgs: [folder, '--disable-extensions'],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
