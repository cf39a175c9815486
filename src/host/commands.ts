import { rm } from 'node:fs/promises';
import { commands, l10n, Uri, window, workspace, type LogOutputChannel } from 'vscode';
import type { ConnectorSummary } from '../core/report/query';
import type { OpenFiles } from './reading/openfiles';
import { Disposing } from './dispose';
import { tellEmpty, tellNotLocal } from './reading/filemessages';
import type { ReportPanel } from './report/panel';
import type { RawLine } from './figures/excerpt';
import type { Reveal } from './editor/reveal';
import type { Store } from './reading/store';
import { fileOf } from './reading/tabs';
import type { Node as FileNode } from './tree/files';

/** All that commands act on. */
export interface Parts {
  store: Store;
  openFiles: OpenFiles;
  report: ReportPanel;
  reveal: Reveal;
  log: LogOutputChannel;
  samples: Uri;
  summaries: string;
}

/** The commands of the manifest, and those that only our own views use. */
export class Commands extends Disposing {
  constructor(private readonly parts: Parts) {
    super();
    const { openFiles, reveal, log } = parts;
    const all: Record<string, (...args: never[]) => unknown> = {
      openReport: (uri?: unknown, all?: unknown) => this.openReport(uri, all),
      openLog: () => this.openLog(),
      openFolder: () => this.openFolder(),
      openPattern: () => this.openPattern(),
      openSample: () => this.open([parts.samples.fsPath]),
      addFiles: (uri?: unknown, all?: unknown) => this.addFiles(uri, all),
      removeFile: (node?: unknown, all?: unknown) => openFiles.remove(filesOf(node, all)),
      analyzeFile: (node?: unknown, all?: unknown) =>
        openFiles.include(new Map(filesOf(node, all).map((path) => [path, true]))),
      showProblems: () => commands.executeCommand('workbench.actions.view.problems'),
      showInReport: (node?: { connector?: ConnectorSummary }) => this.showInReport(node?.connector),
      refresh: () => openFiles.refresh('user'),
      follow: () => openFiles.follow(true),
      stopFollowing: () => openFiles.follow(false),
      cancel: () => openFiles.cancel(),
      showLog: () => log.show(),
      clearSummaries: () => this.clearSummaries(),
      openSettings: () =>
        commands.executeCommand('workbench.action.openSettings', '@ext:mail-flow-report.mail-flow-report'),
      reveal: (line: RawLine) => reveal.show(line),
    };
    for (const [name, act] of Object.entries(all)) this.own(commands.registerCommand(`mailFlow.${name}`, act));
  }

  /**
   * From the Explorer: the selected files and folders; from an editor or its tab: that file; from the palette: what is
   * open.
   */
  private async openReport(uri: unknown, all: unknown): Promise<void> {
    const { store, report } = this.parts;
    const chosen = urisOf(uri, all);
    if (chosen.length > 0 && Array.isArray(all)) return this.openUris(chosen);
    const [file = fileOf(window.tabGroups.activeTabGroup.activeTab)] = chosen;
    const read = store.state.files.some(({ path, waiting }) => path === file?.fsPath && !waiting);
    // A log that is one of several in the report does not become the only one because its editor is in front.
    if (file && !read && (chosen.length > 0 || (file.scheme === 'file' && store.state.files.length === 0)))
      return this.openUris([file]);
    if (store.state.files.length > 0 || report.isOpen) return report.show();
    return this.openLog();
  }

  private openUris(uris: readonly Uri[]): Promise<void> {
    const local = uris.filter(({ scheme }) => scheme === 'file');
    if (local.length < uris.length)
      tellNotLocal(uris.filter(({ scheme }) => scheme !== 'file').map(({ path }) => path));
    return local.length > 0 ? this.open(local.map(({ fsPath }) => fsPath)) : Promise.resolve();
  }

  /** The report opens as soon as there is something to see in it, and not for a file that is no log. */
  private async open(paths: readonly string[]): Promise<void> {
    const { store, openFiles, report } = this.parts;
    const shows = store.onDidChange(({ analysis }) => {
      if (!analysis?.files.some(({ format }) => format !== null)) return;
      shows.dispose();
      report.show();
    });
    try {
      await openFiles.open(paths, 'user');
    } finally {
      shows.dispose();
    }
  }

  private async openLog(): Promise<void> {
    const uris = await window.showOpenDialog({
      canSelectMany: true,
      openLabel: l10n.t('Open'),
      title: l10n.t('Open Mail Logs'),
      defaultUri: workspace.workspaceFolders?.[0]?.uri,
    });
    if (uris) await this.openUris(uris);
  }

  private async openFolder(): Promise<void> {
    const uris = await window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: true,
      openLabel: l10n.t('Open'),
      title: l10n.t('Open Folder of Mail Logs'),
      defaultUri: workspace.workspaceFolders?.[0]?.uri,
    });
    if (uris) await this.openUris(uris);
  }

  private async openPattern(): Promise<void> {
    const { glob, isDynamicPattern } = await import('../bundles/globbing');
    const pattern = await window.showInputBox({
      title: l10n.t('Open Mail Logs by Pattern'),
      prompt: l10n.t(
        '* stands for any characters, ** for any folders. A relative pattern starts at the first folder of the workspace.',
      ),
      placeHolder: '/var/log/mail.log*',
      ignoreFocusOut: true,
      validateInput: (text) =>
        text === '' || isDynamicPattern(text) || /[\\/]/.test(text) ? undefined : l10n.t('The pattern has no * in it.'),
    });
    if (!pattern) return;
    const cwd = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath;
    const found = await glob(pattern.replaceAll('\\', '/'), { cwd, absolute: true, onlyFiles: true, dot: false });
    if (found.length === 0) tellEmpty([pattern]);
    else await this.open(found.sort());
  }

  private async addFiles(uri: unknown, all: unknown): Promise<void> {
    let uris: readonly Uri[] | undefined = urisOf(uri, all);
    if (uris.length === 0)
      uris = await window.showOpenDialog({
        canSelectMany: true,
        openLabel: l10n.t('Add'),
        title: l10n.t('Add Mail Logs to the Report'),
        defaultUri: workspace.workspaceFolders?.[0]?.uri,
      });
    if (!uris) return;
    const other = uris.filter(({ scheme }) => scheme !== 'file');
    if (other.length > 0) tellNotLocal(other.map(({ path }) => path));
    await this.parts.openFiles.add(uris.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath));
  }

  private async clearSummaries(): Promise<void> {
    // A reading may be writing one just now.
    await rm(this.parts.summaries, { recursive: true, force: true, maxRetries: 5 });
    void window.showInformationMessage(
      l10n.t('The summaries of logs have been deleted. Logs are read from their start the next time.'),
    );
  }

  private showInReport(connector: ConnectorSummary | undefined): void {
    if (connector && connector.direction !== 'internal')
      this.parts.report.showConnector(connector.name, connector.direction);
    else this.parts.report.show();
  }
}

/** What a menu gives a command: the item that was clicked and, where several may be selected, all of them. */
function urisOf(uri: unknown, all: unknown): Uri[] {
  const uris = Array.isArray(all) && all.length > 0 ? all : [uri];
  return uris.filter((one): one is Uri => one instanceof Uri);
}

function filesOf(node: unknown, all: unknown): string[] {
  const nodes = (Array.isArray(all) && all.length > 0 ? all : [node]) as (FileNode | undefined)[];
  return nodes.flatMap((one) => (one?.kind === 'file' ? [one.file.path] : []));
}
