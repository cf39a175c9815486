/** Summaries of logs: they stand for the bytes that they were made of, and tell nothing to who has not got these. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import { gzipSync } from 'node:zlib';
import { generators } from '../../../bench/generators/index.mjs';
import type { GroupReader } from '../../../src/core/reading/logreader';
import { readInOrder } from '../../../src/core/reading/readinorder';
import { withoutRepeats } from '../../../src/core/reading/repeats';
import { readCached } from '../../../src/source/cache';
import { openFile } from '../../../src/source/file';
import { hashed } from '../../../src/source/hash';
import { readOnThreads } from '../../../src/source/threads';
import { root } from '../../root';
import { analyse } from '../reading/analyse';
import { fixtures, optionsOf, report } from '../reading/read';

const always = { worth: 0, again: 0 };

describe('summaries of logs', () => {
  let folder: string, cache: string, log: string, bytes: Buffer;
  /** How often a log was read from its start. */
  let readings = 0;
  const counting: GroupReader = (group, events) => {
    readings++;
    return readInOrder(group, events);
  };
  const figures = async (reader: GroupReader, paths = [log], year = 2026) => {
    const options = { ...optionsOf({}), year: Number.isNaN(year) ? undefined : year };
    const { inputs, ...rest } = report(await analyse((await Promise.all(paths.map(openFile))).flat(), options, reader));
    return {
      ...rest,
      inputs: inputs.map(({ lines, problems, advice, state }) => ({ lines, problems, advice, state })),
    };
  };
  const summaries = () => readdirSync(cache).map((name) => join(cache, name));
  const kept = (sizes = always) => readCached(cache, counting, sizes);
  /** Reads with the cache what is then there, beside a reading without. */
  const compare = async (what: string) => {
    assert.deepEqual(await figures(kept()), await figures(readInOrder), what);
  };
  const write = (content: Uint8Array) => {
    writeFileSync(log, content);
    utimesSync(log, 1_780_000_000, 1_780_000_000);
  };

  before(() => {
    const made = mkdtempSync(join(tmpdir(), 'mail-flow-made-'));
    generators.postfix(join(made, 'log'), 200_000);
    bytes = readFileSync(join(made, 'log'));
    rmSync(made, { recursive: true });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mail-flow-cache-'));
    cache = join(folder, 'summaries');
    log = join(folder, 'mail.log');
    readings = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('stand for a log that has the same bytes, also where it has grown', async () => {
    const cut = bytes.lastIndexOf(10, 150_000) + 1;
    write(bytes.subarray(0, cut));
    await compare('new');
    await compare('the same');
    utimesSync(log, 1_780_000_100, 1_780_000_100);
    await compare('touched');
    appendFileSync(log, bytes.subarray(cut, cut + 1050));
    await compare('grown, with half a line');
    appendFileSync(log, bytes.subarray(cut + 1050));
    await compare('grown again');
    assert.equal(readings, 1);
  });
  it('stand for none that was changed in the middle, whatever was appended since', async () => {
    const cut = bytes.lastIndexOf(10, 180_000) + 1,
      changed = Buffer.from(bytes);
    for (const at of [1000, 90_000, cut - 1000]) {
      write(bytes.subarray(0, cut));
      await compare('before');
      changed.set(Buffer.from('status=deferred'), bytes.indexOf('status=sent (250', at));
      write(changed.subarray(0, changed.indexOf(10, cut) + 1));
      await compare(`changed behind ${at}`);
      changed.set(bytes);
    }
  });
  it('stand for none of which one byte is another, with its size and time kept @slow', async () => {
    const all = bytes.subarray(0, bytes.indexOf(10, 30_000) + 1);
    write(all);
    await compare('before');
    const whole = await figures(readInOrder);
    let different = 0;
    for (let i = 0; i < 1000; i++) {
      const flipped = Buffer.from(all);
      flipped[Math.floor((all.length / 1000) * (i + 0.5))] ^= 1 << (i % 7);
      write(flipped);
      // Nothing is stored, so that the summary stays that of the log as it was.
      const cached = await figures(readCached(cache, withoutPrints(readInOrder), always)),
        plain = await figures(readInOrder);
      assert.deepEqual(cached, plain, `byte flipped: ${i}`);
      if (JSON.stringify(plain) !== JSON.stringify(whole)) different++;
    }
    // Else the summary could have been used without being wrong.
    assert.ok(different > 300, String(different));
    write(all);
    readings = 0;
    await compare('as it was');
    assert.equal(readings, 0);
  });
  it('are of what was read, though the log was changed meanwhile and changed back', async () => {
    const other = Buffer.from(bytes);
    for (let at = 0; (at = other.indexOf('status=sent', at)) >= 0;) other.set(Buffer.from('status=none'), at++);
    write(other);
    const changing: GroupReader = async (group, events) => {
      const result = await readInOrder(group, events);
      write(bytes);
      return result;
    };
    await figures(readCached(cache, changing, always));
    await compare('afterwards');
  });
  it('stand for logs on several threads, compressed, and of which one repeats lines of another', async () => {
    const second = join(folder, 'mail.log.2'),
      packed = join(folder, 'packed'),
      threads = readOnThreads(2, join(root, 'dist/worker.js'), { worth: 0, piece: 30_000 });
    write(bytes);
    writeFileSync(packed, gzipSync(bytes));
    const cut = bytes.lastIndexOf(10, 100_000) + 1;
    writeFileSync(second, Buffer.concat([bytes.subarray(0, cut), Buffer.from(line('added', 1)), bytes.subarray(cut)]));
    for (const [paths, reader] of [
      [[log], threads],
      [[packed], readInOrder],
      [[log, second], withoutRepeats(readInOrder)],
      [[log, second], withoutRepeats(threads)],
    ] as const) {
      let again = 0;
      const once = readCached(cache, (group, events) => (again++, reader(group, events)), always);
      const expected = await figures(reader, [...paths]);
      for (let i = 0; i < 2; i++) assert.deepEqual(await figures(once, [...paths]), expected);
      assert.equal(again, 1, paths.join());
      const all = readFileSync(paths[paths.length - 1]);
      // A change that the reading itself tells, in every container.
      all[all.length >> 1] ^= 1;
      writeFileSync(paths[paths.length - 1], all);
      const changed = await figures(reader, [...paths]);
      assert.deepEqual(await figures(once, [...paths]), changed);
      rmSync(cache, { recursive: true, force: true });
      writeFileSync(
        second,
        Buffer.concat([bytes.subarray(0, cut), Buffer.from(line('added', 1)), bytes.subarray(cut)]),
      );
    }
  });
  it('are read no more where they are damaged, cut, or of another version @slow', async () => {
    write(bytes.subarray(0, bytes.indexOf(10, 6000) + 1));
    await compare('before');
    const [path] = summaries(),
      saved = readFileSync(path);
    const put = (content: Uint8Array) => {
      readings = 0;
      writeFileSync(path, content);
    };
    put(saved);
    await compare('as it was');
    assert.equal(readings, 0);
    const used = async (content: Uint8Array, what: string) => {
      put(content);
      await analyse(await openFile(log), optionsOf({}), readCached(cache, withoutPrints(counting), always));
      assert.equal(readings, 1, what);
    };
    for (let at = 0; at < saved.length; at += at < 400 ? 1 : 101) {
      const damaged = Buffer.from(saved);
      damaged[at] ^= 1 << (at % 8);
      await used(damaged, `byte ${at}`);
    }
    for (let length = 0; length < saved.length; length += length < 200 ? 1 : 211)
      await used(saved.subarray(0, length), `cut at ${length}`);
    await used(Buffer.concat([saved, Buffer.of(0)]), 'a byte more');
    // What an earlier version wrote.
    const body = serialize({ known: [], saved: {} });
    await used(Buffer.concat([Buffer.alloc(32), body]), 'another version');
  });
  it('are not taken for a log whose stamps would be given another year now', async () => {
    const syslog = (day: string, n: number) => `${day} 08:00:00 mx ${line('to', n).slice(26 + 3)}`;
    const text = Array.from({ length: 50 }, (_, n) => syslog('Nov 24', n)).join('');
    for (const modified of [Date.UTC(2025, 10, 24, 9), Date.UTC(2026, 4, 1), Date.UTC(2026, 10, 24, 9)]) {
      writeFileSync(log, text);
      utimesSync(log, modified / 1000, modified / 1000);
      assert.deepEqual(await figures(kept(), [log], NaN), await figures(readInOrder, [log], NaN), String(modified));
    }
    assert.equal(readings, 2);
  });
  it('leave nothing behind of a process that ended while it wrote', async () => {
    mkdirSync(cache);
    writeFileSync(join(cache, 'x.segment.4711.tmp'), 'half');
    write(bytes);
    await compare('whole');
    assert.deepEqual(
      readdirSync(cache).filter((name) => !name.endsWith('.segment')),
      [],
    );
    assert.equal(summaries().length, 1);
  });
  it('hold nothing that can be read without the log: no address, message-id or subject', async () => {
    let inside = 0;
    for (const { format, name, content, seeds } of seededLogs()) {
      rmSync(cache, { recursive: true, force: true });
      const path = join(folder, name);
      writeFileSync(path, content);
      let plain = '';
      await figures(
        readCached(
          cache,
          async (group, events) => {
            const result = await readInOrder(group, events),
              saved = result.segment.save();
            plain += saved ? serialize(saved).toString('latin1') : '';
            return result;
          },
          always,
        ),
        [path],
      );
      if (!existsSync(cache)) continue;
      for (const file of summaries()) {
        const stored = readFileSync(file);
        for (const text of [
          stored.toString('latin1'),
          stored.toString('utf16le'),
          stored.subarray(1).toString('utf16le'),
        ])
          for (const seed of seeds) assert.ok(!text.includes(seed), `${format} ${name}: ${seed}`);
        assert.equal(statSync(file).mode & 0o077, 0);
      }
      if (seeds.some((seed) => plain.includes(seed))) inside++;
    }
    // What is encrypted does have some, so this would tell.
    assert.ok(inside > 5, String(inside));
  });
  it('and hashes in exports are of what was read, or are left out', async () => {
    write(bytes);
    const [file] = (await analyse(await openFile(log), optionsOf({}))).files;
    assert.equal((await hashed(file)).sha256, createHash('sha256').update(bytes).digest('hex'));
    // Times of change count in steps of a few milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const other = Buffer.from(bytes);
    other[bytes.length >> 1] ^= 1;
    write(other);
    assert.equal((await hashed(file)).sha256, undefined);
  });
  it('cannot be opened with a log that was cut', async () => {
    write(bytes);
    await compare('whole');
    truncateSync(log, bytes.lastIndexOf(10, 100_000) + 1);
    await compare('cut');
    assert.equal(readings, 2);
  });
});

