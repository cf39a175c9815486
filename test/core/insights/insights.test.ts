import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
import { now } from '../../../src/core/cube/evidencekey';
import type { Limits } from '../../../src/core/insights/insight';
import { judgeCube } from '../../../src/core/insights/judge';
import { isOver } from '../../../src/core/insights/shares';
import {
  DirectionCode,
  FaultCode,
  ForcedCode,
  OutcomeCode,
  TlsCode,
  TypeCode,
  UnitCode,
  tlsVersions,
  type MailEvent,
} from '../../../src/core/model';
import { summarise } from '../../../src/core/report/query';

function event(change: Partial<MailEvent>): MailEvent {
  return {
    unit: UnitCode.message,
    direction: DirectionCode.inbound,
    outcome: OutcomeCode.accepted,
    tls: TlsCode.none,
    fault: FaultCode.none,
    forced: ForcedCode.unknown,
    type: TypeCode.unknown,
    connector: 0,
    cipher: 0,
    server: 0,
    remote: 0,
    address: 0,
    evidence: 0,
    time: Date.UTC(2026, 0, 1),
    count: 1,
    recipients: 1,
    bytes: 0,
    line: 1,
    tlsAt: 0,
    ...change,
  };
}

/** The insights of one connector whose messages by TLS version are given in the order of `tlsVersions`. */
function insightsOf(counts: number[], limits: Limits = { noTls: 25, tls10: 50 }): string[] {
  const builder = new CubeBuilder();
  counts.forEach((count, tls) => {
    if (count > 0) builder.add(event({ tls, count, line: tls + 1 }), 0);
  });
  const cube = builder.build();
  return judgeCube(cube, {}, summarise(cube), limits).insights.map(
    (insight) => `${insight.id} ${insight.messages}/${insight.of} line ${insight.place.line}`,
  );
}

describe('the original insights', () => {
  it('need the minimum volume that the user set', () => {
    const counts = [3, 0, 0, 0, 4, 0, 0, 90];
    for (const [least, found] of [
      [7, ['no-tls-over-25 3/7 line 1']],
      [8, []],
    ] as const)
      assert.deepEqual(insightsOf(counts, { noTls: 25, minimum: { noTls: least, tls10: 1000 } }), found);
  });
  it('do not fire at exactly 25 % and 50 %', () => {
    assert.deepEqual(insightsOf([25, 0, 0, 0, 75]), []);
    assert.deepEqual(insightsOf([0, 0, 50, 0, 50]), []);
  });
  it('fire just above, with the first line that proves it', () => {
    assert.deepEqual(insightsOf([26, 0, 0, 0, 74]), ['no-tls-over-25 26/100 line 1']);
    assert.deepEqual(insightsOf([0, 0, 51, 0, 49]), ['tls1.0-above-50 51/100 line 3']);
  });
  it('leave unknown out of the base, and count TLS without a logged version in it', () => {
    assert.deepEqual(insightsOf([1, 0, 0, 0, 1, 0, 0, 1000]), ['no-tls-over-25 1/2 line 1']);
    assert.deepEqual(insightsOf([1, 0, 0, 0, 0, 0, 3, 0]), []);
  });
  it('count SSL 3.0 with TLS 1.0', () =>
    assert.deepEqual(insightsOf([0, 30, 30, 0, 40]), ['tls1.0-above-50 60/100 line 2']));
  it('say nothing about no messages, or only unknown ones', () => {
    assert.deepEqual(insightsOf([]), []);
    assert.deepEqual(insightsOf([0, 0, 0, 0, 0, 0, 0, 5]), []);
  });
  it('agree with exact fractions on ten thousand cubes, ties included @slow', () => {
    const count = fc.oneof(fc.nat(8), fc.nat(1000), fc.integer({ min: 0, max: 2 ** 40 }));
    fc.assert(
      fc.property(
        fc.array(count, { minLength: 8, maxLength: 8 }),
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        (counts, no, old) => {
          const known = counts.slice(0, 7).reduce((sum, n) => sum + BigInt(n), 0n);
          const over = (part: bigint, hundredths: number) => known > 0n && part * 10_000n > BigInt(hundredths) * known;
          const expected = [
            ...(over(BigInt(counts[0]), no) ? ['no-tls-over-25'] : []),
            ...(over(BigInt(counts[1]) + BigInt(counts[2]), old) ? ['tls1.0-above-50'] : []),
          ];
          assert.deepEqual(
            insightsOf(counts, { noTls: no / 100, tls10: old / 100 })
              .map((text) => text.split(' ')[0])
              .sort(),
            expected,
          );
        },
      ),
      { numRuns: 10_000 },
    );
  });
  it('compare ties of every size exactly', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 50 }),
        (quarter) =>
          !isOver(quarter, quarter * 4, 25) &&
          isOver(quarter + 1, quarter * 4, 25) &&
          !isOver(quarter, quarter * 2, 50),
      ),
      { numRuns: 2000 },
    );
  });
});

describe('what is not proved', () => {
  it('an absent sign of TLS is unknown without proof, and none with it', () => {
    for (const proved of [false, true]) {
      const builder = new CubeBuilder();
      const key = builder.evidence.key('mx1 inbound', 0, true);
      if (proved) builder.evidence.showsTls(key, 1, 20_000, now);
      builder.add(event({ tls: TlsCode.absent, evidence: builder.evidence.absent(key, 2, 20_000, now) }), 0);
      const { tls } = summarise(builder.build()).inbound;
      assert.deepEqual([tls[TlsCode.none], tls[TlsCode.unknown]], proved ? [1, 0] : [0, 1]);
      assert.equal(tls.length, tlsVersions.length);
    }
  });
});
