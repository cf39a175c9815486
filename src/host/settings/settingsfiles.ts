import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import { Position, Range, Uri, workspace } from 'vscode';
import type { Remark } from '../../core/connectors/remark';

/** A file with settings, as text, and where in it those of this extension are. */
export interface SettingsFile {
  uri: Uri;
  text: string;
  tree: Node;
  within: string[];
}

/**
 * The file from which a setting of the extension has its value, or undefined where that is not on a disk that we can
 * read: the user's own
 * settings are on another machine when the extension runs remotely, and a profile may keep them elsewhere.
 * @param storage the extension's global storage, beside which VS Code keeps the settings of the user.
 */
export async function settingsFileOf(key: string, storage: Uri): Promise<SettingsFile | undefined> {
  const values = workspace.getConfiguration('mailFlow').inspect(key);
  // Settings of a folder that is not trusted are not used.
  const ofWorkspace = workspace.isTrusted && values?.workspaceValue !== undefined;
  const { workspaceFile, workspaceFolders } = workspace;
  const inFolder = workspaceFolders?.[0] && Uri.joinPath(workspaceFolders[0].uri, '.vscode', 'settings.json');
  const candidates: [Uri | undefined, string[]][] = !ofWorkspace
    ? [
        [Uri.joinPath(storage, '..', '..', 'settings.json'), []],
        [Uri.joinPath(storage, '..', '..', '..', 'Machine', 'settings.json'), []],
      ]
    : workspaceFile
      ? [[workspaceFile, ['settings']]]
      : [[inFolder, []]];
  for (const [uri, within] of candidates) {
    const file = uri && (await readFile(uri, within));
    if (file && findNodeAtLocation(file.tree, [...within, `mailFlow.${key}`])) return file;
  }
  return undefined;
}

/** The range of what a remark is about: the innermost part of the setting that is there. */
export function rangeOf({ text, tree, within }: SettingsFile, key: string, { at }: Remark): Range {
  for (let depth = at.length; depth >= 0; depth--) {
    const node = findNodeAtLocation(tree, [...within, `mailFlow.${key}`, ...at.slice(0, depth)]);
    if (!node) continue;
    // A whole entry of a list may be long; its first line is enough to find it.
    const start = positionAt(text, node.offset),
      end = positionAt(text, node.offset + node.length);
    return new Range(start, end.line === start.line ? end : new Position(start.line, 1000));
  }
  return new Range(0, 0, 0, 0);
}

async function readFile(uri: Uri, within: string[]): Promise<SettingsFile | undefined> {
  try {
    const text = new TextDecoder().decode(await workspace.fs.readFile(uri)),
      tree = parseTree(text);
    return tree && { uri, text, tree, within };
  } catch {
    return undefined;
  }
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return new Position(before.length - 1, before.at(-1)!.length);
}
