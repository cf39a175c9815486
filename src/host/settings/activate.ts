import {
  commands,
  workspace,
  type ConfigurationChangeEvent,
  type ExtensionContext,
  type LogOutputChannel,
} from 'vscode';
import { keepingSame, readSettings, readsDifferently, type SettingRemark } from '../configuration';
import type { Own } from '../own';
import type { Reading } from '../reading/activate';
import { Proposals } from './proposals';
import { Baselines } from './savedbaseline';
import { SettingsChecks } from './settingschecks';
import { tellSettings } from './settingmessages';

/**
 * Follows the settings, says what is wrong with them, and makes settings of what was seen.
 * @param remarks on the settings as they were first read.
 */
export function activateSettings(
  own: Own,
  context: ExtensionContext,
  { store, openFiles }: Reading,
  log: LogOutputChannel,
  remarks: readonly SettingRemark[],
): void {
  const checks = own(new SettingsChecks(store, context.globalStorageUri, log));
  const say = (found: readonly SettingRemark[]) => {
    tellSettings(found, () => void commands.executeCommand('mailFlow.openSettings'));
    checks.show(found);
  };
  const changed = (event: ConfigurationChangeEvent) => {
    if (!event.affectsConfiguration('mailFlow')) return;
    const before = store.state.settings;
    const read = readSettings();
    const settings = keepingSame(before, read.settings);
    say(read.remarks);
    store.update(event.affectsConfiguration('mailFlow.period') ? { settings, period: settings.period } : { settings });
    if (readsDifferently(before, settings) && store.state.files.length > 0) void openFiles.refresh('editor');
  };
  say(remarks);
  own(new Baselines(store, context.workspaceState));
  own(new Proposals(store));
  own(workspace.onDidChangeConfiguration(changed));
}
