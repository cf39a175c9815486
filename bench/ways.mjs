import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { measure } from './measure.mjs';

const append = 10 << 20;

/**
 * Other ways to the same log: compressed, as UTF-16, grown by 10 MB with a known summary, and how soon and evenly
 * figures come. Rows of what, seconds, compared with.
 */
export async function ways(ours, file, folder, rounds) {
  const given = (path, ...more) => ({ ...ours, name: path, args: [...ours.args.slice(0, -1), ...more, path] });
  const zipped = `${file}.gz`,
    wide = `${file}.utf16`;
  if (!existsSync(zipped)) execFileSync('sh', ['-c', `gzip -k -6 '${file}'`]);
  if (!existsSync(wide)) asUtf16(file, wide);
  const [plain, gz, utf16, zcat] = measure(
    [given(file), given(zipped), given(wide), { name: 'zcat', shell: `zcat '${zipped}' > /dev/null` }],
    rounds,
  );
  const rows = [
    ['gzip', gz, `${(gz.seconds / zcat.seconds).toFixed(2)} × \`zcat > /dev/null\``],
    ['UTF-16', utf16, `${(utf16.seconds / plain.seconds).toFixed(2)} × the same text in UTF-8`],
    ...[appended(given, file, folder)],
  ];
  const { first, last, soon } = await evenness(file);
  return [
    ...rows,
    ['first partial figures', { seconds: soon, mebibytes: NaN }, ''],
    [
      'last tenth',
      { seconds: last, mebibytes: NaN },
      `${((100 * first) / last).toFixed(0)} % as fast as the second tenth`,
    ],
  ];
}

/** A known log that has grown. */
function appended(given, file, folder) {
  const grown = join(folder, 'grown.log'),
    cache = join(folder, 'cache'),
    size = statSync(file).size;
  copyFileSync(file, grown);
  truncateSync(grown, size - append);
  measure([given(grown, '--cache', cache)], 1);
  const tail = Buffer.alloc(append),
    from = openSync(file, 'r');
  readSync(from, tail, 0, append, size - append);
  closeSync(from);
  appendFileSync(grown, tail);
  const [result] = measure([given(grown, '--cache', cache)], 1);
  rmSync(grown);
  rmSync(cache, { recursive: true });
  return ['10 MB appended to a known log', result, ''];
}

/**
 * Seconds to the first partial figures, and for the second and the last tenth of the bytes; the first tenth has the
 * start of the threads in it.
 */
function evenness(file) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(import.meta.dirname, '../dist/worker.js')),
      start = performance.now(),
      marks = [];
    worker.on('error', reject);
    worker.on('message', (message) => {
      const seconds = (performance.now() - start) / 1000;
      if (message.type === 'failed') reject(new Error(message.detail));
      if (message.type !== 'progress' && message.type !== 'result') return;
      const { read, total } = message.analysis.progress;
      marks.push({ seconds, share: message.type === 'result' ? 1 : read / total });
      if (message.type !== 'result') return;
      const at = (share) => {
        const i = marks.findIndex((mark) => mark.share >= share),
          b = marks[i],
          a = marks[i - 1] ?? { seconds: 0, share: 0 };
        return a.seconds + ((b.seconds - a.seconds) * (share - a.share)) / (b.share - a.share || 1);
      };
      resolve({ soon: marks[0].seconds, first: at(0.2) - at(0.1), last: at(0.99) - at(0.89) });
      void worker.terminate();
    });
    worker.postMessage({
      type: 'read',
      request: { files: [file], timeZone: 'UTC', year: 2026, rules: [], hash: false, threads: 1 },
    });
  });
}

function asUtf16(file, wide) {
  const from = openSync(file, 'r'),
    to = openSync(wide, 'w'),
    block = Buffer.alloc(1 << 20);
  writeSync(to, Buffer.from([0xff, 0xfe]));
  for (let read; (read = readSync(from, block, 0, block.length, null)) > 0;) {
    // The generators write ASCII but for the mark at the start of some files.
    const out = Buffer.alloc(read * 2);
    for (let i = 0; i < read; i++) out[i * 2] = block[i];
    writeSync(to, out);
  }
  closeSync(from);
  closeSync(to);
}
