/** Following one message or session through logs. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Key, KeySet } from '../../../src/core/drilldown/keys';
import { Tracer, type Trace } from '../../../src/core/drilldown/tracer';

/** Reads the files as often as it takes. @param chunk bytes at a time. */
function trace(needle: string, files: readonly string[], chunk = Infinity): Trace {
  const tracer = new Tracer([needle]);
  do {
    files.forEach((text, file) => {
      const bytes = Buffer.from(text);
      tracer.begin(file);
      for (let at = 0; at < bytes.length; at += chunk) tracer.push(bytes.subarray(at, at + chunk));
      tracer.end();
    });
  } while (tracer.again());
  return tracer.result();
}

const where = (found: Trace) => found.lines.map(({ file, line }) => `${file}:${line}`);
/** The places of the lines that are marked with `+` in front; and the files without the marks. */
function marked(...files: string[][]): { files: string[]; expected: string[] } {
  return {
    files: files.map((lines) => lines.map((line) => line.slice(2)).join('\n') + '\n'),
    expected: files.flatMap((lines, file) =>
      lines.flatMap((line, i) => (line.startsWith('+ ') ? [`${file}:${i + 1}`] : [])),
    ),
  };
}

const at = (second: number) => `2026-11-20T10:00:${String(second).padStart(2, '0')}+00:00 mx`;
const postfix = marked(
  [
    `- ${at(0)} postfix/smtpd[11]: connect from other.example[192.0.2.9]`,
    `+ ${at(0)} postfix/smtpd[12]: connect from in.example[192.0.2.2]`,
    `- ${at(1)} postfix/smtpd[11]: Anonymous TLS connection established from other.example[192.0.2.9]: TLSv1.2 ` +
      'with cipher AES128-SHA (128/128 bits)',
    `+ ${at(1)} postfix/smtpd[12]: Anonymous TLS connection established from in.example[192.0.2.2]: TLSv1.3 with ` +
      'cipher TLS_AES_256_GCM_SHA384 (256/256 bits)',
    `- ${at(2)} postfix/smtpd[11]: C1C2C3C4C5: client=other.example[192.0.2.9]`,
    `+ ${at(2)} postfix/smtpd[12]: A1B2C3D4E5: client=in.example[192.0.2.2]`,
    `+ ${at(3)} postfix/cleanup[13]: A1B2C3D4E5: message-id=<one.1@in.example>`,
    `- ${at(3)} postfix/cleanup[13]: C1C2C3C4C5: message-id=<none.1@in.example>`,
    `- ${at(4)} postfix/smtpd[12]: D1D2D3D4D5: client=in.example[192.0.2.2]`,
    `+ ${at(5)} postfix/smtpd[12]: disconnect from in.example[192.0.2.2] ehlo=2 starttls=1 mail=2 rcpt=2 data=2 quit=1 commands=10`,
    `- ${at(5)} postfix/smtpd[12]: connect from next.example[192.0.2.3]`,
    `- ${at(6)} postfix/smtpd[12]: disconnect from next.example[192.0.2.3] ehlo=1 quit=1 commands=2`,
  ],
  [
    `+ ${at(7)} postfix/smtp[20]: A1B2C3D4E5: to=<b@our.example>, relay=127.0.0.1[127.0.0.1]:10024, dsn=2.0.0, ` +
      'status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 4FaBc23Xyz)',
    `+ ${at(7)} postfix/qmgr[2]: A1B2C3D4E5: removed`,
    `+ ${at(8)} postfix/qmgr[2]: 4FaBc23Xyz: from=<a@in.example>, size=200, nrcpt=1 (queue active)`,
    `- ${at(8)} postfix/smtp[21]: C1C2C3C4C5: to=<x@far.example>, relay=mx.far.example[192.0.2.7]:25, dsn=2.0.0, status=sent (250 OK)`,
    `+ ${at(9)} postfix/smtp[21]: Trusted TLS connection established to mx.our.example[192.0.2.8]:25: TLSv1.3 with ` +
      'cipher TLS_AES_256_GCM_SHA384 (256/256 bits)',
    `+ ${at(9)} postfix/smtp[21]: 4FaBc23Xyz: to=<b@our.example>, relay=mx.our.example[192.0.2.8]:25, dsn=2.0.0, ` +
      'status=sent (250 2.0.0 OK)',
    `- ${at(9)} postfix/smtp[21]: 14FaBc23Xyz: to=<b@our.example>, relay=mx.our.example[192.0.2.8]:25, dsn=2.0.0, ` +
      'status=sent (250 2.0.0 OK)',
  ],
);

