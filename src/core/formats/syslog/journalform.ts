import { headLines } from '../../text/head';

/** How a log holds the lines of programs. */
export const enum Form {
  /** A line each: syslog, `journalctl -o short…` or `-o json`. */
  lines,
  /** `journalctl -o json-pretty`: an object of several lines. */
  pretty,
  /** `journalctl -o export`: a line for each field. */
  exported,
}

/** The form of a file, from its first bytes. */
export function formOf(head: Uint8Array): Form {
  const first = headLines(head).find((line) => line !== '') ?? '';
  if (first === '{' || /^\s+"SYSLOG_IDENTIFIER" ?: ?"/.test(first)) return Form.pretty;
  return first.startsWith('__CURSOR=') || first.startsWith('SYSLOG_IDENTIFIER=') ? Form.exported : Form.lines;
}
