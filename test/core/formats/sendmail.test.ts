/**
 * Sendmail beyond what the fixtures hold: Proofpoint's inline TLS, other programs and prefixes, process ids that come
 * again, hostile text.
 */
import assert from 'node:assert/strict';
import { accountOf, facts, stitchedFacts } from './facts';

const at = (time: string, pid: number, text: string, program = 'sendmail') =>
  `Nov 24 ${time} hub ${program}[${pid}]: ${text}`;
const start = at('08:00:00', 1, 'starting daemon (8.17.1): SMTP+queueing@00:10:00');
const from = (pid: number, proto: string, rest = 'daemon=MTA, relay=in.example [192.0.2.1]', time = '08:00:05') =>
  at(
    time,
    pid,
    `6AO8msS4022936: from=<a@b.example>, size=100, class=0, nrcpts=2, msgid=<1@b.example>, proto=${proto}, ${rest}`,
  );
const server = (pid: number, version = 'TLSv1.3', time = '08:00:04') =>
  at(
    time,
    pid,
    `STARTTLS=server, relay=in.example [192.0.2.1], version=${version}, verify=NO, cipher=AES, bits=256/256`,
  );
const client = (pid: number, host = 'mx.example.', time = '08:00:04') =>
  at(time, pid, `STARTTLS=client, relay=${host}, version=TLSv1.2, verify=OK, cipher=AES, bits=256/256`);
const to = (
  pid: number,
  rest = 'mailer=esmtp, pri=30, relay=mx.example. [192.0.2.2], dsn=2.0.0, stat=Sent (ok)',
  time = '08:00:05',
  xdelay = '00:00:01',
  list = '<x@y.example>',
) =>
  at(time, pid, `6AO8msS4022936: to=${list}, ctladdr=<a@b.example> (1/1), delay=00:00:01, xdelay=${xdelay}, ${rest}`);
const sendmail = (...lines: string[]) => facts('sendmail', [start, ...lines]);

/** A log and what it says, whole and cut at every line. */
function says(lines: string[], expected: string[]): void {
  const log = `${lines.join('\n')}\n`;
  assert.deepEqual(facts('sendmail', log), expected);
  stitchedFacts('sendmail', log).forEach((cut, i) => assert.deepEqual(cut, expected, `cut behind line ${i + 1}`));
}

describe('Sendmail: arrivals', () => {
  it('take version and cipher suite from their process', () => {
    says(
      [start, server(7), from(7, 'ESMTPS'), from(7, 'ESMTPSA'), from(8, 'ESMTP'), from(9, 'SMTP')],
      ['inbound accepted none in.example 2/4', 'inbound accepted tls1.3 in.example AES 2/4'],
    );
  });
  it('have process ids of any size', () => {
    for (const pid of [2_147_483_648, 9_999_999_999])
      says([start, server(pid), from(pid, 'ESMTPS')], ['inbound accepted tls1.3 in.example AES 1/2']);
  });
  it('have TLS of unknown version where the handshake is not in the log, or is another host’s', () => {
    says(
      [start, from(7, 'ESMTPS'), server(7), from(7, 'ESMTPS', 'daemon=MTA, relay=other.example [192.0.2.9]')],
      ['inbound accepted tls in.example 1/2', 'inbound accepted tls other.example 1/2'],
    );
    assert.deepEqual(accountOf('sendmail', [start, from(7, 'SMTPS')]).problems, { 'session-began-earlier': 1 });
  });
  it('forget a process after the longest time a message may take', () =>
    says([start, server(7), from(7, 'ESMTPS', undefined, '10:30:00')], ['inbound accepted tls in.example 1/2']));
  it('name their connector by the daemon, where that is not the stock one', () => {
    assert.deepEqual(
      sendmail(
        ...['MTA', 'MTA-v4', 'IPv6'].map((daemon) =>
          from(7, 'ESMTP', `daemon=${daemon}, relay=in.example [192.0.2.1]`),
        ),
        from(7, 'ESMTP', 'daemon=MSA, relay=in.example [192.0.2.1] (may be forged)'),
      ),
      ['inbound accepted none in.example 3/6', 'inbound accepted none in.example connector=MSA 1/2'],
    );
  });
  it('are no messages without a message id, nor from programs of the host', () => {
    assert.deepEqual(
      sendmail(
        at(
          '08:00:05',
          7,
          '6AO8msS4022936: from=<x@y>, size=0, class=0, nrcpts=1, proto=ESMTPS, daemon=MTA, relay=in.example [192.0.2.1]',
        ),
        at('08:00:05', 7, '6AO8msS4022936: from=root, size=5, class=0, nrcpts=1, msgid=<1@b>, relay=root@localhost'),
      ),
      [],
    );
  });
  it('over the loopback address are internal', () =>
    assert.deepEqual(sendmail(from(7, 'ESMTP', 'daemon=MTA, relay=localhost [127.0.0.1]')), [
      'internal accepted none localhost 1/2',
    ]));
  it('state TLS inline at Proofpoint', () => {
    assert.deepEqual(
      sendmail(
        from(
          7,
          'ESMTPS',
          'daemon=MTA, tls_verify=NO, tls_version=TLSv1.2, cipher=AES, auth=NONE, relay=in.example [192.0.2.1]',
        ),
        from(
          7,
          'ESMTP',
          'daemon=MTA, tls_verify=NONE, tls_version=NONE, cipher=NONE, auth=NONE, relay=in.example [192.0.2.1]',
        ),
      ),
      ['inbound accepted none in.example 1/2', 'inbound accepted tls1.2 in.example AES 1/2'],
    );
  });
  it('do not believe a message id', () => {
    const line = at(
      '08:00:05',
      7,
      '6AO8msS4022936: from=<"q, nrcpts=9, msgid=<z>, x"@b.example>, size=100, class=0, nrcpts=2, msgid=<1, ' +
        'proto=ESMTPS, daemon=EVIL, relay=evil.example [203.0.113.1], proto=ESMTP, daemon=MTA, relay=in.example ' +
        '[192.0.2.1]',
    );
    assert.deepEqual(sendmail(line), ['inbound accepted none in.example 1/2']);
  });
});

