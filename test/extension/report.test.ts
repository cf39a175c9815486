import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  commands,
  DiagnosticSeverity,
  Range,
  TabInputWebview,
  Uri,
  window,
  workspace,
  type CodeAction,
  type TreeItem,
} from 'vscode';
import { codeOf } from '../../src/host/problems/diagnostics';
import { readMessage } from '../../src/host/report/pagemessages';
import type { Api } from '../../src/host/start';
import { activate, clear, problems, samplePath, set, until } from './window';

describe('The report of a log', () => {
  let api: Api;
  before(async () => {
    api = await activate();
    await set('timeZone', 'UTC');
    const drawn = new Promise<void>((resolve) => {
      const once = api.report.onDidDraw(() => {
        once.dispose();
        resolve();
      });
    });
    await commands.executeCommand('mailFlow.openSample');
    await drawn;
  });
  after(async () => {
    await clear(api);
    await set('timeZone', undefined);
  });

  it('is open in a tab, and its page has drawn what the host sent', () => {
    const tabs = window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith('mailFlow.report'));
    equal(tabs.length, 1);
  });

  it('accounts for every line of the file', () => {
    const [file] = api.store.state.analysis!.files;
    equal(file.format, 'postfix');
    deepEqual(file.lines, { read: 601, used: 523, context: 76, skipped: 2 });
  });

  it('lists directions, connectors, TLS versions and insights in the tree, each with stable words and ids', () => {
    const { connectors } = api;
    const item = (node: Parameters<typeof connectors.getTreeItem>[0]): TreeItem => connectors.getTreeItem(node);
    const roots = connectors.getChildren();
    deepEqual(
      roots.map((node) => item(node).label),
      ['Inbound', 'Outbound', 'Internal'],
    );
    deepEqual(
      connectors.getChildren(roots[0]).map((node) => item(node).label),
      ['From the internet without a connector', 'submission', 'scanners', 'smtps'],
    );
    const partner = connectors.getChildren(roots[1]).find((node) => item(node).label === 'partner-out')!;
    equal(item(partner).description, '6 · No TLS 33.3%');
    equal(item(partner).accessibilityInformation?.label, 'partner-out, 6 messages, No TLS 33.3%, 1 insight');
    const rows = connectors.getChildren(partner).map(item);
    deepEqual(
      rows.map(({ label, description }) => [label, description]),
      [
        ['No TLS is over 25%', '33.3%'],
        ['No TLS', '2 · 33.3%'],
        ['TLS 1.2', '4 · 66.7%'],
        ['Remote hosts', ''],
      ],
    );
    deepEqual(rows[0].command?.arguments, [{ path: samplePath, line: 438 }]);
    const ids = (nodes: typeof roots): string[] =>
      nodes.flatMap((node) => [item(node).id!, ...ids(connectors.getChildren(node))]);
    const all = ids(roots);
    equal(new Set(all).size, all.length);
    deepEqual(ids(connectors.getChildren()), all);
  });

  it('shows one problem for each insight at its first line, and one for each reason why lines were skipped', async () => {
    const found = await until('problems', () => problems(samplePath).length === 3 && problems(samplePath));
    deepEqual(found.map((one) => [codeOf(one), one.severity, one.range.start.line + 1]).sort(), [
      ['bad-time', DiagnosticSeverity.Information, 384],
      ['no-tls-over-25', DiagnosticSeverity.Warning, 438],
      ['tls1.0-above-50', DiagnosticSeverity.Warning, 400],
    ]);
    const insight = found.find((one) => codeOf(one) === 'tls1.0-above-50')!;
    const { target } = insight.code as { target: Uri };
    match(target.path, /\/media\/insights\/tls1\.0-above-50\.md$/);
    match(readFileSync(target.fsPath, 'utf8'), /^# TLS 1\.0 is above/);
    match(
      insight.message,
      /^TLS 1\.0 is above 50%: scanners \(Inbound\), 8 of 9 messages \(88\.9%\); few messages, Nov 4\s–\s10, 2026\.$/,
    );
    deepEqual(
      insight.relatedInformation?.map(({ message }) => message),
      [
        'The message is counted here',
        'scanner-5.corp.example: 5 messages',
        'scanner-2.corp.example: 3 messages',
        'Offer TLS 1.2 and 1.3, ask the remote hosts behind it to update, then turn TLS 1.0 and 1.1 off.',
      ],
    );
  });

  it('offers what can be done about an insight, and nothing for lines that were skipped', async () => {
    await workspace.openTextDocument(samplePath);
    const actionsAt = async (line: number) =>
      (
        await commands.executeCommand<CodeAction[]>(
          'vscode.executeCodeActionProvider',
          Uri.file(samplePath),
          new Range(line - 1, 0, line - 1, 1),
        )
      ).map(({ title, command }) => [title, command?.command]);
    deepEqual(await actionsAt(438), [
      ['Show in the mail flow report', 'mailFlow.showInReport'],
      ['Show all offending lines', 'mailFlow.showLines'],
      ['Explain this insight', 'mailFlow.explainInsight'],
      ['Change the threshold…', 'mailFlow.changeThreshold'],
      ['Ignore for this connector until…', 'mailFlow.ignoreInsight'],
      ['Propose a connector rule…', 'mailFlow.proposeRule'],
    ]);
    deepEqual(await actionsAt(384), []);
  });

  it('explains an insight on its own page', async () => {
    const [insight] = api.store.report!.insights;
    await commands.executeCommand('mailFlow.explainInsight', { insight });
    const { id } = insight;
    await until('the page is open', () =>
      window.tabGroups.all.some(({ activeTab }) => activeTab?.label.includes(`${id}.md`)),
    );
  });

  it('follows a threshold without reading the log again', async () => {
    const { analysis } = api.store.state;
    await set('insights.noTls.threshold', 33.34);
    await until('the insight goes', () => problems(samplePath).length === 2);
    deepEqual(
      api.store.report!.insights.map(({ id }) => id),
      ['tls1.0-above-50'],
    );
    await set('insights.noTls.threshold', 33.33);
    await until('it comes back, since 2 of 6 is 33.333…%', () => problems(samplePath).length === 3);
    await set('insights.tls10.threshold', null);
    await until('null turns an insight off', () => problems(samplePath).length === 2);
    equal(api.store.state.analysis, analysis);
    await set('insights.noTls.threshold', undefined);
    await set('insights.tls10.threshold', undefined);
    await until('all is as before', () => problems(samplePath).length === 3);
  });

  it('takes the default for a threshold that is none', async () => {
    await set('insights.noTls.threshold', 'many');
    await until('the setting arrives', () => api.store.state.settings.limits.noTls === 25);
    equal(api.store.report!.insights.length, 2);
    await set('insights.noTls.threshold', undefined);
  });

  it('reads the log again where connectors of the user change what belongs to what', async () => {
    const before = api.store.state.analysis;
    await set('connectors', [{ name: 'Universities', direction: 'inbound', hosts: ['*.university.example'] }]);
    await until('the connector is there', () =>
      api.store.report?.messages.connectors.some(({ name }) => name === 'Universities'),
    );
    notEqual(api.store.state.analysis, before);
    await set('connectors', [
      { name: 'Universities', hosts: ['*.university.example'] },
      { name: 'Wrong', addresses: ['here'] },
    ]);
    await until(
      'a list with a mistake is not used at all',
      () =>
        !api.store.state.reading && !api.store.report?.messages.connectors.some(({ name }) => name === 'Universities'),
    );
    await set('connectors', undefined);
    await until('reading has ended', () => !api.store.state.reading);
  });

  it('keeps a period that the page asks for until the setting changes', async () => {
    const inbound = api.store.report!.messages.inbound.messages;
    api.store.update({ period: 'all' });
    await api.store.settled();
    ok(api.store.report!.messages.inbound.messages > inbound);
    equal(
      api.store.usualReport!.messages.inbound.messages,
      inbound,
      'the Problems panel keeps the period of the settings',
    );
    await set('period', '30d');
    await until('the setting wins', () => api.store.state.period === '30d');
    await set('period', undefined);
    await until('the default', () => api.store.state.period === '7d');
  });
});

