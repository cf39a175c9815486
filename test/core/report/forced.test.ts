/** Forced TLS is said of a connector only where it was forced on all of its mail, in the same words everywhere. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ForcedCode, OutcomeCode, TlsCode, UnitCode, DirectionCode } from '../../../src/core/model';
import { summarise } from '../../../src/core/report/query';
import { exportReport } from '../../../src/export/formats';
import { summaryText } from '../../../src/export/summary';
import { forcedText } from '../../../src/presentation/rows';
import { Text } from '../../../src/presentation/text';
import { means, reportOf } from '../export/make';
import { cubeOf, noon, type Kind } from '../webview/make';

const yes = ForcedCode.yes;
const no = ForcedCode.no;
const unknown = ForcedCode.unknown;
const out = (forced: ForcedCode, remote: string, more: Partial<Kind> = {}): Kind => ({
  connector: 'relay',
  direction: DirectionCode.outbound,
  tls: TlsCode.tls13,
  forced,
  remote,
  count: 1,
  time: noon,
  ...more,
});
const english = new Text('en', {}, 'UTC');

/** The words for the connector. */
function words(kinds: readonly Kind[], filter = {}): string {
  const [connector] = summarise(cubeOf(kinds), filter).connectors;
  return forcedText(english, connector);
}

describe('forced TLS', () => {
  it('is true where it was forced on every message and attempt', () => {
    const kinds = [out(yes, 'a'), out(yes, 'b', { outcome: OutcomeCode.deferred })];
    assert.equal(words(kinds), 'True');
    for (const other of [no, unknown])
      for (const outcome of [OutcomeCode.accepted, OutcomeCode.deferred, OutcomeCode.bounced, OutcomeCode.rejected])
        assert.equal(words([...kinds, out(other, 'c', { outcome })]), 'For some destinations (2 hosts)');
  });
  it('is for some senders, and is not known or false without any', () => {
    const inbound = { direction: DirectionCode.inbound };
    assert.equal(words([out(yes, 'a', inbound), out(unknown, 'b', inbound)]), 'For some senders (1 host)');
    assert.equal(words([out(unknown, 'a')]), '');
    assert.equal(words([out(unknown, 'a'), out(no, 'b')]), 'False');
  });
  it('is what a row without a message states, until there is one', () => {
    assert.equal(words([out(yes, '', { count: 0 })]), 'True');
    assert.equal(words([out(unknown, '', { count: 0 }), out(yes, 'a')]), 'True');
    assert.equal(words([out(yes, '', { count: 0 }), out(unknown, 'a')]), '');
  });
  it('goes by the period, the direction and the unit', () => {
    const before = { time: noon - 86_400_000 };
    const kinds = [out(unknown, 'a', before), out(yes, 'b'), out(yes, 'c', { unit: UnitCode.session })];
    const today = { from: noon - 3_600_000, to: noon + 60_000 };
    assert.equal(words(kinds, today), 'True');
    assert.equal(words(kinds), 'For some destinations (1 host)');
    assert.equal(
      words([out(no, 'a', { direction: DirectionCode.inbound }), out(yes, 'b')], { directions: ['outbound'] }),
      'True',
    );
  });
  it('counts the hosts as a set does', () => {
    const kind = fc.record({ forced: fc.constantFrom(yes, no, unknown), remote: fc.constantFrom('a', 'b', 'c', 'd') });
    fc.assert(
      fc.property(fc.array(kind, { minLength: 1, maxLength: 12 }), (all) => {
        const [{ forcedTls, forcedHosts }] = summarise(
          cubeOf(all.map(({ forced, remote }) => out(forced, remote))),
        ).connectors;
        const under = all.filter(({ forced }) => forced === yes);
        const partly = under.length > 0 && under.length < all.length;
        assert.equal(forcedHosts, partly ? new Set(under.map(({ remote }) => remote)).size : 0);
        assert.equal(forcedTls === true, under.length === all.length);
        if (partly) assert.equal(forcedTls, null);
      }),
    );
  });
  it('reads the same in every export, in both languages', async () => {
    const report = reportOf([out(yes, 'a'), out(yes, 'b'), out(unknown, 'c')]);
    for (const format of ['csv', 'markdown', 'html'] as const)
      assert.ok((await exportReport(format, report, means())).includes('For some destinations (2 hosts)'), format);
    assert.ok(summaryText(report).includes('For some destinations (2 hosts)'));
    const json = JSON.parse(await exportReport('json', report, means())) as {
      connectors: { forcedTls: unknown; forcedTlsHosts?: number }[];
    };
    assert.deepEqual([json.connectors[0].forcedTls, json.connectors[0].forcedTlsHosts], [null, 2]);
    const italian = new Text(
      'it',
      { 'For some destinations ({0} hosts)': 'Per alcune destinazioni ({0} host)' },
      'UTC',
    );
    assert.ok(
      (await exportReport('csv', report, means({ text: italian }))).includes('Per alcune destinazioni (2 host)'),
    );
  });
});
