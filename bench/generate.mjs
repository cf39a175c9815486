// Writes a log of a given size, and beside it FILE.truth.json with what is in it:
//   node bench/generate.mjs postfix|exchange-smtp FILE [SIZE, e.g. 256M or 1G]
import { exchangeSmtp } from './generators/exchangesmtp.mjs';
import { postfix } from './generators/postfix.mjs';
import { sizeOf } from './size.mjs';
import { pathToFileURL } from 'node:url';

export const generators = { postfix, 'exchange-smtp': exchangeSmtp };

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [kind, file, size = '64M'] = process.argv.slice(2);
  if (!generators[kind] || !file) { console.error(`node bench/generate.mjs ${Object.keys(generators).join('|')} FILE [SIZE]`); process.exit(2); }
  generators[kind](file, sizeOf(size));
}
