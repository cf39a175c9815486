// The pointer over a chart: the tool tip says what the point below it stands for, also after the chart was given other figures.
import { deepEqual, equal } from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { ReportPage } from './report-steps';
import { useWorkbench } from './start';
import { eventually, short } from './until';

/** Messages of each day to a partner and, always more, to all others. The newest day is the last one. */
const days = 120,
  newest = Date.UTC(2026, 10, 10, 12),
  partner = (day: number) => 1 + (day % 3),
  others = (day: number) => 5 + (day % 2);
const line = (day: number, n: number, service: string) =>
  `${new Date(newest - (days - 1 - day) * 86_400_000).toISOString().replace('Z', '000+00:00')} mail postfix/` +
  `${service}[2100]: 4C${String(day).padStart(6, '0')}${n}${service.length}: to=<contact@partner.example>, ` +
  'relay=mx.partner.example[203.0.113.25]:25, delay=0.6, delays=0.1/0.01/0.2/0.3, dsn=2.0.0, status=sent (250 ' +
  '2.0.0 Ok)\n';
const log = Array.from(
  { length: days },
  (_, day) =>
    Array.from({ length: partner(day) }, (_, n) => line(day, n, 'partner-out/smtp')).join('') +
    Array.from({ length: others(day) }, (_, n) => line(day, n, 'smtp')).join(''),
).join('');

interface Spot {
  x: number;
  y: number;
}

describe('The pointer over the volume over time', () => {
  const workbench = useWorkbench({
    settings: { 'mailFlow.timeZone': 'UTC' },
    size: { width: 1500, height: 1000 },
    folder: { 'mail.log': log },
  });
  let report: ReportPage, chart: Locator;
  before(async () => {
    report = new ReportPage(workbench());
    await report.openConnectorReport('mail.log');
    chart = report.page.locator('.surface:not([hidden]) .chart').first();
  });

  /** The middles of all symbols in the chart, from left to right, and where they stand one over the other from above. */
  const symbols = async (): Promise<Spot[]> =>
    (
      await chart.locator('.mark-symbol path').evaluateAll((marks) => {
        const frame = marks[0]?.closest('.chart')?.getBoundingClientRect();
        return marks.map((mark) => {
          const { left, top, width, height } = mark.getBoundingClientRect();
          return { x: left + width / 2 - frame!.left, y: top + height / 2 - frame!.top };
        });
      })
    ).sort((a, b) => (Math.abs(a.x - b.x) > 1 ? a.x - b.x : a.y - b.y));

  /** Where the first line of the chart has its points, from left to right. */
  const points = (): Promise<Spot[]> =>
    chart
      .locator('.mark-line path')
      .first()
      .evaluate((element) => {
        const path = element as unknown as { getScreenCTM(): { a: number; d: number; e: number; f: number } },
          { a, d, e, f } = path.getScreenCTM(),
          { left, top } = element.closest('.chart')!.getBoundingClientRect();
        return [...element.getAttribute('d')!.matchAll(/[ML](-?[\d.]+)[ ,](-?[\d.]+)/g)].map(([, x, y]) => ({
          x: Number(x) * a + e - left,
          y: Number(y) * d + f - top,
        }));
      });

  /** Comes to a place of the chart from beside it, and reads what the tip says. */
  const tipAt = async (spot: Spot | undefined): Promise<string | null> => {
    await report.page.getByRole('heading', { name: 'Volume over time' }).hover(short);
    equal(await report.page.locator('.tip').isVisible(), false, 'there is no tip beside the chart');
    await chart.hover({ position: spot!, ...short });
    await report.page.locator('.tip').waitFor(short);
    return report.page.locator('.tip').textContent(short);
  };

  it('tells the day, the connector and its messages at a symbol', async () => {
    await eventually(async () =>
      equal(
        await tipAt((await symbols()).at(-2)),
        `Nov 10, 2026 (in part)\nTo the internet without a connector: ${others(days - 1)}`,
      ),
    );
    await eventually(async () =>
      equal(await tipAt((await symbols()).at(-3)), `Nov 9, 2026\nOutbound: partner-out: ${partner(days - 2)}`),
    );
  });

  it('tells the new figures when the chart was given others', async () => {
    await report.choose('Show data for', 'partner-out');
    await eventually(async () =>
      equal(
        await tipAt((await symbols()).at(-1)),
        `Nov 10, 2026 (in part)\nOutbound: partner-out: ${partner(days - 1)}`,
      ),
    );
    await report.choose('Show data for', 'All mail flow');
    await eventually(async () =>
      equal(
        await tipAt((await symbols()).at(-2)),
        `Nov 10, 2026 (in part)\nTo the internet without a connector: ${others(days - 1)}`,
      ),
    );
  });

  it('tells them at the points of a long period, which have no symbols, and leads from there to the line', async () => {
    await report.choose('Period', 'Everything');
    await eventually(async () => {
      deepEqual([(await symbols()).length, (await points()).length], [0, days]);
      equal(await tipAt((await points())[1]), `Jul 15, 2026\nTo the internet without a connector: ${others(1)}`);
    });
    await report.choose('Show data for', 'partner-out');
    await eventually(async () =>
      equal(await tipAt((await points()).at(-2)), `Nov 9, 2026\nOutbound: partner-out: ${partner(days - 2)}`),
    );
    const { x, y } = (await points()).at(-2)!;
    await chart.click({ position: { x, y }, ...short });
    await workbench().activeTab('mail.log').waitFor();
    deepEqual(workbench().faults, { policy: [], outside: [], errors: [] });
  });
});
