import assert from 'node:assert/strict';
import { TlsCode, FaultCode } from '../../../src/core/model';
import { analyse } from '../reading/analyse';
import { memorySource, optionsOf, read, type Json } from '../reading/read';

const cef = (fields: string) =>
  'CEF:0|Cisco|C100V Email Security Virtual Appliance|15.0.0|ESA_CONSOLIDATED_LOG_EVENT|Consolidated Log Event|5|' +
  fields;
const base = 'startTime=Mon Mar  2 08:00:00 2026 deviceInboundInterface=In act=DELIVERED duser=x@mail.example';
const tls = ({ totals }: Json, direction: 'inbound' | 'outbound') =>
  Object.entries(totals[direction].tls)
    .filter(([, n]) => n > 0)
    .map(([version, n]) => `${version} ${n}`)
    .join(', ');
const codes = ({ inputs }: Json) =>
  inputs.flatMap((input) => input.problems.map(({ code, count }) => `${code} ${count}`));

describe('Cisco consolidated events', () => {
  it('every state of the TLS fields', async () => {
    for (const [fields, inbound, outbound] of [
      ['', 'unknown 1', 'unknown 1'],
      ['ESATLSInConnStatus=Success ESATLSInProtocol=TLSv1.3', 'tls1.3 1', 'unknown 1'],
      ['ESATLSOutProtocol=TLSv1.1', 'unknown 1', 'tls1.1 1'],
      ['ESATLSInConnStatus=Failure ESATLSInProtocol=TLSv1.2 ESATLSOutConnStatus=Failure', 'unknown 1', 'unknown 1'],
      ['ESATLSInConnStatus=Success ESATLSOutConnStatus=Success', 'tls 1', 'tls 1'],
      ['ESATLSInProtocol=NONE', 'none 1', 'unknown 1'],
      ['ESATLSInProtocol=', 'unknown 1', 'unknown 1'],
      ['ESATLSInProtocol=QUIC', 'unknown 1', 'unknown 1'],
    ]) {
      const json = await read([cef(`${base} ${fields}`)]);
      assert.deepEqual([tls(json, 'inbound'), tls(json, 'outbound')], [inbound, outbound], fields);
    }
  });
  it('every action', async () => {
    for (const [action, inbound, outbound] of [
      ['DELIVERED', 1, 1],
      ['QUARANTINED', 1, 0],
      ['DQ', 1, 0],
      ['DROPPED', 1, 0],
      ['ABORTED', 0, 0],
      ['BOUNCED', 1, 0],
      ['SOMETHING NEW', 1, 0],
    ] as const) {
      const { totals } = await read([cef(base.replace('DELIVERED', action))]);
      assert.deepEqual([totals.inbound.messages, totals.outbound.messages], [inbound, outbound], action);
    }
  });
  it('a line counts once though it has both hops', async () => {
    const { inputs } = await read([cef(base)]);
    assert.deepEqual(inputs[0].lines, { read: 1, used: 1, context: 0, skipped: 0 });
  });
  it('text of strangers is no field', async () => {
    const escaped = await read([
      cef(`${base} ESATLSInProtocol=TLSv1 msg='a ESATLSInProtocol\\=TLSv1.3 \\\\' ESATLSInConnStatus=Success`),
    ]);
    assert.equal(tls(escaped, 'inbound'), 'tls1.0 1');
    assert.deepEqual(codes(await read([cef(`${base} ESATLSInProtocol=TLSv1 msg='a ESATLSInProtocol=TLSv1.3'`)])), [
      'bad-columns 1',
    ]);
    assert.equal(
      tls(await read([cef(`${base} ESATLSInProtocol=TLSv1 cs1=x ESATLSInProtocol=TLSv1`)]), 'inbound'),
      'tls1.0 1',
      'the same twice is no contradiction',
    );
  });
  it('headers that are cut off or strange', async () => {
    for (const line of [
      cef(''),
      cef('').slice(0, -1),
      cef('').slice(0, -3),
      cef('='),
      cef(' = = ='),
      cef('a'.repeat(100_000)),
      cef('a '.repeat(100_000)),
      cef('='.repeat(100_000)),
    ]) {
      const { inputs } = await read([line], { format: 'cisco-esa-cef' });
      assert.equal(inputs[0].lines.skipped, 1, line.slice(-20));
    }
  });
});

