/** What every format owes, checked on every fixture without a test being written for it. */
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { headOf } from '../../../src/core/reading/logreader';
import { analyse } from '../reading/analyse';
import { formats } from '../../../src/core/formats/index';
import { Segment, stitch } from '../../../src/core/reading/segment';
import { openFile } from '../../../src/source/file';
import { segmentWords, wordsAfterNothing } from '../reading/cells';
import { directionsIn, directionsOf, withoutMail } from './directions';
import { expectFigures, figuresIn } from './expectation';
import {
  fixtureCases,
  optionsOf,
  read,
  report,
  segmentOf,
  type FixtureCase,
  type Json,
  type ReadSettings,
} from '../reading/read';

/** Beyond this many line cuts only a spread of them is tried. */
const mostCuts = 300;

describe('formats', () => {
  const cases = fixtureCases();
  it('every format has a fixture and every fixture a format', () => {
    assert.deepEqual(
      [...new Set(cases.map((c) => c.id))].filter((id) => id !== 'unrecognised').sort(),
      formats.map((format) => format.id).sort(),
    );
  });
  it('it is said of every format which directions it can state', () => {
    assert.deepEqual(Object.keys(directionsOf).sort(), formats.map((format) => format.id).sort());
  });
  for (const { id } of formats)
    it(`${id} has accepted mail in every direction that it can state, and in no other @slow`, () => {
      const shown = cases.filter((c) => c.id === id).flatMap((fixture) => [...directionsIn(fixture)]);
      assert.deepEqual([...new Set(shown)].sort(), [...directionsOf[id]].sort());
    });
  it('every fixture has something to count, unless it is said why not @slow', () => {
    const empty = cases.filter((fixture) => directionsIn(fixture).size === 0);
    assert.deepEqual(empty.map(({ id, name }) => `${id}/${name}`).sort(), Object.keys(withoutMail).sort());
  });
  for (const fixture of cases.filter((c) => c.id !== 'unrecognised'))
    describe(`${fixture.id}/${fixture.name}`, () => contract(fixture));
  for (const fixture of cases.filter((c) => c.id === 'unrecognised'))
    describe(`unrecognised/${fixture.name}`, () => unclaimed(fixture));
});

function unclaimed(fixture: FixtureCase): void {
  it('is claimed by no format', () => {
    for (const file of fixture.files)
      assert.deepEqual(
        formats.filter((format) => format.detect(headOf(file.bytes.subarray(0, 65536)))).map((format) => format.id),
        [],
        file.name,
      );
  });
  it('gives the expected report', async () => expectFigures(await figuresIn(fixture), fixture));
}

