import { commands, Uri, type ExtensionContext, type LogOutputChannel } from 'vscode';
import type { Settings } from '../configuration';
import type { Own } from '../own';
import { Analyser } from './analyser';
import { FileChanges } from './changes';
import { OpenFiles } from './openfiles';
import { Store } from './store';
import { OpenLogs } from './tabs';

/** What reads logs and holds their figures. */
export interface Reading {
  store: Store;
  analyser: Analyser;
  openFiles: OpenFiles;
  /** Where summaries of logs are kept. */
  summaries: string;
  /** Reads the files again that were open when the window was closed. */
  restore(): Promise<void>;
}

/** Under which the files of the report are kept over a restart, and whether the user chose them. */
const filesKey = 'files';
interface KeptFiles {
  files: string[];
  chosen: boolean;
}

/** Reads the logs that editors show and the user chooses, follows them on disk, and keeps their list over a restart. */
export function activateReading(
  own: Own,
  context: ExtensionContext,
  log: LogOutputChannel,
  settings: Settings,
): Reading {
  const store = own(new Store(settings));
  const analyser = own(new Analyser(context.asAbsolutePath('dist/worker.js')));
  const summaries = Uri.joinPath(context.globalStorageUri, 'summaries').fsPath;
  const openFiles = own(new OpenFiles(store, analyser, log, summaries));
  const { files, chosen } = context.workspaceState.get<KeptFiles>(filesKey, { files: [], chosen: false });
  own(new FileChanges(store, openFiles, log));
  own(new OpenLogs(store, openFiles));
  own(keepFiles(store, openFiles, context));
  return {
    store,
    analyser,
    openFiles,
    summaries,
    async restore() {
      const wanted = files.length > 0 && (chosen || store.state.files.length === 0);
      if (wanted) await openFiles.open(files, chosen ? 'restore' : 'editor');
    },
  };
}

/** Keeps the list of files with the workspace, and says to `when` clauses of the manifest what there is. */
function keepFiles(store: Store, openFiles: OpenFiles, context: ExtensionContext) {
  let kept = store.state.files;
  return store.onDidChange(({ files, reading }) => {
    void commands.executeCommand('setContext', 'mailFlow.hasFiles', files.length > 0);
    void commands.executeCommand('setContext', 'mailFlow.reading', reading !== undefined);
    if (files === kept) return;
    kept = files;
    const paths = files.filter(({ excluded }) => !excluded).map(({ path }) => path);
    void context.workspaceState.update(filesKey, { files: paths, chosen: openFiles.chosen } satisfies KeptFiles);
  });
}
