import { shareOverText } from '../../text/share';
import { rule } from '../rule';
import { firstOf, isOver } from '../shares';

/**
 * The volume of a connector dropped or rose by more than a share of that of the previous period. `of` is the earlier
 * volume.
 */
export const volumeChange = rule({
  id: 'volume-change',
  setting: 'volumeChange',
  default: null,
  order: 25,
  unit: 'percent',
  least: 0,
  most: 100_000,
  severity: 'information',
  compares: 'previous',
  counts: () => ({}),
  check: ({ connector, previous }, threshold) => {
    if (!previous) return undefined;
    const change = Math.abs(connector.messages - previous.messages);
    const place = firstOf(connector.messages > 0 ? connector.places : previous.places);
    return place && isOver(change, previous.messages, threshold)
      ? { messages: connector.messages, of: previous.messages, share: change / previous.messages, place }
      : undefined;
  },
  title: (t, threshold) => t('Volume changed by more than {0}%', threshold),
  share: ({ messages, of }, threshold, percent) =>
    `${messages < of ? '−' : '+'}${shareOverText(Math.abs(messages - of), of, threshold, percent)}`,
  figures: (t, { messages, of, share }) =>
    t('{0} messages after {1} in the previous period ({2})', messages, of, share),
  description: (t) =>
    t(
      'Percentage by which the messages of a connector may drop or rise against the previous period of equal length; ' +
        'beyond it the connector has the insight *Volume changed by more than …%*. ' +
        'Nothing is compared when the log does not reach back to the start of that period.',
    ),
  advice: (t) =>
    t('Compare with the server: a new or lost sender, a changed route, a queue, or a log that is missing.'),
});
