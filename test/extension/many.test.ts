import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { commands, DiagnosticSeverity, type TreeItem } from 'vscode';
import { TlsCode } from '../../src/core/model';
import { codeOf } from '../../src/host/problems/diagnostics';
import type { Api } from '../../src/host/start';
import { cubeOf } from '../core/insights/build';
import { activate, analysisOf, clear, problems, set, until } from './window';

/** As many connectors as a report names, each without TLS, the later the more messages. */
const count = 9_990;
const path = '/var/log/many.log';

describe('Ten thousand connectors in breach', () => {
  let api: Api;
  before(async () => {
    api = await activate();
    await set('timeZone', 'UTC');
    await set('insights.tls11.threshold', 0);
    await set('insights.severity', { 'tls1.1-share': 'error' });
    await until(
      'the settings arrive',
      () => api.store.state.settings.limits.tls11 === 0 && api.store.state.settings.limits.severity,
    );
    const mail = Array.from({ length: count }, (_, i) => ({
      connector: `connector ${i}`,
      tls: i === 7 ? TlsCode.tls11 : TlsCode.none,
      count: i + 1,
    }));
    api.store.update({ analysis: analysisOf(cubeOf(mail), path) });
    await api.store.settled();
  });
  after(async () => {
    for (const key of ['timeZone', 'insights.tls11.threshold', 'insights.severity']) await set(key, undefined);
    api.store.update({ analysis: undefined });
    await clear(api);
  });

  it('come with the worst first: by severity, then by messages', () => {
    const { insights } = api.store.report!;
    equal(insights.length, count);
    deepEqual(
      insights.slice(0, 3).map(({ id, messages }) => [id, messages]),
      [
        ['tls1.1-share', 8],
        ['no-tls-over-25', count],
        ['no-tls-over-25', count - 1],
      ],
    );
    equal(insights.at(-1)!.messages, 1);
  });

  it('fill the Problems panel up to what VS Code shows, and the rest is counted in words', async () => {
    const found = await until('problems', () => {
      const some = problems(path);
      return some.length > 0 && some;
    });
    equal(found.length, 1000);
    equal(codeOf(found[0]), 'tls1.1-share');
    equal(found[0].severity, DiagnosticSeverity.Error);
    match(found[1].message, new RegExp(`connector ${count - 1} `));
    const left = found.filter((one) => codeOf(one) === 'more');
    deepEqual(
      left.map(({ message }) => message),
      [`${(count - 999).toLocaleString('en')} more findings: see the report.`],
    );
  });

  it('are listed a page at a time, and the others are counted', async () => {
    const { connectors } = api,
      [inbound] = connectors.getChildren(),
      item = (node: Parameters<typeof connectors.getTreeItem>[0]): TreeItem => connectors.getTreeItem(node);
    const first = connectors.getChildren(inbound),
      more = item(first.at(-1)!);
    equal(first.length, 201);
    equal(more.label, `${(count - 200).toLocaleString('en')} more connectors`);
    await commands.executeCommand(more.command!.command, ...more.command!.arguments!);
    const second = connectors.getChildren(inbound);
    equal(second.length, 401);
    equal(item(second.at(-1)!).label, `${(count - 400).toLocaleString('en')} more connectors`);
    ok(new Set(second.map((node) => item(node).id)).size === 401);
  });

  it('the report follows the last of many changes', async () => {
    for (const noTls of [30, 50, 100])
      api.store.update({ settings: { ...api.store.state.settings, limits: { noTls } } });
    const report = await api.store.settled();
    equal(report!.view.limits.noTls, 100);
    equal(report!.insights.length, 0);
    await until('its problems too', () => problems(path).length === 0);
  });
});
