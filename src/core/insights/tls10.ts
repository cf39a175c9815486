import { TlsCode } from '../model';
import { knownTls } from '../query';
import { shareInsight, type Rule } from './insight';

/** "TLS 1.0 is above 50%" (Microsoft 365 connector report, 2018). SSL 3.0 is older still and counts with it. */
export const tls10Above: Rule = {
  id: 'tls1.0-above-50',
  check: (connector, limits) => {
    const { tls, places } = connector;
    const old = [places[TlsCode.ssl30], places[TlsCode.tls10]].filter((place) => place !== undefined).sort((a, b) => a.file - b.file || a.line - b.line);
    return shareInsight('tls1.0-above-50', connector, tls[TlsCode.ssl30] + tls[TlsCode.tls10], knownTls(tls), limits.tls10, old[0]);
  },
};
