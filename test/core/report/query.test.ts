import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
import type { UnitCode } from '../../../src/core/model';
import { type DirectionCode, type OutcomeCode, type TlsCode, type MailEvent } from '../../../src/core/model';
import { coveragesOf } from '../../../src/core/report/coverage';
import { resolvePeriod, type Period } from '../../../src/core/report/period';
import { knownTls, summarise } from '../../../src/core/report/query';
import { remotesOf } from '../../../src/core/report/remotes';
import { Zone } from '../../../src/core/text/zone';

const start = Date.UTC(2026, 0, 1);
const names = ['', 'submission', 'Partner "x", y'];
const hosts = Array.from({ length: 150 }, (_, i) => `mx${i}.example`);

/** Random events over twenty days, as plain objects for an independent count. */
const facts = fc.array(
  fc.record({
    minute: fc.nat(20 * 1440),
    direction: fc.constantFrom(0, 1, 2),
    outcome: fc.constantFrom(0, 0, 0, 1, 2, 3),
    tls: fc.nat(7),
    name: fc.nat(2),
    host: fc.nat(149),
    count: fc.nat(3),
    recipients: fc.nat(5),
    unit: fc.constantFrom(0, 0, 0, 1),
  }),
  { maxLength: 300 },
);
type Fact = typeof facts extends fc.Arbitrary<(infer F)[]> ? F : never;

function cubeOf(list: Fact[]) {
  const builder = new CubeBuilder();
  list.forEach((f, i) =>
    builder.add(
      {
        unit: f.unit as UnitCode,
        direction: f.direction as DirectionCode,
        outcome: f.outcome as OutcomeCode,
        tls: f.tls as TlsCode,
        fault: 0,
        forced: 0,
        type: 0,
        connector: builder.connectors.internText(names[f.name]),
        cipher: 0,
        server: 0,
        remote: builder.remotes.internText(hosts[f.host]),
        address: 0,
        evidence: 0,
        time: start + f.minute * 60_000,
        count: f.count,
        recipients: f.recipients,
        bytes: 10,
        line: i + 1,
        tlsAt: 0,
      } satisfies MailEvent,
      0,
    ),
  );
  return builder.build();
}
const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);

describe('queries', () => {
  it('agree with counting the events one by one', () => {
    fc.assert(
      fc.property(facts, fc.nat(20), fc.nat(20), (list, a, b) => {
        const cube = cubeOf(list);
        const filter = { from: start + Math.min(a, b) * 86_400_000, to: start + Math.max(a, b) * 86_400_000 };
        const within = list.filter(
          (f) => f.unit === 0 && start + f.minute * 60_000 >= filter.from && start + f.minute * 60_000 < filter.to,
        );
        const summary = summarise(cube, filter);
        const accepted = within.filter((f) => f.outcome === 0);
        assert.equal(summary.internal, sum(accepted.filter((f) => f.direction === 2).map((f) => f.count)));
        for (const [code, direction] of [
          [0, 'inbound'],
          [1, 'outbound'],
        ] as const) {
          const mine = accepted.filter((f) => f.direction === code);
          assert.equal(summary[direction].messages, sum(mine.map((f) => f.count)));
          assert.equal(summary[direction].recipients, sum(mine.map((f) => f.recipients)));
          assert.equal(knownTls(summary[direction].tls), sum(mine.filter((f) => f.tls !== 7).map((f) => f.count)));
          for (const connector of summary.connectors.filter((c) => c.direction === direction)) {
            const own = mine.filter((f) => names[f.name] === (connector.name ?? ''));
            assert.equal(connector.messages, sum(own.map((f) => f.count)));
            const remotes = remotesOf(cube, { ...filter, directions: [direction], connectors: [connector.name] }, 10);
            assert.ok(remotes.length <= 11);
            assert.equal(sum(remotes.map((r) => r.messages)), connector.messages);
            assert.equal(sum(remotes.map((r) => r.recipients)), connector.recipients);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('the last days of a log are whole days that end with its newest one, and dates are the reader’s local days', () => {
    const cube = cubeOf([
      { minute: 0, direction: 0, outcome: 0, tls: 0, name: 0, host: 0, count: 1, recipients: 1, unit: 0 },
      { minute: 14 * 1440 + 5, direction: 0, outcome: 0, tls: 0, name: 0, host: 0, count: 1, recipients: 1, unit: 0 },
    ]);
    const to = start + (14 * 1440 + 6) * 60_000,
      day = 86_400_000;
    const resolved = (period: Period, zone = 'UTC') =>
      resolvePeriod(period, cube, coveragesOf({ files: [], cube }, new Zone(zone)).messages);
    assert.deepEqual(resolved('7d'), { from: Math.floor(to / day) * day - 6 * day, to });
    assert.equal(summarise(cube, resolved('7d')).inbound.messages, 1);
    assert.equal(summarise(cube, resolved('30d')).inbound.messages, 2);
    assert.deepEqual(resolved('all'), { from: start, to });
    assert.deepEqual(resolved({ from: '2026-01-02' }, 'Europe/Rome'), { from: Date.UTC(2026, 0, 1, 23), to });
    assert.throws(() => resolved({ from: 'tomorrow' }), RangeError);
  });

  it('a cube that outgrows its limits keeps its sums in coarser steps', () => {
    const builder = new CubeBuilder();
    const event: MailEvent = {
      unit: 0,
      direction: 0,
      outcome: 0,
      tls: 4,
      fault: 0,
      forced: 0,
      type: 0,
      connector: 0,
      cipher: 0,
      server: 0,
      remote: 0,
      address: 0,
      evidence: 0,
      time: 0,
      count: 1,
      recipients: 2,
      bytes: 3,
      line: 1,
      tlsAt: 0,
    };
    for (let i = 0; i < 700_000; i++) {
      event.time = start + i * 60_000;
      event.line = i + 1;
      builder.add(event, 0);
    }
    const cube = builder.build();
    assert.equal(cube.cellMinutes, 15);
    const { inbound } = summarise(cube);
    assert.deepEqual([inbound.messages, inbound.recipients, inbound.bytes], [700_000, 1_400_000, 2_100_000]);
  });
});
