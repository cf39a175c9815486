// Makes logs, runs our command line and the tools that are installed on the same files in turn, checks every answer of ours
// against what the log really contains, and prints ratios as a Markdown table (also to bench/RESULTS.md):
//   npm run bench -- [--size 1G] [--only postfix,exchange-smtp] [--rounds 5] [--folder DIR] [--ways]
//   npm run bench -- --blocks [--size 64M] [--only …] [--rounds 15] [--folder DIR]: what reading costs without start
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { blocks } from './blocks.mjs';
import { check } from './check.mjs';
import { generators } from './generators/index.mjs';
import { measure } from './measure.mjs';
import { peersFor } from './peers.mjs';
import { sizeOf } from './size.mjs';
import { ways } from './ways.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '256M' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    folder: { type: 'string', default: join(tmpdir(), 'mail-flow-bench') },
    ways: { type: 'boolean', default: false },
    blocks: { type: 'boolean', default: false },
  },
});
const kinds = values.only ? values.only.split(',') : Object.keys(generators);
const cli = join(import.meta.dirname, '../dist/cli.js');
if (!existsSync(cli)) {
  console.error('Build first: npm run build -- --production');
  process.exit(2);
}
mkdirSync(values.folder, { recursive: true });

/** The log of a kind, made when it is not there. */
function logOf(kind) {
  const file = join(values.folder, `${kind}-${values.size}.log`);
  if (!existsSync(`${file}.truth.json`)) {
    console.error(`making ${file}`);
    generators[kind](file, sizeOf(values.size));
  }
  return { kind, file, bytes: statSync(file).size };
}

if (values.blocks) {
  console.log('| log | s/GiB | s of start |\n| --- | --- | --- |');
  for (const row of await blocks(kinds.map(logOf), Number(values.rounds))) console.log(`| ${row.join(' | ')} |`);
  process.exit();
}

const rows = [],
  others = [];
for (const kind of kinds) {
  const { file, bytes } = logOf(kind);
  const ours = {
    name: 'mail-flow-report',
    command: process.execPath,
    args: [cli, '--period', 'all', '--time-zone', 'UTC', '--year', '2026', file],
  };
  const wrong = check(ours, JSON.parse(readFileSync(`${file}.truth.json`, 'utf8')));
  const audited = {
    ...ours,
    name: 'mail-flow-report, JSON with SHA-256',
    args: [...ours.args.slice(0, -1), '--format', 'json', file],
  };
  const contenders = [
    ours,
    {
      ...ours,
      name: `mail-flow-report --threads ${cpus().length}`,
      args: [ours.args[0], '--threads', String(cpus().length), ...ours.args.slice(1)],
    },
    audited,
    ...peersFor(kind, file),
  ];
  const results = measure(contenders, Number(values.rounds));
  const base = results.find((result) => result.name === 'wc -l');
  for (const result of results)
    rows.push([
      kind,
      result.name,
      `${result.seconds.toFixed(2)} s`,
      `${(bytes / 2 ** 20 / result.seconds).toFixed(0)}`,
      base ? (result.seconds / base.seconds).toFixed(1) : '',
      `${result.mebibytes.toFixed(0)} MiB`,
      result === results[0] ? (wrong.length === 0 ? 'equal to the truth' : `WRONG: ${wrong[0]}`) : '',
    ]);
  if (wrong.length > 0) process.exitCode = 1;
  if (values.ways)
    for (const [way, { seconds, mebibytes }, compared] of await ways(ours, file, values.folder, Number(values.rounds)))
      others.push([
        kind,
        way,
        `${seconds.toFixed(2)} s`,
        compared,
        Number.isNaN(mebibytes) ? '' : `${mebibytes.toFixed(0)} MiB`,
      ]);
}
const table = [
  `Measured ${new Date().toISOString().slice(0, 10)}, ${values.size} a log, median of ${values.rounds}, ` +
    `${cpus().length} × ${cpus()[0].model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}.`,
  '',
  '| log | tool | time | MiB/s | time / `wc -l` | peak memory | figures |',
  '| --- | --- | --- | --- | --- | --- | --- |',
  ...rows.map((row) => `| ${row.join(' | ')} |`),
  '',
  ...(others.length > 0
    ? [
        '| log | way | time | | peak memory |',
        '| --- | --- | --- | --- | --- |',
        ...others.map((row) => `| ${row.join(' | ')} |`),
        '',
      ]
    : []),
].join('\n');
console.log(table);
writeFileSync(join(import.meta.dirname, 'RESULTS.md'), `# Results of the last run\n\n${table}`);
