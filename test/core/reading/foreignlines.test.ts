/** A line of one format at the head of a log does not hide a log of another one. */
import assert from 'node:assert/strict';
import { formats } from '../../../src/core/formats/index';
import { detectFormat } from '../../../src/core/reading/logreader';
import { incompleteFiles } from '../../../src/core/report/incomplete';
import { analyse } from './analyse';
import { fixtureCases, memorySource, optionsOf, read } from './read';

/** The first log of a fixture of each format, as its lines. */
const logs = new Map(
  fixtureCases()
    .filter(({ id }) => formats.some((format) => format.id === id))
    .map(({ id, files, options }) => [id, { bytes: files[0].bytes, options }] as const)
    .reverse(),
);

/** The fewest lines from the start of a log by which it is recognised. */
function beginning(id: string): Buffer {
  const { bytes, options } = logs.get(id)!;
  for (let end = bytes.indexOf(10) + 1; end > 0; end = bytes.indexOf(10, end) + 1)
    if (detectFormat(bytes.subarray(0, end), formats, options.columns)?.id === id) return bytes.subarray(0, end);
  return bytes;
}

describe('a log behind lines of another one @slow', () => {
  for (const first of ['postfix', 'exim', 'sendmail', 'opensmtpd', 'exchange-smtp', 'cisco-esa-mail', 'haraka'])
    it(`is counted or told: behind the first line of ${first}`, async () => {
      for (const [id, { bytes, options }] of logs) {
        if (id === first) continue;
        const settings = optionsOf(options);
        const alone = await analyse([memorySource('a.log', bytes, undefined, options.modified)], settings);
        const mixed = Buffer.concat([beginning(first), bytes]);
        const both = await analyse([memorySource('a.log', mixed, undefined, options.modified)], settings);
        const sum = ({ cube }: typeof alone) => cube.cells.messages.reduce((all, count) => all + count, 0);
        if (both.files[0].format === id && sum(both) >= sum(alone)) continue;
        assert.equal(incompleteFiles(both.files).length, 1, `${id} behind ${first}`);
      }
    });

  const line = (text: string) => `Nov 10 06:00:00 mx ${text}\n`;
  const sendmail = Array.from({ length: 20 }, (_, i) =>
    line(
      `sendmail[${i + 100}]: 1AA6000${i + 10}: from=<x@a.example>, size=500, class=0, nrcpts=1, proto=ESMTP, ` +
        'daemon=MTA, relay=a.example [192.0.2.1]',
    ),
  );
  const haraka = `${beginning('haraka').toString().trimEnd().split('\n').at(-1)}\n`;
  it('is told with the name of its format, the number of lines and the first one', async () => {
    const { inputs } = await read([sendmail[0] + haraka + sendmail.join('')]);
    assert.deepEqual(
      inputs[0].problems.filter(({ code }) => code === 'foreign-lines'),
      [{ code: 'foreign-lines', count: 1, line: 2, format: 'Haraka' }],
    );
  });
  it('is told where it begins far behind the head', async () => {
    const many = line('postfix/qmgr[1]: 4XaaaaBBBB1: removed').repeat(10_000);
    const bytes = Buffer.from(many + haraka.repeat(6000));
    const source = memorySource('a.log', bytes);
    source.ranges = async (size) =>
      Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => ({
        from: i === 0 ? 0 : bytes.indexOf(10, i * size) + 1,
      }));
    const chunks = source.chunks.bind(source);
    source.chunks = (range) => (range?.from ? memorySource('', bytes.subarray(range.from)).chunks() : chunks());
    const { files } = await analyse([source], optionsOf({}));
    assert.deepEqual(
      files[0].problems.filter(({ code }) => code === 'foreign-lines'),
      [{ code: 'foreign-lines', count: 6000, line: 10_001, format: 'Haraka' }],
    );
  });
});

describe('a log of which no line could be used', () => {
  const remark = 'Nov 10 06:00:00 mx postfix/cleanup[1]: 4XaaaaBBBB1: message-id=<1@mx.example>\n';
  const codes = async (...texts: string[]) =>
    (await read(texts)).inputs.map(({ problems }) => problems.map(({ code }) => code));
  it('is told', async () => {
    assert.deepEqual(await codes(remark.repeat(2)), [['nothing-used']]);
  });
  it('is not one that is empty but for its header', async () => {
    assert.deepEqual(await codes('#Software: Microsoft Exchange Server\r\n#Log-type: SMTP Receive Protocol Log\r\n'), [
      [],
    ]);
  });
});
