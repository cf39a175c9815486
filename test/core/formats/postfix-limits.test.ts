/** Postfix logs with more names, processes and transactions than are kept, and odd ones. */
import assert from 'node:assert/strict';
import { stitch } from '../../../src/core/reading/segment';
import { read } from '../reading/read';
import { accountOf, facts, factsOf, segmentOf } from './facts';

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

describe('Postfix: names, rules and limits @slow', () => {
  it('connector rules see names and addresses of the other end', async () => {
    const rules = [
      { name: 'Branch', direction: 'inbound' as const, addresses: ['192.0.2.0/30'], requireTls: 'tls1.2' as const },
    ];
    const { connectors } = await read([`${session(traditional).join('\n')}\n`], { rules });
    assert.deepEqual(
      connectors.map(({ name, forcedTls, messages }) => ({ name, forcedTls, messages })),
      [{ name: 'Branch', forcedTls: true, messages: 1 }],
    );
  });
  it('a session without end is settled before it fills the memory', () => {
    const lines = [`${traditional('postfix/smtpd[10]')}connect from mail.a.example[192.0.2.1]`];
    for (let i = 0; i < 10_002; i++)
      lines.push(
        `${traditional('postfix/smtpd[10]')}${(2_000_000 + i).toString(36)}: client=mail.a.example[192.0.2.1]`,
        `${traditional('postfix/qmgr[9]')}${(2_000_000 + i).toString(36)}: from=<>, size=1, nrcpt=1 (queue active)`,
      );
    assert.deepEqual(facts('postfix', lines), ['inbound accepted unknown mail.a.example 10002/10002']);
    assert.equal(accountOf('postfix', lines).problems['join-evicted'], 1);
  });
  it('evidence that is too much to be kept apart never makes TLS of mail in clear', () => {
    const lines: string[] = [];
    for (let n = 0; n < 2100; n++) {
      const smtpd = `Nov 24 08:29:06 host${n} postfix/smtpd[10]: `;
      lines.push(
        `${smtpd}connect from mail.a.example[192.0.2.1]`,
        `${smtpd}Anonymous TLS connection established from mail.a.example[192.0.2.1]: TLSv1.3 with cipher X (256/256 bits)`,
      );
    }
    const clear = session((program) => `Nov 24 08:29:07 late ${program}: `)
      .filter((line) => !line.includes('TLS'))
      .map((line) => line.replace(' starttls=1', ''));
    assert.deepEqual(facts('postfix', [...lines, ...clear]), ['inbound accepted unknown mail.a.example 1/2']);
  });
  it('a client with the same last bytes is another one', () => {
    const lines = session(traditional, 'unknown[110.10.10.101]').slice(0, 4);
    lines.push(
      `${traditional('postfix/smtpd[10]')}4jYbZr2PxVzHF1t: client=unknown[210.10.10.101]`,
      `${traditional('postfix/qmgr[900]')}4jYbZr2PxVzHF1t: from=<x@a.example>, size=500, nrcpt=2 (queue active)`,
    );
    assert.deepEqual(facts('postfix', lines), [
      'inbound accepted tls1.3 110.10.10.101 TLS_AES_256_GCM_SHA384 1/2',
      'inbound accepted unknown 210.10.10.101 1/2',
    ]);
  });
  it('a relay without a name is no harm', () => {
    const lines = Array.from(
      { length: 300 },
      (_, n) =>
        `${traditional('postfix/smtp[1]')}ABCDE${n % 10}: to=<a@b.example>, relay=, caaaa${n}=1, delay=1, ` +
        `delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok ${n})`,
    );
    const { read, used, context, skipped } = accountOf('postfix', lines);
    assert.deepEqual([read, used + context + skipped], [300, 300]);
  });
  it('programs beside Postfix take no name from its own', () => {
    const lines = Array.from({ length: 10_010 }, (_, n) => `Nov 24 08:29:06 hub program${n}: text`);
    lines.push(...session(traditional));
    assert.deepEqual(facts('postfix', lines), [mail]);
    assert.deepEqual(accountOf('postfix', lines).problems, {});
  });
  it('services of more names than are kept apart are one connector, which proves nothing', () => {
    const lines = Array.from({ length: 10_010 }, (_, n) => traditional(`postfix/service${n}/smtpd[7]`) + 'other text');
    const late = (service: string, tls: boolean) =>
      session((program) => traditional(program.replace('smtpd', `${service}/smtpd`)))
        .filter((line) => tls || !line.includes('TLS'))
        .map((line) => (tls ? line : line.replace(' starttls=1', '')));
    lines.push(...late('late1', true), ...late('late2', false));
    assert.deepEqual(facts('postfix', lines), [
      'inbound accepted tls1.3 mail.a.example connector=(other) TLS_AES_256_GCM_SHA384 1/2',
      'inbound accepted unknown mail.a.example connector=(other) 1/2',
    ]);
    assert.equal(accountOf('postfix', lines).skipped, 0);
  });
  it('two journals of different forms follow each other, whatever the first one breaks off in', () => {
    const pretty = '{\n  "__CURSOR" : "a",\n  "__REALTIME_TIMESTAMP" : "1790236146000000",\n  "_HOSTNAME" : "hub",\n';
    const plain = (n: number) =>
      `__CURSOR=${n}\n` +
      '__REALTIME_TIMESTAMP=1790236146000000\n' +
      '_HOSTNAME=hub\n' +
      'SYSLOG_IDENTIFIER=postfix/smtp\n' +
      'SYSLOG_PID=7\n' +
      `MESSAGE=ABCDE${n}: to=<a@b.example>, relay=mx.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, ` +
      'status=sent (250 ok)\n' +
      '\n';
    const log = [plain(1), plain(2), plain(3)].join(''),
      first = segmentOf('postfix', pretty, {}, true);
    first.open({ index: 1, name: 'b.log', head: Buffer.from(log) });
    first.push(Buffer.from(log));
    first.end();
    assert.equal(
      factsOf(first).reduce((sum, fact) => sum + Number(/ (\d+)\/\d+$/.exec(fact)![1]), 0),
      3,
    );
  });
  it('process ids of any size keep their sessions', () => {
    for (const pid of ['2147483647', '2147483648', '9999999999']) {
      const lines = session(traditional).map((line) => line.replace('smtpd[10]', `smtpd[${pid}]`));
      for (let cut = 0; cut <= lines.length; cut++) {
        assert.deepEqual(
          factsOf(
            stitch(
              segmentOf('postfix', lines.slice(0, cut), {}, true),
              segmentOf('postfix', lines.slice(cut), {}, false),
            ),
          ),
          [mail],
          `${pid} cut at ${cut}`,
        );
      }
    }
  });
  it('more processes than are kept come and go before the queue manager takes what came in by them', () => {
    const lines: string[] = [],
      taken: string[] = [],
      processes = 9000,
      late = 5000;
    for (let n = 0; n < processes; n++) {
      const smtpd = traditional(`postfix/smtpd[${1000 + n}]`),
        id = `A1B2${n.toString(16).toUpperCase().padStart(6, '0')}`,
        version = ['TLSv1.2', 'TLSv1.3', undefined][n % 3];
      lines.push(`${smtpd}connect from mail.a.example[192.0.2.1]`);
      if (version)
        lines.push(
          `${smtpd}Anonymous TLS connection established from mail.a.example[192.0.2.1]: ${version} with cipher X (256/256 bits)`,
        );
      lines.push(`${smtpd}${id}: client=mail.a.example[192.0.2.1]`);
      if (n >= 6)
        lines.push(
          `${smtpd}disconnect from mail.a.example[192.0.2.1] ehlo=1${version ? ' starttls=1' : ''} mail=1 quit=1`,
        );
      taken.push(`${traditional('postfix/qmgr[900]')}${id}: from=<x@a.example>, size=500, nrcpt=2 (queue active)`);
      if (n >= late) lines.push(taken[n - late]);
    }
    lines.push(...taken.slice(processes - late));
    const found = ['none mail.a.example', 'tls1.2 mail.a.example X', 'tls1.3 mail.a.example X'].map(
      (tls) => `inbound accepted ${tls} ${processes / 3}/${(processes / 3) * 2}`,
    );
    assert.deepEqual(facts('postfix', lines), found);
    for (const cut of [1, 4000, 17_003, lines.length - 100]) {
      assert.deepEqual(
        factsOf(
          stitch(
            segmentOf('postfix', lines.slice(0, cut), {}, true),
            segmentOf('postfix', lines.slice(cut), {}, false),
          ),
        ),
        found,
        `cut before line ${cut}`,
      );
    }
  });
  it('forgets the oldest transactions that came to nothing, and says so', () => {
    const lines = session(traditional).slice(0, 3);
    for (let i = 0; i < 140_000; i++)
      lines.push(
        `${traditional('postfix/smtpd[10]')}${(2_000_000 + i).toString(36)}: client=mail.a.example[192.0.2.1]`,
      );
    lines.push(...session(traditional).slice(3));
    const { problems } = accountOf('postfix', lines);
    assert.ok(problems['join-evicted'] > 0);
    assert.deepEqual(facts('postfix', lines), []);
  });
  it('more hosts than are kept apart are not mixed up, and all of their mail counts @slow', () => {
    const hosts = 10_010,
      lines: string[] = [];
    // The same queue id and process on each of them, all at once.
    for (const at of session((p) => p).keys())
      for (let i = 0; i < hosts; i++) lines.push(session((p) => `Nov 24 08:29:06 host${i} ${p}: `)[at]);
    const { problems, skipped } = accountOf('postfix', lines);
    assert.equal(skipped, 0);
    const [known, others] = facts('postfix', lines).map((fact) => Number(/ (\d+)\/\d+$/.exec(fact)![1]));
    assert.deepEqual(facts('postfix', lines), [
      `inbound accepted tls1.3 mail.a.example TLS_AES_256_GCM_SHA384 ${known}/${known * 2}`,
      `inbound accepted unknown mail.a.example ${others}/${others * 2}`,
    ]);
    assert.equal(known + others, hosts);
    assert.ok(others > 0 && problems['too-many-names'] >= others);
  });
  it('long lines, and queue ids of any length', () => {
    const long = session(traditional, `${'a'.repeat(3000)}.example[192.0.2.1]`).map((line) =>
      line.replaceAll('4jYbZr2PxVzHF0t', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'),
    );
    assert.deepEqual(facts('postfix', long), [
      `inbound accepted tls1.3 ${'a'.repeat(3000)}.example TLS_AES_256_GCM_SHA384 1/2`,
    ]);
  });
});
