import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { commands, window, workspace, Uri, type DocumentLink, type TextDocument } from 'vscode';
import { lookUp } from '../../src/core/drilldown/figure';
import type { Api } from '../../src/host/start';
import { activate, clear, hugeLog, sample, set, until, useFolder } from './window';

const raw = sample().toString().split('\n');

/** What stands before a line that shows the TLS of the one above it. */
const proof = /^↳ /;

/** The counted lines that a document shows, each with its place. */
function rows(document: TextDocument): { file: string; line: number; text: string }[] {
  return allRows(document).filter(({ text }) => !proof.test(text));
}

function allRows(document: TextDocument): { file: string; line: number; text: string }[] {
  return document
    .getText()
    .split('\n')
    .flatMap((row) => {
      const found = /^(\S+):(\d+) +(.*)$/.exec(row);
      return found ? [{ file: found[1], line: Number(found[2]), text: found[3] }] : [];
    });
}

/** Shows the lines behind a figure and waits until the search is over, or has filled a page. */
async function shown(argument: unknown): Promise<TextDocument> {
  await commands.executeCommand('workbench.action.closeAllEditors');
  await commands.executeCommand('mailFlow.showLines', argument);
  const { document } = await until(
    'the document',
    () => window.activeTextEditor?.document.uri.scheme === 'mailflow-figure' && window.activeTextEditor,
  );
  await until('the search ends', () => !document.lineAt(1).text.includes('Searching'));
  return document;
}

describe('The lines behind a figure', () => {
  const file = useFolder();
  let api: Api;
  before(async () => {
    api = await activate();
    await set('timeZone', 'UTC');
  });
  after(async () => {
    await clear(api);
    await set('timeZone', undefined);
  });

  it('of an insight are all that it counts, with their places', async () => {
    const path = file('mail.log', sample());
    await api.openFiles.open([path], 'user');
    const insight = api.store.report!.insights.find(({ id }) => id === 'tls1.0-above-50')!;
    const document = await shown({ insight });
    match(document.lineAt(0).text, /^Inbound · scanners · (?:SSL 3\.0, )?TLS 1\.0 · /);
    equal(document.lineAt(1).text, '8 messages in 8 lines: all that the report counts.');
    const found = rows(document);
    deepEqual(
      found.map(({ text }) => text),
      found.map(({ line }) => raw[line - 1]),
    );
    equal(found.length, 8);
    equal(found[0].line, insight.place.line);
    const links = await commands.executeCommand<DocumentLink[]>('vscode.executeLinkProvider', document.uri);
    deepEqual(
      links.map(({ target }) => JSON.parse(target!.query)[0]),
      allRows(document).map(({ line }) => ({ path, line })),
    );
    for (const { line, text } of allRows(document).filter((row) => proof.test(row.text)))
      equal(text.replace(/^↳ shows the TLS: /, ''), raw[line - 1]);
    equal(allRows(document).length, 16, 'each message with its TLS line');
  });

  it('of a compressed log are the same', async () => {
    const path = file('old.log.gz', gzipSync(sample()));
    await api.openFiles.open([path], 'user');
    const document = await shown({
      figure: { ...api.store.report!.filter, connectors: ['partner-out'], directions: ['outbound'], tls: ['none'] },
    });
    equal(document.lineAt(1).text, '2 messages in 2 lines: all that the report counts.');
    deepEqual(
      rows(document).map(({ text }) => text),
      rows(document).map(({ line }) => raw[line - 1]),
    );
  });

  it('of a file too large for extensions come a page at a time', async () => {
    await api.openFiles.open([file('huge.log', hugeLog())], 'user');
    const { cube } = api.store.report!.analysis,
      { messages } = lookUp(cube, {});
    ok(messages > 10_000);
    const document = await shown({ figure: {} });
    match(document.lineAt(1).text, /^1,000 of [\d,]+ messages so far, in 1,000 lines\.$/);
    equal(rows(document).length, 1000);
    await commands.executeCommand('mailFlow.moreLines', String(document.uri));
    await until('the next page', () => document.lineAt(1).text.startsWith('2,000 of '));
    await until('its lines', () => rows(document).length === 2000);
    deepEqual(
      rows(document).map(({ line }) => line),
      [...new Set(rows(document).map(({ line }) => line))].sort((a, b) => a - b),
    );
  });

  it('say so when the log is not the one that was counted', async () => {
    const path = file('gone.log', sample());
    await api.openFiles.open([path], 'user');
    const figure = { directions: ['inbound'] };
    rmSync(path);
    const document = await shown({ figure });
    match(document.lineAt(1).text, /^The report counts [\d,]+ messages, and these lines 0: a log has changed/);
    match(document.getText(), /gone\.log\. The file does not exist any more\./);
    equal(rows(document).length, 0);
  });

  it('are none for something that is no figure', async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
    await commands.executeCommand('mailFlow.showLines', { figure: { tls: 'none' } });
    equal(window.activeTextEditor, undefined);
  });

  it('say so when they have been closed', async () => {
    match(
      (await workspace.openTextDocument(Uri.from({ scheme: 'mailflow-figure', path: '/old', query: '999' }))).getText(),
      /^These lines have been closed/,
    );
  });
});
