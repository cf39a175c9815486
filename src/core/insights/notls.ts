import { TlsCode } from '../model';
import { knownTls } from '../report/query';
import { shareFinding, type Rule } from './insight';

/** "No TLS is over 25%" (Microsoft 365 connector report, 2018): messages without TLS among those whose TLS is known. */
export const noTlsOver: Rule = {
  id: 'no-tls-over-25',
  limit: 'noTls',
  unit: 'percent',
  least: 0,
  most: 100,
  severity: 'warning',
  versions: ['none'],
  check: ({ connector: { tls, places } }, threshold) =>
    shareFinding(tls[TlsCode.none], knownTls(tls), threshold, places[TlsCode.none]),
};
