import { TlsCode } from '../model';
import { knownTls } from '../query';
import { shareInsight, type Rule } from './insight';

/** "No TLS is over 25%" (Microsoft 365 connector report, 2018): messages without TLS among those whose TLS is known. */
export const noTlsOver: Rule = {
  id: 'no-tls-over-25',
  check: (connector, limits) => shareInsight('no-tls-over-25', connector, connector.tls[TlsCode.none], knownTls(connector.tls), limits.noTls, connector.places[TlsCode.none]),
};
