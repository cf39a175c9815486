/** Exceptions per connector: what they may say, and that they never change a figure unseen. */
import assert from 'node:assert/strict';
import { checkOverrides, unknownConnectors } from '../../../src/core/insights/overrides';
import { judgeCube } from '../../../src/core/insights/judge';
import type { Limits } from '../../../src/core/insights/insight';
import { DirectionCode, TlsCode } from '../../../src/core/model';
import { summarise } from '../../../src/core/report/query';
import { cubeOf, type Mail } from './build';

const today = '2026-06-15';
const good = {
  connector: 'partner',
  insight: 'no-tls-over-25',
  threshold: 60,
  reason: 'Agreed with the partner',
  until: '2026-12-31',
};
const errorsOf = (...list: unknown[]) => checkOverrides(list, today).errors.map(({ message }) => message);

const all: Mail[] = [
  { connector: 'partner', tls: TlsCode.none, count: 50 },
  { connector: 'partner', tls: TlsCode.tls13, count: 50 },
  { connector: 'partner', direction: DirectionCode.outbound, tls: TlsCode.none, count: 50 },
  { connector: 'partner', direction: DirectionCode.outbound, tls: TlsCode.tls13, count: 50 },
  { tls: TlsCode.tls10, count: 9 },
];
function judged(list: unknown[], limits: Limits = { noTls: 25, tls10: 50 }, day = today) {
  const cube = cubeOf(all),
    { overrides, errors } = checkOverrides(list, today);
  assert.deepEqual(errors, []);
  const { insights, ignored } = judgeCube(cube, {}, summarise(cube), { ...limits, overrides }, undefined, day);
  const text = (i: { id: string; connector: string | null; direction: string; threshold: number }) =>
    [i.id, i.connector, i.direction, i.threshold].join('|');
  return { insights: insights.map(text), ignored: ignored.map(({ insight }) => text(insight)) };
}

describe('overrides', () => {
  it('move the threshold of one connector, direction and insight', () => {
    assert.deepEqual(judged([good]).insights, ['tls1.0-above-50||inbound|50']);
    assert.deepEqual(judged([{ ...good, direction: 'inbound' }]).insights, [
      'no-tls-over-25|partner|outbound|25',
      'tls1.0-above-50||inbound|50',
    ]);
    assert.deepEqual(judged([{ ...good, threshold: 40 }]).insights, [
      'no-tls-over-25|partner|inbound|40',
      'no-tls-over-25|partner|outbound|40',
      'tls1.0-above-50||inbound|50',
    ]);
    assert.deepEqual(judged([{ ...good, connector: null, insight: 'tls1.0-above-50', threshold: 100 }]).insights, [
      'no-tls-over-25|partner|inbound|25',
      'no-tls-over-25|partner|outbound|25',
    ]);
  });
  it('turn a rule on for one connector where it is off for all', () =>
    assert.deepEqual(judged([{ ...good, threshold: 10 }], {}).insights, [
      'no-tls-over-25|partner|inbound|10',
      'no-tls-over-25|partner|outbound|10',
    ]));
  it('silence an insight, or all of a connector, and name what they silence', () => {
    const { threshold, insight, ...ignore } = { ...good, ignore: true };
    assert.deepEqual([threshold, insight], [60, 'no-tls-over-25']);
    assert.deepEqual(judged([ignore]), {
      insights: ['tls1.0-above-50||inbound|50'],
      ignored: ['no-tls-over-25|partner|inbound|25', 'no-tls-over-25|partner|outbound|25'],
    });
    assert.deepEqual(judged([{ ...ignore, insight: 'tls1.0-above-50' }]).ignored, []);
  });
  it('hold through their last day, and not the day after', () => {
    assert.deepEqual(judged([good], undefined, '2026-12-31').insights.length, 1);
    assert.deepEqual(judged([good], undefined, '2027-01-01').insights.length, 3);
  });
  it('are named when they have expired, and not applied', () => {
    const { overrides, errors, expired } = checkOverrides([{ ...good, until: '2026-06-14' }, good], today);
    assert.deepEqual([overrides.length, errors], [1, []]);
    assert.deepEqual(expired, [
      { at: [0, 'until'], message: 'Override 1 (partner) expired on 2026-06-14 and is not applied.' },
    ]);
    assert.deepEqual(checkOverrides([{ ...good, until: today }], today).expired, []);
  });
  it('may not overlap: neither is the right one', () => {
    const other = { ...good, threshold: 70 };
    assert.deepEqual(errorsOf(good, other), ['Overrides 1 and 2 are about the same connector and insight.']);
    assert.equal(errorsOf(good, { ...other, direction: 'inbound' }).length, 1);
    assert.equal(errorsOf({ ...good, threshold: undefined, insight: undefined, ignore: true }, other).length, 1);
    assert.deepEqual(errorsOf({ ...good, direction: 'outbound' }, { ...other, direction: 'inbound' }), []);
    assert.deepEqual(
      errorsOf(
        good,
        { ...other, insight: 'tls1.0-above-50' },
        { ...other, connector: null },
        { ...other, connector: 'Partner' },
      ),
      [],
    );
  });
  it('say what is wrong with them', () => {
    for (const [wrong, sentence] of [
      [7, /an object/],
      [null, /an object/],
      [{ ...good, connector: '' }, /"connector"/],
      [{ ...good, connector: undefined }, /"connector"/],
      [{ ...good, direction: 'internal' }, /"direction"/],
      [{ ...good, insight: 'x' }, /"insight" is one of no-tls-over-25/],
      [{ ...good, threshold: 101 }, /from 0 to 100/],
      [{ ...good, threshold: -0.1 }, /from 0 to 100/],
      [{ ...good, threshold: NaN }, /from 0 to 100/],
      [{ ...good, threshold: '60' }, /from 0 to 100/],
      [{ ...good, insight: 'connector-silent', threshold: 0 }, /from 1 to/],
      [{ ...good, insight: undefined }, /needs an "insight"/],
      [{ ...good, threshold: undefined }, /either/],
      [{ ...good, ignore: true }, /either/],
      [{ ...good, ignore: false }, /"ignore"/],
      [{ ...good, reason: ' ' }, /"reason"/],
      [{ ...good, reason: undefined }, /"reason"/],
      [{ ...good, until: '2026-02-30' }, /"until"/],
      [{ ...good, until: 'soon' }, /"until"/],
      [{ ...good, until: undefined }, /"until"/],
    ] as const) {
      const [first, ...more] = errorsOf(wrong);
      assert.match(first, /^Override 1: /, JSON.stringify(wrong));
      assert.match(first, sentence);
      assert.deepEqual(more, []);
    }
    assert.equal(checkOverrides({}, today).errors.length, 1);
  });
  it('for a connector that the logs do not have are named', () => {
    const cube = cubeOf([
      { connector: 'partner', count: 1 },
      { count: 1, direction: DirectionCode.outbound },
      { connector: 'inner', direction: DirectionCode.internal, count: 1 },
    ]);
    const { overrides } = checkOverrides(
      [
        good,
        { ...good, connector: 'gone' },
        { ...good, connector: null, direction: 'inbound' },
        { ...good, connector: null, direction: 'outbound' },
        { ...good, connector: 'inner' },
      ],
      today,
    );
    assert.deepEqual(
      unknownConnectors(overrides, cube).map(({ message }) => /for (.*) applies to nothing/.exec(message)?.[1]),
      ['gone', 'mail without a connector', 'inner'],
    );
  });
});
