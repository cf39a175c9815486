// @ts-check
// The browser that shows the workbench: found, or installed from Debian's packages where that is possible.
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { childEnvironment } from './environment.mjs';
import { run } from './processes.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

/** The program on the PATH, or undefined. @param {string} name */
export function onPath(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** A Chromium: the one that `CHROMIUM` names, else the first on the PATH. @returns {string | undefined} */
export function findChromium() {
  const { CHROMIUM } = process.env;
  if (CHROMIUM && !existsSync(CHROMIUM)) throw new Error(`CHROMIUM names ${CHROMIUM}, which does not exist.`);
  return CHROMIUM ?? names.map(onPath).find(Boolean);
}

/** Finds Chromium or installs it by apt, as root or with a sudo that asks nothing. Else an error that says what to do. */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  const root = process.getuid?.() === 0;
  if (onPath('apt-get') && (root || onPath('sudo'))) {
    console.log('> apt-get install chromium');
    const env = childEnvironment({ DEBIAN_FRONTEND: 'noninteractive' });
    /** @param {string[]} args */
    const apt = (...args) =>
      root
        ? run('apt-get', args, { cwd: '/', env })
        : run('sudo', ['-n', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args], { cwd: '/', env });
    if ((await apt('update', '-qq')) === 0) await apt('install', '-y', '-qq', 'chromium');
  }
  const installed = findChromium();
  if (!installed)
    throw new Error(
      'The tests in VS Code need Chromium. Install it (Debian: apt-get install chromium) or set CHROMIUM to a Chromium, Chrome or Edge.',
    );
  return installed;
}
