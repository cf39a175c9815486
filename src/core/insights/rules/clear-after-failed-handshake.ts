import { attemptFigures, faultFinding } from '../attempts';
import { percentage, rule } from '../rule';

/** Messages in clear text after a failed TLS handshake: both ends know TLS, and something or someone prevented it. */
export const clearAfterFailedHandshake = rule({
  id: 'clear-after-failed-handshake',
  setting: 'clearAfterFailedHandshake',
  default: null,
  order: 24,
  ...percentage,
  severity: 'information',
  counts: () => ({ fault: 'clear-after-failed-handshake' }),
  check: ({ connector }, threshold) => faultFinding(connector, 'clear-after-failed-handshake', threshold),
  title: (t, threshold) => t('Clear text after a failed handshake is above {0}%', threshold),
  figures: attemptFigures,
  description: (t) =>
    t(
      'Percentage of messages and attempts (0 to 100) in clear text after a failed TLS handshake, above which a ' +
        'connector has the insight *Clear text after a failed handshake is above …%*. `0` finds every one.',
    ),
  advice: (t) =>
    t(
      'Look for the cause of the failed handshake (certificate, versions, ciphers, a middlebox), ' +
        'and require TLS where mail must not go in clear text.',
    ),
});
