/** The table of promises in ARCHITECTURE.md names tests that are there. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../root';

const table = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  .split('## What the figures promise')[1]
  .split('\n## ')[0];
const rows = table.split('\n').flatMap((line) => {
  const cells = /^\| (?!-|promise)(.*?) \| (.*) \|$/.exec(line);
  return cells ? [{ promise: cells[1], test: cells[2] }] : [];
});

describe('what the figures promise', () => {
  it('is a table', () => assert.ok(rows.length > 20));
  for (const { promise, test } of rows)
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
