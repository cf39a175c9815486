// A log that VS Code hides from extensions: more than 50 MB.
import { deepEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root';
import { selectors } from './selectors';
import { useWorkbench } from './start';

describe('A log of 60 MB', () => {
  const one = readFileSync(join(root, 'samples/postfix/mail.log'));
  // It is there before VS Code opens the folder, so that the Explorer need not notice a new file.
  const workbench = useWorkbench({ folder: { 'mail.log': Buffer.concat(Array.from({ length: Math.ceil(60 * 2 ** 20 / one.length) }, () => one)) } });

  it('is analyzed from the Explorer, and its insights are in the tree and in the Problems panel', async () => {
    const { page } = workbench();
    await workbench().chooseInExplorer('mail.log', 'Open Mail Flow Report');
    await workbench().drawn(0, 60);
    await page.locator(`${selectors.container('Mail Flow')}[aria-label*="2 insights"]`).waitFor();
    const rows = await workbench().problems();
    await rows.filter({ hasText: 'No TLS is over 25%: partner-out (Outbound)' }).first().waitFor();
    await rows.filter({ hasText: 'TLS 1.0 is above 50%: scanners (Inbound)' }).first().waitFor();
    // VS Code has no editor for quick fixes in a log of this size; the tree has the same.
    await workbench().openContainer('Mail Flow');
    await workbench().expand('scanners');
    await workbench().actionOf('TLS 1.0 is above 50%', 'Show Lines');
    await workbench().editorText().filter({ hasText: /1,000.of.[\d,]+.messages.so.far,.in.1,000.lines\./ }).first().waitFor();
    deepEqual(workbench().faults, { policy: [], outside: [], errors: [] });
  }).timeout(120_000);
});
