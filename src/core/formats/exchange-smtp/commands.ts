import { Byte } from '../../text/ascii';
import { beginsWith } from '../../text/bytes';

/**
 * SMTP commands that change what a session is about; `content` is what follows the 354 to DATA. `look`: the scanner
 * leaves the command to be read here. The same numbers as in src/kernel/smtpspoken.
 */
export const enum Command {
  other,
  hello,
  mail,
  probe,
  rcpt,
  data,
  content,
  chunk,
  lastChunk,
  reset,
  auth,
  exchangeAuth,
  startTls,
  anonymousTls,
  look,
}

/** Commands that are known by their first four letters. */
const commands = new Map([
  [lettersOf('rcpt'), Command.rcpt],
  [lettersOf('data'), Command.data],
  [lettersOf('rset'), Command.reset],
  [lettersOf('ehlo'), Command.hello],
  [lettersOf('helo'), Command.hello],
  [lettersOf('auth'), Command.auth],
  [lettersOf('star'), Command.startTls],
  [lettersOf('x-an'), Command.anonymousTls],
]);
const mail = lettersOf('mail');
const chunk = lettersOf('bdat');
const exchangeAuth = lettersOf('x-ex');

/** The SMTP command at `bytes[at, end)`, without case; `Command.other` for what changes nothing here. */
export function commandAt(bytes: Uint8Array, at: number, end: number): Command {
  if (at + 4 > end) return Command.other;
  const letters = lettersAt(bytes, at);
  if (letters === mail) return isProbe(bytes, at + 4, end) ? Command.probe : Command.mail;
  if (letters === chunk) return isLastChunk(bytes, at + 4, end) ? Command.lastChunk : Command.chunk;
  // X-EXPS is Exchange's own AUTH; the mechanism EXCHANGEAUTH is for servers of one organisation.
  if (letters === exchangeAuth)
    return beginsWith(bytes, at, end, 'x-exps exchangeauth') ? Command.exchangeAuth : Command.auth;
  return commands.get(letters) ?? Command.other;
}

/** Four letters in lower case as one number. */
function lettersAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] | 32) << 24) | ((bytes[at + 1] | 32) << 16) | ((bytes[at + 2] | 32) << 8) | (bytes[at + 3] | 32);
}

function lettersOf(text: string): number {
  return lettersAt(new TextEncoder().encode(text), 0);
}

/** The number of bytes that a command speaks of: `SIZE=` of MAIL FROM, the length of a BDAT chunk; else 0. */
export function sizeOf(command: Command, bytes: Uint8Array, at: number, end: number): number {
  if (command === Command.chunk || command === Command.lastChunk) return digitsAt(bytes, at + 5, end);
  if (command !== Command.mail && command !== Command.probe) return 0;
  // Parameters follow the address, which ends with ">".
  let i = at + 10;
  while (i < end && bytes[i] !== Byte.greater) i++;
  for (; i + 5 < end; i++) {
    if (bytes[i] === Byte.space && beginsWith(bytes, i + 1, end, 'size=')) return digitsAt(bytes, i + 6, end);
  }
  return 0;
}

/** The whole number of at most twelve digits that begins here, else 0: no message has more bytes. */
export function digitsAt(bytes: Uint8Array, at: number, end: number): number {
  const to = numberEnd(bytes, at, end);
  if (to - at > 12) return 0;
  let value = 0;
  for (let i = at; i < to; i++) value = value * 10 + bytes[i] - 48;
  return value;
}

/** Where the digits end that begin at this position. */
export function numberEnd(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && bytes[i] >= 48 && bytes[i] <= 57) i++;
  return i;
}

/** Whether this text of lower case letters stands anywhere in `bytes[at, end)`, compared without case (ASCII). */
export function contains(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  const first = text.charCodeAt(0);
  for (let i = at; i + text.length <= end; i++) {
    if ((bytes[i] | 32) === first && beginsWith(bytes, i, end, text)) return true;
  }
  return false;
}

/** `LAST` behind the length of a chunk (RFC 3030). */
function isLastChunk(bytes: Uint8Array, at: number, end: number): boolean {
  let i = at;
  while (i < end && (bytes[i] === Byte.space || (bytes[i] >= 48 && bytes[i] <= 57))) i++;
  return beginsWith(bytes, i, end, 'last');
}

/** Senders of the messages with which Exchange tests itself ("managed availability"). */
const probes = ['healthmailbox', 'maildeliveryprobe@', 'inboundproxy@'];

function isProbe(bytes: Uint8Array, at: number, end: number): boolean {
  let i = at;
  const most = Math.min(end, at + 12);
  while (i < most && bytes[i] !== Byte.less) i++;
  if (bytes[i] !== Byte.less) return false;
  const first = bytes[++i] | 32;
  return (first === 104 || first === 109 || first === 105) && probes.some((probe) => beginsWith(bytes, i, end, probe));
}
