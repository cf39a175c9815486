import { knownTls } from '../../report/query';
import { percentage, rule } from '../rule';
import { versionsFinding } from '../shares';

/** "No TLS is over 25%" (Microsoft 365 connector report, 2018): messages without TLS among those whose TLS is known. */
export const noTls = rule({
  id: 'no-tls-over-25',
  setting: 'noTls',
  default: 25,
  order: 1,
  ...percentage,
  severity: 'warning',
  counts: () => ({ tls: ['none'] }),
  check: ({ connector }, threshold) => versionsFinding(connector, ['none'], knownTls(connector.tls), threshold),
  title: (t, threshold) => t('No TLS is over {0}%', threshold),
  description: (t) =>
    t(
      'Percentage of messages without TLS (0 to 100) above which a connector has the insight *No TLS is over …%*. ' +
        'Messages whose TLS the log does not tell are left aside; a share of exactly this percentage has none.',
    ),
  advice: (t, { direction }) =>
    direction === 'inbound'
      ? t('Offer STARTTLS with a valid certificate, and ask the senders behind it to use TLS.')
      : t('Turn on opportunistic TLS for outbound mail, and ask the receivers behind it to offer STARTTLS.'),
});
