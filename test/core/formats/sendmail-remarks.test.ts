/** Lines of Sendmail and of syslog that say nothing of mail, and damaged ones that look like them. */
import assert from 'node:assert/strict';
import { accountOf } from './facts';

const at = (text: string) => `Nov 24 08:00:05 hub sendmail[7]: ${text}`;
const start = at('starting daemon (8.17.1): SMTP+queueing@00:10:00');

describe('Sendmail: lines', () => {
  it('of high levels are context, and what is left of facts is not taken for them', () => {
    const remarks = [
      'STARTTLS=client, SSL_shutdown failed: -1',
      'STARTTLS=server, Diffie-Hellman init, key=2048 bit (I)',
      'STARTTLS=server: error:0A00009C:SSL routines::http request:../ssl/record/ssl3_record.c:341:',
      'tls_srv_features=empty, stat=0, relay=laptop.example [192.0.2.30]',
      'tls_clt_features=(null), relay=mx.example [192.0.2.2]',
    ];
    for (const text of remarks) assert.equal(accountOf('sendmail', [start, at(text)]).context, 1, text);
    for (const text of [
      'STARTTLS=client: relay=mx.example., version=TLSv1.2, verify=OK, cipher=AES, bits=256/256',
      'STARTTLS=client, SSL_shutdown, version=TLSv1.2, verify=OK, cipher=AES, bits=256/256',
      'tls_srv_features=, mailer=esmtp, stat=0, relay=mx.example [192.0.2.2]',
      'tls_srv_features=empty, stat=Sent, relay=mx.example [192.0.2.2]',
    ])
      assert.deepEqual(accountOf('sendmail', [start, at(text)]).problems, { 'bad-line': 1 }, text);
  });
  it('of syslog itself are context', () => {
    for (const text of ['hub last message repeated 2 times', 'hub syslogd started: BusyBox v1.35.0', 'syslogd exiting'])
      assert.equal(accountOf('sendmail', [start, `Nov 24 08:00:05 ${text}`]).context, 1, text);
    for (const text of ['hub syslogd started: 6AO8msS', 'hub exiting on signal 15 stat=Sent'])
      assert.equal(accountOf('sendmail', [start, `Nov 24 08:00:05 ${text}`]).skipped, 1, text);
  });
});
