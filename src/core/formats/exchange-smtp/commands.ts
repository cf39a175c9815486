import { Byte } from '../../text/ascii';
import { beginsWith } from '../../text/bytes';

/**
 * SMTP commands that change what a session is about, and the two waits for a final reply: for `content` after DATA's 354. `look`: the kernel leaves it to be
 * read here. The same numbers as in src/kernel/smtpspoken.
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

/** The SMTP command at `bytes[at, end)`, by its first four letters without case; `Command.other` for what changes nothing here. */
export function commandAt(bytes: Uint8Array, at: number, end: number): Command {
  if (at + 4 > end) return Command.other;
  switch (((bytes[at] | 32) << 24) | ((bytes[at + 1] | 32) << 16) | ((bytes[at + 2] | 32) << 8) | bytes[at + 3] | 32) {
    case 0x6d61696c:
      return isProbe(bytes, at + 4, end) ? Command.probe : Command.mail;
    case 0x72637074:
      return Command.rcpt;
    case 0x64617461:
      return Command.data;
    case 0x62646174:
      return isLastChunk(bytes, at + 4, end) ? Command.lastChunk : Command.chunk;
    case 0x72736574:
      return Command.reset;
    case 0x65686c6f:
    case 0x68656c6f:
      return Command.hello;
    case 0x61757468:
      return Command.auth;
    case 0x73746172:
      return Command.startTls;
    case 0x782d616e:
      return Command.anonymousTls;
    // X-EXPS is Exchange's own AUTH; the mechanism EXCHANGEAUTH is for servers of one organisation.
    case 0x782d6578:
      return beginsWith(bytes, at, end, 'x-exps exchangeauth') ? Command.exchangeAuth : Command.auth;
    default:
      return Command.other;
  }
}

/** The number of bytes that a command speaks of: `SIZE=` of MAIL FROM, the length of a BDAT chunk; else 0. */
export function sizeOf(command: Command, bytes: Uint8Array, at: number, end: number): number {
  if (command === Command.chunk || command === Command.lastChunk) return numberAt(bytes, at + 5, end);
  if (command !== Command.mail && command !== Command.probe) return 0;
  // Parameters follow the address, which ends with ">".
  let i = at + 10;
  while (i < end && bytes[i] !== Byte.greater) i++;
  for (; i + 5 < end; i++) {
    if (bytes[i] === Byte.space && beginsWith(bytes, i + 1, end, 'size=')) return numberAt(bytes, i + 6, end);
  }
  return 0;
}

/** A whole number of at most twelve digits at this position, else 0: no message has more bytes. */
export function numberAt(bytes: Uint8Array, at: number, end: number): number {
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
