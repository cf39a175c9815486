// What VS Code loads to run the tests inside its extension host: finds every bundled test file beside itself.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';
import Reporter from '../host/reporter.mjs';

/** Runs every test. Rejects when one fails, which VS Code turns into its exit code. */
export function run(): Promise<void> {
  process.setSourceMapsEnabled(true); // a stack then names the line of the test, not of the bundle
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 180_000,
    reporter: Reporter,
    forbidOnly: true,
    color: false,
    grep: process.env.MAIL_FLOW_TEST_GREP || undefined,
  });
  for (const name of readdirSync(__dirname, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.test.js')) mocha.addFile(join(__dirname, name));
  }
  return new Promise((done, failed) => {
    mocha.run((failures) => (failures ? failed(new Error(`${failures} tests failed`)) : done()));
  });
}
