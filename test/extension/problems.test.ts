import { deepEqual, equal, ok } from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import {
  commands,
  languages,
  workspace,
  type Uri,
  type CodeAction,
  type CodeLens,
  type Diagnostic,
  type Hover,
  type MarkdownString,
} from 'vscode';
import { codeOf } from '../../src/host/problems/diagnostics';
import type { Api } from '../../src/host/start';
import { activate, clear, hugeLog, problems, problemsAround, sample, set, until, useFolder } from './window';

const raw = sample().toString().split('\n');
const fixes = [
  'Show in the mail flow report',
  'Show all offending lines',
  'Explain this insight',
  'Change the threshold…',
  'Ignore for this connector until…',
  'Propose a connector rule…',
];

describe('The Problems panel', () => {
  const file = useFolder();
  let api: Api;
  before(async () => {
    api = await activate();
  });
  afterEach(async () => {
    await set('insights.tls10.threshold', undefined);
    await clear(api);
  });

  /** The problem of an insight, and where it is. */
  const problem = (path: string, id: string) =>
    until('the problem', () => problemsAround(path).find(([, one]) => codeOf(one) === id));
  const actions = async (uri: Uri, { range }: Diagnostic) =>
    (await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', uri, range)).map(
      ({ title }) => title,
    );

  for (const [name, content, whole] of [
    ['huge.log', hugeLog, true],
    ['packed.log.gz', () => gzipSync(sample()), false],
  ] as const) {
    it(`has every quick fix, hover and lens for a log that extensions do not see: ${name}`, async () => {
      await workspace.getConfiguration('workbench').update('editorLargeFileConfirmation', 1024, true);
      try {
        const path = file(name, content());
        await api.openFiles.open([path], 'user');
        const [uri, one] = await problem(path, 'no-tls-over-25'),
          document = await workspace.openTextDocument(uri);
        ok(uri.path.startsWith(`/${name} (line 438)`), uri.path);
        equal(document.getText(document.validateRange(one.range)), `${document.lineAt(one.range.start.line).text}`);
        equal(document.lineAt(one.range.start.line).text.trimStart(), `438  ${raw[437]}`);
        deepEqual(await actions(uri, one), fixes);
        for (const { location } of one.relatedInformation!.slice(0, -1))
          deepEqual(location.uri.scheme, 'mailflow-lines');
        const [
          {
            contents: [hover],
          },
        ] = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', uri, one.range.start);
        ok((hover as MarkdownString).value.startsWith('Outbound:&nbsp;partner-out'), (hover as MarkdownString).value);
        const lenses = (await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', uri, 500))
          .filter(({ range }) => range.start.line === one.range.start.line)
          .map(({ command }) => command!.command);
        deepEqual(lenses, ['mailFlow.showLines', 'mailFlow.followMessage', ...(whole ? ['mailFlow.reveal'] : [])]);
      } finally {
        await workspace.getConfiguration('workbench').update('editorLargeFileConfirmation', undefined, true);
      }
    });
  }

  it('leads to the right line behind one with a carriage return, which VS Code takes for its end', async () => {
    const path = file(
      'return.log.gz',
      gzipSync(raw.map((line, i) => (i === 99 ? `${line.slice(0, 80)}\r${line.slice(80)}` : line)).join('\n')),
    );
    await api.openFiles.open([path], 'user');
    const [uri, { range }] = await problem(path, 'no-tls-over-25'),
      document = await workspace.openTextDocument(uri);
    ok(document.getText(document.validateRange(range)).startsWith('438  '));
    equal(document.lineAt(99).text.trimStart(), `100  ${raw[99].slice(0, 80)}␍${raw[99].slice(80)}`);
  });

  it('changes only where a problem has changed', async () => {
    const path = file('stays.log.gz', gzipSync(sample())),
      changed: Uri[] = [];
    const listening = languages.onDidChangeDiagnostics(({ uris }) =>
      changed.push(...uris.filter(({ scheme }) => scheme === 'mailflow-lines')),
    );
    try {
      await api.openFiles.open([path], 'user');
      const [gone] = await problem(path, 'tls1.0-above-50');
      // VS Code tells of changes a moment later.
      await until('VS Code tells of them', () => changed.some((uri) => String(uri) === String(gone)));
      changed.length = 0;
      await set('insights.tls10.threshold', 95);
      await until(
        'the problem is gone',
        () => !problemsAround(path).some(([, one]) => codeOf(one) === 'tls1.0-above-50'),
      );
      await until('VS Code tells of it', () => changed.length > 0);
      deepEqual(changed.map(String), [String(gone)]);
    } finally {
      listening.dispose();
    }
  });

  it('and the report stay as they are when a setting changes that no figure follows from', async () => {
    await api.openFiles.open([file('same.log', sample())], 'user');
    const report = await api.store.settled(),
      { settings } = api.store.state;
    await set('hover.enabled', false);
    await until('the setting arrives', () => api.store.state.settings !== settings);
    equal(await api.store.settled(), report);
    await set('hover.enabled', undefined);
  });

  it('shows the lines that were counted, when a log has been replaced by another one', async () => {
    const path = file('replaced.log.gz', gzipSync(sample()));
    await api.openFiles.open([path], 'user');
    const [uri, { range }] = await problem(path, 'no-tls-over-25'),
      document = await workspace.openTextDocument(uri);
    const shown = document.lineAt(range.start.line).text;
    file('replaced.log.gz', gzipSync(sample().toString().replaceAll('edi.supplier.example', 'new.supplier.example')));
    await commands.executeCommand('mailFlow.refresh');
    await until(
      'the new lines',
      () => document.lineAt(range.start.line).text === shown.replaceAll('edi.supplier.example', 'new.supplier.example'),
    );
    equal(problems(path).length, 0);
  });
});
