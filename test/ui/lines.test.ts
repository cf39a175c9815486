// From an insight to all of its lines and back, and what a quick fix changes, in logs of every size and kind.
import { deepEqual, equal, match } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../root';
import { fix, goTo, linesThat } from './problem-steps';
import { selectors } from './selectors';
import { useWorkbench } from './start';
import { eventually, short, until } from './until';
import type { Workbench } from './workbench';

const postfix = readFileSync(join(root, 'samples/postfix/mail.log'));
const raw = postfix.toString().split('\n');
const noTls = 'No TLS is over 25%: partner-out (Outbound), 3 of 7 messages (42.9%).', oldTls = 'TLS 1.0 is above 50%: scanners (Inbound), 8 of 9 messages (88.9%).';

/** The rows of the document with lines behind a figure that are in sight, once it says this about them. */
async function linesShown(workbench: Workbench, status: string): Promise<string[]> {
  await linesThat(workbench, status).waitFor();
  return (await workbench.editorText().first().innerText()).replaceAll('\u00a0', ' ').split('\n');
}

const setIn = (workbench: Workbench) => JSON.parse(readFileSync(join(workbench.folder, '.vscode/settings.json'), 'utf8')) as Record<string, unknown>;

describe('The insights of the sample', () => {
  const workbench = useWorkbench({ folder: { 'mail.log': postfix } });

  it('are in the Problems panel, and lead to their lines', async () => {
    await workbench().openFromExplorer('mail.log');
    const rows = await workbench().problems();
    await rows.filter({ hasText: noTls }).waitFor();
    await goTo(workbench(), oldTls, 401);
  });

  it('are told at the line itself: above it what it is the first of, and by pointing at it what it was counted as', async () => {
    const { page } = workbench();
    await goTo(workbench(), noTls, 180);
    await page.locator(selectors.codeLens, { hasText: 'Outbound: partner-out · No TLS · 3 messages' }).waitFor();
    const line = page.locator(selectors.editorLine, { hasText: '4C0ADEB0F5' }).filter({ hasText: 'smtp[' }).first();
    await until(async () => { await page.mouse.move(0, 0); await line.hover({ position: { x: 60, y: 8 }, ...short }); }, page.locator(selectors.hover, { hasText: 'Outbound: partner-out' }).filter({ hasText: 'edi.supplier.example' }));
    await workbench().screenshot('hover and lens');
  });

  it('show all offending lines by a quick fix', async () => {
    await fix(workbench(), noTls, 'Show all offending lines');
    const shown = await linesShown(workbench(), '3 messages in 3 lines: all that the report counts.');
    const found = shown.flatMap((row) => { const match = /^mail\.log:(\d+) +(.*)$/.exec(row.trimEnd()); return match ? [[Number(match[1]), match[2]] as const] : []; });
    deepEqual(found.map(([line]) => line), [180, ...found.slice(1).map(([line]) => line)]);
    equal(found.length, 3);
    for (const [line, text] of found) equal(text.slice(0, 60), raw[line - 1].slice(0, 60));
    await workbench().screenshot('lines of an insight');
  });

  it('lead to the page of the rule and to the report', async () => {
    await fix(workbench(), noTls, 'Explain this insight');
    await workbench().activeTab(/no-tls-over-25/).waitFor();
    await fix(workbench(), oldTls, 'Show in the mail flow report');
    await workbench().drawn();
    await workbench().webview().locator('h2', { hasText: 'Connector report' }).waitFor();
  });

  it('follow another threshold in the tree, the report and the Problems panel, and no log is read again', async () => {
    const { page } = workbench();
    await fix(workbench(), oldTls, 'Change the threshold…');
    const input = page.locator(selectors.quickInput);
    await input.fill('200');
    await page.locator('.quick-input-widget', { hasText: 'A number from 0 to 100 is expected.' }).waitFor();
    await input.fill('95');
    await input.press('Enter');
    await page.locator(`${selectors.container('Mail Flow')}[aria-label*="1 insight"]`).waitFor();
    await (await workbench().problems()).filter({ hasText: oldTls }).waitFor({ state: 'detached' });
    await workbench().showTab('Mail Flow Report', workbench().webview().locator('.insights', { hasText: 'TLS 1.0 is above 95%' }));
    await eventually(async () => equal(await workbench().webview().locator('.insights li.insight').count(), 0));
    deepEqual(setIn(workbench()), { 'mailFlow.insights.tls10.threshold': 95 });
    await workbench().runCommand('Mail Flow: Show Log');
    const log = (await workbench().page.locator('.output-view-container .view-lines, .panel .view-lines').first().innerText()).replaceAll('\u00a0', ' ');
    equal(log.match(/reading 1 files/g)?.length, 1, log);
  });

  it('make a connector of the host behind them', async () => {
    await fix(workbench(), noTls, 'Propose a connector rule…');
    const input = workbench().page.locator(selectors.quickInput), title = workbench().page.locator('.quick-input-widget');
    await title.filter({ hasText: /New Connector/ }).waitFor();
    if (await title.filter({ hasText: 'Which Remote Host?' }).count() > 0) { await input.press('Enter'); await title.filter({ hasText: 'Mail with' }).waitFor(); }
    await input.fill('Archive');
    await input.press('Enter');
    await workbench().openContainer('Mail Flow');
    await workbench().treeRow('Archive').first().waitFor();
    const { 'mailFlow.connectors': [rule] } = setIn(workbench()) as { 'mailFlow.connectors': { name: string; direction: string }[] };
    deepEqual([rule.name, rule.direction], ['Archive', 'outbound']);
  });
});

describe('The lines of a figure in the report', () => {
  const workbench = useWorkbench({ folder: { 'old.log.gz': gzipSync(postfix) } });

  it('are shown from its context menu, also of a compressed log', async () => {
    const { page } = workbench();
    await workbench().chooseInExplorer('old.log.gz', 'Open Mail Flow Report');
    await workbench().drawn();
    const figure = workbench().webview().locator('button.figure').first(), count = await figure.innerText();
    await workbench().chooseInMenuOf(figure, 'Show Lines');
    const shown = await linesShown(workbench(), `${count} messages in ${count} lines: all that the report counts.`);
    match(shown[0], /^Outbound · /);
    await workbench().screenshot('lines of a figure in the report');
    // And from a line back to its place in the compressed log.
    await until(() => page.locator('.editor-instance .view-line .detected-link').first().click({ modifiers: ['Control'], ...short }), workbench().activeTab(/old\.log\.gz \(line/));
    deepEqual(workbench().faults, { policy: [], outside: [], errors: [] });
  }).timeout(120_000);

  it('are shown by the quick fix of a problem in it', async () => {
    await fix(workbench(), noTls, 'Show all offending lines');
    await linesShown(workbench(), '3 messages in 3 lines: all that the report counts.');
  });

  it('are shown from the tree', async () => {
    await workbench().openContainer('Mail Flow');
    await workbench().expand('scanners');
    await workbench().actionOf('TLS 1.0 is above 50%', 'Show Lines');
    await linesShown(workbench(), '8 messages in 8 lines: all that the report counts.');
  });
});
