/** What was given before is not counted again, whatever its name, container and encoding. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { generators } from '../../../bench/generators/index.mjs';
import { openFile } from '../../../src/source/file';
import { analyse } from '../reading/analyse';
import { optionsOf, report } from '../reading/read';

describe('a copy of a log @slow', () => {
  let folder: string, bytes: Buffer, messages: number;
  const write = (name: string, content: Uint8Array) => writeFileSync(join(folder, name), content);
  /** The messages of these files, and which of them are not counted, with the file that is. */
  const counted = async (...names: string[]) => {
    const sources = (await Promise.all(names.map((name) => openFile(join(folder, name))))).flat();
    const { totals, inputs } = report(await analyse(sources, optionsOf({})));
    return {
      messages: totals.inbound.messages + totals.outbound.messages,
      copies: inputs
        .filter(({ state }) => state === 'duplicate')
        .map(({ path, detail }) => [path, detail].map((one) => one!.slice(folder.length + 1)).join(' in ')),
    };
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mail-flow-copies-'));
    generators.postfix(join(folder, 'mail.log'), 400_000);
    bytes = readFileSync(join(folder, 'mail.log'));
    messages = (await counted('mail.log')).messages;
    assert.ok(messages > 100);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is known by its content: compressed, in an archive, in UTF-16, with other line ends', async () => {
    const text = bytes.toString('latin1');
    write('mail.log.1.gz', gzipSync(bytes));
    write('logs.zip', zipSync({ 'var/log/mail.log': bytes }));
    write('utf16.log', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]));
    write('marked.log', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]));
    write('crlf.log', Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'));
    for (const copy of ['mail.log.1.gz', 'logs.zip', 'utf16.log', 'marked.log', 'crlf.log'])
      for (const names of [
        ['mail.log', copy],
        [copy, 'mail.log'],
      ]) {
        const found = await counted(...names);
        assert.equal(found.messages, messages, names.join());
        assert.deepEqual(found.copies.length, 1);
      }
    const all = await counted('crlf.log', 'utf16.log', 'mail.log.1.gz', 'logs.zip', 'marked.log', 'mail.log');
    assert.deepEqual([all.messages, all.copies.length], [messages, 5]);
  });
  it('gives way to the log that is stored as it is read', async () => {
    write('mail.log.1.gz', gzipSync(bytes));
    assert.deepEqual((await counted('mail.log', 'mail.log.1.gz')).copies, ['mail.log.1.gz in mail.log']);
  });
  it('may be an earlier state of it', async () => {
    write('yesterday.gz', gzipSync(bytes.subarray(0, 300_001)));
    write('short.log', bytes.subarray(0, 1000));
    const found = await counted('yesterday.gz', 'mail.log', 'short.log');
    assert.equal(found.messages, messages);
    assert.deepEqual(found.copies.sort(), ['short.log in mail.log', 'yesterday.gz in mail.log']);
  });
  it('is none where it differs in a byte, wherever that is', async () => {
    const other = Buffer.from(bytes);
    other[other.length - 10] ^= 1;
    write('other.log', other);
    assert.deepEqual((await counted('mail.log', 'other.log')).copies, []);
  });
  it('of rows without ids is none for beginning like another table', async () => {
    const table = (...rows: string[]) =>
      Buffer.from(['date,connector,direction,tls version,messages', ...rows, ''].join('\n'));
    write('a.csv', table('2026-11-10T06:00:00Z,A,received,TLSv1.2,1'));
    write('b.csv', table('2026-11-10T06:00:00Z,A,received,TLSv1.2,1', '2026-11-10T06:00:01Z,A,received,TLSv1.2,1'));
    const found = await counted('a.csv', 'b.csv');
    assert.deepEqual(found, { messages: 3, copies: [] });
  });
});
