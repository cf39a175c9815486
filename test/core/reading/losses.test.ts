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

  it('are none in a report that tells all apart', () => {
    const builder = builderOf(1000);
    assert.deepEqual(builder.losses(builder.build()), []);
  });
});
