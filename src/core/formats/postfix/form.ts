import { stampPattern } from '../shared/syslogline';
import { decode } from '../../text/words';

/** The shape in which a log holds Postfix's messages. */
export const enum Form {
  /** A line each: syslog, `journalctl -o short…` or `-o json`. */
  lines,
  /** `journalctl -o json-pretty` */
  pretty,
  /** `journalctl -o export` */
  exported,
  /** `journalctl -o cat`: the messages alone. */
  texts,
}

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

/** The form of these lines, or undefined where Postfix did not write them. */
export function postfixForm(lines: readonly string[]): Form | undefined {
  // Cutting bounds what the patterns can cost on a hostile line.
  const starts = lines.map((text) => text.slice(0, 4096));
  for (const text of starts) {
    if (line.test(text) || structured.test(text)) return Form.lines;
    if (identifier.test(text)) return text.startsWith('{') ? Form.lines : Form.pretty;
    if (field.test(text)) return Form.exported;
  }
  return starts.some((text) => message.test(text)) ? Form.texts : undefined;
}

/** The form of a file that is known to be Postfix's, from its first bytes. */
export function formOf(head: Uint8Array): Form {
  const lines = decode(head)
    .replace(/^\ufeff/, '')
    .split(/\r?\n/);
  const form = postfixForm(lines);
  if (form !== undefined) return form;
  if (lines[0] === '{') return Form.pretty;
  return lines[0].startsWith('__CURSOR=') ? Form.exported : Form.lines;
}
