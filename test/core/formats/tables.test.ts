/**
 * Tables as the readers see them: records over several lines, dates of cultures, localised numbers, names of columns.
 */
import assert from 'node:assert/strict';
import { read } from '../reading/read';
import fc from 'fast-check';
import { checkColumns, mappingFor, plainName } from '../../../src/core/connectors/columns';
import { connectorCell, directionNamed } from '../../../src/core/formats/table/connector';
import { tableColumns, versionColumns } from '../../../src/core/formats/table/headers';
import { Measure, measureOf, sharesOf } from '../../../src/core/formats/table/percentages';
import { countOf } from '../../../src/core/formats/table/rows';
import { DirectionCode, TypeCode } from '../../../src/core/model';
import { DateOrder, DateReader, dateOrder } from '../../../src/core/text/dates';
import { TimeReader } from '../../../src/core/text/time';
import { Zone } from '../../../src/core/text/zone';

describe('dates of tables', () => {
  const at = (text: string, order = DateOrder.unknown, zone = 'UTC') => {
    const bytes = Buffer.from(`${text},next`);
    const time = new DateReader(
      new TimeReader(new Zone(zone), { year: 1970, month: 1, day: 1, forward: true }),
      order,
    ).read(bytes, 0, bytes.length - 5);
    return Number.isNaN(time) ? undefined : new Date(time).toISOString();
  };
  it('read what exports write', () => {
    for (const [text, order, expected] of [
      ['2026-03-02T07:50:00.0000000Z', DateOrder.unknown, '2026-03-02T07:50:00.000Z'],
      ['2026-03-02 07:50:00', DateOrder.unknown, '2026-03-02T07:50:00.000Z'],
      ['2026-03-02', DateOrder.unknown, '2026-03-02T00:00:00.000Z'],
      ['2026/3/2 7:50', DateOrder.unknown, '2026-03-02T07:50:00.000Z'],
      ['02.03.2026 07:50:18', DateOrder.unknown, '2026-03-02T07:50:18.000Z'],
      ['2.3.2026', DateOrder.unknown, '2026-03-02T00:00:00.000Z'],
      ['3/28/2026 12:50:18 AM', DateOrder.monthFirst, '2026-03-28T00:50:18.000Z'],
      ['3/28/2026 12:50:18 PM', DateOrder.monthFirst, '2026-03-28T12:50:18.000Z'],
      ['3/4/2026 7:50:18\u202fPM', DateOrder.monthFirst, '2026-03-04T19:50:18.000Z'],
      ['04/03/2026 07.50.18', DateOrder.dayFirst, '2026-03-04T07:50:18.000Z'],
      ['4-3-2026, 7:50', DateOrder.dayFirst, '2026-03-04T07:50:00.000Z'],
      ['/Date(1772438400000)/', DateOrder.unknown, '2026-03-02T08:00:00.000Z'],
    ] as const)
      assert.equal(at(text, order), expected, text);
  });
  it('mean the same behind any other date', () => {
    const odd = [
      '2026-03-02T08:00:60.000Z',
      '2026-03-02T08:00:10.123 Z',
      '2026-03-02T08:00:10+05:00Z',
      '1969-12-31T23:59:58.500Z',
      '2026-03-02T08:00:10.1234567Z',
      '2026-03-02T08:00:1x.000Z',
      '2026-03-02T08:00:10.00xZ',
      '2026-03-02T08:00:10.000+01:00',
      '2026-03-02T08:00:10Z',
      '2026-03-02T08:00:10.000000xZ',
    ];
    const plain = [
      '2026-03-02T08:00:11.250Z',
      '2026-03-02T08:00:11.2509999Z',
      '1969-12-31T23:59:10.000Z',
      '2026-03-02T08:00:11.25Z',
      '2026-03-02T08:00:11.2500000Z ',
    ];
    for (const zone of ['UTC', 'Europe/Rome']) {
      const reader = () =>
          new DateReader(
            new TimeReader(new Zone(zone), { year: 1970, month: 1, day: 1, forward: true }),
            DateOrder.unknown,
          ),
        all = reader();
      for (const before of [...odd, ...plain])
        for (const text of [...plain, ...odd]) {
          for (const one of [before, text])
            assert.deepEqual(
              all.read(Buffer.from(one), 0, one.length),
              reader().read(Buffer.from(one), 0, one.length),
              `${one} behind ${before}`,
            );
        }
    }
  });
  it('guess nothing', () => {
    for (const [text, order] of [
      ['3/4/2026 07:50', DateOrder.unknown],
      ['28/03/2026', DateOrder.monthFirst],
      ['31/02/2026', DateOrder.dayFirst],
      ['3/4/26', DateOrder.dayFirst],
      ['13:50 PM', DateOrder.dayFirst],
      ['3/4/2026 13:50 PM', DateOrder.dayFirst],
      ['3/4/2026 25:00', DateOrder.dayFirst],
      ['', DateOrder.dayFirst],
      ['yesterday', DateOrder.dayFirst],
      ['2026-03-02T07:50', DateOrder.dayFirst],
      ['/Date()/', DateOrder.dayFirst],
      ['3/4.2026', DateOrder.dayFirst],
    ] as const)
      assert.equal(at(text, order), undefined, text);
  });
  it('know their order from a day over 12 anywhere', () => {
    assert.equal(dateOrder(['3/4/2026', '13/4/2026']), DateOrder.dayFirst);
    assert.equal(dateOrder(['3/4/2026', '4/13/2026']), DateOrder.monthFirst);
    assert.equal(dateOrder(['3/4/2026', '4/5/2026']), DateOrder.unknown);
    assert.equal(dateOrder(['13/4/2026', '4/13/2026']), DateOrder.unknown);
    assert.equal(dateOrder(['2026-04-13']), DateOrder.unknown);
  });
  it('are local time of the zone', () =>
    assert.equal(at('28/03/2026 00:30', DateOrder.dayFirst, 'America/New_York'), '2026-03-28T04:30:00.000Z'));
});

