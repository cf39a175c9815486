// What a user does with the extension, from the Explorer to the raw line of a log.
import { deepEqual, equal, match } from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../root';
import { goTo } from './problem-steps';
import { selectors } from './selectors';
import { useWorkbench } from './start';
import { eventually, short, until } from './until';

const postfix = readFileSync(join(root, 'samples/postfix/mail.log'));
const exchange = readFileSync(join(root, 'samples/exchange/RECV20261110-1.LOG'), 'utf8');
const lines = postfix.toString().split('\n');

describe('A log opened in an editor', () => {
  const workbench = useWorkbench({ folder: { 'mail.log': postfix } });

  it('is analyzed without a further word', async () => {
    await workbench().openFromExplorer('mail.log');
    await workbench()
      .page.locator(`${selectors.container('Mail Flow')}[aria-label*="2 insights"]`)
      .waitFor();
  });

  it('leads from an insight in the tree to its line', async () => {
    await workbench().openContainer('Mail Flow');
    await workbench().expand('scanners');
    await until(
      () => workbench().treeRow('TLS 1.0 is above 50%').first().click(short),
      (limit) => workbench().isAt(400, limit),
    );
  });

  it('leads from a problem to its line', async () => {
    const rows = await workbench().problems();
    await eventually(async () =>
      equal((await rows.allInnerTexts()).filter((text) => /No TLS is|TLS 1.0 is|time stamp/.test(text)).length, 3),
    );
    await goTo(workbench(), 'No TLS is over 25%: partner-out (Outbound), 2 of 6 messages (33.3%); few messages', 438);
  });

  it('leads from a figure in the report to its line, beside the report', async () => {
    await workbench().openReport();
    await until(
      () => workbench().webview().locator('button.figure').first().click(short),
      workbench().page.locator('.editor-group-container >> nth=1'),
    );
    await workbench().activeTab('mail.log').waitFor();
    equal(await workbench().page.locator('.editor-group-container').count(), 2);
    deepEqual(workbench().faults, { policy: [], outside: [], errors: [] });
  });

  it('has no insight where the user ignores it for a reason and a time', async () => {
    await workbench().openContainer('Mail Flow');
    await workbench().chooseInMenuOf(
      workbench().treeRow('TLS 1.0 is above 50%').first(),
      'Ignore for This Connector Until…',
    );
    const input = workbench().page.locator(selectors.quickInput);
    await input.fill('Replaced in spring');
    await input.press('Enter');
    await workbench().page.locator('.quick-input-widget', { hasText: 'The last day' }).waitFor();
    await input.press('Enter');
    await workbench()
      .page.locator(`${selectors.container('Mail Flow')}[aria-label*="1 insight"]`)
      .waitFor();
    const {
      'mailFlow.insights.overrides': [override],
    } = JSON.parse(readFileSync(join(workbench().folder, '.vscode/settings.json'), 'utf8'));
    match(override.until, /^\d{4}-\d\d-\d\d$/);
    deepEqual(
      { ...override, until: '' },
      {
        connector: 'scanners',
        direction: 'inbound',
        insight: 'tls1.0-above-50',
        ignore: true,
        reason: 'Replaced in spring',
        until: '',
      },
    );
  });

  it('keeps its figures when the file vanishes, and says so', async () => {
    rmSync(join(workbench().folder, 'mail.log'));
    await (
      await workbench().notification('mail.log can no longer be read. The figures are those of the last reading.')
    ).waitFor();
    await workbench().treeRow('no longer there').waitFor();
    await workbench().treeRow('partner-out').first().waitFor();
  });
});

