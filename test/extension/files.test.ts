import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { commands, Uri, window } from 'vscode';
import { findFiles } from '../../src/host/reading/files';
import type { Api } from '../../src/host/start';
import { activate, clear, hugeLog, problemsAround, sample, set, until, useFolder } from './window';

describe('Files of the report', () => {
  const file = useFolder();
  let api: Api;
  before(async () => {
    api = await activate();
  });
  afterEach(() => clear(api));
  const paths = () => api.store.state.files.map(({ path }) => path);
  const done = () => until('reading ends', () => api.store.state.files.length > 0 && !api.store.state.reading);
  const open = (path: string) => commands.executeCommand('mailFlow.openReport', Uri.file(path), [Uri.file(path)]);

  it('are analyzed as soon as a log is opened in an editor', async () => {
    const path = file('server.log', sample());
    await window.showTextDocument(Uri.file(path));
    await until('the log is read', () => api.store.state.analysis?.complete);
    deepEqual(paths(), [path]);
    equal(api.store.report!.insights.length, 2);
  });

  it('do not come from editors that show anything else', async () => {
    await window.showTextDocument(Uri.file(file('notes.log', 'nothing of the kind\n')));
    const path = file('other.log', sample());
    await window.showTextDocument(Uri.file(path));
    await until('the log after it is read', () => api.store.state.analysis?.complete);
    deepEqual(paths(), [path]);
  });

  it('are not replaced by a log in an editor once the user has chosen them', async () => {
    const chosen = file('chosen.log', sample()),
      other = file('looked-at.log', sample());
    await open(chosen);
    await window.showTextDocument(Uri.file(other));
    await until('the editor is in front', () => window.activeTextEditor?.document.uri.fsPath === other);
    await new Promise((resolve) => setTimeout(resolve, 300));
    deepEqual(paths(), [chosen]);
  });

  it('may be too large for an extension to see their text', async () => {
    const path = file('huge.log', hugeLog());
    await commands.executeCommand('vscode.open', Uri.file(path));
    await until('the log is read', () => api.store.state.analysis?.complete, 30);
    equal(window.activeTextEditor, undefined);
    deepEqual(paths(), [path]);
    const { lines } = api.store.state.analysis!.files[0];
    equal(lines.read, lines.used + lines.context + lines.skipped);
    await until('problems are shown for it', () => problemsAround(path).length > 0);
  });

  it('wait for a click above the size for automatic analysis', async () => {
    await set('autoAnalyze.maxSize', 0);
    try {
      await until('the setting arrives', () => api.store.state.settings.autoAnalyze.maxBytes === 0);
      const path = file('large.log', sample());
      await window.showTextDocument(Uri.file(path));
      await until('the log is listed', () => paths().includes(path));
      equal(api.store.state.analysis === undefined, true);
      const [node] = api.files.getChildren();
      equal(api.files.getTreeItem(node).contextValue, 'file waiting');
      await commands.executeCommand('mailFlow.analyzeFile', node);
      equal(api.store.state.analysis?.complete, true);
    } finally {
      await set('autoAnalyze.maxSize', undefined);
    }
  });

  it('stay as they were when what is opened is no log', async () => {
    const good = file('good.log', sample());
    await open(good);
    const { analysis } = api.store.state;
    await open(file('shopping.log', 'bread\nmilk\n'));
    deepEqual(paths(), [good]);
    equal(api.store.state.analysis, analysis);
    equal(api.store.state.reading, undefined);
  });

  it('keep their figures when one of them vanishes, and lose them only when the user says so', async () => {
    const one = file('one.log', sample()),
      two = file('two.log', Buffer.concat([sample(), Buffer.from('\n')]));
    await commands.executeCommand('mailFlow.openReport', Uri.file(one), [Uri.file(one), Uri.file(two)]);
    const { analysis } = api.store.state;
    rmSync(one);
    await until('the loss is seen', () => api.store.state.files.find(({ path }) => path === one)?.disk === 'gone');
    void commands.executeCommand('mailFlow.refresh');
    await until('the reading that fails has ended', () => api.store.state.outdated === 'failed');
    equal(api.store.state.analysis, analysis);
    await api.openFiles.remove([one]);
    equal(api.store.state.outdated, false);
    deepEqual(
      api.store.state.analysis!.files.map(({ path }) => path),
      [two],
    );
  });

  it('are read again when they grow, and from the start when they are cut', async () => {
    const path = file('growing.log', sample());
    await open(path);
    const before = api.store.report!.messages.inbound.messages;
    const later = sample().toString().replaceAll('2026-11-', '2026-12-');
    appendFileSync(path, later);
    await until('the new lines are counted', () => api.store.state.analysis?.files[0].lines.read === 1202);
    equal(api.store.report!.messages.inbound.messages, before);
    writeFileSync(path, sample());
    await until('the figures are replaced', () => api.store.state.analysis?.files[0].lines.read === 601);
  });

  it('survive rotation: the new file under the old name is read', async () => {
    const path = file('rotated.log', sample());
    await open(path);
    renameSync(path, `${path}.1`);
    writeFileSync(path, sample().subarray(0, 20_000));
    await until('the new file is read', () => (api.store.state.analysis?.files[0].lines.read ?? 601) < 601);
    equal(api.store.state.files[0].disk, 'same');
  });

  it('keep what was read when the reading is cancelled, marked as partial', async () => {
    const path = file('cancelled.log', Buffer.concat([hugeLog(), hugeLog(), hugeLog()]));
    const opening = open(path);
    await until('the reading has begun', () => api.store.state.reading);
    await commands.executeCommand('mailFlow.cancel');
    await opening;
    const { analysis, reading, outdated } = api.store.state;
    equal(reading, undefined);
    equal(outdated, 'cancelled');
    notEqual(analysis?.complete, true);
    await commands.executeCommand('mailFlow.refresh');
    equal(api.store.state.analysis?.complete, true);
    equal(api.store.state.outdated, false);
  });

  it('can be left out and taken in again', async () => {
    const one = file('in.log', sample()),
      two = file('out.log', sample().toString().replaceAll('2026-11-', '2026-10-'));
    await commands.executeCommand('mailFlow.openReport', Uri.file(one), [Uri.file(one), Uri.file(two)]);
    equal(api.store.state.analysis!.files.length, 2);
    await api.openFiles.include(new Map([[two, false]]));
    deepEqual(
      api.store.state.analysis!.files.map(({ path }) => path),
      [one],
    );
    await api.openFiles.include(new Map([[two, true]]));
    equal(api.store.state.analysis!.files.length, 2);
  });

  it('the last request wins', async () => {
    const first = file('first.log', hugeLog()),
      second = file('second.log', sample());
    const slow = open(first);
    await until('the first is being read', () => api.store.state.reading);
    await Promise.all([slow, open(second)]);
    await done();
    deepEqual(paths(), [second]);
    deepEqual(
      api.store.state.analysis!.files.map(({ path }) => path),
      [second],
    );
  });

  it('lead to their raw lines, also in a compressed file', async () => {
    const lines = sample().toString().split('\n');
    const plain = file('plain.log', sample()),
      packed = file('packed.log.gz', gzipSync(sample()));
    await open(plain);
    await api.reveal.show({ path: plain, line: 401 });
    equal(window.activeTextEditor?.document.getText(window.activeTextEditor.selection), lines[400]);
    await open(packed);
    equal(api.store.state.analysis!.files[0].lines.read, 601);
    await api.reveal.show({ path: packed, line: 401 });
    equal(window.activeTextEditor?.document.uri.scheme, 'mailflow-lines');
    equal(window.activeTextEditor?.document.getText(window.activeTextEditor.selection), `401  ${lines[400]}`);
  });

  it('lead to lines deep in a large compressed file, and to the right ones in a large plain file', async () => {
    const huge = hugeLog(),
      text = huge.toString().split('\n'),
      line = text.length - 100;
    for (const [name, content] of [
      ['deep.log.gz', gzipSync(huge, { level: 1 })],
      ['deep.log', huge],
    ] as const) {
      const path = file(name, content);
      await open(path);
      await api.reveal.show({ path, line });
      const editor = window.activeTextEditor;
      // The host of the tests is on another machine for VS Code, so that it asks before it shows a file of this size.
      equal(editor?.document.uri.scheme, 'mailflow-lines');
      equal(editor?.document.getText(editor.selection), `${line}  ${text[line - 1]}`);
    }
  });
});

