// The report without a mouse, and in Italian.
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { ReportPage } from './report-steps';
import { useWorkbench } from './start';

describe('The report by keyboard', () => {
  const workbench = useWorkbench({ settings: { 'mailFlow.timeZone': 'UTC' }, size: { width: 1500, height: 1000 } });
  let report: ReportPage;
  before(async function () { this.timeout(120_000); report = new ReportPage(workbench()); await report.openSample(); });

  /** Tabs on until the focus is on a control with this key. */
  async function tabTo(key: string): Promise<void> {
    const { keyboard } = workbench().page;
    for (let i = 0; i < 150; i++) {
      if (await report.page.locator(`[data-key="${key}"]:focus, [data-key="${key}"]:focus-within`).count() > 0) return;
      await keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${key}.`);
  }

  it('goes through every surface, opens a table, filters, sorts and gets to the raw line', async function () {
    this.timeout(240_000);
    const { page } = report, { keyboard } = workbench().page;
    // Only the first focus is given; VS Code has a command for it (Focus Active Editor Group).
    await page.locator('nav button').first().focus();
    await tabTo('tls');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Messages protected in transit (by TLS)' }).waitFor();
    await tabTo('open ciphers outbound');
    await keyboard.press('Enter');
    await page.getByRole('table', { name: /^Cipher suites: Outbound/ }).waitFor();
    await page.locator('nav button').first().focus();
    await tabTo('connectors');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Volume over time' }).waitFor();
    await tabTo('open volume table');
    await keyboard.press('Enter');
    await page.getByRole('table', { name: 'Volume over time' }).waitFor();
    await tabTo('open filters');
    await keyboard.press('Enter');
    await tabTo('add clause');
    await keyboard.press('Enter');
    await tabTo('value 0');
    await keyboard.type('sub');
    await keyboard.press('Enter');
    await page.locator('table.grid tbody tr', { hasText: 'partner-out' }).first().waitFor({ state: 'detached' });
    await tabTo('sort volume');
    await keyboard.press('Enter');
    await page.locator('th[aria-sort="descending"]', { hasText: 'Volume' }).waitFor();
    await page.locator('nav button').first().focus();
    await tabTo('map');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Mail flow map' }).waitFor();
    await tabTo('Previous day');
    await keyboard.press('Enter');
    await tabTo('open map table');
    await keyboard.press('Enter');
    await page.getByRole('table', { name: 'Mail flow map' }).waitFor();
    await tabTo('map 0');
    await keyboard.press('Enter');
    await workbench().activeTab('mail.log').waitFor();
    deepEqual(workbench().faults, { policy: [], outside: [], errors: [] });
  });
});

describe('The report in Italian', () => {
  const workbench = useWorkbench({ settings: { 'mailFlow.timeZone': 'UTC' }, language: 'it', size: { width: 1500, height: 1000 } });
  let report: ReportPage;
  before(async function () { this.timeout(120_000); report = new ReportPage(workbench()); await report.openSample(); });

  it('says everything in Italian, with Microsoft’s terms', async function () {
    this.timeout(120_000);
    const { page } = report;
    equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Report flusso di posta');
    match(await page.locator('.flow .words p').first().innerText(), /^Negli ultimi 7 giorni sono stati inviati \d+ messaggi, di cui [\d,]+% protetti in transito \(da TLS\)\.$/);
    await report.go('Report connettori');
    ok((await page.locator('vscode-dropdown[aria-label="Mostra dati per"] vscode-option').allTextContents()).includes('Tutto il flusso di posta'));
    ok((await page.locator('vscode-dropdown[aria-label="Visualizza per"] vscode-option').allTextContents()).includes('Utilizzo TLS'));
    await page.locator('.filters summary').click();
    await page.getByRole('button', { name: 'Aggiungi una condizione' }).click();
    await report.go('Mappa del flusso di posta');
    await page.locator('.flow-map .band path').first().waitFor();
    const english = /\b(?:Messages|Volume over|Show|Export|Search|Period|Filter|Details|hosts|Insights)\b/;
    for (const part of ['Panoramica', 'Protetti in transito', 'Report connettori', 'Mappa del flusso di posta']) {
      await report.go(part);
      const text = await page.locator('body').innerText();
      ok(!english.test(text), `${part}: ${english.exec(text)?.[0]}`);
    }
    deepEqual(await report.violations(), []);
    deepEqual(workbench().faults, { policy: [], outside: [], errors: [] });
  });
});
