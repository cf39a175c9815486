import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { read, type Json } from '../reading/read';

const report = (changes: object = {}, policy: object = {}) => ({
  'organization-name': 'Sender',
  'date-range': { 'start-datetime': '2026-03-01T00:00:00Z', 'end-datetime': '2026-03-01T23:59:59Z' },
  'report-id': 'r',
  'contact-info': 'a@sender.example',
  policies: [
    {
      policy: { 'policy-type': 'no-policy-found', 'policy-domain': 'mail.example' },
      summary: { 'total-successful-session-count': 3, 'total-failure-session-count': 0 },
      ...policy,
    },
  ],
  ...changes,
});
const sessions = ({ sessions: all }: Json) =>
  all.map(({ name, messages, tls, failed, forcedTls }) => ({
    name,
    messages,
    none: tls.none,
    tls: tls.tls,
    deferred: failed.deferred,
    forcedTls,
  }));
const problems = ({ inputs }: Json) => inputs.map((input) => input.problems.map(({ code, line }) => `${code} ${line}`));
const mail = (body: string, encoding: string, type = 'application/tlsrpt+gzip') =>
  'From: a@sender.example\nTLS-Report-Domain: mail.example\n' +
  `Content-Type: ${type}\nContent-Transfer-Encoding: ${encoding}\n\n${body}`;

