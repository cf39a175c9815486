import { Truth } from './log.mjs';
import { Random, address, colleague, outsider } from './random.mjs';
import { iso, quoted, writeRows } from './rows.mjs';

const servers = Array.from({ length: 8 }, (_, i) => `EX0${i + 1}MBX`);
const receive = servers.flatMap((server) => [
  `${server}\\Default Frontend ${server}`,
  `${server}\\Relay Anonymous Apps`,
]);
const send = [
  'Outbound to Office 365',
  'Internet via Smarthost',
  'Partner Fabrikam TLS',
  'Edge, DMZ "legacy"',
  'Fax Gateway',
];
const others = [
  ['STOREDRIVER', 'DELIVER'],
  ['AGENT', 'AGENTINFO'],
  ['SMTP', 'HAREDIRECT'],
  ['SMTP', 'HARECEIVE'],
  ['STOREDRIVER', 'SUBMIT'],
  ['ROUTING', 'RESOLVE'],
  ['ROUTING', 'TRANSFER'],
  ['DSN', 'DSN'],
];
const fields =
  'date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,' +
  'internal-message-id,message-id,network-message-id,recipient-address,recipient-status,total-bytes,' +
  'recipient-count,related-recipient-address,reference,message-subject,sender-address,return-path,message-info,' +
  'directionality,tenant-id,original-client-ip,original-server-ip,custom-data,transport-traffic-type,log-id,' +
  'schema-version';

/** Exchange message tracking log. Genuine ones say nothing of TLS versions, and neither does this one. */
export function exchangeTracking(file, size) {
  const random = new Random(1001),
    truth = new Truth();
  const guid = () =>
    random
      .hex(32)
      .toLowerCase()
      .replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
  let internal = 48_000_000_000_000;
  writeRows(file, size, {
    random,
    truth,
    start: Date.UTC(2026, 5, 1),
    gap: (3 * 86_400_000) / (size / 950),
    header:
      '\ufeff#Software: Microsoft Exchange Server\r\n' +
      '#Version: 15.02.1544.014\r\n' +
      '#Log-type: Message Tracking Log\r\n' +
      '#Date: 2026-06-01T00:00:00.000Z\r\n' +
      `#Fields: ${fields}\r\n`,
    rows(time) {
      const kind = random.weighted([21, 17, 62]),
        server = random.pick(servers),
        inbound = kind === 0 || random.chance(0.5);
      const [source, event] =
        kind === 0 ? ['SMTP', 'RECEIVE'] : kind === 1 ? ['SMTP', 'SENDEXTERNAL'] : random.pick(others);
      const connector =
        kind === 0 ? receive[random.skewed(receive.length)] : kind === 1 ? send[random.skewed(send.length)] : '';
      if (kind < 2) truth.add(kind === 0 ? 'inbound' : 'outbound', 'connector', connector, 'unknown');
      const sender = (inbound ? outsider : colleague)(random),
        recipients = Array.from({ length: random.chance(0.85) ? 1 : 2 + random.below(5) }, () =>
          (inbound ? colleague : outsider)(random),
        );
      const client = address(random),
        context =
          kind === 0
            ? `${random.hex(16)};${iso(time)};0`
            : kind === 1
              ? `${random.hex(16)};250 2.6.0 <${random.hex(24)}@x.example> [InternalId=${internal}] ` +
                `${random.below(90000)} bytes in 0.1, 5 KB/sec Queued mail for delivery;ClientSubmitTime:`
              : 'CatContentConversion';
      const custom =
        `S:FirstForestHop=${server}.corp.example;S:ProxiedClientIPAddress=${client};S:MessageValue=MediumHigh;` +
        'S:E2ELatency=1.2;S:DeliveryPriority=Normal;S:AMA=SUM|v=0|action=|error=|atch=1;S:CompCost=|ETR=0;' +
        `S:SFA=SUM|fprx=|SCL=1|score=5|rd=x.example|LANG=en;S:OriginalFromAddress=${sender};S:Note=a, b`;
      const cells = [
        iso(time),
        client,
        `${server}.corp.example`,
        '10.20.1.5',
        server,
        quoted(context),
        quoted(connector),
        source,
        event,
        internal++,
        `<${random.hex(32)}@x.example>`,
        guid(),
        recipients.join(';'),
        kind === 1 ? recipients.map(() => '250 2.1.5 Recipient OK').join(';') : '',
        900 + random.below(200_000),
        recipients.length,
        '',
        '',
        quoted(random.chance(0.1) ? 'RE: budget, review "final"' : 'status report'),
        sender,
        sender,
        '0cA: ',
        inbound ? 'Incoming' : 'Originating',
        '',
        client,
        '10.20.1.5',
        quoted(custom),
        'Email',
        guid(),
        '15.02.1544.014',
      ];
      return `${cells.join(',')}\r\n`;
    },
  });
}
