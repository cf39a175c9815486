/** Postfix beyond what the fixtures hold: any sequence of lines against the plain rules, prefixes, limits, and what is not Postfix. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { headOf } from '../../../src/core/reading/logreader';
import { postfix } from '../../../src/core/formats/postfix/postfix';
import { stitch } from '../../../src/core/reading/segment';
import { read } from '../reading/read';
import { accountOf, facts, factsOf, segmentOf } from './facts';
import { reference } from './postfix-reference';

const session = (prefix: (program: string) => string, host = 'mail.a.example[192.0.2.1]') => [
  `${prefix('postfix/smtpd[10]')}connect from ${host}`,
  `${prefix('postfix/smtpd[10]')}Anonymous TLS connection established from ${host}: TLSv1.3 with cipher ` +
    'TLS_AES_256_GCM_SHA384 (256/256 bits)',
  `${prefix('postfix/smtpd[10]')}4jYbZr2PxVzHF0t: client=${host}`,
  `${prefix('postfix/qmgr[900]')}4jYbZr2PxVzHF0t: from=<x@a.example>, size=500, nrcpt=2 (queue active)`,
  `${prefix('postfix/smtpd[10]')}disconnect from ${host} ehlo=2 starttls=1 mail=1 rcpt=2 data=1 quit=1 commands=8`,
];
const traditional = (program: string) => `Nov 24 08:29:06 hub ${program}: `;
const mail = 'inbound accepted tls1.3 mail.a.example TLS_AES_256_GCM_SHA384 1/2';

/** Lines as a few processes might write them, in an order that no Postfix would: what is said of them must still follow the rules. */
const anyLines = fc
  .array(
    fc.record({
      kind: fc.nat({ max: 12 }),
      pid: fc.nat({ max: 2 }),
      id: fc.nat({ max: 3 }),
      other: fc.nat({ max: 1 }),
      version: fc.constantFrom('TLSv1', 'TLSv1.2', 'TLSv1.3'),
      exchange: fc.constantFrom(
        '',
        ...['X25519', 'X25519MLKEM768', 'ECDHE (P-256)', 'ECDHE (P-384)', 'ECDHE'].map(
          (name) => ` key-exchange ${name} server-signature RSA-PSS (2048 bits)`,
        ),
        ' key-exchange X25519',
      ),
      wait: fc.nat({ max: 3 }),
      n: fc.integer({ min: 1, max: 3 }),
      counters: fc.constantFrom(
        '',
        ' ehlo=1 mail=1 commands=2',
        ' ehlo=2 starttls=0/1 mail=1 commands=3/4',
        ' ehlo=2 starttls=1 mail=1 commands=4',
      ),
    }),
    { minLength: 1, maxLength: 30, size: 'max' },
  )
  .map((all) => {
    let time = Date.UTC(2026, 10, 24, 8);
    return all.map(({ kind, pid, id, other, version, exchange, wait, n, counters }) => {
      time += wait * 1000;
      const host = ['mail.a.example[192.0.2.1]', 'mail.b.example[192.0.2.2]'][other],
        relay = ['mx.c.example[198.51.100.3]:25', 'mx.d.example[198.51.100.4]:25'][other],
        queueId = ['3F1A2B3C4D', '4jYbZr2PxVzHF0t', 'A1B2C', 'A1B2C3D4E5F60718293A4'][id];
      const server = pid === 2 ? 'postfix/submission/smtpd[10]' : `postfix/smtpd[${10 + pid}]`,
        client = `postfix/smtp[${20 + pid}]`;
      const [program, text] = [
        [server, `connect from ${host}`],
        [
          server,
          `Anonymous TLS connection established from ${host}: ${version} with cipher X (256/256 bits)${exchange}`,
        ],
        [server, `${queueId}: client=${host}`],
        [server, `${queueId}: client=${host}`],
        ['postfix/qmgr[900]', `${queueId}: from=<x@a.example>, size=5, nrcpt=${n} (queue active)`],
        ['postfix/qmgr[900]', `${queueId}: from=<x@a.example>, size=5, nrcpt=${n} (queue active)`],
        [server, `disconnect from ${host}${counters}`],
        ['postfix/qmgr[900]', `${queueId}: removed`],
        [client, `Trusted TLS connection established to ${relay}: ${version} with cipher X (256/256 bits)${exchange}`],
        [client, `SSL_connect error to ${relay}: -1`],
        [
          client,
          `${queueId}: to=<r@c.example>, relay=${relay}, delay=1, delays=0/0/0.5/${n - 1}, dsn=2.0.0, status=sent (250 ok ${n % 2})`,
        ],
        [
          client,
          `${queueId}: to=<r@c.example>, relay=${relay}, delay=1, delays=0/0/0.5/0, dsn=2.0.0, status=` +
            `${['sent (250 ok 1)', 'deferred (host x said: 450 no)', 'bounced (host x said: 550 no)'][n - 1]}`,
        ],
        ['postfix/pickup[30]', `${queueId}: uid=0 from=<root>`],
      ][kind];
      const at = new Date(time);
      return `Nov 24 ${at.toISOString().slice(11, 19)} hub ${program}: ${text}`;
    });
  });

