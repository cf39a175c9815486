import type { Head } from '../../reading/format';
import { writtenBy } from '../shared/syslogline';
import { startsWith } from './phrases';

const stamp = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?: [+-]\\d{4})? (?:\\[\\d+\\] )?';
const id = '[0-9A-Za-z]{6}-(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4})';
/** An entry of a message, or one of those that every Exim writes. */
const text = `(?:${id} (?:[<(]=|[=>*-]>|\\*\\*|==|Completed|\\S)|exim \\d+\\.\\d|Start queue run: pid=|End queue run: pid=|SMTP connection |(?:no host name|no IP address) found for |TLS error on connection |SMTP (?:syntax|protocol) (?:synchronization )?error |cwd=\\S+ \\d+ args: |unexpected disconnection while reading SMTP |rejected (?:[HE]{2}LO|connection) from |\\S+ authenticator failed for |H=\\S.*?(?:rejected|sender verify|incomplete transaction|Warning:) ?)`;
const own = new RegExp(`^${stamp}${text}`);
/** Debian calls its daemon exim4; others add versions and roles. */
const inSyslog = writtenBy('exim[\\w.-]*');

/** Exim's own files by their stamps and entries, its lines in syslog by their program. */
export function detect({ lines }: Head): boolean {
  return lines.some((line) => own.test(line.slice(0, 4096)) || inSyslog(line));
}

const space = 32,
  tab = 9,
  dash = 45,
  star = 42,
  colon = 58;

/**
 * Whether a line is part of the entry before it: an indented line of text, or, in the reject log, the message's headers
 * (`P Received: …`, a letter or star for the kind of header), its envelope (`Envelope-from:`) and the dashes behind it.
 */
export function isContinuation(b: Uint8Array, s: number, e: number): boolean {
  const c = b[s];
  if (c === space || c === tab) return true;
  if (c === dash) return b[s + 1] === dash && b[s + 2] === dash && b[s + 3] === dash;
  if (c === 69) return startsWith(b, s, e, envelope);
  if (e - s < 4 || b[s + 1] !== space || !(c === star || (c >= 65 && c <= 90))) return false;
  let p = s + 2;
  while (p < e && b[p] > space && b[p] < 127 && b[p] !== colon) p++;
  return p > s + 2 && b[p] === colon;
}

const envelope = new TextEncoder().encode('Envelope-');