describe('The report', () => {
  const workbench = useWorkbench({
    folder: { 'mail.log': postfix, 'old.log.gz': gzipSync(postfix), 'mail-notes.txt': 'bread\nmilk\n' },
  });

  it('opens for a compressed log, and a figure leads to the line in it', async () => {
    await workbench().chooseInExplorer('old.log.gz', 'Open Mail Flow Report');
    await workbench().drawn();
    await until(
      () => workbench().webview().locator('button.figure').first().click(short),
      workbench().activeTab(/old\.log\.gz \(line/),
    );
    await eventually(async () => {
      const { line } = await workbench().cursor();
      match(await workbench().editorText().innerText(short), new RegExp(lines[line - 1].slice(0, 26)));
    });
  });

  it('does not open for a file that is no log, and the message says what is known', async () => {
    await workbench().chooseInExplorer('mail-notes.txt', 'Open Mail Flow Report');
    await (
      await workbench().notification(/mail-notes\.txt is not a mail log in a known format\. Known formats: .*Postfix/)
    ).waitFor();
    await workbench().openContainer('Mail Flow');
    await workbench().treeRow('old.log.gz').waitFor();
  });

  it('comes back with its figures when the window is reloaded', async () => {
    // Not the browser's own reload, before which VS Code does not get around to storing what is open.
    const loaded = workbench().page.waitForEvent('load');
    await workbench().runCommand('Developer: Reload Window');
    await loaded;
    await workbench().showTab(
      'Mail Flow Report',
      workbench().webview().locator('body', { hasText: '25 messages were sent' }),
    );
    deepEqual(workbench().faults, { policy: [], outside: [], errors: [] });
  });
});

describe('Logs of a pattern', () => {
  const workbench = useWorkbench({
    folder: {
      'logs/mail.log': postfix,
      'logs/old.log.gz': gzipSync(postfix.subarray(0, 20_000)),
      'mail-notes.txt': 'bread\nmilk\n',
    },
  });

  it('are opened together, and what the pattern does not find is not', async () => {
    const input = await workbench().answer('Mail Flow: Open Mail Logs by Pattern…', 'mail.log');
    await workbench().page.locator(selectors.quickBox, { hasText: 'The pattern has no * in it.' }).waitFor();
    await input.fill('logs/*.log*');
    await input.press('Enter');
    await workbench().drawn(0, 40);
    await workbench().openContainer('Mail Flow');
    for (const name of ['mail.log', 'old.log.gz']) await workbench().treeRow(name).first().waitFor();
    equal(await workbench().treeRow('mail-notes').count(), 0);
  });
});

describe('A log of a stranger', () => {
  const name = '<img src=x onerror=alert(1)>$(trash)[a](command:workbench.action.quit)\u202e';
  const workbench = useWorkbench({
    folder: { 'RECV20261110-1.LOG': exchange.replaceAll('EX01\\Relay for devices', name) },
  });

  it('is shown as text and nothing else', async () => {
    let dialogs = 0;
    workbench().page.on('dialog', (dialog) => {
      dialogs++;
      void dialog.dismiss();
    });
    await workbench().chooseInExplorer('RECV20261110', 'Open Mail Flow Report');
    await workbench().drawn();
    await workbench().openContainer('Mail Flow');
    await workbench()
      .treeRow('<img src=x onerror=alert(1)>$ (trash)[a] (command:workbench.action.quit)\\u{202e}')
      .first()
      .waitFor();
    const shown = await workbench().webview().locator('body').innerText();
    match(shown, /<img src=x onerror=alert\(1\)>\$\(trash\)\[a\]\(command:workbench\.action\.quit\)\\u\{202e\}/);
    equal(await workbench().webview().locator('img').count(), 0);
    equal(await workbench().page.locator(`${selectors.treeRow} img[src="x"]`).count(), 0);
    equal(dialogs, 0);
    deepEqual(workbench().faults, { policy: [], outside: [], errors: [] });
  });
});

describe('In Restricted Mode', () => {
  const workbench = useWorkbench({
    restricted: true,
    folder: {
      'mail.log': postfix,
      '.vscode/settings.json':
        '{ "mailFlow.insights.noTls.threshold": null, "mailFlow.insights.tls10.threshold": null }',
    },
  });

  it('logs are read, and settings of the folder do not hide an insight', async () => {
    await workbench().openFromExplorer('mail.log');
    await workbench()
      .page.locator(`${selectors.container('Mail Flow')}[aria-label*="2 insights"]`)
      .waitFor();
  });
});

describe('In Italian', () => {
  const workbench = useWorkbench({ language: 'it', folder: { 'mail.log': postfix } });

  it('trees, problems and report speak Italian', async () => {
    await workbench().openFromExplorer('mail.log');
    await workbench().openContainer('Flusso di posta');
    await workbench().treeRow('In uscita').first().waitFor();
    await workbench().expand('partner-out');
    await workbench().treeRow('No TLS è superiore al 25%').waitFor();
    const rows = await workbench().problems();
    await rows
      .filter({
        hasText: 'TLS 1.0 è superiore al 50%: scanners (In ingresso), 8 di 9 messaggi (88,9%); pochi messaggi',
      })
      .waitFor();
    await workbench().openReport('Mail Flow: Apri report del flusso di posta');
    await workbench().webview().locator('body', { hasText: 'Flusso di posta in uscita e in ingresso' }).waitFor();
  });
});
