// An insight that is ignored where a reader meets it: in the Problems panel and at its line.
import { deepEqual, match } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root';
import { fix, fixAtLine, ignoreFor } from './problem-steps';
import { ReportPage } from './report-steps';
import { selectors } from './selectors';
import { useWorkbench } from './start';

const noTls = 'No TLS is over 25%: partner-out (Outbound), 2 of 6 messages (33.3%); few messages',
  oldTls = 'TLS 1.0 is above 50%: scanners (Inbound), 8 of 9 messages (88.9%); few messages';

describe('An insight ignored by a quick fix', () => {
  const workbench = useWorkbench({ folder: { 'mail.log': readFileSync(join(root, 'samples/postfix/mail.log')) } });

  it('of the Problems panel is no problem any more, and the other one stays', async () => {
    await workbench().openFromExplorer('mail.log');
    await fix(workbench(), oldTls, 'Ignore for this connector until…');
    await ignoreFor(workbench(), 'Replaced in spring', '2999-03-31');
    const rows = await workbench().problems();
    await rows.filter({ hasText: oldTls }).waitFor({ state: 'detached' });
    await rows.filter({ hasText: noTls }).waitFor();
    await workbench()
      .page.locator(`${selectors.container('Mail Flow')}[aria-label*="1 insight"]`)
      .waitFor();
  });

  it('of the light bulb at its line is no problem any more', async () => {
    const rows = await workbench().problems();
    await fixAtLine(workbench(), noTls, 438, 'Ignore for this connector until…');
    await ignoreFor(workbench(), 'Agreed with the partner', '2999-06-30');
    await rows.filter({ hasText: noTls }).waitFor({ state: 'detached' });
    const { 'mailFlow.insights.overrides': overrides } = JSON.parse(
      readFileSync(join(workbench().folder, '.vscode/settings.json'), 'utf8'),
    ) as Record<string, unknown>;
    deepEqual(overrides, [
      {
        connector: 'scanners',
        direction: 'inbound',
        insight: 'tls1.0-above-50',
        ignore: true,
        reason: 'Replaced in spring',
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
    ]);
    await workbench().screenshot('ignored insights');
  });

  it('is named in an export, with its figures, its last day and the reason', async () => {
    await workbench().runCommand('Mail Flow: Export Report…');
    for (const choice of ['Markdown', 'Names as logged']) await workbench().pick(choice);
    const text = await new ReportPage(workbench()).saved('mail-flow-report.md');
    const ignored = text.split('\n').filter((line) => line.includes('Ignored until'));
    deepEqual(ignored.length, 2, text);
    for (const [figures, day, reason] of [
      ['8 of 9 messages', '2999-03-31', 'Replaced in spring'],
      ['2 of 6 messages', '2999-06-30', 'Agreed with the partner'],
    ]) {
      match(ignored.find((line) => line.includes(figures)) ?? '', new RegExp(`Ignored until ${day}.*${reason}`));
    }
  });
});
