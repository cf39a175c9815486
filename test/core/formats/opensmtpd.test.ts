/** OpenSMTPD beyond what the fixtures hold: inbound TLS, the grammars of all versions, sessions that are cut. */
import assert from 'node:assert/strict';
import { detectFormat } from '../../../src/core/reading/logreader';
import { formats } from '../../../src/core/formats/index';
import { accountOf, facts, stitchedFacts } from './facts';

const session = 'b7e679397e830536',
  other = 'b7e679385daf7745';
const at = (text: string) => `Nov 24 08:00:05 mx smtpd[7]: ${text}`;
const connected = at(`${session} smtp connected address=192.0.2.1 host=in.example`);
const message = at(`${session} smtp message msgid=287af765 size=347 nrcpt=2 proto=ESMTP`);
const connecting = (address = 'smtp://192.0.2.2:25', id = session) =>
  at(`${id} mta connecting address=${address} host=mx.example`);
const tls = (side: string, id = session) => at(`${id} ${side} tls ciphers=TLSv1.3:TLS_AES_256_GCM_SHA384:256`);
const delivery = (
  evpid = '287af765043a2c04',
  result = 'Ok',
  stat = '250 ok',
  relay = '192.0.2.2 (mx.example)',
  id = session,
) =>
  at(
    `${id} mta delivery evpid=${evpid} from=<a@b> to=<c@d> rcpt=<-> source="10.0.0.1" relay="${relay}" delay=0s ` +
      `result="${result}" stat="${stat}"`,
  );

function says(lines: string[], expected: string[]): void {
  const log = `${lines.join('\n')}\n`;
  assert.deepEqual(facts('opensmtpd', log), expected);
  for (const cut of stitchedFacts('opensmtpd', log)) assert.deepEqual(cut, expected);
}

describe('OpenSMTPD: arrivals', () => {
  it('have the TLS of their session, before and after the handshake', () => {
    says(
      [
        connected,
        message,
        tls('smtp'),
        message.replace('287af765', '287af766'),
        at(`${session} smtp disconnected reason=quit`),
      ],
      ['inbound accepted none in.example 1/2', 'inbound accepted tls1.3 in.example TLS_AES_256_GCM_SHA384 1/2'],
    );
  });
  it('are unknown where the session began before the log', () => {
    assert.deepEqual(facts('opensmtpd', [message]), ['inbound accepted unknown - 1/2']);
    assert.deepEqual(accountOf('opensmtpd', [message]).problems, { 'session-began-earlier': 1 });
  });
  it('from this host’s own programs are none, over its loopback address internal', () => {
    assert.deepEqual(
      facts('opensmtpd', [connected.replace('address=192.0.2.1 host=in.example', 'address=local host=mx'), message]),
      [],
    );
    assert.deepEqual(
      facts('opensmtpd', [connected.replace('192.0.2.1 host=in.example', '[::1] host=localhost'), message]),
      ['internal accepted none localhost 1/2'],
    );
  });
  it('have the address of a host without name', () =>
    assert.deepEqual(
      facts('opensmtpd', [connected.replace('192.0.2.1 host=in.example', '[2001:db8::1] host=<unknown>'), message]),
      ['inbound accepted none 2001:db8::1 1/2'],
    ));
});