function contract(fixture: FixtureCase): void {
  const { id, files, options } = fixture;
  const bytes = files.map((file) => file.bytes);
  let plain: Json;
  before(async () => {
    plain = await read(bytes, options);
  });

  it('is claimed by exactly its format', () => {
    for (const { name, bytes: content } of files) {
      if (options.format !== undefined) continue;
      const head = headOf(utf8(content).subarray(0, 65536));
      assert.deepEqual(
        formats.filter((format) => format.detect(head)).map((format) => format.id),
        [id],
        name,
      );
    }
  });
  it('gives the expected figures', async () => expectFigures(await figuresIn(fixture), fixture));
  it('accounts for every line', () => {
    for (const { lines, path } of plain.inputs)
      assert.equal(lines.read, lines.used + lines.context + lines.skipped, path);
  });
  for (const chunk of [1, 7, 64, 1000])
    it(`reads the same in chunks of ${chunk}`, async () => assert.deepEqual(await read(bytes, options, chunk), plain));
  it('reads the same with CRLF, LF, spaces behind lines and UTF-8 mark', async () => {
    const lf = bytes.map((b) => Buffer.from(utf8(b).toString('latin1').replaceAll('\r\n', '\n'), 'latin1'));
    for (const other of [
      lf,
      ...['\r\n', '\r\r\n', '  \n'].map((end) =>
        lf.map((b) => Buffer.from(b.toString('latin1').replaceAll('\n', end), 'latin1')),
      ),
      lf.map((b) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), b])),
    ])
      assert.deepEqual(figures(await read(other, options)), figures(plain));
  });
  it('reads the same from gzip and from UTF-16', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mail-flow-'));
    try {
      for (const wrap of [
        (b: Buffer) => gzipSync(b),
        (b: Buffer) => Buffer.from(utf8(b).toString('utf8'), 'utf16le'),
        (b: Buffer) => Buffer.from('\ufeff' + utf8(b).toString('utf8'), 'utf16le'),
      ]) {
        const sources = (
          await Promise.all(
            files.map(async ({ bytes: b }, i) => {
              const path = join(folder, String(i));
              writeFileSync(path, wrap(b));
              if (options.modified !== undefined) utimesSync(path, options.modified / 1000, options.modified / 1000);
              return openFile(path);
            }),
          )
        ).flat();
        assert.deepEqual(figures(report(await analyse(sources, optionsOf(options)), options)), figures(plain));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  it('never throws on a truncated file, and still accounts for every line', async () => {
    const step = Math.max(13, Math.ceil(bytes[0].length / 400 / 13) * 13);
    for (let end = 0; end < bytes[0].length; end += step) {
      const { inputs } = await read([bytes[0].subarray(0, end)], { ...options, format: id });
      assert.equal(inputs[0].lines.read, inputs[0].lines.used + inputs[0].lines.context + inputs[0].lines.skipped);
    }
  });
  it('is the same when cut at any line and stitched', () => stitchEverywhere(id, bytes[0], options));
}

function stitchEverywhere(id: string, content: Buffer, options: ReadSettings): void {
  const format = formats.find((one) => one.id === id)!;
  const bytes = utf8(content);
  const file = { index: 0, name: 'a.log', head: bytes.subarray(0, 65536), modified: options.modified };
  const part = (from: number, to: number) => segmentOf(format, options, from === 0, file, bytes.subarray(from, to));
  // Read in one piece, without any joining.
  const whole = segmentWords(part(0, bytes.length));
  // A file whose place in the data set was not known while it was read.
  assert.deepEqual(
    wordsAfterNothing(travelled(segmentOf(format, options, false, file, bytes))),
    whole,
    'read without knowing that nothing came before',
  );
  const starts = [...bytes.keys()].filter((i) => bytes[i] === 10).map((i) => i + 1);
  const cuts = starts.filter((_, i) => i % Math.ceil(starts.length / mostCuts) === 0);
  for (const [i, cut] of cuts.entries()) {
    const a = part(0, cut);
    const b = part(cut, bytes.length);
    // On every other cut both parts have come from another thread.
    assert.deepEqual(
      wordsAfterNothing(i % 2 === 0 ? stitch(a, b) : stitch(travelled(a), travelled(b))),
      whole,
      `cut at byte ${cut}`,
    );
    // Three parts joined from the right must give the same: stitch is associative.
    const next = cuts[i + 1 + (i % 7)] ?? bytes.length;
    if (i % 4 === 0)
      assert.deepEqual(
        wordsAfterNothing(stitch(a, stitch(part(cut, next), part(next, bytes.length)))),
        whole,
        `cuts at bytes ${cut} and ${next}`,
      );
  }
}

/** The segment as it comes from another thread or from the cache. */
function travelled(segment: Segment): Segment {
  const saved = segment.save();
  assert.ok(saved, `${segment.format.id} can't be saved`);
  return Segment.load(structuredClone(saved), segment.format, segment.options);
}

/** A report without what belongs to the bytes of a file instead of its content. */
function figures(json: Json): unknown {
  return {
    ...json,
    inputs: json.inputs.map(({ lines, problems, format }) => ({ lines, problems, format })),
    insights: json.insights.map(({ path: _, counted, ...rest }) => ({ ...rest, counted: counted?.line })),
  };
}

function utf8(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
