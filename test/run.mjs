// @ts-check
// `npm test`: installs what is missing, builds, checks, and runs the tests of every layer, from a fresh clone with nothing
// but Node and npm. The last line is the sum: N passed, N failed, N skipped. Options: --only core,extension,ui (no check),
// --grep TEXT (mocha's).
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureChromium } from './host/chromium.mjs';
import { childEnvironment } from './host/environment.mjs';
import { installHost, installPackages } from './host/install.mjs';
import { run } from './host/processes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const layers = ['core', 'extension', 'ui'];
/** Milliseconds after which a test has come to a standstill. It is no measure: a machine with other work may be ten times as slow. */
const standstill = 180_000;
const { values } = parseArgs({ options: { only: { type: 'string' }, grep: { type: 'string' } } });
const chosen = values.only?.split(',') ?? layers;
const results = mkdtempSync(join(tmpdir(), 'mail-flow-results-'));
process.on('exit', () => rmSync(results, { recursive: true, force: true }));
/** @type {{ passed: number, failed: number, skipped: number }} */
const sum = { passed: 0, failed: 0, skipped: 0 };
/** Said again at the very end, since the end is what is left of a report that was cut off. @type {string[]} */
const broken = [];

/** A part that could not do its work is one failure, said in words. @param {string} why */
function fail(why) {
  console.error(`FAILED: ${why}`);
  broken.push(why);
  sum.failed++;
}

/**
 * Runs a step under a title, with its time. A failure is counted, and the next step goes on.
 * @param {string} title
 * @param {() => Promise<void>} step
 * @returns {Promise<boolean>} whether it did its work
 */
async function attempt(title, step) {
  console.log(`\n== ${title}`);
  const start = performance.now();
  try {
    await step();
    return true;
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
    return false;
  } finally {
    console.log(`== ${title}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}

/** @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
const node = (args, env) => run(process.execPath, args, { cwd: root, env: childEnvironment(env) });

/** mocha's command line, for the layers that run in Node. @param {string} layer */
function mocha(layer) {
  return [
    '--enable-source-maps',
    'node_modules/mocha/bin/mocha.js',
    `dist/test/${layer}/**/*.test.js`,
    '--no-config',
    '--no-package',
    '--forbid-only',
    '--reporter',
    './test/host/reporter.mjs',
    '--timeout',
    String(standstill),
    ...(process.stdout.isTTY ? [] : ['--no-color']),
    ...(values.grep ? ['--grep', values.grep] : []),
  ];
}

/** Runs one layer and adds its counts. One that ends without counts, or without a test, has failed. @param {string} layer */
async function runLayer(layer) {
  const [result, report] = ['json', 'txt'].map((ending) => join(results, `${layer}.${ending}`));
  let code;
  if (layer === 'extension') {
    const desktop = process.env.VSCODE_EXECUTABLE_PATH
      ? { VSCODE_EXECUTABLE_PATH: process.env.VSCODE_EXECUTABLE_PATH }
      : {};
    code = await node(['test/host/extension-tests.mjs'], {
      ...desktop,
      MAIL_FLOW_TEST_RESULT: result,
      MAIL_FLOW_TEST_REPORT: report,
      MAIL_FLOW_TEST_GREP: values.grep ?? '',
    });
    if (existsSync(report)) process.stdout.write(readFileSync(report));
  } else {
    code = await node(mocha(layer), { MAIL_FLOW_TEST_RESULT: result });
  }
  if (!existsSync(result)) return fail(`the ${layer} tests ended without a result.`);
  const counts = JSON.parse(readFileSync(result, 'utf8'));
  for (const key of /** @type {const} */ (['passed', 'failed', 'skipped'])) sum[key] += counts[key];
  for (const test of counts.broken) broken.push(`${layer}: ${test}`);
  if (counts.passed + counts.failed === 0 && !values.grep) fail(`the ${layer} layer ran no test.`);
  else if (code !== 0 && counts.failed === 0) fail(`the ${layer} tests ended with code ${code}.`);
}

/** Installs packages and builds. Without these nothing can run. */
async function build() {
  const unknown = chosen.filter((layer) => !layers.includes(layer));
  if (unknown.length) throw new Error(`--only takes ${layers.join(', ')}, not ${unknown.join(', ')}.`);
  await installPackages(root);
  if ((await node(['esbuild.mjs'])) !== 0) throw new Error('the build failed.');
}

/** What the layers inside VS Code need: the host and a browser, or a desktop VS Code that the developer chose. */
async function installVsCode() {
  const desktop = process.env.VSCODE_EXECUTABLE_PATH || process.env.MAIL_FLOW_DESKTOP;
  if (!chosen.includes('ui') && (desktop || !chosen.includes('extension'))) return;
  await installHost(root);
  await ensureChromium();
}

if (await attempt('packages and build', build)) {
  if (!values.only)
    await attempt('check', async () => {
      if ((await run('npm', ['run', '--silent', 'check'], { cwd: root, env: childEnvironment() })) !== 0)
        throw new Error('npm run check.');
    });
  if (chosen.includes('core')) await attempt('core tests', () => runLayer('core'));
  if (await attempt('VS Code', installVsCode)) {
    for (const layer of chosen.filter((name) => name !== 'core'))
      await attempt(`${layer} tests`, () => runLayer(layer));
  }
  if (sum.passed + sum.failed === 0) fail('no test ran.');
}
if (broken.length) console.log(`\nFAILED\n${broken.map((one) => `- ${one.replace(/\n/g, '\n  ')}`).join('\n')}`);
console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed ? 1 : 0;
