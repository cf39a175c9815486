// @ts-check
// What the reporter has written about a layer of tests so far, at its end or when it was ended half-way.
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';

/** @typedef {{ ended: 'passed' | 'failed' | 'skipped', why?: string }} Ended */
/** @typedef {{ tests: number } | { began: string } | Ended | { complete: true }} Entry a line of the file */

/**
 * @typedef {object} Results
 * @property {number} tests how many there are to run
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} broken what failed, and why
 * @property {string | undefined} last the test or hook that began last
 * @property {boolean} complete whether the run came to its end
 */

/** Adds up the file of a run; undefined where none has begun. @param {string} file @returns {Results | undefined} */
export function readResults(file) {
  if (!existsSync(file)) return undefined;
  /** @type {Results} */
  const sum = { tests: 0, passed: 0, failed: 0, skipped: 0, broken: [], last: undefined, complete: false };
  // A line without its end was being written when the run was ended.
  for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
    /** @type {Entry} */
    const entry = JSON.parse(line);
    if ('tests' in entry) sum.tests = entry.tests;
    else if ('began' in entry) sum.last = entry.began;
    else if ('complete' in entry) sum.complete = true;
    else {
      sum[entry.ended]++;
      if (entry.why) sum.broken.push(entry.why);
    }
  }
  return sum;
}

/**
 * Shows what is appended to a file, which need not exist yet. @param {string} file
 * @returns {() => void} shows the rest, and ends
 */
export function showAsItGrows(file) {
  let shown = 0;
  const show = () => {
    const size = existsSync(file) ? statSync(file).size : 0;
    if (size === shown) return;
    const more = Buffer.alloc(size - shown);
    const from = openSync(file, 'r');
    shown += readSync(from, more, 0, more.length, shown);
    closeSync(from);
    process.stdout.write(more);
  };
  const timer = setInterval(show, 250);
  return () => {
    clearInterval(timer);
    show();
  };
}

/**
 * Calls `still` once a file has not grown for so many milliseconds. Counted in ticks and not by the clock, so that a
 * machine that slept does not look like a run that stands still.
 * @param {string} file @param {number} milliseconds @param {() => void} still
 * @returns {() => void} ends the watch
 */
export function watchForStandstill(file, milliseconds, still) {
  const tick = 1000;
  let size = 0;
  let quiet = 0;
  const timer = setInterval(() => {
    const now = existsSync(file) ? statSync(file).size : 0;
    quiet = now === size ? quiet + tick : 0;
    size = now;
    if (quiet < milliseconds) return;
    clearInterval(timer);
    still();
  }, tick);
  return () => clearInterval(timer);
}
