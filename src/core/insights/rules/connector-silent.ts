import { rule } from '../rule';
import { firstOf } from '../shares';

/** No mail through a connector that had at least the threshold's number of messages in the previous period. */
export const connectorSilent = rule({
  id: 'connector-silent',
  setting: 'connectorSilent',
  default: null,
  order: 26,
  unit: 'messages',
  least: 1,
  most: 1_000_000_000,
  severity: 'information',
  compares: 'previous',
  covers: 'volume-change',
  counts: () => ({}),
  check: ({ connector, previous }, threshold) => {
    if (!previous || connector.messages > 0 || previous.messages < threshold) return undefined;
    const place = firstOf(previous.places);
    return place && { messages: 0, of: previous.messages, share: 0, place };
  },
  title: (t) => t('The connector has gone silent'),
  share: (_finding, _threshold, percent) => `−${percent(1, 0)}`,
  figures: (t, { of }) => t('no message after {0} in the previous period', of),
  description: (t) =>
    t(
      'Number of messages in the previous period of equal length from which a connector without any message in this ' +
        'one has the insight *The connector has gone silent*. ' +
        'Nothing is compared when the log does not reach back to the start of that period.',
    ),
  advice: (t) => t('Check whether the connector still works, was renamed, or whether its log is missing.'),
});
