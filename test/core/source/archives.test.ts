import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { formats } from '../../../src/core/formats/index';
import { recogniseHead } from '../../../src/core/reading/logreader';
import type { Source } from '../../../src/core/reading/source';
import { openEntry, openFile } from '../../../src/source/file';
import { log, packedLog, tar, zip } from './archives';

describe('archives', () => {
  let folder: string,
    number = 0;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mail-flow-archives-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const bytes = Buffer.from(log);
  /** What a log gives: its text, and what is told of it. */
  interface Read {
    name: string | undefined;
    text: string;
    told: string[];
  }
  async function readSource(source: Source): Promise<Read> {
    const parts: Buffer[] = [],
      told: string[] = [];
    try {
      await source.head();
      for await (const chunk of source.chunks()) parts.push(Buffer.from(chunk));
    } catch (error) {
      told.push((error as { code: string }).code);
    }
    return { name: source.entry, text: Buffer.concat(parts).toString('latin1'), told: [...told, ...source.problems] };
  }
  async function readAll(archive: Uint8Array): Promise<Read[]> {
    const path = join(folder, `archive${number++}`);
    writeFileSync(path, archive);
    const found = [];
    for (const source of await openFile(path)) found.push(await readSource(source));
    rmSync(path);
    return found;
  }
  const whole = (name: string): Read => ({ name, text: log, told: [] });
  const told = (name: string | undefined, code: string): Read => ({ name, text: '', told: [code] });
  /** Whether the content of a file that is told of in no other way is at least no log. */
  const isNoLog = ({ text }: Read) => recogniseHead(Buffer.from(text, 'latin1'), formats).format === undefined;

  it('are opened, whatever they are packed with', async () => {
    const archives = {
      tar: tar([['mail.log', bytes]]),
      'tar.gz': gzipSync(tar([['mail.log', bytes]])),
      zip: zip({ 'mail.log': bytes }),
      'stored zip': zip({ 'mail.log': [bytes, { level: 0 }] }),
    };
    for (const [kind, archive] of Object.entries(archives))
      assert.deepEqual(await readAll(archive), [whole('mail.log')], kind);
  });
  it('xz, bzip2 and zstd are unpacked, also of several streams and with padding behind them', async () => {
    const zeros = Buffer.alloc(1024);
    for (const [kind, packed] of Object.entries(packedLog)) {
      const one: Read = { name: undefined, text: log, told: [] };
      assert.deepEqual(await readAll(packed), [one], kind);
      assert.deepEqual(await readAll(Buffer.concat([packed, zeros])), [one], `${kind}, padding`);
      const twice = [{ ...one, text: log + log }];
      assert.deepEqual(await readAll(Buffer.concat([packed, packed])), twice, `${kind} twice`);
      for (const more of [Buffer.from('more'), Buffer.concat([zeros, Buffer.from(log)])]) {
        const [{ text, told: problems }] = await readAll(Buffer.concat([packed, more]));
        assert.equal(text, log, kind);
        // Where too little stands there to be seen as something else, it is a beginning.
        assert.match(problems.join(), /^(damaged|truncated)-file$/, kind);
      }
    }
  });
  it('a packed file in an archive is unpacked, and so is an archive in one', async () => {
    const inner = tar([['mail.log', bytes]]);
    const files = {
      ...packedLog,
      'inner.tar': inner,
      'inner.tgz': gzipSync(inner),
      'inner.zip': zip({ 'a/b': bytes }),
    };
    const names = ['gz', 'xz', 'bz2', 'zst', 'inner.tar/mail.log', 'inner.tgz/mail.log', 'inner.zip/a/b'];
    assert.deepEqual(await readAll(zip(files)), names.map(whole));
    assert.deepEqual(await readAll(tar(Object.entries(files))), names.map(whole));
    assert.deepEqual(await readAll(gzipSync(tar(Object.entries(files)))), names.map(whole));
  });
  it('archives in archives are told where there are too many', async () => {
    let archive = zip({ 'mail.log': bytes });
    for (let i = 1; i < 3; i++) archive = zip({ inner: archive, beside: bytes });
    assert.deepEqual(await readAll(archive), [whole('inner/inner/mail.log'), whole('inner/beside'), whole('beside')]);
    assert.deepEqual(await readAll(zip({ more: archive })), [
      told('more/inner/inner', 'EDEPTH'),
      whole('more/inner/beside'),
      whole('more/beside'),
    ]);
  });
  it('names are only shown', async () => {
    const names = ['../../evil.log', '/etc/passwd', 'C:\\x.log', 'a/../b', '\u202e\u001b[31m'];
    for (const archive of [
      tar(names.map((name) => [name, bytes])),
      zip(Object.fromEntries(names.map((n) => [n, bytes]))),
    ])
      assert.deepEqual(await readAll(archive), names.map(whole));
  });
  it('files of one name are several', async () => {
    const archive = tar(['a', 'a', 'a (2)', 'a'].map((name) => [name, bytes]));
    assert.deepEqual(
      (await readAll(archive)).map(({ name }) => name),
      ['a', 'a (2)', 'a (2) (2)', 'a (3)'],
    );
  });
  it('an entry is found again by its name', async () => {
    const path = join(folder, 'again.tgz');
    writeFileSync(
      path,
      gzipSync(
        tar([
          ['a', Buffer.from('x\n')],
          ['b', bytes],
        ]),
      ),
    );
    assert.deepEqual(await readSource(await openEntry(path, 'b')), whole('b'));
    await assert.rejects(openEntry(path, 'c'), { code: 'ENOENT' });
  });
  it('long names and sizes of tar (GNU and pax) are read; links and folders hold nothing', async () => {
    const long = `${'folder/'.repeat(30)}mail.log`;
    const record = (text: string) => {
      for (let length = text.length + 2; ; length++)
        if (`${length} ${text}\n`.length === length) return `${length} ${text}\n`;
    };
    const pax = Buffer.from(record(`path=${long}2`) + record('mtime=1795000000.5'));
    const archive = tar([
      ['global', Buffer.from(record('comment=x')), 'g'],
      ['././@LongLink', Buffer.from(`${long}\0`), 'L'],
      ['cut', bytes],
      ['header', pax, 'x'],
      ['cut', bytes],
      ['folder/', Buffer.alloc(0), '5'],
      ['link', Buffer.alloc(0), '2'],
      ['old', bytes, '\0'],
      ['sparse', bytes, 'S'],
    ]);
    assert.deepEqual(await readAll(archive), [whole(long), whole(`${long}2`), whole('old'), told('sparse', 'EMETHOD')]);
  });
  it('what is encrypted, or packed by a method that is not read, is told', async () => {
    const archive = zip({ 'a.log': bytes, 'b.log': bytes, 'c.log': bytes });
    const at = (name: string) => archive.lastIndexOf(name) - 46;
    archive.writeUInt16LE(archive.readUInt16LE(at('a.log') + 8) | 1, at('a.log') + 8);
    for (const header of [at('b.log') + 10, archive.indexOf('b.log') - 22]) archive.writeUInt16LE(9, header);
    assert.deepEqual(await readAll(archive), [told('a.log', 'ECRYPT'), told('b.log', 'EMETHOD'), whole('c.log')]);
  });
  it('an archive of a kind that is not read is told, also in another one', async () => {
    const sevenZip = Buffer.concat([Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4]), bytes]),
      rar = Buffer.concat([Buffer.from('Rar!\x1a\x07\x01\0', 'latin1'), bytes]);
    for (const archive of [sevenZip, rar]) {
      assert.deepEqual(await readAll(archive), [told(undefined, 'EMETHOD')]);
      assert.deepEqual(await readAll(zip({ 'a.7z': archive })), [told('a.7z', 'EMETHOD')]);
    }
    // Text that begins alike is text.
    assert.deepEqual(await readAll(Buffer.from('7z and Rar!')), [{ name: undefined, text: '7z and Rar!', told: [] }]);
  });
  it('more entries than are looked at are told', async () => {
    const many = Array.from({ length: 10_001 }, (_, i): [string, Buffer] => [`${i}.log`, Buffer.alloc(0)]);
    for (const archive of [tar(many), zip(Object.fromEntries(many)), zip({ inner: zip(Object.fromEntries(many)) })]) {
      const path = join(folder, 'many');
      writeFileSync(path, archive);
      const sources = await openFile(path);
      assert.equal(sources.length, 10_001);
      await assert.rejects(sources[10_000].head(), { code: 'EENTRIES' });
    }
  });
  it('an archive that is cut anywhere gives what is there, and says so @slow', async () => {
    const second = Buffer.from(log.replaceAll('mx', 'my'));
    const archives: Record<string, Buffer> = {
      zip: zip({ 'a.log': bytes, 'b.log': second }),
      tar: tar([
        ['a.log', bytes],
        ['b.log', second],
      ]),
      'tar.gz': gzipSync(
        tar([
          ['a.log', bytes],
          ['b.log', second],
        ]),
      ),
      ...packedLog,
    };
    for (const [kind, archive] of Object.entries(archives))
      for (let end = 7; end < archive.length - (kind === 'tar' ? 1024 : 0); end += kind === 'tar' ? 97 : 1) {
        const found = await readAll(archive.subarray(0, end));
        const where = `${kind} cut at ${end}`;
        assert.ok(found.some((one) => one.told.length > 0) || found.every(isNoLog), where);
        for (const { text } of found)
          assert.ok(
            log.startsWith(text) || String(second).startsWith(text) || isNoLog({ name: '', text, told: [] }),
            where,
          );
        if (kind === 'zip' && end > archive.indexOf('b.log')) assert.equal(found[0].text, log, where);
      }
  });
  it('a byte that is changed anywhere is told @slow', async () => {
    const second = Buffer.from(log.slice(0, log.length / 2).replaceAll('mx', 'my'));
    const archives: Record<string, Buffer> = {
      zip: zip({ 'a.log': bytes, 'b.log': [second, { level: 0 }] }),
      'tar.gz': gzipSync(
        tar([
          ['a.log', bytes],
          ['b.log', second],
        ]),
        { level: 9 },
      ),
      'zip in a zip': zip({ inner: [zip({ 'a.log': bytes, 'b.log': second }), { level: 0 }] }),
      ...packedLog,
    };
    for (const [kind, archive] of Object.entries(archives)) {
      const right = (await readAll(archive)).map(({ text }) => text).sort();
      for (let at = 0; at < archive.length; at++)
        for (const mask of [0x01, 0x80, 0xff]) {
          const changed = Buffer.from(archive);
          changed[at] ^= mask;
          const found = await readAll(changed);
          const same = JSON.stringify(found.map(({ text }) => text).sort()) === JSON.stringify(right);
          const silent = found.every((one) => one.told.length === 0) && !found.every(isNoLog);
          assert.ok(same || !silent, `${kind}: byte ${at} ^ ${mask}`);
        }
    }
  });
  it('an archive that unpacks to far more than it has is stopped @slow', async () => {
    const zeros = Buffer.alloc(80 << 20),
      packed = gzipSync(zeros, { level: 9 });
    for (const archive of [
      zip({ 'zeros.log': [zeros, { level: 9 }] }),
      gzipSync(tar([['zeros.log', zeros]]), { level: 9 }),
      zip({ 'zeros.gz': packed }),
      zip({ 'inner.zip': zip({ zeros: [zeros, { level: 9 }] }) }),
    ])
      assert.deepEqual(
        (await readAll(archive)).map(({ told }) => told),
        [['EBOMB']],
      );
  });
  it('entries that share their bytes are told', async () => {
    const archive = zip({ 'a.log': bytes, 'b.log': bytes });
    archive.writeUInt32LE(0, archive.lastIndexOf('b.log') - 4);
    assert.deepEqual(await readAll(archive), [whole('a.log'), told('b.log', 'damaged-file')]);
  });
});
