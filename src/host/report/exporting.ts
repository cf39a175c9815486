/**
 * What the report page gives away: exports, pictures of charts, text for the clipboard. Files are written whole or not
 * at all.
 */
import { env, l10n, ProgressLocation, Uri, window, workspace, type ExtensionContext } from 'vscode';
import { endings } from '../../export/endings';
import type { FromReport } from '../../protocol';
import type { Analyser } from '../reading/analyser';
import type { Store } from '../reading/store';

type Export = Extract<FromReport, { type: 'export' }>;
type Picture = Extract<FromReport, { type: 'picture' }>;

export class Exporting {
  constructor(
    private readonly store: Store,
    private readonly analyser: Analyser,
    private readonly tool: { name: string; version: string },
  ) {}

  /** Asks where to save the report of the period, selection and servers that the page shows, and saves it there. */
  async save({ format, pseudonyms, selection, servers }: Export): Promise<void> {
    const report = await this.store.settled(),
      { settings } = this.store.state;
    if (!report) return;
    const target = await ask(`mail-flow-report.${endings[format]}`);
    if (!target) return;
    const {
      analysis: { cube, ...analysis },
      view: { zone, ...view },
    } = report;
    await saving(target, () =>
      this.analyser.export(
        {
          format,
          pseudonyms,
          analysis,
          tool: { ...this.tool, generated: new Date() },
          rules: settings.connectors,
          language: env.language,
          sentences: sentences(),
          view: {
            ...view,
            timeZone: zone.name,
            ...(servers ? { servers } : {}),
            ...(selection ? { directions: [selection.direction], connectors: [selection.connector] } : {}),
          },
        },
        cube,
      ),
    );
  }

  async savePicture({ format, data }: Picture): Promise<void> {
    const target = await ask(`mail-flow-chart.${format}`);
    if (target) await saving(target, () => Promise.resolve(format === 'svg' ? data : Buffer.from(data, 'base64')));
  }

  async copy(text: string): Promise<void> {
    try {
      await env.clipboard.writeText(text);
      window.setStatusBarMessage(l10n.t('Copied to the clipboard.'), 4000);
    } catch {
      // A browser may keep its clipboard to itself.
      void window.showErrorMessage(l10n.t('Nothing was copied: the clipboard is not available.'));
    }
  }
}

/** Who makes the exports of this extension. */
export function toolOf({ extension }: ExtensionContext): { name: string; version: string } {
  const { name, version } = extension.packageJSON as { name: string; version: string };
  return { name, version };
}

function ask(name: string): Thenable<Uri | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri,
    ending = name.split('.').at(-1)!;
  return window.showSaveDialog({
    defaultUri: folder ? Uri.joinPath(folder, name) : Uri.file(name),
    filters: { [ending.toUpperCase()]: [ending] },
    title: l10n.t('Export the Report'),
    saveLabel: l10n.t('Export'),
  });
}

/** Writes beside the target first and then takes its place: nobody sees half a report. */
async function saving(target: Uri, make: () => Promise<string | Uint8Array>): Promise<void> {
  const temporary = target.with({ path: `${target.path}.${process.pid}.tmp` });
  let made = false;
  try {
    await window.withProgress(
      { location: ProgressLocation.Window, title: l10n.t('Exporting the report') },
      async () => {
        const content = await make();
        made = true;
        await workspace.fs.writeFile(temporary, typeof content === 'string' ? Buffer.from(content) : content);
        await workspace.fs.rename(temporary, target, { overwrite: true });
      },
    );
  } catch {
    await workspace.fs.delete(temporary).then(undefined, () => undefined);
    void window.showErrorMessage(
      made
        ? l10n.t(
            'The report could not be saved to {0}. Check that the folder exists and that you may write there.',
            target.fsPath,
          )
        : l10n.t(
            'The report could not be exported, since the thread that makes exports ended early. Choose a shorter period and try again.',
          ),
    );
    return;
  }
  const open = l10n.t('Open');
  void window.showInformationMessage(l10n.t('The report was saved to {0}.', target.fsPath), open).then((chosen) => {
    if (chosen === open) void env.openExternal(target).then(undefined, () => undefined);
  });
}

function sentences(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(l10n.bundle ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
