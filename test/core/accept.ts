/**
 * `npm run accept [-- text]`: writes what is read now as what is expected, for all fixtures or those whose `format/case` holds
 * the text. Read the log beside the difference before you commit it: whatever is accepted here is what the contract demands.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { figuresIn } from './formats/expectation';
import { fixtureCases, fixtures, type FixtureCase } from './reading/read';

/** Writes the figures of a fixture. Returns whether they have changed. */
async function accept(fixture: FixtureCase): Promise<boolean> {
  const { id, name, options } = fixture;
  const chosen = Object.keys(options).length > 0 ? { options } : {};
  const text = await format(JSON.stringify({ ...chosen, ...(await figuresIn(fixture)) }), {
    parser: 'json',
    printWidth: 140,
  });
  const path = join(fixtures, id, name, 'expected.json');
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return false;
  writeFileSync(path, text);
  return true;
}

async function main(wanted: string): Promise<void> {
  const cases = fixtureCases().filter(({ id, name }) => `${id}/${name}`.includes(wanted));
  if (cases.length === 0) throw new Error(`No fixture has "${wanted}" in its name.`);
  let changed = 0;
  for (const fixture of cases) {
    if (!(await accept(fixture))) continue;
    changed++;
    process.stdout.write(`${fixture.id}/${fixture.name}\n`);
  }
  process.stdout.write(`${changed} of ${cases.length} fixtures have other figures than before.\n`);
}

main(process.argv[2] ?? '').catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
