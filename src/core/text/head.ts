import { CsvFields } from './csv';
import { decode } from './words';

/** Made once: a folder may have thousands of heads to be looked at. */
const fields = new CsvFields();
const encoder = new TextEncoder();

/**
 * The complete lines among the first bytes of a file, or the only one, without line ends, spaces behind them and byte
 * order mark.
 */
export function headLines(head: Uint8Array): string[] {
  const end = head.lastIndexOf(10);
  return decode(head.subarray(0, end < 0 ? head.length : end))
    .replace(/^\ufeff/, '')
    .split('\n')
    .map(bareLine);
}

/** A line without what means nothing: a record separator (RFC 7464) before it, spaces and carriage returns behind it. */
function bareLine(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\r')) end--;
  return line.slice(line.charCodeAt(0) === 30 ? 1 : 0, end);
}

/** The cells of a line, without quotes and surrounding space. */
export function cellsOf(line: string, separator = 44): string[] {
  const bytes = encoder.encode(line);
  fields.find(bytes, 0, bytes.length, undefined, separator);
  return Array.from({ length: fields.count }, (_, i) => {
    fields.content(bytes, fields.starts[i], fields.ends[i]);
    return decode(fields.bytes.subarray(fields.start, fields.end)).trim();
  });
}
