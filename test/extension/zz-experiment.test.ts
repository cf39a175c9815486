import { commands, Range, Uri, window } from 'vscode';
import { mkdtempSync, writeFileSync, appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
describe('experiment', () => {
  it('opens big', async function () {
    this.timeout(60000);
    const dir = mkdtempSync('/tmp/mfx-');
    const line = 'x'.repeat(99) + '\n';
    for (const mb of [12, 60]) {
      const path = `${dir}/big${mb}.log`;
      writeFileSync(path, '');
      for (let i = 0; i < mb; i++) appendFileSync(path, line.repeat(10486));
      await commands.executeCommand('vscode.open', Uri.file(path), { selection: new Range(100000, 0, 100000, 100), preview: true });
      await sleep(4000);
      const tab = window.tabGroups.activeTabGroup.activeTab;
      console.log('OPENED', mb, tab?.label, tab?.input?.constructor.name, window.activeTextEditor?.selection.active.line, window.activeTextEditor?.visibleRanges[0]?.start.line);
      appendFileSync('/tmp/w/x/out.txt', JSON.stringify([mb, tab?.label, window.activeTextEditor?.selection.active.line, window.activeTextEditor?.visibleRanges[0]?.start.line]) + '\n');
      await commands.executeCommand('workbench.action.showCommands');
      await sleep(500);
      await commands.executeCommand('workbench.action.closeQuickOpen');
    }
  });
});
