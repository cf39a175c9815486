// @ts-check
// mocha's usual report, and beside it one line of JSON for each test in the file that MAIL_FLOW_TEST_RESULT names, written
// as it begins and as it ends: results.mjs adds them up, also those of a run that was ended half-way. With
// MAIL_FLOW_TEST_REPORT the report goes to that file, since an extension host has no terminal.
import { reporters } from 'mocha';
import { appendFileSync } from 'node:fs';
import { format } from 'node:util';

/** Tests that a run names as its slowest, if `--fast` asks for them. */
const slowest = 5;

export default class Reporter extends reporters.Spec {
  /** @param {import('mocha').Runner} runner @param {import('mocha').MochaOptions} options */
  constructor(runner, options) {
    const { MAIL_FLOW_TEST_REPORT: report, MAIL_FLOW_TEST_RESULT: result, MAIL_FLOW_FAST: fast } = process.env;
    // mocha keeps the console.log that it found when it was loaded, so that is what has to be replaced.
    if (report)
      reporters.Base.consoleLog = (/** @type {unknown[]} */ ...words) =>
        appendFileSync(report, `${format(...words)}\n`);
    super(runner, options);
    if (result) record(runner, (entry) => appendFileSync(result, `${JSON.stringify(entry)}\n`));
    if (fast) nameSlowest(runner);
  }
}

/** @param {import('mocha').Runner} runner @param {(entry: import('./results.mjs').Entry) => void} write */
function record(runner, write) {
  const titleOf = (/** @type {import('mocha').Runnable} */ one) => one.titlePath().join(' > ');
  runner.once('start', () => write({ tests: runner.total }));
  runner.on('hook', (hook) => write({ began: titleOf(hook) }));
  runner.on('test', (test) => write({ began: titleOf(test) }));
  runner.on('pass', () => write({ ended: 'passed' }));
  runner.on('pending', () => write({ ended: 'skipped' }));
  runner.on('fail', (test, error) =>
    write({ ended: 'failed', why: `${titleOf(test)}: ${error?.message ?? error}`.slice(0, 2000) }),
  );
  runner.once('end', () => write({ complete: true }));
}

/** @param {import('mocha').Runner} runner */
function nameSlowest(runner) {
  /** @type {import('mocha').Test[]} */
  const passed = [];
  runner.on('pass', (test) => passed.push(test));
  runner.once('end', () => {
    passed.sort((a, b) => (b.duration ?? 0) - (a.duration ?? 0));
    const lines = passed.slice(0, slowest).map((one) => `  ${one.duration} ms  ${one.fullTitle()}`);
    reporters.Base.consoleLog(`  slowest (a title with @slow leaves a test out of --fast):\n${lines.join('\n')}`);
  });
}