describe('OpenSMTPD: hand-overs', () => {
  it('are one for all recipients of a message that got the same answer', () => {
    const of = (n: number, stat: string, message = '287af765') => delivery(`${message}043a2c0${n}`, 'Ok', stat);
    says(
      [
        connecting(),
        tls('mta'),
        of(1, '250 one'),
        of(2, '250 one'),
        of(3, '250 two', '287af766'),
        delivery('287af767043a2c04', 'PermFail', '550 no "X"'),
        delivery('287af768043a2c04', 'TempFail', '451 later'),
      ],
      [
        'outbound accepted tls1.3 mx.example TLS_AES_256_GCM_SHA384 2/3',
        'outbound bounced tls1.3 mx.example TLS_AES_256_GCM_SHA384 1/1',
        'outbound deferred tls1.3 mx.example TLS_AES_256_GCM_SHA384 1/1',
      ],
    );
  });
  it('say whether TLS was demanded, and whether it was given up', () => {
    says(
      [
        connecting('smtp+tls://192.0.2.2:25'),
        delivery(),
        connecting('smtp+notls://192.0.2.2:25', other),
        delivery(undefined, undefined, undefined, undefined, other),
      ],
      ['outbound accepted none mx.example 1/1', 'outbound accepted tls mx.example forced 1/1'],
    );
    says(
      [
        connecting(),
        at(`smtp-out: Error on session ${session}: opportunistic TLS failed, downgrading to plain`),
        connecting('smtp+notls://192.0.2.2:25'),
        delivery(),
        delivery('287af766043a2c04'),
      ],
      ['outbound accepted none mx.example clear-after-failed-handshake 2/2'],
    );
  });
  it('are unknown where the session began before the log', () =>
    assert.deepEqual(facts('opensmtpd', [delivery()]), ['outbound accepted unknown mx.example 1/1']));
  it('that never reached a host have no TLS to speak of', () =>
    says(
      [delivery(undefined, 'TempFail', 'Network error on destination MXs', 'mx.example', '0000000000000000')],
      ['outbound deferred unknown mx.example 1/1'],
    ));
  it('to this host, to LMTP and to programs are internal', () => {
    says(
      [
        connecting('smtp://127.0.0.1:10027'),
        delivery(undefined, undefined, undefined, '127.0.0.1 (localhost)'),
        connecting('lmtp://192.0.2.5:24', other),
        delivery(undefined, undefined, undefined, '192.0.2.5 (imap.example)', other),
        at(
          `${other} mda delivery evpid=287af765043a2c05 from=<a@b> to=<c@d> rcpt=<c@d> user=c delay=0s result=Ok stat=Delivered`,
        ),
      ],
      [
        'internal accepted none imap.example 1/1',
        'internal accepted none localhost 1/1',
        'internal accepted unknown - 1/1',
      ],
    );
  });
});

describe('OpenSMTPD: other versions', () => {
  it('6.0 to 6.3', () => {
    const event = (text: string) => at(`${session} ${text}`);
    const accepted = (to: string) =>
      event(
        `smtp event=message address=192.0.2.1 host=in.example msgid=287af765 from=<a@b> to=<${to}> size=347 ndest=1 proto=ESMTP`,
      );
    says(
      [
        event('smtp event=connected address=192.0.2.1 host=in.example'),
        event('smtp event=starttls ciphers="version=TLSv1.2, cipher=ECDHE-RSA-AES256-GCM-SHA384, bits=256"'),
        accepted('c@d'),
        accepted('e@d'),
        event('smtp event=closed reason=quit'),
      ],
      ['inbound accepted tls1.2 in.example ECDHE-RSA-AES256-GCM-SHA384 1/2'],
    );
  });
  it('5.x', () => {
    const log = [
      at(`smtp-in: New session ${session} from host in.example [192.0.2.1]`),
      at(`smtp-in: Started TLS on session ${session}: version=TLSv1.2, cipher=AES, bits=256`),
      at(
        `smtp-in: Accepted message 4296f490 on session ${session}: from=<a@b>, to=<c@d>, size=1746, ndest=1, proto=ESMTP`,
      ),
      at(
        `smtp-in: Accepted message 4296f490 on session ${session}: from=<a@b>, to=<e@d>, size=1746, ndest=1, proto=ESMTP`,
      ),
      at(`smtp-in: Closing session ${session}`),
      at(`smtp-out: Connecting to smtp+tls://192.0.2.2:25 (mx.example) on session ${other}...`),
      at(`smtp-out: Connected on session ${other}`),
      at(`smtp-out: Started TLS on session ${other}: version=TLSv1.1, cipher=AES, bits=128`),
      at(
        `relay: Ok for 4296f4901f55bdcd: session=${other}, from=<a@b>, to=<c@f>, rcpt=<->, source=10.0.0.1, ` +
          'relay=192.0.2.2 (mx.example), delay=1s, stat=250 2.0.0 ok',
      ),
      at(
        `relay: Ok for 4296f4901f55bdce: session=${other}, from=<a@b>, to=<g@f>, rcpt=<->, source=10.0.0.1, ` +
          'relay=192.0.2.2 (mx.example), delay=1s, stat=250 2.0.0 ok',
      ),
      at(`delivery: Ok for 4296f4901f55bdcf: from=<a@b>, to=<c@d>, user=c, method=mbox, delay=1s, stat=Delivered`),
      at(`smtp-out: Closing session ${other}: 1 message sent.`),
    ];
    says(log, [
      'inbound accepted tls1.2 in.example AES 1/2',
      'internal accepted unknown - 1/1',
      'outbound accepted tls1.1 mx.example AES 1/2',
    ]);
    assert.equal(detectFormat(Buffer.from(log.join('\n')), formats)?.id, 'opensmtpd');
  });
  it('on a terminal, without time', () => {
    const log = [connected, tls('smtp'), message].map((line) => line.slice(line.indexOf(']: ') + 3)).join('\n');
    assert.deepEqual(facts('opensmtpd', log, { modified: 1_795_509_211_000 }), [
      'inbound accepted tls1.3 in.example TLS_AES_256_GCM_SHA384 1/2',
    ]);
    assert.deepEqual(accountOf('opensmtpd', log).problems, { 'bad-time': 1 });
  });
});

