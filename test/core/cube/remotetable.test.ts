import assert from 'node:assert/strict';
import fc from 'fast-check';
import { packSeries } from '../../../src/core/cube/cube';
import { KeyTable } from '../../../src/core/cube/keytable';
import {
  DirectionCode,
  FaultCode,
  ForcedCode,
  OutcomeCode,
  TlsCode,
  TypeCode,
  UnitCode,
} from '../../../src/core/model';
import { RemoteTable, type Names } from '../../../src/core/cube/remotetable';
import { groupOf } from '../../../src/core/cube/hostgroup';
import { Words } from '../../../src/core/text/words';

const steps = (limit: number) => [
  { minutes: 1, limit: 20 },
  { minutes: 60, limit: 20 },
  { minutes: 1440, limit },
];
const series = [DirectionCode.inbound, DirectionCode.outbound, DirectionCode.internal].flatMap((direction) =>
  [TlsCode.none, TlsCode.tls12].map((tls) => ({ direction, tls })),
);
const hosts = Array.from({ length: 200 }, (_, i) =>
  i % 5 === 0 ? `192.${i % 2}.0.${i}` : i % 11 === 0 ? `host${i % 2}` : `mx${i}.d${i % 3}.example`,
);
const event = fc.record({
  minute: fc.integer({ min: 0, max: 2000 }),
  series: fc.nat({ max: series.length - 1 }),
  host: fc.integer({ min: 0, max: hosts.length - 1 }),
  count: fc.integer({ min: 0, max: 3 }),
});
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

/** A part of a log, with names of its own. */
function part(limit: number): { table: RemoteTable; names: Names } {
  return { table: new RemoteTable(steps(limit)), names: { remotes: new Words(1000), series: new KeyTable() } };
}

function seriesOf({ series: table }: Names, { direction, tls }: (typeof series)[number]): number {
  return table.row(
    packSeries(
      UnitCode.message,
      direction,
      OutcomeCode.accepted,
      tls,
      FaultCode.none,
      ForcedCode.unknown,
      TypeCode.unknown,
      0,
    ),
    0,
    0,
  );
}

function add({ table, names }: ReturnType<typeof part>, e: Event, line: number): void {
  table.add(
    e.minute,
    seriesOf(names, series[e.series]),
    names.remotes.internText(hosts[e.host]),
    e.count,
    e.count * 2,
    0,
    line,
    names,
  );
}

function absorb(to: ReturnType<typeof part>, from: ReturnType<typeof part>): void {
  const { a, length } = from.names.series;
  to.table.merge(
    from.table,
    Int32Array.from({ length }, (_, i) => to.names.series.row(a[i], 0, 0)),
    to.names.remotes.merge(from.names.remotes),
    [],
    to.names,
  );
}

/** Rows by what they are about. */
function rows({ table, names }: ReturnType<typeof part>): Map<string, number[]> {
  const { remoteCells: c, remotes } = table.build(names),
    found = new Map<string, number[]>();
  for (let i = 0; i < c.length; i++) {
    const key = `${c.minute[i]} ${names.series.a[c.series[i]]} ${remotes[c.remote[i]]}`;
    assert.ok(!found.has(key), key);
    found.set(key, [c.messages[i], c.recipients[i], c.line[i]]);
  }
  return found;
}

describe('sums by remote host', () => {
  it('are the same however a log is cut, and lose no message', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 400, size: 'max' }),
        fc.array(fc.nat({ max: 400 }), { maxLength: 4, size: 'max' }),
        fc.boolean(),
        fc.constantFrom(20, 150),
        (events, cuts, fromRight, limit) => {
          const whole = part(limit),
            starts = [0, ...cuts.map((cut) => Math.min(cut, events.length)).sort((a, b) => a - b), events.length];
          events.forEach((e, i) => {
            add(whole, e, i + 1);
          });
          const parts = starts.slice(1).map((end, p) => {
            const one = part(limit);
            for (let i = starts[p]; i < end; i++) add(one, events[i], i + 1);
            return one;
          });
          if (fromRight) for (let p = parts.length - 1; p > 0; p--) absorb(parts[p - 1], parts[p]);
          else for (const right of parts.slice(1)) absorb(parts[0], right);
          const sums = rows(whole),
            names = [...sums.keys()].map((key) => key.split(' ')[2]);
          assert.deepEqual(rows(parts[0]), sums);
          assert.equal(parts[0].table.step, whole.table.step);
          assert.equal(
            [...sums.values()].reduce((sum, [count]) => sum + count, 0),
            events.reduce((sum, { count }) => sum + count, 0),
          );
          assert.ok(sums.size <= limit);
          seen.add(
            `${names.includes('(other)') ? 'nothing' : ''} ` +
              `${names.some((name) => name.startsWith('mx')) ? 'hosts' : ''} ` +
              `${names.some((name) => name.startsWith('*')) ? 'groups' : ''}`,
          );
        },
      ),
      { numRuns: 100, seed: 7 },
    );
    for (const state of [' hosts ', ' hosts groups', '  groups', 'nothing  '])
      assert.ok(seen.has(state), `${state} of ${[...seen].join()}`);
  });

  it('of more hosts than are kept are those of their domains and networks, outbound ones last', () => {
    const one = part(60);
    // More than 60 rows in all.
    for (let i = 0; i < 60; i++) add(one, { minute: 0, series: 0, host: i, count: 1 }, i + 1);
    for (let i = 0; i < 11; i++) add(one, { minute: 0, series: 2, host: i, count: 1 }, 100 + i);
    const inbound = [...rows(one)].filter(([key]) => key.startsWith(`0 ${one.names.series.a[0]} `)),
      outbound = [...rows(one)].filter(([key]) => key.startsWith(`0 ${one.names.series.a[1]} `));
    assert.deepEqual(outbound.map(([key]) => key.split(' ')[2]).sort(), hosts.slice(0, 11).sort());
    assert.deepEqual(
      inbound.map(([key]) => key.split(' ')[2]).sort(),
      [...new Set(hosts.slice(0, 60).map(groupOf))].sort(),
    );
  });
});

describe('the group of a host', () => {
  for (const [host, group] of [
    ['mail.example.com', '*.example.com'],
    ['example.com', '*.example.com'],
    ['*.example.com', '*.example.com'],
    ['mx1.mail.example.co.uk', '*.example.co.uk'],
    ['localhost', 'localhost'],
    ['mx.royal.nhs.uk', '*.royal.nhs.uk'],
    // Not all that is below a registry.
    ['nhs.uk', 'nhs.uk'],
    ['192.0.2.7', '192.0.0.0/16'],
    ['192.0.0.0/16', '192.0.0.0/16'],
    ['2001:db8:1::7', '2001:db8::/32'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['::ffff:192.0.2.7', '192.0.0.0/16'],
    ['', ''],
    ['(other)', '(other)'],
  ])
    it(`${host || 'of no host'} is ${group || 'none'}`, () => {
      assert.equal(groupOf(host), group);
    });
});