describe('numbers of tables', () => {
  it('percentages become messages that sum up to the volume, each within one of its share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 6 }),
        fc.nat({ max: 5_000_000 }),
        (weights, volume) => {
          const total = weights.reduce((a, b) => a + b, 0);
          fc.pre(total > 0);
          const shares = weights.map((weight) => Math.round((weight / total) * 1000) / 10);
          const counts = sharesOf(volume, shares, 100, 0.1)!;
          assert.equal(
            counts.reduce((a, b) => a + b, 0),
            volume,
          );
          const sum = shares.reduce((a, b) => a + b, 0);
          counts
            .slice(0, shares.length)
            .forEach((count, i) =>
              assert.ok(
                Math.abs(count - (volume * shares[i]) / Math.max(sum, 1e-9)) < 1 + volume * 1e-9,
                `${volume} ${shares.join()} ${counts.join()}`,
              ),
            );
          assert.equal(counts[shares.length], 0);
        },
      ),
      { numRuns: 2000 },
    );
  });
  it('what shares lack to the whole is not known, and more than the whole is wrong', () => {
    assert.deepEqual(sharesOf(100, [10, 50], 100, 1), [10, 50, 40]);
    assert.deepEqual(sharesOf(100, [0, 0], 100, 1), [0, 0, 100]);
    assert.equal(sharesOf(100, [60, 50], 100, 1), undefined);
  });
  it('tell messages from percentages', () => {
    const measure = (rows: [number[], number][], signed = false) =>
      measureOf(
        rows.map(([parts, volume]) => ({ parts, volume })),
        signed,
      );
    assert.equal(measure([[[1, 9], 10]]), Measure.counts);
    assert.equal(measure([[[10, 90], 10]]), Measure.percent);
    assert.equal(measure([[[33.3, 66.7], 100]]), Measure.percent);
    assert.equal(measure([[[0.25, 0.75], 4]]), Measure.fractions);
    assert.equal(measure([[[1, 9], 12]]), Measure.counts);
    assert.equal(measure([[[100, 0], 100]]), Measure.counts);
    assert.equal(
      measure([
        [[1, 9], 10],
        [[10, 90], 12],
      ]),
      undefined,
    );
    assert.equal(measure([[[1, 9], 10]], true), Measure.percent);
    assert.equal(measure([]), undefined);
  });
  it('whole numbers as people write them', () => {
    for (const text of ['8453', '8,453', '8.453', '8 453', '8\u00a0453', "8'453"])
      assert.equal(countOf(text), 8453, text);
    for (const text of ['', '8,45', '1.5', '-1', '8,4530', 'many', '1e3', '9'.repeat(16)])
      assert.ok(Number.isNaN(countOf(text)), text);
  });
});

