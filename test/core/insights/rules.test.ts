/** Every rule, by its case; those that compare shares, against exact fractions. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { judgeCube } from '../../../src/core/insights/judge';
import { rules, type InsightId } from '../../../src/core/insights/index';
import type { Limits } from '../../../src/core/insights/insight';
import { isWeakCipher } from '../../../src/core/insights/rules/weak-ciphers';
import { DirectionCode, FaultCode, OutcomeCode, TlsCode } from '../../../src/core/model';
import { summarise } from '../../../src/core/report/query';
import { cubeOf, inWeek, type Mail } from './build';
import { cases, strong, weak } from './cases';

/** The rules that compare a share with their threshold. */
const shares = rules.flatMap(({ id, setting }) => {
  const { share } = cases[id];
  return share ? [{ id, setting, share }] : [];
});

const count = fc.oneof(fc.nat(4), fc.nat(1000), fc.integer({ min: 0, max: 2 ** 40 }));
const mail: fc.Arbitrary<Mail> = fc.record({
  connector: fc.constantFrom(undefined, 'partner', 'submission'),
  direction: fc.constantFrom(DirectionCode.inbound, DirectionCode.outbound, DirectionCode.internal),
  outcome: fc.constantFrom(
    OutcomeCode.accepted,
    OutcomeCode.accepted,
    OutcomeCode.accepted,
    OutcomeCode.deferred,
    OutcomeCode.bounced,
    OutcomeCode.rejected,
  ),
  tls: fc.nat(7) as fc.Arbitrary<TlsCode>,
  fault: fc.constantFrom(
    FaultCode.none,
    FaultCode.none,
    FaultCode.clearAfterFailedHandshake,
    FaultCode.requiredTlsNotMet,
  ),
  cipher: fc.constantFrom(undefined, ...weak, ...strong),
  count,
});

/** Part and base of a share, summed straight from the mail. */
function fraction(id: InsightId, all: readonly Mail[]): [bigint, bigint] {
  const { part, of } = cases[id].share!;
  const sum = (counts: (mail: Mail) => boolean) =>
    all.reduce((total, m) => (counts(m) ? total + BigInt(m.count) : total), 0n);
  return [sum(part), sum(of)];
}

/** Insights as `id|connector|direction|part|base`, sorted. */
function found(all: readonly Mail[], limits: Limits): string[] {
  const cube = cubeOf(all);
  return judgeCube(cube, {}, summarise(cube), limits)
    .insights.map((i) => [i.id, i.connector, i.direction, i.messages, i.of].join('|'))
    .sort();
}

describe('the rule of', () => {
  for (const { id, setting } of rules) {
    const { mail, baseline, threshold, says, silentAt } = cases[id];
    it(`${id} finds what it counts, says so, and is silent at ${silentAt}`, () => {
      assert.deepEqual(inWeek(mail, { [setting]: threshold }, baseline), [says]);
      assert.deepEqual(inWeek(mail, { [setting]: silentAt }, baseline), []);
      assert.deepEqual(inWeek(mail, {}, baseline), []);
    });
  }
  it('every insight has its own id, setting and place in lists', () => {
    for (const key of ['id', 'setting', 'order'] as const)
      assert.equal(new Set(rules.map((rule) => rule[key])).size, rules.length, key);
    for (const { covers } of rules) assert.ok(covers === undefined || rules.some(({ id }) => id === covers), covers);
  });
});

