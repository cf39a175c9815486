import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogReader } from '../../../src/core/reading/logreader';
import { openFile } from '../../../src/source/file';
import { Follower } from '../../../src/source/follow';
import { optionsOf, report } from '../reading/read';

/** A whole delivery as the one Postfix line that counts. */
const delivery = (n: number) =>
  `2026-11-24T08:00:00+00:00 mx postfix/smtp[7]: ${(0x10000000 + n).toString(16).toUpperCase()}: ` +
  'to=<r@example.com>, relay=mx.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, tls=may:none, dsn=2.0.0, ' +
  `status=sent (250 ok ${n})\n`;

describe('following a log', () => {
  let folder: string, file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mail-flow-follow-'));
    file = join(folder, 'mail.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function start(): Promise<{ data: LogReader; follower: Follower; messages: () => number }> {
    const data = await LogReader.open(await openFile(file), optionsOf({}));
    const follower = await Follower.start(data);
    return { data, follower, messages: () => report(data.soFar()).totals.outbound.messages };
  }

  it('counts what is appended, a partial line once it is complete', async () => {
    writeFileSync(file, delivery(1) + delivery(2).slice(0, 50));
    const { follower, messages } = await start();
    assert.equal(messages(), 1);
    appendFileSync(file, delivery(2).slice(50, 100));
    assert.equal(await follower.step(), false);
    appendFileSync(file, delivery(2).slice(100) + delivery(3));
    assert.equal(await follower.step(), true);
    assert.equal(messages(), 3);
    assert.equal(await follower.step(), false);
    await follower.stop();
  });
  it('goes on where sessions were open, with the right line numbers', async () => {
    writeFileSync(
      file,
      '2026-11-24T08:00:00+00:00 mx postfix/smtpd[9]: connect from a.example[192.0.2.9]\n' +
        '2026-11-24T08:00:00+00:00 mx postfix/smtpd[9]: Anonymous TLS connection established from ' +
        'a.example[192.0.2.9]: TLSv1.2 with cipher X (256/256 bits)\n',
    );
    const { data, follower } = await start();
    appendFileSync(
      file,
      '2026-11-24T08:00:01+00:00 mx postfix/smtpd[9]: 1F2E3D4C5B: client=a.example[192.0.2.9]\n' +
        '2026-11-24T08:00:02+00:00 mx postfix/qmgr[1]: 1F2E3D4C5B: from=<a@a.example>, size=10, nrcpt=1 (queue ' +
        'active)\n',
    );
    await follower.step();
    const { totals, inputs } = report(data.soFar());
    assert.equal(totals.inbound.tls['tls1.2'], 1);
    assert.equal(inputs[0].lines.read, 4);
    await follower.stop();
  });
  it('follows a rotation by renaming, and reads the old file to its end', async () => {
    writeFileSync(file, delivery(1));
    const { data, follower, messages } = await start();
    appendFileSync(file, delivery(2));
    renameSync(file, `${file}.1`);
    appendFileSync(`${file}.1`, delivery(3));
    assert.equal(await follower.step(), true);
    writeFileSync(file, delivery(4));
    await follower.step();
    appendFileSync(file, delivery(5));
    await follower.step();
    assert.equal(messages(), 5);
    assert.deepEqual(
      report(data.soFar()).inputs.map(({ lines }) => lines.read),
      [3, 2],
    );
    await follower.stop();
  });
  it('follows a rotation while the log was read, and one whose new file has the number of a removed one', async () => {
    writeFileSync(`${file}.1`, delivery(1));
    writeFileSync(file, delivery(2) + delivery(3).slice(0, 60));
    const data = await LogReader.open(await openFile(file), optionsOf({}));
    appendFileSync(file, delivery(3).slice(60) + delivery(4));
    rmSync(`${file}.1`);
    renameSync(file, `${file}.1`);
    writeFileSync(file, delivery(5));
    const follower = await Follower.start(data),
      messages = () => report(data.soFar()).totals.outbound.messages;
    await follower.step();
    assert.equal(messages(), 4);
    assert.deepEqual(
      report(data.soFar()).inputs.map(({ lines }) => lines.read),
      [3, 1],
    );
    // As logrotate's delaycompress does it: what is made anew may get the number of what was removed just before.
    for (let n = 6; n < 10; n++) {
      appendFileSync(file, delivery(n));
      writeFileSync(`${file}.2.gz`, 'packed');
      rmSync(`${file}.1`);
      renameSync(file, `${file}.1`);
      writeFileSync(file, delivery(10 * n));
      await follower.step();
    }
    assert.equal(messages(), 12);
    await follower.stop();
  });
  it('reads stamps without a year over New Year', async () => {
    const line = (stamp: string, n: number) => `${stamp} mx postfix/smtp[7]: ${delivery(n).replace(/^.*?\[7\]: /, '')}`;
    writeFileSync(file, line('Dec 31 23:59:58', 1));
    utimesSync(file, Date.UTC(2025, 11, 31, 23, 59, 58) / 1000, Date.UTC(2025, 11, 31, 23, 59, 58) / 1000);
    const data = await LogReader.open(await openFile(file), { ...optionsOf({}), year: undefined }),
      follower = await Follower.start(data);
    appendFileSync(
      file,
      line('Dec 31 23:59:59', 2) + Array.from({ length: 300 }, (_, n) => line('Jan  1 00:00:05', 3 + n)).join(''),
    );
    utimesSync(file, Date.UTC(2026, 0, 1, 0, 0, 6) / 1000, Date.UTC(2026, 0, 1, 0, 0, 6) / 1000);
    await follower.step();
    const { period, totals } = report(data.soFar());
    assert.deepEqual(
      [totals.outbound.messages, period.from, period.to],
      [302, '2025-12-31T23:59:00.000Z', '2026-01-01T00:01:00.000Z'],
    );
    await follower.stop();
  });
  it('knows the bytes read of a log whose last line was not complete at first', async () => {
    writeFileSync(file, delivery(1) + delivery(2).slice(0, 50));
    const { data, follower } = await start();
    appendFileSync(file, delivery(2).slice(50));
    await follower.step();
    assert.equal(data.soFar().files[0].bytes, (delivery(1) + delivery(2)).length);
    await follower.stop();
  });
  it('follows a rotation by copying and cutting', async () => {
    writeFileSync(file, delivery(1) + delivery(2));
    const { follower, messages } = await start();
    truncateSync(file, 0);
    appendFileSync(file, delivery(3));
    await follower.step();
    assert.equal(messages(), 3);
    await follower.stop();
  });
  it('a file that is gone is waited for', async () => {
    writeFileSync(file, delivery(1));
    const { follower, messages } = await start();
    rmSync(file);
    assert.equal(await follower.step(), false);
    writeFileSync(file, delivery(2));
    await follower.step();
    assert.equal(messages(), 2);
    await follower.stop();
  });
  it('a thousand rotations under load lose no line and double none @slow', async () => {
    writeFileSync(file, '');
    writeFileSync(file, delivery(0));
    const { data, follower, messages } = await start();
    // Another process writes and rotates two hundred times a second.
    const writer = spawn(process.execPath, [
      '-e',
      `
      const fs = require('node:fs'), file = ${JSON.stringify(file)}, delivery = ${delivery.toString()};
      let n = 1;
      for (let turn = 0; turn < 1000; turn++) {
        const fd = fs.openSync(file, 'a');
        for (let i = 0; i < 20; i++) {
          const line = delivery(n++), cut = n % line.length;
          fs.writeSync(fd, line.slice(0, cut));
          fs.writeSync(fd, line.slice(cut));
        }
        fs.closeSync(fd);
        fs.renameSync(file, file + '-' + turn);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
      fs.writeFileSync(file, delivery(n));
    `,
    ]);
    const ended = new Promise<void>((resolve) => writer.once('exit', () => resolve()));
    let writing = true;
    void ended.then(() => {
      writing = false;
    });
    while (writing) {
      await follower.step();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    for (let i = 0; i < 3; i++) await follower.step();
    assert.equal(messages(), 20_002);
    const lines = report(data.soFar()).inputs.reduce((sum, input) => sum + input.lines.read, 0);
    assert.equal(lines, 20_002);
    await follower.stop();
  });
});
