/** Edges that no single format owns: sets of files, sizes, ends of files, addresses. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { analyse } from './analyse';
import { openFile } from '../../../src/source/file';
import { memorySource, optionsOf, read, report } from './read';

const at = (minute: number) => `2026-11-24T08:${String(minute).padStart(2, '0')}:00+00:00 mx postfix/`;
/** A session that takes in one message in clear from `client`, `HOST[IP]`. */
const session = (minute: number, pid: number, client: string) =>
  [
    `smtpd[${pid}]: connect from ${client}`,
    `smtpd[${pid}]: ${(0xa000000000 + pid).toString(16).toUpperCase()}: client=${client}`,
    `qmgr[1]: ${(0xa000000000 + pid).toString(16).toUpperCase()}: from=<a@example.org>, size=10, nrcpt=1 (queue active)`,
    `smtpd[${pid}]: disconnect from ${client} ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5`,
  ]
    .map((text) => `${at(minute)}${text}\n`)
    .join('');
/** TLS elsewhere on the host proves that the log would show it. */
const proof =
  `${at(0)}smtpd[9]: connect from p.example[192.0.2.9]\n` +
  `${at(0)}smtpd[9]: Anonymous TLS connection established from p.example[192.0.2.9]: TLSv1.2 with cipher X (256/256 ` +
  'bits)\n' +
  `${at(0)}smtpd[9]: disconnect from p.example[192.0.2.9] ehlo=2 starttls=1 quit=1 commands=4\n`;
const exchange =
  '2026-11-24T08:00:00.000Z,EX\\C,08DE6F0000001A0E,0,10.0.0.5:25,198.51.100.9:40293,+,,\n' +
  '2026-11-24T08:00:01.000Z,EX\\C,08DE6F0000001A0E,1,10.0.0.5:25,198.51.100.9:40293,-,,Local\n';

describe('edges', () => {
  it('a connector with a single message is 100 % of itself', async () => {
    const { insights } = await read([proof + session(1, 10, 'old.example[192.0.2.1]')]);
    assert.deepEqual(
      insights.map(({ id, messages, of, share }) => [id, messages, of, share]),
      [['no-tls-over-25', 1, 1, 1]],
    );
  });
  it('no message at all divides by nothing', async () => {
    const { insights, totals, connectors } = await read([proof]);
    assert.deepEqual([insights, connectors, totals.inbound.messages], [[], [], 0]);
  });
  it('rotated files are one log in whatever order they are given, compressed or not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mail-flow-edges-'));
    try {
      const [first, second] = session(2, 11, 'a.example[192.0.2.1]').split(/(?<=client=.*\n)/);
      const files = {
        'mail.log': second.replaceAll('T08:02', 'T08:03') + session(5, 13, 'c.example[192.0.2.3]'),
        'mail.log.1': first,
        'mail.log.2.gz': gzipSync(proof + session(1, 12, 'b.example[192.0.2.2]')),
      };
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
      for (const order of [
        ['mail.log', 'mail.log.1', 'mail.log.2.gz'],
        ['mail.log.2.gz', 'mail.log', 'mail.log.1'],
      ]) {
        const sources = (await Promise.all(order.map((name) => openFile(join(folder, name))))).flat();
        assert.equal(report(await analyse(sources, optionsOf({}))).totals.inbound.tls.none, 3, order.join());
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  it('a folder of mixed and wrong formats: each log by its own reader, the rest named', async () => {
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]);
    const { inputs, totals } = await read([
      proof + session(1, 10, 'a.example[192.0.2.1]'),
      exchange,
      png,
      '',
      'Dear all,\n',
    ]);
    assert.deepEqual(
      inputs.map(({ format, state }) => [format, state]),
      [
        ['postfix', 'complete'],
        ['exchange-smtp', 'complete'],
        [null, 'unrecognised'],
        [null, 'unrecognised'],
        [null, 'unrecognised'],
      ],
    );
    assert.equal(totals.inbound.messages, 1);
  });
  it('a log of more than 100 MB, with every line accounted for', async () => {
    const block = Buffer.from(session(1, 10, 'a.example[192.0.2.1]').repeat(2000)),
      times = Math.ceil((101 * 2 ** 20) / block.length);
    const source = {
      ...memorySource('large.log', block),
      size: block.length * times,
      async *chunks() {
        for (let i = 0; i < times; i++) yield block;
      },
    };
    const {
      totals,
      inputs: [{ lines }],
    } = report(await analyse([source], optionsOf({})));
    assert.equal(totals.inbound.messages, 2000 * times);
    assert.deepEqual([lines.read, lines.used + lines.context + lines.skipped], [8000 * times, 8000 * times]);
  });
  it('NULs at the end of a file that is being written, and a last line without its end, are skipped or read, never lost', async () => {
    const {
      totals,
      inputs: [{ lines }],
    } = await read([`${proof}${session(1, 10, 'a.example[192.0.2.1]')}${'\0'.repeat(4096)}\n${at(9)}smtpd[11]: conn`]);
    assert.deepEqual([totals.inbound.messages, lines.read, lines.skipped, lines.used + lines.context], [1, 9, 2, 7]);
  });
  it('a line of one mebibyte is read, one byte more is told, and the next line is read again', async () => {
    const mail = session(1, 10, 'a.example[192.0.2.1]');
    for (const [length, skipped] of [
      [2 ** 20, 0],
      [2 ** 20 + 1, 1],
      [3 * 2 ** 20, 1],
    ])
      for (const chunk of [4096, 100_003, 2 ** 20]) {
        const begin = `${at(1)}cleanup[2]: A00000000A: message-id=<`;
        const log = proof + begin + 'x'.repeat(length - begin.length - 1) + `>\n${mail}`;
        const { totals, inputs } = await read([log], {}, chunk);
        const [{ lines, problems }] = inputs;
        assert.equal(totals.inbound.messages, 1);
        assert.deepEqual(lines, { read: 8, used: 7, context: 1 - skipped, skipped });
        assert.deepEqual(problems, skipped ? [{ code: 'line-too-long', count: 1, line: 4 }] : []);
      }
  });
  it('hosts without a name and addresses of IPv6', async () => {
    const {
      connectors: [{ remotes }],
    } = await read([
      proof +
        session(1, 10, 'unknown[192.0.2.7]') +
        session(2, 11, 'unknown[2001:db8::7]') +
        session(3, 12, 'six.example[2001:db8::8]'),
    ]);
    assert.deepEqual(remotes.map(({ host }) => host).sort(), ['192.0.2.7', '2001:db8::7', 'six.example']);
  });
});
