/** The edges of a period: its first moment belongs to it and its last does not, in every figure alike. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bucketStart } from '../../../src/core/cube/cube';
import { FigureTest, lookUp } from '../../../src/core/drilldown/figure';
import { DirectionCode, TlsCode } from '../../../src/core/model';
import { RemotesOfConnectors } from '../../../src/core/report/connectorremotes';
import { resolvePeriod } from '../../../src/core/report/period';
import { knownTls, protectedByTls, spanOf, summarise, type Filter } from '../../../src/core/report/query';
import { remotesOf } from '../../../src/core/report/remotes';
import { allSteps } from '../../../src/core/report/timeslices';
import { Zone } from '../../../src/core/text/zone';
import { cubeOf } from '../insights/build';

const minute = 60_000;
const midnight = Date.UTC(2026, 0, 20);

/** A message in each of these minutes, counted from midnight. */
function messagesAt(...minutes: number[]) {
  return cubeOf(minutes.map((at) => ({ count: 1, time: midnight + at * minute + 59_999 })));
}

/** What each way of counting finds in a period. */
function countsIn(cube: ReturnType<typeof messagesAt>, filter: Filter): Record<string, number> {
  const sum = (counts: { messages: number }[]) => counts.reduce((all, { messages }) => all + messages, 0);
  const remotes = allSteps(RemotesOfConnectors.indexing(cube, filter));
  return {
    summary: summarise(cube, filter).inbound.messages,
    remotes: sum(remotesOf(cube, filter, 10)),
    remotesOfConnectors: sum(remotes.of(null, 'inbound', 10)),
    places: lookUp(cube, filter).messages,
  };
}

/** The same count in all of them. */
const all = (count: number) => ({
  summary: count,
  remotes: count,
  remotesOfConnectors: count,
  places: count,
});

describe('a period', () => {
  const day = { from: midnight, to: midnight + 1440 * minute };

  it('takes in its first minute and not its last', () => {
    for (const [at, count] of [
      [-1, 0],
      [0, 1],
      [1439, 1],
      [1440, 0],
    ] as const)
      assert.deepEqual(countsIn(messagesAt(at), day), all(count), `minute ${at}`);
  });

  it('that begins or ends within a minute takes in all of it', () => {
    const cube = messagesAt(9, 10, 11, 12);
    const within = { from: midnight + 10 * minute + 1, to: midnight + 11 * minute + 1 };
    assert.deepEqual(countsIn(cube, within), all(2));
    assert.deepEqual(countsIn(cube, { ...within, to: within.to - 1 }), all(1));
  });

  it('counts what counting one by one finds, whatever its edges', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 12 }), fc.nat(), fc.nat(), (minutes, a, b) => {
        const cube = messagesAt(...minutes);
        // An edge is just before, at or just after the beginning of a minute with mail, or of the next.
        const edge = (n: number) => midnight + (minutes[n % minutes.length] + (n % 2)) * minute + ((n % 3) - 1);
        const filter = { from: Math.min(edge(a), edge(b)), to: Math.max(edge(a), edge(b)) };
        const first = Math.floor(filter.from / minute) * minute;
        const within = minutes.map((at) => midnight + at * minute).filter((at) => at >= first && at < filter.to);
        assert.deepEqual(countsIn(cube, filter), all(within.length));
      }),
    );
  });

  it('of the lines behind a figure ends where that of the figure ends', () => {
    const test = new FigureTest({ from: midnight, to: midnight + 10 * minute }, 1);
    const first = midnight / minute;
    assert.deepEqual(
      [-1, 0, 9, 10].map((at) => test.minute(first + at)),
      [false, true, true, false],
    );
  });

  it('is that of mail that is not internal, from its first minute to the end of its last', () => {
    const at = (hour: number, direction: DirectionCode) => ({
      count: 1,
      direction,
      time: midnight + hour * 60 * minute,
    });
    const cube = cubeOf([
      at(1, DirectionCode.internal),
      at(2, DirectionCode.inbound),
      at(3, DirectionCode.outbound),
      at(4, DirectionCode.internal),
    ]);
    const span = { from: midnight + 120 * minute, to: midnight + 181 * minute };
    assert.deepEqual(spanOf(cube), span);
    assert.deepEqual(summarise(cube).period, span);
  });

  it('is read from dates with a zone of their own, or else by the clock of the reader', () => {
    const kathmandu = new Zone('Asia/Kathmandu');
    const read = (from: string) =>
      resolvePeriod({ from }, messagesAt(0), { zone: kathmandu, formats: [], spans: [] }).from! - midnight;
    assert.equal(read('2026-01-20T00:00:00Z'), 0);
    assert.equal(read('2026-01-20T02:00:00+02:00'), 0);
    assert.equal(read('2026-01-20T00:00'), -345 * minute);
    assert.equal(read('2026-01-20'), -345 * minute);
  });
});

describe('time buckets', () => {
  it('begin at or before their minutes, also before 1970', () => {
    assert.deepEqual(
      [-61, -60, -1, 0, 59, 60].map((at) => bucketStart(at, 60)),
      [-120, -60, -60, 0, 0, 60],
    );
  });
});

describe('shares', () => {
  it('are of mail whose TLS is known, and what went in clear was not protected', () => {
    const { tls } = summarise(
      cubeOf(
        [TlsCode.none, TlsCode.ssl30, TlsCode.tls13, TlsCode.tls, TlsCode.unknown].map((tls) => ({ tls, count: 3 })),
      ),
    ).inbound;
    assert.equal(knownTls(tls), 12);
    assert.equal(protectedByTls(tls), 9);
  });
});