describe('OpenSMTPD: lines', () => {
  it('are all accounted for', () => {
    assert.deepEqual(
      accountOf('opensmtpd', [
        connected,
        at(`${session} smtp envelope evpid=287af765043a2c04 from=<a@b> to=<c@d>`),
        at(`${session} smtp message msgid=287af7`),
        at('info: OpenSMTPD 7.5.0 starting'),
        at(`${session} mta delivery evpid=287af765043a2c04 from=<a`),
        'Nov 24 08:00:05 mx dovecot[9]: x',
        'Nov 24 25:00:05 mx smtpd[7]: x',
        'x',
      ]),
      {
        read: 8,
        used: 1,
        context: 3,
        skipped: 4,
        problems: { 'unfinished-record': 2, 'bad-time': 1, 'bad-line': 1 },
        advice: [],
      },
    );
  });
  it('that look like facts and can’t be read are told', () => {
    const damaged = [
      connected.replace('smtp', 'sntp'),
      connected.replace('connected', 'connectee'),
      connected.replace('host=', 'hos='),
      tls('smtp').replace('smtp tls', 'smtp tl'),
      message.replace(' proto=ESMTP', ''),
      message.replace('msgid', 'msgjd'),
      at(session.slice(0, 9)),
      at(`${session} smtp mes`),
      connected.replace('smtpd[', 'smt,d['),
      connecting().replace('smtp://', 'smtp:'),
      delivery().replace(/ok"$/, 'o'),
      connected.replace(session, session.replace('7', 'x')),
    ];
    for (const line of damaged) assert.deepEqual(accountOf('opensmtpd', [line]).skipped, 1, line);
    for (const line of [tls('smtp') + message, connected + message, connected.replace('address', 'addr\0ess')])
      assert.ok('bad-line' in accountOf('opensmtpd', [line]).problems, line);
    assert.deepEqual(accountOf('opensmtpd', [tls('smtp')]).problems, { 'session-began-earlier': 1 });
  });
});

describe('OpenSMTPD: failures', () => {
  it('say nothing of TLS unless the other server has answered', () => {
    says(
      [
        connecting(),
        delivery('287af765043a2c04', 'TempFail', 'Network error on destination MXs'),
        delivery('287af766043a2c04', 'TempFail', '451 later'),
      ],
      ['outbound deferred none mx.example 1/1', 'outbound deferred unknown mx.example 1/1'],
    );
  });
});
