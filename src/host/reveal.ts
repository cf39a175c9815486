import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { commands, env, l10n, Location, Range, TabInputWebview, TextEditorRevealType, UIKind, Uri, ViewColumn, window, workspace, type TextDocument, type TextDocumentContentProvider, type TextDocumentShowOptions } from 'vscode';
import type { FileReport } from '../core/model';
import type { Analyser } from './analyser';
import { Disposing } from './dispose';
import type { Store } from './store';
import { failureText, fileName, number } from './wording';

/** A raw line of a log: what a figure follows from. */
export interface RawLine { path: string; line: number }

/** VS Code gives larger files to no extension, but still opens them in an editor (microsoft/vscode#111849). */
const documentLimit = 50 * 1024 * 1024;
/** Above this size VS Code asks before it shows a file, which would keep the line from sight: on this machine, and on another one. */
const editorLimits = { local: 1024 * 1024 * 1024, remote: 10 * 1024 * 1024 };
/** Lines shown before and after the one in question, where the file itself can't be shown. */
const around = 500;

export const linesScheme = 'mailflow-lines';

/** Goes to raw lines of logs of any size and kind. */
export class Reveal extends Disposing implements TextDocumentContentProvider {
  constructor(private readonly store: Store, private readonly analyser: Analyser) {
    super();
    this.own(workspace.registerTextDocumentContentProvider(linesScheme, this));
  }

  /** Shows a line in an editor beside the report, or says why it can't. */
  async show({ path, line }: RawLine): Promise<void> {
    const file = this.diskFile(path);
    try {
      const { size } = await stat(file);
      if (file === path && await this.showFile(file, line, size)) return;
      await this.showLines({ path, line });
    } catch (error) {
      void window.showErrorMessage(l10n.t('Line {0} of {1} cannot be shown. {2}', number(line), fileName(path), failureText((error as { code?: string }).code)));
    }
  }

  /** The lines around a place, with their numbers. */
  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const { path, line } = JSON.parse(uri.query) as RawLine;
    const file = this.diskFile(path), from = Math.max(1, line - around);
    const lines = await this.analyser.lines({ path: file, entry: file === path ? undefined : path.slice(file.length + 1), checkpoints: this.report(path)?.checkpoints ?? [], from, count: line - from + 1 + around });
    const width = String(from + lines.length).length;
    return lines.map((text, i) => `${String(from + i).padStart(width)}  ${text}`).join('\n');
  }

  /** Where a line can be looked at, without looking whether it is there. */
  locate({ path, line }: RawLine): Location {
    if (this.diskFile(path) === path && !/\.(?:gz|zst|zip)$/i.test(path)) return new Location(Uri.file(path), wholeLine(line - 1));
    return new Location(linesUri({ path, line }), wholeLine(line - Math.max(1, line - around)));
  }

  private async showFile(path: string, line: number, size: number): Promise<boolean> {
    const uri = Uri.file(path), at = wholeLine(line - 1);
    if (size > editorLimit()) return false;
    if (size > documentLimit) {
      await commands.executeCommand('vscode.open', uri, { selection: at, preview: true, viewColumn: besideReport() } satisfies TextDocumentShowOptions);
      return true;
    }
    // Compressed files are no text for VS Code.
    const document = await openText(uri);
    if (!document || line > document.lineCount) return false;
    const editor = await window.showTextDocument(document, { selection: at, preview: true, viewColumn: besideReport() });
    editor.revealRange(at, TextEditorRevealType.InCenter);
    return true;
  }

  private async showLines({ path, line }: RawLine): Promise<void> {
    const { uri, range } = new Location(linesUri({ path, line }), wholeLine(line - Math.max(1, line - around)));
    const document = await workspace.openTextDocument(uri);
    const editor = await window.showTextDocument(document, { selection: range, preview: true, viewColumn: besideReport() });
    editor.revealRange(range, TextEditorRevealType.InCenter);
  }

  private report(path: string): FileReport | undefined { return this.store.state.analysis?.files.find((file) => file.path === path); }

  /** The file on disk: logs in a zip archive are known by the archive's path and their name inside. */
  private diskFile(path: string): string {
    return this.store.state.files.find((file) => path === file.path || path.startsWith(`${file.path}/`))?.path ?? path;
  }
}

/** Bytes up to which VS Code shows a file without asking: the user's setting, else its own limit. */
function editorLimit(): number {
  const set = workspace.getConfiguration('workbench').inspect<number>('editorLargeFileConfirmation');
  const megabytes = set?.workspaceValue ?? set?.globalValue;
  return megabytes !== undefined ? megabytes * 1024 * 1024 : env.remoteName || env.uiKind === UIKind.Web ? editorLimits.remote : editorLimits.local;
}

async function openText(uri: Uri): Promise<TextDocument | undefined> {
  try { return await workspace.openTextDocument(uri); } catch { return undefined; }
}

function linesUri({ path, line }: RawLine): Uri {
  return Uri.from({ scheme: linesScheme, path: `/${basename(path)} (${l10n.t('line {0}', number(line))})`, query: JSON.stringify({ path, line }) });
}

/** The whole of a line (from 0), however long: VS Code cuts it to what there is, also in files that no extension can open. */
function wholeLine(line: number): Range { return new Range(Math.max(0, line), 0, Math.max(0, line), 10_000); }

/** Beside the report where that is in front, so that figure and line are seen together. */
function besideReport(): ViewColumn {
  const { activeTab } = window.tabGroups.activeTabGroup;
  return activeTab?.input instanceof TabInputWebview && activeTab.input.viewType.endsWith('mailFlow.report') ? ViewColumn.Beside : ViewColumn.Active;
}