describe('Sendmail: hand-overs', () => {
  it('used TLS where their process has logged it for this host', () => {
    says(
      [
        start,
        client(7),
        to(7),
        to(7, 'mailer=esmtp, pri=30, relay=other.example. [192.0.2.3], dsn=2.0.0, stat=Sent'),
        to(8),
      ],
      [
        'outbound accepted none mx.example 1/1',
        'outbound accepted none other.example 1/1',
        'outbound accepted tls1.2 mx.example AES 1/1',
      ],
    );
  });
  it('are unknown in a log that shows no handshake at all, and say what to set', () => {
    says([start, to(7)], ['outbound accepted unknown mx.example 1/1']);
    assert.deepEqual(accountOf('sendmail', [start, to(7)]).advice, ['sendmail-log-level']);
    assert.deepEqual(accountOf('sendmail', [start, client(7), to(7), to(8)]).advice, []);
  });
  it('are unknown where the attempt, or the process, began before the log', () => {
    says(
      [
        start,
        server(9),
        to(7, undefined, '08:00:05', '00:00:07'),
        to(7, undefined, '08:00:20'),
        to(8, undefined, '08:00:20'),
      ],
      ['outbound accepted none mx.example 1/1', 'outbound accepted unknown mx.example 2/2'],
    );
  });
  it('do not use the session of an earlier process with the same id', () => {
    says(
      [start, client(7), to(7), to(7, undefined, '08:09:30'), to(7, undefined, '08:30:00')],
      ['outbound accepted tls1.2 mx.example AES 2/2', 'outbound accepted unknown mx.example 1/1'],
    );
  });
  it('last for days, and sessions with them', () =>
    says(
      [start, client(7), to(7, undefined, '16:00:00', '0+07:59:55')],
      ['outbound accepted tls1.2 mx.example AES 1/1'],
    ));
  it('may have several recipients, in lines of their own too', () => {
    const sent =
      'mailer=esmtp, pri=30, relay=mx.example. [192.0.2.2], dsn=2.0.0, stat=Sent (ok, relay=evil.example [203.0.113.1])';
    says(
      [
        start,
        client(7),
        to(7, sent, undefined, undefined, '<a@y>,<"b, c"@y>,d@y, [more]'),
        to(7, sent, undefined, undefined, '<e@y>,<f@y>'),
      ],
      ['outbound accepted tls1.2 mx.example AES 1/5'],
    );
  });
  it('have the connector of their mailer, where that is not the stock one', () => {
    const by = (mailer: string) =>
      to(7, `mailer=${mailer}, pri=30, relay=mx.example. [192.0.2.2], dsn=2.0.0, stat=Sent`);
    assert.deepEqual(sendmail(client(7), by('esmtp'), by('smtp'), by('relay')), [
      'outbound accepted tls1.2 mx.example AES 2/2',
      'outbound accepted tls1.2 mx.example connector=relay AES 1/1',
    ]);
  });
  it('to mailboxes, programs and files are internal, and so is the local submission agent’s', () => {
    assert.deepEqual(
      sendmail(
        to(7, 'mailer=local, pri=30, dsn=2.0.0, stat=Sent'),
        to(7, 'mailer=cyrusv2, pri=30, relay=localhost, dsn=2.0.0, stat=Sent'),
        at(
          '08:00:05',
          7,
          '6AO8msS4022936: to=root, ctladdr=root (0/0), delay=00:00:00, xdelay=00:00:00, mailer=esmtp, pri=30, ' +
            'relay=[127.0.0.1] [127.0.0.1], dsn=2.0.0, stat=Sent (ok)',
          'sm-msp-queue',
        ),
      ),
      [
        'internal accepted unknown - connector=cyrusv2 1/1',
        'internal accepted unknown - connector=local 1/1',
        'internal accepted unknown 127.0.0.1 1/1',
      ],
    );
  });
  it('fail, wait, or are refused because TLS is demanded', () => {
    const relay = 'mailer=esmtp, pri=30, relay=mx.example. [192.0.2.2]';
    assert.deepEqual(
      sendmail(
        server(9),
        to(7, `${relay}, dsn=5.1.1, reply=550 5.1.1 no, such user, stat=User unknown`),
        to(7, `${relay}, dsn=4.0.0, stat=Deferred: Connection refused by mx.example.`),
        to(7, `${relay}, dsn=4.7.0, stat=Deferred: 403 4.7.0 TLS handshake failed.`),
        to(7, `${relay}, dsn=4.7.0, stat=Deferred: 454 4.7.0 encryption too weak 0 less than 112`),
        at('08:00:05', 7, '6AO8msS4022936: to=<x@y>, delay=00:00:00, mailer=esmtp, pri=30, stat=queued'),
        at('08:00:05', 7, '6AO8msS4022936: to=<x@y>, delay=00:00:00, pri=30, stat=Please try again later'),
      ),
      [
        'outbound bounced none mx.example 1/1',
        'outbound deferred none mx.example required-tls-not-met forced 1/1',
        // What was not reached had no TLS to speak of.
        'outbound deferred unknown mx.example 2/2',
      ],
    );
  });
  it('do not take the TLS of a connection that has broken for the next one', () => {
    const relay = 'mailer=esmtp, pri=30, relay=mx.example. [192.0.2.2]';
    for (const broken of ['Connection reset by mx.example.', '421 4.4.2 bye'])
      says(
        [start, client(7), to(7), to(7, `${relay}, dsn=4.4.2, stat=Deferred: ${broken}`), to(7)],
        [
          'outbound accepted none mx.example 1/1',
          'outbound accepted tls1.2 mx.example AES 1/1',
          'outbound deferred unknown mx.example 1/1',
        ],
      );
  });
  it('state TLS inline at Proofpoint', () => {
    const inline = (version: string, cipher: string) =>
      to(
        7,
        `mailer=esmtp, tls_verify=OK, tls_version=${version}, cipher=${cipher}, pri=30, relay=mx.example. ` +
          '[192.0.2.2], dsn=2.0.0, stat=Sent',
      );
    assert.deepEqual(sendmail(inline('TLSv1.2', 'AES'), inline('NONE', 'NONE')), [
      'outbound accepted none mx.example 1/1',
      'outbound accepted tls1.2 mx.example AES 1/1',
    ]);
  });
});

