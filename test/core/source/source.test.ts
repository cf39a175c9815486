import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { openFile } from '../../../src/source/file';

describe('files as sources', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mail-flow-source-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Everything a file gives, or the code of its error. */
  async function contentOf(bytes: Uint8Array | string): Promise<{ text: string; problems: readonly string[] }> {
    const path = typeof bytes === 'string' ? bytes : join(folder, 'file');
    if (typeof bytes !== 'string') writeFileSync(path, bytes);
    const [source] = await openFile(path);
    const parts: Buffer[] = [];
    for await (const chunk of source.chunks()) parts.push(Buffer.from(chunk));
    return { text: Buffer.concat(parts).toString(), problems: source.problems };
  }
  const codeOf = (path: string) =>
    contentOf(path).then(
      () => 'no error',
      (error: { code: string }) => error.code,
    );
  const long = 'Nov 24 08:29:06 mx postfix/smtpd[1]: connect from a\n'.repeat(60_000);

  it('plain, gzip of several members, UTF-16 with and without mark', async () => {
    assert.equal((await contentOf(Buffer.from(long))).text, long);
    assert.equal(
      (await contentOf(Buffer.concat([gzipSync(long.slice(0, 1e6)), gzipSync(long.slice(1e6))]))).text,
      long,
    );
    assert.equal((await contentOf(Buffer.from(long, 'utf16le'))).text, long);
    assert.equal((await contentOf(Buffer.from('\ufeff' + long, 'utf16le').swap16())).text, long);
    assert.equal((await contentOf(gzipSync(Buffer.from('\ufeff' + long, 'utf16le')))).text, long);
    assert.equal((await contentOf(Buffer.alloc(0))).text, '');
  });
  it('a gzip file that ends early gives what it has, and says so', async () => {
    const cut = gzipSync(long, { level: 1 });
    const { text, problems } = await contentOf(cut.subarray(0, cut.length / 2));
    assert.ok(text.length > 0 && long.startsWith(text));
    assert.deepEqual(problems, ['truncated-file']);
  });
  it('damaged gzip data are a problem, not a crash', async () => {
    const damaged = gzipSync(Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251)));
    damaged.fill(0x55, 1000, 1400);
    assert.deepEqual((await contentOf(damaged)).problems, ['damaged-file']);
  });
  it('what stands behind a gzip file is padding, or it is told', async () => {
    const packed = gzipSync(long),
      zeros = Buffer.alloc(1000);
    for (const [more, problems] of [
      [[], []],
      [[zeros], []],
      [[Buffer.alloc(300_000)], []],
      [[packed], []],
      [[zeros, packed], ['damaged-file']],
      [[Buffer.alloc(600_000), packed], ['damaged-file']],
    ] as const) {
      const found = await contentOf(Buffer.concat([packed, ...more]));
      assert.equal(found.text, long.repeat(more.length === 1 && more[0] === packed ? 2 : 1));
      assert.deepEqual(found.problems, problems, String(more.length));
    }
  });
  it('two files of one name in a zip archive are two', async () => {
    const path = join(folder, 'twice.zip');
    writeFileSync(
      path,
      Buffer.from(
        Buffer.from(zipSync({ 'a.log': strToU8('one\n'), 'b.log': strToU8('two\n') }))
          .toString('latin1')
          .replaceAll('b.log', 'a.log'),
        'latin1',
      ),
    );
    const sources = await openFile(path),
      texts: string[] = [];
    for (const source of sources) for await (const chunk of source.chunks()) texts.push(Buffer.from(chunk).toString());
    assert.deepEqual(
      sources.map(({ entry }) => entry),
      ['a.log', 'a.log (2)'],
    );
    assert.deepEqual(texts, ['one\n', 'two\n']);
  });
  it('errors carry the code of the system', async () => {
    assert.equal(await codeOf(join(folder, 'nothing')), 'ENOENT');
    assert.equal(await codeOf(folder), 'EISDIR');
    assert.equal(await codeOf('/dev/zero'), 'EINVAL');
    symlinkSync(join(folder, 'loop'), join(folder, 'loop'));
    assert.equal(await codeOf(join(folder, 'loop')), 'ELOOP');
  });
  it('a pipe that nobody writes to does not hold the reader', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    assert.equal(await codeOf(pipe), 'EINVAL');
  });
  it('a decompression bomb is stopped @slow', async () => {
    // A gzip file of many members of zeros: 1,030 times its size.
    const member = gzipSync(Buffer.alloc(16 << 20), { level: 9 });
    await assert.rejects(contentOf(Buffer.concat(Array.from({ length: 20 }, () => member))), { code: 'EBOMB' });
  });
  it('the files of a zip archive are sources of their own, under any name', async () => {
    const path = join(folder, 'logs.zip');
    writeFileSync(
      path,
      zipSync({
        'mail.log': strToU8(long),
        '../../evil.log': strToU8('x\n'),
        'folder/': new Uint8Array(0),
        'old.gz': gzipSync(long),
      }),
    );
    const sources = await openFile(path);
    const texts: string[] = [];
    for (const source of sources) {
      const parts: Buffer[] = [];
      for await (const chunk of source.chunks()) parts.push(Buffer.from(chunk));
      texts.push(Buffer.concat(parts).toString());
    }
    assert.deepEqual(
      sources.map((source) => source.path.slice(path.length + 1)),
      ['mail.log', '../../evil.log', 'old.gz'],
    );
    assert.deepEqual(texts, [long, 'x\n', long]);
  });
  it('zstandard', async () => {
    // zstd of "Nov 24 08:29:06 mx postfix/smtpd[1]: connect from a\n", stored as one raw block (RFC 8878).
    const content = Buffer.from('Nov 24 08:29:06 mx postfix/smtpd[1]: connect from a\n');
    const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, content.length]);
    const block = Buffer.alloc(3);
    block.writeUIntLE((content.length << 3) | 1, 0, 3);
    assert.equal((await contentOf(Buffer.concat([header, block, content]))).text, content.toString());
    assert.deepEqual((await contentOf(Buffer.concat([header, block, content]).subarray(0, 30))).problems, [
      'truncated-file',
    ]);
  });
  it('ranges begin at line starts and are the whole', async () => {
    const path = join(folder, 'ranges');
    writeFileSync(path, long);
    const [source] = await openFile(path);
    for (const size of [99_999, 1 << 20]) {
      const ranges = await source.ranges(size);
      const parts: string[] = [];
      for (const range of ranges)
        for await (const chunk of source.chunks(range)) parts.push(Buffer.from(chunk).toString());
      assert.equal(parts.join(''), long);
      for (const { from } of ranges) assert.ok(from === 0 || long[from - 1] === '\n');
      assert.ok(ranges.length >= Math.floor(long.length / size / 2));
    }
  });
  it('hashes the stored bytes', async () => {
    writeFileSync(join(folder, 'abc'), 'abc');
    assert.equal(
      await (await openFile(join(folder, 'abc')))[0].sha256(),
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
