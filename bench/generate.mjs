// Writes a log of a given size, and beside it FILE.truth.json with what is in it:
//   node bench/generate.mjs KIND FILE [SIZE, e.g. 256M or 1G]
import { connectorReport } from './generators/connectorreport.mjs';
import { exchangeSmtp } from './generators/exchangesmtp.mjs';
import { exchangeTracking } from './generators/exchangetracking.mjs';
import { exim } from './generators/exim.mjs';
import { postfix } from './generators/postfix.mjs';
import { sizeOf } from './size.mjs';
import { pathToFileURL } from 'node:url';

export const generators = { postfix, 'exchange-smtp': exchangeSmtp, exim, 'exchange-tracking': exchangeTracking, 'connector-report': connectorReport };

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [kind, file, size = '64M'] = process.argv.slice(2);
  if (!generators[kind] || !file) { console.error(`node bench/generate.mjs ${Object.keys(generators).join('|')} FILE [SIZE]`); process.exit(2); }
  generators[kind](file, sizeOf(size));
}
