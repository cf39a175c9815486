import type { Head } from '../../reading/format';
import { Byte } from '../../text/ascii';
import { beginsWith } from '../../text/bytes';
import { writtenBy } from '../shared/syslogline';

/** `2026-11-24 08:38:02.049 +0000 [8075] `: date, time, and what may be switched on behind them. */
const stamp = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [+-]\d{4})? (?:\[\d+\] )?`;
/** The id of a message, up to Exim 4.96 and since 4.97. */
const id = '[0-9A-Za-z]{6}-(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4})';
/** Entries that only Exim writes. */
const entries = [
  // Of a message: `1xVm1P-0001dB-0Y <= …`.
  String.raw`${id} (?:[<(]=|[=>*-]>|\*\*|==|Completed|\S)`,
  // Of the daemon and the queue.
  String.raw`exim \d+\.\d`,
  'Start queue run: pid=',
  'End queue run: pid=',
  String.raw`cwd=\S+ \d+ args: `,
  // Of connections.
  'SMTP connection ',
  '(?:no host name|no IP address) found for ',
  'TLS error on connection ',
  'SMTP (?:syntax|protocol) (?:synchronization )?error ',
  'unexpected disconnection while reading SMTP ',
  'rejected (?:[HE]{2}LO|connection) from ',
  String.raw`\S+ authenticator failed for `,
  // Of access control: `H=host [address] … rejected RCPT`.
  String.raw`H=\S.*?(?:rejected|sender verify|incomplete transaction|Warning:) ?`,
];
const own = new RegExp(`^${stamp}(?:${entries.join('|')})`);
/** Debian calls its daemon exim4; others add versions and roles. */
const inSyslog = writtenBy('exim[\\w.-]*');

/** Exim's own files by their stamps and entries, its lines in syslog by their program. */
export function detect({ lines }: Head): boolean {
  return lines.some((line) => own.test(line.slice(0, 4096)) || inSyslog(line));
}

/**
 * Whether a line is part of the entry before it: an indented line of text, or, in the reject log, the message's headers
 * (`P Received: …`, a letter or star for the kind of header), its envelope (`Envelope-from:`) and the dashes behind it.
 */
export function isContinuation(b: Uint8Array, s: number, e: number): boolean {
  const c = b[s];
  return (
    c === Byte.space ||
    c === Byte.tab ||
    beginsWith(b, s, e, '----') ||
    beginsWith(b, s, e, 'envelope-') ||
    isHeader(b, s, e)
  );
}

/** A header of the message: its kind, a space, its name and a colon. */
function isHeader(b: Uint8Array, s: number, e: number): boolean {
  if (e - s < 4 || b[s + 1] !== Byte.space || !(b[s] === Byte.star || isCapital(b[s]))) return false;
  let p = s + 2;
  while (p < e && isOfName(b[p])) p++;
  return p > s + 2 && b[p] === Byte.colon;
}

function isCapital(c: number): boolean {
  return c >= 65 && c <= 90;
}

/** Whether a byte can be part of a header's name (RFC 5322, 2.2). */
function isOfName(c: number): boolean {
  return c > Byte.space && c < 127 && c !== Byte.colon;
}
