// Writes the sample logs beside this file. They are made up: example domains and documentation addresses (RFC 2606, 5737, 3849)
// only. The same logs come out every time. Run it after a change: node samples/generate.mjs
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A small generator of numbers from 0 to 1 (mulberry32), so that the logs never change by themselves. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
let random = randomFrom(12);
const whole = (least, most) => least + Math.floor(random() * (most - least + 1));
const one = (list) => list[whole(0, list.length - 1)];
/** One of `[weight, value]`, by weight. */
const weighted = (list) => {
  let at = random() * list.reduce((sum, [weight]) => sum + weight, 0);
  return list.find(([weight]) => (at -= weight) < 0)?.[1] ?? list[0][1];
};

const ciphers = {
  'TLSv1.3':
    'TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256',
  'TLSv1.2': 'ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)',
  'TLSv1.1': 'ECDHE-RSA-AES256-SHA (256/256 bits)',
  TLSv1: 'AES256-SHA (256/256 bits)',
};

// Postfix ------------------------------------------------------------------------------------------------------------

/** A host at the other end, with the TLS that it uses, each `[weight, version]`; `plain` is none. */
const end = (host, address, ...tls) => [host, address, tls];

const domainOf = (host) => host.split('.').slice(1).join('.');

/** Who sends to us and to whom we send. */
const inbound = [
  {
    service: 'postfix',
    weight: 16,
    ends: [
      end('mx1.sender.example', '198.51.100.11', [8, 'TLSv1.3'], [2, 'TLSv1.2']),
      end('mail.newsletter.example', '198.51.100.40', [5, 'TLSv1.2'], [1, 'plain']),
      end('smtp.university.example', '2001:db8:20::25', [9, 'TLSv1.3']),
      end('legacy.shop.example', '203.0.113.77', [3, 'TLSv1.1'], [2, 'plain']),
    ],
  },
  {
    service: 'postfix/submission',
    weight: 10,
    ends: [
      end('laptop-12.corp.example', '192.0.2.112', [6, 'TLSv1.3']),
      end('phone-31.corp.example', '192.0.2.131', [4, 'TLSv1.3'], [3, 'TLSv1.2']),
    ],
  },
  { service: 'postfix/smtps', weight: 4, ends: [end('erp.corp.example', '192.0.2.20', [5, 'TLSv1.2'])] },
  {
    service: 'postfix/scanners',
    weight: 5,
    ends: [
      end('scanner-2.corp.example', '192.0.2.202', [6, 'TLSv1'], [1, 'TLSv1.2']),
      end('scanner-5.corp.example', '192.0.2.205', [4, 'TLSv1'], [1, 'plain']),
    ],
  },
];
const outbound = [
  {
    service: 'postfix',
    weight: 14,
    ends: [
      end('mx.receiver.example', '203.0.113.25', [7, 'TLSv1.3'], [1, 'TLSv1.2']),
      end('mail.customer.example', '203.0.113.50', [6, 'TLSv1.2']),
      end('mx.smallshop.example', '203.0.113.90', [1, 'plain'], [4, 'TLSv1.2']),
    ],
  },
  {
    service: 'postfix/partner-out',
    weight: 7,
    ends: [
      end('gw.partner.example', '198.51.100.200', [5, 'TLSv1.2'], [1, 'TLSv1.3']),
      end('edi.supplier.example', '198.51.100.210', [7, 'plain'], [1, 'TLSv1.2']),
    ],
  },
  { service: 'postfix/relay', weight: 4, ends: [end('relay.provider.example', '2001:db8:40::587', [6, 'TLSv1.3'])] },
];
const bySize = (list) => weighted(list.map((entry) => [entry.weight, entry]));

