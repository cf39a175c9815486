// @ts-check
// `npm test`: installs what is missing, builds, checks, and runs the tests of every layer, from a fresh clone with nothing
// but Node and npm. The last line is the sum: N passed, N failed, N skipped. Options:
//   --only core,extension,ui   these layers, and no check
//   --fast                     the core without the tests that are slow (@slow in their titles), and one fixture of each format
//   --grep TEXT                mocha's
//   --minutes N                for each layer (30), after which it is ended and what has passed is said
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureChromium } from './host/chromium.mjs';
import { childEnvironment } from './host/environment.mjs';
import { installHost, installPackages } from './host/install.mjs';
import { run } from './host/processes.mjs';
import { readResults, showAsItGrows, watchForStandstill } from './host/results.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const layers = ['core', 'extension', 'ui'];
/**
 * Milliseconds after which a test has come to a standstill. It is no measure: a machine with other work may be ten times
 * as slow.
 */
const standstill = 180_000;
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    fast: { type: 'boolean', default: false },
    grep: { type: 'string' },
    minutes: { type: 'string', default: '30' },
  },
});
const chosen = values.fast ? ['core'] : (values.only?.split(',') ?? layers);
const minutes = Number(values.minutes);
const results = mkdtempSync(join(tmpdir(), 'mail-flow-results-'));
/** @type {{ passed: number, failed: number, skipped: number }} */
const sum = { passed: 0, failed: 0, skipped: 0 };
/** Said again at the very end, since the end is what is left of a report that was cut off. @type {string[]} */
const broken = [];
/** What runs, and the files of its results. @type {Set<{ layer: string, file: string }>} */
const current = new Set();

// However this process ends, unless it is killed, it says what has passed.
process.on('exit', () => {
  for (const part of current) {
    count(part);
    fail(`the ${part.layer} tests were ended from outside.`);
  }
  if (broken.length) console.log(`\nFAILED\n${broken.map((one) => `- ${one.replace(/\n/g, '\n  ')}`).join('\n')}`);
  console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  rmSync(results, { recursive: true, force: true });
});

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

/** Which tests run, as mocha's pattern of full titles; undefined for all. */
function pattern() {
  return values.fast ? `^(?!.*@slow).*${values.grep ? `(?:${values.grep})` : ''}` : values.grep;
}

/** mocha's command line, for the layers that run in Node. @param {string[]} files */
function mocha(files) {
  const grep = pattern();
  return [
    '--enable-source-maps',
    'node_modules/mocha/bin/mocha.js',
    ...files,
    '--no-config',
    '--no-package',
    '--forbid-only',
    '--reporter',
    './test/host/reporter.mjs',
    '--timeout',
    String(standstill),
    ...(process.stdout.isTTY ? [] : ['--no-color']),
    ...(grep ? ['--grep', grep] : []),
  ];
}

