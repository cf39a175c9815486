/**
 * Message tracking together with the SMTP protocol logs: each message has its connector, size and TLS once, wherever
 * it was logged.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LogReader } from '../../../src/core/reading/logreader';
import { Segment, stitch } from '../../../src/core/reading/segment';
import { exchangeSmtp } from '../../../src/core/formats/exchange-smtp/exchange-smtp';
import { exchangeTracking } from '../../../src/core/formats/exchange-tracking/exchange-tracking';
import { standardNames } from '../../../src/core/formats/exchange-tracking/columns';
import { memorySource, optionsOf, read, report, type Json } from '../reading/read';

const cell = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A row of message tracking; `n` numbers the message. */
function row(n: number, event: string, values: Record<string, string>): string {
  const usual: Record<string, string> = {
    'date-time': '2026-03-02T08:00:00.000Z',
    'client-ip': '192.0.2.10',
    'client-hostname': 'mail.partner.example',
    'server-ip': '10.0.0.5',
    'server-hostname': 'EX01',
    'connector-id': 'EX01\\Default EX01',
    source: 'SMTP',
    'event-id': event,
    'internal-message-id': String(5000 + n),
    'message-id': `<m${n}@partner.example>`,
    'network-message-id': `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`,
    'recipient-address': 'user@contoso.example',
    'total-bytes': '700',
    'recipient-count': '1',
  };
  return standardNames.map((name) => cell(values[name] ?? usual[name] ?? '')).join(',');
}

const log = (type: string, columns: string, rows: readonly string[]) =>
  ['#Software: Microsoft Exchange Server', `#Log-type: ${type}`, `#Fields: ${columns}`, ...rows]
    .map((line) => `${line}\r\n`)
    .join('');
const tracking = (...rows: string[]) => log('Message Tracking Log', standardNames.join(','), rows);
const received = (n: number, session: string, custom = '', more: Record<string, string> = {}) =>
  row(n, 'RECEIVE', { 'source-context': `${session};2026-03-02T08:00:00.000Z;1`, 'custom-data': custom, ...more });
const sentRow = (n: number, session: string, event = 'SENDEXTERNAL') =>
  row(n, event, {
    'source-context': `${session};250 2.0.0 OK;ClientSubmitTime:`,
    'connector-id': 'Internet Mail',
    'server-ip': '198.51.100.4',
    'server-hostname': 'mx.example.net',
  });
const fromFrontEnd =
  'S:FirstForestHop=EX01.contoso.example;S:ProxiedClientIPAddress=192.0.2.10;' +
  'S:ProxyHop1=EX01.contoso.example(10.0.0.5)';

/** A protocol log of whole sessions. */
function protocol(type: 'Receive' | 'Send', ...sessions: string[][]): string {
  const columns = 'date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context';
  return log(`SMTP ${type} Protocol Log`, columns, sessions.flat());
}

const handshake = (side: string) => [
  '*',
  '',
  `TLS protocol SP_PROT_TLS1_2_${side} negotiation succeeded using bulk encryption algorithm CALG_AES_256 with ` +
    'strength 256 bits, MAC hash algorithm CALG_SHA_384 with strength 0 bits and key exchange algorithm CALG_ECDHE ' +
    'with strength 384 bits',
];

function rows(session: string, connector: string, local: string, remote: string, events: string[][]): string[] {
  return events.map(([event, data, context = ''], i) =>
    ['2026-03-02T08:00:00.000Z', connector, session, String(i), local, remote, event, data, context]
      .map(cell)
      .join(','),
  );
}