const exim = marked(
  [
    '- 2026-11-20 10:00:00 1xVm1P-0001dZ-0Q <= x@in.example H=mx.in.example [192.0.2.1] P=esmtps ' +
      'X=TLS1.3:TLS_AES_256_GCM_SHA384:256 S=1000 id=2@in.example',
    '+ 2026-11-20 10:00:01 1xVm1P-0001dA-0Q <= a@in.example H=mx.in.example [192.0.2.1] P=esmtps ' +
      'X=TLS1.3:TLS_AES_256_GCM_SHA384:256 S=1000 id=1@in.example',
    '+ 2026-11-20 10:00:02 1xVm1P-0001dA-0Q => b@our.example R=smarthost T=remote_smtp H=relay [192.0.2.2] ' +
      'X=TLS1.2:ECDHE-RSA-AES256-GCM-SHA384:256 C="250 OK id=1xVm1R-00000000CDe-0aBc"',
    '- 2026-11-20 10:00:02 1xVm1P-0001dZ-0Q Completed',
    '+ 2026-11-20 10:00:02 1xVm1P-0001dA-0Q Completed',
  ],
  [
    '+ 2026-11-20 10:00:02 1xVm1R-00000000CDe-0aBc <= a@in.example H=front [192.0.2.3] P=esmtps S=1100 id=1@in.example',
    '+ 2026-11-20 10:00:03 1xVm1R-00000000CDe-0aBc => b@our.example R=dnslookup T=remote_smtp H=mx.our.example [192.0.2.8]',
  ],
);

const row = (session: string, n: number, event: string, data: string) =>
  `2026-11-20T10:00:00.000Z,EX01\\Default Frontend EX01,${session},${n},10.0.0.5:25,198.51.100.9:1,${event},${data},`;
const queued = '"250 2.6.0 <7@sender.example> [InternalId=1, Hostname=EX01] 1000 bytes, Queued mail for delivery"';
const exchange = marked([
  `- ${row('08DE7A10DEADBE01', 0, '+', '')}`,
  `+ ${row('08DE7A10DEADBE02', 0, '+', '')}`,
  `+ ${row('08DE7A10DEADBE02', 1, '<', 'EHLO mx.sender.example')}`,
  `- ${row('08DE7A10DEADBE01', 1, '<', 'MAIL FROM:<rob.ann@sender.example>')}`,
  `+ ${row('08DE7A10DEADBE02', 2, '<', 'MAIL FROM:<Ann@sender.example>')}`,
  `+ ${row('08DE7A10DEADBE02', 3, '>', queued)}`,
  `- ${row('08DE7A10DEADBE01', 2, '-', '')}`,
  `+ ${row('08DE7A10DEADBE02', 4, '-', '')}`,
]);

