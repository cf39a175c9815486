/** What the JSON logs of gateways and cloud services have in common, and the edges of each. */
import assert from 'node:assert/strict';
import { read, type Json } from '../reading/read';

const lines = (...objects: unknown[]) =>
  objects.map((object) => (typeof object === 'string' ? object : JSON.stringify(object))).join('\n');
const tls = ({ totals }: Json, direction: 'inbound' | 'outbound') =>
  Object.entries(totals[direction].tls)
    .filter(([, n]) => n > 0)
    .map(([version, n]) => `${version} ${n}`)
    .join(', ');
const codes = ({ inputs }: Json) =>
  inputs.flatMap((input) => input.problems.map(({ code, count }) => `${code} ${count}`));

const mimecast = {
  acc: 'C0A0',
  aCode: 'a',
  datetime: '2026-03-02T08:00:00+0000',
  Rcpt: 'x@mail.example',
  Act: 'Acc',
  IP: '192.0.2.1',
  Dir: 'Inbound',
};
const proofpoint = {
  pps: { cid: 'c' },
  ts: '2026-03-02T08:00:00.000-0700',
  connection: { ip: '192.0.2.1', host: 'a.example' },
  envelope: { rcpts: ['x@mail.example'] },
  filter: { routes: [] },
};
const ses = {
  eventType: 'Delivery',
  mail: {
    timestamp: '2026-03-02T08:00:00.000Z',
    destination: ['x@mail.example'],
    tags: { 'ses:outgoing-tls-version': ['TLSv1.3'] },
  },
  delivery: { timestamp: '2026-03-02T08:00:00.000Z', recipients: ['x@mail.example'] },
};
const kumo = {
  type: 'Delivery',
  sender: 'a@b.example',
  recipient: 'x@mail.example',
  nodeid: 'n',
  timestamp: 1772438400,
  peer_address: { name: 'mx.example.', addr: '192.0.2.1' },
};
const gmail = {
  event_info: { timestamp_usec: '1772438400000000', success: true },
  message_info: {
    action_type: 1,
    source: { service: 'smtp-inbound' },
    destination: [{ service: 'gmail-ui' }],
    connection_info: {},
  },
};
const zeek = {
  _path: 'ssl',
  ts: 1772438400.5,
  uid: 'C1',
  'id.orig_h': '10.0.0.1',
  'id.orig_p': 1,
  'id.resp_h': '192.0.2.1',
  'id.resp_p': 25,
  version: 'TLSv12',
  established: true,
};
const all: [string, Record<string, unknown>][] = [
  ['mimecast', mimecast],
  ['proofpoint', proofpoint],
  ['ses', ses],
  ['kumomta', kumo],
  ['gmail-bigquery', gmail],
  ['zeek-smtp', zeek],
];

