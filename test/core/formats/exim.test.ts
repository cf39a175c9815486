/**
 * Exim's main log beyond what the fixtures hold: every form of a line that the specification knows, and what strangers
 * may write into it.
 */
import assert from 'node:assert/strict';
import { detectFormat } from '../../../src/core/reading/logreader';
import { formats } from '../../../src/core/formats/index';
import { read } from '../reading/read';
import { accountOf, facts, stitchedFacts } from './facts';

const stamp = '2026-11-24 08:37:03';
const id = '1xVm1P-0001dA-0Q',
  other = '1xVm1P-0001dB-0Y';
const arrival = (fields: string) => `${stamp} ${id} <= a@b.example ${fields}`;
const delivery = (fields: string, flag = '=>') => `${stamp} ${id} ${flag} x@y.example R=dnslookup ${fields}`;
const exim = (...lines: string[]) => facts('exim', lines);
/** A line of another message, by which the log shows that it writes of TLS. */
const shown =
  `${stamp} 1xVm1P-0001dZ-0Q ** x@shown.example R=r T=remote_smtp H=shown.example [192.0.2.77] ` +
  'X=TLS1.3:Y:256 CV=no: SMTP error';
const withoutShown = (all: string[]) => all.filter((fact) => !fact.includes('shown.example'));
/** What lines say in a log that shows TLS. */
const afterShown = (...lines: string[]) => withoutShown(exim(shown, ...lines));

describe('Exim: arrivals', () => {
  for (const [name, fields, expected] of [
    [
      'GnuTLS',
      'P=esmtps X=TLS1.3:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256 CV=no',
      'tls1.3 mx.example ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM',
    ],
    [
      'OpenSSL',
      'P=esmtps X=TLS1.2:ECDHE-RSA-AES256-GCM-SHA384:256 CV=yes',
      'tls1.2 mx.example ECDHE-RSA-AES256-GCM-SHA384',
    ],
    ['older OpenSSL', 'P=esmtps X=TLSv1:AES256-SHA:256', 'tls1.0 mx.example AES256-SHA'],
    ['very old GnuTLS', 'P=esmtps X=TLS1.0:RSA_AES_256_CBC_SHA1:32', 'tls1.0 mx.example RSA_AES_256_CBC_SHA1'],
    [
      'resumed session',
      'P=esmtpsa L* X=TLS1.3:TLS_AES_128_GCM_SHA256:128* CV=no A=plain:user',
      'tls1.3 mx.example TLS_AES_128_GCM_SHA256',
    ],
    ['SSL 3.0', 'P=smtps X=SSL3.0:RC4-SHA:128', 'ssl3.0 mx.example RC4-SHA'],
    ['a version nobody knows', 'P=esmtps X=DTLS:AES:256', 'tls mx.example AES'],
    ['TLS without tls_cipher', 'P=esmtps CV=no', 'tls mx.example'],
    ['TLS without any sign', 'P=esmtpsa', 'tls mx.example'],
    ['TLS, old name', 'P=ssmtp', 'tls mx.example'],
    ['TLS with SMTPUTF8', 'P=utf8esmtps', 'tls mx.example'],
    ['plain', 'P=esmtp', 'none mx.example'],
    ['plain, authenticated', 'P=esmtpa A=login:user', 'none mx.example'],
    ['plain SMTP', 'P=smtp', 'none mx.example'],
  ])
    it(`${name}: ${fields}`, () =>
      assert.deepEqual(exim(arrival(`H=mx.example [192.0.2.1] ${fields} S=100 id=1@b.example`)), [
        `inbound accepted ${expected} 1/1`,
      ]));

  for (const [host, expected] of [
    ['H=mx.example (helo.example) [192.0.2.1]', 'mx.example'],
    ['H=(helo.example) [192.0.2.1]:2525 I=[198.51.100.1]:25', 'helo.example'],
    ['H=([192.0.2.9]) [192.0.2.1]', '192.0.2.1'],
    ['H=[192.0.2.1]', '192.0.2.1'],
    ['H=MX.Example. [2001:db8::1]:25', 'mx.example'],
    ['H=(junk) X=TLS1.0:a:1 P=esmtps) [192.0.2.1]', 'junk) x=tls1.0:a:1 p=esmtps'],
    ['H=(a.example) [127.0.2.1]', 'a.example'],
  ])
    it(`host ${host}`, () =>
      assert.deepEqual(exim(arrival(`${host} P=esmtp S=1`)), [`inbound accepted none ${expected} 1/1`]));

  for (const host of ['H=localhost [127.0.0.1]', 'H=(x) [::1]:4025', 'H=localhost.localdomain [127.0.0.5]']) {
    it(`over the loopback address is internal: ${host}`, () =>
      assert.match(exim(arrival(`${host} P=esmtp S=1`)).join(), /^internal accepted none \S+ 1\/1$/));
  }
  it('counts nothing for local programs and bounces', () => {
    assert.deepEqual(
      exim(
        arrival('U=root P=local S=5'),
        arrival('U=root P=local-esmtp S=5'),
        `${stamp} ${id} <= <> R=${other} U=Debian-exim P=local S=1874`,
      ),
      [],
    );
  });
  it('a message that the sender was told is refused is not accepted', () => {
    assert.deepEqual(exim(`${stamp} ${id} (= a@b.example H=mx.example [192.0.2.1] P=esmtp S=9`), [
      'inbound rejected none mx.example 1/1',
    ]);
  });
  it('never looks into what strangers write', () => {
    const subject = String.raw`T="a \" X=TLS1.0:RC4:40 H=evil.example [203.0.113.9] P=smtps S=7 for a b c"`;
    assert.deepEqual(
      exim(
        `${stamp} ${id} <= "x X=TLS1.0:RC4:1 P=esmtps"@b.example H=mx.example [192.0.2.1] P=esmtp S=100 ` +
          `id=1@b.example ${subject} from <"for q"@b.example> for one@c.example two@c.example`,
      ),
      ['inbound accepted none mx.example 1/2'],
    );
  });
  it('a line that ends within a field is skipped, not guessed', () => {
    assert.deepEqual(
      accountOf('exim', [
        arrival('H=mx.example [192.0.2.1] P=esm'),
        arrival('H=mx.example [192.0'),
        delivery('T=remote_smtp H=mx.exa'),
      ]).problems,
      { 'unfinished-record': 3 },
    );
  });
});

