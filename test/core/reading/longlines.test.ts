/** JSON in a line that is too long to be kept as a whole: the limit for lines is one for its records. */
import assert from 'node:assert/strict';
import { Segment, stitch } from '../../../src/core/reading/segment';
import { LongLine } from '../../../src/core/reading/longline';
import { Verdict } from '../../../src/core/reading/format';
import { kumomta } from '../../../src/core/formats/kumomta';
import { optionsOf, read } from './read';

const record = (i: number) =>
  JSON.stringify({
    type: i % 3 === 0 ? 'Reception' : 'Delivery',
    id: String(i),
    sender: 'a@example.org',
    recipient: `"}]{[\\ é@example.com`,
    size: 1000,
    response: { code: 250, content: 'OK {["\\ }' },
    peer_address: { name: `mx${i % 7}.example.com.`, addr: `192.0.2.${(i % 200) + 1}` },
    timestamp: 1_795_000_000 + i,
    egress_pool: `pool-${i % 4}`,
    nodeid: 'n1',
    ...(i % 5 > 0 && { tls_cipher: 'TLS_AES_256_GCM_SHA384', tls_protocol_version: 'TLSv1.3' }),
  });
const records = Array.from({ length: 4000 }, (_, i) => record(i));
const wanted = records.length;
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** What a report says of mail, without where it stands. */
async function figures(text: string, chunk?: number) {
  const { connectors, totals, inputs } = await read([bytesOf(text)], {}, chunk);
  return {
    connectors: connectors.map(({ name, messages, tls, ciphers }) => ({ name, messages, tls, ciphers })),
    totals,
    input: inputs[0],
  };
}

describe('JSON in one long line', () => {
  it('gives the figures of the same records in lines of their own, in whatever chunks it comes', async () => {
    const lines = await figures(records.map((one) => `${one}\n`).join(''));
    assert.equal(lines.input.lines.used, wanted);
    const forms = {
      list: `[${records.join(',')}]\n`,
      'side by side': records.join(''),
      spaced: `\ufeff [ ${records.join(' , ')} ]`,
    };
    for (const [form, text] of Object.entries(forms))
      for (const chunk of [undefined, 64, 1000, 65_537]) {
        const found = await figures(text, chunk);
        assert.deepEqual([found.connectors, found.totals], [lines.connectors, lines.totals], `${form} by ${chunk}`);
        assert.deepEqual(found.input.lines, { read: 1, used: 1, context: 0, skipped: 0 }, form);
        assert.deepEqual(found.input.problems, [], form);
      }
  });
  it('a sequence of JSON texts (RFC 7464) is read as lines are', async () => {
    const lines = records.slice(0, 50);
    assert.deepEqual(
      (await figures(lines.map((one) => `\u001e${one}\n`).join(''))).totals,
      (await figures(lines.map((one) => `${one}\n`).join(''))).totals,
    );
  });
  it('a record that is damaged, too long or cut is told, and the others count', async () => {
    const all = await figures(`[${records.join(',')}]`);
    const half = records.length / 2;
    const changed = (what: string) =>
      `[${records.slice(0, half).join(',')},${what},${records.slice(half).join(',')}]\n`;
    for (const [what, code] of [
      ['{"type":}', 'bad-json'],
      ['nonsense', 'bad-json'],
      [`{"type":"${'x'.repeat(2 << 20)}"}`, 'line-too-long'],
      ['{"a":"\0"}', 'bad-line'],
    ]) {
      const { totals, input } = await figures(changed(what));
      assert.deepEqual(totals, all.totals, code);
      assert.deepEqual(input.problems, [{ code, count: 1, line: 1 }], code);
    }
    const cut = await figures(`[${records.join(',')},{"type":"Delivery"`);
    assert.deepEqual(cut.totals, all.totals);
    assert.deepEqual(cut.input.problems, [{ code: 'unfinished-record', count: 1, line: 1 }]);
  });
  it('a long line that is no list of records is too long', async () => {
    const { input } = await figures(`${records.slice(0, 20).join('\n')}\n${'x'.repeat(2 << 20)}\n${records[0]}1\n`);
    assert.ok(input.problems.some(({ code, line }) => code === 'line-too-long' && line === 21));
  });
  it('the lines behind it keep their numbers, and segments join', async () => {
    const text = `${records[0]}\n[${records.slice(1).join(',')}]\n{"type":}\n${records[1].replace('"id":"1"', '"id":"x"')}\n`;
    const found = await figures(text);
    assert.deepEqual(found.input.lines, { read: 4, used: 3, context: 0, skipped: 1 });
    assert.deepEqual(found.input.problems, [{ code: 'bad-json', count: 1, line: 3 }]);
    const whole = segment(text, true),
      ends = [...text.matchAll(/\n/g)].map(({ index }) => index + 1);
    for (const end of ends) {
      const joined = stitch(segment(text.slice(0, end), true), segment(text.slice(end), false));
      joined.finish();
      assert.deepEqual(joined.accounts[0].lines, whole.accounts[0].lines);
      assert.deepEqual(joined.builder.build().cells, whole.builder.build().cells, `cut at ${end}`);
    }
  });
  it('its records come out the same wherever it is cut', () => {
    const text = bytesOf(`\ufeff[${records.slice(0, 3).join(' ,\r')}] oops {"a":"\\"}"}[{"b":[{}]}]{"c`);
    const parts = (cut: number) => {
      const found: string[] = [];
      const line = new LongLine(
        (bytes, start, end) => (found.push(new TextDecoder().decode(bytes.subarray(start, end))), Verdict.used),
        (why) => (found.push(why), Verdict.skipped),
      );
      line.push(text, 0, cut);
      line.push(text, cut, text.length);
      return [line.end(), ...found];
    };
    const expected = [
      Verdict.used,
      ...records.slice(0, 3),
      'bad-json',
      '{"a":"\\"}"}',
      '{"b":[{}]}',
      'unfinished-record',
    ];
    for (let cut = 0; cut <= text.length; cut++) assert.deepEqual(parts(cut), expected, `cut at ${cut}`);
  });
});

function segment(text: string, first: boolean): Segment {
  const one = new Segment(kumomta, optionsOf({}), first);
  one.open({ index: 0, name: 'log', head: new Uint8Array(0), modified: undefined });
  const bytes = bytesOf(text);
  for (let at = 0; at < bytes.length; at += 99_991) one.push(bytes.subarray(at, at + 99_991));
  one.end();
  if (first && text.endsWith('x"}\n')) one.finish();
  return one;
}
