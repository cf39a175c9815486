import { deepEqual, ok } from 'node:assert/strict';
import { commands, extensions } from 'vscode';

describe('The extension in VS Code', () => {
  it('is present and registers the commands of its manifest', async () => {
    const extension = extensions.getExtension('mail-flow-report.mail-flow-report');
    ok(extension, 'the extension is not there');
    await extension.activate();
    const declared: string[] = (extension.packageJSON.contributes.commands ?? []).map(
      (entry: { command: string }) => entry.command,
    );
    ok(declared.length > 0, 'the manifest declares no command');
    const registered = new Set(await commands.getCommands(true));
    deepEqual(
      declared.filter((command) => !registered.has(command)),
      [],
    );
  });
});
