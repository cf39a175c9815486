/** What a report does not tell apart by name is said, with how many messages it concerns and where the first one is. */
import assert from 'node:assert/strict';
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
import { blankEvent } from '../../../src/core/formats/shared/eventbuffer';
import { TlsCode, UnitCode } from '../../../src/core/model';
import { analyse } from './analyse';
import { stitch, type Segment } from '../../../src/core/reading/segment';
import { formats } from '../../../src/core/formats/index';
import { defaultLimits } from '../../../src/core/insights/index';
import { Zone } from '../../../src/core/text/zone';
import { makeReport } from '../../../src/export/report';
import { summaryText } from '../../../src/export/summary';
import { memorySource, optionsOf, read, segmentOf } from './read';

const at = '2026-11-24T08:00:00+00:00 mx postfix/';
/** Messages that came in with TLS, each with another cipher suite. */
const log = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => from + i)
    .flatMap((i) => {
      const id = (0xa000000000 + i).toString(16).toUpperCase(),
        client = 'a.example[192.0.2.1]';
      return [
        `smtpd[7]: connect from ${client}`,
        `smtpd[7]: Anonymous TLS connection established from ${client}: TLSv1.2 with cipher SUITE-${i} (256/256 bits)`,
        `smtpd[7]: ${id}: client=${client}`,
        `qmgr[1]: ${id}: from=<a@example.org>, size=10, nrcpt=1 (queue active)`,
        `smtpd[7]: disconnect from ${client}`,
      ];
    })
    .map((text) => `${at}${text}\n`)
    .join('');

