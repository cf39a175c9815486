/** Exchange Online's traces and reports and other tables: what single fixtures can't show. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formats } from '../../../src/core/formats/index';
import { Segment } from '../../../src/core/reading/segment';
import { optionsOf, read, type Json } from '../reading/read';
import { facts } from './facts';

const csv = (...rows: string[][]) =>
  rows.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`).join('');
const guid = (n: number) => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`;
const time = '2026-03-02T08:00:00.0000000Z';

const extended = (...rows: string[][]) =>
  csv(
    [
      'date_time_utc',
      'client_ip',
      'original_client_ip',
      'connector_id',
      'source',
      'event_id',
      'network_message_id',
      'directionality',
      'recipient_count',
      'total_bytes',
      'custom_data',
    ],
    ...rows.map(([id, event, custom]) => [
      time,
      '192.0.2.1',
      '192.0.2.1',
      '',
      'SMTP',
      event,
      guid(Number(id)),
      event === 'RECEIVE' ? 'Incoming' : 'Originating',
      '1',
      '10',
      custom,
    ]),
  );
const detail = (...ids: number[]) =>
  csv(
    ['MessageTraceId', 'Date', 'Event', 'Action', 'Detail', 'Data'],
    ...ids.map((id) => [guid(id), time, 'Receive', '', 'Message received by: A using TLS1.3 with AES256', '']),
  );
const enhanced = (...ids: number[]) =>
  csv(
    [
      'origin_timestamp_utc',
      'sender_address',
      'recipient_status',
      'network_message_id',
      'directionality',
      'connector_id',
      'total_bytes',
    ],
    ...ids.map((id) => [time, 'a@x.example', 'b@c.example##Receive, Deliver', guid(id), '1', 'P', '10']),
  );
const summary = (...ids: number[]) =>
  csv(
    ['Received', 'SenderAddress', 'RecipientAddress', 'Status', 'FromIP', 'ToIP', 'MessageTraceId'],
    ...ids.map((id) => [time, 'a@x.example', 'b@c.example', 'Delivered', '192.0.2.1', '', guid(id)]),
  );

const used = (json: Json) => json.inputs.map(({ lines }) => lines.used);

describe('reports of Exchange Online together', () => {
  const files = [
    summary(1, 2, 3, 4, 5),
    enhanced(1, 2, 3, 4),
    detail(1, 2),
    extended(['1', 'RECEIVE', 'S:tlsversion=SP_PROT_TLS1_2_SERVER']),
  ];
  it('tell each message once, by the report that has most of it', async () => {
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [1, 3, 0, 2],
    ]) {
      const json = await read(order.map((i) => files[i]));
      assert.equal(json.totals.inbound.messages, 5);
      assert.deepEqual(
        [json.totals.inbound.tls['tls1.2'], json.totals.inbound.tls['tls1.3'], json.totals.inbound.tls.unknown],
        [1, 1, 3],
      );
      assert.deepEqual(order.map((i, at) => [i, used(json)[at]]).sort(), [
        [0, 1],
        [1, 2],
        [2, 1],
        [3, 1],
      ]);
    }
  });
  it('count the other direction of a message all the same', async () => {
    const json = await read([extended(['1', 'SENDEXTERNAL', 'S:tlsversion=SP_PROT_TLS1_2_CLIENT']), enhanced(1)]);
    assert.deepEqual([json.totals.inbound.messages, json.totals.outbound.messages], [1, 1]);
  });
  it('advise a report with TLS only where one is missing', async () => {
    assert.deepEqual(
      (await read([files[3], enhanced(1)])).inputs.map(({ advice }) => advice),
      [[], []],
    );
    assert.deepEqual(
      (await read([files[3], enhanced(1, 2)])).inputs.map(({ advice }) => advice),
      [[], ['exchange-online-no-tls']],
    );
  });
  it('the same export twice, or parts of it, is one', async () => {
    const two = [summary(1, 2), summary(2, 3)],
      more = [enhanced(1, 2), enhanced(2, 3)];
    assert.equal((await read(two)).totals.inbound.recipients, 3);
    assert.equal((await read(more)).totals.inbound.messages, 3);
  });
});

describe('tables', () => {
  it('whose header the user has mapped are recognised', async () => {
    const text = 'Wann,Wer,Wie\n2026-03-02T08:00:00Z,Bank,TLS 1.2\n2026-03-02T08:00:00Z,,\n';
    assert.equal((await read([text])).inputs[0].format, null);
    const json = await read([text], {
      columns: [
        { header: 'wann,wer,wie', columns: { time: 'Wann', connector: 'Wer', tls: 'Wie' }, direction: 'inbound' },
      ],
    });
    assert.deepEqual(
      [json.inputs[0].format, json.connectors.map(({ name, messages }) => [name, messages])],
      [
        'table',
        [
          [null, 1],
          ['Bank', 1],
        ],
      ],
    );
  });
  it('are judged by the rule of a connector of the user’s own, each row for itself', async () => {
    const text = [
      'Date,Direction,Connector,TLS',
      '2026-03-02T08:00:00.000Z,Inbound,Old,none',
      '2026-03-02T08:01:00.000Z,Inbound,New,TLS1.3',
      '2026-03-02T08:02:00.000Z,Outbound,Out,TLS1.3',
      '',
    ].join('\n');
    const rules = [{ name: 'Strict', direction: 'inbound' as const, names: ['Old'], requireTls: 'tls1.2' as const }];
    assert.deepEqual(facts('table', text, { rules }), [
      'inbound accepted none - connector=Strict required-tls-not-met forced 1/1',
      'inbound accepted tls1.3 - connector=New 1/1',
      'outbound accepted tls1.3 - connector=Out 1/1',
    ]);
  });
  it('without dates are shown at the time of their file, and say so', async () => {
    const text = 'Connector,TLS version,Direction\nA,TLS 1.2,Inbound\n';
    const json = await read([text], { modified: Date.UTC(2026, 2, 2, 8) });
    assert.deepEqual(
      [json.period.from, json.inputs[0].problems],
      ['2026-03-02T08:00:00.000Z', [{ code: 'time-from-file', count: 1, line: 2 }]],
    );
  });
  it('an empty cell means no TLS only beside versions', async () => {
    const table = (...cells: string[]) =>
      `Date,Connector,Direction,TLS\n${cells.map((tls) => `2026-03-02,A,in,${tls}\n`).join('')}`;
    assert.equal((await read([table('', '')])).totals.inbound.tls.unknown, 2);
    assert.equal((await read([table('', 'TLS 1.2')])).totals.inbound.tls.none, 1);
    assert.equal((await read([table('none', '')])).totals.inbound.tls.unknown, 1);
  });
});

describe('tables with damage @slow', () => {
  const samples: Record<string, string> = {
    'exo-extended': extended(
      ['1', 'RECEIVE', 'S:InboundConnectorData=Name=A;ConnectorType=Partner;S:tlsversion=x'],
      ['2', 'SENDEXTERNAL', ''],
    ),
    'exo-detail': detail(1, 2),
    'exo-enhanced': enhanced(1, 2),
    'exo-summary': summary(1, 2),
    'exo-connector-report': csv(
      ['Date', 'Sender', 'Message ID', 'Connector', 'TLS', 'Direction'],
      ['2026-03-02', 'a', 'b', 'c', 'TLS1.2', 'in'],
      ['28/03/2026 8:00 PM', '', '', '', '', ''],
    ),
    'eac-report': 'Date;Connector;No TLS;TLS 1,2;Volume\n2026-03-02;From your org - A;12,5%;87,5%;8\n',
    table: '[{"date":"2026-03-02","connector":"A","tls":"1.2",\n"direction":"in"},\n{"date":1}]\n',
  };
  for (const [id, text] of Object.entries(samples))
    it(`${id}: every line is accounted for, whatever is done to its bytes`, () => {
      const format = formats.find((one) => one.id === id)!;
      assert.deepEqual(
        formats
          .filter((one) => one.detect({ bytes: Buffer.from(text), lines: text.split(/\r?\n/) }))
          .map((one) => one.id),
        [id],
      );
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 10, 13, 34, 44, 59, 92, 123, 125, 200, 255)), {
            maxLength: 10,
          }),
          fc.boolean(),
          (changes, headToo) => {
            const bytes = Buffer.from(text);
            for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
            const segment = new Segment(format, optionsOf({}), true);
            segment.open({ index: 0, name: 'a', head: headToo ? bytes : Buffer.from(text) });
            segment.push(bytes);
            segment.end();
            segment.finish();
            const { read: lines, used: u, context, skipped } = segment.accounts[0].lines;
            assert.equal(lines, u + context + skipped);
            assert.ok(Math.min(u, context, skipped) >= 0);
          },
        ),
        { numRuns: 300 },
      );
    });
});
