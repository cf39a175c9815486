// @ts-check
// mocha's usual report, and at the end the counts and what failed as JSON in the file that MAIL_FLOW_TEST_RESULT names:
// test/run.mjs adds them up. With MAIL_FLOW_TEST_REPORT the report goes to that file, since an extension host has no terminal.
import { reporters } from 'mocha';
import { appendFileSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';

export default class Reporter extends reporters.Spec {
  /** @param {import('mocha').Runner} runner @param {import('mocha').MochaOptions} options */
  constructor(runner, options) {
    const { MAIL_FLOW_TEST_REPORT: report, MAIL_FLOW_TEST_RESULT: result } = process.env;
    // mocha keeps the console.log that it found when it was loaded, so that is what has to be replaced.
    if (report)
      reporters.Base.consoleLog = (/** @type {unknown[]} */ ...words) =>
        appendFileSync(report, `${format(...words)}\n`);
    super(runner, options);
    /** @type {string[]} */
    const broken = [];
    runner.on('fail', (test, error) =>
      broken.push(`${test.titlePath().join(' > ')}: ${error?.message ?? error}`.slice(0, 2000)),
    );
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      if (result) writeFileSync(result, JSON.stringify({ passed: passes, failed: failures, skipped: pending, broken }));
    });
  }
}
