/** Following a message through files on a disk. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { traceLogs } from '../../../src/source/trace';

const at = '2026-11-20T10:00:00+00:00 mx';
const first =
  `${at} postfix/cleanup[13]: C1C2C3C4C5: message-id=<none.1@in.example>\n` +
  `${at} postfix/cleanup[13]: A1B2C3D4E5: message-id=<one.1@in.example>\n`;
const second = `${at} postfix/cleanup[7]: F1F2F3F4F5: message-id=<one.1@in.example>\n${at} postfix/qmgr[2]: F1F2F3F4F5: removed\n`;

describe('a message in files', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mail-flow-trace-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  /** @param day of November on which the file was last written. */
  const file = (name: string, bytes: Uint8Array | string, day = 20) => {
    const path = join(folder, name),
      time = new Date(2026, 10, day);
    writeFileSync(path, bytes);
    utimesSync(path, time, time);
    return path;
  };
  const find = async (files: string[], leaveOut: string[] = []) => {
    const { lines, paths, unread } = await traceLogs({ files, ids: ['F1F2F3F4F5'], leaveOut });
    return { places: lines.map((line) => `${paths[line.file].slice(folder.length + 1)}:${line.line}`), unread };
  };

  it('is followed from one file back into an older one, compressed or in an archive', async () => {
    const packed = file('front.log.gz', gzipSync(first), 1),
      zip = file('back.zip', zipSync({ 'back.log': [strToU8(second), { mtime: new Date(2026, 10, 2) }] }));
    assert.deepEqual(await find([zip, packed]), {
      places: ['front.log.gz:2', 'back.zip/back.log:1', 'back.zip/back.log:2'],
      unread: [],
    });
  });
  it('is not looked for in logs that are left out, and files that cannot be read are named', async () => {
    const one = file('one.log', second),
      same = file('same.log', second),
      gone = join(folder, 'gone.log');
    assert.deepEqual(await find([one, gone, same], [same]), {
      places: ['one.log:1', 'one.log:2'],
      unread: [{ path: gone, code: 'ENOENT' }],
    });
  });
  it('is looked for in what a file that ends early has, which is said', async () => {
    const noise = Array.from({ length: 20_000 }, (_, i) => `${at} postfix/qmgr[2]: ${(i * 7919).toString(16)}`).join(
      '\n',
    );
    const bytes = gzipSync(second + noise),
      cut = file('cut.log.gz', bytes.subarray(0, bytes.length / 2));
    assert.deepEqual(await find([cut]), {
      places: ['cut.log.gz:1', 'cut.log.gz:2'],
      unread: [{ path: cut, code: 'truncated-file' }],
    });
  });
});
