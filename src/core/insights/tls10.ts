import { TlsCode } from '../model';
import { knownTls } from '../report/query';
import { firstOf, shareFinding, type Rule } from './insight';

/** "TLS 1.0 is above 50%" (Microsoft 365 connector report, 2018). SSL 3.0 is older still and counts with it. */
export const tls10Above: Rule = {
  id: 'tls1.0-above-50',
  limit: 'tls10',
  unit: 'percent',
  least: 0,
  most: 100,
  severity: 'warning',
  versions: ['ssl3.0', 'tls1.0'],
  check: ({ connector: { tls, places } }, threshold) =>
    shareFinding(
      tls[TlsCode.ssl30] + tls[TlsCode.tls10],
      knownTls(tls),
      threshold,
      firstOf([places[TlsCode.ssl30], places[TlsCode.tls10]]),
    ),
};
