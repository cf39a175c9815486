import { TlsCode, type WordId } from '../../model';
import { tlsVersion } from '../../text/tls';
import { decode, type Words } from '../../text/words';
import { Byte } from '../../text/ascii';

/** Places for spellings that are remembered; a log has a handful. */
const places = 256;

interface Spelling {
  bytes: Uint8Array;
  tls: TlsCode;
  cipher: WordId;
}

/** Values of `X=`, remembered as a whole, so that each costs one comparison. */
export class Ciphers {
  tls: TlsCode = TlsCode.tls;
  cipher: WordId = 0;
  private readonly known: (Spelling | undefined)[] = new Array<Spelling | undefined>(places).fill(undefined);

  constructor(private readonly words: Words) {}

  /** Sets `tls` and `cipher` to what `b[s, e)` says. Where there is an `X=`, there was TLS, whatever it says. */
  read(b: Uint8Array, s: number, e: number): void {
    const length = e - s;
    const place = (length * 31 + b[s + 5] * 7 + b[s + (length >> 1)] * 5 + b[e - 6] * 3 + b[s + 12]) & (places - 1);
    let spelling = this.known[place];
    if (!spelling || !same(spelling.bytes, b, s, length)) this.known[place] = spelling = this.learn(b, s, e);
    this.tls = spelling.tls;
    this.cipher = spelling.cipher;
  }

  private learn(b: Uint8Array, s: number, e: number): Spelling {
    const { version, cipher } = tlsParts(b, s, e);
    const code = tlsVersion(decode(b.subarray(s, version)));
    return {
      bytes: Uint8Array.from(b.subarray(s, e)),
      tls: code === undefined || code === TlsCode.none ? TlsCode.tls : code,
      cipher: this.words.intern(b, version + 1, cipher),
    };
  }
}

/**
 * Splits `TLS1.3:TLS_AES_256_GCM_SHA384:256*` (version, cipher suite, bits; a star where resumed); gives the ends of
 * the first two.
 */
function tlsParts(b: Uint8Array, s: number, e: number): { version: number; cipher: number } {
  let first = s;
  while (first < e && b[first] !== Byte.colon) first++;
  let last = b[e - 1] === Byte.star ? e - 1 : e;
  while (last > first && b[last] !== Byte.colon) last--;
  return { version: first, cipher: last > first ? last : e };
}

function same(known: Uint8Array, b: Uint8Array, s: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let i = length - 1; i >= 0; i--) if (known[i] !== b[s + i]) return false;
  return true;
}
