import { Byte } from '../../text/ascii';
import { isDigit } from '../../text/digits';
import { decode } from '../../text/words';

/** Most bytes of an entry that are looked at: more would let a hostile line cost much. */
const mostBytes = 2048;

const digit = '[0-9A-Za-z]';
const id = `${digit}{6}-(?:${digit}{6}-${digit}{2}|${digit}{11}-${digit}{4})`;
/** What is left of an entry that is cut within its stamp, its id or its flag. */
const cut = new RegExp(
  `^(?:[\\d:. +-]{0,32}|${digit}{0,6}|${digit}{6}-${digit}{0,11}|${digit}{6}-${digit}{6,11}-${digit}{0,4} ?[<(=\\->*]{0,2}) ?$`,
);
/** An id with one character too many, too few or another, and a flag. */
const flagged = /^[^ ]{12,28} ?(?:<=|\(=|=>|->|>>|\*>|\*\*|==) /;
/** A flag that is none any more, behind an id. */
const mangledFlag = new RegExp(`^${id} ?[^A-Za-z\\d ]{0,3}.?[<(=\\->*].{0,2} ?\\S+ `);
/** Fields that only an arrival or a delivery has together. */
const fields = / R=\S+ (?:.*? )?T=\S| P=\S*smtp\S* (?:.*? )?S=\d/;
const entry = new RegExp(` ${id} (?:<=|\\(=|=>|->|>>|\\*>|\\*\\*|==|Completed|TLS session)`);
const withId = new RegExp(`^${id} `);
/** Entries of access control quote what strangers say. */
const refusal = new RegExp(`^(?:${id} )?H=`);
/** How the entries of messages and of the daemon begin that matter, in full. */
const begins = ['Completed', 'TLS session'];
/** Another entry begins in this one: a stamp, what may follow on it, and an id. */
const another = new RegExp(
  [
    '\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)? (?:[+-]\\d{4} )?(?:\\[\\d{1,10}\\] )?',
    '(?:\\S{1,255} exim\\S{0,40}: (?:[-\\d]{10} [\\d:.]{8,15} )?)?',
    `(?:${id} |exim \\d|SIGHUP|pid \\d)`,
  ].join(''),
);

/** Whether the entry `b[p, e)`, which states no fact, looks like what is left of one that does. */
export function isNearMiss(b: Uint8Array, p: number, e: number): boolean {
  const text = decode(b.subarray(p, Math.min(e, p + mostBytes)));
  if (holdsTime(b, p, e) && another.test(text)) return true;
  if (cut.test(text)) return true;
  if (refusal.test(text)) return false;
  if (flagged.test(text) || mangledFlag.test(text) || fields.test(text)) return true;
  const found = withId.exec(text);
  return found !== null && begins.some((begin) => isLeftOf(begin, text.slice(found[0].length)));
}

/**
 * Whether a delivery says that access control has discarded all recipients of a message that was taken in (receive.c):
 * `=> blackhole (RCPT ACL discarded recipients)`.
 */
export function isDiscarded(b: Uint8Array, p: number, e: number): boolean {
  return (
    b[p] === 98 &&
    /^blackhole \([\w -]+ discarded recipients\)(?:$|: )/.test(decode(b.subarray(p, Math.min(e, p + 80))))
  );
}

/** Whether a line of syslog whose program can't be read holds an entry of a message. */
export function holdsEntry(b: Uint8Array, s: number, e: number): boolean {
  return entry.test(decode(b.subarray(s, Math.min(e, s + mostBytes))));
}

/** Whether another entry begins in `b[p, e)`, as where a line end is missing. */
export function holdsAnother(b: Uint8Array, p: number, e: number): boolean {
  return holdsTime(b, p, e) && another.test(decode(b.subarray(p, Math.min(e, p + 16 * mostBytes))));
}

/** Whether a time of day stands in `b[p, e)` behind a space: `08:37:03`. */
function holdsTime(b: Uint8Array, p: number, e: number): boolean {
  for (let q = p + 1; q + 8 <= e; q++) if (b[q] === Byte.colon && isTime(b, q - 2)) return true;
  return false;
}

/** Whether a time of day stands at `p`. */
export function isTime(b: Uint8Array, p: number): boolean {
  return b[p + 2] === Byte.colon && b[p + 5] === Byte.colon && isDigit(b[p]) && isDigit(b[p + 4]) && isDigit(b[p + 7]);
}

/** Whether `text` begins with `whole` but for one character, or ends within it. */
function isLeftOf(whole: string, text: string): boolean {
  if (whole.startsWith(text)) return true;
  let i = 0;
  while (i < whole.length && text[i] === whole[i]) i++;
  if (i === whole.length) return false;
  return (
    text.startsWith(whole.slice(i + 1), i + 1) ||
    text.startsWith(whole.slice(i), i + 1) ||
    text.startsWith(whole.slice(i + 1), i)
  );
}