describe('TLS reports', () => {
  it('sessions are no messages', async () => {
    const json = await read([JSON.stringify(report())]);
    assert.deepEqual(json.connectors, []);
    assert.equal(json.totals.inbound.messages, 0);
    assert.deepEqual(sessions(json), [{ name: 'Sender', messages: 3, none: 0, tls: 3, deferred: 0, forcedTls: false }]);
  });
  it('a server without STARTTLS: in clear, held back, or unknown, as the policy says', async () => {
    const failure = {
      summary: { 'total-successful-session-count': 0, 'total-failure-session-count': 5 },
      'failure-details': [{ 'result-type': 'starttls-not-supported', 'failed-session-count': 5 }],
    };
    for (const [policy, none, forced] of [
      [{ 'policy-type': 'no-policy-found' }, 5, false],
      [{ 'policy-type': 'sts', 'policy-string': ['version: STSv1', 'mode: testing'] }, 5, false],
      [{ 'policy-type': 'sts', 'policy-string': 'version: STSv1\nmode: none' }, 5, false],
      [{ 'policy-type': 'sts', 'policy-string': ['mode: enforce'] }, 0, true],
      [{ 'policy-type': 'tlsa' }, 0, true],
      [{ 'policy-type': 'sts' }, 0, null],
      [{ 'policy-type': 'other' }, 0, null],
      [{}, 0, null],
    ] as const) {
      const [found] = sessions(await read([JSON.stringify(report({}, { policy, ...failure }))]));
      assert.deepEqual([found.none, found.deferred, found.forcedTls], [none, 5 - none, forced], JSON.stringify(policy));
    }
  });
  it('the total counts sessions, the details only say why', async () => {
    const detail = (count: unknown, type = 'validation-failure') => ({
      'result-type': type,
      'failed-session-count': count,
    });
    for (const [total, details, none, deferred] of [
      [4, [detail(1), detail(3, 'starttls-not-supported')], 3, 1],
      [2, [detail(2), detail(2, 'starttls-not-supported')], 2, 0],
      [7, [], 0, 7],
      [undefined, [detail(2)], 0, 2],
      [3, null, 0, 3],
      [0, [detail(9)], 0, 0],
      [5, { 'result-type': 'x' }, 0, 5],
    ] as const) {
      const json = await read([
        JSON.stringify(
          report(
            {},
            {
              summary: { 'total-successful-session-count': 1, 'total-failure-session-count': total },
              'failure-details': details,
            },
          ),
        ),
      ]);
      assert.deepEqual(
        [sessions(json)[0].none, sessions(json)[0].deferred],
        [none, deferred],
        JSON.stringify([total, details]),
      );
    }
  });
  it('a report that is there twice, as file and as mail, counts once', async () => {
    const text = JSON.stringify(report());
    assert.equal(
      sessions(
        await read([text, JSON.stringify(report(), null, 2), mail(gzipSync(text).toString('base64'), 'base64')]),
      )[0].messages,
      3,
    );
  });
  it('a file that ends in a report says so, and the next one is read', async () => {
    const cut = JSON.stringify(report({ 'report-id': 'cut' }), null, 1).slice(0, 300);
    const json = await read([cut, JSON.stringify(report())]);
    assert.deepEqual(problems(json), [['unfinished-record 1'], []]);
    assert.equal(sessions(json)[0].messages, 3);
    assert.deepEqual(
      problems(await read([`${JSON.stringify(report())}\n${cut}`])),
      [['unfinished-record 2']],
      'the last file too',
    );
  });
  it('a report cut off does not swallow those behind it, indented or not', async () => {
    const pretty = (id: string) => JSON.stringify(report({ 'report-id': id }), null, 2);
    const flat = (id: string) => JSON.stringify(report({ 'report-id': id }));
    const json = await read([
      [pretty('a').slice(0, 200), pretty('b'), flat('c').slice(0, -9), flat('d')].map((line) => `${line}\n`).join(''),
    ]);
    assert.equal(sessions(json)[0].messages, 6);
    assert.equal(json.inputs[0].problems[0].count, 2);
  });
  it('damaged, cut and huge attachments are said and not unpacked @slow', async () => {
    const whole = gzipSync(JSON.stringify(report()));
    const bomb = gzipSync(Buffer.alloc(64 << 20, 32));
    for (const [body, code] of [
      [whole.subarray(0, whole.length - 12), 'damaged-file'],
      [Buffer.concat([whole.subarray(0, 40), Buffer.alloc(60)]), 'damaged-file'],
      [bomb, 'damaged-file'],
      [Buffer.from('not json'), 'bad-json'],
    ] as const) {
      const json = await read([mail(body.toString('base64'), 'base64')]);
      assert.deepEqual(problems(json), [['nothing-used 1', `${code} 6`]]);
      assert.deepEqual(json.sessions, []);
    }
  });
  it('a report in a mail whose headers do not say so is told, and a promised one that does not come', async () => {
    const packed = gzipSync(JSON.stringify(report())).toString('base64');
    const head = 'From: a@sender.example\nTLS-Report-Domain: mail.example\n';
    const parts = (...all: string[]) =>
      `${head}Content-Type: multipart/report; boundary=b\n\n${all.map((one) => `--b\n${one}\n`).join('')}--b--\n`;
    const base64 = 'Content-Transfer-Encoding: base64\n';
    for (const [text, expected] of [
      [parts(`Content-Type: text/plain\n${base64}\n${packed}`), ['nothing-used 1', 'bad-line 9']],
      [parts(`Content-Type: text/plain\n\n${JSON.stringify(report())}`), ['nothing-used 1', 'bad-line 8']],
      [parts('Content-Type: text/plain\n\nNo report.'), ['nothing-used 1', 'unfinished-record 4']],
      [parts(`Content-Type: application/tlsrpt+gzip\n${base64}${packed}`), ['nothing-used 1', 'unfinished-record 6']],
      [parts('\nHello.\n\nFrom our server.', `Content-Type: application/tlsrpt+gzip\n${base64}\n${packed}`), []],
    ] as const)
      assert.deepEqual(problems(await read([text])), [expected], text);
  });
  it('text that is not what the sum behind it says is told', async () => {
    const packed = gzipSync(JSON.stringify(report()), { level: 0 });
    packed[packed.indexOf('"total-successful-session-count":3') + 33] = 0x34;
    assert.deepEqual(problems(await read([mail(packed.toString('base64'), 'base64')])), [
      ['nothing-used 1', 'damaged-file 6'],
    ]);
  });
  it('another report with the same id is told', async () => {
    const policies = report().policies.map((policy) => ({ ...policy, 'failure-details': [] }));
    const json = await read([`${JSON.stringify(report())}\n${JSON.stringify(report({ policies }))}`]);
    assert.deepEqual(problems(json), [['same-report-id 2']]);
  });
  it('two gzip members in one attachment are one text', async () => {
    const text = JSON.stringify(report());
    assert.equal(
      sessions(
        await read([
          mail(Buffer.concat([gzipSync(text.slice(0, 50)), gzipSync(text.slice(50))]).toString('base64'), 'base64'),
        ]),
      )[0].messages,
      3,
    );
  });
  it('nothing in a report throws', async () => {
    for (const value of [null, 1, 'x', [], {}, true]) {
      for (const key of ['organization-name', 'date-range', 'policies', 'report-id'])
        await read([JSON.stringify(report({ [key]: value }))], { format: 'tlsrpt' });
      for (const key of ['policy', 'summary', 'failure-details'])
        await read([JSON.stringify(report({}, { [key]: value }))], { format: 'tlsrpt' });
      await read([JSON.stringify(value)], { format: 'tlsrpt' });
    }
    await read([`${'['.repeat(200_000)}\n${'{"policies":'.repeat(50_000)}`], { format: 'tlsrpt' });
  });
});