/** A reader whose sources keep no prints, so that nothing is stored. */
function withoutPrints(read: GroupReader): GroupReader {
  return (group, events) => {
    for (const { source } of group.files) source.prints = undefined;
    return read(group, events).finally(() => group.files.forEach(({ source }) => (source.prints = [])));
  };
}

function line(to: string, n: number): string {
  return (
    `2026-11-24T08:00:00+00:00 mx postfix/smtp[7]: ${(0x10000000 + n).toString(16).toUpperCase()}: ` +
    `to=<${to}@example.com>, relay=mx.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)\n`
  );
}

/** The fixtures of all formats, cut where something may be open, and what none may see of them. */
function* seededLogs(): Generator<{ format: string; name: string; content: Uint8Array; seeds: string[] }> {
  for (const format of readdirSync(fixtures))
    for (const one of readdirSync(join(fixtures, format))) {
      const folder = join(fixtures, format, one);
      for (const name of readdirSync(folder).filter((file) => !file.startsWith('expected'))) {
        const whole = readFileSync(join(folder, name));
        if (whole.length > 100_000) continue;
        for (const part of [0.4, 0.7, 1]) {
          const content = whole.subarray(0, whole.lastIndexOf(10, whole.length * part) + 1);
          const text = content.toString('latin1');
          const seeds = [...text.matchAll(/[\w.+=-]+@[\w.-]+|(?<=Subject[:=]"? ?)[^,"\n]{6,40}/gi)].map(
            ([seed]) => seed,
          );
          yield { format, name, content, seeds: [...new Set(seeds)].filter((seed) => seed.length > 5) };
        }
      }
    }
}