describe('names past the limits', () => {
  it('are a counted note of their file, in every form of the report', async () => {
    const {
      inputs: [known],
      connectors: [{ ciphers }],
    } = await read([log(0, 510)]);
    assert.deepEqual([known.problems, Object.keys(ciphers).length], [[], 510]);
    const {
      inputs: [{ problems }],
      totals,
    } = await read([log(0, 600)]);
    assert.deepEqual(problems, [{ code: 'too-many-names', count: 90, line: 510 * 5 + 3 }]);
    assert.equal(totals.inbound.messages, 600);
    const analysis = await analyse([memorySource('a.log', Buffer.from(log(0, 600)))], optionsOf({}));
    assert.match(
      summaryText(makeReport(analysis, { period: 'all', zone: new Zone('UTC'), limits: defaultLimits })),
      /90 × The log has more names than are kept; the rest is shown as \(other\)\. First at line 2,553\./,
    );
  });

  it('are noted in parts that are joined as in the whole', () => {
    const format = formats.find(({ id }) => id === 'postfix')!,
      file = { index: 0, name: 'a.log', head: Buffer.from(log(0, 1)) };
    const part = (from: number, to: number) => segmentOf(format, {}, from === 0, file, Buffer.from(log(from, to)));
    const losses = (segment: Segment) => {
      segment.finish();
      return segment.builder.losses(segment.builder.build());
    };
    const whole = losses(part(0, 600));
    assert.deepEqual(whole, [{ code: 'too-many-names', file: 0, line: 510 * 5 + 3, count: 90 }]);
    for (const cut of [1, 200, 505, 560])
      assert.deepEqual(losses(stitch(part(0, cut), part(cut, 600))), whole, `${cut}`);
  });

  /** Messages of so many hosts, each in three TLS versions. */
  const builderOf = (hosts: number, first = 0) => {
    const builder = new CubeBuilder();
    for (let i = 0; i < hosts; i++)
      for (const tls of [TlsCode.none, TlsCode.tls12, TlsCode.tls13])
        builder.add(
          {
            ...blankEvent(),
            unit: UnitCode.message,
            tls,
            remote: builder.remotes.internText(`host${first + i}.d${i % 10}.example`),
            count: 1,
            recipients: 1,
            line: 3 * i + 1,
          },
          0,
        );
    return builder;
  };

  it('of remote hosts are noted where only their domains are kept, with no message lost @slow', () => {
    const builder = builderOf(90_000),
      cube = builder.build();
    assert.deepEqual(builder.losses(cube), [{ code: 'hosts-grouped', file: 0, line: 1, count: 270_000 }]);
    assert.equal(
      cube.remoteCells.messages.reduce((sum, n) => sum + n, 0),
      270_000,
    );
    assert.deepEqual(
      [...new Set(cube.remoteCells.remote)].map((id) => cube.remotes[id]).sort(),
      Array.from({ length: 10 }, (_, i) => `*.d${i}.example`),
    );
    assert.ok(cube.remoteCells.remote.every((id) => id < cube.remotes.length));
    const joined = new CubeBuilder();
    joined.merge(builderOf(45_000), []);
    joined.merge(builderOf(45_000, 45_000), [3 * 45_000]);
    assert.deepEqual(joined.losses(joined.build()), [{ code: 'hosts-grouped', file: 0, line: 1, count: 270_000 }]);
  });

  it('of remote hosts are one past the most that are kept, with no message lost @slow', () => {
    const builder = builderOf(100_100),
      { remotes, remoteCells, cells } = builder.build();
    const sum = (counts: Iterable<number>) => [...counts].reduce((all, n) => all + n, 0);
    assert.equal(sum(cells.messages), 300_300);
    assert.equal(sum(remoteCells.messages), 300_300);
    assert.ok([...remoteCells.remote].some((id) => remotes[id] === '(other)'));
    assert.ok(builder.losses(builder.build()).some(({ code }) => code === 'too-many-names'));
  });

  const names = (count: number, row: (name: string, n: number) => string) =>
    Array.from({ length: count }, (_, n) => row(`Connector ${n}`, n));

  it('of connectors are one connector, and hops inside the organisation stay inside', async () => {
    const row = (name: string, n: number) =>
      `2026-03-02T08:00:00.000Z,192.0.2.10,a,10.0.0.5,mx,08DE6F${n.toString(16).padStart(10, '0')};x;0,${name},SMTP,SEND,` +
      `${n},<${n}@x>,,u@contoso.example,,100,1,,,S,a@x.example,,,Incoming,,,,,Email,,15.02`;
    const log = [...names(10_010, row), row('Intra-Organization SMTP Send Connector', 20_000)].join('\n') + '\n';
    const { totals, internal, connectors, inputs } = await read([log]);
    assert.deepEqual([totals.outbound.messages, internal.messages], [10_010, 1]);
    const other = connectors.find(({ name }) => name === '(other)')!;
    assert.deepEqual([other.messages, inputs[0].problems], [12, [{ code: 'too-many-names', count: 13, line: 9999 }]]);
  });

  it('of mailers and hosts of Sendmail keep what is delivered here apart from what leaves', async () => {
    const line = (mailer: string, n: number) =>
      `Mar  2 08:00:00 mx sendmail[${n + 1}]: 6228000000${n}: to=<u@x.example>, delay=00:00:01, xdelay=00:00:01, ` +
      `mailer=${mailer}, pri=1, relay=mail.x.example. [192.0.2.1], dsn=2.0.0, stat=Sent (ok)`;
    const log = [...names(10_010, (_, n) => line(`mailer${n}`, n)), line('local', 20_000)].join('\n') + '\n';
    const { totals, inputs } = await read([log], { year: 2026 });
    assert.equal(totals.outbound.messages, 10_010);
    assert.ok(inputs[0].problems.some(({ code }) => code === 'too-many-names'));
    const hosts = names(10_010, (_, n) => line('esmtp', n).replace(' mx ', ` mx${n} `)).join('\n') + '\n';
    const { totals: all } = await read([hosts], { year: 2026 });
    assert.deepEqual([all.outbound.messages, all.outbound.tls.none], [10_010, 0]);
  });

  it('of addresses are told where a rule of the user asks for them @slow', async () => {
    const row = (n: number) =>
      `2026-03-02T08:00:00Z,<${n}@x>,a@x.example,b@c.example,Inbound,C,TLS1.2,X,h,10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
    const header =
      'date_time,message_id,sender_address,recipient_address,direction,connector_name,tls_version,tls_cipher,host,client_ip';
    const log = [header, ...Array.from({ length: 200_010 }, (_, n) => row(n))].join('\n') + '\n';
    const { totals, inputs } = await read([log], { rules: [{ name: 'R', addresses: ['10.0.0.0/8'] }] as never });
    assert.equal(totals.inbound.messages, 200_010);
    assert.ok(inputs[0].problems.some(({ code, count }) => code === 'too-many-names' && count >= 10));
  });

  it('are none in a report that tells all apart', () => {
    const builder = builderOf(1000);
    assert.deepEqual(builder.losses(builder.build()), []);
  });
});
