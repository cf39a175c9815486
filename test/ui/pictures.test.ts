// The pictures of the README, taken from a real VS Code with the samples: MAIL_FLOW_PICTURES=1 npm test -- --only ui --grep Pictures
// They are left in artifacts/; with few colours each (pngquant 48) they belong into media/readme.
import { ReportPage } from './report-steps';
import { useWorkbench } from './start';
import type { Theme } from './themes';

const surfaces = [
  ['overview', 'Overview'],
  ['tls', 'Protected in transit'],
  ['connectors', 'Connector report'],
  ['map', 'Mail flow map'],
] as const;

(process.env.MAIL_FLOW_PICTURES ? describe : describe.skip)('Pictures', () => {
  const workbench = useWorkbench({ settings: { 'mailFlow.timeZone': 'UTC' }, size: { width: 1440, height: 900 } });

  it('of every surface and of the Problems panel, dark and light', async () => {
    const report = new ReportPage(workbench()),
      { page } = workbench();
    // From the folder that is open, so that no path of this machine is in a picture.
    await workbench().openFile('postfix/mail.log');
    await workbench().openReport();
    await workbench().openContainer('Mail Flow');
    await workbench().treeRow('partner-out').first().waitFor();
    for (const theme of ['dark', 'light'] satisfies Theme[]) {
      await workbench().changeTheme(theme);
      for (const [name, part] of surfaces) {
        await report.go(part);
        if (name === 'connectors')
          await report.page.locator('.surface:not([hidden]) .mark-line path').first().waitFor();
        if (name === 'map') {
          await report.page.getByRole('combobox', { name: 'Show data for' }).selectOption({ label: 'By domain' });
          await report.page.locator('.flow-map .band path').first().waitFor();
        }
        await page.mouse.move(5, 400);
        await page.waitForTimeout(800);
        await workbench().screenshot(`readme ${name}-${theme}`);
      }
      await report.go('Overview');
      const rows = await workbench().problems();
      await rows.filter({ hasText: 'No TLS is over 25%' }).first().waitFor();
      await page.waitForTimeout(800);
      await workbench().screenshot(`readme problems-${theme}`);
      await page.keyboard.press('Control+J');
    }
  });
});
