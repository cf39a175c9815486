import { tlsVersions, type TlsVersion } from '../../model';
import { measures, sharesOf, type Measure } from '../../report/baseline';
import { tlsLabel } from '../../report/sentences';
import { shareText } from '../../text/share';
import { rule } from '../rule';
import { firstOf, isOverBy } from '../shares';

/** The version that a share is named by, and the versions that it counts. */
const counted: Record<Measure, { version: TlsVersion; versions: readonly TlsVersion[] }> = {
  noTls: { version: 'none', versions: ['none'] },
  tls10: { version: 'tls1.0', versions: ['ssl3.0', 'tls1.0'] },
};

/** The share without TLS, or else that of TLS 1.0, is more than so many percentage points over that of the baseline. */
export const worseThanBaseline = rule({
  id: 'worse-than-baseline',
  setting: 'worseThanBaseline',
  default: null,
  order: 27,
  unit: 'points',
  least: 0,
  most: 100,
  severity: 'information',
  compares: 'baseline',
  counts: (version) => ({ tls: Object.values(counted).find((one) => one.version === version)?.versions }),
  check: ({ connector, baseline }, threshold) => {
    if (!baseline) return undefined;
    const now = sharesOf(connector.tls);
    const then = sharesOf(baseline.tls);
    for (const measure of measures) {
      const { messages, of } = now[measure];
      const { version, versions } = counted[measure];
      const place = firstOf(versions.map((one) => connector.places[tlsVersions.indexOf(one)]));
      if (place && isOverBy(messages, of, then[measure], threshold))
        return { messages, of, share: messages / of, place, version, before: then[measure] };
    }
    return undefined;
  },
  title: (t, threshold) => t('Worse than the baseline by more than {0} percentage points', threshold),
  share: ({ messages, of }, _threshold, percent) => shareText(messages, of, percent),
  figures: (t, { messages, of, share, version, before }) => {
    const now = t('{0}: {1} of {2} messages ({3})', tlsLabel(t, version ?? 'none'), messages, of, share);
    return before ? t('{0}, before {1} of {2} ({3})', now, before.messages, before.of, before.share) : now;
  },
  description: (t) =>
    t(
      'Percentage points by which the share without TLS, or that of TLS 1.0, may be above that of the baseline; ' +
        'beyond it a connector has the insight *Worse than the baseline by more than … percentage points*.',
    ),
  advice: (t) => t('Look at the remote hosts behind it: a changed setting or certificate on either side is likely.'),
});
