import { knownTls } from '../../report/query';
import { percentage, rule } from '../rule';
import { versionsFinding } from '../shares';

/** Messages with TLS 1.1, which RFC 8996 deprecates together with TLS 1.0, among those whose TLS is known. */
export const tls11 = rule({
  id: 'tls1.1-share',
  setting: 'tls11',
  default: null,
  order: 20,
  ...percentage,
  severity: 'information',
  counts: () => ({ tls: ['tls1.1'] }),
  check: ({ connector }, threshold) => versionsFinding(connector, ['tls1.1'], knownTls(connector.tls), threshold),
  title: (t, threshold) => t('TLS 1.1 is above {0}%', threshold),
  description: (t) =>
    t(
      'Percentage of messages with TLS 1.1 (0 to 100) above which a connector has the insight ' +
        '*TLS 1.1 is above …%*.',
    ),
  advice: (t) => t('Offer TLS 1.2 and 1.3, ask the remote hosts behind it to update, then turn TLS 1.0 and 1.1 off.'),
});
