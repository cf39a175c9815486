import { realpath } from 'node:fs/promises';
import { TabInputText, window, type Tab, type Uri } from 'vscode';
import type { OpenFiles } from './openfiles';
import { Disposing } from '../dispose';
import { recognise } from './recognise';
import type { Store } from './store';

/** The file that a tab shows as text. It has one also where the file is too large to be a document for an extension. */
export function fileOf(tab: Tab | undefined): Uri | undefined {
  return tab?.input instanceof TabInputText ? tab.input.uri : undefined;
}

/**
 * Follows the editors: a mail log that comes to the front is analysed at once, unless the user has chosen what the
 * report is about.
 * Tabs and not documents are watched, since VS Code keeps documents above 50 MB from extensions
 * (microsoft/vscode#111849).
 */
export class OpenLogs extends Disposing {
  private scheduled: NodeJS.Timeout | undefined;
  private last: string | undefined;

  constructor(
    private readonly store: Store,
    private readonly openFiles: OpenFiles,
  ) {
    super();
    this.own(window.tabGroups.onDidChangeTabs(() => this.schedule()));
    this.own(window.tabGroups.onDidChangeTabGroups(() => this.schedule()));
    this.own({ dispose: () => clearTimeout(this.scheduled) });
    this.schedule();
  }

  /** Several events tell of one click. */
  private schedule(): void {
    clearTimeout(this.scheduled);
    this.scheduled = setTimeout(() => void this.follow(), 50);
  }

  private async follow(): Promise<void> {
    const uri = fileOf(window.tabGroups.activeTabGroup.activeTab);
    const path = uri?.scheme === 'file' ? uri.fsPath : undefined;
    if (path === this.last) return;
    this.last = path;
    if (path === undefined || !this.wanted(path) || (await recognise(path)) === undefined) return;
    const real = await realpath(path).catch(() => path);
    // Time has passed: the user may have gone on.
    if (path === this.last && this.wanted(path) && this.wanted(real)) await this.openFiles.open([path], 'editor');
  }

  private wanted(path: string): boolean {
    const { settings, files } = this.store.state;
    return settings.autoAnalyze.enabled && !this.openFiles.chosen && !files.some((file) => file.path === path);
  }
}
