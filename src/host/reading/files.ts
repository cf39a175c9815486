/** Which local files a request of the user means. */
import { opendir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Most files in one data set. */
export const mostFiles = 10_000;

export interface Found {
  /** Each file once whatever paths lead to it, under the path that the user knows, in a stable order. */
  files: { path: string; size: number }[];
  /** What can't be a log, or can't be reached: the path and the system's error code. */
  refused: { path: string; code: string }[];
  /** Whether there were more than `mostFiles`. */
  more: boolean;
}

/**
 * The regular files behind some paths. A folder stands for all files below it but hidden ones; links in it are followed
 * only as
 * far as they stay inside of it, each real file and folder once, so a link to a folder above is no loop.
 */
export async function findFiles(paths: readonly string[]): Promise<Found> {
  const found: Found = { files: [], refused: [], more: false };
  const seen = new Set<string>();
  for (const path of paths) await visit(path, undefined, found, seen);
  return found;
}

async function visit(path: string, root: string | undefined, found: Found, seen: Set<string>): Promise<void> {
  if (found.more) return;
  try {
    const real = await realpath(path);
    if (seen.has(real) || (root !== undefined && real !== root && !real.startsWith(root + sep))) return;
    seen.add(real);
    const info = await stat(real);
    if (info.isFile()) addFile(path, info.size, found);
    else if (info.isDirectory()) {
      for (const name of await visibleNames(path)) await visit(join(path, name), root ?? real, found, seen);
    } else if (root === undefined) found.refused.push({ path, code: 'EINVAL' });
  } catch (error) {
    found.refused.push({ path, code: (error as { code?: string }).code ?? 'EIO' });
  }
}

function addFile(path: string, size: number, found: Found): void {
  if (found.files.length < mostFiles) found.files.push({ path, size });
  else found.more = true;
}

/** The names in a folder that are not hidden, sorted. */
async function visibleNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of await opendir(folder)) if (!entry.name.startsWith('.')) names.push(entry.name);
  return names.sort();
}