describe('Exim: deliveries', () => {
  const X = 'X=TLS1.2:AES:256 CV=yes';
  for (const [name, fields, expected] of [
    [
      'stock transport',
      `T=remote_smtp H=mx.example [192.0.2.1] ${X} C="250 OK"`,
      'outbound accepted tls1.2 mx.example AES 1/1',
    ],
    [
      'own transport',
      `T=partner_smtp H=mx.example [192.0.2.1]:25 I=[10.0.0.1]:40000 ${X} DN="CN=X=TLS1.0:a:1" L K C="250 OK" QT=1s DT=0s`,
      'outbound accepted tls1.2 mx.example connector=partner_smtp AES 1/1',
    ],
    [
      'smart host',
      'T=remote_smtp_smarthost H=mx.example [192.0.2.1]',
      'outbound accepted none mx.example connector=remote_smtp_smarthost 1/1',
    ],
    ['no version', 'T=remote_smtp H=mx.example [192.0.2.1] CV=dane', 'outbound accepted tls mx.example 1/1'],
    [
      'TLS in the answer only',
      String.raw`T=remote_smtp H=mx.example [192.0.2.1] C="250 X=TLS1.0:RC4:40 \" CV=yes"`,
      'outbound accepted none mx.example 1/1',
    ],
    ['mailbox', 'T=local_delivery', 'internal accepted unknown - connector=local_delivery 1/1'],
    [
      'mailbox server',
      'T=dovecot_lmtp H=imap.example [192.0.2.2]',
      'internal accepted none imap.example connector=dovecot_lmtp 1/1',
    ],
    ['content filter', 'T=remote_smtp H=127.0.0.1 [127.0.0.1]:10024', 'internal accepted none 127.0.0.1 1/1'],
  ])
    it(name, () => assert.deepEqual(afterShown(delivery(fields)), [expected]));

  it('`->` adds a recipient, `*>` nothing, `>>` is one hand-over for all its lines', () => {
    const to = 'R=r T=remote_smtp H=mx.example [192.0.2.1]';
    assert.deepEqual(
      afterShown(
        `${stamp} ${id} => a@y.example ${to}`,
        `${stamp} ${id} -> b@y.example ${to}`,
        `${stamp} ${id} *> c@y.example ${to}`,
      ),
      ['outbound accepted none mx.example 1/2'],
    );
    const log = [
      shown,
      `${stamp} ${id} >> a@y.example ${to}`,
      `${stamp} ${id} >> b@y.example ${to}`,
      arrival('H=in.example [192.0.2.9] P=esmtp S=4 for a b'),
      `${stamp} ${id} Completed`,
      `${stamp} ${other} >> a@y.example ${to}`,
      '',
    ].join('\n');
    const expected = ['inbound accepted none in.example 1/2', 'outbound accepted none mx.example 2/3'];
    assert.deepEqual(withoutShown(facts('exim', log)), expected);
    for (const cut of stitchedFacts('exim', log)) assert.deepEqual(withoutShown(cut), expected);
  });
  it('failures and delays count where they name a host', () => {
    const required = 'a TLS session is required, but the server did not offer TLS support';
    assert.deepEqual(
      exim(
        `${stamp} ${id} == p@forced.example R=partner T=partner_smtp defer (-38) H=gw.example [192.0.2.1]: ${required}`,
        `${stamp} ${id} == p@late.example R=r T=remote_smtp defer (-44) H=mx.example [192.0.2.2]:25 I=[10.0.0.1]:5 ` +
          `DT=0.1s: SMTP error: 450 ${required} X=TLS1.0:a:1`,
        `${stamp} ${id} == p@late.example R=r T=remote_smtp defer (-54): retry time not reached for any host`,
        `${stamp} ${id} ** q@no.example R=r T=remote_smtp H=mx.example [192.0.2.2] ${X}: SMTP error from remote ` +
          'mail server: 550 no X=TLS1.0:a:1',
        `${stamp} ${id} ** q@no.example: Unrouteable address H=evil.example [192.0.2.3]`,
      ),
      [
        'outbound bounced tls1.2 mx.example AES 1/1',
        'outbound deferred none gw.example connector=partner_smtp required-tls-not-met forced 1/1',
        'outbound deferred unknown mx.example 1/1',
      ],
    );
  });
  it('tells where mail went in clear because the handshake failed', () => {
    const log = [
      shown,
      `${stamp} ${id} TLS session: (gnutls_handshake): A packet: delivering unencrypted to H=mx.broken.example ` +
        '[192.0.2.1] (not in hosts_require_tls)',
      delivery('T=remote_smtp H=mx.fine.example [192.0.2.2]'),
      delivery('T=remote_smtp H=mx.broken.example [192.0.2.1]'),
      delivery('T=remote_smtp H=mx.broken.example [192.0.2.1]', '->'),
      `${stamp} ${other} => x@y.example R=r T=remote_smtp H=mx.broken.example [192.0.2.1]`,
      `${stamp} ${other} TLS session failure: delivering unencrypted to mx.old.example [192.0.2.3] (not in hosts_require_tls)`,
      `${stamp} ${other} => x@y.example R=r T=remote_smtp H=mx.old.example [192.0.2.3]`,
      '',
    ].join('\n');
    const expected = [
      'outbound accepted none mx.broken.example 1/1',
      'outbound accepted none mx.broken.example clear-after-failed-handshake 1/2',
      'outbound accepted none mx.fine.example 1/1',
      'outbound accepted none mx.old.example clear-after-failed-handshake 1/1',
    ];
    assert.deepEqual(withoutShown(facts('exim', log)), expected);
    for (const cut of stitchedFacts('exim', log)) assert.deepEqual(withoutShown(cut), expected);
  });
  it('calls deliveries clear only while the log shows TLS: not before, and not behind a start until it does again', () => {
    const clear = (host: string) => delivery(`T=remote_smtp H=${host} [192.0.2.1]`);
    const log = [
      clear('before.example'),
      shown,
      clear('first.example'),
      `${stamp} pid 7: SIGHUP received: re-exec daemon`,
      clear('hidden.example'),
      `${stamp} exim 4.98 daemon started: pid=10, -q30m, listening for SMTP on port 25 (IPv4)`,
      shown,
      clear('second.example'),
      arrival('H=in.example [192.0.2.9] P=esmtps S=4 for a'),
      clear('told.example'),
      '',
    ].join('\n');
    const expected = [
      'inbound accepted tls in.example 1/1',
      'outbound accepted none first.example 1/1',
      'outbound accepted none second.example 1/1',
      'outbound accepted unknown before.example 1/1',
      'outbound accepted unknown hidden.example 1/1',
      'outbound accepted unknown told.example 1/1',
    ];
    assert.deepEqual(withoutShown(facts('exim', log)), expected);
    for (const cut of stitchedFacts('exim', log)) assert.deepEqual(withoutShown(cut), expected);
  });
  it('does not call a delivery clear where the log has shown that it hides TLS', () => {
    const lines = [
      arrival('H=in.example [192.0.2.9] P=esmtps S=4'),
      delivery('T=remote_smtp H=mx.example [192.0.2.1]'),
    ];
    assert.deepEqual(exim(...lines), [
      'inbound accepted tls in.example 1/1',
      'outbound accepted unknown mx.example 1/1',
    ]);
    assert.deepEqual(accountOf('exim', lines).advice, ['exim-tls-cipher']);
  });
});

