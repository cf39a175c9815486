/** The mail flow map, remote domains and the note to a partner. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DirectionCode, OutcomeCode, TlsCode, TypeCode } from '../../../src/core/model';
import { summarise } from '../../../src/core/report/query';
import { remotesOf } from '../../../src/core/report/remotes';
import { domainOf } from '../../../src/core/text/domain';
import { byDomain } from '../../../src/presentation/domains';
import { bandsOf, domainFlows, flowDays, mostParties, typeFlows } from '../../../src/presentation/flowmap';
import { partnerNote } from '../../../src/presentation/note';
import { Text } from '../../../src/presentation/text';
import { cubeOf, noon, type Kind } from './make';

const text = new Text('en', {}, 'UTC'),
  sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
const kind: fc.Arbitrary<Kind> = fc.record({
  connector: fc.constantFrom('', 'a'),
  direction: fc.constantFrom(0, 1, 2),
  tls: fc.nat(7),
  count: fc.integer({ min: 1, max: 9 }),
  remote: fc.integer({ min: 0, max: 30 }).map((n) => `mx.d${n}.example`),
  outcome: fc.constantFrom(0, 0, 0, 1),
  type: fc.constantFrom(0, 1, 2, 3),
});

describe('the mail flow map', () => {
  it('has all accepted mail of both directions, by types and by domains', () => {
    fc.assert(
      fc.property(fc.array(kind, { maxLength: 60 }), (kinds) => {
        const cube = cubeOf(kinds),
          { inbound, outbound } = summarise(cube);
        for (const flows of [typeFlows(cube, {}, 0), domainFlows(cube, {}, 0)]) {
          for (const [direction, { messages }] of [
            ['inbound', inbound],
            ['outbound', outbound],
          ] as const) {
            const own = flows.filter((flow) => flow.direction === direction);
            assert.equal(sum(own.map((flow) => flow.messages)), messages);
            assert.ok(own.length <= mostParties + 1);
            const bands = bandsOf(own, 300, 10, 0.1);
            bands.forEach((band, i) => {
              if (i > 0)
                assert.ok(
                  band.party >= bands[i - 1].party + bands[i - 1].thickness + 10 - 1e-9 &&
                    Math.abs(band.organization - bands[i - 1].organization - bands[i - 1].thickness) < 1e-9,
                  'no band lies over another',
                );
            });
          }
        }
      }),
      { numRuns: 100 },
    );
  });
  it('counts mail without a connector as of the internet, and leaves what was not delivered out of the days', () => {
    const cube = cubeOf([
      { tls: 0, count: 2 },
      { connector: 'x', tls: 0, type: TypeCode.partner, direction: DirectionCode.outbound },
      { tls: 0, outcome: OutcomeCode.rejected, time: noon - 86_400_000 },
    ]);
    assert.deepEqual(
      typeFlows(cube, {}, 0).map(({ direction, party, messages }) => [direction, party, messages]),
      [
        ['inbound', 'internet', 2],
        ['outbound', 'partner', 1],
      ],
    );
    assert.deepEqual(
      flowDays(cube, {}, 0, (moment) => Math.floor(moment / 86_400_000) * 86_400_000),
      [Date.UTC(2024, 2, 19)],
    );
  });
});

describe('remote domains', () => {
  it('are what a name is registered under', () => {
    for (const [host, domain] of [
      ['mx1.mail.contoso.example', 'contoso.example'],
      ['mx.contoso.co.uk', 'contoso.co.uk'],
      ['contoso.example', 'contoso.example'],
      ['192.0.2.1', '192.0.2.1'],
      ['2001:db8::1', '2001:db8::1'],
      ['', ''],
      ['(other)', '(other)'],
      ['localhost', 'localhost'],
      // Registries that have more than one label, and what stands above all domains.
      ['mx.royal.nhs.uk', 'royal.nhs.uk'],
      ['mx.comune.lazio.it', 'comune.lazio.it'],
      ['lazio.it', 'lazio.it'],
    ])
      assert.equal(domainOf(host), domain);
  });
  it('sum their hosts', () => {
    const hosts = remotesOf(
      cubeOf([
        { tls: TlsCode.none, count: 2, remote: 'a.x.example', line: 9 },
        { tls: TlsCode.tls12, count: 3, remote: 'b.x.example', line: 4, time: noon + 3_600_000 },
      ]),
      {},
    );
    assert.deepEqual(byDomain(hosts), [
      {
        host: 'x.example',
        messages: 5,
        recipients: 5,
        tls: [2, 0, 0, 0, 3, 0, 0, 0],
        place: { file: 0, line: 4 },
        first: noon,
        last: noon + 3_660_000,
      },
    ]);
  });
});

describe('the note to a partner', () => {
  const note = (tls: TlsCode, remote = 'mx.x.example') =>
    partnerNote(text, remotesOf(cubeOf([{ tls, count: 2, remote }]), {})[0], 'inbound', 'UTC', 0);
  it('says what was seen, when, and what to change', () => {
    const day = 'Mar 19, 2024,';
    assert.match(
      note(TlsCode.none).replaceAll(day, 'DAY'),
      /received 2 messages from mx\.x\.example between DAY 12:00.PM and DAY 12:01.PM \(UTC\)\.\nTLS used: No TLS 100%\.\n\n.*clear text/,
    );
    assert.match(note(TlsCode.tls10), /RFC 8996/);
    assert.match(note(TlsCode.tls13), /Nothing has to be changed/);
    assert.ok(note(TlsCode.none, 'a\u202eb.example').includes('a\\u{202e}b.example'));
  });
});
