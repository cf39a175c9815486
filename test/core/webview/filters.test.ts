/** Filters of the details table, as kept and as applied. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { clauseFields, readClauses, readFilters, type Clause } from '../../../src/core/report/clauses';
import { DirectionCode, ForcedCode, TlsCode, TypeCode, tlsVersions } from '../../../src/core/model';
import { knownTls } from '../../../src/core/report/query';
import { filterRows } from '../../../src/presentation/filter-rows';
import { allRows } from '../../../src/presentation/rows';
import { Text } from '../../../src/presentation/text';
import { Report } from '../../../webview/report';
import { cubeOf, noon, snapshotOf } from './make';

const text = new Text('en', {}, 'UTC'),
  day = 86_400_000;
const table = new Report(
  snapshotOf(
    cubeOf([
      { connector: 'Contoso partner', tls: TlsCode.none, count: 3, type: TypeCode.partner, forced: ForcedCode.yes },
      { connector: 'Contoso partner', tls: TlsCode.tls12, count: 9 },
      {
        connector: 'contoso bulk',
        tls: TlsCode.tls10,
        count: 5,
        time: noon - day,
        direction: DirectionCode.outbound,
        forced: ForcedCode.yes,
      },
      { connector: 'relay', tls: TlsCode.unknown, count: 7, time: noon - 2 * day, direction: DirectionCode.outbound },
    ]),
  ),
  0,
).rows(undefined);
const found = (...clauses: Clause[]) =>
  [...filterRows(table, allRows(table, text), clauses)].map((row) => table.row(row).connector);

describe('filters of the details table', () => {
  it('ask about every field, all clauses together', () => {
    assert.deepEqual(found({ field: 'name', operator: 'starts-with', value: 'CONTOSO' }), [
      'Contoso partner',
      'contoso bulk',
    ]);
    assert.deepEqual(found({ field: 'name', operator: 'is', value: 'contoso bulk' }), ['contoso bulk']);
    assert.deepEqual(
      found(
        { field: 'name', operator: 'starts-with', value: 'contoso' },
        { field: 'direction', operator: 'is', value: 'outbound' },
      ),
      ['contoso bulk'],
    );
    assert.deepEqual(
      found(
        { field: 'date', operator: 'over', value: '2024-03-17' },
        { field: 'date', operator: 'under', value: '2024-03-19' },
      ),
      ['contoso bulk'],
    );
    assert.deepEqual(found({ field: 'type', operator: 'is', value: 'partner' }), ['Contoso partner']);
    assert.deepEqual(found({ field: 'forced', operator: 'is', value: 'true' }), ['contoso bulk']);
    assert.deepEqual(found({ field: 'forced', operator: 'is', value: 'some' }), ['Contoso partner']);
    assert.deepEqual(found({ field: 'forced', operator: 'is', value: 'unknown' }), ['relay']);
    assert.deepEqual(found({ field: 'none', operator: 'is', value: '25 %' }), ['Contoso partner']);
    assert.deepEqual(found({ field: 'none', operator: 'over', value: '25' }), []);
    assert.deepEqual(found({ field: 'tls1.0', operator: 'over', value: '99,5' }), ['contoso bulk']);
    assert.deepEqual(found({ field: 'volume', operator: 'under', value: '7' }), ['contoso bulk']);
    assert.deepEqual(found({ field: 'unknown', operator: 'is', value: '7' }), ['relay']);
    assert.deepEqual(
      found({ field: 'none', operator: 'under', value: '1' }),
      ['contoso bulk'],
      'a row without known TLS has no share',
    );
    assert.equal(
      found({ field: 'name', operator: 'is', value: '' }).length,
      3,
      'an unfinished clause asks for nothing',
    );
  });
  it('agree with looking at each row', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...tlsVersions.slice(0, 7)),
        fc.constantFrom('over', 'under'),
        fc.nat(100),
        (version, operator, limit) => {
          const clause: Clause = { field: version, operator: operator as Clause['operator'], value: String(limit) },
            v = tlsVersions.indexOf(version);
          const expected = table
            .rows()
            .filter((row) => {
              const share = (row.tls[v] * 100) / knownTls(row.tls);
              return operator === 'over' ? share > limit : share < limit;
            })
            .map((row) => row.connector);
          assert.deepEqual(found(clause).sort(), expected.sort());
        },
      ),
      { numRuns: 200 },
    );
  });
  it('are read from any store without harm', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const { name, clauses } of readFilters(value))
          assert.ok(name && clauses.every(({ field }) => clauseFields.includes(field)));
        readClauses(value);
      }),
    );
    const good = { name: 'a', clauses: [{ field: 'none', operator: 'over', value: '1' }] };
    assert.deepEqual(
      readFilters([
        good,
        { ...good },
        { name: '', clauses: [] },
        3,
        {
          name: 'b',
          clauses: [
            { field: 'none', operator: 'starts-with', value: '1' },
            { field: 'x', operator: 'is', value: '1' },
          ],
        },
      ]),
      [good, { name: 'b', clauses: [] }],
    );
  });
});
