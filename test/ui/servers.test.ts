// A log of several mail servers in a real VS Code: a drop-down shows one of them, and all that follows is of it.
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { ReportPage } from './report-steps';
import { useWorkbench } from './start';

const mail = (host: string, id: string, minute: number) =>
  [
    `Mar  2 08:${minute}:00 ${host} postfix/smtpd[7]: connect from out.example[192.0.2.1]`,
    `Mar  2 08:${minute}:01 ${host} postfix/smtpd[7]: ${id}: client=out.example[192.0.2.1]`,
    `Mar  2 08:${minute}:02 ${host} postfix/qmgr[2]: ${id}: from=<a@out.example>, size=100, nrcpt=1 (queue active)`,
    `Mar  2 08:${minute}:03 ${host} postfix/smtpd[7]: disconnect from out.example[192.0.2.1] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5`,
    '',
  ].join('\n');

describe('A log of several servers', () => {
  const workbench = useWorkbench({
    folder: {
      'central.log': mail('mx1', 'A1B2C3D4E5', 10) + mail('mx2', 'A1B2C3D4E5', 11) + mail('mx1', 'B1B2C3D4E5', 12),
      'single.log': mail('mx1', 'A1B2C3D4E5', 10),
    },
    settings: { 'mailFlow.timeZone': 'UTC', 'mailFlow.year': 2026 },
  });
  let report: ReportPage;
  const servers = () => report.page.locator('vscode-dropdown[aria-label="Server"]');
  const inbound = () => report.page.locator('.flow', { hasText: 'Inbound:' }).getByRole('heading').innerText();
  before(() => {
    report = new ReportPage(workbench());
  });

  it('shows the mail of one of them, by mouse and keyboard', async () => {
    await workbench().openFromExplorer('central.log');
    await workbench().openReport();
    match(await inbound(), /\b3\b/);
    await report.choose('Server', 'mx2');
    match(await inbound(), /\b1\b/);
    const before = Number(await report.page.locator('body').getAttribute('data-drawn'));
    await servers().focus();
    await servers().press('ArrowUp');
    await workbench().drawn(before, 10);
    match(await inbound(), /\b2\b/);
    equal(await servers().getAttribute('title'), 'mx1');
  });

  it('has no fault that axe finds', async () => {
    deepEqual(await report.violations(), []);
  });

  it('exports the server that is shown', async () => {
    await report.press(
      report.page.getByText('Export', { exact: true }),
      report.page.getByRole('button', { name: 'Markdown' }),
    );
    await report.page.getByRole('button', { name: 'Markdown' }).click();
    ok((await report.saved('mail-flow-report.md')).includes('Server: mx1'));
  });

  it('has no choice where there is only one', async () => {
    await workbench().openFromExplorer('single.log');
    await workbench().openReport();
    match(await inbound(), /\b1\b/);
    ok(!(await servers().isVisible()));
  });
});
