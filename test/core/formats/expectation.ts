/** What is read of a fixture beside what was accepted: the comparison of the contract, also for parsers that are wrong on purpose. */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { type GroupReader } from '../../../src/core/reading/logreader';
import { analyse } from '../reading/analyse';
import { figuresOf, optionsOf, sourcesOf, type Figures, type FixtureCase } from '../reading/read';

/** All that is read of a fixture. @param readGroup another way to read than that of the product. */
export async function figuresIn({ files, options }: FixtureCase, readGroup?: GroupReader): Promise<Figures> {
  const sources = sourcesOf(
    files.map(({ bytes }) => bytes),
    options,
  );
  return figuresOf(await analyse(sources, optionsOf(options), readGroup), options);
}

/** Whether anything differs from what `npm run accept` has written. */
export function differs(figures: Figures, { expected }: FixtureCase): boolean {
  return !isDeepStrictEqual(figures, expected);
}

/** @throws AssertionError where anything differs from what was accepted. */
export function expectFigures(figures: Figures, fixture: FixtureCase): void {
  const { expected } = fixture;
  assert.ok(expected, 'its figures have not been accepted yet: npm run accept');
  // What people read says more of a difference than the cells behind it.
  assert.deepEqual(figures.report, expected.report);
  assert.deepEqual(figures, expected);
  assert.ok(!differs(figures, fixture));
}