describe('Postfix: any lines', () => {
  const plain = (all: string[]) =>
    all
      .map((fact) => fact.replace(/ connector=\S+| X(?= )/g, ''))
      .reduce((sums, fact) => {
        const [, key, messages, recipients] = /^(.*) (\d+)\/(\d+)$/.exec(fact)!;
        const sum = sums.get(key) ?? [0, 0];
        return sums.set(key, [sum[0] + Number(messages), sum[1] + Number(recipients)]);
      }, new Map<string, [number, number]>());
  const words = (all: string[]) =>
    [...plain(all)].map(([key, [messages, recipients]]) => `${key} ${messages}/${recipients}`).sort();

  const cutAndJoined = (lines: string[], from: number, to: number, expected: string[]) => {
    const part = (some: string[], first: boolean) => segmentOf('postfix', some, {}, first);
    const [a, b, c] = [
      part(lines.slice(0, from), true),
      part(lines.slice(from, to), false),
      part(lines.slice(to), false),
    ];
    for (const joined of [stitch(stitch(a, b), c), stitch(a, stitch(b, c))])
      assert.deepEqual(words(factsOf(joined)), expected, `cut at lines ${from} and ${to}`);
  };

  it('are read as the rules say, whole and cut anywhere @slow', () => {
    fc.assert(
      fc.property(
        anyLines,
        fc.array(fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 30 })), { minLength: 12, maxLength: 12 }),
        (lines, cuts) => {
          const expected = reference(lines);
          assert.deepEqual(words(facts('postfix', lines)), expected);
          for (const [x, y] of cuts) cutAndJoined(lines, Math.min(x, y), Math.max(x, y), expected);
        },
      ),
      { numRuns: 500 },
    );
  });
  // What a search over many more runs has found: each needs a queue id that is used again around a cut.
  const id = '4jYbZr2PxVzHF0t',
    to =
      `postfix/smtp[20]: ${id}: to=<r@c.example>, relay=mx.c.example[198.51.100.3]:25, delay=1, delays=0/0/0.5/0, ` +
      'dsn=2.0.0, status=sent (250 ok)';
  const handshake =
      'postfix/smtp[20]: Trusted TLS connection established to mx.c.example[198.51.100.3]:25: TLSv1.2 with cipher X (256/256 bits)',
    removed = `postfix/qmgr[900]: ${id}: removed`;
  const connect = 'postfix/smtpd[10]: connect from mail.a.example[192.0.2.1]',
    client = `postfix/smtpd[10]: ${id}: client=mail.a.example[192.0.2.1]`,
    active = `postfix/qmgr[900]: ${id}: from=<x@a.example>, size=5, nrcpt=1 (queue active)`;
  for (const [name, ...texts] of [
    ['removed, then delivered again', to, removed, to, to],
    ['removed before a segment knows it', to, active, removed, to],
    ['taken in anew', to, connect, client, removed, to, active],
    ['removed after a known delivery', handshake, to, removed, to, to],
    ['removed first of all', removed, to, to, removed, to],
    ['a handshake between', handshake, to, handshake, to, removed, handshake, to],
  ]) {
    it(`are read as the rules say, cut at any two lines: ${name}`, () => {
      const lines = texts.map((text) => `Nov 24 08:00:00 hub ${text}`);
      const expected = reference(lines);
      for (let from = 0; from <= lines.length; from++)
        for (let until = from; until <= lines.length; until++) cutAndJoined(lines, from, until, expected);
    });
  }
  it('never throw, whatever their bytes @slow', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary', maxLength: 80 }),
            fc
              .tuple(
                fc.constantFrom(...session(traditional)),
                fc.nat({ max: 200 }),
                fc.string({ unit: 'binary', maxLength: 8 }),
              )
              .map(([line, at, text]) => line.slice(0, at) + text + line.slice(at)),
          ),
        ),
        (lines) => {
          const {
            read: all,
            used,
            context,
            skipped,
          } = accountOf('postfix', [...session(traditional), ...lines.map((line) => line.replace(/[\r\n]/g, ' '))]);
          assert.equal(all, used + context + skipped);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('Postfix: what stands before the text', () => {
  for (const [name, prefix, minute, zone] of [
    ['traditional', (p: string) => `Nov  4 08:29:06 hub ${p}: `, '2026-11-04T08:29'],
    ['traditional, day not padded', (p: string) => `Nov 4 08:29:06 hub ${p}: `, '2026-11-04T08:29'],
    ['priority', (p: string) => `<22>Nov 24 08:29:06 hub ${p}: `, '2026-11-24T08:29'],
    ['without a host', (p: string) => `Nov 24 08:29:06 ${p}: `, '2026-11-24T08:29'],
    ['RFC 3339', (p: string) => `2026-11-24T08:29:06.724310+02:00 hub ${p}: `, '2026-11-24T06:29'],
    [
      'RFC 3339, Zulu time, priority',
      (p: string) => `<22>2026-11-24T08:29:06Z hub.a.example ${p}: `,
      '2026-11-24T08:29',
    ],
    [
      'RFC 5424 with structured data',
      (p: string) =>
        `<22>1 2026-11-24T08:29:06.7-05:00 hub ${p.replace('[', ' ').replace(']', '')} - [x@1 a="]\\"" b="c"][y] \ufeff`,
      '2026-11-24T13:29',
    ],
    [
      'journalctl short-full in UTC',
      (p: string) => `Tue 2026-11-24 08:29:06 UTC hub ${p}: `,
      '2026-11-24T08:29',
      'Asia/Tokyo',
    ],
    [
      'journalctl short-full with an offset',
      (p: string) => `Tue 2026-11-24 08:29:06 +0530 hub ${p}: `,
      '2026-11-24T02:59',
    ],
    [
      'journalctl short-full in a named zone',
      (p: string) => `Tue 2026-11-24 08:29:06 JST hub ${p}: `,
      '2026-11-23T23:29',
      'Asia/Tokyo',
    ],
    ['journalctl short-unix', (p: string) => `1795508946.893732 hub ${p}: `, '2026-11-24T08:29'],
    ['traditional in a zone', (p: string) => `Jul 24 08:29:06 hub ${p}: `, '2026-07-24T06:29', 'Europe/Rome'],
  ] as [string, (program: string) => string, string, string?][]) {
    it(name, async () => {
      const lines = session(prefix),
        settings = { timeZone: zone ?? 'UTC', year: 2026 };
      assert.ok(postfix.detect(headOf(Buffer.from(`${lines.join('\n')}\n`))));
      assert.deepEqual(facts('postfix', lines, settings), [mail]);
      assert.equal((await read([`${lines.join('\n')}\n`], settings)).period.from, `${minute}:00.000Z`);
    });
  }
  it('a line that breaks off behind a process id does not give its host and program to another', () => {
    const prefix = (program: string) => `Nov 24 08:29:06 hub ${program}: `;
    const broken = ['postfix/smtpd[11]', 'postfix/smtp[11]', 'postfix/qmgr[11]'].map(
      (program) => `Nov 24 08:29:05 hub ${program}`,
    );
    const other = 'Nov 24 08:29:05 hub dovecot/imap[5]: logged in';
    assert.deepEqual(facts('postfix', [...broken, other, ...session(prefix)], { year: 2026 }), [mail]);
    assert.deepEqual(
      facts('postfix', [...broken.flatMap((line) => [line, other]), ...session(prefix)], { year: 2026 }),
      [mail],
    );
  });
  it('a line that breaks off behind its first letter does not go on with the next one', () => {
    const next =
      '12345678TLS connection established to mx.example[192.0.2.1]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)';
    const sent =
      'Nov 24 08:29:07 hub postfix/smtp[11]: 4ZcdefAB12: to=<a@b.example>, relay=mx.example[192.0.2.1]:25, ' +
      'delay=1, delays=0/0/0/0, dsn=2.0.0, status=sent (250 ok)';
    const [broken, other] = ['A', 'B'].map((letter) =>
      facts('postfix', [`Nov 24 08:29:06 hub postfix/smtp[11]: ${letter}`, next, sent], { year: 2026 }),
    );
    assert.deepEqual(broken, other);
  });
  it('reads the same where the form changes from line to line', () => {
    const forms = [
      traditional,
      (p: string) => `2026-11-24T08:29:07+00:00 hub ${p}: `,
      (p: string) => `<22>Nov 24 08:29:08 hub ${p}: `,
      (p: string) => `1795508949.1 hub ${p}: `,
    ];
    assert.deepEqual(
      facts(
        'postfix',
        session(traditional).map((_, i) => session(forms[i % forms.length])[i]),
      ),
      [mail],
    );
  });
});

describe('Postfix: what is not Postfix', () => {
  for (const [name, ...lines] of [
    [
      'Exim in syslog',
      'Nov 24 08:29:06 hub exim[12]: 2026-11-24 08:29:06 1xVm1P-0001dB-0Y <= x@a.example H=mail.a.example ' +
        '[192.0.2.1] P=esmtps X=TLS1.3:TLS_AES_256_GCM_SHA384:256 S=500',
    ],
    [
      'Sendmail',
      'Nov 24 08:29:06 hub sendmail[22936]: 6AO8msS4022936: from=<x@a.example>, size=178, class=0, nrcpts=1, ' +
        'msgid=<1@a.example>, proto=ESMTPS, daemon=MTA, relay=mail.a.example [192.0.2.1]',
    ],
    [
      'OpenSMTPD',
      'Nov 24 08:29:06 hub smtpd[123]: 3e5a1b2c4d5e6f70 smtp connected address=192.0.2.1 host=mail.a.example',
    ],
    [
      'others that speak of Postfix',
      'Nov 24 08:29:06 hub systemd[1]: Started postfix/smtpd[1]: connect from x[192.0.2.1].',
      'Nov 24 08:29:06 hub dovecot: lmtp(12): Connect from local',
    ],
    [
      'JSON of others',
      '{"message":"postfix/smtpd[10]: connect from mail.a.example[192.0.2.1]","program":"postfix/smtpd"}',
      '{"SYSLOG_IDENTIFIER":"dovecot","MESSAGE":"x"}',
    ],
    ['a table', 'date,program,text', '2026-11-24,postfix/smtpd[10],"connect from x"'],
    ['prose', 'The log says: connect from mail.a.example', 'QUEUEID: to=<x@a.example> was sent'],
  ])
    it(name, () => assert.equal(postfix.detect(headOf(Buffer.from(`${lines.join('\n')}\n`))), false));
  it('a hostile line takes no time', () => {
    const line = `AAAAA: to=<${'>, '.repeat(20_000)}`;
    assert.equal(postfix.detect(headOf(Buffer.from(`${line}\n`))), false);
  });
});
