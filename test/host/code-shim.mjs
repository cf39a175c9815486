#!/usr/bin/env node
// @ts-check
// Stands in for desktop VS Code: takes the command line that @vscode/test-electron gives it, and runs the tests in the
// extension host of the VS Code server, whose workbench opens in a headless Chromium. Exits with the tests' code.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from './browser.mjs';
import { startServer, workbenchUrl } from './server.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const args = process.argv.slice(2);
/** @param {string} name */
const value = (name) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const tests = value('extensionTestsPath');
const extension = value('extensionDevelopmentPath');
const folder = args.find((arg) => !arg.startsWith('-'));
if (!tests || !extension) throw new Error('needs --extensionTestsPath= and --extensionDevelopmentPath=');
const minutes = Number(process.env.MAIL_FLOW_TEST_MINUTES ?? 10);

const server = await startServer(root);
/** @type {string[]} */
const logged = [];
let browser;
let code = 1;
try {
  browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const exit = new Promise((done, failed) => {
    setTimeout(() => failed(new Error(`The tests did not end within ${minutes} minutes.`)), minutes * 60_000).unref();
    page.on('crash', () => failed(new Error('The workbench page crashed.')));
    server.child.once('exit', () => failed(new Error('The VS Code server ended.')));
    // The names that the smoke test driver calls; they have to be there before the workbench is.
    void page.exposeFunction('codeAutomationLog', (/** @type {string} */ type, /** @type {unknown[]} */ words) => {
      logged.push(`[${type}] ${words.join(' ')}`);
    });
    void page.exposeFunction('codeAutomationExit', done);
  });
  await page.goto(
    workbenchUrl(server, { folder: folder && resolve(folder), extension: resolve(extension), tests: resolve(tests) }),
  );
  code = Number(await exit);
} catch (error) {
  console.error(String(error));
} finally {
  server.child.removeAllListeners('exit');
  await browser?.close().catch(() => {});
  await server.stop();
}
// The log of the extension host is only of use when something went wrong, and most of all when no test ran.
if (code !== 0) console.error([...logged.slice(-30), server.log().slice(-2000)].join('\n'));
process.exit(code === 0 ? 0 : 1);