const at = (second: number, text: string) =>
  `Mon Mar  2 ${new Date(Date.UTC(2026, 2, 2, 8, 0, second)).toISOString().slice(11, 19)} 2026 Info: ${text}`;
const log = (...texts: string[]) => `${texts.map((text, i) => at(i, text)).join('\n')}\n`;
const arrival = (icid: number, mid: number, ...between: string[]) => [
  `New SMTP ICID ${icid} interface In (192.0.2.1) address 198.51.100.${icid} reverse dns host unknown verified no`,
  ...between,
  `Start MID ${mid} ICID ${icid}`,
  `MID ${mid} ICID ${icid} RID 0 To: <x@mail.example>`,
  `MID ${mid} ready 10 bytes from <a@b.example>`,
];

describe('Cisco mail logs', () => {
  it('no TLS line means no TLS only where the log shows TLS lines in that direction', async () => {
    const proof = 'ICID 9 TLS success protocol TLSv1.2 cipher AES';
    assert.equal(tls(await read([log(...arrival(1, 1))]), 'inbound'), 'unknown 1');
    assert.equal(tls(await read([log(...arrival(1, 1), proof)]), 'inbound'), 'unknown 1');
    assert.equal(tls(await read([log(proof, ...arrival(1, 1))]), 'inbound'), 'none 1');
    assert.equal(tls(await read([log(proof.replace('ICID', 'DCID'), ...arrival(1, 1))]), 'inbound'), 'unknown 1');
  });
  it('the forms of a success', async () => {
    for (const [form, expected] of [
      ['TLS success protocol TLSv1.2 cipher ECDHE-RSA-AES256-GCM-SHA384', 'tls1.2 1'],
      ['TLS success protocol TLSv1/SSLv3 cipher RC4-SHA CN=c602.example', 'tls 1'],
      ['TLS success', 'tls 1'],
      ['TLS success CN: <Demo Cert>', 'tls 1'],
      ['TLS success protocol SSLv3 cipher X', 'ssl3.0 1'],
    ]) {
      assert.equal(tls(await read([log(...arrival(1, 1, `ICID 1 ${form}`))]), 'inbound'), expected, form);
    }
  });
  it('mail after a failed handshake is in clear, and that is a finding', async () => {
    const analysis = await analyse(
      [memorySource('a', Buffer.from(log(...arrival(1, 1, 'ICID 1 TLS failed'))))],
      optionsOf({}),
    );
    assert.deepEqual(
      [analysis.cube.series.tls[0], analysis.cube.series.fault[0]],
      [TlsCode.none, FaultCode.clearAfterFailedHandshake],
    );
  });
  it('a number used again after its connection closed is another connection', async () => {
    const text = log(
      ...arrival(1, 1, 'ICID 1 TLS success protocol TLSv1.3 cipher X'),
      'ICID 1 close',
      ...arrival(1, 1),
    );
    assert.equal(tls(await read([text]), 'inbound'), 'none 1, tls1.3 1');
    const closed = log(
      ...arrival(1, 1, 'ICID 1 TLS success protocol TLSv1.3 cipher X'),
      'ICID 1 close',
      ...arrival(1, 2).slice(1),
    );
    assert.deepEqual(
      [tls(await read([closed]), 'inbound'), codes(await read([closed]))],
      ['tls1.3 1, unknown 1', ['session-began-earlier 1']],
    );
  });
  it('a message taken in before the connection closed keeps its state', async () => {
    const [open, ...rest] = arrival(1, 1, 'ICID 1 TLS success protocol TLSv1.3 cipher X');
    assert.equal(
      tls(await read([log(open, ...rest.slice(0, -1), 'ICID 1 close', rest.at(-1)!)]), 'inbound'),
      'tls1.3 1',
    );
  });
  it('every form of the prefix', async () => {
    const [first, ...rest] = arrival(1, 1, 'ICID 1 TLS success protocol TLSv1.3 cipher X');
    for (const prefix of [
      'Mon Mar  2 08:00:00 2026 ',
      'Mon Mar 2 08:00:00 2026 ',
      '<22>Mar  2 08:00:00 mail_logs: ',
      '<22>Mar  2 08:00:00 esa1 mail_logs: ',
      'Mar  2 08:00:00 esa1 ESA: Mon Mar  2 08:00:00 2026 ',
      '2026-03-02T08:00:00+00:00 esa1 mail_logs: ',
      '<22>1 2026-03-02T08:00:00Z esa1 mail_logs: ',
    ]) {
      const json = await read([[first, ...rest].map((text) => `${prefix}Info: ${text}`).join('\n')]);
      assert.deepEqual(
        [json.inputs[0].format, tls(json, 'inbound'), json.period.from],
        ['cisco-esa-mail', 'tls1.3 1', '2026-03-02T08:00:00.000Z'],
        prefix,
      );
    }
  });
  it('times with a zone, or in the zone that the file states, are read in it', async () => {
    const lines = (time: string, ...texts: string[]) => texts.map((text) => `${time} Info: ${text}`).join('\n');
    const mail = arrival(1, 1, 'ICID 1 TLS success protocol TLSv1.3 cipher X');
    const begin = (offset: string) => ['Begin Logfile', `Time offset from UTC: ${offset} seconds`];
    const at = 'Mon Mar  2 08:00:00 2026';
    for (const [time, head, zone, from] of [
      [`${at} +0200`, [], 'UTC', '06:00'],
      [`${at} -07:00`, [], 'Europe/Rome', '15:00'],
      [`${at} GMT`, [], 'Europe/Rome', '08:00'],
      [`${at} GMT+0530`, [], 'UTC', '02:30'],
      [at, begin('-25200'), 'UTC', '15:00'],
      [at, begin('3600'), 'UTC', '07:00'],
      [at, begin('3600'), 'Europe/Rome', '07:00'],
      [at, begin('0'), 'Europe/Rome', '08:00'],
      [`${at} +0200`, begin('7200'), 'UTC', '06:00'],
      [at, [], 'Europe/Rome', '07:00'],
    ] as const) {
      const json = await read([lines(time, ...head, ...mail)], { timeZone: zone });
      assert.deepEqual(
        [json.coverage[0].from, json.inputs[0].from, tls(json, 'inbound'), codes(json)],
        [`2026-03-02T${from}:00.000Z`, `2026-03-02T${from}:00.000Z`, 'tls1.3 1', []],
        [time, ...head, zone].join(' '),
      );
    }
    // The appliance's zone goes on to know of summer time where it is the one of the settings.
    const summer = `${lines(at, ...begin('3600'))}\n${lines('Mon Apr  6 08:00:00 2026', ...mail)}`;
    assert.equal((await read([summer], { timeZone: 'Europe/Rome' })).period.to, '2026-04-06T06:01:00.000Z');
  });
  it('a zone that is not known, and another offset in the middle, are told', async () => {
    const at = 'Mon Mar  2 08:00:00 2026';
    const mail = arrival(1, 1, 'ICID 1 TLS success protocol TLSv1.3 cipher X');
    const unknown = await read([mail.map((text) => `${at} CEST Info: ${text}`).join('\n')]);
    assert.deepEqual([tls(unknown, 'inbound'), codes(unknown)], ['', ['bad-time 5']]);
    for (const stated of ['7200', '7201', '99999', 'x'])
      assert.deepEqual(
        codes(
          await read([
            [...['Time offset from UTC: 3600 seconds', ...mail, `Time offset from UTC: ${stated} seconds`]]
              .map((text) => `${at} Info: ${text}`)
              .join('\n'),
          ]),
        ),
        ['bad-time 1'],
        stated,
      );
  });
  it('text of strangers is no event, and a line cut by a line end in it is skipped', async () => {
    const json = await read([
      `${log(...arrival(1, 1), "MID 1 Subject 'Info: MID 1 ready 99 bytes from <x>'", "MID 1 Subject '")}ICID 1 ` +
        `TLS success protocol TLSv1.3 cipher X'\n`,
    ]);
    assert.equal(json.totals.inbound.messages, 1);
    assert.equal(json.totals.inbound.bytes, 10);
    assert.deepEqual(codes(json), ['bad-line 1']);
  });
  it('a flood of connections that never close stays bounded and is said', async () => {
    const flood = Array.from({ length: 60_000 }, (_, i) =>
      at(0, `New SMTP ICID ${i + 1} interface In (192.0.2.1) address 198.51.100.1`),
    ).join('\n');
    const json = await read([`${flood}\n${log(...arrival(70_000, 1))}`]);
    assert.deepEqual(codes(json), ['join-evicted 10001']);
    assert.equal(json.totals.inbound.messages, 1);
  });
});
