import type { ExtensionContext } from 'vscode';
import type { Own } from '../own';
import type { Reading } from '../reading/activate';
import { ConnectorChoice } from './choice';
import { ConnectorsView } from './connectors';
import { FilesView } from './files';

/** The views of the side bar. */
export interface Tree {
  choice: ConnectorChoice;
  connectors: ConnectorsView;
  files: FilesView;
}

/** Shows connectors and log files in the side bar. */
export function activateTree(own: Own, context: ExtensionContext, { store, openFiles }: Reading): Tree {
  const choice = own(new ConnectorChoice(context.workspaceState));
  return {
    choice,
    connectors: own(new ConnectorsView(store, choice)),
    files: own(new FilesView(store, openFiles)),
  };
}
