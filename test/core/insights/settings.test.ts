/** The settings of insights, as the extension and the command line read them. */
import assert from 'node:assert/strict';
import { rules } from '../../../src/core/insights/index';
import { checkLimits } from '../../../src/core/insights/settings';

const today = '2026-06-15';
const check = (settings: Record<string, unknown>) => checkLimits((key) => settings[key], today);

describe('settings of insights', () => {
  it('give the two original insights when nothing is set', () => {
    const { limits, errors, notes } = check({});
    assert.deepEqual(
      [Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)), errors, notes],
      [{ noTls: 25, tls10: 50 }, [], []],
    );
  });
  it('take a threshold in the range of each rule, and null for off', () => {
    for (const { setting, least, most, default: usual } of rules) {
      const key = `insights.${setting}.threshold`;
      for (const value of [least, most]) assert.equal(check({ [key]: value }).limits[setting], value);
      assert.equal(check({ [key]: null }).limits[setting], undefined);
      for (const value of [least - 0.01, most + 1, NaN, '25', true, {}]) {
        const { limits, errors } = check({ [key]: value });
        assert.deepEqual([limits[setting], errors.map((error) => error.key)], [usual ?? undefined, [key]]);
        assert.ok(errors[0].message.includes(`${least} to ${most}`));
      }
    }
  });
  it('take a minimum volume for each rule that compares shares', () => {
    const key = 'insights.noTls.minimumMessages';
    assert.deepEqual(check({ [key]: 50 }).limits.minimum, { noTls: 50 });
    assert.equal(check({ [key]: 1 }).limits.minimum, undefined);
    for (const value of [0, -1, 1.5, 1e9 + 1, '9', null])
      assert.deepEqual([check({ [key]: value }).limits.minimum, check({ [key]: value }).errors.length], [undefined, 1]);
    assert.equal(check({ 'insights.connectorSilent.minimumMessages': 5 }).limits.minimum, undefined);
  });
  it('take severities', () => {
    assert.deepEqual(check({ 'insights.severity': { 'weak-ciphers': 'error' } }).limits.severity, {
      'weak-ciphers': 'error',
    });
    for (const value of [[], 'error', { 'weak-ciphers': 'fatal' }, { other: 'error' }])
      assert.deepEqual(
        check({ 'insights.severity': value }).errors.map(({ key }) => key),
        ['insights.severity'],
      );
  });
  it('take overrides whole or not at all, and tell of those that have expired', () => {
    const good = {
      connector: 'partner',
      insight: 'no-tls-over-25',
      threshold: 60,
      reason: 'Agreed',
      until: '2026-12-31',
    };
    assert.equal(check({ 'insights.overrides': [good] }).limits.overrides?.length, 1);
    const wrong = check({ 'insights.overrides': [good, { ...good, connector: 7 }] });
    assert.deepEqual([wrong.limits.overrides, wrong.errors.map(({ key }) => key)], [undefined, ['insights.overrides']]);
    const expired = check({ 'insights.overrides': [{ ...good, until: '2026-01-01' }] });
    assert.deepEqual([expired.limits.overrides, expired.errors, expired.notes.length], [undefined, [], 1]);
  });
});
