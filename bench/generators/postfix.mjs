import { Truth, writeLog } from './log.mjs';
import { Random, address, colleague, domains, outsider, person } from './random.mjs';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const versions = ['none', 'tls1.0', 'tls1.1', 'tls1.2', 'tls1.3'],
  weights = [8, 2, 1, 55, 34];
const spelling = { 'tls1.0': 'TLSv1', 'tls1.1': 'TLSv1.1', 'tls1.2': 'TLSv1.2', 'tls1.3': 'TLSv1.3' };
const suite = (tls) =>
  tls === 'tls1.3'
    ? 'TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256'
    : tls === 'tls1.2'
      ? 'ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)'
      : 'ECDHE-RSA-AES256-SHA (256/256 bits)';
const services = [
  { tag: 'postfix/smtpd', connector: null },
  { tag: 'postfix/submission/smtpd', connector: 'submission' },
  { tag: 'postfix/smtps/smtpd', connector: 'smtps' },
];

/**
 * Postfix in traditional syslog: noise, rejected and deferred mail, several messages a session, several recipients,
 * connection reuse, short and long queue ids.
 */
export function postfix(file, size) {
  const random = new Random(3003),
    truth = new Truth(),
    start = Date.UTC(2026, 5, 1);
  const relays = Array.from({ length: 180 }, (_, i) => ({
    host: `mx${i % 4}.${domains[i * 16]}`,
    address: address(random),
    tls: versions[random.weighted(weights)],
  }));
  const free = [[], [], [], []];
  let newest = 2000;
  const take = (pool) =>
    free[pool].length > 0 && random.chance(0.995)
      ? free[pool].splice(random.below(free[pool].length), 1)[0]
      : (newest += 1 + random.below(7));
  const letters = 'BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789';
  let queued = 0;
  const queueId = () =>
    queued++ % 2 === 0 ? random.hex(10) : `4${Array.from({ length: 14 }, () => random.pick(letters)).join('')}`;
  /** Which relay an smtp process last spoke to, and how. */
  const connections = new Map();

  function deliver(time, id, recipients) {
    const pid = take(3),
      tag = `postfix/smtp[${pid}]: `,
      relay = relays[random.skewed(relays.length)],
      peer = `${relay.host}[${relay.address}]:25`;
    const before = connections.get(pid);
    const reused = before?.peer === peer && before.tls !== 'none';
    const deferred = random.chance(0.05);
    const steps =
      reused || relay.tls === 'none'
        ? []
        : [
            {
              wait: 100,
              text:
                `${tag}${random.chance(0.6) ? 'Trusted' : 'Untrusted'} TLS connection established to ${peer}: ` +
                `${spelling[relay.tls]} with cipher ${suite(relay.tls)}`,
            },
          ];
    connections.set(pid, { peer, tls: relay.tls });
    const answer = deferred
      ? `dsn=4.7.1, status=deferred (host ${relay.host}[${relay.address}] said: 451 4.7.1 Greylisting in action, ` +
        'please come back later (in reply to RCPT TO command))'
      : `dsn=2.0.0, status=sent (250 2.0.0 OK ${random.hex(12)} - queued)`;
    for (let i = 0; i < recipients; i++) {
      const counts = !deferred && i === 0;
      steps.push({
        wait: i === 0 ? 500 : 0,
        text:
          `${tag}${id}: to=<${person(random)}@${relay.host.slice(4)}>, relay=${peer}, delay=0.${random.below(99)}, ` +
          `delays=0.1/0.0${random.below(9)}/0.${random.below(99)}/0.2, ${answer}`,
        done: counts
          ? () => {
              truth.add('outbound', 'relay', relay.host, relay.tls);
            }
          : undefined,
      });
    }
    steps.push({
      wait: 1,
      text: `postfix/qmgr[911]: ${id}: ${deferred ? 'skipped, still being delivered' : 'removed'}`,
      done: () => {
        free[3].push(pid);
      },
    });
    return { time: time + 30, steps };
  }

  function deliverHere(time, id, recipients) {
    const steps = Array.from({ length: recipients }, () => ({
      wait: 60,
      text:
        `postfix/lmtp[${5000 + random.below(20)}]: ${id}: to=<${colleague(random)}>, ` +
        'relay=store.corp.example[private/dovecot-lmtp], delay=0.2, delays=0.1/0/0.01/0.1, dsn=2.0.0, status=sent ' +
        `(250 2.0.0 <x> ${random.hex(20)} Saved)`,
    }));
    return { time: time + 30, steps: [...steps, { wait: 1, text: `postfix/qmgr[911]: ${id}: removed` }] };
  }

  function newSession(time) {
    const pool = random.weighted([75, 18, 7]),
      pid = take(pool),
      service = services[pool],
      tag = `${service.tag}[${pid}]: `,
      tls = versions[random.weighted(weights)];
    const client = `${random.chance(0.1) ? 'unknown' : `mail${random.below(9)}.${domains[random.skewed(3000)]}`}[${address(random)}]`;
    const steps = [{ wait: 0, text: `${tag}connect from ${client}` }];
    const end = (text) =>
      steps.push({
        wait: 20,
        text: `${tag}disconnect from ${client} ${text}`,
        done: () => {
          free[pool].push(pid);
        },
      });
    if (random.chance(0.15)) {
      steps.push(
        { wait: 400, text: `${tag}warning: ${client}: SASL LOGIN authentication failed: UGFzc3dvcmQ6` },
        { wait: 300, text: `${tag}lost connection after AUTH from ${client}` },
      );
      end('ehlo=1 auth=0/1 commands=1/2');
      return { time, steps };
    }
    if (tls !== 'none')
      steps.push({
        wait: 90,
        text: `${tag}Anonymous TLS connection established from ${client}: ${spelling[tls]} with cipher ${suite(tls)}`,
      });
    const messages = random.chance(0.85) ? 1 : 1 + random.below(6);
    for (let i = 0; i < messages; i++) {
      if (random.chance(0.07)) {
        steps.push({
          wait: 100,
          text:
            `${tag}NOQUEUE: reject: RCPT from ${client}: 554 5.7.1 Service unavailable; Client host blocked using ` +
            `bl.example; from=<${outsider(random)}> to=<${colleague(random)}> proto=ESMTP helo=<x.example>`,
        });
        continue;
      }
      const id = queueId(),
        sender = outsider(random),
        recipients = random.chance(0.9) ? 1 : 1 + random.below(6),
        here = random.chance(0.3);
      steps.push(
        {
          wait: 120,
          text: `${tag}${id}: client=${client}${pool > 0 ? `, sasl_method=PLAIN, sasl_username=${colleague(random)}` : ''}`,
        },
        {
          wait: 30,
          text: `postfix/cleanup[${3000 + random.below(40)}]: ${id}: message-id=<${random.hex(24)}@${sender.split('@')[1]}>`,
        },
        {
          wait: 60,
          text: `postfix/qmgr[911]: ${id}: from=<${sender}>, size=${900 + random.below(200000)}, nrcpt=${recipients} (queue active)`,
          done: (now) => {
            truth.add('inbound', 'connector', service.connector ?? '', tls);
            return (here ? deliverHere : deliver)(now, id, recipients);
          },
        },
      );
    }
    end(
      `ehlo=2${tls !== 'none' && pool < 2 ? ' starttls=1' : ''} mail=${messages} rcpt=${messages} data=${messages} ` +
        `quit=1 commands=${4 + messages * 3}`,
    );
    return { time, steps };
  }

  const stamp = (time) => {
    const d = new Date(time);
    return `${months[d.getUTCMonth()]} ${String(d.getUTCDate()).padStart(2)} ${d.toISOString().slice(11, 19)}`;
  };
  // A server is started before mail comes; what a connection does before the log begins can't be told from the log.
  const header = `${stamp(start - 60_000)} mx1 postfix/master[901]: daemon started -- version 3.9.0, configuration /etc/postfix\n`;
  writeLog(file, size, {
    header,
    start,
    gap: (3 * 86_400_000) / (size / 1400),
    random,
    newSession,
    truth,
    line: (time, text) => `${stamp(time)} mx1 ${text}\n`,
  });
}
