import { TlsCode, type WordId } from '../../model';
import { tlsVersion } from '../../text/tls';
import { Words, decode } from '../../text/words';

/** What an information row says about TLS. */
export const enum Handshake { none, succeeded, failed, required }

interface News { what: Handshake; tls: TlsCode; cipher: string; word: WordId }

/** Words with which an Exchange server says that it does not send without TLS. */
const demands = ['tls is required', 'send mail only over tls', 'requires tls before mailfrom'];

/**
 * Reads the information rows about TLS. A server has few different ones, so each wording is taken apart once and then known by its bytes.
 * The context column is always English:
 * `TLS protocol SP_PROT_TLS1_2_SERVER negotiation succeeded using bulk encryption algorithm CALG_AES_256 with strength 256 bits,
 * MAC hash algorithm CALG_SHA_384 with strength 0 bits and key exchange algorithm CALG_ECDHE with strength 384 bits`.
 */
export class Handshakes {
  what = Handshake.none;
  tls = TlsCode.none;
  cipher: WordId = 0;
  private readonly words = new Words(4096);
  private readonly known: (News | undefined)[] = [];

  /** @param ciphers the words that go into events. */
  constructor(private readonly ciphers: Words) {}

  /** Reads the text in `bytes[start, end)` and leaves what it says in this object. */
  read(bytes: Uint8Array, start: number, end: number): void {
    const id = this.words.intern(bytes, start, Math.min(end, start + 1024));
    // Id 1 stands for all texts that are no longer kept.
    const news = id === 1 ? undefined : this.known[id];
    if (news) { this.take(news); return; }
    const fresh = newsOf(decode(bytes.subarray(start, Math.min(end, start + 1024))));
    fresh.word = fresh.cipher === '' ? 0 : this.ciphers.internText(fresh.cipher);
    if (id !== 1) this.known[id] = fresh;
    this.take(fresh);
  }

  private take({ what, tls, word }: News): void { this.what = what; this.tls = tls; this.cipher = word; }
}

function newsOf(text: string): News {
  const lower = text.toLowerCase();
  if (lower.includes('negotiation succeeded')) {
    const version = tlsVersion(between(text, 'TLS protocol ', ' negotiation succeeded'));
    const parts = [between(text, 'bulk encryption algorithm ', ' '), between(text, 'key exchange algorithm ', ' '), between(text, 'MAC hash algorithm ', ' ')];
    // Bulk cipher, key exchange and hash in this order, by Schannel's own names: what makes a suite strong or weak comes first.
    return { what: Handshake.succeeded, tls: version === undefined || version === TlsCode.none ? TlsCode.tls : version, cipher: parts.filter((part) => part !== '').join('/'), word: 0 };
  }
  const what = lower.includes('tls negotiation failed') ? Handshake.failed : demands.some((words) => lower.includes(words)) ? Handshake.required : Handshake.none;
  return { what, tls: TlsCode.none, cipher: '', word: 0 };
}

/** What stands between two texts, at most 64 characters; empty where either is missing. */
function between(text: string, before: string, after: string): string {
  const start = text.indexOf(before);
  if (start < 0) return '';
  const from = start + before.length;
  const end = text.indexOf(after, from);
  return text.slice(from, end < 0 ? undefined : end).slice(0, 64);
}