describe('JSON logs', () => {
  for (const [id, object] of all) {
    it(`${id}: one object, side by side, with commas, as a list, with spaces before it`, async () => {
      const one = JSON.stringify(object);
      // Zeek's second row of one connection is no second session.
      const many = id === 'zeek-smtp' ? 1 : 2;
      for (const [text, count] of [
        [one, 1],
        [one + one, many],
        [`${one}, ${one}`, many],
        [`[${one},${one}]`, many],
        [` \t${one} `, 1],
      ] as const) {
        const json = await read([text], { format: id });
        const sum =
          json.totals.inbound.messages +
          json.totals.outbound.messages +
          json.sessions.reduce((n, { messages }) => n + messages, 0);
        assert.deepEqual([sum, json.inputs[0].lines.used], [count, 1], text.slice(0, 20));
      }
    });
    it(`${id}: whatever a value is, the line is accounted for and nothing throws`, async () => {
      const mutate = (value: unknown, path: string[]): string[] => {
        if (typeof value !== 'object' || value === null) return [];
        return Object.entries(value).flatMap(([key, inner]) => [
          ...[null, 1, -1, 1e308, '', 'x', [], {}, true, ['x', null], [[[]]]].map((wrong) =>
            JSON.stringify(put(object, [...path, key], wrong)),
          ),
          ...mutate(inner, [...path, key]),
        ]);
      };
      const texts = [
        ...mutate(object, []),
        '{',
        '[]',
        '[1]',
        'null',
        '"x"',
        '{}',
        '{"a":1}{',
        '[{},1]',
        '\u0000',
        '{"__proto__":{"type":"Delivery"}}',
        '{"constructor":1}',
        `${'['.repeat(5000)}`,
        `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`,
      ];
      const { inputs } = await read([texts.join('\n')], { format: id });
      assert.equal(inputs[0].lines.read, texts.length);
      assert.equal(inputs[0].lines.read, inputs[0].lines.used + inputs[0].lines.context + inputs[0].lines.skipped);
    });
    it(`${id}: is recognised by an object that is cut off`, async () => {
      const long = { ...object, padding: 'x'.repeat(70_000) };
      assert.equal((await read([JSON.stringify(long)])).inputs[0].format, id);
    });
  }
  it('objects of other logs are claimed by none of them', async () => {
    for (const object of [
      { type: 'Delivery', id: 1 },
      { eventType: 'Delivery' },
      { mail: {} },
      { acc: 1 },
      { uid: 'x', 'id.orig_h': '1.2.3.4', 'id.resp_p': 80, method: 'GET' },
      { connection: {}, filter: {}, ts: '' },
      { createdAt: 'x', type: 'no event', data: {} },
      { Type: 'Notification', Message: 'Hello' },
      { source: 'aws.s3', detail: {} },
    ]) {
      assert.equal((await read([JSON.stringify(object)])).inputs[0].format, null, JSON.stringify(object));
    }
  });
});

function put(object: unknown, [key, ...rest]: string[], value: unknown): unknown {
  const copy = Array.isArray(object) ? [...object] : { ...(object as object) };
  (copy as Record<string, unknown>)[key] =
    rest.length === 0 ? value : put((copy as Record<string, unknown>)[key], rest, value);
  return copy;
}

describe('Mimecast', () => {
  it('a receipt without version is in clear only where others have one', async () => {
    assert.equal(tls(await read([lines(mimecast)]), 'inbound'), 'unknown 1');
    assert.equal(tls(await read([lines(mimecast, { ...mimecast, TlsVer: 'TLSv1.2' })]), 'inbound'), 'none 1, tls1.2 1');
    assert.equal(
      tls(await read([lines(mimecast, { ...mimecast, TlsVer: 'TLSv1.2', Act: 'Rej' })]), 'inbound'),
      'none 1',
    );
  });
  it('a delivery says it in words', async () => {
    for (const [fields, expected] of [
      [{ UseTls: 'No' }, 'none 1'],
      [{ UseTls: 'Yes' }, 'tls 1'],
      [{ UseTls: 'Yes', TlsVer: 'TLSv1.3' }, 'tls1.3 1'],
      [{}, 'unknown 1'],
      [{ UseTls: null, TlsVer: null }, 'unknown 1'],
    ] as const) {
      assert.equal(
        tls(await read([lines({ ...mimecast, Act: undefined, Delivered: true, ...fields })]), 'outbound'),
        expected,
        JSON.stringify(fields),
      );
    }
  });
  it('a key that a subject brings with it does not decide', async () => {
    const row = 'datetime=2026-03-02T08:00:00+0000|aCode=a|acc=C|IP=192.0.2.1|Dir=Inbound|Subject=';
    assert.equal(
      tls(await read([`${row}a|b=c|Sender=x|Rcpt=x@mail.example|Act=Acc|TlsVer=TLSv1`]), 'inbound'),
      'tls1.0 1',
    );
    assert.deepEqual(codes(await read([`${row}a|TlsVer=TLSv1.3|Sender=x|Rcpt=x@mail.example|Act=Acc|TlsVer=TLSv1`])), [
      'bad-columns 1',
    ]);
  });
});

