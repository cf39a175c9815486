// @ts-check
// A real VS Code: the server on a loopback port, with folders of its own that are removed when it stops.
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from './environment.mjs';
import { layout } from './layout.mjs';
import { endGroup, startGroup } from './processes.mjs';

// Built-in extensions that ask for accounts or the network, or are only slow to start.
const skipped = [
  'git',
  'git-base',
  'github',
  'github-authentication',
  'microsoft-authentication',
  'tunnel-forwarding',
  'debug-auto-launch',
  'merge-conflict',
  'emmet',
  'npm',
  'mermaid-markdown-features',
]
  .map((name) => `vscode.${name}`)
  .concat('GitHub.copilot-chat', 'ms-vscode.js-debug', 'ms-vscode.js-debug-companion')
  .join(',');

const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
};

/** The wanted port, or any: free a moment ago. @param {number} wanted @returns {Promise<number>} */
function freePort(wanted) {
  return new Promise((done, failed) => {
    const probe = createServer().once('error', () =>
      failed(new Error(`Port ${wanted} cannot be used. Choose another.`)),
    );
    probe.listen(wanted, '127.0.0.1', () => {
      const address = /** @type {import('node:net').AddressInfo} */ (probe.address());
      probe.close(() => done(address.port));
    });
  });
}

/**
 * Starts VS Code and waits until it answers.
 * @param {string} root the project's folder
 * @param {{ settings?: Record<string, unknown>, env?: NodeJS.ProcessEnv, port?: number, restricted?: boolean }} [options]
 *   settings: the user's; env: seen by the extension host; restricted: the folder is not trusted
 */
export async function startServer(root, { settings = {}, env = {}, port = 0, restricted = false } = {}) {
  const { node, server, vscode } = layout(root);
  if (!existsSync(server))
    throw new Error('VS Code is not installed for the tests yet: run `npm test` or `npm start` once.');
  port = await freePort(port);
  const folder = mkdtempSync(join(tmpdir(), 'mail-flow-vscode-'));
  const userData = join(folder, 'data');
  const trust = restricted
    ? { 'security.workspace.trust.startupPrompt': 'never' }
    : { 'security.workspace.trust.enabled': false };
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(join(userData, 'User/settings.json'), JSON.stringify({ ...quietSettings, ...trust, ...settings }));
  // VS Code takes everything below the extension's folder for part of it, and shows its first colour theme whatever the
  // settings say. Its own extensions are below it (.vscode-host), hence another path to them.
  const builtIn = join(folder, 'built-in');
  symlinkSync(join(vscode, 'extensions'), builtIn, 'dir');
  const folders = [
    '--builtin-extensions-dir',
    builtIn,
    '--server-data-dir',
    folder,
    '--user-data-dir',
    userData,
    '--extensions-dir',
    join(folder, 'extensions'),
    '--accept-server-license-terms',
  ];
  const environment = childEnvironment({
    EXTENSIONS_GALLERY: '{}',
    VSCODE_SKIP_BUILTIN_EXTENSIONS: skipped,
    NODE_OPTIONS: '',
    ...env,
  });
  // Without the smoke test driver the server leaves out an extension under development, and says nothing.
  const child = startGroup(
    node,
    [
      server,
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--without-connection-token',
      '--telemetry-level',
      'off',
      '--enable-smoke-test-driver',
      ...(restricted ? [] : ['--disable-workspace-trust']),
      ...folders,
    ],
    { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
    () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  );
  /** @type {Buffer[]} */
  const written = [];
  child.stdout?.on('data', (bytes) => written.push(bytes));
  child.stderr?.on('data', (bytes) => written.push(bytes));
  const url = `http://127.0.0.1:${port}`;
  const log = () => Buffer.concat(written).toString();
  const stop = () => endGroup(child);
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  for (const deadline = Date.now() + 60_000; !ended() && Date.now() < deadline;) {
    if (
      await fetch(`${url}/version`).then(
        (answer) => answer.ok,
        () => false,
      )
    ) {
      return {
        url,
        port,
        authority: `127.0.0.1:${port}`,
        log,
        stop,
        install: { node, server, folders, environment },
        child,
      };
    }
    await sleep(50);
  }
  const why = ended() ? 'VS Code ended at once' : 'VS Code did not answer within 60 s';
  await stop();
  throw new Error(`${why}:\n${log()}`);
}

/** @typedef {Awaited<ReturnType<typeof startServer>>} Server */

/**
 * The address that opens a folder, with an extension under development and perhaps its tests.
 * @param {Pick<Server, 'url' | 'authority'>} server
 * @param {{ folder?: string, extension?: string, tests?: string }} what absolute paths
 */
export function workbenchUrl({ url, authority }, { folder, extension, tests }) {
  /** @param {string} path */
  const remote = (path) => `vscode-remote://${authority}${path.split('/').map(encodeURIComponent).join('/')}`;
  const payload = [];
  if (extension) payload.push(['extensionDevelopmentPath', remote(extension)]);
  if (tests) payload.push(['extensionTestsPath', remote(tests)]);
  const query = new URLSearchParams();
  if (folder) query.set('folder', folder);
  if (payload.length) query.set('payload', JSON.stringify(payload));
  return `${url}/?${query}`;
}
