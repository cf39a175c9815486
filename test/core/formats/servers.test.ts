/** The edges of Haraka, Stalwart and Zeek: what joins lines, and what no line of a stranger may do. */
import assert from 'node:assert/strict';
import { analyse } from '../reading/analyse';
import { FaultCode, TlsCode } from '../../../src/core/model';
import { memorySource, optionsOf, read, type Json } from '../reading/read';

const tls = ({ totals }: Json, direction: 'inbound' | 'outbound') =>
  Object.entries(totals[direction].tls)
    .filter(([, n]) => n > 0)
    .map(([version, n]) => `${version} ${n}`)
    .join(', ');
const codes = ({ inputs }: Json) =>
  inputs.flatMap((input) => input.problems.map(({ code, count }) => `${code} ${count}`));

describe('Haraka', () => {
  const uuid = (n: number) => `${n.toString(16).toUpperCase().padStart(8, '0')}-0000-4000-8000-000000000000`;
  const line = (n: number, path: string, plugin: string, text: string, level = 'NOTICE') =>
    `2026-03-02T08:00:00.000Z [${level}] [${uuid(n)}${path}] [${plugin}] ${text}`;
  const connect = (n: number) => line(n, '', 'core', 'connect ip=192.0.2.1 port=1 local_ip=:: local_port=25');
  const queue = (n: number, t = 1) => line(n, `.${t}`, 'core', 'queue code=OK msg="Message Queued"');
  const secured = (n: number) =>
    line(n, '', 'tls', 'secured: cipher=TLS_AES_256_GCM_SHA384 version=TLSv1.3 verified=false', 'INFO');
  const disconnect = (n: number, flag: string, helo = 'mx', rest = '') =>
    line(
      n,
      '',
      'core',
      `disconnect ip=192.0.2.1 rdns=a.example helo=${helo} relay=N early=N esmtp=Y tls=${flag} pipe=N errors=0 ` +
        `txns=1 rcpts=1/0/0 msgs=1/0/0 bytes=4 lr="${rest}" time=1`,
    );

  it('the end of the connection says whether there was TLS, the tls plugin which', async () => {
    for (const [lines, expected] of [
      [[connect(1), queue(1), disconnect(1, 'N')], 'none 1'],
      [[connect(1), queue(1), disconnect(1, 'Y')], 'tls 1'],
      [[connect(1), secured(1), queue(1), disconnect(1, 'Y')], 'tls1.3 1'],
      [[queue(1), disconnect(1, 'N')], 'none 1'],
      [[connect(1), queue(1)], 'unknown 1'],
      // Only its end tells that a connection was in clear.
      [[connect(1), queue(1), secured(2)], 'unknown 1'],
      [[queue(1), secured(2)], 'unknown 1'],
      [[connect(1), secured(1), queue(1)], 'tls1.3 1'],
    ] as const)
      assert.equal(tls(await read([lines.join('\n')]), 'inbound'), expected, lines.join('\n'));
  });
  it('a connection goes on in the next file', async () => {
    const json = await read([
      [connect(1), secured(1), queue(1)].join('\n'),
      [queue(1, 2), disconnect(1, 'Y')].join('\n'),
    ]);
    assert.equal(tls(json, 'inbound'), 'tls1.3 2');
  });
  it('what a client says changes nothing', async () => {
    const forged = [connect(1), queue(1), disconnect(1, 'N', 'mx', '550 esmtp=Y tls=Y pipe=N msgs=1')];
    assert.equal(tls(await read([forged.join('\n')]), 'inbound'), 'none 1');
    const delivered = line(
      1,
      '.1.1',
      'outbound',
      ' delivered file=1 domain=a.example host=mx.a.example ip=203.0.113.1 port=25 mode=SMTP tls=N auth=N ' +
        'response="250 mode=SMTP tls=Y rcpts=9/0/0" delay=1 fails=0 rcpts=1/0/0',
    );
    const json = await read([delivered]);
    assert.deepEqual([tls(json, 'outbound'), json.totals.outbound.recipients], ['none 1', 1]);
  });
  it('no time stamp, no message', async () => {
    assert.deepEqual(codes(await read([queue(1).replace(/^\S+ /, '')])), ['bad-time 1']);
  });
  it('a connection with more messages than fit, and more connections than fit @slow', async () => {
    const many = await read([
      [connect(1), ...Array.from({ length: 1500 }, (_, i) => queue(1, i + 1)), disconnect(1, 'N')].join('\n'),
    ]);
    assert.deepEqual([many.totals.inbound.messages, codes(many)], [1500, ['join-evicted 1']]);
    const flood = await read([Array.from({ length: 50_010 }, (_, i) => `${connect(i)}\n${queue(i)}`).join('\n')]);
    assert.deepEqual([flood.totals.inbound.messages, codes(flood)], [50_010, ['join-evicted 10']]);
  });
});