describe('Messages of the report page', () => {
  it('are taken as they are in the protocol', () => {
    for (const message of [
      { type: 'ready' },
      { type: 'drawn' },
      { type: 'reveal', place: { file: 0, line: 1 } },
      { type: 'period', period: '90d' },
      { type: 'period', period: { from: '2026-11-01', to: '2026-11-05T12:00:00Z' } },
      { type: 'command', command: 'openLog' },
      { type: 'export', format: 'csv', pseudonyms: true, selection: { connector: null, direction: 'inbound' } },
      { type: 'picture', format: 'svg', data: '<svg></svg>' },
      { type: 'copy', text: 'x' },
      { type: 'filters', filters: [{ name: 'a', clauses: [{ field: 'none', operator: 'over', value: '1' }] }] },
    ])
      deepEqual(JSON.parse(JSON.stringify(readMessage(message))), message);
  });
  it('are dropped when they are anything else', () => {
    for (const message of [
      undefined,
      null,
      1,
      'ready',
      [],
      {},
      { type: 'run' },
      { type: 'reveal' },
      { type: 'reveal', place: { file: -1, line: 1 } },
      { type: 'reveal', place: { file: 0, line: 0 } },
      { type: 'reveal', place: { file: '0', line: 1 } },
      { type: 'reveal', place: { file: 0, line: 1.5 } },
      { type: 'period', period: '8d' },
      { type: 'period', period: { from: 'yesterday' } },
      { type: 'export', format: 'exe', pseudonyms: false },
      { type: 'export', format: 'csv' },
      { type: 'export', format: 'csv', pseudonyms: false, selection: { connector: 1, direction: 'inbound' } },
      { type: 'picture', format: 'svg', data: '<script>' },
      { type: 'picture', format: 'png', data: '../x' },
      { type: 'copy', text: 'x'.repeat(70_000) },
      { type: 'filters', filters: 'all' },
      { type: 'period', period: null },
      { type: 'command', command: 'workbench.action.quit' },
      { type: 'command' },
    ])
      equal(readMessage(message), undefined, JSON.stringify(message));
  });
});
