import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder to open: an existing one is copied, so that a test may write into it; or the files by relative path. */
export type Folder = string | Record<string, string | Uint8Array>;

/** A fresh folder for one run, and how to remove it. */
export function makeWorkspace(content: Folder): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'mail-flow-workspace-'));
  if (typeof content === 'string') cpSync(content, folder, { recursive: true });
  else {
    for (const [name, bytes] of Object.entries(content)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
  }
  const remove = () => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove); // a run that was ended by a signal never comes to its own end
  return { folder, remove };
}
