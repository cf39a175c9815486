import { measures, sharesOf, type Measure } from '../report/baseline';
import { TlsCode, type TlsVersion } from '../model';
import { firstOf, isOverBy, type Rule } from './insight';

const versionOf: Record<Measure, TlsVersion> = { noTls: 'none', tls10: 'tls1.0' };
const codesOf: Record<Measure, readonly TlsCode[]> = { noTls: [TlsCode.none], tls10: [TlsCode.ssl30, TlsCode.tls10] };

/** The share without TLS, or else that of TLS 1.0, is more than the threshold's percentage points over that of the baseline. */
export const worseThanBaseline: Rule = {
  id: 'worse-than-baseline',
  limit: 'worseThanBaseline',
  unit: 'points',
  least: 0,
  most: 100,
  severity: 'information',
  check: ({ connector, baseline }, threshold) => {
    if (!baseline) return undefined;
    const now = sharesOf(connector.tls),
      then = sharesOf(baseline.tls);
    for (const measure of measures) {
      const { messages, of } = now[measure],
        place = firstOf(codesOf[measure].map((code) => connector.places[code]));
      if (place && isOverBy(messages, of, then[measure], threshold))
        return { messages, of, share: messages / of, place, version: versionOf[measure], before: then[measure] };
    }
    return undefined;
  },
};
