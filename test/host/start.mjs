// @ts-check
// `npm start`: builds, and opens VS Code with the extension and the samples. Desktop VS Code where `code` is on the PATH,
// else the VS Code server on a loopback port until Ctrl-C. Options: --port N (the server, on that port), --folder DIR.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { onPath } from './chromium.mjs';
import { childEnvironment } from './environment.mjs';
import { installHost, installPackages } from './install.mjs';
import { isStopping, run } from './processes.mjs';
import { startServer, workbenchUrl } from './server.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Opens desktop VS Code; false where there is none or it will not start (as root, say). @param {string} folder */
async function openDesktop(folder) {
  const code = onPath('code');
  if (
    !code ||
    (await run(code, ['--new-window', `--extensionDevelopmentPath=${root}`, folder], {
      cwd: root,
      env: childEnvironment(),
    })) !== 0
  )
    return false;
  console.log('Mail Flow Report is open in VS Code.');
  return true;
}

async function main() {
  const { values } = parseArgs({ options: { port: { type: 'string' }, folder: { type: 'string' } } });
  const port = values.port === undefined ? 0 : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port takes a number from 1 to 65535, not ${values.port}.`);
  // npm changes into the project's folder; INIT_CWD is where the user typed the path.
  const folder = values.folder ? resolve(process.env.INIT_CWD ?? '.', values.folder) : join(root, 'samples');
  if (!values.folder) mkdirSync(folder, { recursive: true });
  await installPackages(root);
  if ((await run(process.execPath, ['esbuild.mjs'], { cwd: root })) !== 0)
    throw new Error('The build failed: see above.');
  if (values.port === undefined && (await openDesktop(folder))) return;
  await installHost(root);
  const server = await startServer(root, { port });
  server.child.once('exit', () => {
    if (isStopping()) return;
    console.error(`VS Code ended.\n${server.log().slice(-2000)}`);
    process.exit(1);
  });
  console.log(`Mail Flow Report is open at ${workbenchUrl(server, { folder, extension: root })}`);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
