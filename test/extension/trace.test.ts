import { deepEqual, equal, match } from 'node:assert/strict';
import { utimesSync } from 'node:fs';
import { commands, Uri, window, workspace, type DocumentLink } from 'vscode';
import type { Api } from '../../src/host/start';
import { activate, clear, until, useFolder } from './window';

const at = '2026-11-20T10:00:00+00:00 mx';
const front = `${at} postfix/qmgr[2]: C1C2C3C4C5: removed\n${at} postfix/cleanup[13]: A1B2C3D4E5: message-id=<one.1@in.example>\n`;
const back =
  `${at} postfix/cleanup[7]: F1F2F3F4F5: message-id=<one.1@in.example>\n` +
  `${at} postfix/smtp[7]: F1F2F3F4F5: to=<r@example.com>, relay=mx.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, ` +
  'tls=may:none, dsn=2.0.0, status=sent (250 a\rb)\n';

describe('Following one message', () => {
  const file = useFolder();
  let api: Api;
  before(async () => {
    api = await activate();
  });
  after(() => clear(api));

  it('shows its lines over all logs of the report, each with a link to its place', async () => {
    const paths = [file('front.log', front), file('back.log', back)];
    utimesSync(paths[0], 1_000_000_000, 1_000_000_000);
    await api.openFiles.open(paths, 'user');
    await commands.executeCommand('mailFlow.followMessage', 'F1F2F3F4F5');
    const { document } = await until(
      'the lines',
      () => window.activeTextEditor?.document.uri.scheme === 'mailflow-trace' && window.activeTextEditor,
    );
    const lines = document.getText().split('\n');
    match(lines[0], /^F1F2F3F4F5: 3 lines in 2 of 2 logs\.$/);
    match(lines[1], /A1B2C3D4E5/);
    const found = lines.slice(3);
    deepEqual(
      found.map((line) => line.split(/ +/, 1)[0]),
      ['front.log:2', 'back.log:1', 'back.log:2'],
    );
    match(found[2], /250 a\\u\{d\}b/);
    const links = await commands.executeCommand<DocumentLink[]>('vscode.executeLinkProvider', document.uri);
    deepEqual(
      links.map(({ range, target }) => [document.getText(range), JSON.parse(target!.query)]),
      [
        ['front.log:2', [{ path: paths[0], line: 2 }]],
        ['back.log:1', [{ path: paths[1], line: 1 }]],
        ['back.log:2', [{ path: paths[1], line: 2 }]],
      ],
    );
  });

  it('opens nothing for an id that no line has', async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
    await commands.executeCommand('mailFlow.followMessage', 'FFFFFFFFFF');
    equal(window.activeTextEditor, undefined);
  });

  it('says so in place of lines that have been closed', async () => {
    const document = await workspace.openTextDocument(
      Uri.from({ scheme: 'mailflow-trace', path: '/old', query: '999' }),
    );
    match(document.getText(), /^These lines have been closed/);
  });
});
