import { TlsCode } from '../model';

/** How a session agreed on its key. `postQuantum` is undefined where the name says too little to tell. */
export interface KeyExchange {
  name: string;
  postQuantum: boolean | undefined;
}

/**
 * Names of post-quantum groups: X25519MLKEM768, SecP256r1MLKEM768, MLKEM1024 (FIPS 203), and the drafts before, such as
 * x25519_kyber768.
 */
const postQuantum = /ml-?_?kem|kyber|frodo|ntru/i;
/** Key exchanges at the head of a suite's name up to TLS 1.2, in the spellings of OpenSSL and IANA. */
const named = /^(?:TLS_)?(ECDHE|DHE|EDH|ECDH|DH|ADH|AECDH|RSA|PSK|SRP)[-_]/i;
/**
 * OpenSSL's names of the suites with RSA key exchange, such as AES256-SHA or DES-CBC3-SHA. Another name without a key
 * exchange says nothing about it.
 */
const unnamed = new RegExp(
  [
    '^(?:EXP-)?',
    '(?:AES(?:128|256)|DES|RC[24]|CAMELLIA(?:128|256)|SEED|IDEA|NULL|ARIA(?:128|256))',
    String.raw`-[A-Z0-9-]*(?:SHA\d*|MD5|CCM8?)$`,
  ].join(''),
  'i',
);
const groups: Record<string, string> = { EDH: 'DHE', ADH: 'DH', AECDH: 'ECDH' };

/**
 * Stands between a suite and the key exchange that the log names apart from it, in the one word that is kept of both;
 * as Postfix writes it.
 */
export const besideSuite = ' key-exchange ';

/** The cipher suite alone, of a word that may name its key exchange too. */
export function suiteOf(word: string): string {
  const end = word.indexOf(besideSuite);
  return end < 0 ? word : word.slice(0, end);
}

/**
 * The key exchange that the logged name of a cipher suite tells, or undefined. Up to TLS 1.2 it is part of the suite
 * (RFC 5246, appendix C; OpenSSL leaves RSA out of its names); in TLS 1.3 it is not (RFC 8446, B.4), so it is known
 * only where the log names the group beside the suite: GnuTLS as `ECDHE_X25519__…`, Postfix apart (`besideSuite`),
 * others as `SUITE/GROUP`. Schannel's `CALG_ECDHE` names no group, which in TLS 1.3 might be a hybrid one.
 */
export function keyExchangeOf(word: string, tls: TlsCode): KeyExchange | undefined {
  const suite = suiteOf(word);
  const isOld = tls >= TlsCode.ssl30 && tls <= TlsCode.tls12;
  const group = groupBeside(suite, word);
  if (group) return keyExchangeOfGroup(group.replace(/^CALG_/i, ''), isOld);
  if (!isOld) return undefined;
  const found = named.exec(suite)?.[1].toUpperCase() ?? (unnamed.test(suite) ? 'RSA' : undefined);
  return found === undefined ? undefined : { name: groups[found] ?? found, postQuantum: false };
}

/** The group that is named beside the suite: by Postfix apart, by others as `SUITE/GROUP`, by GnuTLS before it. */
function groupBeside(suite: string, word: string): string | undefined {
  if (suite.length < word.length) return word.slice(suite.length + besideSuite.length);
  const slash = suite.indexOf('/');
  if (slash >= 0) return suite.slice(slash + 1).split('/')[0];
  return suite.includes('__') ? suite.split('__')[0].replace(/^(?:EC)?DHE_(?=.)/i, '') : undefined;
}

function keyExchangeOfGroup(name: string, isOld: boolean): KeyExchange {
  const hybrid = postQuantum.test(name),
    generic = /^(?:EC)?DHE?(?:_EPHEM)?$/i.test(name);
  return { name, postQuantum: hybrid || (isOld || !generic ? hybrid : undefined) };
}
