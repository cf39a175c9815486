// The details table with more rows than are in sight: by keyboard, and on paper.
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { ReportPage } from './report-steps';
import { useWorkbench } from './start';
import { eventually, short, until } from './until';

/** One message on each of so many days, the newest first in the table. */
const days = 200,
  newest = Date.UTC(2026, 10, 10, 12);
const log = Array.from(
  { length: days },
  (_, i) =>
    `${new Date(newest - (days - 1 - i) * 86_400_000).toISOString().replace('Z', '000+00:00')} mail ` +
    `postfix/smtp[2100]: 4C${String(i).padStart(8, '0')}: to=<contact@partner.example>, ` +
    'relay=mx.partner.example[203.0.113.25]:25, delay=0.6, delays=0.1/0.01/0.2/0.3, dsn=2.0.0, status=sent (250 ' +
    '2.0.0 Ok)\n',
).join('');

describe('The details of many days', () => {
  const workbench = useWorkbench({
    settings: { 'mailFlow.timeZone': 'UTC' },
    size: { width: 1500, height: 1000 },
    folder: { 'mail.log': log },
  });
  let report: ReportPage, rows: Locator;
  before(async () => {
    report = new ReportPage(workbench());
    await report.openConnectorReport('mail.log');
    await report.choose('Period', 'Everything');
    await report.page.locator('table.grid tfoot', { hasText: String(days) }).waitFor();
    rows = report.page.locator('table.grid tbody tr[data-row]');
  });

  /** Row and column of the cell that has the focus, from 0, and whether it can be seen between the head and the totals. */
  const focused = () =>
    report.page.locator('table.grid').evaluate((table) => {
      const cell = table.ownerDocument.activeElement?.closest('td, th'),
        row = cell?.parentElement;
      if (!cell || !row?.hasAttribute('data-row') || !table.contains(cell)) return undefined;
      const { top, bottom } = cell.getBoundingClientRect(),
        head = table.querySelector('thead')!.getBoundingClientRect(),
        foot = table.querySelector('tfoot')!.getBoundingClientRect();
      return {
        row: Number(row.getAttribute('data-row')),
        column: [...row.children].indexOf(cell),
        seen: top >= head.bottom - 1 && bottom <= foot.top + 1,
      };
    });

  it('has only the rows in sight in the page, and says how many there are', async () => {
    await rows.first().waitFor();
    ok((await rows.count()) < days / 2, `${await rows.count()} rows`);
    equal(await report.page.locator('table.grid').getAttribute('aria-rowcount'), String(days + 2));
  });

  it('goes from cell to cell by arrows, Home, End and Page Down, and scrolls with the focus', async () => {
    const { keyboard } = workbench().page,
      last = (await report.page.locator('table.grid thead th').count()) - 1;
    const first = report.page.locator('table.grid tbody tr[data-row="0"] > *').first();
    await until(
      () => first.focus(short),
      async () => {
        await eventually(async () => deepEqual(await focused(), { row: 0, column: 0, seen: true }));
      },
    );
    for (const [key, row, column] of [
      ['ArrowDown', 1, 0],
      ['ArrowRight', 1, 1],
      ['ArrowUp', 0, 1],
      ['ArrowUp', 0, 1],
      ['ArrowLeft', 0, 0],
      ['ArrowLeft', 0, 0],
      ['End', 0, last],
      ['ArrowRight', 0, last],
      ['Home', 0, 0],
      ['Control+End', days - 1, last],
      ['ArrowDown', days - 1, last],
      ['Home', days - 1, 0],
      ['ArrowUp', days - 2, 0],
      ['Control+Home', 0, 0],
    ] as const) {
      await keyboard.press(key);
      await eventually(async () => deepEqual(await focused(), { row, column, seen: true }, key));
    }
    await keyboard.press('PageDown');
    await eventually(async () => {
      const { row, column, seen } = (await focused())!;
      ok(row > 3 && row < days / 2 && column === 0 && seen, `Page Down leads to row ${row}`);
    });
    await keyboard.press('PageUp');
    await eventually(async () => deepEqual(await focused(), { row: 0, column: 0, seen: true }, 'PageUp'));
  });

  it('keeps one stop for Tab, which leads out of the table', async () => {
    await workbench().page.keyboard.press('Control+End');
    await eventually(async () => equal((await focused())?.row, days - 1));
    equal(await report.page.locator('table.grid tbody [tabindex="0"]').count(), 1);
    await workbench().page.keyboard.press('Tab');
    await eventually(async () => equal(await focused(), undefined));
  });

  it('is printed with all of its rows and its totals, and is as before afterwards', async () => {
    const { page } = workbench(),
      region = report.page.locator('[data-scroll="details"]');
    await page.emulateMedia({ media: 'print' });
    await eventually(async () => equal(await rows.count(), days));
    equal(
      await region.evaluate((element) => element.ownerDocument.defaultView!.getComputedStyle(element).overflowY),
      'visible',
      'nothing is cut off',
    );
    deepEqual(
      await rows.evaluateAll((all) => all.map((row) => Number(row.getAttribute('data-row')))),
      Array.from({ length: days }, (_, i) => i),
    );
    ok(await report.page.locator('table.grid tfoot').isVisible());
    equal(await report.page.locator('nav').isVisible(), false, 'what leads elsewhere is not printed');
    await page.emulateMedia({ media: 'screen' });
    await eventually(async () => ok((await rows.count()) < days / 2));
    // What the browser tells when the reader prints.
    for (const [event, all] of [
      ['beforeprint', true],
      ['afterprint', false],
    ] as const) {
      await region.evaluate((element, name) => {
        const view = element.ownerDocument.defaultView!;
        view.dispatchEvent(new view.Event(name));
      }, event);
      equal((await rows.count()) === days, all, event);
    }
    deepEqual(workbench().faults, { policy: [], outside: [], errors: [] });
  });
});