/** A session in which these messages came in. `hub`: the front end's hop to the transport service. */
function receiveSession(session: string, messages: number[], hub = false): string[] {
  const mail = messages.flatMap((n) => [
    ['<', 'MAIL FROM:<a@partner.example>'],
    ['>', '250 2.1.0 Sender OK'],
    ['<', 'RCPT TO:<user@contoso.example>'],
    ['>', '250 2.1.5 Recipient OK'],
    ['<', 'BDAT 700 LAST'],
    [
      '>',
      `250 2.6.0 <m${n}@partner.example> [InternalId=${5000 + n}, Hostname=EX01.contoso.example] ` +
        '700 bytes in 0.101, 6.8 KB/sec Queued mail for delivery',
    ],
  ]);
  const begin = [
    ['+', ''],
    ['>', '220 EX01 Microsoft ESMTP MAIL Service ready'],
    ['<', 'EHLO mail.partner.example'],
    ['>', '250  EX01 Hello STARTTLS'],
    ['<', 'STARTTLS'],
    ['>', '220 2.0.0 SMTP server ready'],
    handshake('SERVER'),
    ['<', 'EHLO mail.partner.example'],
    ['>', '250  EX01 Hello'],
  ];
  return rows(
    session,
    hub ? 'EX01\\Default EX01' : 'EX01\\Default Frontend EX01',
    hub ? '10.0.0.5:2525' : '10.0.0.5:25',
    hub ? '10.0.0.5:6000' : '192.0.2.10:5000',
    [...begin, ...mail, ['-', '', 'Remote']],
  );
}

/** A session in which this many messages went out to a server that is not Exchange. */
function sendSession(session: string, count: number): string[] {
  const mail = Array.from({ length: count }, () => [
    ['>', 'MAIL FROM:<user@contoso.example>'],
    ['<', '250 2.1.0 Ok'],
    ['>', 'RCPT TO:<b@example.net>'],
    ['<', '250 2.1.5 Ok'],
    ['>', 'DATA'],
    ['<', '354 End data'],
    ['<', '250 2.0.0 Ok: queued as 4XyZ'],
  ]).flat();
  const begin = [
    ['+', ''],
    ['<', '220 mx.example.net ESMTP'],
    ['>', 'EHLO mail.contoso.example'],
    ['<', '250  mx.example.net STARTTLS'],
    ['>', 'STARTTLS'],
    ['<', '220 2.0.0 Ready'],
    handshake('CLIENT'),
    ['>', 'EHLO mail.contoso.example'],
    ['<', '250  mx.example.net'],
  ];
  return rows(session, 'Internet Mail', '10.0.0.5:7000', '198.51.100.4:25', [...begin, ...mail, ['-', '', 'Local']]);
}

const front = '08DE6F0000000001',
  hub = '08DE6F0000000002',
  out = '08DE6F0000000003';
/** Inbound, outbound and internal messages, and those with TLS 1.2. */
const sums = ({ totals, internal }: Json) => [
  totals.inbound.messages,
  totals.outbound.messages,
  internal.messages,
  totals.inbound.tls['tls1.2'] + totals.outbound.tls['tls1.2'],
];
const used = (json: Json) => json.inputs.map(({ lines }) => lines.used);

