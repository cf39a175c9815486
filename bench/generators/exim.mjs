import { Truth } from './log.mjs';
import { Random, address, colleague, domains, outsider } from './random.mjs';
import { iso, versions, weights, writeRows } from './rows.mjs';

const suites = {
  'tls1.0': 'TLS1.0:ECDHE_RSA_AES_256_CBC_SHA1:256',
  'tls1.1': 'TLS1.1:ECDHE_RSA_AES_256_CBC_SHA1:256',
  'tls1.2': 'TLS1.2:ECDHE_SECP256R1__RSA_SHA256__AES_256_GCM:256',
  'tls1.3': 'TLS1.3:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256',
};
const transports = ['remote_smtp', 'partner_out', 'bulk_smtp'];
const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Exim main log: arrivals, deliveries with further recipients, rejections. */
export function exim(file, size) {
  const random = new Random(4004),
    truth = new Truth();
  const word = (n) => Array.from({ length: n }, () => letters[random.below(62)]).join('');
  const stamp = (time) => iso(time).slice(0, 19).replace('T', ' ');
  writeRows(file, size, {
    random,
    truth,
    start: Date.UTC(2026, 5, 1),
    gap: (3 * 86_400_000) / (size / 600),
    rows(time) {
      const id = `1u${word(4)}-000${word(3)}-${word(2)}`,
        sender = outsider(random),
        tls = versions[random.weighted(weights)];
      if (random.chance(0.1))
        return (
          `${stamp(time)} H=(${random.pick(domains)}) [${address(random)}] F=<${sender}> rejected RCPT <` +
          `${colleague(random)}>: Unrouteable address\n`
        );
      truth.add('inbound', 'connector', '', tls);
      let text =
        `${stamp(time)} ${id} <= ${sender} H=mail${random.below(9)}.${random.pick(domains)} [${address(random)}] P=` +
        `${tls === 'none' ? 'esmtp' : 'esmtps'}${tls === 'none' ? '' : ` X=${suites[tls]} CV=no`} S=` +
        `${900 + random.below(90000)} id=${random.hex(24)}@${sender.split('@')[1]}\n`;
      const recipient = outsider(random),
        host = `mx${random.below(3)}.${recipient.split('@')[1]}`,
        out = versions[random.weighted(weights)],
        ip = address(random);
      const transport = transports[random.skewed(3)],
        rest =
          `R=dnslookup T=${transport} H=${host} [${ip}]${out === 'none' ? '' : ` X=${suites[out]} CV=yes`} C="250 ` +
          `2.0.0 OK ${random.hex(16)}"\n`;
      truth.add('outbound', 'connector', transport === 'remote_smtp' ? '' : transport, out);
      text += `${stamp(time)} ${id} => ${recipient} ${rest}`;
      if (random.chance(0.1)) text += `${stamp(time)} ${id} -> ${outsider(random)} ${rest}`;
      return `${text}${stamp(time)} ${id} Completed\n`;
    },
  });
}
