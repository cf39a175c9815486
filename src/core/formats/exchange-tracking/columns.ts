/** Where a table has the columns of message tracking; −1 for those it does not have. */
export interface TrackingColumns {
  time: number;
  clientIp: number;
  clientHost: number;
  serverIp: number;
  serverHost: number;
  context: number;
  connector: number;
  source: number;
  event: number;
  internalId: number;
  messageId: number;
  networkId: number;
  recipient: number;
  bytes: number;
  recipients: number;
  sender: number;
  directionality: number;
  originalIp: number;
  custom: number;
  /** How many columns there are. */
  count: number;
  /** Those that no two rows have alike. */
  identity: number[];
}

/**
 * The 30 columns of Exchange 2013 to SE (Microsoft Learn, "Message tracking"), for files whose header was stripped.
 */
export const standardNames = [
  ...['date-time', 'client-ip', 'client-hostname', 'server-ip', 'server-hostname', 'source-context', 'connector-id'],
  ...['source', 'event-id', 'internal-message-id', 'message-id', 'network-message-id', 'recipient-address'],
  ...['recipient-status', 'total-bytes', 'recipient-count', 'related-recipient-address', 'reference'],
  ...['message-subject', 'sender-address', 'return-path', 'message-info', 'directionality', 'tenant-id'],
  ...['original-client-ip', 'original-server-ip', 'custom-data', 'transport-traffic-type', 'log-id', 'schema-version'],
];

/** A column name as `date-time`, `date_time_utc` and `DateTime` have it in common. */
export function bareName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Finds columns by their bare names: the first of several that is there, −1 where none is. */
export function columnFinder(names: readonly string[]): (...any: string[]) => number {
  const bare = names.map(bareName);
  return (...any) => any.map((name) => bare.indexOf(name)).find((column) => column >= 0) ?? -1;
}

/** Whether there are columns of all these bare names. */
export function hasColumns(names: readonly string[], ...needed: string[]): boolean {
  const at = columnFinder(names);
  return needed.every((name) => at(name) >= 0);
}

/**
 * Finds the columns by their names: `client-ip` in the log itself, `client_ip` in Exchange Online's extended trace and
 * `ClientIp` in what Get-MessageTrackingLog exports, which also has other names for a few.
 */
export function trackingColumns(names: readonly string[]): TrackingColumns {
  const at = columnFinder(names);
  const columns = {
    time: at('datetime', 'datetimeutc', 'timestamp'),
    clientIp: at('clientip'),
    clientHost: at('clienthostname'),
    serverIp: at('serverip'),
    serverHost: at('serverhostname'),
    context: at('sourcecontext'),
    connector: at('connectorid'),
    source: at('source'),
    event: at('eventid'),
    internalId: at('internalmessageid'),
    messageId: at('messageid'),
    networkId: at('networkmessageid'),
    recipient: at('recipientaddress', 'recipients'),
    bytes: at('totalbytes'),
    recipients: at('recipientcount'),
    sender: at('senderaddress', 'sender'),
    directionality: at('directionality'),
    originalIp: at('originalclientip'),
    custom: at('customdata', 'eventdata'),
    count: names.length,
  };
  const { time, serverHost, connector, event, internalId, networkId, messageId, context, recipient } = columns;
  return {
    ...columns,
    identity: [
      time,
      serverHost,
      connector,
      event,
      internalId,
      networkId >= 0 ? networkId : messageId,
      context,
      recipient,
    ].filter((column) => column >= 0),
  };
}
