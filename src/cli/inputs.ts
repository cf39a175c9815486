import { realpath, stat } from 'node:fs/promises';
import { glob, isDynamicPattern } from 'tinyglobby';

/** Most files in one data set. */
const most = 10_000;

/**
 * The files behind the arguments, each once whatever paths lead to it, in a stable order. `named` are those that the user named
 * (not found in a directory): one of these that is no mail log is an error, while a directory may hold anything.
 */
export async function expandInputs(inputs: readonly string[]): Promise<{ files: string[]; named: Set<string> }> {
  const files: string[] = [], named = new Set<string>(), seen = new Set<string>();
  const add = async (path: string, byName: boolean) => {
    const real = await realpath(path).catch(() => path);
    if (seen.has(real) || files.length >= most) return;
    seen.add(real);
    files.push(path);
    if (byName) named.add(path);
  };
  for (const input of inputs) {
    const info = await stat(input).catch(() => undefined);
    if (info?.isDirectory()) for (const path of await inside(input)) await add(path, false);
    else if (!info && isDynamicPattern(input)) {
      const found = (await glob(input.replaceAll('\\', '/'), { dot: false, onlyFiles: true })).sort();
      if (found.length === 0) await add(input, true);
      for (const path of found) await add(path, true);
    } else await add(input, true);
  }
  return { files, named };
}

async function inside(directory: string): Promise<string[]> {
  const found = await glob('**/*', { cwd: directory, onlyFiles: true, dot: false, followSymbolicLinks: false });
  return found.sort().map((path) => `${directory.replace(/[\\/]+$/, '')}/${path}`);
}