describe('Sendmail: lines', () => {
  it('keep hosts apart whose logs run together', () => {
    const there = (line: string) => line.replace(' hub ', ' other ');
    says([start, client(7), there(start), there(to(7))], ['outbound accepted unknown mx.example 1/1']);
  });
  it('say that they can’t be joined without process ids', () => {
    const bare = (line: string) => line.replace(/\[\d+\]:/, ':');
    const account = accountOf('sendmail', [start, client(7), to(7), from(7, 'ESMTPS')].map(bare));
    assert.deepEqual(account.problems, { 'no-process-id': 2 });
    assert.deepEqual(facts('sendmail', [start, client(7), to(7), from(7, 'ESMTPS')].map(bare)), [
      'inbound accepted tls in.example 1/2',
      'outbound accepted unknown mx.example 1/1',
    ]);
  });
  it('are all accounted for', () => {
    assert.deepEqual(
      accountOf('sendmail', [
        start,
        to(7, 'mailer=esmtp, pri=30, relay=mx.exam'),
        'Nov 31 08:00:00 hub sendmail[1]: x',
        'garbage',
        'Nov 24 08:00:00 hub postfix/smtpd[1]: connect from x',
        at(
          '08:00:05',
          7,
          'ruleset=tls_server, arg1=SOFTWARE, relay=mx.example, reject=454 4.7.0 TLS handshake failed.',
        ),
      ]),
      {
        read: 6,
        used: 1,
        context: 2,
        skipped: 3,
        problems: { 'unfinished-record': 1, 'bad-time': 1, 'bad-line': 1 },
        advice: [],
      },
    );
  });
  it('that look like facts and can’t be read are told', () => {
    const arrival = from(7, 'ESMTPS'),
      delivery = to(7);
    const damaged = [
      arrival.replace('msgid=', 'msgjd='),
      arrival.replace(', msgid=', '; msgid='),
      arrival.replace('proto=', 'pr0to='),
      arrival.replace('from=', 'frm='),
      arrival.replace('022936: ', '022936; '),
      arrival.replace('sendmail[', 'se\0dmail['),
      arrival.replace(' [192.0.2.1]', ' [192.0.2'),
      delivery.replace('mailer=', 'nailer='),
      delivery.replace(', mailer', '; mailer'),
      delivery.replace(' relay=', ' relay;'),
      delivery.replace('sendmail', 'sendmajl'),
      delivery.replace('to=', 't='),
      client(7).replace('version=', 'vesion='),
      client(7).replace('client,', 'cli'),
      client(7).replace('STARTTLS', 'STARTLS'),
      client(7).replace('/256', ''),
      'Nov 24 08:00:05 hub.corp.exam',
    ];
    for (const line of damaged) {
      const { used, context, skipped } = accountOf('sendmail', [start, line]);
      assert.deepEqual({ used, context, skipped }, { used: 1, context: 0, skipped: 1 }, line);
    }
  });
  it('that have swallowed the next one are told', () => {
    for (const line of [from(7, 'ESMTP') + to(7), client(7) + from(7, 'ESMTPS'), to(7) + to(8)])
      assert.deepEqual(Object.keys(accountOf('sendmail', [start, line]).problems), ['bad-line'], line);
  });
});

