import { Truth } from './log.mjs';
import { Random, colleague, outsider } from './random.mjs';
import { iso, quoted, versions, weights, writeRows } from './rows.mjs';

const names = Array.from(
  { length: 200 },
  (_, i) =>
    `${i % 2 ? 'From' : 'To'} ${['on-premises', 'partner', 'smarthost', 'relay'][i % 4]} ${i}` +
    `${i % 17 === 0 ? ', "legacy"' : i % 13 === 0 ? ', EMEA' : ''}`,
);
const words = { none: 'No TLS', 'tls1.0': 'TLS1.0', 'tls1.1': 'TLS1.1', 'tls1.2': 'TLS1.2', 'tls1.3': 'TLS1.3' };

/** A connector report of Exchange Online: one message a row, connector and TLS version in columns. */
export function connectorReport(file, size) {
  const random = new Random(5005),
    truth = new Truth();
  writeRows(file, size, {
    random,
    truth,
    start: Date.UTC(2026, 5, 1),
    gap: (3 * 86_400_000) / (size / 200),
    header: 'date_time,message_id,sender_address,recipient_address,direction,connector_name,tls_version,tls_cipher\r\n',
    rows(time) {
      const i = random.skewed(names.length),
        inbound = i % 2 === 1,
        tls = versions[random.weighted(weights)];
      truth.add(inbound ? 'inbound' : 'outbound', 'connector', names[i], tls);
      return (
        `${iso(time)},${quoted(`<${random.chance(0.02) ? '"a,b".' : ''}${random.hex(32)}@x.example>`)},` +
        `${(inbound ? outsider : colleague)(random)},${(inbound ? colleague : outsider)(random)},` +
        `${inbound ? 'Inbound' : 'Outbound'},${quoted(names[i])},${words[tls]},` +
        `${tls === 'none' ? '' : 'TLS_AES_256_GCM_SHA384'}\r\n`
      );
    },
  });
}
