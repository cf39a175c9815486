import { TlsCode, type Direction, type UnitCode } from '../core/model';
import type { RemoteSummary } from '../core/report/remotes';
import { displayText } from '../core/text/display';
import type { Text } from './text';
import { counted, mixText } from './wording';

/**
 * A letter to whoever runs a remote host: what was seen, when, and what to change. Names are made visible, so it can be
 * pasted anywhere.
 */
export function partnerNote(
  text: Text,
  host: RemoteSummary,
  direction: Direction,
  timeZone: string,
  unit: UnitCode,
): string {
  const { t } = text,
    name = displayText(host.host),
    seen = counted(text, host.messages, unit);
  const lines = [
    t('About the mail connection with {0}', name),
    '',
    direction === 'outbound'
      ? t(
          'Our mail server delivered {0} to {1} between {2} and {3} ({4}).',
          seen,
          name,
          text.moment(host.first),
          text.moment(host.last),
          displayText(timeZone),
        )
      : t(
          'Our mail server received {0} from {1} between {2} and {3} ({4}).',
          seen,
          name,
          text.moment(host.first),
          text.moment(host.last),
          displayText(timeZone),
        ),
    t('TLS used: {0}.', mixText(text, host.tls)),
    '',
  ];
  const old = host.tls[TlsCode.ssl30] + host.tls[TlsCode.tls10] + host.tls[TlsCode.tls11];
  if (host.tls[TlsCode.none] > 0) {
    lines.push(
      direction === 'outbound'
        ? `${t('Some of it had to go in clear text, because no TLS session could be made.')} ${t(
            'Please offer STARTTLS with a valid certificate on your mail server.',
          )}`
        : t('Some of it came in clear text. Please turn on TLS for outbound mail; our server offers STARTTLS.'),
    );
  }
  if (old > 0)
    lines.push(
      t(
        'Some of it used SSL 3.0, TLS 1.0 or TLS 1.1, which are no longer secure (RFC 8996). Please turn on TLS 1.2 and TLS 1.3.',
      ),
    );
  if (host.tls[TlsCode.none] === 0 && old === 0) lines.push(t('Nothing has to be changed for it.'));
  return `${lines.join('\n')}\n`;
}
