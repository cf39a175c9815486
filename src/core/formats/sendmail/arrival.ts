import { TlsCode } from '../../model';
import { Byte, equals, startsWith } from '../../text/ascii';
import { decode } from '../../text/words';
import type { Field } from './fields';

/** `relay=%.100s` in envelope.c. */
const longestRelay = 100;
const forged = '(may be forged)';

/** What a protocol says of TLS (RFC 3848): `ESMTPS`, `ESMTPSA` and `SMTPS` are over TLS; unknown where it is none of SMTP. */
export function protocolOf(b: Uint8Array, { start, end }: Field): TlsCode {
  let p = b[start] === 69 ? start + 1 : start;
  if (!startsWith(b, p, 'SMTP')) return TlsCode.unknown;
  p += 4;
  const secure = b[p] === 83;
  if (secure) p++;
  if (b[p] === 65) p++;
  return p !== end ? TlsCode.unknown : secure ? TlsCode.tls : TlsCode.none;
}

/** Whether the relay at the end of an arrival is whole: with an address, or as long as Sendmail makes it. */
export function isWholeRelay(b: Uint8Array, relay: Field): boolean {
  const { start, end } = relay;
  if (start === 0) return false;
  if (b[end - 1] === Byte.closeBracket || end - start >= longestRelay) return true;
  return equals(b, end - forged.length, end, forged) || isProgram(b, relay);
}

/** Whether a relay is a program of the host itself: `root@localhost`, `localhost`, and `[RESPONSE]` for its own notices. */
export function isProgram(b: Uint8Array, { start, end }: Field): boolean {
  return end - start < 60 && /^(?:(?:[^\s[\]]+@)?localhost|\[RESPONSE\])$/.test(decode(b.subarray(start, end)));
}

/** Whether a program of this name writes lines of Sendmail. */
export function isSendmail(program: string): boolean {
  return program === 'sendmail' || program.startsWith('sm-');
}
