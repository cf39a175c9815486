/** The tables of promises in ARCHITECTURE.md and SECURITY.md name tests that are there. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../root';

/** The rows of the table below a heading. */
const rowsOf = (file: string, heading: string) =>
  readFileSync(join(root, file), 'utf8')
    .split(`## ${heading}`)[1]
    .split('\n## ')[0]
    .split('\n')
    .flatMap((line) => {
      const cells = /^\| (?!-|promise)(.*?) \| (.*) \|$/.exec(line);
      return cells ? [{ promise: cells[1], test: cells[2] }] : [];
    });
const figures = rowsOf('ARCHITECTURE.md', 'What the figures promise'),
  security = rowsOf('SECURITY.md', 'What is promised');

describe('what is promised', () => {
  it('are tables', () => assert.ok(figures.length > 20 && security.length > 10));
  for (const { promise, test } of [...figures, ...security])
    it(`has a test: ${promise}`, () => {
      const fixture = /^fixture `(.*)`$/.exec(test);
      if (fixture) {
        assert.ok(existsSync(join(root, 'test/fixtures', fixture[1], 'expected.json')), test);
        return;
      }
      const [, file, title] = /^`(.*)`: (.*)$/.exec(test)!;
      assert.ok(readFileSync(join(root, 'test', file), 'utf8').includes(`('${title}`), test);
    });
});
