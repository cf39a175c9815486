/** Mail that a machine hands to itself is internal, in whatever form its address is written, and all other mail is not. */
import assert from 'node:assert/strict';
import { fixtureCases } from '../reading/read';
import { facts } from './facts';

/** How a log may write the machine's own address, without brackets. */
const own = [
  '127.0.0.1',
  '::1',
  '0:0:0:0:0:0:0:1',
  '0000:0000:0000:0000:0000:0000:0000:0001',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
];
/** Addresses that begin alike but are others'. */
const others = ['127.example', '1270::1', '::2', '0:0:0:0:0:0:1:1', '::ffff:192.0.2.1', '2001:db8::127.0.0.1'];

const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);
const tagged = (address: string) => (address.includes(':') ? `[IPv6:${address}]` : `[${address}]`);
const session = '2026-11-24T08:37:03.000Z,EX01\\Default EX01,08DE6F0000000001';

/** One inbound and one outbound message with `address` at the other end. */
const logs: Record<string, (address: string) => string[]> = {
  exim: (address) => [
    `2026-11-24 08:37:03 1xVm1P-0001dA-0Q <= a@b.example H=localhost (x) [${address}]:4025 P=esmtp S=1`,
    `2026-11-24 08:37:03 1xVm1P-0001dB-0Q => c@d.example R=r T=remote_smtp H=localhost [${address}]`,
  ],
  sendmail: (address) => [
    'Nov 24 08:48:54 hub sm-mta[7]: 6AO8msS4000007: from=<a@b.example>, size=1, class=0, nrcpts=1, msgid=<1@b>, ' +
      `proto=ESMTP, daemon=MTA, relay=localhost ${tagged(address)}`,
    'Nov 24 08:48:54 hub sm-mta[8]: 6AO8msS4000007: to=<c@d.example>, delay=00:00:00, xdelay=00:00:00, ' +
      `mailer=esmtp, pri=30, relay=localhost. ${tagged(address)}, dsn=2.0.0, stat=Sent (ok)`,
  ],
  opensmtpd: (address) => [
    `Nov 24 08:48:54 hub smtpd[7]: 08d856b172f69c5c smtp connected address=${bracketed(address)} host=localhost`,
    'Nov 24 08:48:54 hub smtpd[7]: 08d856b172f69c5c smtp message msgid=4296f490 size=1 nrcpt=1 proto=ESMTP',
    `Nov 24 08:48:54 hub smtpd[7]: 08d856b172f69c5d mta connecting address=smtp://${bracketed(address)}:25 host=localhost`,
    'Nov 24 08:48:54 hub smtpd[7]: 08d856b172f69c5d mta delivery evpid=4296f4901f55bdcd from=<a@b.example> ' +
      `to=<c@d.example> rcpt=<-> source="-" relay="${address} (localhost)" delay=1s result="Ok" stat="250 ok"`,
  ],
  'exchange-smtp': (address) => [
    '#Software: Microsoft Exchange Server',
    '#Log-type: SMTP Receive Protocol Log',
    '#Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context',
    ...[
      '+,,',
      '<,EHLO x,',
      '>,250 X,',
      '<,MAIL FROM:<a@b.example>,',
      '>,250 2.1.0 Sender OK,',
      '<,RCPT TO:<c@d.example>,',
      '>,250 2.1.5 Recipient OK,',
      '<,DATA,',
      '>,354 Start mail input; end with <CRLF>.<CRLF>,',
      '>,250 2.6.0 <1@b> Queued mail for delivery,',
    ].map(
      (row, i) =>
        `${session},${i},${address.includes(':') ? '[::1]' : '127.0.0.1'}:25,${bracketed(address)}:4025,${row}`,
    ),
  ],
};
for (const [id, log] of Object.entries(logs))
  describe(`${id}: the machine itself`, () => {
    const directions = (address: string) => [
      ...new Set(facts(id, log(address)).map((fact) => fact.slice(0, fact.indexOf(' ')))),
    ];
    for (const address of own) it(address, () => assert.deepEqual(directions(address), ['internal']));
    for (const address of others)
      it(`not ${address}`, () => {
        const found = directions(address);
        assert.ok(found.length > 0 && !found.includes('internal'), found.join());
      });
  });

/** Fixtures of other formats that hold mail over 127.0.0.1. */
const fixtures = ['haraka/own-time', 'stalwart/text', 'stalwart/json', 'proofpoint/messages', 'proofpoint/mail-log'];

for (const { id, name, files } of fixtureCases().filter((one) => fixtures.includes(`${one.id}/${one.name}`)))
  describe(`${id}/${name}: the machine itself`, () => {
    const text = files[0].bytes.toString();
    /** Messages by direction with `address` in place of 127.0.0.1. */
    const directions = (address: string) => {
      const sums: Record<string, number> = {};
      for (const fact of facts(id, text.replaceAll('127.0.0.1', address))) {
        const [, direction, count] = /^(\w+) .* (\d+)\/\d+$/.exec(fact)!;
        sums[direction] = (sums[direction] ?? 0) + Number(count);
      }
      return sums;
    };
    const expected = directions('127.0.0.1');
    for (const address of own) it(address, () => assert.deepEqual(directions(address), expected));
    for (const address of others)
      it(`not ${address}`, () => assert.ok((directions(address).internal ?? 0) < expected.internal));
  });
