/** The figures do not depend on how a log is read: on how many threads, from the cache or not, at once or as it grows. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generators } from '../../../bench/generators/index.mjs';
import { LogReader, type GroupReader } from '../../../src/core/reading/logreader';
import { readInOrder } from '../../../src/core/reading/readinorder';
import { analyse } from '../reading/analyse';
import type { Source } from '../../../src/core/reading/source';
import { readCached } from '../../../src/source/cache';
import { openFile } from '../../../src/source/file';
import { Follower } from '../../../src/source/follow';
import { hashApart } from '../../../src/source/hash';
import { readOnThreads } from '../../../src/source/threads';
import { optionsOf, report } from '../reading/read';
import { root } from '../../root';

const worker = join(root, 'dist/worker.js');

for (const kind of ['postfix', 'exchange-smtp', 'exim', 'exchange-tracking'] as const)
  describe(`${kind}: the same figures @slow`, () => {
    let folder: string, file: string, bytes: Buffer, whole: unknown;
    const read = async (reader: GroupReader, path = file) =>
      figures(report(await analyse(await openFile(path), optionsOf({}), reader)));
    const figures = ({ inputs, ...rest }: ReturnType<typeof report>) => ({
      ...rest,
      inputs: inputs.map(({ lines, problems, advice, state }) => ({ lines, problems, advice, state })),
      insights: rest.insights.map(({ counted, ...insight }) => ({ ...insight, path: '', counted: counted?.line })),
    });

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'mail-flow-same-'));
      file = join(folder, 'log');
      generators[kind](file, 5 << 20);
      bytes = readFileSync(file);
      whole = await read(readInOrder);
    });
    after(() => rmSync(folder, { recursive: true }));

    for (const threads of [2, 3, 8])
      it(`on ${threads} threads, in many ranges`, async () => {
        for (const range of [1 << 20, 300_000])
          assert.deepEqual(await read(readOnThreads(threads, worker, { worth: 0, piece: range })), whole);
      });

    it('though a thread dies, whose part is read once more', async () => {
      const died = join(folder, 'died'),
        script = join(folder, 'dies-once.cjs');
      writeFileSync(
        script,
        `const { existsSync, writeFileSync } = require('node:fs');\n` +
          `if (existsSync(${JSON.stringify(died)})) require(${JSON.stringify(worker)}); else { writeFileSync(` +
          `${JSON.stringify(died)}, ''); process.exit(1); }`,
      );
      assert.deepEqual(await read(readOnThreads(3, script, { worth: 0, piece: 300_000 })), whole);
      assert.ok(existsSync(died));
    });

    for (const again of [0, 16 << 20])
      it(`without the cache, with a new, a warm and a damaged one, written anew ${again === 0 ? 'always' : 'seldom'}`, async () => {
        const cache = join(folder, 'cache'),
          log = join(folder, 'grows'),
          reader = readCached(cache, readInOrder, { worth: 4 << 20, again });
        const cuts = [bytes.length - 400_000, bytes.length - 90_123, bytes.length];
        for (const [i, end] of cuts.entries()) {
          writeFileSync(log, bytes.subarray(0, end));
          utimesSync(log, 1_780_000_000 + i, 1_780_000_000 + i);
          const plain = await read(readInOrder, log);
          assert.deepEqual(await read(reader, log), plain, 'new or grown');
          assert.deepEqual(await read(reader, log), plain, 'warm');
        }
        const [entry] = readdirSync(cache).map((name) => join(cache, name));
        const saved = readFileSync(entry);
        for (let i = 0; i < 20; i++) {
          const damaged = Buffer.from(saved);
          damaged[Math.floor((damaged.length / 20) * i)] ^= 1 << (i % 8);
          writeFileSync(entry, damaged);
          assert.deepEqual(await read(reader, log), whole, 'damaged');
        }
        truncateSync(entry, 1000);
        assert.deepEqual(await read(reader, log), whole, 'cut');
        // The same size and time with another content must not pass for the same file.
        const other = Buffer.from(bytes);
        other.write('X', bytes.length - 20);
        writeFileSync(log, other);
        utimesSync(log, 1_780_000_002, 1_780_000_002);
        assert.deepEqual(await read(reader, log), await read(readInOrder, log), 'same size and time');
      });

    it('of a log that grows while it is read: those of what it held when it was opened, with the hash of just that', async () => {
      const log = join(folder, 'live'),
        cache = join(folder, 'live-cache'),
        cut = bytes.length - 300_000,
        content = readFileSync(file);
      for (const reader of [
        readInOrder,
        readOnThreads(2, worker, { worth: 0, piece: 300_000 }),
        readCached(cache, readInOrder, { worth: 0, again: 0 }),
      ]) {
        writeFileSync(log, content.subarray(0, cut));
        const plain = await read(readInOrder, log);
        for (const hash of [(source: Source) => source.sha256(), hashApart(worker, 0)]) {
          writeFileSync(log, content.subarray(0, cut));
          const sources = await openFile(log);
          appendFileSync(log, content.subarray(cut, cut + 100_000));
          const found = await analyse(sources, { ...optionsOf({}), hash }, reader);
          assert.deepEqual(figures(report(found)), plain);
          assert.equal(found.files[0].sha256, createHash('sha256').update(content.subarray(0, cut)).digest('hex'));
          assert.equal(found.files[0].bytes, cut);
        }
      }
      // What came behind it is then read once.
      const expected = await read(readInOrder, log);
      for (let i = 0; i < 2; i++)
        assert.deepEqual(await read(readCached(cache, readInOrder, { worth: 0, again: 16 << 20 }), log), expected);
      rmSync(cache, { recursive: true });
    });

    it('of no log that was replaced or cut after it was opened: that is told', async () => {
      const log = join(folder, 'stale'),
        cache = join(folder, 'stale-cache'),
        content = readFileSync(file);
      const replaced = () => {
          writeFileSync(`${log}.new`, content);
          renameSync(`${log}.new`, log);
        },
        cut = () => truncateSync(log, content.length >> 1);
      for (const reader of [
        readInOrder,
        readOnThreads(2, worker, { worth: 0, piece: 300_000 }),
        readCached(cache, readInOrder, { worth: 0, again: 0 }),
      ])
        for (const change of [replaced, cut]) {
          writeFileSync(log, content);
          const data = await analyse(await openFile(log), optionsOf({}), async (group, events) => {
            change();
            return reader(group, events);
          });
          assert.deepEqual(
            data.files.map(({ state, detail }) => [state === 'complete', detail]),
            [[false, 'ESTALE']],
          );
          assert.deepEqual(existsSync(cache) ? readdirSync(cache) : [], []);
        }
    });

    it('as the log grows, however it is cut', async () => {
      const log = join(folder, 'follows'),
        tail = 150_000;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 6 }),
          async (steps) => {
            let at = bytes.length - tail;
            writeFileSync(log, bytes.subarray(0, at));
            const data = await LogReader.open(await openFile(log), optionsOf({}));
            const follower = await Follower.start(data);
            for (const step of [...steps, tail]) {
              appendFileSync(log, bytes.subarray(at, Math.min(bytes.length, at + step)));
              at = Math.min(bytes.length, at + step);
              await follower.step();
            }
            await follower.stop();
            assert.deepEqual(figures(report(data.soFar())), whole);
          },
        ),
        { numRuns: 5 },
      );
    });
  });
