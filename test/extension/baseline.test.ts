import { deepEqual, equal, match } from 'node:assert/strict';
import { commands } from 'vscode';
import type { Api } from '../../src/host/start';
import { activate, clear, set, until, useFolder } from './window';

const delivery = (n: number, tls: boolean) =>
  `2026-11-24T08:00:00+00:00 mx postfix/smtp[${n}]: ${(0x1000000000 + n).toString(16).toUpperCase()}: ` +
  `to=<r@example.com>, relay=mx.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, tls=may:${tls ? 'TLSv1.3' : 'none'}` +
  ', dsn=2.0.0, status=sent (250 ok)\n';

describe('The baseline', () => {
  const file = useFolder();
  let api: Api;
  before(async () => {
    api = await activate();
    await set('timeZone', 'UTC');
  });
  after(async () => {
    await commands.executeCommand('mailFlow.clearBaseline');
    await set('insights.worseThanBaseline.threshold', undefined);
    await set('timeZone', undefined);
    await clear(api);
  });
  const open = (name: string, without: number) =>
    api.openFiles.open([file(name, Array.from({ length: 10 }, (_, i) => delivery(i, i >= without)).join(''))], 'user');
  const ids = () => api.store.report!.insights.map(({ id }) => id);
  const tooltip = () => {
    const { connectors } = api,
      [direction] = connectors.getChildren(),
      [connector] = connectors.getChildren(direction);
    return connectors.resolveTreeItem(connectors.getTreeItem(connector), connector).tooltip as string;
  };

  it('is what later reports are compared with, until it is cleared', async () => {
    await set('insights.worseThanBaseline.threshold', 5);
    await until('the setting arrives', () => api.store.state.settings.limits.worseThanBaseline === 5);
    await open('before.log', 1);
    void commands.executeCommand('mailFlow.setBaseline');
    await until('the baseline', () => api.store.state.baseline);
    deepEqual(ids(), []);
    match(tooltip(), /The same as in the baseline/);
    await open('after.log', 2);
    deepEqual(ids(), ['worse-than-baseline']);
    match(tooltip(), /Worse than the baseline\n/);
    await open('better.log', 0);
    deepEqual(ids(), []);
    match(tooltip(), /Better than the baseline/);
    await commands.executeCommand('mailFlow.clearBaseline');
    equal(api.store.state.baseline, undefined);
    equal(/baseline/.test(tooltip()), false);
  });

  it('is never a report without figures', async () => {
    await clear(api);
    await commands.executeCommand('mailFlow.setBaseline');
    equal(api.store.state.baseline, undefined);
  });
});
