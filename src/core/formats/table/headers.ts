import { mappingFor, plainName, type ColumnMapping, type MessageRole } from '../../connectors/columns';

/** What a table's columns mean: the position of each role, −1 where there is none. */
export interface TableColumns extends Record<MessageRole, number> {
  /** Addresses of the recipients, which are counted where no column has their number. */
  recipientList: number;
  /** The sender's address, and the id of the message: rows are single messages. */
  sender: number;
  id: number;
  /** The direction of all rows, where the user says so. */
  fixed: 'inbound' | 'outbound' | undefined;
}

/**
 * How products and people call columns, in the form of `plainName`. The order within a role is that of preference.
 * English names are those of Exchange Online's cmdlets and reports, Italian and German ones those of its localised
 * exports.
 */
const spellings: Record<Exclude<keyof TableColumns, 'fixed'>, readonly string[]> = {
  time: [
    'datetimeutc',
    'datetime',
    'timestamp',
    'origintimestamputc',
    'origintimestamp',
    'date',
    'dateutc',
    'time',
    'timeutc',
    'received',
    'receivedtime',
    'eventtime',
    'messagetime',
    'day',
    'data',
    'dataora',
    'dataeora',
    'datum',
    'zeitstempel',
  ],
  connector: [
    'connectorname',
    'connector',
    'connectordirectionandname',
    'connectordisplayname',
    'inboundconnector',
    'inboundconnectorname',
    'outboundconnector',
    'outboundconnectorname',
    'mailflowconnector',
    'connectorid',
    'nomeconnettore',
    'nomedelconnettore',
    'connettore',
    'direzioneenomedelconnettore',
    'connectorrichtungundname',
    'konnektor',
    'konnektorname',
  ],
  direction: [
    'direction',
    'directionality',
    'connectordirection',
    'messagedirection',
    'maildirection',
    'mailflowdirection',
    'direzione',
    'direzioneconnettore',
    'richtung',
  ],
  tls: [
    'tlsversion',
    'tlsused',
    'tls',
    'tlsprotocol',
    'tlsversionused',
    'tlsusage',
    'protocolversion',
    'sslversion',
    'ssltlsversion',
    'encryptionprotocol',
    'versionetls',
    'versioneditls',
    'tlsutilizzato',
    'tlsusato',
    'protocollotls',
    'tlsprotokoll',
  ],
  cipher: [
    'tlscipher',
    'ciphersuite',
    'tlsciphersuite',
    'cipher',
    'ciphername',
    'suitedicifratura',
    'cifraturatls',
    'verschlusselungssammlung',
  ],
  type: ['connectortype', 'tipodiconnettore', 'tipoconnettore', 'connectortyp', 'konnektortyp'],
  forced: ['forcedtls', 'tlsforced', 'requiretls', 'tlsrequired', 'tlsforzato', 'erzwungenestls'],
  count: [
    'messagecount',
    'messages',
    'numberofmessages',
    'count',
    'volume',
    'mails',
    'emails',
    'numerodimessaggi',
    'messaggi',
    'conteggio',
    'anzahl',
    'nachrichten',
  ],
  recipients: ['recipientcount', 'numberofrecipients', 'numerodestinatari', 'numerodidestinatari'],
  bytes: ['totalbytes', 'size', 'messagesize', 'sizebytes', 'bytes', 'dimensione', 'dimensioni'],
  remote: ['remotehost', 'clienthostname', 'senderhost', 'sendinghost', 'remoteserver', 'remotehostname'],
  address: [
    'originalclientip',
    'clientip',
    'senderip',
    'sendingip',
    'remoteip',
    'fromip',
    'ipaddress',
    'ip',
    'indirizzoip',
  ],
  recipientList: [
    'recipientaddress',
    'recipientaddresses',
    'recipients',
    'recipient',
    'to',
    'destinatario',
    'destinatari',
    'indirizzodestinatario',
  ],
  sender: ['senderaddress', 'sender', 'from', 'mittente', 'indirizzomittente'],
  id: ['networkmessageid', 'messageid', 'messagetraceid', 'internetmessageid', 'idmessaggio'],
};

/** What may stand in the name of a column with the connector or with the TLS version, when no known spelling does. */
const likeConnector = /connector|connettore|konnektor|connecteur|conector/,
  notConnector = /type|tipo|typ|direction|direzione|status|id$/;
const likeTls = /tls|ssl/,
  notTls = /\d|no|nessun|kein|forced|forzato|requir|cipher|cifra|cert|domain|error|reason/;

/** Finds the columns of a table: as the user has mapped its header, else by their names. */
export function tableColumns(names: readonly string[], mappings?: readonly ColumnMapping[]): TableColumns {
  const plain = names.map(plainName);
  const mapping = mappingFor(mappings, names);
  const columns = { fixed: mapping?.direction } as TableColumns;
  for (const role of Object.keys(spellings) as (keyof typeof spellings)[])
    columns[role] = spellings[role].reduce((found, name) => (found >= 0 ? found : plain.indexOf(name)), -1);
  if (columns.connector < 0) columns.connector = only(plain, likeConnector, notConnector);
  if (columns.tls < 0) columns.tls = only(plain, likeTls, notTls);
  if (mapping)
    for (const [role, name] of Object.entries(mapping.columns))
      if (role in spellings) columns[role as MessageRole] = plain.indexOf(plainName(name));
  return columns;
}

/** Columns for TLS versions as a report has them that counts messages by version. */
export function versionColumns(names: readonly string[]): number {
  return names.map(plainName).filter((name) => /^(?:no|nessun|kein)tls%?$|^tls1\.[0-3]%?$/.test(name)).length;
}

/** The one column whose name is like this; −1 where there is none or more than one. */
function only(plain: readonly string[], like: RegExp, unlike: RegExp): number {
  const found = plain.flatMap((name, i) => (like.test(name) && !unlike.test(name) ? [i] : []));
  return found.length === 1 ? found[0] : -1;
}
