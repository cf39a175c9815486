import { commands, env, Uri } from 'vscode';
import type { InsightId } from '../../core/insights/index';

/**
 * The page that explains an insight, in the user's language where there is one. It is part of the extension, so it can
 * be read offline.
 */
export function insightPage(extension: Uri, id: InsightId): Uri {
  const ending = /^it\b/i.test(env.language) ? '.it.md' : '.md';
  return Uri.joinPath(extension, 'media', 'insights', `${id}${ending}`);
}

/** Opens a page as it reads best: as Markdown where VS Code's own extension for that is there, else as text. */
export async function showPage(page: Uri): Promise<void> {
  try {
    await commands.executeCommand('markdown.showPreview', page);
  } catch {
    await commands.executeCommand('vscode.open', page, { preview: true });
  }
}
