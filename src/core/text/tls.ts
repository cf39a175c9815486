import { TlsCode } from '../model';
import { Words } from './words';

/** A version of TLS or SSL, without punctuation and in lower case. */
const tlsName = /^(?:spprot)?tls(?:v|version)?(1|10|11|12|13)?(?:server|client)?$/,
  sslName = /^(?:spprot)?ssl(?:v|version)?(?:2|20|3|30)(?:server|client)?$/;
const none = new Set(['', 'none', 'null', 'no', 'notls', 'plain', 'false']);
const versions: Readonly<Record<string, TlsCode>> = {
  1: TlsCode.tls10,
  10: TlsCode.tls10,
  11: TlsCode.tls11,
  12: TlsCode.tls12,
  13: TlsCode.tls13,
};

/**
 * The TLS version that a log writes, in any of the spellings of mail servers: OpenSSL (`TLSv1.2`, `TLSv1`, `SSLv3`),
 * GnuTLS and Exim (`TLS1.3`), rustls (`TLSv1_3`, `TLS13`), Zeek (`TLSv12`), .NET (`Tls12`), Exchange
 * (`SP_PROT_TLS1_2_SERVER`), Schannel's bare protocol numbers (schannel.h: server and client bits), and words for none.
 * `undefined` where the text names no version; `TlsCode.tls` where it only says that there was TLS, or says it in a
 * spelling that is not known. `TLSv1/SSLv3` is one of those: OpenSSL's name for a family of cipher suites, which
 * SSL_CIPHER_get_version gave up to 1.0 for suites that TLS 1.2 uses too.
 */
export function tlsVersion(text: string): TlsCode | undefined {
  const plain = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (/^\d+$/.test(plain)) return schannel[Number(plain)];
  if (none.has(plain)) return TlsCode.none;
  const tls = tlsName.exec(plain);
  if (tls) return versions[tls[1]] ?? TlsCode.tls;
  if (sslName.test(plain)) return TlsCode.ssl30;
  return /tls|ssl/.test(plain) || plain === 'yes' || plain === 'true' ? TlsCode.tls : undefined;
}

/** The suites of TLS 1.3, which name no key exchange (RFC 8446, B.4). No earlier version can use them. */
const suiteOf13 = /^TLS(?:13)?_(?:AES_(?:128|256)_(?:GCM|CCM|CCM_8)|CHACHA20_POLY1305)_SHA(?:256|384)$/i;
/**
 * The suites of TLS 1.2 alone, in the names of OpenSSL and IANA: those with GCM, CCM or Poly1305 (RFC 5288, 6655, 7905),
 * and those of CBC with a SHA-2 (RFC 5246, 5289), except with a shared key, which earlier versions use too (RFC 5487).
 */
const suitesOf12 = [
  /^(?:[A-Z0-9]+-)*(?:AES|ARIA)(?:128|256)-(?:GCM-SHA(?:256|384)|CCM8?)$/i,
  /^(?:[A-Z0-9]+-)+CHACHA20-POLY1305$/i,
  /^TLS_\w+_WITH_\w+_(?:GCM_SHA(?:256|384)|CCM(?:_8)?(?:_SHA256)?|POLY1305_SHA256)$/i,
  /^(?!.*PSK)(?:[A-Z0-9]+-)*(?:AES|CAMELLIA)(?:128|256)-SHA(?:256|384)$/i,
  /^(?!.*PSK)TLS_\w+_WITH_\w+_CBC_SHA(?:256|384)$/i,
];

/** The version that a cipher suite proves where the log says no more than that there was TLS; else `tls` as it is. */
export function withSuite(tls: TlsCode, suite: string): TlsCode {
  if (tls !== TlsCode.tls) return tls;
  // Longer than any name of a suite.
  if (suite.length > 64) return tls;
  if (suiteOf13.test(suite)) return TlsCode.tls13;
  return suitesOf12.some((suites) => suites.test(suite)) ? TlsCode.tls12 : tls;
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
