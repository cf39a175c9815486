// The report of a log of months with many domains: its periods, and the domains that have no band of their own in the map.
import { deepEqual, equal } from 'node:assert/strict';
import { ReportPage } from './report-steps';
import { useWorkbench } from './start';
import { eventually, short, until } from './until';

/** Days before the newest one, and how many messages went out on that day. No two periods have the same sum. */
const messages = new Map([
  [0, 1 + 13 * 2],
  [6, 3],
  [20, 5],
  [60, 7],
  [120, 11],
]);
const newest = Date.UTC(2026, 10, 10, 12);
const within = (days: number) =>
  [...messages].reduce((sum, [before, count]) => (before <= days ? sum + count : sum), 0);
const day = (before: number) => new Date(newest - before * 86_400_000).toISOString().slice(0, 10);

/** A Postfix log with these messages, oldest first; those of a day go to 13 domains in turn, and the first one has one more. */
const log = [...messages]
  .reverse()
  .flatMap(([before, count]) =>
    Array.from({ length: count }, (_, i) => {
      const host = `mx.domain-${String.fromCharCode(97 + (i % 13))}.example`;
      return (
        `${new Date(newest - before * 86_400_000 + i * 60_000).toISOString().replace('Z', '000+00:00')} mail ` +
        `postfix/smtp[2100]: 4C${String(before * 100 + i).padStart(8, '0')}: to=<contact@${host.slice(3)}>, relay=` +
        `${host}[203.0.113.25]:25, delay=0.6, delays=0.1/0.01/0.2/0.3, dsn=2.0.0, status=sent (250 2.0.0 Ok)\n`
      );
    }),
  )
  .join('');

describe('The report of a log of four months', () => {
  const workbench = useWorkbench({
    settings: { 'mailFlow.timeZone': 'UTC' },
    size: { width: 1500, height: 1000 },
    folder: { 'mail.log': log },
  });
  let report: ReportPage;
  before(async () => {
    report = new ReportPage(workbench());
    await report.openConnectorReport('mail.log');
  });

  /** The totals of the details, once they say so many messages. */
  const total = (count: number) =>
    report.page.locator('table.grid tfoot td:last-child').getByText(String(count), { exact: true });

  it('has the figures of the last 7, 30 and 90 days and of everything', async () => {
    await total(within(7)).waitFor();
    for (const [option, days] of [
      ['Last 30 days', 30],
      ['Last 90 days', 90],
      ['Everything', 1000],
      ['Last 7 days', 7],
    ] as const) {
      await report.choose('Period', option);
      await total(within(days)).waitFor();
    }
  });

  it('has the figures of two days that are typed, both of them counted', async () => {
    const { page } = report;
    const first = page.getByLabel('First day'),
      last = page.getByLabel('Last day');
    await report.choose('Period', 'Two dates…', first);
    await until(
      async () => {
        await first.fill(day(60), short);
        await last.fill(day(20), short);
        await page.getByRole('button', { name: 'Apply' }).click(short);
      },
      total(7 + 5),
    );
    // Enter does the same as the button, and the day before the last one leaves that one out.
    await until(async () => {
      await last.fill(day(21), short);
      await last.press('Enter', short);
    }, total(7));
    await workbench().screenshot('two dates');
    await report.choose('Period', 'Last 7 days');
    await total(within(7)).waitFor();
  });

  it('puts the domains beyond the ten largest of a day together as others, and no message is lost', async () => {
    const { page } = report;
    await report.go('Mail flow map');
    await page.getByRole('combobox', { name: 'Show data for' }).selectOption({ label: 'By domain' });
    const table = page.getByRole('table', { name: 'Mail flow map' });
    await report.press(page.getByText('Show as a table').last(), table);
    await table.getByText('domain-a.example').waitFor();
    const largest = Array.from('abcdefghij', (letter) => [
      'This organization',
      `domain-${letter}.example`,
      letter === 'a' ? '3' : '2',
    ]);
    await eventually(async () =>
      deepEqual(await report.rows(table), [...largest, ['This organization', 'Others', '6']]),
    );
    equal(await table.locator('tfoot td').innerText(), '27');
    await page.locator('.flow-map .band text', { hasText: /^Others 6$/ }).waitFor();
    await workbench().screenshot('map with others');
    deepEqual(workbench().faults, { policy: [], outside: [], errors: [] });
  });
});
