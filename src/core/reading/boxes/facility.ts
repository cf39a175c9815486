import { Opened, Tier, type Box, type BoxedLine } from './box';
import { stamp } from './stamps';

const facility = String.raw`(?:kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|security|ftp|ntp|console|local[0-7]|\d{1,2})`;
const level = String.raw`(?:emerg|alert|crit|err|error|warn|warning|notice|info|debug|none|\d)`;
const time = String.raw`${stamp} `;

/** A word in a line of syslog that is left out. `before` and `word` are sources of regular expressions. */
function without(before: string, word: string): Box {
  const pattern = new RegExp(`^(${before})(${word})`);
  return {
    tier: Tier.certain,
    open(line) {
      const found = pattern.exec(line.beginning());
      if (!found) return Opened.none;
      cut(line, found[1].length, found[2].length, '');
      return Opened.line;
    },
  };
}

/** Puts a text in place of `length` bytes that stand `at` bytes behind the start. */
function cut(line: BoxedLine, at: number, length: number, text: string): void {
  const { bytes, start, end } = line,
    room = line.room(end - start + text.length);
  room.set(bytes.subarray(start, start + at));
  for (let i = 0; i < text.length; i++) room[at + i] = text.charCodeAt(i);
  room.set(bytes.subarray(start + at + length, end), at + text.length);
  line.become(room, end - start - length + text.length);
}

/** BusyBox's syslogd: `Nov 24 08:29:06 host mail.info postfix/smtpd[1]: text`. */
export const busybox = without(String.raw`${time}\S+ `, String.raw`${facility}\.${level} (?=\S)`);

/** AIX: `Nov 24 08:29:06 host mail:info postfix/smtpd[1]: text`. */
export const aix = without(String.raw`${time}\S+ `, String.raw`${facility}:${level} (?=\S)`);

/** socklog, also behind the stamp of svlogd: `2026-11-24T08:29:06.12345 mail.info: Nov 24 08:29:06 postfix/smtpd[1]: text`. */
export const socklog = without(
  '',
  String.raw`(?:\d{4}-\d\d-\d\d[T_]\d\d:\d\d:\d\d\.\d+ )?${facility}\.${level}: (?=${time})`,
);

/** FreeBSD's `syslogd -v`: `Nov 24 08:29:06 <mail.info> host postfix/smtpd[1]: text`, with numbers or names. */
export const freebsd = without(time, String.raw`<${facility}\.${level}> (?=\S)`);

/** Solaris and illumos: `Nov 24 08:29:06 host postfix/smtpd[1]: [ID 197553 mail.info] text`. */
export const solaris = without(String.raw`${time}\S+ [^\s:]+: `, String.raw`\[ID \d+ ${facility}\.${level}\] `);

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const yearly =
  /^(<\d{1,3}>)?(?:([A-Z][a-z]{2}) ([ \d]?\d) (\d{4})|(\d{4}) ([A-Z][a-z]{2}) ([ \d]\d)) (?=\d\d:\d\d:\d\d)/;

/** A stamp of syslog with a year, `Nov 24 2026 08:29:06 host …`, or `2026 Nov 24 …`, syslog-ng's `$FULLDATE`. */
export const yearStamp: Box = {
  tier: Tier.certain,
  open(line) {
    const found = yearly.exec(line.beginning());
    if (!found) return Opened.none;
    const [whole, priority = ''] = found,
      month = months.indexOf(found[2] ?? found[6]) + 1,
      day = found[3] ?? found[7],
      year = found[4] ?? found[5];
    if (month === 0) return Opened.none;
    const date = `${year}-${String(month).padStart(2, '0')}-${day.trim().padStart(2, '0')}T`;
    cut(line, priority.length, whole.length - priority.length, date);
    return Opened.line;
  },
};

const dated = /^((?:<\d{1,3}>)?\d{4}-\d\d-\d\d) (?=\d\d:\d\d:\d\d(?:[.,]\d+)? (?:[^\s[]+ )?[^\s[=]+\[\d+\]: )/;

/** A stamp of syslog with a space in place of the `T`, `2026-11-24 08:29:06 host postfix/smtpd[1]: text`. */
export const spacedStamp: Box = {
  tier: Tier.certain,
  open(line) {
    const found = dated.exec(line.beginning());
    if (!found) return Opened.none;
    cut(line, found[1].length, 1, 'T');
    return Opened.line;
  },
};
