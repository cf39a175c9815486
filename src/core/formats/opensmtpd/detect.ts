import type { Head } from '../../reading/format';
import { decode } from '../../text/words';
import { writtenBy } from '../shared/syslogline';

const written = writtenBy('smtpd|opensmtpd');
const session = '[0-9a-f]{16}';
/** Entries of OpenSMTPD, whatever stands before them. */
const entries = [
  // 6.0 and later: `08d856b172f69c5c smtp connected …`.
  `${session} (?:smtp|mta|mda) `,
  // 5.x: `smtp-in: New session …`, `relay: Ok for …: `.
  String.raw`smtp-(?:in|out): [A-Z]\w+ `,
  `(?:relay|delivery): (?:Ok|TempFail|PermFail) for ${session}: `,
].join('|');
const entry = new RegExp(entries);
const bare = new RegExp(`^(?:${entries})|^info: OpenSMTPD `);

export function detect({ lines }: Head): boolean {
  return (
    isBare(lines) ||
    lines.some((line) => written(line) && (entry.test(line.slice(0, 4096)) || line.includes('OpenSMTPD')))
  );
}

/** Whether the log is one of `smtpd -d`, in which nothing stands before the entries, by its first bytes. */
export function isBareLog(head: Uint8Array): boolean {
  const lines = decode(head)
    .replace(/^\ufeff/, '')
    .split('\n');
  return isBare(lines.slice(0, 1000));
}

function isBare(lines: readonly string[]): boolean {
  return lines.some((line) => bare.test(line.slice(0, 256)));
}

/** Whether a program of this name writes lines of OpenSMTPD. */
export function isOpensmtpd(program: string): boolean {
  return program === 'smtpd' || program === 'opensmtpd';
}
