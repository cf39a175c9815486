import { knownTls } from '../../report/query';
import { percentage, rule } from '../rule';
import { versionsFinding } from '../shares';

/** "TLS 1.0 is above 50%" (Microsoft 365 connector report, 2018). SSL 3.0 is older still and counts with it. */
export const tls10 = rule({
  id: 'tls1.0-above-50',
  setting: 'tls10',
  default: 50,
  order: 2,
  ...percentage,
  severity: 'warning',
  counts: () => ({ tls: ['ssl3.0', 'tls1.0'] }),
  check: ({ connector }, threshold) =>
    versionsFinding(connector, ['ssl3.0', 'tls1.0'], knownTls(connector.tls), threshold),
  title: (t, threshold) => t('TLS 1.0 is above {0}%', threshold),
  description: (t) =>
    t(
      'Percentage of messages with TLS 1.0 or SSL 3.0 (0 to 100) above which a connector has the insight ' +
        '*TLS 1.0 is above …%*.',
    ),
  advice: (t) => t('Offer TLS 1.2 and 1.3, ask the remote hosts behind it to update, then turn TLS 1.0 and 1.1 off.'),
});
