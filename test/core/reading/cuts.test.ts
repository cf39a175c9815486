/** Every fixture cut into many pieces over its files, some of them saved, and joined in any order. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formats } from '../../../src/core/formats/index';
import { Segment, stitch } from '../../../src/core/reading/segment';
import { segmentWords, wordsAfterNothing } from './cells';
import { fixtureCases, optionsOf, type FixtureCase } from './read';

/** A stretch of a file. */
interface Piece {
  file: number;
  from: number;
  to: number;
}

describe('pieces of a log, joined in any order @slow', () => {
  for (const fixture of fixtureCases().filter(({ id }) => id !== 'unrecognised'))
    it(`${fixture.id}/${fixture.name}`, () => {
      const { files } = fixture;
      const starts = files.map(({ bytes }) => [
        0,
        ...[...bytes.keys()].filter((i) => bytes[i] === 10 && i + 1 < bytes.length).map((i) => i + 1),
      ]);
      const whole = segmentWords(
        segment(
          fixture,
          files.map(({ bytes }, file) => ({ file, from: 0, to: bytes.length })),
          true,
        ),
      );
      fc.assert(
        fc.property(
          fc.array(fc.array(fc.nat(), { maxLength: 5 }), { minLength: files.length, maxLength: files.length }),
          fc.array(fc.nat(), { minLength: 32, maxLength: 32 }),
          fc.nat({ max: 2 }),
          (cuts, order, saves) => {
            const pieces = files.flatMap(({ bytes }, file) => {
              const at = [...new Set([0, ...cuts[file].map((n) => starts[file][n % starts[file].length])])].sort(
                (a, b) => a - b,
              );
              return at.map((from, i): Piece => ({ file, from, to: at[i + 1] ?? bytes.length }));
            });
            let parts = pieces.map((piece, i) => segment(fixture, [piece], i === 0));
            if (saves === 0)
              parts = parts.map((part) => Segment.load(structuredClone(part.save()!), part.format, part.options));
            for (let i = 0; parts.length > 1; i++) {
              const left = order[i % order.length] % (parts.length - 1);
              parts.splice(left, 2, stitch(parts[left], parts[left + 1]));
            }
            assert.deepEqual(wordsAfterNothing(parts[0]), whole);
          },
        ),
        { numRuns: 25 },
      );
    });
});

function segment({ id, files, options }: FixtureCase, pieces: readonly Piece[], first: boolean): Segment {
  const made = new Segment(
    formats.find((format) => format.id === id)!,
    optionsOf(options),
    first,
  );
  for (const { file, from, to } of pieces) {
    const { name, bytes } = files[file];
    made.open({ index: file, name, head: bytes.subarray(0, 65536), modified: options.modified });
    made.push(bytes.subarray(from, to));
    made.end();
  }
  return made;
}
