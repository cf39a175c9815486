import { commands, l10n, Uri, window, workspace, type ExtensionContext, type WebviewPanel } from 'vscode';
import { Analyser } from './reading/analyser';
import { Baselines } from './settings/savedbaseline';
import { FileChanges } from './reading/changes';
import { Commands } from './commands';
import { OpenFiles } from './reading/openfiles';
import { Diagnostics } from './problems/diagnostics';
import { FigureLenses } from './editor/codelens';
import { LineHovers } from './editor/hover';
import { LineFactsCache } from './editor/linefacts';
import { FigureLines } from './figures/showlines';
import { Fixes } from './problems/fixes';
import { ExportCommand } from './report/exportcommand';
import { Exporting, toolOf } from './report/exporting';
import { LanguageTools } from './report/languagetools';
import { tellSettings } from './messages';
import { Proposals } from './settings/proposals';
import { ReportPanel, reportType } from './report/panel';
import { Reveal } from './editor/reveal';
import { keepingSame, readSettings, readsDifferently } from './settings/configuration';
import { SettingsChecks } from './settings/settingschecks';
import { StatusBar } from './report/statusbar';
import { Store } from './reading/store';
import { OpenLogs } from './reading/tabs';
import { MessageTrace } from './figures/followmessage';
import { ConnectorChoice } from './tree/choice';
import { ConnectorsView } from './tree/connectors';
import { FilesView } from './tree/files';

/** What `activate` gives back, for tests. */
export interface Api {
  store: Store;
  dataSet: OpenFiles;
  report: ReportPanel;
  reveal: Reveal;
  connectors: ConnectorsView;
  choice: ConnectorChoice;
  files: FilesView;
  statusBar: StatusBar;
  languageTools: LanguageTools;
}

/** Under which the files of the report are kept over a restart, and whether the user chose them. */
const filesKey = 'files';
interface Kept {
  files: string[];
  chosen: boolean;
}

/** Makes the parts and joins them. All of them end with the extension. */
export function start(context: ExtensionContext): Api {
  const own = <T extends { dispose(): unknown }>(thing: T): T => {
    context.subscriptions.push(thing);
    return thing;
  };
  const log = own(window.createOutputChannel('Mail Flow', { log: true }));
  const openSettings = () => void commands.executeCommand('mailFlow.openSettings');
  const { settings, remarks } = readSettings();
  tellSettings(remarks, openSettings);
  const store = own(new Store(settings));
  const analyser = own(new Analyser(context.asAbsolutePath('dist/worker.js')));
  const summaries = Uri.joinPath(context.globalStorageUri, 'summaries');
  const dataSet = own(new OpenFiles(store, analyser, log, summaries.fsPath));
  const reveal = own(new Reveal(store, analyser));
  const exporting = new Exporting(store, analyser, toolOf(context));
  own(new ExportCommand(store, exporting));
  const report = own(new ReportPanel(store, reveal, context.extensionUri, log, exporting, context.workspaceState));
  const choice = own(new ConnectorChoice(context.workspaceState)),
    connectors = own(new ConnectorsView(store, choice)),
    files = own(new FilesView(store, dataSet));
  own(new Diagnostics(store, context.extensionUri, (line) => reveal.locate(line)));
  own(new Fixes(store, context.extensionUri));
  const statusBar = own(new StatusBar(store)),
    languageTools = own(new LanguageTools(store, context.extensionUri));
  const checks = own(new SettingsChecks(store, context.globalStorageUri, log));
  checks.show(remarks);
  own(new Baselines(store, context.workspaceState));
  own(new MessageTrace(store, analyser));
  own(new FigureLines(store, analyser));
  own(new LineHovers(own(new LineFactsCache(store, analyser))));
  own(new FigureLenses(store, reveal));
  own(new Proposals(store));
  own(new FileChanges(store, dataSet, log));
  own(
    new Commands({
      store,
      dataSet,
      report,
      reveal,
      log,
      summaries: summaries.fsPath,
      samples: Uri.joinPath(context.extensionUri, 'samples', 'postfix', 'mail.log'),
    }),
  );
  own(new OpenLogs(store, dataSet));
  void commands.executeCommand('setContext', 'mailFlow.active', true);

  const before = context.workspaceState.get<Kept>(filesKey, { files: [], chosen: false });
  let kept = store.state.files;
  own(
    store.onDidChange(({ files, reading }) => {
      void commands.executeCommand('setContext', 'mailFlow.hasFiles', files.length > 0);
      void commands.executeCommand('setContext', 'mailFlow.reading', reading !== undefined);
      if (files === kept) return;
      kept = files;
      void context.workspaceState.update(filesKey, {
        files: files.filter(({ excluded }) => !excluded).map(({ path }) => path),
        chosen: dataSet.chosen,
      } satisfies Kept);
    }),
  );
  own(
    workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('mailFlow')) return;
      const before = store.state.settings,
        { settings: after, remarks } = readSettings(),
        settings = keepingSame(before, after);
      tellSettings(remarks, openSettings);
      checks.show(remarks);
      store.update(
        event.affectsConfiguration('mailFlow.period') ? { settings, period: settings.period } : { settings },
      );
      if (readsDifferently(before, settings) && store.state.files.length > 0) void dataSet.refresh('editor');
    }),
  );
  own(
    window.registerWebviewPanelSerializer(reportType, {
      async deserializeWebviewPanel(panel: WebviewPanel) {
        report.adopt(panel);
        const { files, chosen } = before;
        if (files.length > 0 && (chosen || store.state.files.length === 0))
          await dataSet.open(files, chosen ? 'restore' : 'editor');
      },
    }),
  );
  return { store, dataSet, report, reveal, connectors, choice, files, statusBar, languageTools };
}

/** VS Code does not say when an extension fails to start, so we do. */
export function tellStartFailure(error: unknown): never {
  void window.showErrorMessage(
    l10n.t('Mail Flow Report could not start. Reload the window; if that does not help, please report this error.'),
  );
  // The log of the extension host has the rest.
  throw error;
}