describe('Exim: recipients', () => {
  const local = (address: string, flag = '=>') => `${stamp} ${id} ${flag} ${address}`;
  const arrived = arrival('H=in.example [192.0.2.9] P=esmtp S=4 id=1@b');
  const inbound = (lines: string[]) => facts('exim', lines).filter((fact) => fact.startsWith('inbound'));

  it('are the different addresses that deliveries name, before aliases, each once', () => {
    const lines = [
      arrived,
      local('list@c.example R=r T=t defer (-1): later', '=='),
      local('bob <list@c.example> R=r T=local_delivery'),
      local('ann (all@c.example) <list@c.example> R=r T=local_delivery'),
      local(':blackhole: <spam@c.example> R=r'),
      local('gone@c.example: Unrouteable address', '**'),
      `${stamp} ${id} Completed`,
    ];
    assert.deepEqual(inbound(lines), ['inbound accepted none in.example 1/3']);
    const discarded = local('blackhole (RCPT ACL discarded recipients)');
    assert.equal(accountOf('exim', [arrived, discarded]).context, 1);
    for (const cut of [discarded.slice(0, -3), `${discarded.slice(0, -1)}${arrived}`])
      assert.equal(accountOf('exim', [arrived, cut]).skipped, 1, cut);
    const log = `${lines.join('\n')}\n`;
    for (const cut of stitchedFacts('exim', log)) assert.deepEqual(cut, facts('exim', log));
  });
  it('are at least one, and exactly those of `for` where it is logged', () => {
    assert.deepEqual(inbound([arrived]), ['inbound accepted none in.example 1/1']);
    assert.deepEqual(
      inbound([
        `${arrived} for a@c.example "b x"@c.example`,
        local('q@c.example R=r T=l'),
        local('r@c.example R=r T=l'),
        local('s@c.example R=r T=l'),
      ]),
      ['inbound accepted none in.example 1/2'],
    );
  });
});

