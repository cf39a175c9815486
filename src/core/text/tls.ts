import { TlsCode } from '../model';
import { Words } from './words';

/**
 * The TLS version that a log writes, in any of the spellings of mail servers: OpenSSL (`TLSv1.2`, `TLSv1`, `SSLv3`,
 * `TLSv1/SSLv3`), GnuTLS and Exim (`TLS1.3`), rustls (`TLSv1_3`, `TLS13`), Zeek (`TLSv12`), .NET (`Tls12`), Exchange
 * (`SP_PROT_TLS1_2_SERVER`), Schannel's bare protocol numbers (schannel.h: server and client bits), and words for none.
 * `undefined` where the text names no version; `TlsCode.tls` where it only says that there was TLS.
 */
export function tlsVersion(text: string): TlsCode | undefined {
  const plain = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (/^\d+$/.test(plain)) return schannel[Number(plain)];
  if (
    plain === '' ||
    plain === 'none' ||
    plain === 'null' ||
    plain === 'no' ||
    plain === 'notls' ||
    plain === 'plain' ||
    plain === 'false'
  )
    return TlsCode.none;
  // The number behind the first "tls" decides, so that "TLSv1/SSLv3" is 1.0 and the 3 of SSLv3 is not a version of TLS.
  const tls = /tls(?:v|version)?(1[0-3]?)?/.exec(plain);
  if (tls) {
    switch (tls[1]) {
      case '1':
      case '10':
        return TlsCode.tls10;
      case '11':
        return TlsCode.tls11;
      case '12':
        return TlsCode.tls12;
      case '13':
        return TlsCode.tls13;
      default:
        return TlsCode.tls;
    }
  }
  if (/ssl(v|version)?[23]/.test(plain)) return TlsCode.ssl30;
  if (plain === 'yes' || plain === 'true') return TlsCode.tls;
  return undefined;
}

/** Values of SP_PROT_* in schannel.h; the lower bit of each pair is the server's, the higher one the client's. */
const schannel: Record<number, TlsCode> = {
  4: TlsCode.ssl30,
  8: TlsCode.ssl30,
  16: TlsCode.ssl30,
  32: TlsCode.ssl30,
  64: TlsCode.tls10,
  128: TlsCode.tls10,
  256: TlsCode.tls11,
  512: TlsCode.tls11,
  1024: TlsCode.tls12,
  2048: TlsCode.tls12,
  4096: TlsCode.tls13,
  8192: TlsCode.tls13,
};

/** `tlsVersion` for bytes, remembering each spelling, so that a log's few spellings cost one look-up a line. */
export class TlsSpellings {
  private readonly words = new Words(4096);
  private readonly codes: (TlsCode | undefined)[] = [TlsCode.none];

  /** The version named by `bytes[start, end)`, or `undefined`. */
  read(bytes: Uint8Array, start: number, end: number): TlsCode | undefined {
    const id = this.words.intern(bytes, start, end);
    if (id === 1) return tlsVersion(new TextDecoder().decode(bytes.subarray(start, end)));
    if (!(id in this.codes)) this.codes[id] = tlsVersion(this.words.text(id));
    return this.codes[id];
  }
}
