/** A cube that was cut to a period answers every question about the period as the whole one does. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DirectionCode, ForcedCode, OutcomeCode, TypeCode, UnitCode, type TlsCode } from '../../../src/core/model';
import { coveragesOf } from '../../../src/core/report/coverage';
import { summarise } from '../../../src/core/report/query';
import { remotesOf } from '../../../src/core/report/remotes';
import { Zone } from '../../../src/core/text/zone';
import { bucketsOf, tlsCourses, volumeLines } from '../../../src/presentation/charts-time';
import { detailTable } from '../../../src/presentation/details';
import { flowDays, typeFlows } from '../../../src/presentation/flowmap';
import { PeriodCube } from '../../../src/presentation/periodcube';
import { Text } from '../../../src/presentation/text';
import { cubeOf, noon, type Kind } from './make';

const day = 86_400_000,
  text = new Text('en', {}, 'UTC'),
  zones = ['UTC', 'Europe/Rome', 'Australia/Lord_Howe'].map((name) => new Zone(name));
const kind: fc.Arbitrary<Kind> = fc.record({
  connector: fc.constantFrom('', 'a', 'b', '__proto__'),
  direction: fc.constantFrom(DirectionCode.inbound, DirectionCode.outbound, DirectionCode.internal),
  outcome: fc.constantFrom(OutcomeCode.accepted, OutcomeCode.accepted, OutcomeCode.bounced),
  unit: fc.constantFrom(UnitCode.message, UnitCode.message, UnitCode.session),
  tls: fc.integer({ min: 0, max: 7 }) as fc.Arbitrary<TlsCode>,
  cipher: fc.constantFrom('', 'x', 'y'),
  remote: fc.constantFrom('', 'mx.a.example', 'mx.b.example', '192.0.2.7'),
  type: fc.constantFrom(TypeCode.unknown, TypeCode.partner, TypeCode.onPremises),
  forced: fc.constantFrom(ForcedCode.unknown, ForcedCode.yes, ForcedCode.no),
  // The clocks of Europe change on the twelfth of these days.
  count: fc.integer({ min: 1, max: 1000 }),
  time: fc.integer({ min: noon, max: noon + 20 * day }),
  file: fc.nat(2),
  line: fc.integer({ min: 1, max: 999 }),
});

describe('a cube cut to a period', () => {
  it('has the figures, the lines of the log and the connectors of the whole one', () => {
    fc.assert(
      fc.property(
        fc.array(kind, { maxLength: 60 }),
        fc.constantFrom(...zones),
        fc.integer({ min: -day, max: 20 * day }),
        fc.integer({ min: 1, max: 22 * day }),
        (kinds, zone, start, length) => {
          // Each event twice, since cubes without days of several events are not reduced.
          const whole = cubeOf([
              ...kinds,
              ...kinds.map((one) => ({ ...one, time: one.time! + 60_000 * (one.line! % 90) })),
            ]),
            filter = { from: noon + start, to: noon + start + length },
            cut = new PeriodCube(whole, zone, 0).during(filter.from, filter.to);
          assert.deepEqual(summarise(cut, filter), summarise(whole, filter));
          assert.deepEqual(summarise(cut, filter, UnitCode.session), summarise(whole, filter, UnitCode.session));
          assert.deepEqual(remotesOf(cut, filter, 2), remotesOf(whole, filter, 2));
          const { connectors } = summarise(whole, filter),
            coverage = coveragesOf({ files: [], cube: whole }, zone).messages,
            counted = [whole, cut].map((cube) =>
              bucketsOf(cube, filter, UnitCode.message, connectors, filter, zone, coverage),
            );
          assert.deepEqual(counted[1].times, counted[0].times);
          assert.deepEqual(volumeLines(counted[1], connectors, text), volumeLines(counted[0], connectors, text));
          assert.deepEqual(tlsCourses(counted[1], connectors, text), tlsCourses(counted[0], connectors, text));
          const rows = (cube: typeof whole) =>
            detailTable(cube, filter, UnitCode.message, zone, connectors)
              .rows()
              .sort(
                (a, b) =>
                  a.day - b.day ||
                  (a.direction < b.direction ? -1 : a.direction > b.direction ? 1 : 0) ||
                  ((a.connector ?? '') < (b.connector ?? '') ? -1 : 1),
              );
          assert.deepEqual(rows(cut), rows(whole));
          const dayOf = (moment: number) => Math.floor((moment + zone.offsetAt(moment)) / day) * day;
          assert.deepEqual(
            flowDays(cut, filter, UnitCode.message, dayOf),
            flowDays(whole, filter, UnitCode.message, dayOf),
          );
          assert.deepEqual(typeFlows(cut, filter, UnitCode.message), typeFlows(whole, filter, UnitCode.message));
        },
      ),
      { numRuns: 300 },
    );
  });
  it('has fewer cells than the log where days hold many', () => {
    const whole = cubeOf(
        Array.from({ length: 2000 }, (_, i) => ({
          connector: `c${i % 3}`,
          tls: (i % 4) as TlsCode,
          time: noon + i * 600_000,
        })),
      ),
      all = { from: noon, to: noon + 15 * day };
    assert.ok(new PeriodCube(whole, zones[1], 0).during(all.from, all.to).cells.length < 400);
    assert.equal(new PeriodCube(whole, zones[1]).during(all.from, all.to), whole, 'a small one stays as it is');
  });
  it('stays whole where the clocks of a log were wrong by centuries', () => {
    const whole = cubeOf([
      { tls: 0, time: Date.UTC(1601, 0) },
      { tls: 0, time: noon },
      { tls: 0, time: noon + 1 },
    ]);
    assert.equal(
      new PeriodCube(whole, zones[0], 0).during(Date.UTC(1601, 0), noon + day).cells.length,
      whole.cells.length,
    );
  });
});