describe('Proofpoint', () => {
  const sm = (fields: object, tlsFields?: object, data = 'x sendmail[1]: q: y') => ({
    pps: {},
    ts: '2026-03-02T08:00:00Z',
    data,
    sm: { qid: 'q', ...fields },
    ...(tlsFields ? { tls: tlsFields } : {}),
  });
  it('a connection without "tls" was in clear', async () => {
    assert.equal(tls(await read([lines(proofpoint)]), 'inbound'), 'none 1');
    assert.equal(
      tls(
        await read([
          lines({ ...proofpoint, connection: { ...proofpoint.connection, tls: { inbound: { version: 'TLSv1.2' } } } }),
        ]),
        'inbound',
      ),
      'tls1.2 1',
    );
  });
  it("the mail log's TLS, taken apart or only in the raw line", async () => {
    const sent = {
      to: ['<x@mail.example>'],
      mailer: 'esmtp',
      relay: 'mx.mail.example. [192.0.2.1]',
      stat: 'Sent (ok)',
      dsn: '2.0.0',
    };
    for (const [record, expected] of [
      [sm(sent, { version: 'TLSv1.3', verify: 'OK' }), 'tls1.3 1'],
      [sm(sent, { version: 'NONE', verify: 'NONE' }), 'none 1'],
      [sm({ ...sent, tls: { verify: 'NONE' } }), 'none 1'],
      [sm(sent, { verify: 'FAIL' }), 'tls 1'],
      [sm(sent), 'unknown 1'],
      [
        sm(sent, undefined, 'x sendmail[1]: q: to=<x>, tls_verify=NO, tls_version=TLSv1.1, cipher=A, pri=1'),
        'tls1.1 1',
      ],
    ] as const)
      assert.equal(tls(await read([lines(record)]), 'outbound'), expected, JSON.stringify(record));
  });
  it('arrivals count from one log only, whichever file comes first', async () => {
    const arrival = lines(
      sm(
        { from: '<a@b.example>', msgid: '<1>', relay: 'a.example [192.0.2.1]', daemon: 'MTA' },
        { version: 'TLSv1.2' },
      ),
    );
    assert.equal(tls(await read([arrival]), 'inbound'), 'tls1.2 1');
    for (const files of [
      [arrival, lines(proofpoint)],
      [lines(proofpoint), arrival],
    ]) {
      const json = await read(files);
      assert.equal(tls(json, 'inbound'), 'none 1');
      assert.equal(
        json.inputs.reduce((n, { lines: { used } }) => n + used, 0),
        1,
      );
    }
  });
  it("the user's rules hold for arrivals too", async () => {
    const arrival = lines(
      sm(
        { from: '<a@b.example>', msgid: '<1>', relay: 'gw.partner.example [192.0.2.1]', daemon: 'MTA' },
        { version: 'NONE', verify: 'NONE' },
      ),
    );
    const json = await read([arrival], {
      rules: [{ name: 'Partner', hosts: ['*.partner.example'], requireTls: 'tls' }],
    });
    assert.deepEqual(
      json.connectors.map(({ name, messages, forcedTls }) => [name, messages, forcedTls]),
      [['Partner', 1, true]],
    );
  });
});