describe('Exim: lines', () => {
  it('reads milliseconds, offsets, process ids and the ids of 4.97', async () => {
    const lines = [
      `2026-11-24 08:38:02.049 +0100 [8075] 1xVm2M-00026F-09 <= a@b.example H=mx.example [192.0.2.1] P=esmtp S=1`,
      `2026-11-24 08:38:02 [8075] 1xVm2M-00000000Qkh-1234 <= a@b.example H=mx.example [192.0.2.1] P=esmtp S=1`,
    ];
    const { period, totals } = await read([lines.join('\n')], { timeZone: 'Europe/Rome' });
    assert.equal(totals.inbound.messages, 2);
    assert.deepEqual([period.from, period.to], ['2026-11-24T07:38:00.000Z', '2026-11-24T07:39:00.000Z']);
  });
  it('counts a leap second in its own minute, and the lines behind it in theirs', async () => {
    const at = (time: string, n: number) =>
      `2026-12-31 ${time} 1xVm1P-0001d${n}-0Q <= a@b.example H=mx.example [192.0.2.1] P=esmtp S=1`;
    for (const times of [
      ['23:58:10', '23:59:60', '23:59:30', '23:59:31'],
      ['23:59:30', '23:59:60', '23:59:31', '23:58:10'],
    ]) {
      const { period, totals } = await read([times.map((time, n) => at(time, n)).join('\n')]);
      assert.deepEqual(
        [totals.inbound.messages, period.from, period.to],
        [4, '2026-12-31T23:58:00.000Z', '2027-01-01T00:00:00.000Z'],
        times.join(),
      );
    }
    assert.deepEqual(accountOf('exim', [at('23:59:30', 1), at('23:59:69', 2)]).problems, { 'bad-time': 1 });
  });
  it('joins by the whole of a long id', () => {
    const long = (last: string, rest: string) => `${stamp} 1xVm2M-00000000Qkh-123${last} ${rest}`;
    assert.deepEqual(
      facts('exim', [
        long('4', '<= a@b H=in.example [192.0.2.1] P=esmtp S=1'),
        long('4', '=> a R=r T=l'),
        long('5', '=> b R=r T=l'),
      ])[0],
      'inbound accepted none in.example 1/1',
    );
  });
  it('remembers no more messages than it may, and says so', () => {
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    const numbered = (n: number) =>
      `1xVm1P-00${digits[Math.floor(n / 62 ** 3)]}${digits[Math.floor(n / 62 ** 2) % 62]}` +
      `${digits[Math.floor(n / 62) % 62]}${digits[n % 62]}-0Q`;
    const text = Array.from(
      { length: 200_003 },
      (_, n) => `${stamp} ${numbered(n)} <= a@b H=in.example [192.0.2.1] P=esmtp S=1\n`,
    ).join('');
    assert.deepEqual(accountOf('exim', text).problems, { 'join-evicted': 3 });
  });
  it('reads syslog with Exim’s own stamp or without, and puts pieces together', () => {
    const rest =
      '1xVm1P-0001dA-0Q <= a@b.example H=mx.example [192.0.2.1] P=esmtps X=TLS1.3:AES:256 CV=no S=10 for a@c.example ' +
      'b@c.example';
    const at = 'Nov 24 08:37:03 mail exim[123]: ';
    const expected = ['inbound accepted tls1.3 mx.example AES 1/2'];
    const journal = {
      SYSLOG_IDENTIFIER: 'exim4',
      _PID: '123',
      __REALTIME_TIMESTAMP: '1795509211893732',
      _HOSTNAME: 'mail',
    };
    for (const log of [
      `${at}${stamp} ${rest}\n`,
      `${at}${rest}\n`,
      `<22>1 2026-11-24T08:37:03Z mail exim4 123 - - ${rest}\n`,
      `${at}[1/3] ${stamp} ${rest.slice(0, 30)}\n` +
        `${at}[2/3] ${rest.slice(30, 60)}\n` +
        'Nov 24 08:37:03 mail exim[124]: Start queue run: pid=124\n' +
        `${at}[3/3] ${rest.slice(60)}\n`,
      `${at}[1\\2] ${rest}\n${at}[2/2] and more\n`,
      `${JSON.stringify({ ...journal, MESSAGE: rest })}\n`,
    ]) {
      assert.deepEqual(facts('exim', log), expected, log);
      for (const cut of stitchedFacts('exim', log)) assert.deepEqual(cut, expected, log);
      assert.equal(detectFormat(Buffer.from(log), formats)?.id, 'exim', log);
    }
  });
  it('says where pieces are missing', () => {
    const at = 'Nov 24 08:37:03 mail exim[123]: ';
    assert.deepEqual(
      accountOf('exim', [`${at}[2/3] P=esmtp`, `${at}[1/2] ${id} <= a@b H=x`, `${at}[1/2] ${id} <= a@b H=y`]).problems,
      { 'unfinished-record': 3 },
    );
  });
  it('understands all other entries, continuations and reject logs, and skips what is not Exim’s', () => {
    assert.deepEqual(
      accountOf('exim', [
        `${stamp} Warning: purging the environment.`,
        ' Suggested action: use keep_environment.',
        `${stamp} cwd=/var/spool/exim 3 args: exim -Mc ${id}`,
        `${stamp} H=(x) [192.0.2.1] X=TLS1.2:AES:256 CV=no F=<a@b> rejected RCPT <c@d>: relay not permitted`,
        `${stamp} login authenticator failed for (x) [192.0.2.1]: 535 Incorrect`,
        'Envelope-from: <a@b>',
        'P Received: from x',
        '\tby y',
        '  Message-ID: <z>',
        '-'.repeat(70),
        `${stamp} ${id} Completed QT=1s`,
        'Nov 24 08:37:03 mail CRON[9]: (root) CMD (exim)',
        'Nov 24 08:37:03 mail last message repeated 2 times',
        '2026-13-24 08:37:03 exim 4.96 daemon started',
        'GET / HTTP/1.1',
        '{"a":1',
      ]),
      { read: 16, used: 1, context: 12, skipped: 3, problems: { 'bad-time': 1, 'bad-line': 2 }, advice: [] },
    );
  });
});
