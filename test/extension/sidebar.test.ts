import { deepEqual, equal, match } from 'node:assert/strict';
import { commands, type TreeItem } from 'vscode';
import { OutcomeCode, DirectionCode, TlsCode } from '../../src/core/model';
import type { Api } from '../../src/host/start';
import { inOrder, matching } from '../../src/host/tree/order';
import { cubeOf, noon } from '../core/insights/build';
import { activate, analysisOf, clear, samplePath, set, until } from './window';

type Node = ReturnType<Api['connectors']['getChildren']>[number];

describe('The list of connectors', () => {
  let api: Api;
  before(async () => {
    api = await activate();
    await set('timeZone', 'UTC');
    await api.openFiles.open([samplePath], 'user');
  });
  after(async () => {
    await commands.executeCommand('mailFlow.clearConnectorFilter');
    await commands.executeCommand('mailFlow.sortConnectorsByVolume');
    await set('timeZone', undefined);
    await clear(api);
  });
  const item = (node: Node): TreeItem => api.connectors.getTreeItem(node);
  const labels = (nodes: Node[]) => nodes.map((node) => item(node).label);
  const under = (root: number) => labels(api.connectors.getChildren(api.connectors.getChildren()[root]));

  it('is sorted by volume, or by the share without TLS', async () => {
    deepEqual(under(1), ['To the internet without a connector', 'partner-out', 'relay']);
    await commands.executeCommand('mailFlow.sortConnectorsByShare');
    equal(under(1)[0], 'partner-out');
    await commands.executeCommand('mailFlow.sortConnectorsByVolume');
    equal(under(1)[0], 'To the internet without a connector');
  });

  it('is filtered by a part of the name, whatever its case, until the filter is cleared', async () => {
    api.choice.filter('PARTNER');
    deepEqual([labels(api.connectors.getChildren()), under(0)], [['Outbound'], ['partner-out']]);
    await commands.executeCommand('mailFlow.clearConnectorFilter');
    deepEqual(labels(api.connectors.getChildren()), ['Inbound', 'Outbound', 'Internal']);
  });

  it('says what to do about an insight, and reads the whole row out', () => {
    const outbound = api.connectors
      .getChildren(api.connectors.getChildren()[1])
      .find((node) => item(node).label === 'partner-out')!;
    const [insight] = api.connectors.getChildren(outbound).map(item);
    match(insight.tooltip as string, /Turn on opportunistic TLS for outbound mail/);
    equal(insight.accessibilityInformation?.label, 'No TLS is over 25%, 33.3%');
  });

  it('has a connector of which there is nothing left but an insight', async () => {
    await set('insights.connectorSilent.threshold', 1);
    await until('the setting arrives', () => api.store.state.settings.limits.connectorSilent === 1);
    const day = 86_400_000;
    const cube = cubeOf([
      { connector: 'gone', count: 5, time: noon - 10 * day },
      { connector: 'oldest', count: 1, time: noon - 20 * day },
      { connector: 'there', count: 1 },
    ]);
    try {
      api.store.update({ analysis: analysisOf(cube) });
      await api.store.settled();
      deepEqual(under(0), ['there', 'gone']);
      const gone = api.connectors.getChildren(api.connectors.getChildren()[0])[1];
      deepEqual(labels(api.connectors.getChildren(gone)), ['The connector has gone silent']);
    } finally {
      await set('insights.connectorSilent.threshold', undefined);
      await api.openFiles.open([samplePath], 'user');
    }
  });
});

describe('The status bar', () => {
  let api: Api;
  before(async () => {
    api = await activate();
    await set('timeZone', 'UTC');
  });
  after(async () => {
    await set('timeZone', undefined);
    await clear(api);
  });

  it('has period, volume, protected share and insights while there is a report, and nothing else', async () => {
    equal(api.statusBar.text, undefined);
    await api.openFiles.open([samplePath], 'user');
    // It follows the report a quarter of a second later at most, and has that of the test before until then.
    await until('the figures of all that was read', () =>
      /^\$\(warning\) Nov\s\d+\s–\s\d+,\s2026 · \d+ messages · [\d.]+% protected · 2 insights$/.test(
        api.statusBar.text ?? '',
      ),
    );
    await clear(api);
    equal(api.statusBar.text, undefined);
  });
});

describe('The order of connectors', () => {
  const cube = [
    { connector: 'large', count: 100, tls: TlsCode.tls13 },
    { connector: 'half', count: 2, tls: TlsCode.none },
    { connector: 'half', count: 2 },
    { connector: 'old', count: 3, tls: TlsCode.tls10 },
    { connector: 'old', count: 3 },
    { connector: 'dark', count: 50, tls: TlsCode.unknown },
    { connector: 'none', count: 1, tls: TlsCode.none },
    { connector: 'bounced', count: 9, outcome: OutcomeCode.bounced, direction: DirectionCode.inbound },
  ];
  it('by share has the least protected first, and those of which nothing is known last', async () => {
    const { summarise } = await import('../../src/core/report/query');
    const { connectors } = summarise(cubeOf(cube));
    const names = (order: 'volume' | 'share') => inOrder(connectors, order).map(({ name }) => name);
    deepEqual(names('volume'), ['large', 'dark', 'old', 'half', 'none', 'bounced']);
    deepEqual(names('share'), ['none', 'half', 'old', 'large', 'dark', 'bounced']);
    deepEqual(
      matching(connectors, ' A ', ({ name }) => name!).map(({ name }) => name),
      ['large', 'dark', 'half'],
    );
  });
});
