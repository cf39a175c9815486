import type { Direction } from '../../model';
import type { Translate } from '../../text/translate';
import { percentage, rule } from '../rule';
import { versionsFinding } from '../shares';

/**
 * Messages of which the log does not say whether there was TLS, or which version, among all. The less is logged, the
 * less the other shares mean.
 */
export const tlsNotLogged = rule({
  id: 'tls-not-logged',
  setting: 'tlsNotLogged',
  default: null,
  order: 22,
  ...percentage,
  severity: 'information',
  counts: () => ({ tls: ['tls', 'unknown'] }),
  check: ({ connector }, threshold) => versionsFinding(connector, ['tls', 'unknown'], connector.messages, threshold),
  title: (t, threshold) => t('TLS not logged is above {0}%', threshold),
  description: (t) =>
    t(
      'Percentage of messages (0 to 100) whose TLS, or TLS version, the log does not tell, above which a connector ' +
        'has the insight *TLS not logged is above …%*.',
    ),
  advice: (t, { direction, format }) => loggingAdvice(t, direction, format),
});

/** The setting that would make a log of this format show TLS. */
function loggingAdvice(t: Translate, direction: Direction, format: string | null): string {
  switch (format) {
    case 'postfix':
      return direction === 'inbound'
        ? t('Set smtpd_tls_loglevel = 1 in main.cf and reload Postfix.')
        : t('Set smtp_tls_loglevel = 1 in main.cf and reload Postfix.');
    case 'exim':
      return t('Add +tls_cipher to log_selector and reload Exim.');
    case 'sendmail':
      return t(
        'Set LogLevel to 9 or more in sendmail.mc and restart Sendmail; ' +
          'the STARTTLS= lines must be in the same log.',
      );
    case 'exchange-smtp':
      return t('Open the protocol logs of the whole time: the handshake of these sessions is not in them.');
    case 'exchange-tracking':
      return t(
        'Open the SMTP protocol logs of the same time too; ' +
          '-ProtocolLoggingLevel Verbose on the connectors turns them on.',
      );
    default:
      return t('Turn on the logging of TLS version and cipher on this server, or open the log that has them too.');
  }
}
