/** Whatever the bytes of a log, its lines are read by the scanner as without it. */
import assert from 'node:assert/strict';
import { formats } from '../../../src/core/formats/index';
import type { Format } from '../../../src/core/reading/format';
import { Segment } from '../../../src/core/reading/segment';
import { fixtureCases, optionsOf } from '../reading/read';
import { Lines, chance, ways } from './damageways';
import { factsOf } from './facts';

/** The parser without its kernel. */
function withoutKernel(format: Format): Format {
  return {
    ...format,
    parser: (sink) => Object.defineProperty(format.parser(sink), 'block', { value: undefined }),
  };
}

/** What a log says, and what became of its lines. */
function reading(format: Format, bytes: Buffer, settings: Parameters<typeof optionsOf>[0]) {
  const segment = new Segment(format, optionsOf(settings), true);
  segment.open({ index: 0, name: 'a.log', head: bytes.subarray(0, 65536), modified: settings.modified });
  segment.push(bytes);
  segment.end();
  const facts = factsOf(segment);
  const [{ lines, problems }] = segment.accounts;
  return { facts, lines, problems: [...problems].sort() };
}

/** Tests of all fixtures of a format, with every third line damaged. */
export function kernelTests(id: string): void {
  const format = formats.find((one) => one.id === id)!;
  for (const { name, files, options } of fixtureCases().filter((one) => one.id === id)) {
    it(`${id}/${name} is read by the kernel as without it`, () => {
      const pick = chance(name.length);
      for (let run = 0; run < 40; run++) {
        const { lines } = new Lines(files[0].bytes);
        const damaged = lines.flatMap((line, i) => {
          if (line.length === 0 || pick(3) > 0) return [line];
          return [ways[pick(ways.length)].apply(line, pick(line.length), pick, lines[i + 1] ?? Buffer.alloc(0))];
        });
        const bytes = Buffer.concat(damaged.flatMap((line) => [line, Buffer.from('\n')]));
        assert.deepEqual(reading(format, bytes, options), reading(withoutKernel(format), bytes, options));
      }
    });
  }
}
