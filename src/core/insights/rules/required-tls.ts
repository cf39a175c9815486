import { attemptFigures, faultFinding } from '../attempts';
import { percentage, rule } from '../rule';

/** Messages and attempts where TLS was demanded, by the server or by the user's own connector, and not met. */
export const requiredTls = rule({
  id: 'required-tls-not-met',
  setting: 'requiredTls',
  default: null,
  order: 23,
  ...percentage,
  severity: 'information',
  counts: () => ({ fault: 'required-tls-not-met' }),
  check: ({ connector }, threshold) => faultFinding(connector, 'required-tls-not-met', threshold),
  title: (t, threshold) => t('Required TLS not met is above {0}%', threshold),
  figures: attemptFigures,
  description: (t) =>
    t(
      'Percentage of messages and attempts (0 to 100) where TLS was required and not met, above which a connector ' +
        'has the insight *Required TLS not met is above …%*. `0` finds every one.',
    ),
  advice: (t) =>
    t('Ask the remote host for a working STARTTLS and a valid certificate, or correct the demand if it is wrong.'),
});