describe('Sendmail: what silence means', () => {
  const restart = at('12:00:00', 1, 'restarting /usr/sbin/sendmail due to signal');
  const restarted = at('12:00:01', 1, 'starting daemon (8.17.1): SMTP+queueing@00:10:00');
  const clear = (time: string, delay = '00:00:01') =>
    to(8, undefined, time).replace('delay=00:00:01', `delay=${delay}`);
  it('changes with each start of the daemon', () => {
    says(
      [start, client(7), to(7), clear('11:00:00'), restart, restarted, clear('13:00:00')],
      [
        'outbound accepted none mx.example 1/1',
        'outbound accepted tls1.2 mx.example AES 1/1',
        'outbound accepted unknown mx.example 1/1',
      ],
    );
  });
  it('is not told by a process that the old daemon has left', () => {
    // Handed over after the start, but taken in before it: by a process with the old settings, as may be.
    says(
      [
        start,
        restarted,
        client(7, undefined, '12:00:05'),
        to(7, undefined, '12:00:06').replace('delay=00:00:01', 'delay=00:05:00'),
        clear('13:00:00'),
      ],
      ['outbound accepted tls1.2 mx.example AES 1/1', 'outbound accepted unknown mx.example 1/1'],
    );
    says(
      [start, restarted, client(7, undefined, '12:00:05'), to(7, undefined, '12:00:06'), clear('13:00:00')],
      ['outbound accepted none mx.example 1/1', 'outbound accepted tls1.2 mx.example AES 1/1'],
    );
    says(
      [start, restarted, client(7, undefined, '12:00:05'), to(7, undefined, '12:00:06'), clear('13:00:00', '02:00:00')],
      ['outbound accepted tls1.2 mx.example AES 1/1', 'outbound accepted unknown mx.example 1/1'],
    );
  });
  it('is another one for each program, which have configurations of their own', () => {
    const msp = (line: string) => line.replace(' sendmail[', ' sm-msp-queue[');
    says(
      [start, client(7), to(7), msp(to(8))],
      ['outbound accepted tls1.2 mx.example AES 1/1', 'outbound accepted unknown mx.example 1/1'],
    );
  });
  it('begins with the first TLS line', () =>
    says(
      [start, to(8), client(7), to(7)],
      ['outbound accepted tls1.2 mx.example AES 1/1', 'outbound accepted unknown mx.example 1/1'],
    ));
});

describe('Sendmail: versions', () => {
  it('that are names of families of suites are none, unless the suite proves one', () => {
    const arrived = (cipher: string) => server(7, 'TLSv1/SSLv3').replace('cipher=AES', `cipher=${cipher}`);
    says(
      [start, arrived('DHE-RSA-AES256-SHA'), from(7, 'ESMTPS')],
      ['inbound accepted tls in.example DHE-RSA-AES256-SHA 1/2'],
    );
    says(
      [start, arrived('AES128-GCM-SHA256'), from(7, 'ESMTPS')],
      ['inbound accepted tls1.2 in.example AES128-GCM-SHA256 1/2'],
    );
  });
  it('and protocols must not contradict each other', () => {
    says([start, server(7), from(7, 'ESMTP')], ['inbound accepted unknown in.example 1/2']);
    assert.deepEqual(accountOf('sendmail', [start, server(7), from(7, 'ESMTP')]).problems, { 'bad-line': 1 });
    assert.deepEqual(facts('sendmail', [start, from(7, 'ESMTPX')]), ['inbound accepted unknown in.example 1/2']);
  });
});
