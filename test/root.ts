import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package-lock.json')) ? folder : findRoot(dirname(folder));
}

/** The project's folder, absolute: tests are bundled into dist/test, so a path relative to the source would be wrong. */
export const root = findRoot(__dirname);
