/** The page's figures: what the tables show is what the cube holds. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DirectionCode, ForcedCode, OutcomeCode, TlsCode, TypeCode, UnitCode } from '../../../src/core/model';
import { summarise } from '../../../src/core/report/query';
import { Zone } from '../../../src/core/text/zone';
import { Buckets } from '../../../src/presentation/buckets';
import { Report } from '../../../webview/report';
import { allRows, searchRows, sortRows, tlsColumns } from '../../../src/presentation/rows';
import { firstState, restoreState } from '../../../webview/state';
import { Text } from '../../../src/presentation/text';
import { cubeOf, noon, snapshotOf, type Kind } from './make';

const text = new Text('en', {}, 'UTC'),
  day = 86_400_000;
const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
const anyKind: fc.Arbitrary<Kind> = fc.record({
  connector: fc.constantFrom('', 'a', 'b', '__proto__', 'constructor'),
  direction: fc.constantFrom(DirectionCode.inbound, DirectionCode.outbound, DirectionCode.internal),
  outcome: fc.constantFrom(OutcomeCode.accepted, OutcomeCode.accepted, OutcomeCode.bounced),
  unit: fc.constantFrom(UnitCode.message, UnitCode.message, UnitCode.session),
  tls: fc.integer({ min: 0, max: 7 }) as fc.Arbitrary<TlsCode>,
  cipher: fc.constantFrom('', 'x', 'y'),
  count: fc.integer({ min: 1, max: 1000 }),
  time: fc.integer({ min: noon - 20 * day, max: noon }),
  file: fc.nat(2),
  line: fc.integer({ min: 1, max: 999 }),
});

describe('the details table', () => {
  it('adds up to the summary, per direction and TLS version, with every count led back to a line', () => {
    fc.assert(
      fc.property(fc.array(anyKind, { maxLength: 40 }), (kinds) => {
        const report = new Report(snapshotOf(cubeOf(kinds), { timeZone: 'Europe/Rome' }), UnitCode.message);
        const rows = report.rows(undefined).rows(),
          totals = summarise(report.snapshot.analysis.cube, {}, report.unit);
        for (const direction of ['inbound', 'outbound'] as const) {
          const own = rows.filter((row) => row.direction === direction);
          assert.equal(sum(own.map((row) => row.volume)), totals[direction].messages);
          assert.deepEqual(
            totals[direction].tls.map((_, v) => sum(own.map((row) => row.tls[v]))),
            totals[direction].tls,
          );
          assert.deepEqual(report.ofDirection(direction).tls, totals[direction].tls);
          assert.ok(sum(report.ciphers(direction).map((cipher) => cipher.messages)) <= totals[direction].messages);
        }
        assert.ok(
          rows.every(
            (row) =>
              row.day % day === 0 && row.tls.every((n, v) => n === 0 || row.places[v]) && sum(row.tls) === row.volume,
          ),
        );
      }),
      { numRuns: 60 },
    );
  });
  it('puts messages on the day they have in the zone of the report, also when clocks change', () => {
    const times = [
      '2024-03-30T22:59Z',
      '2024-03-30T23:00Z',
      '2024-03-31T21:59Z',
      '2024-03-31T22:00Z',
      '2024-10-26T22:00Z',
      '2024-10-27T22:59Z',
      '2024-10-27T23:00Z',
    ];
    const report = new Report(
      snapshotOf(cubeOf(times.map((time) => ({ tls: TlsCode.none, time: Date.parse(time) }))), {
        timeZone: 'Europe/Rome',
      }),
      UnitCode.message,
    );
    assert.deepEqual(
      report
        .rows(undefined)
        .rows()
        .map((row) => [new Date(row.day).toISOString().slice(0, 10), row.volume]),
      [
        ['2024-03-30', 1],
        ['2024-03-31', 2],
        ['2024-04-01', 1],
        ['2024-10-27', 2],
        ['2024-10-28', 1],
      ],
    );
  });
  it('keeps to the period and to the selection', () => {
    const cube = cubeOf([
      { connector: 'a', tls: 4, time: noon },
      { connector: 'a', tls: 4, direction: DirectionCode.outbound },
      { connector: 'a', tls: 0, time: noon - 9 * day },
      { tls: 5 },
    ]);
    const report = new Report(snapshotOf(cube, { from: noon - 7 * day, to: noon + 60_000 }), UnitCode.message);
    assert.equal(
      sum(
        report
          .rows(undefined)
          .rows()
          .map((row) => row.volume),
      ),
      3,
    );
    assert.deepEqual(
      report
        .rows({ connector: 'a', direction: 'inbound' })
        .rows()
        .map((row) => row.tls[4]),
      [1],
    );
    assert.deepEqual(
      report
        .rows({ connector: null, direction: 'inbound' })
        .rows()
        .map((row) => row.tls[5]),
      [1],
    );
    assert.equal(report.connectors({ connector: null, direction: 'outbound' }).length, 0);
  });
  it('has columns for what is rare only where it occurs', () => {
    const columns = (tls: TlsCode) => tlsColumns(new Report(snapshotOf(cubeOf([{ tls }])), 0).rows(undefined));
    assert.deepEqual(columns(TlsCode.none), [0, 2, 3, 4, 5]);
    assert.deepEqual(columns(TlsCode.ssl30), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(columns(TlsCode.unknown), [0, 2, 3, 4, 5, 7]);
  });
  it('sorts and searches', () => {
    const report = new Report(
        snapshotOf(
          cubeOf([
            {
              connector: 'Contoso',
              tls: TlsCode.none,
              count: 3,
              time: noon,
              type: TypeCode.partner,
              forced: ForcedCode.yes,
            },
            { connector: 'Contoso', tls: TlsCode.tls12, count: 9, time: noon },
            { connector: 'relay 10', tls: TlsCode.none, count: 5, time: noon - day, direction: DirectionCode.outbound },
            {
              connector: 'relay 9',
              tls: TlsCode.tls13,
              count: 1,
              time: noon - 2 * day,
              direction: DirectionCode.outbound,
            },
          ]),
        ),
        0,
      ),
      table = report.rows(undefined),
      rows = allRows(table, text),
      name = (row: number) => table.row(row).connector;
    const names = (column: string, descending: boolean, figures: 'messages' | 'share' = 'messages') =>
      [...sortRows(table, rows, column, descending, figures, text)].map(name);
    assert.deepEqual(names('date', false), ['relay 9', 'relay 10', 'Contoso']);
    assert.deepEqual(names('connector', true), ['relay 10', 'relay 9', 'Contoso']);
    assert.deepEqual(names('volume', true), ['Contoso', 'relay 10', 'relay 9']);
    assert.deepEqual(names('none', true), ['relay 10', 'Contoso', 'relay 9']);
    assert.deepEqual(names('none', false, 'share'), ['relay 9', 'Contoso', 'relay 10']);
    assert.deepEqual([...searchRows(table, rows, 'PARTNER mar 19', text)].map(name), ['Contoso']);
    assert.deepEqual([...searchRows(table, rows, '2024-03-18', text)].map(name), ['relay 10']);
    assert.equal(searchRows(table, rows, '  ', text).length, 3);
    assert.deepEqual(names('forced', true), ['Contoso', 'relay 10', 'relay 9']);
    const contoso = table.rows().find((row) => row.connector === 'Contoso')!;
    assert.deepEqual([contoso.forcedTls, contoso.forcedHosts], [null, 1]);
  });
});

describe('the report', () => {
  it('counts sessions where the log has nothing else, and gives them no insight', () => {
    const cube = cubeOf([{ unit: UnitCode.session, tls: TlsCode.none, count: 9 }]);
    const report = new Report(snapshotOf(cube), UnitCode.message);
    assert.deepEqual([report.unit, report.summary.inbound.messages, report.insights.length], [UnitCode.session, 9, 0]);
    assert.equal(
      new Report(snapshotOf(cubeOf([{ tls: TlsCode.none, count: 9 }])), UnitCode.session).unit,
      UnitCode.message,
    );
  });
  it('finds cipher suites with their first line', () => {
    const report = new Report(
      snapshotOf(
        cubeOf([
          { tls: TlsCode.tls12, cipher: 'A', line: 8 },
          { tls: TlsCode.tls12, cipher: 'A', line: 3 },
          { tls: TlsCode.tls13, cipher: 'B', count: 5 },
          { tls: TlsCode.tls13, cipher: 'C', direction: DirectionCode.outbound },
          { tls: TlsCode.tls13 },
        ]),
      ),
      0,
    );
    assert.deepEqual(report.ciphers('inbound'), [
      { name: 'B', tls: TlsCode.tls13, messages: 5, place: { file: 0, line: 3 } },
      { name: 'A', tls: TlsCode.tls12, messages: 2, place: { file: 0, line: 3 } },
    ]);
  });
});

describe('buckets of time', () => {
  const zone = new Zone('Europe/Rome');
  it('are hours, days, months or years, as the period is long', () => {
    assert.deepEqual(
      [2, 30, 900, 40_000].map((days) => Buckets.fitting(noon - days * day, noon, 1, zone).step),
      ['hour', 'day', 'month', 'year'],
    );
    assert.equal(Buckets.fitting(noon - day, noon, 1440, zone).step, 'day', 'no hours where only days are known');
  });
  it('list the empty ones too, but never without end', () => {
    const days = new Buckets('day', zone);
    assert.equal(
      days.list(Date.parse('2024-10-26T22:00Z'), Date.parse('2024-10-28T23:00Z'), () => []).length,
      2,
      'the day of 25 hours is one day',
    );
    assert.deepEqual(
      days.list(0, 9e14, () => [days.of(noon)]),
      [days.of(noon)],
    );
    assert.equal(new Buckets('month', zone).list(Date.UTC(2023, 10, 5), Date.UTC(2024, 2, 5), () => []).length, 5);
  });
});

describe('the saved state', () => {
  it('is taken over as far as it fits', () => {
    const state = {
      ...firstState,
      surface: 'connectors' as const,
      selection: { connector: null, direction: 'outbound' as const },
      search: 'x',
      open: ['coverage'],
    };
    assert.deepEqual(restoreState(JSON.parse(JSON.stringify(state))), state);
    for (const saved of [
      undefined,
      null,
      7,
      'x',
      [],
      {
        surface: 'old',
        selection: { connector: 7, direction: 'inbound' },
        view: {},
        sort: 3,
        page: -1,
        open: [1],
        unit: 'y',
        search: null,
        figures: 0,
      },
    ])
      assert.deepEqual(restoreState(saved), firstState);
  });
});
