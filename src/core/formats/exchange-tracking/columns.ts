import { columnsOf, type ColumnNames } from '../shared/columnnames';

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

/**
 * What the columns are called: `client-ip` in the log itself, `client_ip` in Exchange Online's extended trace and
 * `ClientIp` in what Get-MessageTrackingLog exports, which also has other names for a few.
 */
export const trackingNames = {
  time: ['datetime', 'datetimeutc', 'timestamp'],
  clientIp: ['clientip'],
  clientHost: ['clienthostname'],
  serverIp: ['serverip'],
  serverHost: ['serverhostname'],
  context: ['sourcecontext'],
  connector: ['connectorid'],
  source: ['source'],
  event: ['eventid'],
  internalId: ['internalmessageid'],
  messageId: ['messageid'],
  networkId: ['networkmessageid'],
  recipient: ['recipientaddress', 'recipients'],
  bytes: ['totalbytes'],
  recipients: ['recipientcount'],
  sender: ['senderaddress', 'sender'],
  directionality: ['directionality'],
  originalIp: ['originalclientip'],
  custom: ['customdata', 'eventdata'],
} satisfies ColumnNames;

/** Finds the columns of message tracking by their names. */
export function trackingColumns(names: readonly string[]): TrackingColumns {
  const columns = columnsOf(names, trackingNames);
  const { time, serverHost, connector, event, internalId, networkId, messageId, context, recipient } = columns;
  return {
    ...columns,
    count: names.length,
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
