import { TlsCode } from '../model';
import { firstOf, shareFinding, type Rule } from './insight';

/** Messages of which the log does not say whether there was TLS, or which version, among all. The less is logged, the less the other shares prove. */
export const tlsNotLogged: Rule = {
  id: 'tls-not-logged',
  limit: 'tlsNotLogged',
  unit: 'percent',
  least: 0,
  most: 100,
  severity: 'information',
  versions: ['tls', 'unknown'],
  check: ({ connector: { tls, messages, places } }, threshold) =>
    shareFinding(
      tls[TlsCode.unknown] + tls[TlsCode.tls],
      messages,
      threshold,
      firstOf([places[TlsCode.unknown], places[TlsCode.tls]]),
    ),
};
