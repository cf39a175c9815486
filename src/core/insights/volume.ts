import { firstOf, isOver, type Rule } from './insight';

/** The volume of a connector dropped or rose by more than a share of that of the previous period. `of` is the earlier volume. */
export const volumeChange: Rule = {
  id: 'volume-change',
  limit: 'volumeChange',
  unit: 'percent',
  least: 0,
  most: 100_000,
  severity: 'information',
  check: ({ connector, previous }, threshold) => {
    if (!previous) return undefined;
    const change = Math.abs(connector.messages - previous.messages);
    const place = firstOf(connector.messages > 0 ? connector.places : previous.places);
    return place && isOver(change, previous.messages, threshold)
      ? { messages: connector.messages, of: previous.messages, share: change / previous.messages, place }
      : undefined;
  },
};
