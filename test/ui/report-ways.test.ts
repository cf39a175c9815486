// The report without a mouse, and in Italian.
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { ReportPage } from './report-steps';
import { useWorkbench } from './start';
import { eventually, short, until } from './until';

describe('The report by keyboard', () => {
  const workbench = useWorkbench({ settings: { 'mailFlow.timeZone': 'UTC' }, size: { width: 1500, height: 1000 } });
  let report: ReportPage;
  before(async () => {
    report = new ReportPage(workbench());
    await report.openSample();
  });

  /** Tabs on until the focus is on a control with this key. */
  async function tabTo(key: string): Promise<void> {
    const { keyboard } = workbench().page;
    for (let i = 0; i < 150; i++) {
      if ((await report.page.locator(`[data-key="${key}"]:focus, [data-key="${key}"]:focus-within`).count()) > 0)
        return;
      await keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${key}.`);
  }

  /** Tabs on to a control and presses Enter, until that has shown its effect. */
  async function enter(key: string, effect: Locator): Promise<void> {
    await until(async () => {
      if (await effect.first().isVisible()) return;
      await tabTo(key);
      await workbench().page.keyboard.press('Enter');
    }, effect);
  }

  it('goes through every surface, opens a table, filters, sorts and gets to the raw line', async function () {
    this.timeout(240_000);
    const { page } = report,
      { keyboard } = workbench().page;
    const start = () => page.locator('nav button').first().focus(short);
    const heading = (name: string) => page.getByRole('heading', { name }),
      table = (name: string | RegExp) => page.getByRole('table', { name });
    // Only the first focus is given; VS Code has a command for it (Focus Active Editor Group).
    await start();
    await enter('tls', heading('Messages protected in transit (by TLS)'));
    await enter('open ciphers outbound', table(/^Cipher suites: Outbound/));
    await start();
    await enter('connectors', heading('Volume over time'));
    await enter('open volume table', table('Volume over time'));
    await enter('open filters', page.locator('[data-key="add clause"]'));
    await enter('add clause', page.locator('[data-key="value 0"]'));
    await tabTo('value 0');
    await keyboard.type('sub');
    await keyboard.press('Enter');
    await page.locator('table.grid tbody tr', { hasText: 'partner-out' }).first().waitFor({ state: 'detached' });
    await enter('sort volume', page.locator('th[aria-sort="descending"]', { hasText: 'Volume' }));
    await start();
    await enter('map', heading('Mail flow map'));
    const newest = await page.locator('.days [role="status"]').innerText();
    await enter('Previous day', page.locator('.days [role="status"]').filter({ hasNotText: newest }));
    await enter('open map table', table('Mail flow map'));
    await enter('map 0', workbench().activeTab('mail.log'));
    deepEqual(workbench().faults, { policy: [], outside: [], errors: [] });
  });
});

describe('The report in Italian', () => {
  const workbench = useWorkbench({
    settings: { 'mailFlow.timeZone': 'UTC' },
    language: 'it',
    size: { width: 1500, height: 1000 },
  });
  let report: ReportPage;
  before(async () => {
    report = new ReportPage(workbench());
    await report.openSample();
  });

  it('says everything in Italian, with Microsoft’s terms', async () => {
    const { page } = report;
    equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Report flusso di posta');
    match(
      await page.locator('.flow .words p').first().innerText(),
      /^Negli ultimi 7 giorni sono stati inviati \d+ messaggi, di cui [\d,]+% protetti in transito \(da TLS\)\.$/,
    );
    await report.go('Report connettori');
    ok(
      (await page.locator('vscode-dropdown[aria-label="Mostra dati per"] vscode-option').allTextContents()).includes(
        'Tutto il flusso di posta',
      ),
    );
    ok(
      (await page.locator('vscode-dropdown[aria-label="Visualizza per"] vscode-option').allTextContents()).includes(
        'Utilizzo TLS',
      ),
    );
    await report.press(page.locator('.filters summary'), page.getByRole('button', { name: 'Aggiungi una condizione' }));
    await report.press(
      page.getByRole('button', { name: 'Aggiungi una condizione' }),
      page.getByRole('button', { name: 'Rimuovi tutte le condizioni' }),
    );
    await report.go('Mappa del flusso di posta');
    await page.locator('.flow-map .band path').first().waitFor();
    const english = /\b(?:Messages|Volume over|Show|Export|Search|Period|Filter|Details|hosts|Insights)\b/;
    for (const part of ['Panoramica', 'Protetti in transito', 'Report connettori', 'Mappa del flusso di posta']) {
      await report.go(part);
      const text = await page.locator('body').innerText();
      ok(!english.test(text), `${part}: ${english.exec(text)?.[0]}`);
    }
    await eventually(async () => deepEqual(await report.violations(), []));
    deepEqual(workbench().faults, { policy: [], outside: [], errors: [] });
  });
});