describe('Files behind a choice', () => {
  const file = useFolder();

  it('are the regular files of a folder, each once, whatever links there are', async () => {
    const folder = file('logs');
    mkdirSync(`${folder}/day`, { recursive: true });
    writeFileSync(`${folder}/a.log`, 'a');
    writeFileSync(`${folder}/day/b.log`, 'bb');
    writeFileSync(`${folder}/.hidden`, 'c');
    writeFileSync(file('outside.log'), 'd');
    symlinkSync(folder, `${folder}/day/loop`);
    symlinkSync(`${folder}/a.log`, `${folder}/same.log`);
    symlinkSync(file('outside.log'), `${folder}/out.log`);
    symlinkSync(`${folder}/nowhere`, `${folder}/broken.log`);
    execFileSync('mkfifo', [`${folder}/pipe`]);
    const found = await findFiles([folder, `${folder}/a.log`]);
    deepEqual(found.files, [
      { path: `${folder}/a.log`, size: 1 },
      { path: `${folder}/day/b.log`, size: 2 },
    ]);
    deepEqual(found.refused, [{ path: `${folder}/broken.log`, code: 'ENOENT' }]);
  });

  it('are refused by name when they are no files', async () => {
    execFileSync('mkfifo', [file('named-pipe')]);
    const found = await findFiles([file('named-pipe'), file('missing.log'), '/dev/zero']);
    deepEqual(found.files, []);
    deepEqual(
      found.refused.map(({ code }) => code),
      ['EINVAL', 'ENOENT', 'EINVAL'],
    );
    ok(!found.more);
  });
});
