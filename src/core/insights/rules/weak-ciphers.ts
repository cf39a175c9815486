import { percentage, rule } from '../rule';
import { firstOf, shareFinding } from '../shares';

/**
 * The parts of a name that make a cipher suite weak: RC4 (RFC 7465), 3DES, single DES and RC2 (64-bit blocks, RFC 8429
 * and Sweet32), export grade, no encryption, no authentication. They are as these spell them:
 *
 *     OpenSSL   EXP-RC4-MD5   DES-CBC3-SHA   ADH-AES256-SHA
 *     GnuTLS    RSA_ARCFOUR_128_SHA1   ANON_DH
 *     IANA      TLS_RSA_EXPORT_WITH_RC4_40_MD5   TLS_DH_anon_WITH_…
 *     Schannel  CALG_RC4   CALG_3DES
 */
const weakParts = new Set([
  'RC4',
  'ARCFOUR',
  'RC2',
  'RC2CBC',
  '3DES',
  'DES',
  'DES3',
  'DES40',
  'NULL',
  'NULLCIPHER',
  'ANON',
  'DHANON',
  'ECDHANON',
  'ADH',
  'AECDH',
  'EXP',
  'EXP1024',
  'EXPORT',
  'EXPORT40',
  'EXPORT1024',
]);
/** RFC 9150: integrity only, without encryption; their names don't say so. */
const unencrypted = new Set(['TLS_SHA256_SHA256', 'TLS_SHA384_SHA384']);
const known = new Map<string, boolean>();
/** A cube has at most a few hundred suites; hostile logs may have more over time. */
const mostKnown = 4096;

/** Whether a cipher suite, by its logged name, is weak. A name that says nothing about its strength is not. @internal for tests */
export function isWeakCipher(name: string): boolean {
  let weak = known.get(name);
  if (weak === undefined) {
    if (known.size >= mostKnown) known.clear();
    const upper = name.toUpperCase();
    known.set(name, (weak = unencrypted.has(upper) || upper.split(/[^A-Z0-9]+/).some((part) => weakParts.has(part))));
  }
  return weak;
}

/** Messages with a weak cipher suite among those whose cipher suite is logged. */
export const weakCiphers = rule({
  id: 'weak-ciphers',
  setting: 'weakCiphers',
  default: null,
  order: 21,
  ...percentage,
  severity: 'information',
  counts: () => ({ cipher: isWeakCipher }),
  check: ({ connector: { ciphers, cipherPlaces } }, threshold) => {
    let all = 0;
    let weak = 0;
    const places = [];
    for (const [name, messages] of ciphers) {
      all += messages;
      // A line that only adds recipients has a suite, but no message of its own.
      if (messages > 0 && isWeakCipher(name)) {
        weak += messages;
        places.push(cipherPlaces.get(name));
      }
    }
    return shareFinding(weak, all, threshold, firstOf(places));
  },
  title: (t, threshold) => t('Weak cipher suites are above {0}%', threshold),
  figures: (t, { messages, of, share }) =>
    t('{0} of {1} messages whose cipher suite is logged ({2})', messages, of, share),
  description: (t) =>
    t(
      'Percentage of messages with a weak cipher suite (RC4, 3DES, export, NULL, anonymous) above which a connector ' +
        'has the insight *Weak cipher suites are above …%*. ' +
        'Messages whose cipher suite is not logged are left aside. `0` finds every such message.',
    ),
  advice: (t) =>
    t(
      'Take RC4, 3DES, export, NULL and anonymous suites out of the cipher list, ' +
        'and ask the remote hosts behind it to update.',
    ),
});
