import { stat } from 'node:fs/promises';
import {
  commands,
  env,
  EventEmitter,
  l10n,
  Location,
  TabInputWebview,
  TextEditorRevealType,
  UIKind,
  Uri,
  ViewColumn,
  window,
  workspace,
  type TextDocument,
  type TextDocumentContentProvider,
  type TextDocumentShowOptions,
} from 'vscode';
import type { FileReport } from '../../core/model';
import type { Analyser } from '../reading/analyser';
import { Disposing } from '../dispose';
import { excerptOf, excerptText, inExcerpt, lineOf, linesScheme, wholeLine, type RawLine } from '../figures/excerpt';
import type { Store } from '../reading/store';
import { Throttle } from '../throttle';
import { failureText, fileName, number } from '../wording';

/** VS Code gives larger files to no extension, but still opens them in an editor (microsoft/vscode#111849). */
const documentLimit = 50 * 1024 * 1024;
/**
 * Above this size VS Code asks before it shows a file, which would keep the line from sight: on this machine, and on
 * another one.
 */
const editorLimits = { local: 1024 * 1024 * 1024, remote: 10 * 1024 * 1024 };
/** Least milliseconds between two updates of the lines around a place, when their log is followed. */
const pause = 1000;

/** Goes to raw lines of logs of any size and kind. */
export class Reveal extends Disposing implements TextDocumentContentProvider {
  private readonly changed = this.own(new EventEmitter<Uri>());
  readonly onDidChange = this.changed.event;
  private limit = editorLimit();

  constructor(
    private readonly store: Store,
    private readonly analyser: Analyser,
  ) {
    super();
    this.own(workspace.registerTextDocumentContentProvider(linesScheme, this));
    this.own(
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('workbench.editorLargeFileConfirmation')) this.limit = editorLimit();
      }),
    );
    // Lines that are in an editor are those of the figures: a log may have been replaced by another one.
    const refresh = this.own(
      new Throttle(pause, () => {
        for (const { uri } of workspace.textDocuments) if (uri.scheme === linesScheme) this.changed.fire(uri);
      }),
    );
    let known = store.state.analysis;
    this.own(
      store.onDidChange(({ analysis, reading }) => {
        if (reading || !analysis?.complete || analysis === known) return;
        known = analysis;
        refresh.ask();
      }),
    );
  }

  /** Shows a line in an editor beside the report, or says why it can't. */
  async show({ path, line }: RawLine): Promise<void> {
    const file = this.diskFile(path);
    try {
      const { size } = await stat(file);
      if (file === path && (await this.showFile(file, line, size))) return;
      await this.showLines({ path, line });
    } catch (error) {
      void window.showErrorMessage(
        l10n.t(
          'Line {0} of {1} cannot be shown. {2}',
          number(line),
          fileName(path),
          failureText((error as { code?: string }).code),
        ),
      );
    }
  }

  /** The lines around a place, with their numbers. */
  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const { path, line } = lineOf(uri),
      { from, count } = excerptOf({ path, line });
    const file = this.diskFile(path);
    const lines = await this.analyser.lines({
      path: file,
      entry: file === path ? undefined : path.slice(file.length + 1),
      checkpoints: this.report(path)?.checkpoints ?? [],
      from,
      count,
    });
    return excerptText(lines, from);
  }

  /**
   * Where a line can be looked at and something be done about it, without looking whether it is there: in the file
   * itself, or among the lines around it
   * where VS Code has no editor for the file, asks before it opens one, or keeps what is in it from extensions, and
   * with that from quick fixes.
   */
  locate({ path, line }: RawLine): Location {
    const { bytes = 0 } = this.report(path) ?? {};
    return this.isText(path) && bytes <= Math.min(documentLimit, this.limit)
      ? new Location(Uri.file(path), wholeLine(line - 1))
      : inExcerpt({ path, line });
  }

  /** Whether VS Code shows a log itself at a line, if perhaps not to extensions. */
  opensWhole(path: string): boolean {
    return this.isText(path) && (this.report(path)?.bytes ?? Infinity) <= this.limit;
  }

  private isText(path: string): boolean {
    return this.diskFile(path) === path && !/\.(?:gz|zst|xz|bz2|zip|tar|tgz|txz|tbz2?|tzst)$/i.test(path);
  }

  private async showFile(path: string, line: number, size: number): Promise<boolean> {
    const uri = Uri.file(path),
      at = wholeLine(line - 1);
    if (size > this.limit) return false;
    if (size > documentLimit) {
      await commands.executeCommand('vscode.open', uri, {
        selection: at,
        preview: true,
        viewColumn: besideReport(),
      } satisfies TextDocumentShowOptions);
      return true;
    }
    // Compressed files are no text for VS Code.
    const document = await openText(uri);
    if (!document || line > document.lineCount) return false;
    const editor = await window.showTextDocument(document, {
      selection: at,
      preview: true,
      viewColumn: besideReport(),
    });
    editor.revealRange(at, TextEditorRevealType.InCenter);
    return true;
  }

  private async showLines({ path, line }: RawLine): Promise<void> {
    const { uri, range } = inExcerpt({ path, line });
    const document = await workspace.openTextDocument(uri);
    const editor = await window.showTextDocument(document, {
      selection: range,
      preview: true,
      viewColumn: besideReport(),
    });
    editor.revealRange(range, TextEditorRevealType.InCenter);
  }

  private report(path: string): FileReport | undefined {
    return this.store.state.analysis?.files.find((file) => file.path === path);
  }

  /** The file on disk: logs in an archive are known by the archive's path and their name inside. */
  private diskFile(path: string): string {
    return this.store.state.files.find((file) => path === file.path || path.startsWith(`${file.path}/`))?.path ?? path;
  }
}

/** Bytes up to which VS Code shows a file without asking: the user's setting, else its own limit. */
function editorLimit(): number {
  const set = workspace.getConfiguration('workbench').inspect<number>('editorLargeFileConfirmation');
  const megabytes = set?.workspaceValue ?? set?.globalValue;
  return megabytes !== undefined
    ? megabytes * 1024 * 1024
    : env.remoteName || env.uiKind === UIKind.Web
      ? editorLimits.remote
      : editorLimits.local;
}

async function openText(uri: Uri): Promise<TextDocument | undefined> {
  try {
    return await workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}

/** Beside the report where that is in front, so that figure and line are seen together. */
function besideReport(): ViewColumn {
  const { activeTab } = window.tabGroups.activeTabGroup;
  return activeTab?.input instanceof TabInputWebview && activeTab.input.viewType.endsWith('mailFlow.report')
    ? ViewColumn.Beside
    : ViewColumn.Active;
}