describe('KumoMTA, SES, Gmail', () => {
  it('KumoMTA: receptions do not prove anything about deliveries', async () => {
    const reception = { ...kumo, type: 'Reception', reception_protocol: 'ESMTP', tls_protocol_version: 'TLSv1.3' };
    assert.deepEqual(
      [tls(await read([lines(kumo, reception)]), 'outbound'), tls(await read([lines(kumo, reception)]), 'inbound')],
      ['unknown 1', 'tls1.3 1'],
    );
    assert.equal(
      tls(await read([lines(kumo, { ...kumo, tls_protocol_version: 'TLSv1.2' })]), 'outbound'),
      'none 1, tls1.2 1',
    );
  });
  it('KumoMTA: times of a millennium ago or in fractions', async () => {
    assert.deepEqual(codes(await read([lines({ ...kumo, timestamp: -1 }, { ...kumo, timestamp: null })])), [
      'bad-time 2',
    ]);
    assert.equal((await read([lines({ ...kumo, timestamp: 1772438400.75 })])).period.from, '2026-03-02T08:00:00.000Z');
  });
  it('SES: without the tag nothing is known', async () => {
    assert.equal(tls(await read([lines(ses)]), 'outbound'), 'tls1.3 1');
    assert.equal(
      tls(
        await read([
          lines({ ...ses, mail: { ...ses.mail, tags: {} } }, { ...ses, mail: { ...ses.mail, tags: undefined } }),
        ]),
        'outbound',
      ),
      'unknown 2',
    );
  });
  it('SES: wrappers in wrappers without end', async () => {
    let text = JSON.stringify(ses);
    for (let i = 0; i < 8; i++) text = JSON.stringify({ Type: 'Notification', Message: text });
    assert.equal((await read([text], { format: 'ses' })).inputs[0].lines.skipped, 1);
  });
  it('SES: what is delivered in words is a notice, and a record that is cut off is told', async () => {
    const wrapped = (Message: string) => JSON.stringify({ Type: 'Notification', Message });
    for (const [message, expected] of [
      ['Successfully validated SNS topic for Amazon SES event publishing.', { context: 1, skipped: 0 }],
      [JSON.stringify(ses).slice(0, -9), { context: 0, skipped: 1 }],
      [JSON.stringify({ ...ses, eventType: 'Send' }), { context: 1, skipped: 0 }],
      [JSON.stringify({ ...ses, eventType: 'Deliwery' }), { context: 0, skipped: 1 }],
    ] as const) {
      const { context, skipped } = (await read([wrapped(message)], { format: 'ses' })).inputs[0].lines;
      assert.deepEqual({ context, skipped }, expected, message);
    }
  });
  it('Gmail: one stage of a message counts, the SMTP server before Gmail', async () => {
    const stage = (action: number) => ({ ...gmail, message_info: { ...gmail.message_info, action_type: action } });
    for (const [actions, counted] of [
      [[1, 2, 3], 1],
      [[2, 3, 3], 2],
      [[3], 1],
      [[2, 2, 3], 2],
      [[1, 3, 3, 3], 1],
      [[7, 40], 0],
    ] as const) {
      const json = await read([lines(...actions.map(stage))]);
      assert.deepEqual([json.totals.inbound.messages, json.inputs[0].lines.used], [counted, counted], String(actions));
    }
  });
  it('Gmail: a line with several rows is used where one of them counts', async () => {
    const stage = (action: number) => ({ ...gmail, message_info: { ...gmail.message_info, action_type: action } });
    for (const [actions, used, messages] of [
      [[[2, 1]], 1, 1],
      [[[1, 2], [1]], 2, 2],
      [[[3], [2, 1], [3]], 1, 1],
    ] as const) {
      const json = await read([actions.map((line) => line.map((n) => JSON.stringify(stage(n))).join('')).join('\n')]);
      assert.deepEqual(
        [json.inputs[0].lines.used, json.totals.inbound.messages],
        [used, messages],
        JSON.stringify(actions),
      );
    }
  });
  it('Gmail: TLS needed and not there', async () => {
    const row = {
      ...gmail,
      event_info: { ...gmail.event_info, success: false },
      message_info: {
        ...gmail.message_info,
        connection_info: { tls_required_but_unavailable: true, smtp_reply_code: 530 },
      },
    };
    const json = await read([lines(row)]);
    assert.deepEqual(
      json.connectors.map(({ failed }) => failed.rejected),
      [1],
    );
  });
});
