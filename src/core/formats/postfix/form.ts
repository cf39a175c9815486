import { stampPattern } from '../shared/syslogline';
import { decode } from '../../text/words';

const parts = [
  'smtpd smtp lmtp qmgr nqmgr oqmgr cleanup pickup bounce defer trace verify local virtual pipe error',
  'discard retry trivial-rewrite master anvil scache tlsmgr tlsproxy postscreen dnsblog proxymap flush',
  'postsuper postqueue postfix-script sendmail qmqpd spawn showq postlogd?',
]
  .join(' ')
  .replaceAll(' ', '|');
const program = String.raw`(?:[\w.@+-]+(?:\/[\w.@+-]+)*\/(?:${parts})(?:\[\d+\])?|postfix[\w.@-]*\[\d+\])`;
/** A line that a part of Postfix wrote. */
const line = new RegExp(`^(?:<\\d{1,3}>)?${stampPattern} (?:[^\\s:]+ )?${program}: `);
/** RFC 5424, where rsyslog leaves only the first part of the program's name. */
const structured = new RegExp(
  `^<\\d{1,3}>1 \\d{4}-\\d\\d-\\d\\dT\\S+ \\S+ (?:postfix\\S*|\\S+\\/(?:${parts})) \\S+ \\S+ `,
);
const identifier = new RegExp(`"SYSLOG_IDENTIFIER" ?: ?"[\\w.@+-]+(?:\\/[\\w.@+-]+)*\\/(?:${parts})"`);
const field = new RegExp(`^SYSLOG_IDENTIFIER=[\\w.@+-]+(?:\\/[\\w.@+-]+)*\\/(?:${parts})$`);
/** Messages that only Postfix writes. */
const message = new RegExp(
  `^(?:${[
    String.raw`[0-9A-Za-z]{5,32}: from=<.*>, size=\d+, nrcpt=\d+ \(queue active\)$`,
    String.raw`[0-9A-Za-z]{5,32}: client=\S+\[[\da-fA-F.:]+\](?:$|,)`,
    String.raw`[0-9A-Za-z]{5,32}: to=<.*>, .*\bdelays=[\d./]+, (?:tls=\S+, )?dsn=\d\.\d+\.\d+, status=\w+`,
    String.raw`(?:(?:Anonymous|Trusted|Untrusted|Verified) )?TLS connection (?:established|reused) (?:from|to) \S+\[`,
    String.raw`(?:dis)?connect from \S+\[[\da-fA-F.:]+\]`,
  ].join('|')})`,
);

/** Whether Postfix has written one of these lines. */
export function isPostfix(lines: readonly string[]): boolean {
  // Cutting bounds what the patterns can cost on a hostile line.
  const starts = lines.map((text) => text.slice(0, 4096));
  return starts.some(namesProgram) || starts.some((text) => message.test(text));
}

/** Whether the first bytes of a log are those of `journalctl -o cat`: the messages alone. */
export function areTexts(head: Uint8Array): boolean {
  const starts = decode(head)
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((text) => text.slice(0, 4096));
  return !starts.some(namesProgram) && starts.some((text) => message.test(text));
}

/** Whether a line, or that of an entry of the journal, says that a part of Postfix has written it. */
function namesProgram(text: string): boolean {
  return line.test(text) || structured.test(text) || identifier.test(text) || field.test(text);
}
