// The side bar and the status bar beside a report: filter, order, figures, settings that are wrong.
import { deepEqual, equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root';
import { selectors } from './selectors';
import { useWorkbench } from './start';
import { eventually, short, until } from './until';
import type { Workbench } from './workbench';

const postfix = readFileSync(join(root, 'samples/postfix/mail.log'));

/** Names of the connectors in sight, in the order of the tree. */
async function connectors({ page }: Workbench): Promise<string[]> {
  const rows = await page.locator(`${selectors.treeRow}[aria-level="2"] .label-name`).allInnerTexts();
  return rows.filter((name) => !/\.log/.test(name));
}

async function opened(workbench: Workbench): Promise<void> {
  await workbench.openFromExplorer('mail.log');
  await workbench.openContainer('Mail Flow');
  await workbench.treeRow('partner-out').first().waitFor();
}

describe('The connectors in the side bar', () => {
  const workbench = useWorkbench({ folder: { 'mail.log': postfix } });
  before(() => opened(workbench()));

  it('are filtered while the user types, and Escape brings the others back', async () => {
    const all = await connectors(workbench());
    const input = await workbench().answer('Mail Flow: Filter Connectors…', 'PARTNER');
    await workbench().page.locator('.pane-body', { hasText: 'connectors match "PARTNER"' }).first().waitFor();
    // The rows follow a moment after the words above them.
    await workbench().treeRow('scanners').first().waitFor({ state: 'detached' });
    deepEqual(await connectors(workbench()), ['partner-out']);
    await input.press('Escape');
    await workbench().treeRow('scanners').first().waitFor();
    await eventually(async () => deepEqual(await connectors(workbench()), all));
  });

  it('stay filtered after Enter until the filter is cleared', async () => {
    const input = await workbench().answer('Mail Flow: Filter Connectors…', 'scan');
    await input.press('Enter');
    await workbench().page.locator('.pane-body', { hasText: '1 of 7 connectors match "scan".' }).first().waitFor();
    await workbench().screenshot('filtered connectors');
    await workbench().runCommand('Mail Flow: Clear Filter of Connectors');
    await workbench().treeRow('partner-out').first().waitFor();
  });

  it('are sorted by the share without TLS on request', async () => {
    const outbound = async () =>
      (await connectors(workbench())).filter((name) =>
        ['partner-out', 'relay', 'To the internet without a connector'].includes(name),
      );
    await eventually(async () => equal((await outbound())[0], 'To the internet without a connector'));
    await workbench().runCommand('Mail Flow: Sort Connectors by Share without TLS');
    await workbench()
      .page.locator(`${selectors.treeRow}[aria-level="2"]`, { hasText: 'partner-out' })
      .first()
      .waitFor();
    await eventually(async () => equal((await outbound())[0], 'partner-out'));
    await workbench().screenshot('connectors by share');
  });

  it('tell a screen reader figures and health in words', async () => {
    const label = await workbench().treeRow('partner-out').first().getAttribute('aria-label');
    equal(label, 'partner-out, 6 messages, No TLS 33.3%, 1 insight');
  });

  it('have their figures in the status bar, which leads to the report', async () => {
    const item = workbench().page.locator('#mail-flow-report\\.mail-flow-report\\.mailFlow\\.summary');
    await item.filter({ hasText: '76 messages · 90.8% protected · 2 insights' }).waitFor();
    await until(
      () => item.locator('a').click(short),
      ({ timeout }) => workbench().drawn(0, timeout / 1000),
    );
    await workbench().screenshot('status bar and report');
  });
});

describe('Settings that are wrong', () => {
  const workbench = useWorkbench({ folder: { 'mail.log': postfix } });
  before(() => opened(workbench()));

  it('are in the Problems panel, at their place in settings.json', async () => {
    workbench().changeSettings({
      'mailFlow.insights.noTls.threshold': 250,
      'mailFlow.insights.overrides': [
        { connector: 'partner-uot', insight: 'no-tls-over-25', ignore: true, reason: 'Agreed', until: '2999-12-31' },
      ],
    });
    const rows = await workbench().problems();
    await rows
      .filter({ hasText: 'The override for partner-uot applies to nothing: the logs have no such connector.' })
      .waitFor();
    await workbench().screenshot('problems of settings');
    await until(
      () =>
        rows
          .filter({ hasText: 'A number from 0 to 100 is expected, or null for off. The default is used.' })
          .dblclick(short),
      workbench().activeTab('settings.json'),
    );
  });
});

describe('In Italian, figures', () => {
  const workbench = useWorkbench({
    language: 'it',
    folder: { 'mail.log': postfix },
    settings: { 'mailFlow.insights.noTls.threshold': 12.5 },
  });

  it('have a comma', async () => {
    await workbench().openFromExplorer('mail.log');
    await workbench().openContainer('Flusso di posta');
    await workbench().expand('partner-out');
    await workbench().treeRow('No TLS è superiore al 12,5%').first().waitFor();
    await workbench().screenshot('italian sidebar');
  });
});