/** The files of tests of a layer, in as many parts as run beside each other: those of the core need nothing but a core. */
function partsOf(/** @type {string} */ layer) {
  if (layer !== 'core' || availableParallelism() < 2) return [[`dist/test/${layer}/**/*.test.js`]];
  const files = readdirSync(join(root, 'dist/test/core'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join('dist/test/core', name))
    .sort();
  return [0, 1].map((part) => files.filter((_, at) => at % 2 === part));
}

/**
 * What Node runs for files of a layer, and its environment.
 * @param {string} layer
 * @param {string[]} files
 * @returns {[args: string[], env: NodeJS.ProcessEnv]}
 */
function commandOf(layer, files) {
  if (layer !== 'extension') return [mocha(files), values.fast ? { MAIL_FLOW_FAST: '1' } : {}];
  const { VSCODE_EXECUTABLE_PATH } = process.env;
  return [
    ['test/host/extension-tests.mjs'],
    {
      ...(VSCODE_EXECUTABLE_PATH && { VSCODE_EXECUTABLE_PATH }),
      MAIL_FLOW_TEST_GREP: pattern() ?? '',
      MAIL_FLOW_TEST_MINUTES: values.minutes,
    },
  ];
}

/** Adds what the results of a layer say, and gives them. @param {{ layer: string, file: string }} run */
function count({ layer, file }) {
  const counts = readResults(file);
  for (const key of /** @type {const} */ (['passed', 'failed', 'skipped'])) sum[key] += counts?.[key] ?? 0;
  for (const test of counts?.broken ?? []) broken.push(`${layer}: ${test}`);
  return counts;
}

/** Runs one layer, whose first part shows what it does as it does it, and the others at their ends. @param {string} layer */
async function runLayer(layer) {
  const [first, ...others] = partsOf(layer);
  const later = others.map((files, at) => runPart(layer, files, join(results, `${layer}${at + 2}.txt`)));
  await runPart(layer, first, layer === 'extension' ? join(results, `${layer}.txt`) : undefined, true);
  for (const report of await Promise.all(later)) showAsItGrows(report ?? '')();
}

let parts = 0;
/**
 * Runs tests of one layer and adds their counts. Those that take too long or stand still are ended; what had passed
 * counts.
 * @param {string} layer
 * @param {string[]} files
 * @param {string} [report] the file that their report goes to, in place of our output
 * @param {boolean} [shown] whether that is shown meanwhile
 */
async function runPart(layer, files, report, shown = false) {
  const part = { layer, file: join(results, `${++parts}.jsonl`) };
  const [args, env] = commandOf(layer, files);
  const late = new AbortController();
  const budget = setTimeout(() => late.abort(`took more than ${minutes} minutes`), minutes * 60_000);
  // A test that never gives the thread back is not ended by mocha.
  const unwatch = watchForStandstill(part.file, 2 * standstill, () => late.abort('stood still'));
  const showRest = report && shown ? showAsItGrows(report) : () => {};
  current.add(part);
  const code = await run(process.execPath, args, {
    cwd: root,
    env: childEnvironment({
      ...env,
      MAIL_FLOW_TEST_RESULT: part.file,
      ...(report && { MAIL_FLOW_TEST_REPORT: report }),
    }),
    abort: late.signal,
  });
  clearTimeout(budget);
  unwatch();
  showRest();
  const counts = count(part);
  current.delete(part);
  judge(layer, counts, late.signal.aborted ? `${late.signal.reason} and were ended` : `ended with code ${code}`, code);
  return report;
}

/**
 * A layer that did not come to its end, or ran no test, has failed.
 * @param {string} layer @param {import('./host/results.mjs').Results | undefined} counts
 * @param {string} end how it ended @param {number} code
 */
function judge(layer, counts, end, code) {
  if (!counts) return fail(`the ${layer} tests ${end}, before the first began.`);
  const { tests, passed, failed, skipped, last, complete } = counts;
  if (!complete) {
    const rest = tests - passed - failed - skipped;
    return fail(`the ${layer} tests ${end}: ${passed} of ${tests} had passed, ${rest} did not run. Last: ${last}`);
  }
  if (passed + failed === 0 && !values.grep) fail(`the ${layer} layer ran no test.`);
  else if (code !== 0 && failed === 0) fail(`the ${layer} tests ${end}.`);
}

/** Installs packages and builds. Without these nothing can run. */
async function build() {
  const unknown = chosen.filter((layer) => !layers.includes(layer));
  if (unknown.length) throw new Error(`--only takes ${layers.join(', ')}, not ${unknown.join(', ')}.`);
  if (!(minutes > 0)) throw new Error(`--minutes takes a number above 0, not ${values.minutes}.`);
  await installPackages(root);
  if ((await run(process.execPath, ['esbuild.mjs'], { cwd: root, env: childEnvironment() })) !== 0)
    throw new Error('the build failed.');
}

async function check() {
  if ((await run('npm', ['run', '--silent', 'check'], { cwd: root, env: childEnvironment() })) !== 0)
    throw new Error('npm run check.');
}

/** What the layers inside VS Code need: the host and a browser, or a desktop VS Code that the developer chose. */
async function installVsCode() {
  const desktop = process.env.VSCODE_EXECUTABLE_PATH || process.env.MAIL_FLOW_DESKTOP;
  if (!chosen.includes('ui') && (desktop || !chosen.includes('extension'))) return;
  await installHost(root);
  await ensureChromium();
}

if (await attempt('packages and build', build)) {
  if (!values.only && !values.fast) await attempt('check', check);
  if (chosen.includes('core')) await attempt('core tests', () => runLayer('core'));
  const inVsCode = chosen.filter((name) => name !== 'core');
  if (inVsCode.length > 0 && (await attempt('VS Code', installVsCode))) {
    for (const layer of inVsCode) await attempt(`${layer} tests`, () => runLayer(layer));
  }
  if (sum.passed + sum.failed === 0) fail('no test ran.');
}
process.exitCode = sum.failed ? 1 : 0;
