import { window, type ExtensionContext, type LogOutputChannel, type WebviewPanel } from 'vscode';
import type { Reveal } from '../editor/reveal';
import type { Own } from '../own';
import type { Reading } from '../reading/activate';
import { ExportCommand } from './exportcommand';
import { Exporting, toolOf } from './exporting';
import { LanguageTools } from './languagetools';
import { ReportPanel, reportType } from './panel';
import { StatusBar } from './statusbar';

/** The report page and what else tells of its figures. */
export interface Reporting {
  report: ReportPanel;
  statusBar: StatusBar;
  languageTools: LanguageTools;
}

/** Shows the report: as a page, in the status bar, to language models and as exports. */
export function activateReport(
  own: Own,
  context: ExtensionContext,
  reading: Reading,
  reveal: Reveal,
  log: LogOutputChannel,
): Reporting {
  const { store, analyser } = reading;
  const exporting = new Exporting(store, analyser, toolOf(context));
  own(new ExportCommand(store, exporting));
  const report = own(new ReportPanel(store, reveal, context.extensionUri, log, exporting, context.workspaceState));
  own(
    window.registerWebviewPanelSerializer(reportType, {
      async deserializeWebviewPanel(panel: WebviewPanel) {
        report.adopt(panel);
        await reading.restore();
      },
    }),
  );
  return {
    report,
    statusBar: own(new StatusBar(store)),
    languageTools: own(new LanguageTools(store, context.extensionUri)),
  };
}