describe('Stalwart', () => {
  const line = (minute: number, name: string, keys: string) =>
    `2026-03-02T${String(8 + Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}` +
    `:00Z INFO Event (${name}) ${keys}`;
  const span = (port = 25, ip = '192.0.2.1', listener = 'smtp') =>
    `listenerId = "${listener}", localPort = ${port}, remoteIp = ${ip}, remotePort = 4000`;
  const ehlo = (m: number, port?: number) => line(m, 'smtp.ehlo', `${span(port)}, domain = "mx"`);
  const handshake = (m: number, port?: number) =>
    line(m, 'tls.handshake', `${span(port)}, version = "TLSv1_2", details = "X"`);
  const queued = (m: number, from = 'a@b.example', port?: number) =>
    line(
      m,
      'queue.queue-message',
      `${span(port)}, queueId = 1, from = "${from}", to = ["x@mail.example"], size = 7, ` +
        'nextRetry = 2026-03-02T08:00:00Z',
    );
  const delivery = (m: number, name: string, keys: string, id = 1) =>
    line(
      m,
      `delivery.${name}`,
      `queueId = ${id}, queueName = "remote", from = "x@mail.example", to = ["p@q.example"], size = 9, total = 1, ` +
        keys,
    );

  it('a session in clear, with TLS, begun earlier', async () => {
    for (const [lines, expected] of [
      [[ehlo(0), queued(1)], 'unknown 1'],
      [[ehlo(0), queued(1), handshake(2, 587).replace('192.0.2.1', '192.0.2.2')], 'unknown 1'],
      [[handshake(0, 587).replace('192.0.2.1', '192.0.2.2'), ehlo(0), queued(1)], 'none 1'],
      [[ehlo(0), handshake(0), ehlo(0), queued(1)], 'tls1.2 1'],
      [[queued(1)], 'unknown 1'],
      [[ehlo(0, 465), queued(1, 'a@b.example', 465)], 'tls 1'],
    ] as const)
      assert.equal(tls(await read([lines.join('\n')]), 'inbound'), expected, lines.join('\n'));
  });
  it('the same address and port after an hour is another session', async () => {
    assert.equal(
      tls(await read([[handshake(0), queued(59), ehlo(180), queued(181)].join('\n')]), 'inbound'),
      'none 1, tls1.2 1',
    );
    assert.equal(tls(await read([[handshake(0), queued(180)].join('\n')]), 'inbound'), 'unknown 1');
  });
  it('listeners of other protocols are not mail', async () => {
    const json = await read([
      [
        handshake(0, 993).replace('"smtp"', '"imaps"'),
        line(
          0,
          'queue.queue-message-authenticated',
          `${span(443, '192.0.2.9', 'https')}, queueId = 1, from = "a", to = ["b"], size = 1`,
        ),
      ].join('\n'),
    ]);
    assert.deepEqual([json.totals.inbound.messages, json.inputs[0].lines.context], [0, 2]);
  });
  it('a delivery says what came of STARTTLS', async () => {
    const connect = delivery(0, 'connect', 'hostname = "mx.q.example", remoteIp = 203.0.113.1, remotePort = 25');
    const delivered = delivery(
      1,
      'delivered',
      'hostname = "mx.q.example", to = "p@q.example", code = 250, details = "OK"',
    );
    for (const [lines, expected] of [
      [
        [connect, delivery(0, 'start-tls', 'hostname = "mx.q.example", version = "TLSv1_3", details = "Y"'), delivered],
        'tls1.3 1',
      ],
      [[connect, delivery(0, 'start-tls-unavailable', 'hostname = "mx.q.example"'), delivered], 'none 1'],
      [[connect, delivery(0, 'start-tls-disabled', 'hostname = "mx.q.example"'), delivered], 'none 1'],
      [[connect, delivered], 'unknown 1'],
      [[delivered], 'unknown 1'],
    ] as const)
      assert.equal(tls(await read([lines.join('\n')]), 'outbound'), expected, lines.join('\n'));
    const { cube } = await analyse(
      [
        memorySource(
          'a',
          Buffer.from(
            [connect, delivery(0, 'start-tls-error', 'hostname = "mx.q.example", reason = "x"'), delivered].join('\n'),
          ),
        ),
      ],
      optionsOf({}),
    );
    assert.deepEqual([cube.series.tls[0], cube.series.fault[0]], [TlsCode.none, FaultCode.clearAfterFailedHandshake]);
  });
  it('sender, greeting and reply change nothing', async () => {
    const evil = '", remoteIp = 10.0.0.1, version = "TLSv1_3", size = 99999, hostname = "evil.example';
    const json = await read([
      [ehlo(0).replace('"mx"', `"${evil}"`), handshake(5, 25).replace('192.0.2.1', '192.0.2.2'), queued(1, evil)].join(
        '\n',
      ),
    ]);
    assert.deepEqual(
      [tls(json, 'inbound'), json.totals.inbound.bytes, json.connectors[0].remotes[0].host],
      ['none 1', 7, '192.0.2.1'],
    );
    const reply = await read([
      delivery(
        1,
        'delivered',
        'hostname = "mx.q.example", to = "p@q.example", code = 250, details = "OK, hostname = "evil.example""',
      ),
    ]);
    assert.equal(reply.connectors[0].remotes[0].host, 'mx.q.example');
  });
  it('lines of any length and shape', async () => {
    const texts = [
      '(',
      '()',
      '2026-03-02T08:00:00Z INFO',
      `2026-03-02T08:00:00Z INFO ${'('.repeat(100_000)}`,
      `2026-03-02T08:00:00Z INFO x (queue.queue-message) ${'to = ["'.repeat(50_000)}`,
      `${queued(1)}${', size = 1'.repeat(50_000)}`,
      '\u001b['.repeat(100_000),
      line(0, 'queue.queue-message', ''),
      '2026-13-02T08:00:00Z INFO x (smtp.ehlo) localPort = 25',
    ];
    const { inputs } = await read([texts.join('\n')], { format: 'stalwart' });
    assert.equal(inputs[0].lines.used + inputs[0].lines.context + inputs[0].lines.skipped, texts.length);
  });
});

