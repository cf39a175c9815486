// Writes a log of a given size, and beside it FILE.truth.json with what is in it:
//   node bench/generate.mjs KIND FILE [SIZE, e.g. 256M or 1G]
import { generators } from './generators/index.mjs';
import { sizeOf } from './size.mjs';

const [kind, file, size = '64M'] = process.argv.slice(2);
if (!generators[kind] || !file) {
  console.error(`node bench/generate.mjs ${Object.keys(generators).join('|')} FILE [SIZE]`);
  process.exit(2);
}
generators[kind](file, sizeOf(size));
