/** What the name of a cipher suite tells of the key exchange, as the servers write it. */
import assert from 'node:assert/strict';
import { TlsCode } from '../../../src/core/model';
import { keyExchangeOf } from '../../../src/core/text/keyexchange';

describe('the key exchange', () => {
  for (const [suite, tls, name, postQuantum] of [
    ['ECDHE-RSA-AES256-GCM-SHA384', TlsCode.tls12, 'ECDHE', false],
    ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', TlsCode.tls12, 'ECDHE', false],
    ['EDH-RSA-DES-CBC3-SHA', TlsCode.tls10, 'DHE', false],
    ['AES256-SHA', TlsCode.tls10, 'RSA', false],
    ['TLS_RSA_WITH_AES_256_CBC_SHA', TlsCode.tls11, 'RSA', false],
    ['CALG_AES_256/CALG_ECDHE/CALG_SHA_384', TlsCode.tls12, 'ECDHE', false],
    // In TLS 1.3 a name without its group could stand for a hybrid one.
    ['CALG_AES_256/CALG_ECDHE/CALG_SHA_384', TlsCode.tls13, 'ECDHE', undefined],
    ['ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM', TlsCode.tls13, 'X25519', false],
    ['TLS_AES_256_GCM_SHA384/X25519MLKEM768', TlsCode.tls13, 'X25519MLKEM768', true],
    ['TLS_AES_256_GCM_SHA384/SecP256r1MLKEM768', TlsCode.tls13, 'SecP256r1MLKEM768', true],
    ['TLS_AES_128_GCM_SHA256/x25519_kyber768', TlsCode.tls13, 'x25519_kyber768', true],
    ['TLS_AES_128_GCM_SHA256/X25519', TlsCode.tls13, 'X25519', false],
    // As Postfix names it beside the suite; with a curve the group is known.
    ['TLS_AES_256_GCM_SHA384 key-exchange X25519MLKEM768', TlsCode.tls13, 'X25519MLKEM768', true],
    ['TLS_AES_256_GCM_SHA384 key-exchange ECDHE (P-256)', TlsCode.tls13, 'ECDHE (P-256)', false],
    ['TLS_AES_256_GCM_SHA384 key-exchange ECDHE', TlsCode.tls13, 'ECDHE', undefined],
  ] as const)
    it(`of ${suite} is ${name}, post-quantum: ${postQuantum}`, () =>
      assert.deepEqual(keyExchangeOf(suite, tls), { name, postQuantum }));

  it('is not known where the suite of TLS 1.3 stands alone, or the version is not logged', () => {
    assert.equal(keyExchangeOf('TLS_AES_256_GCM_SHA384', TlsCode.tls13), undefined);
    assert.equal(keyExchangeOf('AES256-SHA', TlsCode.tls), undefined);
    assert.equal(keyExchangeOf('AES_256_GCM', TlsCode.tls12), undefined, 'a bulk cipher is no suite');
  });
});
