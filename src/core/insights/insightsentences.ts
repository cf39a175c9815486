import { connectorLabel, directionLabel, tlsLabel } from '../report/sentences';
import type { Translate } from '../text/translate';
import { shareOverText, shareText } from '../text/share';
import type { Direction } from '../model';
import type { Insight } from './insight';

/** Writes a share from 0 to 1 with at most so many decimals. */
export type Percent = (share: number, digits: number) => string;

/** What an insight says in a few words: the original wording, with the user's threshold. `number` formats it, as 12.5 or 12,5. */
export function insightTitle(
  t: Translate,
  { id, threshold }: Pick<Insight, 'id' | 'threshold'>,
  number: (n: number) => string = String,
): string {
  switch (id) {
    case 'no-tls-over-25':
      return t('No TLS is over {0}%', number(threshold));
    case 'tls1.0-above-50':
      return t('TLS 1.0 is above {0}%', number(threshold));
    case 'tls1.1-share':
      return t('TLS 1.1 is above {0}%', number(threshold));
    case 'weak-ciphers':
      return t('Weak cipher suites are above {0}%', number(threshold));
    case 'tls-not-logged':
      return t('TLS not logged is above {0}%', number(threshold));
    case 'required-tls-not-met':
      return t('Required TLS not met is above {0}%', number(threshold));
    case 'clear-after-failed-handshake':
      return t('Clear text after a failed handshake is above {0}%', number(threshold));
    case 'volume-change':
      return t('Volume changed by more than {0}%', number(threshold));
    case 'connector-silent':
      return t('The connector has gone silent');
    case 'worse-than-baseline':
      return t('Worse than the baseline by more than {0} percentage points', number(threshold));
  }
}

/** The whole sentence for the Problems panel: title, connector, figures. `number` formats a count or a threshold. */
export function insightSentence(
  t: Translate,
  insight: Insight,
  number: (n: number) => string,
  percent: Percent,
): string {
  const { connector, direction } = insight;
  return t(
    '{0}: {1} ({2}), {3}.',
    insightTitle(t, insight, number),
    connectorLabel(t, connector, direction),
    directionLabel(t, direction),
    insightFigures(t, insight, number, percent),
  );
}

/** The figures of an insight, e.g. "3 of 4 messages (75%)". */
export function insightFigures(
  t: Translate,
  insight: Insight,
  number: (n: number) => string,
  percent: Percent,
): string {
  const messages = number(insight.messages),
    of = number(insight.of),
    share = insightShare(insight, percent),
    { before } = insight;
  switch (insight.id) {
    case 'required-tls-not-met':
    case 'clear-after-failed-handshake':
      return t('{0} of {1} messages and attempts ({2})', messages, of, share);
    case 'weak-ciphers':
      return t('{0} of {1} messages whose cipher suite is logged ({2})', messages, of, share);
    case 'volume-change':
      return t('{0} messages after {1} in the previous period ({2})', messages, of, share);
    case 'connector-silent':
      return t('no message after {0} in the previous period', of);
    case 'worse-than-baseline': {
      const now = t('{0}: {1} of {2} messages ({3})', tlsLabel(t, insight.version ?? 'none'), messages, of, share);
      return before
        ? t(
            '{0}, before {1} of {2} ({3})',
            now,
            number(before.messages),
            number(before.of),
            shareText(before.messages, before.of, percent),
          )
        : now;
    }
    default:
      return t('{0} of {1} messages ({2})', messages, of, share);
  }
}

/** The share of an insight, which is over its threshold and reads so; of a volume, by how much it changed. */
export function insightShare(
  { id, messages, of, threshold }: Pick<Insight, 'id' | 'messages' | 'of' | 'threshold'>,
  percent: Percent,
): string {
  switch (id) {
    case 'volume-change':
      return `${messages < of ? '−' : '+'}${shareOverText(Math.abs(messages - of), of, threshold, percent)}`;
    case 'connector-silent':
      return `−${percent(1, 0)}`;
    case 'worse-than-baseline':
      return shareText(messages, of, percent);
    default:
      return shareOverText(messages, of, threshold, percent);
  }
}

/** What to do about an insight, in one or two sentences; the page of the rule says more. `format` is that of the log with the line that proves it. */
export function insightAdvice(
  t: Translate,
  { id, direction }: Pick<Insight, 'id' | 'direction'>,
  format: string | null,
): string {
  switch (id) {
    case 'no-tls-over-25':
      return direction === 'inbound'
        ? t('Offer STARTTLS with a valid certificate, and ask the senders behind it to use TLS.')
        : t('Turn on opportunistic TLS for outbound mail, and ask the receivers behind it to offer STARTTLS.');
    case 'tls1.0-above-50':
    case 'tls1.1-share':
      return t('Offer TLS 1.2 and 1.3, ask the remote hosts behind it to update, then turn TLS 1.0 and 1.1 off.');
    case 'weak-ciphers':
      return t(
        'Take RC4, 3DES, export, NULL and anonymous suites out of the cipher list, and ask the remote hosts behind it to update.',
      );
    case 'tls-not-logged':
      return loggingAdvice(t, direction, format);
    case 'required-tls-not-met':
      return t(
        'Ask the remote host for a working STARTTLS and a valid certificate, or correct the demand if it is wrong.',
      );
    case 'clear-after-failed-handshake':
      return t(
        'Look for the cause of the failed handshake (certificate, versions, ciphers, a middlebox), and require TLS where mail must not go in clear text.',
      );
    case 'volume-change':
      return t('Compare with the server: a new or lost sender, a changed route, a queue, or a log that is missing.');
    case 'connector-silent':
      return t('Check whether the connector still works, was renamed, or whether its log is missing.');
    case 'worse-than-baseline':
      return t('Look at the remote hosts behind it: a changed setting or certificate on either side is likely.');
  }
}

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
        'Set LogLevel to 9 or more in sendmail.mc and restart Sendmail; the STARTTLS= lines must be in the same log.',
      );
    case 'exchange-smtp':
      return t('Open the protocol logs of the whole time: the handshake of these sessions is not in them.');
    case 'exchange-tracking':
      return t(
        'Open the SMTP protocol logs of the same time too; -ProtocolLoggingLevel Verbose on the connectors turns them on.',
      );
    default:
      return t('Turn on the logging of TLS version and cipher on this server, or open the log that has them too.');
  }
}
