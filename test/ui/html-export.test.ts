// The HTML report as its reader gets it: a file in a browser that runs no script. Chromium reads its tables, and they
// must say what `--format json` says.
import { deepEqual, equal, ok } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../host/browser.mjs';
import { root } from '../root';

interface Json {
  totals: Record<'outbound' | 'inbound', { messages: number; tls: Record<string, number> }>;
  connectors: { name: string | null; direction: string; messages: number; tls: Record<string, number> }[];
  insights: unknown[];
}
const versions = ['none', 'ssl3.0', 'tls1.0', 'tls1.1', 'tls1.2', 'tls1.3', 'tls', 'unknown'];
const count = (cell: string) => Number(cell.replace(/\(.*/, '').replaceAll(',', '').trim());

for (const [name, logs] of [
  ['Postfix', ['samples/postfix/mail.log']],
  ['Exchange', ['samples/exchange/RECV20261110-1.LOG', 'samples/exchange/SEND20261110-1.LOG']],
] as const) {
  describe(`The HTML report of ${name} without scripts`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'mail-flow-html-')),
      file = join(folder, 'report.html');
    const options = ['--period', 'all', '--time-zone', 'UTC', ...logs.map((log) => join(root, log))];
    const run = (...more: string[]) =>
      execFileSync(process.execPath, [join(root, 'dist/cli.js'), ...more, ...options], { encoding: 'utf8' });
    const asked: string[] = [];
    let browser: Browser, page: Page, json: Json;

    before(async () => {
      run('--format', 'html', '--output', file);
      json = JSON.parse(run('--format', 'json')) as Json;
      browser = await launchBrowser();
      const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1200, height: 900 } });
      page = await context.newPage();
      page.on('request', (request) => asked.push(request.url()));
      page.on('console', (message) => asked.push(message.text()));
      await page.goto(pathToFileURL(file).href);
    });
    after(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const rows = async (heading: string) => {
      const section = page.locator(`h2:text-is("${heading}") + .scroll table`);
      return Promise.all((await section.locator('tbody tr').all()).map((row) => row.locator('th, td').allInnerTexts()));
    };

    it('asks for nothing, and no content policy complains', () => deepEqual(asked, [pathToFileURL(file).href]));

    it('shows the TLS versions of each direction', async () => {
      for (const [i, direction] of (['outbound', 'inbound'] as const).entries()) {
        const card = page.locator('.card').nth(i);
        equal(count((await card.getByRole('heading').innerText()).split(':')[1]), json.totals[direction].messages);
        deepEqual(
          (
            await Promise.all(
              (await card.locator('tbody tr').all()).map((row) => row.locator('td').first().innerText()),
            )
          ).map(count),
          versions.map((version) => json.totals[direction].tls[version]),
        );
      }
    });

    it('shows every connector with its versions and its volume, and the days add up', async () => {
      const connectors = await rows('Connector report');
      deepEqual(
        connectors.map((cells) => cells.slice(3).map(count)),
        json.connectors.map(({ messages, tls }) => [...versions.map((version) => tls[version]), messages]),
      );
      const details = await rows('Details');
      equal(
        details.reduce((sum, cells) => sum + count(cells.at(-1)!), 0),
        json.connectors.reduce((sum, { messages }) => sum + messages, 0),
      );
      equal(await page.locator('h2:text-is("Insights") + ul > li').count(), json.insights.length);
    });

    it('has charts that can be seen, each with words for those who cannot', async () => {
      const charts = page.locator('.chart[role="img"]');
      equal(await charts.count(), 4, 'two rings, volume and usage over time');
      for (const chart of await charts.all()) {
        ok(((await chart.getAttribute('aria-label')) ?? '').length > 20);
        const box = (await chart.locator('svg').boundingBox())!;
        ok(box.width > 80 && box.height > 80, JSON.stringify(box));
        ok((await chart.locator('svg path').count()) > 1);
      }
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.screenshot({ path: join(root, 'artifacts', `html-${name}-${scheme}.png`), fullPage: true });
      }
    });
  });
}