describe('following a message', () => {
  for (const [what, needle, { files, expected }] of [
    ['a Postfix queue id, to the session before it and through a filter', 'A1B2C3D4E5', postfix],
    ['the queue id behind the filter, back to the first server', '4FaBc23Xyz', postfix],
    ['a message-id of Postfix', '<one.1@in.example>', postfix],
    ['an Exim message, to the next server', '1xVm1P-0001dA-0Q', exim],
    ['the same from its end', '1xVm1R-00000000CDe-0aBc', exim],
    ['a message-id of Exim', '1@in.example', exim],
    ['a session of Exchange', '08DE7A10DEADBE02', exchange],
    ['an address, to its session', 'Ann@sender.example', exchange],
  ] as const) {
    it(`finds the lines of ${what}`, () => {
      const found = trace(needle, files);
      assert.deepEqual([where(found), found.more, found.idsLeft], [expected, 0, 0]);
      for (const { file, line, text } of found.lines) assert.equal(text, files[file].split('\n')[line - 1]);
    });
  }
  it('finds the same however the bytes are cut', () => {
    for (const [needle, { files, expected }] of [
      ['A1B2C3D4E5', postfix],
      ['1@in.example', exim],
      ['08DE7A10DEADBE02', exchange],
    ] as const) {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 400 }), (chunk) => {
          assert.deepEqual(where(trace(needle, files, chunk)), expected);
        }),
        { numRuns: 60 },
      );
    }
  });
  it('does not go from a session to the other messages in it', () => {
    const { files, expected } = marked([
      `+ ${row('08DE7A10DEADBE02', 0, '<', 'MAIL FROM:<ann@sender.example>')}`,
      `+ ${row('08DE7A10DEADBE02', 1, '>', '250 2.6.0 <7@sender.example> [InternalId=1]')}`,
      `+ ${row('08DE7A10DEADBE02', 2, '>', '250 2.6.0 <8@sender.example> [InternalId=2]')}`,
      `- ${row('08DE7A10DEADBE03', 1, '>', '250 2.6.0 <8@sender.example> [InternalId=2]')}`,
    ]);
    assert.deepEqual(where(trace('ann@sender.example', files)), expected);
    assert.deepEqual(
      where(trace('08DE7A10DEADBE02', files)),
      [...expected, '0:4'],
      'but from a session that was asked for to all of its messages',
    );
  });
  it('finds many ids at once where it finds each alone', () => {
    const id = fc.stringMatching(/^[ab.1]{4,7}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(id, { minLength: 1, maxLength: 12 }),
        fc.stringMatching(/^[ab.1 ]{0,200}$/),
        (ids, text) => {
          const bytes = Buffer.from(text),
            places = (keys: Key[]) => {
              const found: string[] = [];
              new KeySet(keys).each(bytes, (key, at) => found.push(`${key.text}@${at}`));
              return found.sort();
            };
          const keys = ids.map((one) => new Key(one));
          assert.deepEqual(places(keys), keys.flatMap((key) => places([key])).sort());
        },
      ),
      { numRuns: 3000 },
    );
  });
  it('finds no part of a longer id, nothing for what is too short, and nothing where there is nothing', () => {
    assert.deepEqual(where(trace('A1B2C3D4E', postfix.files)), []);
    assert.deepEqual(where(trace('ann', exchange.files)), []);
    assert.deepEqual(where(trace('', postfix.files)), []);
    assert.deepEqual(where(trace('F0F0F0F0F0', [...postfix.files, ''])), []);
  });
  it('follows a bounded number of ids and keeps a bounded number of lines, and counts the rest', () => {
    const many = Array.from(
      { length: 30_000 },
      (_, i) =>
        `${at(i % 60)} postfix/cleanup[13]: ${(0xa00000 + i).toString(16).toUpperCase()}: message-id=<${i}@in.example> for bob@our.example`,
    ).join('\n');
    const found = trace('bob@our.example', [many]);
    assert.deepEqual([found.lines.length, found.more], [10_000, 20_000]);
    assert.equal(found.ids.length, 64);
    assert.ok(found.idsLeft > 0);
  });
  it('takes a hostile line as it is: very long, without an end, with bytes that are no text', () => {
    const long = `${at(1)} postfix/smtpd[12]: A1B2C3D4E5: client=${'x'.repeat(3_000_000)}`;
    const found = trace('A1B2C3D4E5', [`first\n${long}\n${at(2)} postfix/qmgr[2]: A1B2C3D4E5: removed`], 65_536);
    assert.deepEqual(where(found), ['0:2', '0:3']);
    assert.ok(found.lines[0].text.length <= 16 * 1024);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const tracer = new Tracer(['A1B2C3D4E5']);
        tracer.begin(0);
        tracer.push(bytes);
        tracer.end();
        return tracer.result().lines.length === 0;
      }),
      { numRuns: 500 },
    );
  });
});
