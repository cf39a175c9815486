// Insights that the settings ignore are named on the report page, in the reader's language.
import { deepEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root';
import { ReportPage } from './report-steps';
import { useWorkbench } from './start';
import { eventually } from './until';

const overrides = [
  {
    connector: 'scanners',
    direction: 'inbound',
    insight: 'tls1.0-above-50',
    ignore: true,
    reason: 'Replaced in <spring>',
    until: '2999-03-31',
  },
  {
    connector: 'partner-out',
    direction: 'outbound',
    insight: 'no-tls-over-25',
    ignore: true,
    reason: 'Agreed with the partner',
    until: '2999-06-30',
  },
];

for (const { language, open, all, part, words } of [
  {
    language: 'en',
    open: 'Mail Flow: Open Mail Flow Report',
    all: 'All insights here are ignored, as told below.',
    part: 'Connector report',
    words: [
      [
        'TLS 1.0 is above 50%',
        'Inbound: scanners',
        '8 of 9 messages (88.9%); few messages',
        'Ignored until Mar 31, 2999: Replaced in <spring>',
      ],
      [
        'No TLS is over 25%',
        'Outbound: partner-out',
        '2 of 6 messages (33.3%); few messages',
        'Ignored until Jun 30, 2999: Agreed with the partner',
      ],
    ],
  },
  {
    language: 'it',
    open: 'Mail Flow: Apri report del flusso di posta',
    all: 'Tutte le informazioni dettagliate qui sono ignorate, come indicato di seguito.',
    part: 'Report connettori',
    words: [
      [
        'TLS 1.0 è superiore al 50%',
        'In ingresso: scanners',
        '8 di 9 messaggi (88,9%); pochi messaggi',
        'Ignorata fino al 31 mar 2999: Replaced in <spring>',
      ],
      [
        'No TLS è superiore al 25%',
        'In uscita: partner-out',
        '2 di 6 messaggi (33,3%); pochi messaggi',
        'Ignorata fino al 30 giu 2999: Agreed with the partner',
      ],
    ],
  },
] as const) {
  describe(`Ignored insights in the report (${language})`, () => {
    const workbench = useWorkbench({
      language,
      folder: { 'mail.log': readFileSync(join(root, 'samples/postfix/mail.log')) },
      settings: { 'mailFlow.timeZone': 'UTC', 'mailFlow.insights.overrides': overrides },
      size: { width: 1500, height: 1000 },
    });

    it('are named with their figures, their last day and the reason, on the overview and beside the connectors', async () => {
      await workbench().openFromExplorer('mail.log');
      await workbench().openReport(open);
      const report = new ReportPage(workbench()),
        { page } = report,
        items = page.locator('.surface:not([hidden]) .ignored li');
      const named = () =>
        eventually(async () => {
          const texts = (await items.allInnerTexts()).map((text) => text.trim().replace(/\s+/g, ' '));
          deepEqual(texts.sort(), words.map((lines) => lines.join(' ')).sort());
        });
      await named();
      await page.getByText(all).first().waitFor();
      await workbench().screenshot(`ignored insights in the report ${language}`);
      await report.go(part);
      await named();
      deepEqual(await report.violations(), []);
      await report.press(items.getByRole('button').first(), workbench().activeTab('mail.log'));
      deepEqual(workbench().faults, { policy: [], outside: [], errors: [] });
    });
  });
}
