/** Rules that compare with the previous period or with a baseline. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareWith, readBaseline, type Share } from '../../../src/core/report/baseline';
import type { Limits } from '../../../src/core/insights/insight';
import { judgeCube, previousPeriod } from '../../../src/core/insights/judge';
import { isOverBy } from '../../../src/core/insights/shares';
import { OutcomeCode, TlsCode, tlsVersions } from '../../../src/core/model';
import { summarise } from '../../../src/core/report/query';
import { begins, cubeOf, day, inWeek, lastWeek as before, noon, thisWeek as now, week, type Mail } from './build';
import { baselineOf } from './cases';

describe('the previous period', () => {
  it('is as long, ends where the period begins, and shares no minute with it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 * day }), fc.integer({ min: 1, max: 10 * day }), (ago, length) => {
        const filter = { from: noon - ago, to: noon - ago + length };
        const cube = cubeOf([{ count: 1, time: 0 }]);
        const previous = previousPeriod(cube, filter)!;
        const minutes = (f: { from?: number; to?: number }) => [
          Math.floor(f.from! / 60_000),
          Math.ceil(f.to! / 60_000),
        ];
        assert.equal(minutes(previous)[1], minutes(filter)[0]);
        assert.equal(minutes(previous)[1] - minutes(previous)[0], minutes(filter)[1] - minutes(filter)[0]);
      }),
      { numRuns: 2000 },
    );
  });
  it('is unknown when the log begins within it, or the period has no start', () => {
    assert.equal(previousPeriod(cubeOf([{ count: 1, time: noon - 14 * day + 60_000 }]), week), undefined);
    assert.ok(previousPeriod(cubeOf([{ count: 1, time: noon - 14 * day }]), week));
    assert.equal(previousPeriod(cubeOf([begins]), { to: noon }), undefined);
    assert.equal(previousPeriod(cubeOf([]), week), undefined);
  });
});

describe('volume change', () => {
  const limits = { volumeChange: 50 };
  it('finds drops and rises over the threshold, and none at exactly the threshold', () => {
    assert.deepEqual(inWeek([begins, before(100), now(49)], limits), [
      'Volume changed by more than 50%: partner (Inbound), ' +
        '49 messages after 100 in the previous period (−51%). Line 3.',
      'Volume changed by more than 50%: old (Inbound), 0 messages after 1 in the previous period (−100%); few messages. Line 1.',
    ]);
    assert.deepEqual(
      inWeek([begins, before(100), now(151)], limits)[0],
      'Volume changed by more than 50%: partner (Inbound), ' +
        '151 messages after 100 in the previous period (+51%). Line 3.',
    );
    for (const same of [50, 100, 150])
      assert.equal(inWeek([begins, before(100), now(same)], limits).filter((s) => s.includes('partner')).length, 0);
  });
  it('says nothing where the log begins too late, or there was no mail to compare with', () => {
    assert.deepEqual(inWeek([before(100), now(1)], limits), []);
    assert.equal(inWeek([begins, now(1000)], limits).filter((s) => s.includes('partner')).length, 0);
  });
  it('counts only what went through', () => {
    assert.equal(
      inWeek([begins, before(10), before(1000, { outcome: OutcomeCode.deferred }), now(10)], limits).filter((s) =>
        s.includes('partner'),
      ).length,
      0,
    );
  });
  it('agrees with exact fractions @slow', () => {
    const count = fc.oneof(fc.nat(20), fc.integer({ min: 0, max: 2 ** 45 }));
    fc.assert(
      fc.property(count, count, fc.integer({ min: 0, max: 30_000 }), (then, today, hundredths) => {
        const change = BigInt(Math.abs(today - then)),
          expected = then > 0 && change * 10_000n > BigInt(hundredths) * BigInt(then);
        return (
          inWeek([begins, before(then), now(today)], { volumeChange: hundredths / 100 }).some((s) =>
            s.includes('partner'),
          ) === expected
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a silent connector', () => {
  it('is found from the number of messages that it had, and takes the place of a change in volume', () => {
    const all = [begins, before(20), { count: 1, time: noon - day }];
    assert.deepEqual(inWeek(all, { connectorSilent: 20, volumeChange: 0 }), [
      'The connector has gone silent: partner (Inbound), no message after 20 in the previous period. Line 2.',
      'Volume changed by more than 0%: old (Inbound), 0 messages after 1 in the previous period (−100%); few messages. Line 1.',
    ]);
    assert.deepEqual(inWeek(all, { connectorSilent: 21 }), []);
  });
  it('is silent when all that it tried was refused, and not when one message went through', () => {
    assert.equal(
      inWeek([begins, before(20), now(5, { outcome: OutcomeCode.rejected })], { connectorSilent: 20 }).length,
      1,
    );
    assert.equal(inWeek([begins, before(20), now(1)], { connectorSilent: 20 }).length, 0);
  });
});

describe('the baseline', () => {
  it('shows which share got worse, and by how much', () => {
    const old = [now(1, { tls: TlsCode.ssl30 }), now(1)];
    assert.deepEqual(inWeek(old, { worseThanBaseline: 0 }, baselineOf({ 'tls1.3': 1 })), [
      'Worse than the baseline by more than 0 percentage points: partner (Inbound), ' +
        'TLS 1.0: 1 of 2 messages (50%), before 0 of 1 (0%); few messages. Line 1.',
    ]);
    assert.deepEqual(inWeek(old, { worseThanBaseline: 0 }), [], 'without a baseline');
  });
  it('compares shares as fractions, whatever their bases', () => {
    const share = fc
      .tuple(fc.nat(2 ** 45), fc.nat(2 ** 45))
      .map(([part, rest]) => ({ messages: part, of: part + rest }));
    const connector = ({ messages, of }: Share) =>
      baselineOf({ none: messages, 'tls1.3': of - messages }).connectors[0];
    const changeOf = (a: Share, b: Share) => compareWith(connector(a).tls, connector(b)).changes.noTls;
    fc.assert(
      fc.property(share, share, fc.integer({ min: 0, max: 10_000 }), (a, b, hundredths) => {
        const difference = BigInt(a.messages) * BigInt(b.of) - BigInt(b.messages) * BigInt(a.of),
          base = BigInt(a.of) * BigInt(b.of);
        assert.equal(
          changeOf(a, b),
          base === 0n ? undefined : difference > 0n ? 'worse' : difference < 0n ? 'better' : 'same',
        );
        assert.equal(
          isOverBy(a.messages, a.of, b, hundredths / 100),
          base > 0n && difference * 10_000n > BigInt(hundredths) * base,
        );
      }),
      { numRuns: 10_000 },
    );
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 2 ** 25 }),
        (part, rest, k) =>
          changeOf({ messages: part, of: part + rest }, { messages: part * k, of: (part + rest) * k }) === 'same',
      ),
      { numRuns: 2000 },
    );
  });
  it('is worse in all when one share is worse, and unknown where nothing is known', () => {
    const connector = (none: number, old: number, rest: number) =>
      baselineOf({ none, 'tls1.0': old, 'tls1.3': rest }).connectors[0];
    assert.deepEqual(compareWith(connector(2, 0, 8).tls, connector(1, 3, 6)).change, 'worse');
    assert.deepEqual(compareWith(connector(1, 0, 9).tls, connector(1, 3, 6)).change, 'better');
    assert.deepEqual(compareWith(connector(1, 3, 6).tls, connector(2, 6, 12)).change, 'same');
    assert.deepEqual(compareWith(connector(0, 0, 0).tls, connector(2, 6, 12)).change, undefined);
  });
  it('is taken whole or not at all, and what is wrong is named', () => {
    const tls = Object.fromEntries(tlsVersions.map((version) => [version, 0]));
    const good = {
      schema: 'mail-flow-report/1',
      period: { from: '2026-01-01T00:00:00.000Z', to: '2026-01-08T00:00:00.000Z' },
      connectors: [
        { name: null, direction: 'inbound', tls },
        { name: 'a', direction: 'inbound', tls },
        { name: null, direction: 'outbound', tls },
      ],
    };
    assert.equal(readBaseline(good).baseline?.connectors.length, 3);
    for (const [wrong, report] of Object.entries({
      schema: { ...good, schema: 'other/1' },
      connectors: { ...good, connectors: {} },
      'connectors[0]': { ...good, connectors: [7] },
      'connectors[1].name': { ...good, connectors: [good.connectors[0], { name: 7, direction: 'inbound', tls }] },
      'connectors[0].direction': { ...good, connectors: [{ name: null, direction: 'internal', tls }] },
      'connectors[0].tls': { ...good, connectors: [{ name: null, direction: 'inbound', tls: [] }] },
      'connectors[0].tls["tls1.0"]': {
        ...good,
        connectors: [{ name: null, direction: 'inbound', tls: { ...tls, 'tls1.0': -1 } }],
      },
      'connectors[3]': { ...good, connectors: [...good.connectors, good.connectors[1]] },
    }))
      assert.equal(readBaseline(report).wrong, wrong);
    for (const nothing of [null, [], 7, 'x', {}]) assert.equal(readBaseline(nothing).wrong, 'schema');
  });
});

describe('the order of insights', () => {
  it('is by severity, then by messages, with ten thousand connectors in breach', () => {
    const all: Mail[] = Array.from({ length: 10_000 }, (_, i): Mail => ({
      connector: `c${i}`,
      tls: i % 2 ? TlsCode.none : TlsCode.tls10,
      count: 1 + ((i * 7919) % 10_007),
    }));
    const cube = cubeOf(all);
    const limits: Limits = { noTls: 25, tls10: 50, severity: { 'tls1.0-above-50': 'error' } };
    const { insights } = judgeCube(cube, {}, summarise(cube), limits);
    assert.equal(insights.length, 9998 + 2, 'each is found');
    const ranks = insights.map(({ severity, messages }) => [severity === 'error' ? 0 : 1, -messages]);
    assert.deepEqual(
      ranks,
      [...ranks].sort((a, b) => a[0] - b[0] || a[1] - b[1]),
    );
    assert.equal(insights[0].id, 'tls1.0-above-50');
  });
});
