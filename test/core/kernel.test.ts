/** The common lines of some formats are read by WebAssembly, a block at a time. Nothing may come out otherwise than line by line. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formats } from '../../src/core/formats/index';
import { kernel } from '../../src/core/kernel';
import { Segment } from '../../src/core/segment';
import { fixtureCases, optionsOf, type FixtureCase } from './read';

/** Pushes of fewer bytes are read line by line. */
const small = 200;
const fast = formats.filter((format) => new Segment(format, optionsOf({}), true).parser.block !== undefined).map((format) => format.id);
const cases = fixtureCases().filter(({ id }) => fast.includes(id));

describe('the kernel', () => {
  it('is there', () => assert.notEqual(kernel(), undefined));
  it('reads some formats', () => assert.ok(fast.includes('postfix')));

  for (const id of fast) {
    const fixtures = cases.filter((fixture) => fixture.id === id);
    it(`reads ${id} logs as the parser does, whatever became of their bytes`, () => {
      fc.assert(fc.property(fc.constantFrom(...fixtures), fc.boolean(), fc.array(fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), change }), { maxLength: 12 }), (fixture, first, changes) => {
        const bytes = changes.reduce((log, { at, change: { kind, text, length } }) => {
          const from = Math.floor(at * log.length), to = kind === 'insert' ? from : Math.min(log.length, from + length);
          return Buffer.concat([log.subarray(0, from), kind === 'double' ? Buffer.concat([log.subarray(from, to), log.subarray(from, to)]) : Buffer.from(kind === 'delete' ? '' : text, 'latin1'), log.subarray(to)]);
        }, fixture.files[0].bytes);
        assert.deepEqual(readBy(fixture, bytes, first, bytes.length), readBy(fixture, bytes, first, small));
      }), { numRuns: 1500 });
    }).timeout(120_000);

    it(`keeps two ${id} logs apart that are read by turns`, () => {
      const [one, other] = [fixtures[0], fixtures[fixtures.length - 1]];
      const turns = [begin(one, true), begin(other, true)];
      for (let at = 0; at < Math.max(one.files[0].bytes.length, other.files[0].bytes.length); at += 1024) [one, other].forEach((fixture, i) => turns[i].push(fixture.files[0].bytes.subarray(at, at + 1024)));
      [one, other].forEach((fixture, i) => { turns[i].end(); assert.deepEqual(turns[i].save(), readBy(fixture, fixture.files[0].bytes, true, small)); });
    });
  }
});

const change = fc.record({
  kind: fc.constantFrom('replace', 'insert', 'delete', 'double'), length: fc.constantFrom(1, 1, 2, 5, 40, 300),
  text: fc.oneof(fc.constantFrom('\n', '\r\n', ' ', ':', '[', ']', '"', ',', '=', '<', '>', '0', '9', '\0', '\xff'), fc.string({ maxLength: 4 })),
});

function begin(fixture: FixtureCase, first: boolean): Segment {
  const { id, files: [{ bytes, name }], options } = fixture;
  const segment = new Segment(formats.find((format) => format.id === id)!, optionsOf(options), first);
  segment.open({ index: 0, name, head: bytes.subarray(0, 65536), modified: options.modified });
  return segment;
}

/** All that a segment knows, open sessions and deferred lines too, read in pushes of so many bytes. */
function readBy(fixture: FixtureCase, bytes: Uint8Array, first: boolean, size: number) {
  const segment = begin(fixture, first);
  for (let at = 0; at < bytes.length; at += size) segment.push(bytes.subarray(at, at + size));
  segment.end();
  return segment.save();
}