function postfix() {
  /** @type {[number, string][]} */
  const lines = [];
  let pid = 2100,
    id = 0x1a2b3c;
  const log = (time, daemon, process, text) =>
    lines.push([time, `${new Date(time).toISOString().slice(0, -1)}000+00:00 mail ${daemon}[${process}]: ${text}`]);
  log(Date.UTC(2026, 10, 1, 5, 59, 58), 'postfix/postfix-script', 870, 'starting the Postfix mail system');
  log(
    Date.UTC(2026, 10, 1, 5, 59, 59),
    'postfix/master',
    880,
    'daemon started -- version 3.9.1, configuration /etc/postfix',
  );
  const queueManager = (time, text) => log(time, 'postfix/qmgr', 901, text);
  const queueId = () => {
    id = (id * 48271 + 11) % 0xffffffff;
    return `4C${id.toString(16).toUpperCase().padStart(8, '0')}`;
  };

  /** A session in which one or two messages come in; some of them go on to other servers. */
  function session(start) {
    const { service, ends } = bySize(inbound),
      [host, address, tls] = one(ends),
      version = weighted(tls),
      process = ++pid;
    let time = start;
    const next = (most) => (time += whole(5, most));
    const smtpd = `${service}/smtpd`,
      count = whole(1, 5) > 4 ? 2 : 1;
    const say = (at, text) => log(at, smtpd, process, text);
    say(time, `connect from ${host}[${address}]`);
    if (version !== 'plain')
      say(
        next(60),
        `Anonymous TLS connection established from ${host}[${address}]: ${version} with cipher ${ciphers[version]}`,
      );
    for (let i = 0; i < count; i++) {
      const queue = queueId(),
        size = whole(900, 180_000),
        recipients = whole(1, 6) === 6 ? 3 : 1;
      say(
        next(300),
        `${queue}: client=${host}[${address}]${service === 'postfix/submission' ? ', sasl_method=PLAIN, sasl_username=user12' : ''}`,
      );
      log(next(40), `postfix/cleanup`, process + 1, `${queue}: message-id=<${queue.toLowerCase()}@${host}>`);
      queueManager(
        next(40),
        `${queue}: from=<user@${domainOf(host)}>, size=${size}, nrcpt=${recipients} (queue active)`,
      );
      const goesOut =
        service === 'postfix/submission' ||
        service === 'postfix/smtps' ||
        (service === 'postfix/scanners' && random() < 0.5);
      deliver(time + whole(20, 400), queue, recipients, goesOut);
    }
    say(
      next(200),
      `disconnect from ${host}[${address}] ehlo=${version === 'plain' ? 1 : 2}` +
        `${version === 'plain' ? '' : service === 'postfix/smtps' ? '' : ' starttls=1'} mail=${count} rcpt=${count} ` +
        `data=${count} quit=1 commands=${count * 3 + 3}`,
    );
  }

  function deliver(start, queue, recipients, goesOut) {
    let time = start;
    const next = (most) => (time += whole(10, most));
    if (!goesOut) {
      for (let r = 0; r < recipients; r++)
        log(
          next(30),
          'postfix/lmtp',
          1400,
          `${queue}: to=<team${r + 1}@corp.example>, relay=mail.corp.example[private/dovecot-lmtp], delay=0.1, ` +
            'delays=0.05/0/0.01/0.04, dsn=2.0.0, status=sent (250 2.0.0 Saved)',
        );
    } else {
      const { service, ends } = bySize(outbound),
        [host, address, tls] = one(ends),
        version = weighted(tls),
        smtp = `${service}/smtp`,
        process = ++pid;
      const say = (at, text) => log(at, smtp, process, text);
      if (version !== 'plain')
        say(
          next(200),
          `${random() < 0.5 ? 'Trusted' : 'Untrusted'} TLS connection established to ${host}[${address}]:25: ` +
            `${version} with cipher ${ciphers[version]}`,
        );
      for (let r = 0; r < recipients; r++)
        say(
          time + 90,
          `${queue}: to=<contact${r + 1}@${domainOf(host)}>, relay=${host}[${address}]:25, ` +
            `delay=0.6, delays=0.1/0.01/0.2/0.3, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9${queue.slice(-6)})`,
        );
      time += 90;
    }
    queueManager(next(40), `${queue}: removed`);
  }

  for (let day = 1; day <= 10; day++) {
    const midnight = Date.UTC(2026, 10, day),
      weekend = [0, 6].includes(new Date(midnight).getUTCDay());
    for (let n = weekend ? whole(2, 4) : whole(6, 10); n > 0; n--)
      session(midnight + whole(6 * 3600, 19 * 3600) * 1000 + whole(0, 999));
  }
  // What every log has: mail that was refused or has to wait, a warning, and lines that a full disk cut off.
  const at = (day, hour, minute) => Date.UTC(2026, 10, day, hour, minute, 12, 345);
  log(at(5, 9, 14), 'postfix/smtpd', 2990, 'connect from unknown[203.0.113.200]');
  log(
    at(5, 9, 14) + 300,
    'postfix/smtpd',
    2990,
    'NOQUEUE: reject: RCPT from unknown[203.0.113.200]: 554 5.7.1 <nobody@elsewhere.example>: Relay access denied; ' +
      'from=<x@elsewhere.example> to=<nobody@elsewhere.example> proto=ESMTP helo=<[203.0.113.200]>',
  );
  log(
    at(5, 9, 14) + 600,
    'postfix/smtpd',
    2990,
    'disconnect from unknown[203.0.113.200] ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4',
  );
  log(
    at(6, 11, 2),
    'postfix/partner-out/smtp',
    2991,
    '4cAA10000001: to=<orders@forced.example>, relay=gw.forced.example[198.51.100.220]:25, delay=0.5, ' +
      'delays=0.1/0/0.4/0, dsn=4.7.4, status=deferred (TLS is required, but was not offered by host ' +
      'gw.forced.example[198.51.100.220])',
  );
  log(
    at(9, 8, 30),
    'postfix/smtpd',
    2992,
    'warning: hostname host-90.shop.example does not resolve to address 203.0.113.78',
  );
  lines.push([at(7, 3, 0), '2026-11-07T03:00:1'], [at(7, 3, 0) + 1, '2026-11-07T03:00:12.3']);
  lines.sort((a, b) => a[0] - b[0]);
  return lines.map(([, text]) => `${text}\n`).join('');
}

