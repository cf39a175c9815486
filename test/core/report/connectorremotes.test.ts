/** Remote hosts of many connectors in one pass are those that asking for each of them finds. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RemotesOfConnectors } from '../../../src/core/report/connectorremotes';
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
import { hostsBehind } from '../../../src/core/insights/hosts';
import { versionsOf } from '../../../src/core/insights/counted';
import { insightIds } from '../../../src/core/insights/index';
import type { Insight } from '../../../src/core/insights/insight';
import {
  directions,
  UnitCode,
  tlsVersions,
  type DirectionCode,
  type OutcomeCode,
  type TlsCode,
} from '../../../src/core/model';
import type { Filter } from '../../../src/core/report/query';
import { remotesOf } from '../../../src/core/report/remotes';
import { allSteps } from '../../../src/core/report/timeslices';

const start = Date.UTC(2026, 0, 1),
  hour = 3_600_000;
const names = ['', 'submission', '(other)', 'Partner'];
const hosts = ['', '(other)', ...Array.from({ length: 12 }, (_, i) => `mx${i}.example`)];

const cubes = fc
  .array(
    fc.record({
      hour: fc.nat(48),
      unit: fc.constantFrom(0, 0, 1),
      direction: fc.nat(2),
      outcome: fc.constantFrom(0, 0, 0, 2),
      tls: fc.nat(7),
      name: fc.nat(names.length - 1),
      host: fc.nat(hosts.length - 1),
      count: fc.integer({ min: 1, max: 3 }),
      file: fc.nat(1),
    }),
    { maxLength: 200 },
  )
  .map((events) => {
    const builder = new CubeBuilder();
    events.forEach((e, i) =>
      builder.add(
        {
          unit: e.unit as UnitCode,
          direction: e.direction as DirectionCode,
          outcome: e.outcome as OutcomeCode,
          tls: e.tls as TlsCode,
          fault: 0,
          forced: 0,
          type: 0,
          connector: builder.connectors.internText(names[e.name]),
          cipher: 0,
          server: 0,
          remote: builder.remotes.internText(hosts[e.host]),
          address: 0,
          evidence: 0,
          time: start + e.hour * hour,
          count: e.count,
          recipients: e.count * 2,
          bytes: 10,
          line: (i % 7) + 1,
          tlsAt: 0,
        },
        e.file,
      ),
    );
    return builder.build();
  });
/** Mail without a connector, and one that the cube does not have, are among those asked about. */
const asked = [null, ...names.slice(1), 'nobody'];
const periods = fc.record({
  from: fc.option(
    fc.nat(48).map((h) => start + h * hour),
    { nil: undefined },
  ),
  to: fc.option(
    fc.nat(48).map((h) => start + h * hour),
    { nil: undefined },
  ),
});

describe('the remote hosts of all connectors', () => {
  it('are those of each connector, direction and TLS version', () => {
    fc.assert(
      fc.property(
        cubes,
        periods,
        fc.nat(4),
        fc.constantFrom(UnitCode.message, UnitCode.session),
        (cube, period, most, unit) => {
          const remotes = allSteps(RemotesOfConnectors.indexing(cube, period, unit));
          for (const name of asked)
            for (const direction of directions)
              for (const tls of [undefined, ...tlsVersions.keys()]) {
                assert.deepEqual(
                  remotes.of(name, direction, most, tls),
                  remotesOf(cube, { ...period, connectors: [name], directions: [direction] }, most, unit, tls),
                );
              }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('are none of what a filter leaves out', () => {
    fc.assert(
      fc.property(cubes, (cube) => {
        const filter: Filter = { connectors: ['Partner', null], directions: ['outbound'] },
          remotes = allSteps(RemotesOfConnectors.indexing(cube, filter));
        for (const name of asked)
          for (const direction of directions) {
            const passes = filter.connectors!.includes(name) && direction === 'outbound';
            assert.deepEqual(
              remotes.of(name, direction, 100),
              passes ? remotesOf(cube, { connectors: [name], directions: [direction] }) : [],
            );
          }
      }),
      { numRuns: 50 },
    );
  });

  it('stand behind each insight, as when it is looked at alone', () => {
    fc.assert(
      fc.property(
        cubes,
        periods,
        fc.array(
          fc.record({
            id: fc.constantFrom(...insightIds),
            connector: fc.constantFrom(...asked),
            direction: fc.constantFrom('inbound' as const, 'outbound' as const),
            version: fc.constantFrom(undefined, ...tlsVersions),
          }),
          { maxLength: 10 },
        ),
        (cube, filter, some) => {
          const insights = some.map((one): Insight => ({
            ...one,
            messages: 1,
            of: 1,
            share: 1,
            threshold: 0,
            severity: 'warning',
            place: { file: 0, line: 1 },
          }));
          const alone = insights.map((insight) =>
            (versionsOf(insight) ?? [undefined])
              .flatMap((tls) =>
                remotesOf(
                  cube,
                  { ...filter, connectors: [insight.connector], directions: [insight.direction] },
                  3,
                  UnitCode.message,
                  tls,
                ),
              )
              .filter(({ host }) => host !== '(other)')
              .sort((a, b) => b.messages - a.messages)
              .slice(0, 3),
          );
          assert.deepEqual(allSteps(hostsBehind(cube, filter, insights, 3)), alone);
        },
      ),
      { numRuns: 150 },
    );
  });
});
