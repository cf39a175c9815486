import { realpath, stat } from 'node:fs/promises';
import { standardInput } from '../source/pipe';
import { glob, isDynamicPattern } from 'tinyglobby';

/** Most files in one data set. */
export const mostFiles = 10_000;

/**
 * The files behind the arguments in a stable order, each once whatever paths lead to it. `named`: files that the user
 * named; one of these that is no mail log is an error, while a directory may hold anything. `more`: how many files are
 * left out because there are too many.
 */
export async function expandInputs(
  inputs: readonly string[],
): Promise<{ files: string[]; named: Set<string>; more: number }> {
  const files: string[] = [],
    named = new Set<string>(),
    seen = new Set<string>();
  let more = 0;
  const add = async (path: string, byName: boolean) => {
    const real = path === standardInput ? path : await realpath(path).catch(() => path);
    if (seen.has(real)) return;
    seen.add(real);
    if (files.length >= mostFiles) {
      more++;
      return;
    }
    files.push(path);
    if (byName) named.add(path);
  };
  for (const input of inputs) {
    if (input === standardInput) {
      await add(input, true);
      continue;
    }
    const info = await stat(input).catch(() => undefined);
    if (info?.isDirectory()) for (const path of await inside(input)) await add(path, false);
    else if (!info && isDynamicPattern(input)) {
      const found = (await glob(input.replaceAll('\\', '/'), { dot: false, onlyFiles: true })).sort();
      if (found.length === 0) await add(input, true);
      for (const path of found) await add(path, true);
    } else await add(input, true);
  }
  return { files, named, more };
}

async function inside(directory: string): Promise<string[]> {
  const found = await glob('**/*', { cwd: directory, onlyFiles: true, dot: false, followSymbolicLinks: false });
  return found.sort().map((path) => `${directory.replace(/[\\/]+$/, '')}/${path}`);
}