// Exchange -----------------------------------------------------------------------------------------------------------

const schannel = {
  'TLSv1.3': ['TLS1_3', 'AES_256', 'SHA_384'],
  'TLSv1.2': ['TLS1_2', 'AES_256', 'SHA_384'],
  TLSv1: ['TLS1_0', 'AES_128', 'SHA1'],
};
const tlsLine = (version, side) => {
  const [protocol, cipher, hash] = schannel[version];
  return (
    `"TLS protocol SP_PROT_${protocol}_${side} negotiation succeeded using bulk encryption algorithm CALG_${cipher} ` +
    `with strength ${cipher.slice(-3)} bits, MAC hash algorithm CALG_${hash} with strength 0 bits and key exchange ` +
    'algorithm CALG_ECDH_EPHEM with strength 384 bits"'
  );
};

const receiving = [
  {
    connector: 'EX01\\Default Frontend EX01',
    weight: 8,
    ends: [
      end('mx1.sender.example', '198.51.100.11', [4, 'TLSv1.3'], [3, 'TLSv1.2']),
      end('mail.newsletter.example', '198.51.100.40', [4, 'TLSv1.2'], [1, 'plain']),
    ],
  },
  {
    connector: 'EX01\\Relay for devices',
    weight: 5,
    ends: [
      end('printer-3.corp.example', '192.0.2.203', [4, 'TLSv1'], [1, 'TLSv1.2']),
      end('ups-1.corp.example', '192.0.2.204', [2, 'TLSv1'], [1, 'plain']),
    ],
  },
];
const sending = [
  {
    connector: 'Internet mail',
    weight: 7,
    ends: [
      end('mx.receiver.example', '203.0.113.25', [4, 'TLSv1.3'], [2, 'TLSv1.2']),
      end('mail.customer.example', '203.0.113.50', [5, 'TLSv1.2']),
    ],
  },
  {
    connector: 'To partner',
    weight: 4,
    ends: [
      end('edi.supplier.example', '198.51.100.210', [3, 'plain'], [2, 'TLSv1.2']),
      end('gw.partner.example', '198.51.100.200', [3, 'TLSv1.2']),
    ],
  },
];
function exchange(type, connectors, oneSession) {
  /** @type {[number, string][]} */
  const rows = [];
  let number = 0x8de70000;
  for (let n = 0; n < 26; n++) {
    const { connector, ends } = bySize(connectors),
      [host, address, tls] = one(ends),
      version = weighted(tls);
    const session = `08DE2${(number += whole(3, 90)).toString(16).toUpperCase().padStart(11, '0')}`;
    let time = Date.UTC(2026, 10, 10, 6) + whole(0, 12 * 3600) * 1000 + whole(0, 999),
      sequence = 0;
    const row = (local, remote, event, data, context = '') =>
      rows.push([
        (time += whole(4, 180)),
        `${new Date(time).toISOString()},${connector},${session},${sequence++},${local},${remote},${event},${data},${context}\r\n`,
      ]);
    oneSession({ row, host, address, version, session, stamp: () => new Date(time).toISOString() });
  }
  rows.sort((a, b) => a[0] - b[0]);
  const fields = 'date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context';
  const header = [
    'Software: Microsoft Exchange Server',
    'Version: 15.0.0.0',
    `Log-type: ${type}`,
    'Date: 2026-11-10T06:00:00.000Z',
  ];
  const comments = [...header, `Fields: ${fields}`].map((text) => `#${text}\r\n`);
  return [...comments, ...rows.map(([, text]) => text)].join('');
}