describe('Zeek', () => {
  const smtp = (changes: object = {}) =>
    JSON.stringify({
      _path: 'smtp',
      ts: 1772438400,
      uid: 'C1',
      'id.orig_h': '10.0.0.1',
      'id.orig_p': 1,
      'id.resp_h': '203.0.113.1',
      'id.resp_p': 25,
      trans_depth: 1,
      mailfrom: 'a@b.example',
      rcptto: ['x@y.example'],
      last_reply: '250 ok',
      tls: false,
      ...changes,
    });
  const ssl = (changes: object = {}) =>
    JSON.stringify({
      _path: 'ssl',
      ts: 1772438400,
      uid: 'C1',
      'id.orig_h': '10.0.0.1',
      'id.orig_p': 1,
      'id.resp_h': '203.0.113.1',
      'id.resp_p': 25,
      version: 'TLSv13',
      cipher: 'X',
      established: true,
      ...changes,
    });
  const sessions = (json: Json) =>
    json.sessions.map(({ direction, messages, tls: by, failed }) =>
      [
        direction,
        messages,
        Object.keys(by)
          .filter((version) => by[version] > 0)
          .join(),
        failed.deferred + failed.rejected,
      ].join(' '),
    );

  it('direction goes by the private end', async () => {
    for (const [from, to, expected, advice] of [
      ['10.0.0.1', '203.0.113.1', ['outbound 1 none 0'], []],
      ['203.0.113.1', '192.168.1.2', ['inbound 1 none 0'], []],
      ['fd00::1', '2001:db8::1', ['outbound 1 none 0'], []],
      ['10.0.0.1', '172.16.0.1', [], []],
      ['203.0.113.1', '198.51.100.1', ['inbound 1 none 0'], ['zeek-public-addresses']],
      ['', 'x', [], []],
    ] as const) {
      const json = await read([smtp({ 'id.orig_h': from, 'id.resp_h': to })]);
      assert.deepEqual([sessions(json), json.inputs[0].advice], [expected, advice], `${from} ${to}`);
    }
  });
  it('the two logs are joined whatever their order, and a session counts once', async () => {
    const started = smtp({ tls: true, mailfrom: undefined, rcptto: undefined, last_reply: '220 go' });
    for (const files of [[started, ssl()], [ssl(), started], [`${started}\n${ssl()}`]])
      assert.deepEqual(sessions(await read(files)), ['outbound 1 tls1.3 0']);
    assert.deepEqual(sessions(await read([started])), ['outbound 1 tls 0']);
    assert.deepEqual(sessions(await read([started, ssl({ uid: 'C2' })])), ['outbound 2 tls1.3,tls 0']);
    assert.deepEqual(sessions(await read([started, ssl({ established: false, version: undefined })])), [
      'outbound 0  1',
    ]);
  });
  it('TLS on other ports is not mail', async () => {
    assert.deepEqual(sessions(await read([ssl({ 'id.resp_p': 443 })])), []);
    assert.deepEqual(sessions(await read([ssl({ 'id.resp_p': 465 })])), ['outbound 1 tls1.3 0']);
  });
  it('a session without a message that was taken is none', async () => {
    for (const [changes, expected] of [
      [{ last_reply: '354 go' }, []],
      [{ last_reply: '221 bye' }, []],
      [{ rcptto: undefined }, []],
      [{ last_reply: '550 no' }, ['outbound 0  1']],
      [{ last_reply: '451 later' }, ['outbound 0  1']],
      [{ last_reply: undefined }, ['outbound 1 none 0']],
      [{ mailfrom: '<>' }, ['outbound 1 none 0']],
      [{ tls: undefined }, ['outbound 1 unknown 0']],
    ] as const) {
      assert.deepEqual(sessions(await read([smtp(changes)])), expected, JSON.stringify(changes));
    }
  });
  it('columns in another order, with another separator, and a header that says nothing', async () => {
    const rows =
      '#separator \\x7c\n' +
      '#set_separator|;\n' +
      '#empty_field|E\n' +
      '#unset_field|U\n' +
      '#path|smtp\n' +
      '#fields|tls|uid|rcptto|ts|id.resp_p|id.resp_h|id.orig_h|last_reply|trans_depth\n' +
      'F|C1|a@b;c@d|1772438400.5|25|203.0.113.1|10.0.0.1|250 ok|1\n' +
      'F|C2|U|1772438400.5|25|203.0.113.1|10.0.0.1|250 ok|1\n';
    const json = await read([rows], { format: 'zeek-smtp' });
    assert.deepEqual([sessions(json), json.sessions[0].recipients], [['outbound 1 none 0'], 2]);
    assert.deepEqual(codes(await read(['#path\tsmtp\na\tb\n'])), ['bad-columns 1']);
  });
  it('a flood of connections stays bounded, and nothing is lost @slow', async () => {
    const flood = Array.from(
      { length: 200_020 },
      (_, i) =>
        `{"_path":"smtp","ts":1772438400,"uid":"C${i}","id.orig_h":"10.0.0.1","id.resp_h":"203.0.113.1",` +
        '"id.resp_p":25,"tls":true}',
    ).join('\n');
    const json = await read([flood]);
    assert.deepEqual([sessions(json), codes(json)], [['outbound 200020 tls 0'], ['join-evicted 20']]);
  });
});
