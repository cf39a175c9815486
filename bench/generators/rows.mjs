import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';

/** Writes rows one after the other, each later than the one before, until the file has `size` bytes; the truth goes to FILE.truth.json. */
export function writeRows(file, size, { start, gap, random, header = '', truth, rows }) {
  const out = openSync(file, 'w');
  let text = header,
    written = 0,
    time = start;
  const flush = () => {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;) at += writeSync(out, bytes, at);
    written += bytes.length;
    text = '';
  };
  while (written + text.length < size) {
    time += -Math.log(1 - random.fraction()) * gap;
    text += rows(time);
    if (text.length > 4 << 20) flush();
  }
  flush();
  closeSync(out);
  writeFileSync(
    `${file}.truth.json`,
    JSON.stringify({ total: truth.total, newest: time, counts: truth.counts }, null, 1),
  );
}

/** A CSV field, quoted where it must be (RFC 4180). */
export const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
export const iso = (time) => new Date(time).toISOString();

/** TLS versions with their weights, as logs of today show them. */
export const versions = ['none', 'tls1.0', 'tls1.1', 'tls1.2', 'tls1.3'];
export const weights = [9, 2, 1, 60, 28];