const accepted = (host) =>
  `"250 2.6.0 <${whole(10000, 99999)}@${host}> [InternalId=${whole(1e6, 9e6)}, Hostname=EX01.corp.example] ` +
  `${whole(2000, 90000)} bytes in 0.101, 136.827 KB/sec Queued mail for delivery"`;

const receive = () =>
  exchange('SMTP Receive Protocol Log', receiving, ({ row, host, address, version, session, stamp }) => {
    const ends = ['192.0.2.5:25', `${address}:${whole(20000, 60000)}`],
      domain = domainOf(host);
    const say = (event, data, context) => row(...ends, event, data, context);
    say('+', '');
    say('>', '"220 EX01.corp.example Microsoft ESMTP MAIL Service ready at Tue, 10 Nov 2026 07:50:00 +0000"');
    say('<', `EHLO ${host}`);
    say(
      '>',
      `250  EX01.corp.example Hello [${address}] SIZE 37748736 PIPELINING DSN ENHANCEDSTATUSCODES STARTTLS 8BITMIME BINARYMIME CHUNKING`,
    );
    if (version !== 'plain') {
      say('<', 'STARTTLS');
      say('>', '220 2.0.0 SMTP server ready');
      say('*', '', tlsLine(version, 'SERVER'));
      say('<', `EHLO ${host}`);
      say(
        '>',
        `250  EX01.corp.example Hello [${address}] SIZE 37748736 PIPELINING DSN ENHANCEDSTATUSCODES 8BITMIME BINARYMIME CHUNKING`,
      );
    }
    for (let message = whole(1, 3); message > 0; message--) {
      say('<', `MAIL FROM:<user@${domain}> SIZE=${whole(2000, 90000)}`);
      say('*', `${session};${stamp()};1`, 'receiving message');
      say('>', '250 2.1.0 Sender OK');
      say('<', 'RCPT TO:<team@corp.example>');
      say('>', '250 2.1.5 Recipient OK');
      say('<', `BDAT ${whole(2000, 90000)} LAST`);
      say('>', accepted(domain));
    }
    say('<', 'QUIT');
    say('>', '221 2.0.0 Service closing transmission channel');
    say('-', '', 'Local');
  });

const send = () =>
  exchange('SMTP Send Protocol Log', sending, ({ row, host, address, version }) => {
    const ends = [`192.0.2.5:${whole(20000, 60000)}`, `${address}:25`],
      domain = domainOf(host);
    const say = (event, data, context) => row(...ends, event, data, context);
    say('*', '', 'attempting to connect');
    say('+', '');
    say('<', `220 ${host} ESMTP`);
    say('>', 'EHLO mail.corp.example');
    say(
      '<',
      `250  ${host} Hello [192.0.2.5] SIZE 157286400 PIPELINING DSN ENHANCEDSTATUSCODES` +
        `${version === 'plain' ? '' : ' STARTTLS'} 8BITMIME CHUNKING`,
    );
    if (version !== 'plain') {
      say('>', 'STARTTLS');
      say('<', '220 2.0.0 SMTP server ready');
      say('*', '', tlsLine(version, 'CLIENT'));
      say('>', 'EHLO mail.corp.example');
      say('<', `250  ${host} Hello [192.0.2.5] SIZE 157286400 PIPELINING DSN ENHANCEDSTATUSCODES 8BITMIME CHUNKING`);
    }
    for (let message = whole(1, 2); message > 0; message--) {
      const [record, id] = [whole(1e9, 9e9), whole(10000, 99999)];
      say('*', '', `sending message with RecordId ${record} and InternetMessageId <${id}@corp.example>`);
      say('>', `MAIL FROM:<user12@corp.example> SIZE=${whole(2000, 60000)}`);
      say('>', `RCPT TO:<contact@${domain}>`);
      say('<', '250 2.1.0 Sender OK');
      say('<', '250 2.1.5 Recipient OK');
      say('>', `BDAT ${whole(2000, 60000)} LAST`);
      say('<', accepted(host));
    }
    say('>', 'QUIT');
    say('<', '221 2.0.0 Closing');
    say('-', '', 'Local');
  });

const write = (name, text) => writeFileSync(fileURLToPath(new URL(name, import.meta.url)), text);
write('postfix/mail.log', postfix());
random = randomFrom(1);
write('exchange/RECV20261110-1.LOG', receive());
random = randomFrom(2);
write('exchange/SEND20261110-1.LOG', send());
