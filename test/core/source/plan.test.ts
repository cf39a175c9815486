import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Plan, type PieceRange } from '../../../src/source/plan';

describe('the plan of who reads what', () => {
  it('has every piece read once, however fast each reader is and whichever dies', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.infiniteStream(fc.nat(99)),
        (pieces, readers, chance) => {
          const plan = new Plan(pieces, readers),
            read = new Array<number>(pieces).fill(0);
          const next = () => chance.next().value as number;
          let deaths = 3;
          const shares: (PieceRange | undefined)[] = Array.from({ length: readers }, () => plan.take());
          while (shares.some((share) => share !== undefined)) {
            const reader = next() % readers,
              share = shares[reader];
            if (!share) {
              shares[reader] = plan.take();
              continue;
            }
            if (deaths > 0 && next() < 5) {
              deaths--;
              for (let i = share.from; i < share.next; i++) read[i]--;
              plan.again(share);
              shares[reader] = undefined;
            } else if (share.next < share.to) read[share.next++]++;
            else shares[reader] = plan.take();
          }
          for (let share = plan.take(); share; share = plan.take()) while (share.next < share.to) read[share.next++]++;
          assert.deepEqual(read, new Array<number>(pieces).fill(1));
        },
      ),
    );
  });

  it('lets a reader that is done take over the rear half of the longest share', () => {
    const plan = new Plan(16, 2),
      [first, second] = [plan.take()!, plan.take()!];
    first.next = first.to;
    second.next = 10;
    assert.deepEqual(plan.take(), { from: 13, next: 13, to: 16 });
    assert.equal(second.to, 13);
    assert.equal(plan.take(), undefined, 'what is nearly done');
  });
});
