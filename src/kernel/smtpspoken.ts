// What the two sides of a session say: the code of a reply, or a command with the bytes that it speaks of.
import { byteAt, find, fourAt, isDigit } from './memory';
import { data, rowEnd } from './smtprow';

/** The same numbers as in `core/formats/exchange-smtp/commands`; `look`: TypeScript has to look for itself. */
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

/** The three digits of a reply, or 0. */
export let code: i32 = 0;
export let command: i32 = 0;
export let size: i32 = 0;
/** The reply accepts a message, `250 2.6.0 <…`. */
export let final: bool = false;

const mail: i32 = 0x6c69616d,
  rcpt: i32 = 0x74706372,
  data_: i32 = 0x61746164,
  bdat: i32 = 0x74616462,
  rset: i32 = 0x74657372,
  ehlo: i32 = 0x6f6c6865,
  helo: i32 = 0x6f6c6568,
  auth: i32 = 0x68747561,
  star: i32 = 0x72617473,
  x_an: i32 = 0x6e612d78,
  x_ex: i32 = 0x78652d78,
  last: i32 = 0x7473616c;

/** Reads what stands at the data of the row. */
export function readSpoken(): void {
  const p = data,
    e = rowEnd;
  code = 0;
  command = Command.other;
  size = 0;
  final = false;
  if (p + 4 > e) {
    command = Command.look;
    return;
  }
  const a = byteAt(p) - 48,
    b = byteAt(p + 1) - 48,
    c = byteAt(p + 2) - 48;
  if (<u32>(a - 2) < 4 && <u32>b < 10 && <u32>c < 10) {
    code = a * 100 + b * 10 + c;
    final = code === 250 && p + 10 < e && (load<u64>(p + 4) & 0xff00ff00ff00ff) === 0x3c003000360032;
    return;
  }
  readCommand(p, e);
}

function readCommand(p: i32, e: i32): void {
  const letters = fourAt(p) | 0x20202020;
  if (letters === mail) readMail(p, e);
  else if (letters === rcpt) command = Command.rcpt;
  else if (letters === data_) command = Command.data;
  else if (letters === bdat) readChunk(p, e);
  else if (letters === rset) command = Command.reset;
  else if (letters === ehlo || letters === helo) command = Command.hello;
  else if (letters === auth) command = Command.auth;
  else if (letters === star) command = Command.startTls;
  else if (letters === x_an) command = Command.anonymousTls;
  else if (letters === x_ex) command = Command.look;
}

const _siz: i32 = 0x7a697320,
  heal: i32 = 0x6c616568,
  mail_: i32 = mail,
  inbo: i32 = 0x6f626e69;

/** `MAIL FROM:<sender> … SIZE=N`. */
function readMail(p: i32, e: i32): void {
  const sender = find(p + 4, min(e, p + 16), 60) + 1,
    letters = fourAt(sender) | 0x20202020;
  command = Command.mail;
  // Exchange's own probes, perhaps.
  if (letters === heal || letters === mail_ || letters === inbo) {
    command = Command.look;
    return;
  }
  for (p = find(p + 10, e, 62); p + 5 < e; p++) {
    p = find(p, e, 32);
    if (p + 6 > e || (fourAt(p) | 0x20202000) !== _siz || (byteAt(p + 4) | 32) !== 101 || byteAt(p + 5) !== 61)
      continue;
    readSize(p + 6, e);
    return;
  }
}

/** `BDAT N [LAST]`. */
function readChunk(p: i32, e: i32): void {
  let i = p + 4;
  while (i < e && (byteAt(i) === 32 || isDigit(byteAt(i)))) i++;
  command = i + 4 <= e && (fourAt(i) | 0x20202020) === last ? Command.lastChunk : Command.chunk;
  readSize(p + 5, e);
}

function readSize(p: i32, e: i32): void {
  const start = p;
  for (; p < e && isDigit(byteAt(p)); p++) size = size * 10 + byteAt(p) - 48;
  if (p - start > 9) command = Command.look;
}
