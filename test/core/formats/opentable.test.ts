import assert from 'node:assert/strict';
import fc from 'fast-check';
import { OpenTable } from '../../../src/core/formats/shared/opentable';

describe('what is open in a log', () => {
  const key = fc.tuple(
    fc.integer({ min: -2, max: 2 }),
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 1 }),
    fc.constantFrom(-1, 1 << 30),
  );

  it('is what was set and not deleted, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.boolean()), { maxLength: 2000 }), (steps) => {
        const table = new OpenTable<{ n: number }>(1000, () => assert.fail('nothing has to make room'));
        const model = new Map<string, { n: number }>();
        steps.forEach(([k, removes], n) => {
          if (removes) {
            table.delete(...k);
            model.delete(k.join());
          } else {
            table.set(...k, { n });
            model.set(k.join(), { n });
          }
          assert.deepEqual(table.get(...k), model.get(k.join()));
          assert.equal(table.size, model.size);
        });
        assert.deepEqual(
          table
            .entries()
            .map(([a, b, c, d, value]) => [[a, b, c, d].join(), value])
            .sort(),
          [...model].sort(),
        );
      }),
    );
  });
  it('keeps the others where those are swept out of which nothing matters any more', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 500 }), fc.integer({ min: -2, max: 2 }), (keys, gone) => {
        const table = new OpenTable<{ odd: boolean }>(1000, () => assert.fail('nothing has to make room')),
          model = new Map<string, { odd: boolean }>();
        keys.forEach((k, n) => {
          table.set(...k, { odd: n % 2 === 1 });
          model.set(k.join(), { odd: n % 2 === 1 });
        });
        table.sweep(({ odd }, a) => odd && a === gone);
        for (const [k, { odd }] of [...model]) if (odd && k.startsWith(`${gone},`)) model.delete(k);
        assert.equal(table.size, model.size);
        for (const k of keys) assert.deepEqual(table.get(...k), model.get(k.join()));
      }),
    );
  });
  it('stays within its limit, and says who made room', () => {
    const gone: number[] = [];
    const table = new OpenTable<{ n: number }>(300, ({ n }) => gone.push(n));
    for (let n = 0; n < 5000; n++) {
      table.set(n, 0, 0, 0, { n });
      if (n % 3 === 0) table.delete(n, 0, 0, 0);
    }
    assert.ok(table.size <= 300);
    const left = table.entries().map(([a]) => a);
    assert.equal(new Set([...gone, ...left]).size, gone.length + left.length);
    assert.equal(gone.length + left.length, 5000 - Math.ceil(5000 / 3));
    assert.ok(Math.min(...left) > 5000 - 4 * 300, 'the newest stay');
  });
});
