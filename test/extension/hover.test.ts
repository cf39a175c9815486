import { deepEqual, equal, ok } from 'node:assert/strict';
import { commands, Position, Uri, window, workspace, type CodeLens, type Hover, type MarkdownString } from 'vscode';
import type { Api } from '../../src/host/start';
import { activate, clear, sample, samplePath, set, until, useFolder } from './window';

const raw = sample().toString().split('\n');
const hostile = '<img src=x>$(trash)[a](command:workbench.action.quit)\u202e';

/** What pointing at a line shows, as its Markdown. */
async function hover(path: string, line: number): Promise<MarkdownString[]> {
  const hovers = await commands.executeCommand<Hover[]>(
    'vscode.executeHoverProvider',
    Uri.file(path),
    new Position(line - 1, 3),
  );
  return hovers.flatMap(({ contents }) => contents as MarkdownString[]);
}

/** Markdown as it reads: without the signs that take their meaning from what follows. */
const read = (text: MarkdownString) =>
  text.value
    .replace(/\\([^\w\s])/g, '$1')
    .replaceAll('&nbsp;', ' ')
    .split(/ {2}\n/);

const lenses = async (path: string) =>
  (await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', Uri.file(path), 500)).map(
    ({ range, command }) => [range.start.line + 1, command!.title, command!.command] as const,
  );

describe('In a log of the report', () => {
  const file = useFolder();
  let api: Api;
  before(async () => {
    api = await activate();
    await api.openFiles.open([samplePath], 'user');
    await workspace.openTextDocument(samplePath);
  });
  after(async () => {
    await set('hover.enabled', undefined);
    await set('codeLens.enabled', undefined);
    await clear(api);
  });

  it('a line says what it was counted as', async () => {
    const [shown] = await hover(samplePath, 438),
      [, id, next] = /\]: (\w+):.* queued as (\w+)/.exec(raw[437])!;
    deepEqual(read(shown), [
      'Outbound: partner-out',
      'No TLS',
      'edi.supplier.example',
      '1 message',
      `Message: ${id}, ${next}`,
    ]);
    equal(shown.isTrusted, undefined);
    ok(!shown.supportHtml);
  });

  it('a line that states nothing itself leads to the one that does', async () => {
    const id = /\]: (\w+):/.exec(raw[400])![1],
      other = raw.findIndex((line, i) => i > 400 && line.includes(`qmgr`) && line.includes(`${id}: from=`)) + 1;
    const [shown] = await hover(samplePath, other);
    deepEqual(
      read(shown)
        .slice(0, 2)
        .map((words) => words.replace(/TLS 1\.0.*/, 'TLS 1.0')),
      ['Inbound: scanners', 'TLS 1.0'],
    );
    ok(read(shown).includes('Counted by line 401'), shown.value);
  });

  it('the first line of a figure says so, and leads to all of its lines', async () => {
    const shown = await until('the lenses', async () => {
      const found = await lenses(samplePath);
      return found.length > 0 && found;
    });
    deepEqual(
      shown.filter(([line]) => line === 438),
      [
        [438, 'Outbound: partner-out · No TLS · 2 messages', 'mailFlow.showLines'],
        [438, 'Follow this message', 'mailFlow.followMessage'],
      ],
    );
    const { connectors } = api.store.report!.messages;
    equal(
      shown.filter(([, , command]) => command === 'mailFlow.showLines').length,
      connectors.reduce((sum, { tls }) => sum + tls.filter((n) => n > 0).length, 0),
    );
    const [lens] = (
      await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', Uri.file(samplePath), 500)
    ).filter(({ range, command }) => range.start.line === 437 && command!.command === 'mailFlow.showLines');
    await commands.executeCommand(lens.command!.command, ...lens.command!.arguments!);
    const { document } = await until(
      'the lines',
      () => window.activeTextEditor?.document.uri.scheme === 'mailflow-figure' && window.activeTextEditor,
    );
    await until('both', () => document.getText().includes('2 messages in 2 lines: all that the report counts.'));
  });

  it('neither is there where the user does not want it, nor in a file that is no log of the report', async () => {
    await set('hover.enabled', false);
    await set('codeLens.enabled', false);
    deepEqual([await hover(samplePath, 438), await lenses(samplePath)], [[], []]);
    await set('hover.enabled', undefined);
    await set('codeLens.enabled', undefined);
    const other = file('other.log', sample());
    await workspace.openTextDocument(other);
    deepEqual([await hover(other, 438), await lenses(other)], [[], []]);
  });

  it('names of strangers are text and nothing else', async () => {
    const path = file('hostile.log', sample().toString().replaceAll('partner-out', 'partner-x'));
    await set('connectors', [{ name: hostile, direction: 'outbound', logged: ['partner-x'] }]);
    try {
      await api.openFiles.open([path], 'user');
      await workspace.openTextDocument(path);
      const [shown] = await hover(path, 438);
      // VS Code escapes what is Markdown, and shows what is HTML as text where HTML is not allowed.
      equal(read(shown)[0], 'Outbound: <img src=x>$(trash)[a](command:workbench.action.quit)\\u{202e}');
      ok(!/(?<!\\)\]\(/.test(shown.value), shown.value);
      deepEqual(
        [shown.isTrusted ?? false, shown.supportHtml ?? false, shown.supportThemeIcons ?? false],
        [false, false, false],
      );
      const [, title] = (await lenses(path)).find(([line]) => line === 438)!;
      equal(title, 'Outbound: <img src=x>$ (trash)[a] (command:workbench.action.quit)\\u{202e} · No TLS · 2 messages');
    } finally {
      await set('connectors', undefined);
    }
  });
});