describe('Exchange message tracking with SMTP protocol logs', () => {
  it('a session with the outside: the protocol log has counted the message', async () => {
    const files = [
      protocol('Receive', receiveSession(front, [1, 2])),
      tracking(received(1, front), received(2, front)),
    ];
    for (const order of [files, [...files].reverse()]) assert.deepEqual(sums(await read(order)), [2, 0, 0, 2]);
    assert.deepEqual(used(await read(files)), [2, 0]);
  });
  it('a front end without the transport service: the id in its reply leads to the message', async () => {
    assert.deepEqual(
      sums(await read([protocol('Receive', receiveSession(front, [1])), tracking(received(1, hub, fromFrontEnd))])),
      [1, 0, 0, 1],
    );
  });
  it('both services: once from outside, once inside', async () => {
    assert.deepEqual(
      sums(
        await read([
          protocol('Receive', receiveSession(front, [1]), receiveSession(hub, [1], true)),
          tracking(received(1, hub, fromFrontEnd)),
        ]),
      ),
      [1, 0, 1, 1],
    );
  });
  it('the transport service without the front end: the message came from outside, TLS unknown', async () => {
    const json = await read([
      protocol('Receive', receiveSession(hub, [1], true)),
      tracking(received(1, hub, fromFrontEnd)),
    ]);
    assert.deepEqual(sums(json), [1, 0, 1, 0]);
    assert.equal(json.totals.inbound.tls.unknown, 1);
    assert.equal(json.totals.inbound.bytes, 700);
  });
  it('what the transport service got from inside is inside, though the row does not prove it', async () => {
    assert.deepEqual(
      sums(await read([protocol('Receive', receiveSession(hub, [1], true)), tracking(received(1, hub))])),
      [0, 0, 1, 0],
    );
  });
  it('messages that the protocol log does not have are counted from tracking', async () => {
    const json = await read([
      protocol('Receive', receiveSession(front, [1])),
      tracking(received(1, front), received(2, front), received(3, hub, fromFrontEnd)),
    ]);
    assert.deepEqual(sums(json), [3, 0, 0, 1]);
    assert.deepEqual(json.inputs[1].advice, ['exchange-tracking-no-tls']);
  });
  it('a session that sent stands for as many messages as the protocol log has of it', async () => {
    const json = await read([
      protocol('Send', sendSession(out, 2)),
      tracking(sentRow(1, out), sentRow(2, out), sentRow(3, out)),
    ]);
    assert.deepEqual(sums(json), [0, 3, 0, 2]);
    assert.deepEqual(used(json), [2, 1]);
  });
  it('a failed hand-over is no message of the session', async () => {
    const json = await read([
      protocol('Send', sendSession(out, 1)),
      tracking(sentRow(1, out, 'DEFER'), sentRow(1, out)),
    ]);
    assert.deepEqual(sums(json), [0, 1, 0, 1]);
    assert.equal(json.connectors[0].failed.deferred, 1);
  });
  it('without the other log nothing is missing', async () => {
    assert.deepEqual(sums(await read([tracking(received(1, front), sentRow(2, out))])), [1, 1, 0, 0]);
  });
});

describe('Exchange message tracking alone', () => {
  it('a log that was copied while it grew counts once', async () => {
    const whole = tracking(
      ...Array.from({ length: 50 }, (_, n) => received(n, front)),
      ...Array.from({ length: 50 }, (_, n) => sentRow(100 + n, out)),
    );
    const json = await read([
      whole.slice(0, whole.length / 2),
      whole,
      whole.replace('#Log-type', '#Other: 1\r\n#Log-type'),
    ]);
    assert.deepEqual(sums(json).slice(0, 3), [50, 50, 0]);
    for (const { lines } of json.inputs) assert.equal(lines.read, lines.used + lines.context + lines.skipped);
  });
  it('one message to several domains goes out several times', async () => {
    const [first, second] = ['a@one.example', 'b@two.example'].map((to) =>
      row(1, 'SENDEXTERNAL', {
        'source-context': `${out};250 Ok`,
        'connector-id': 'Internet Mail',
        'recipient-address': to,
      }),
    );
    assert.deepEqual(sums(await read([tracking(first, second, first)])).slice(0, 2), [0, 2]);
  });
  it('another log type in the same file is not read as this one', async () => {
    const json = await read([
      `${tracking(received(1, front))}#Log-type: Transport Connectivity Log\r\n${received(2, front)}\r\n`,
    ]);
    assert.deepEqual(
      json.inputs[0].problems.map(({ code, line }) => [code, line]),
      [['other-format', 6]],
    );
  });
  it('never throws, whatever is done to its bytes', () => {
    const text = Buffer.from(
      tracking(
        received(1, front, fromFrontEnd),
        sentRow(2, out),
        row(3, 'FAIL', { 'custom-data': 'S:tlsversion=,S:InboundConnectorData=Name=' }),
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 12 }), (changes) => {
        const bytes = Buffer.from(text);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        const segment = new Segment(exchangeTracking, optionsOf({}), true);
        segment.open({ index: 0, name: 'a', head: text });
        segment.push(bytes);
        segment.end();
        segment.finish();
        const { read: lines, used: u, context, skipped } = segment.accounts[0].lines;
        assert.equal(lines, u + context + skipped);
      }),
      { numRuns: 500 },
    );
  });
});

