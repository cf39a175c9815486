/** Time stamps at the beginning of a line, as sources of regular expressions. */

/** RFC 3339, as containers write it. */
export const rfc3339 = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)`;
const traditional = String.raw`[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d(?:\.\d+)?`;
const iso = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z| ?[+-]\d\d:?\d\d)?`;
const unix = String.raw`\d{9,11}\.\d+`;

/** The stamp of a line of syslog or of a server's own log, with an optional priority (RFC 3164, RFC 5424). */
export const stamp = String.raw`(?:<\d{1,3}>(?:1 )?)?(?:${traditional}|${iso}|${unix})`;

const bare = new RegExp(`^(?:${stamp}|[A-Z][a-z]{2} (?:[A-Z][a-z]{2} [ \\d]\\d |\\d{4}-)|-- |#)`);

/** Whether a line begins as logs without a box do: with a time, as a remark of journalctl, or as a header. */
export function beginsBare(beginning: string): boolean {
  return bare.test(beginning);
}
