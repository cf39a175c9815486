/** One mail server of several: what the page shows of it is what a report of its mail alone would show. */
import assert from 'node:assert/strict';
import { TlsCode, UnitCode } from '../../../src/core/model';
import { readMessage } from '../../../webview/messages';
import { Report } from '../../../webview/report';
import { choosableServers, chosenServer, ofServer } from '../../../webview/servers';
import { firstState, restoreState } from '../../../webview/state';
import { cubeOf, noon, snapshotOf, type Kind } from './make';

const day = 86_400_000;
const mx1: Kind[] = [
  { tls: TlsCode.none, count: 3, server: 'mx1', connector: 'a' },
  { tls: TlsCode.tls13, count: 1, server: 'mx1', connector: 'a', time: noon - 20 * day },
];
const mx2: Kind[] = [{ tls: TlsCode.tls13, count: 5, server: 'MX2', connector: 'a', time: noon - 9 * day }];
const unnamed: Kind[] = [{ tls: TlsCode.tls12, count: 7, connector: 'b' }];

describe('a mail server on the page', () => {
  it('can be chosen where lines name several', () => {
    const servers = (...kinds: Kind[][]) => choosableServers(snapshotOf(cubeOf(kinds.flat())).analysis);
    assert.deepEqual(servers(mx2, mx1), ['mx1', 'MX2']);
    assert.deepEqual(servers(unnamed, mx2, mx1), ['mx1', 'MX2', null]);
    for (const one of [servers(), servers(mx1), servers(mx1, unnamed), servers(unnamed)]) assert.deepEqual(one, []);
  });

  it('is kept by its name, and is all of them where a log does not have it', () => {
    const { analysis } = snapshotOf(cubeOf([...mx1, ...mx2]));
    assert.equal(chosenServer(analysis, 'MX2'), 'MX2');
    for (const other of ['mx3', null, undefined]) assert.equal(chosenServer(analysis, other), undefined);
    for (const server of ['mx1', null, undefined]) assert.equal(restoreState({ ...firstState, server }).server, server);
    assert.equal(restoreState({ server: 1 }).server, undefined);
  });

  it('has the figures, insights and period of its mail alone', () => {
    const all = snapshotOf(cubeOf([...mx1, ...mx2, ...unnamed]), { period: '7d' });
    for (const [server, kinds] of [
      ['mx1', mx1],
      ['MX2', mx2],
      [null, unnamed],
    ] as const) {
      const own = ofServer(all, server),
        alone = ofServer(snapshotOf(cubeOf(kinds), { period: '7d' }), server);
      const report = new Report(own, UnitCode.message, [server]),
        expected = new Report(alone, UnitCode.message);
      assert.deepEqual([own.from, own.to], [alone.from, alone.to]);
      assert.deepEqual(report.ofDirection('inbound').tls, expected.ofDirection('inbound').tls);
      assert.deepEqual(
        report.insights.map(({ id, messages, of }) => [id, messages, of]),
        expected.insights.map(({ id, messages, of }) => [id, messages, of]),
      );
      assert.deepEqual(report.filter(undefined).servers, [server]);
    }
  });

  it('is compared with no earlier report of all servers', () => {
    const baseline = { from: null, to: null, connectors: [] };
    const all = snapshotOf(cubeOf([...mx1, ...mx2]), { baseline });
    assert.equal(ofServer(all, undefined).baseline, baseline);
    assert.equal(ofServer(all, 'mx1').baseline, undefined);
    const own = { ...baseline, servers: ['MX1'] };
    assert.equal(ofServer({ ...all, baseline: own }, 'mx1').baseline, own);
  });

  it('of a cube without a list of servers is no snapshot', () => {
    const snapshot = snapshotOf(cubeOf(mx1)),
      { servers, ...cube } = snapshot.analysis.cube;
    assert.ok(servers);
    assert.equal(
      readMessage({ type: 'snapshot', snapshot: { ...snapshot, analysis: { ...snapshot.analysis, cube } } }),
      'broken',
    );
  });
});