describe('Exchange logs that are followed while they grow', () => {
  it('counts a message once, whichever of its logs is written first', async () => {
    const logs = [protocol('Receive', receiveSession(front, [1])), tracking(received(1, front))];
    for (const late of [0, 1]) {
      const sources = logs.map((text, i) =>
        memorySource(`${i}.log`, Buffer.from(i === late ? text.split('\r\n').slice(0, 3).join('\r\n') + '\r\n' : text)),
      );
      const data = await LogReader.open(sources, optionsOf({}));
      assert.deepEqual(sums(report(data.soFar())), late === 0 ? [1, 0, 0, 0] : [1, 0, 0, 1]);
      const { index } = data.growing().find(({ path }) => path === `${late}.log`)!;
      data.append(index, Buffer.from(logs[late].split('\r\n').slice(3).join('\r\n')), {
        mtimeMs: Date.UTC(2026, 2, 2),
        ctimeMs: 0,
      });
      for (let look = 0; look < 2; look++) assert.deepEqual(sums(report(data.soFar())), [1, 0, 0, 1]);
      assert.deepEqual(sums(report(data.end())), [1, 0, 0, 1]);
    }
  });
  it('joins parts that were read apart', () => {
    const smtp = new Segment(exchangeSmtp, { ...optionsOf({}), joined: true }, true);
    smtp.open({ index: 1, name: 'p', head: new Uint8Array(0) });
    smtp.push(Buffer.from(protocol('Receive', receiveSession(front, [1, 2]))));
    const text = Buffer.from(tracking(...[1, 2, 3].map((n) => received(n, front))));
    const options = { ...optionsOf({}), joined: true, related: () => smtp.parser };
    for (let cut = text.indexOf('\n') + 1; cut > 0; cut = text.indexOf('\n', cut) + 1) {
      const parts = [text.subarray(0, cut), text.subarray(cut)].map((bytes) => {
        const part = new Segment(exchangeTracking, options, false);
        part.open({ index: 0, name: 't', head: text });
        part.push(bytes);
        return Segment.load(structuredClone(part.save()!), exchangeTracking, options);
      });
      const whole = stitch(new Segment(exchangeTracking, options, true), stitch(parts[0], parts[1]));
      whole.finish();
      assert.deepEqual(whole.accounts[0].lines, { read: 6, used: 1, context: 5, skipped: 0 }, `cut at ${cut}`);
    }
  });
});

describe('message tracking of more rows than are remembered', () => {
  it('is told, since a row that another file repeats may then be counted again @slow', () => {
    const segment = new Segment(exchangeTracking, optionsOf({}), true),
      header = Buffer.from(tracking()),
      line = `${received(7_777_777, '08DEA1000000ABCD')}\r\n`;
    segment.open({ index: 0, name: 'a.log', head: header });
    segment.push(header);
    const rowsTo = (to: number) => {
      for (let n = segment.accounts[0].lines.used; n < to; n += 10_000)
        segment.push(
          Buffer.from(
            Array.from({ length: 10_000 }, (_, i) => line.replaceAll('7777777', String(1_000_000 + n + i))).join(''),
          ),
        );
    };
    rowsTo(500_000);
    assert.deepEqual([...segment.accounts[0].problems.keys()], []);
    rowsTo(540_000);
    assert.deepEqual(
      [segment.accounts[0].lines.used, segment.accounts[0].problems.get('repeats-forgotten')?.count],
      [540_000, 1],
    );
  });
});