describe('columns of tables', () => {
  it('are known by many names', () => {
    for (const header of [
      'date_time,sender_address,connector_name,tls_version',
      'Date,Connector Name,Direction,TLS used',
      'Data,Nome del connettore,Direzione,Versione TLS',
      'Timestamp,MyConnector,TlsProto',
    ]) {
      const { connector, tls, time } = tableColumns(header.split(','));
      assert.ok(connector >= 0 && tls >= 0 && time === 0, header);
    }
    const { tls } = tableColumns(['Connector', 'TLS 1.0', 'TLS 1,2', 'No TLS', 'Forced TLS?', 'TLS cipher']);
    assert.equal(tls, -1);
    assert.equal(versionColumns(['TLS 1.0', 'TLS 1,2', 'TLS_1_3 (%)', 'No TLS', 'Nessun TLS', 'TLS']), 5);
  });
  it('are mapped by the user where nobody knows them', () => {
    const { columns, errors } = checkColumns([
      { header: '"Wann" , Wer;', columns: { tls: 'wer' }, direction: 'inbound' },
    ]);
    assert.deepEqual(errors, []);
    assert.equal(mappingFor(columns, ['Wann', 'Wer']), columns[0]);
    assert.equal(mappingFor(columns, ['Wann', 'Wer', 'Was']), undefined);
    const { time, tls: mapped, fixed } = tableColumns(['Wann', 'Wer'], columns);
    assert.deepEqual([time, mapped, fixed], [-1, 1, 'inbound']);
  });
  it('name what is wrong with a mapping', () => {
    for (const wrong of [
      1,
      null,
      [],
      {},
      { header: 'a' },
      { header: '', columns: { tls: 'a' } },
      { header: 'a,b', columns: { connector: 'a' } },
      { header: 'a,b', columns: { tls: 'c' } },
      { header: 'a,b', columns: { tls: 1 } },
      { header: 'a,b', columns: { tls: 'a', colour: 'b' } },
      { header: 'a,b', columns: { tls: 'a' }, direction: 'up' },
    ]) {
      const { columns, errors } = checkColumns([wrong]);
      assert.deepEqual([columns.length, errors.length], [0, 1], JSON.stringify(wrong));
    }
    assert.equal(checkColumns('a').errors.length, 1);
  });
  it('plain names keep versions apart', () =>
    assert.deepEqual(['TLS 1,0', 'tls_1_0', 'TLS 1.0 (%)', 'TLS10', ' "Connector  Name" '].map(plainName), [
      'tls1.0',
      'tls1.0',
      'tls1.0%',
      'tls10',
      'connectorname',
    ]));
});

describe('the cell "Connector direction and name"', () => {
  const inbound = DirectionCode.inbound,
    outbound = DirectionCode.outbound;
  it('is taken apart in the words of the admin center', () => {
    for (const [text, direction, name, type] of [
      ['From your org - Contoso Corp Connector', inbound, 'Contoso Corp Connector', TypeCode.onPremises],
      ['To partner org - A - B', outbound, 'A - B', TypeCode.partner],
      ['From the internet without a connector', inbound, '', TypeCode.internet],
      ['To the internet without a connector', outbound, '', TypeCode.internet],
      ["Dall'organizzazione - Ufficio", inbound, 'Ufficio', TypeCode.onPremises],
      ['Da Internet senza un connettore', inbound, '', TypeCode.internet],
      ['A Internet senza connettore', outbound, '', TypeCode.internet],
      ['To your org – x', outbound, 'x', TypeCode.onPremises],
      ['From your org - without a connector', inbound, 'without a connector', TypeCode.onPremises],
      ['Fromage', undefined, 'Fromage', TypeCode.unknown],
      ['To budget 4', undefined, 'To budget 4', TypeCode.unknown],
      ['A - B', undefined, 'A - B', TypeCode.unknown],
      ['To - do', undefined, 'To - do', TypeCode.unknown],
    ] as const)
      assert.deepEqual(connectorCell(text), { direction, name, type }, text);
  });
  it('directions in several languages, and nothing else', () => {
    assert.deepEqual(
      ['Inbound', 'Received', '1', 'Incoming', 'In entrata'].map(directionNamed),
      Array(5).fill(inbound),
    );
    assert.deepEqual(
      ['Outbound', 'Sent', '2', 'Originating', 'In uscita'].map(directionNamed),
      Array(5).fill(outbound),
    );
    assert.deepEqual(['', 'sideways', '3'].map(directionNamed), Array(3).fill(undefined));
  });
});

describe('a column of recipients', () => {
  it('may hold their number in place of their addresses', async () => {
    const header = 'date,connector,direction,tls version,recipients\n',
      row = (recipients: string) => `2026-11-10T06:00:00Z,A,received,TLSv1.2,${recipients}\n`;
    const { totals } = await read([header + row('3') + row('a@a.example;b@a.example') + row('')]);
    assert.deepEqual([totals.inbound.messages, totals.inbound.recipients], [3, 6]);
  });
});
