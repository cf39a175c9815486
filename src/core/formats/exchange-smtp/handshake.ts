import { TlsCode, type WordId } from '../../model';
import { copyOf } from '../../text/bytes';
import { tlsVersion } from '../../text/tls';
import { decode, type Words } from '../../text/words';

/** What an information row says about TLS. */
export const enum Handshake {
  none,
  succeeded,
  failed,
  required,
}

/** `tls` and `cipher` are those of a handshake that succeeded. */
export interface Notice {
  what: Handshake;
  tls: TlsCode;
  cipher: WordId;
}

/** Words with which an Exchange server says that it does not send without TLS. */
const demands = ['tls is required', 'send mail only over tls', 'requires tls before mailfrom'];

/** Most wordings remembered; a server has a handful. */
const mostKnown = 16;
/** No wording that says something is longer. */
const longest = 1024;

/**
 * Reads the information rows about TLS. A server has few different ones, so each wording is taken apart once and then
 * known by its bytes. The context column is always English: `TLS protocol SP_PROT_TLS1_2_SERVER negotiation succeeded
 * using bulk encryption algorithm CALG_AES_256 with strength 256 bits, MAC hash algorithm CALG_SHA_384 with strength
 * 0 bits and key exchange algorithm CALG_ECDHE with strength 384 bits`.
 */
export class Handshakes {
  private readonly known: { text: Uint8Array; notice: Notice }[] = [];

  /** @param ciphers the words that go into events. */
  constructor(private readonly ciphers: Words) {}

  /** What the text in `bytes[start, end)` says. */
  read(bytes: Uint8Array, start: number, end: number): Notice {
    const { known } = this;
    const length = Math.min(end - start, longest);
    for (let k = 0; k < known.length; k++) {
      const { text } = known[k];
      if (text.length !== length) continue;
      let i = 0;
      while (i < length && text[i] === bytes[start + i]) i++;
      if (i === length) return known[k].notice;
    }
    const text = copyOf(bytes, start, start + length);
    const notice = noticeOf(decode(text), this.ciphers);
    known[known.length < mostKnown ? known.length : 0] = { text, notice };
    return notice;
  }
}

function noticeOf(text: string, ciphers: Words): Notice {
  const lower = text.toLowerCase();
  if (lower.includes('negotiation succeeded')) {
    const version = tlsVersion(between(text, 'TLS protocol ', ' negotiation succeeded'));
    const parts = [
      between(text, 'bulk encryption algorithm ', ' '),
      between(text, 'key exchange algorithm ', ' '),
      between(text, 'MAC hash algorithm ', ' '),
    ];
    // Bulk cipher, key exchange and hash in this order, by Schannel's own names: what makes a suite strong or weak
    // comes first.
    return {
      what: Handshake.succeeded,
      tls: version === undefined || version === TlsCode.none ? TlsCode.tls : version,
      cipher: ciphers.internText(parts.filter((part) => part !== '').join('/')),
    };
  }
  const what = lower.includes('tls negotiation failed')
    ? Handshake.failed
    : demands.some((words) => lower.includes(words))
      ? Handshake.required
      : Handshake.none;
  return { what, tls: TlsCode.none, cipher: 0 };
}

/** What stands between two texts, at most 64 characters; empty where either is missing. */
function between(text: string, before: string, after: string): string {
  const start = text.indexOf(before);
  if (start < 0) return '';
  const from = start + before.length;
  const end = text.indexOf(after, from);
  return text.slice(from, end < 0 ? undefined : end).slice(0, 64);
}
