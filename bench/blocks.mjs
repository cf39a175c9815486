// @ts-check
// What reading costs without start and warm-up, also on a machine with other work: of each block of 256 KiB only the
// least time of many rounds counts. What start and compiling cost is the first round less that.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { kernel } from '../kernel.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The format of a kind of log, where it is called otherwise. @type {Record<string, string>} */
const formatOf = { 'connector-report': 'exo-connector-report' };

/**
 * Reads each log many times in a process of its own.
 * @param {{ kind: string, file: string, bytes: number }[]} logs
 * @param {number} rounds
 * @returns {Promise<string[][]>} rows: kind, seconds per GiB, seconds of the first round above that.
 */
export async function blocks(logs, rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'mail-flow-blocks-'));
  try {
    const script = join(folder, 'measure.cjs');
    await build({
      entryPoints: [join(root, 'bench/blocks/measure.ts')],
      outfile: script,
      absWorkingDir: root,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      plugins: [kernel],
    });
    return logs.map(({ kind, file, bytes }) => {
      const said = execFileSync(process.execPath, [script, file, formatOf[kind] ?? kind, String(rounds)]),
        { first, warm } = JSON.parse(String(said));
      return [kind, ((warm * 2 ** 30) / bytes).toFixed(2), (first - warm).toFixed(2)];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
