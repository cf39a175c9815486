/** No damage to a line of a Postfix log changes a figure in silence. */
import { damageTests, type Damage } from './damage';
import { kernelTests } from './kerneltests';

/** Ends of the longest common beginning and of the longest common end of two texts, by the first. */
function difference(before: string, after: string): [from: number, to: number] {
  let from = 0,
    end = 0;
  while (from < Math.min(before.length, after.length) && before[from] === after[from]) from++;
  while (end < Math.min(before.length, after.length) - from && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [from, before.length - end];
}

/** Parts of a line in which one character more or less is another value of the same kind, and no line tells which was meant. */
const values: [reason: string, part: RegExp][] = [
  ['an answer in other words is that of another hand-over', /, status=\w+ \(.*\)$/],
  ['other times are those of another hand-over', /, (?:conn_use|delay|delays|dsn)=[\d./]+/g],
  ['another queue id is another message', /(?<=^|[\]:"] ?"?|- -  |=)\b[0-9A-Za-z]{5,20}(?=: )/],
  ['another name of a relay is another relay', /(?<= to |relay=)[\w.-]+\[[\da-fA-F.:]+\]:\d+/],
  ['another process is another session', /(?<=\[)\d+(?=\]: )|(?<=PID" ?: ?"?)\d+|(?<=PID=)\d+/],
  [
    'another host is another server',
    /^.{8,40}? (?:UTC )?[\w.-]+ (?=postfix)|(?<=HOSTNAME" ?: ?"?)\w+|(?<=HOSTNAME=)\w+/,
  ],
  ['another time is another day', /^[\w:.+ -]{15,34} (?=\w)|(?<=TIMESTAMP" ?: ?"?)\d+|(?<=TIMESTAMP=)\d+/],
];

/** The reason why a damage is one that no line can show. */
function excuse({ before, after }: Damage): string | undefined {
  const [from, to] = difference(before, after);
  if (hostField.test(before)) return 'an entry without a host is of none';
  if (counters.test(before) && /disconnect from \S+\]\s*$/.test(after))
    return 'Postfix before 3.0 wrote no counters: the TLS is unknown then, never none';
  for (const [reason, part] of values)
    for (const { 0: text, index } of before.matchAll(new RegExp(part, 'g')))
      if (from >= index && to <= index + text.length && isOfKind(part, before, after)) return reason;
  return undefined;
}

/** The end of a session with its counters. */
const counters = / disconnect from .* commands=/;
/** An entry of the journal that names no host is of none: fields may be left out (`--output-fields`). */
const hostField = /^\s*"?_HOSTNAME/;

/** Whether the damaged line still has such a part. */
function isOfKind(part: RegExp, before: string, after: string): boolean {
  return [...after.matchAll(new RegExp(part, 'g'))].length >= [...before.matchAll(new RegExp(part, 'g'))].length;
}

describe('damaged lines of Postfix', () => {
  damageTests('postfix', {
    told: 'file',
    excuse,
    withRecords: ['journal-export', 'journal-export-cut', 'journal-json-pretty', 'journal-json-pretty-cut'],
  });
  kernelTests('postfix');
});
