import { Truth, writeLog } from './log.mjs';
import { Random, address, colleague, domains, outsider } from './random.mjs';

const server = 'EX01MBX';
const versions = ['none', 'tls1.0', 'tls1.1', 'tls1.2', 'tls1.3'],
  weights = [10, 2, 1, 62, 25];
const protocols = {
  'tls1.0': 'SP_PROT_TLS1_0',
  'tls1.1': 'SP_PROT_TLS1_1',
  'tls1.2': 'SP_PROT_TLS1_2',
  'tls1.3': 'SP_PROT_TLS1_3',
};
const connectors = [
  'Default Frontend EX01MBX',
  'Client Frontend EX01MBX',
  'Inbound from Office 365',
  'Relay SAP',
  'Relay Scanner',
  'Partner "Northwind", forced TLS',
  ...Array.from({ length: 28 }, (_, i) => `App relay ${i} (site ${'ABCDEFG'[i % 7]})`),
].map((name) => `${server}\\${name}`);
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Exchange SMTP receive protocol log: interleaved sessions, pipelining, rejected and failed messages, probes, delayed acknowledgements. */
export function exchangeSmtp(file, size) {
  const random = new Random(2002),
    truth = new Truth(),
    start = Date.UTC(2026, 5, 1);
  let sessions = 0x08dda0c0;

  function newSession(time) {
    const connector = connectors[random.skewed(connectors.length)],
      tls = versions[random.weighted(weights)],
      session = (sessions++).toString(16).toUpperCase().padStart(8, '0') + random.hex(8);
    const from = address(random),
      helo = `mail${random.below(30)}.${domains[random.skewed(3000)]}`,
      steps = [];
    const log = (wait, event, data, context = '', done = undefined) =>
      steps.push({ wait, text: `${event},${quoted(data)},${quoted(context)}`, done });
    const hello = (extra) =>
      log(
        1,
        '>',
        `250  ${server}.corp.example Hello [${from}] SIZE 37748736 PIPELINING DSN ENHANCEDSTATUSCODES ${extra}` +
          '8BITMIME BINARYMIME CHUNKING SMTPUTF8 XRDST',
      );
    const whole = {
      time,
      steps,
      prefix: `${quoted(connector)},${session},`,
      ends: `10.20.1.15:25,${from}:${1024 + random.below(60000)}`,
      sequence: 0,
    };
    log(0, '+', '');
    log(
      1,
      '*',
      'SMTPSubmit SMTPAcceptAnyRecipient SMTPAcceptAnySender SMTPAcceptAuthoritativeDomainSender AcceptRoutingHeaders',
      'Set Session Permissions',
    );
    log(2, '>', `220 ${server}.corp.example Microsoft ESMTP MAIL Service ready at Mon, 1 Jun 2026 00:00:00 +0000`);
    if (random.chance(0.06)) {
      log(20000, '-', '', 'Remote(SocketError)');
      return whole;
    }
    log(30, '<', `EHLO ${helo}`);
    hello(tls === 'none' ? '' : 'STARTTLS X-ANONYMOUSTLS ');
    if (tls !== 'none') {
      log(20, '<', 'STARTTLS');
      log(1, '>', '220 2.0.0 SMTP server ready');
      log(
        1,
        '*',
        ' CN=mail.corp.example CN=Test CA 0A1B2C3D 9F8E7D6C 2026-01-01T00:00:00.000Z 2027-01-01T00:00:00.000Z mail.corp.example',
        'Sending certificate Subject Issuer name Serial number Thumbprint Not before Not after Subject alternate names',
      );
      log(
        60,
        '*',
        '',
        `TLS protocol ${protocols[tls]}_SERVER negotiation succeeded using bulk encryption algorithm CALG_AES_256 ` +
          'with strength 256 bits, MAC hash algorithm CALG_SHA_384 with strength 384 bits and key exchange algorithm ' +
          'CALG_ECDHE with strength 384 bits',
      );
      log(20, '<', `EHLO ${helo}`);
      log(1, '*', '', "TlsDomainCapabilities='None'; Status='NoRemoteCertificate'");
      hello('AUTH NTLM LOGIN ');
    }
    const messages = random.chance(0.01) ? 20 + random.below(200) : random.chance(0.8) ? 1 : 1 + random.below(6);
    for (let m = 0; m < messages; m++) message(log, m, { connector, tls, session });
    log(10, '<', 'QUIT');
    log(1, '>', '221 2.0.0 Service closing transmission channel');
    log(0, '-', '', 'Local');
    return whole;
  }

  function message(log, index, { connector, tls, session }) {
    const bytes = 900 + random.below(300_000),
      sender = outsider(random),
      recipients = random.chance(0.85) ? 1 : 1 + random.below(8);
    const pipelined = random.chance(0.4),
      chunked = random.chance(0.4),
      rejected = random.chance(0.04),
      failed = !rejected && random.chance(0.02);
    const mail = () => {
      log(15, '<', `MAIL FROM:<${sender}> SIZE=${bytes}`);
    };
    const receiving = () => {
      log(1, '*', `${session};2026-06-01T00:00:00.000Z;${index + 1}`, 'receiving message');
      log(1, '>', '250 2.1.0 Sender OK');
    };
    const recipient = () => {
      log(5, '<', `RCPT TO:<${colleague(random)}>`);
    };
    const answer = () => {
      log(
        1,
        '>',
        rejected
          ? '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'
          : '250 2.1.5 Recipient OK',
      );
    };
    const data = () => {
      log(10, '<', chunked ? `BDAT ${bytes} LAST` : 'DATA');
    };
    mail();
    if (pipelined) {
      for (let i = 0; i < recipients; i++) recipient();
      data();
      receiving();
      for (let i = 0; i < recipients; i++) answer();
      if (rejected) {
        log(1, '>', '503 5.5.2 Need rcpt command');
        return;
      }
    } else {
      receiving();
      for (let i = 0; i < recipients; i++) {
        recipient();
        answer();
      }
      if (rejected) {
        log(10, '<', 'RSET');
        log(1, '>', '250 2.0.0 Resetting');
        return;
      }
      data();
    }
    if (!chunked) log(1, '>', '354 Start mail input; end with <CRLF>.<CRLF>');
    if (random.chance(0.05)) log(5, '*', "Tarpit for '0.00:00:05' due to 'DelayedAck'", 'Delivered');
    if (failed) log(200, '>', '452 4.3.1 Insufficient system resources (UsedDiskSpace[C:\\])');
    else
      log(
        200,
        '>',
        `250 2.6.0 <${random.hex(32)}@${sender.split('@')[1]}> [InternalId=${random.bits()}, Hostname=` +
          `${server}.corp.example] ${bytes} bytes in 0.1${random.below(99)}, ${random.below(900)}.${random.below(999)} KB/sec ` +
          'Queued mail for delivery',
        '',
        () => {
          truth.add('inbound', 'connector', connector, tls);
        },
      );
  }

  writeLog(file, size, {
    start,
    gap: (3 * 86_400_000) / (size / 6000),
    random,
    newSession,
    truth,
    header:
      '#Software: Microsoft Exchange Server\r\n' +
      '#Version: 15.0.0.0\r\n' +
      '#Log-type: SMTP Receive Protocol Log\r\n' +
      '#Date: 2026-06-01T00:00:00.000Z\r\n' +
      '#Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,' +
      'context\r\n',
    line: (time, text, session) =>
      `${new Date(time).toISOString()},${session.prefix}${session.sequence++},${session.ends},${text}\r\n`,
  });
}
