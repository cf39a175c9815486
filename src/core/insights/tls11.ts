import { TlsCode } from '../model';
import { knownTls } from '../report/query';
import { shareFinding, type Rule } from './insight';

/** Messages with TLS 1.1, which RFC 8996 deprecates together with TLS 1.0, among those whose TLS is known. */
export const tls11Share: Rule = {
  id: 'tls1.1-share',
  limit: 'tls11',
  unit: 'percent',
  least: 0,
  most: 100,
  severity: 'information',
  versions: ['tls1.1'],
  check: ({ connector: { tls, places } }, threshold) =>
    shareFinding(tls[TlsCode.tls11], knownTls(tls), threshold, places[TlsCode.tls11]),
};
