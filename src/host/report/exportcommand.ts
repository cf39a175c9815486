import { commands, l10n, window, type QuickPickItem } from 'vscode';
import type { ExportFormat } from '../../export/endings';
import { Disposing } from '../dispose';
import type { Exporting } from './exporting';
import type { Store } from '../reading/store';

/** The command *Export Report…*: the report of the period on show, without a way through the page. */
export class ExportCommand extends Disposing {
  constructor(
    private readonly store: Store,
    private readonly exporting: Exporting,
  ) {
    super();
    this.own(commands.registerCommand('mailFlow.exportReport', () => this.run()));
  }

  private async run(): Promise<void> {
    if (!(await this.store.settled())) {
      void window.showInformationMessage(
        l10n.t('There is no report to export yet. Open a mail log, and wait until it has been read.'),
      );
      return;
    }
    const format = await window.showQuickPick(formats(), {
      title: l10n.t('Export Report'),
      placeHolder: l10n.t('The format of the file'),
      matchOnDescription: true,
      ignoreFocusOut: true,
    });
    if (!format) return;
    const names = await window.showQuickPick(
      [
        { label: l10n.t('Names as logged'), pseudonyms: false },
        {
          label: l10n.t('With pseudonyms for hosts, connectors and files'),
          detail: l10n.t("They hold in this file only and can't be led back to the names."),
          pseudonyms: true,
        },
      ],
      { title: l10n.t('Export Report'), placeHolder: l10n.t('How names are written'), ignoreFocusOut: true },
    );
    if (names) await this.exporting.save({ type: 'export', format: format.id, pseudonyms: names.pseudonyms });
  }
}

function formats(): (QuickPickItem & { id: ExportFormat })[] {
  return [
    {
      id: 'html',
      label: l10n.t('Web page (HTML)'),
      description: l10n.t('figures and charts in one file, without scripts'),
    },
    {
      id: 'csv',
      label: l10n.t('Table (CSV)'),
      description: l10n.t('a row for each day and connector, for spreadsheets'),
    },
    {
      id: 'remote-hosts',
      label: l10n.t('Messages by remote host (CSV)'),
      description: l10n.t('a row for each day, host, connector and TLS version'),
    },
    { id: 'markdown', label: 'Markdown', description: l10n.t('tables for a ticket or a wiki') },
    { id: 'json', label: 'JSON', description: l10n.t('all figures, also as a baseline of the command line') },
    { id: 'sarif', label: l10n.t('Insights (SARIF)'), description: l10n.t('for code scanning and SARIF viewers') },
  ];
}
