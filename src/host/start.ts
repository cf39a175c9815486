import { commands, l10n, Uri, window, type ExtensionContext } from 'vscode';
import { Commands } from './commands';
import { readSettings } from './configuration';
import { activateEditor } from './editor/activate';
import type { Reveal } from './editor/reveal';
import { activateFigures } from './figures/activate';
import type { Own } from './own';
import { activateProblems } from './problems/activate';
import { activateReading, type Reading } from './reading/activate';
import { activateReport, type Reporting } from './report/activate';
import { activateSettings } from './settings/activate';
import { activateTree, type Tree } from './tree/activate';

/** What `activate` returns, for tests. */
export type Api = Pick<Reading, 'store' | 'openFiles'> & Reporting & Tree & { reveal: Reveal };

/** Makes the parts and joins them. All of them end with the extension. */
export function start(context: ExtensionContext): Api {
  const own: Own = (thing) => {
    context.subscriptions.push(thing);
    return thing;
  };
  const log = own(window.createOutputChannel('Mail Flow', { log: true }));
  const { settings, remarks } = readSettings();
  const reading = activateReading(own, context, log, settings);
  const reveal = activateEditor(own, reading);
  const reporting = activateReport(own, context, reading, reveal, log);
  const tree = activateTree(own, context, reading);
  activateFigures(own, reading);
  activateProblems(own, context, reading, reveal);
  activateSettings(own, context, reading, log, remarks);
  const samples = Uri.joinPath(context.extensionUri, 'samples', 'postfix', 'mail.log');
  own(new Commands({ ...reading, ...reporting, reveal, log, samples }));
  void commands.executeCommand('setContext', 'mailFlow.active', true);
  return { ...reading, ...reporting, ...tree, reveal };
}

/** VS Code does not say when an extension fails to start, so we do. */
export function tellStartFailure(error: unknown): never {
  void window.showErrorMessage(
    l10n.t('Mail Flow Report could not start. Reload the window; if that does not help, please report this error.'),
  );
  // The log of the extension host has the rest.
  throw error;
}
