import { firstOf, type Rule } from './insight';

/** No mail in this period through a connector that had at least the threshold's number of messages in the previous one. */
export const connectorSilent: Rule = {
  id: 'connector-silent',
  limit: 'connectorSilent',
  unit: 'messages',
  least: 1,
  most: 1_000_000_000,
  severity: 'information',
  covers: 'volume-change',
  check: ({ connector, previous }, threshold) => {
    if (!previous || connector.messages > 0 || previous.messages < threshold) return undefined;
    const place = firstOf(previous.places);
    return place && { messages: 0, of: previous.messages, share: 0, place };
  },
};