describe('rules about shares @slow', () => {
  it('agree with exact fractions on ten thousand cubes @slow', () => {
    fc.assert(
      fc.property(
        fc.array(mail, { maxLength: 24 }),
        fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: shares.length, maxLength: shares.length }),
        (all, hundredths) => {
          const limits = Object.fromEntries(shares.map(({ setting }, i) => [setting, hundredths[i] / 100])) as Limits;
          const expected: string[] = [];
          for (const connector of [undefined, 'partner', 'submission'])
            for (const [direction, code] of [
              ['inbound', DirectionCode.inbound],
              ['outbound', DirectionCode.outbound],
            ] as const) {
              const own = all.filter((m) => m.connector === connector && m.direction === code);
              for (const [i, { id }] of shares.entries()) {
                const [part, of] = fraction(id, own);
                if (of > 0n && part * 10_000n > BigInt(hundredths[i]) * of)
                  expected.push([id, connector ?? null, direction, part, of].join('|'));
              }
            }
          assert.deepEqual(found(all, limits), expected.sort());
        },
      ),
      { numRuns: 10_000 },
    );
  });

  for (const { id, setting, share } of shares) {
    const counted = cases[id].mail.find(share.part)!;
    const other = cases[id].mail.find((one) => share.of(one) && !share.part(one))!;
    it(`${id} does not fire at a tie of any size, and does with one message more`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 9_999 }), fc.integer({ min: 1, max: 2 ** 38 }), (hundredths, k) => {
          const fires = (part: number) =>
            found(
              [
                { ...counted, count: part },
                { ...other, count: k * (10_000 - hundredths) },
              ],
              { [setting]: hundredths / 100 },
            ).length > 0;
          return !fires(k * hundredths) && fires(k * hundredths + 1);
        }),
        { numRuns: 500 },
      );
    });
  }
  it('are all off without a threshold', () => {
    fc.assert(
      fc.property(fc.array(mail, { maxLength: 24 }), (all) => found(all, {}).length === 0),
      { numRuns: 200 },
    );
  });
  it('lead to the first line that counts', () => {
    const all: Mail[] = [
      { count: 3, cipher: strong[0] },
      { count: 0, cipher: weak[1], tls: TlsCode.tls12 },
      { count: 1, cipher: weak[1], tls: TlsCode.tls11 },
      { count: 5, tls: TlsCode.unknown },
      { count: 2, fault: FaultCode.requiredTlsNotMet, outcome: OutcomeCode.rejected },
    ];
    const cube = cubeOf(all);
    const lines = Object.fromEntries(
      judgeCube(cube, {}, summarise(cube), { weakCiphers: 0, tlsNotLogged: 0, requiredTls: 0, tls11: 0 }).insights.map(
        (i) => [i.id, i.place.line],
      ),
    );
    assert.deepEqual([lines['tls-not-logged'], lines['required-tls-not-met'], lines['tls1.1-share']], [4, 5, 3]);
  });

  it('do not lead to a suite that no message has', () => {
    const cube = cubeOf([
      { count: 0, cipher: weak[0] },
      { count: 1, cipher: strong[0] },
      { count: 1, cipher: weak[1] },
    ]);
    const { insights } = judgeCube(cube, {}, summarise(cube), { weakCiphers: 0 });
    assert.deepEqual(
      insights.map(({ messages, of, place }) => [messages, of, place.line]),
      [[1, 2, 3]],
    );
  });
});

describe('weak cipher suites', () => {
  for (const name of [
    'RC4-SHA',
    'ECDHE-RSA-RC4-SHA',
    'DES-CBC3-SHA',
    'EDH-RSA-DES-CBC3-SHA',
    'EXP-RC4-MD5',
    'EXP1024-DES-CBC-SHA',
    'NULL-SHA256',
    'ECDHE-RSA-NULL-SHA',
    'ADH-AES256-GCM-SHA384',
    'AECDH-AES128-SHA',
    'DES-CBC-SHA',
    'TLS_RSA_WITH_RC4_128_SHA',
    'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
    'TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5',
    'TLS_DH_anon_WITH_AES_128_CBC_SHA',
    'TLS_ECDH_anon_WITH_NULL_SHA',
    'SSL_RSA_EXPORT_WITH_DES40_CBC_SHA',
    'TLS_NULL_WITH_NULL_NULL',
    'TLS_SHA256_SHA256',
    'RSA_ARCFOUR_SHA1',
    'TLS_RSA_ARCFOUR_128_MD5',
    'DHE_RSA_3DES_EDE_CBC_SHA1',
    'TLS_DH_ANON_AES_128_CBC_SHA1',
    'ECDHE_ANON_AES_256_CBC_SHA1',
    'ANON-ECDH',
    'RSA_NULL_SHA1',
    'CALG_RC4',
    'CALG_RC4/CALG_RSA_KEYX/CALG_MD5',
    'CALG_3DES/CALG_ECDHE/CALG_SHA1',
    'CALG_DES',
    'CALG_RC2',
    'CALG_3DES_112',
  ])
    it(`${name} is one`, () => assert.ok(isWeakCipher(name)));
  for (const name of [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'DHE-RSA-AES256-SHA',
    'AES128-SHA',
    'TLS_RSA_WITH_AES_128_CBC_SHA',
    'ECDHE_RSA_AES_256_GCM_SHA384',
    'ECDHE_SECP256R1__RSA_PSS_RSAE_SHA256__AES_256_GCM',
    'TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384',
    'CALG_AES_256/CALG_ECDHE/CALG_SHA_384',
    'CALG_AES_128',
    '(other)',
    'unknown',
    '',
  ])
    it(`${name || 'nothing'} is none`, () => assert.ok(!isWeakCipher(name)));
});
