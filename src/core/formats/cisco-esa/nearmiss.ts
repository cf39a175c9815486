import type { ProblemCode } from '../../model';

/** The texts that state something of mail, as far as all of them are alike; N is a number. */
const wordings = [
  'New SMTP ICID N interface ',
  'New SMTP DCID N interface ',
  'ICID N TLS success',
  'DCID N TLS success',
  'Start MID N ICID N',
  'MID N ICID N RID N To:',
  'MID N ready N bytes from ',
  'Message done DCID N MID N to RID [',
  'Bounced: DCID N MID N to RID N ',
  'Delayed: DCID N MID N to RID N ',
];
/** Parts of those texts that nothing else has. */
const parts = new RegExp(
  [
    String.raw`\bready \d+ |\d+ bytes from|bytes from <|\bRID \d+ To\b|\bStart MID|\bMID \d+ ICID \d+$`,
    String.raw`SMTP [ID]CID|^[ID]CID \d+ (?:interface|TLS)|interface \S.* address |TLS success|protocol TLS`,
    String.raw`^Time off|offset from UTC|\bUTC: -?\d+`,
    String.raw`DCID:? \d+ (?:MID|Message) \d+ to|to RID \[|^Message done|^(?:Bounced|Delayed): DCID`,
  ].join('|'),
);
/** The time and the level with which another line begins, since the end of this one is lost. */
const otherLine = /\d\d:\d\d:\d\d (?:\d{4} (?:\S{1,9} )?|\S+ \S+: )(?:Info|Warning|Critical|Debug|Trace): /;
/** What the appliance says of a message's delivery within itself, and of what strangers have written. */
const others =
  /^(?:RPC |Delivery start |MID \d+ (?:Subject|Message-ID|RID|ICID \d+ From:|From:)|[ID]CID \d+ (?:close|lost|ACCEPT|REJECT|RELAY))/;

/** What is wrong with the text of a line behind its level. @param isContext whether it was taken for one without a fact. */
export function problemOf(text: string, isContext: boolean): ProblemCode | undefined {
  if (text.includes('\0') || otherLine.test(text)) return 'bad-line';
  if (!isContext || others.test(text)) return undefined;
  const plain = text.replace(/\d+/g, 'N');
  if (plain.length < 40 && wordings.some((wording) => wording.startsWith(plain))) return 'unfinished-record';
  // What stands in quotes was written by others.
  return parts.test(text.split("'", 1)[0].slice(0, 300)) ? 'bad-line' : undefined;
}
