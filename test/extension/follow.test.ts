import { deepEqual, equal } from 'node:assert/strict';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { commands } from 'vscode';
import type { Api } from '../../src/host/start';
import { activate, clear, set, until, useFolder } from './window';

const delivery = (n: number) =>
  `2026-11-24T08:00:00+00:00 mx postfix/smtp[7]: ${(0x1000000000 + n).toString(16).toUpperCase()}: ` +
  'to=<r@example.com>, relay=mx.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, tls=may:none, dsn=2.0.0, ' +
  `status=sent (250 ok ${n})\n`;

describe('Following a log', () => {
  const path = useFolder();
  let api: Api;
  before(async () => {
    api = await activate();
    await set('timeZone', 'UTC');
  });
  after(async () => {
    await commands.executeCommand('mailFlow.stopFollowing');
    await clear(api);
    await set('timeZone', undefined);
  });

  it('shows new messages as they are written, over a rotation, without a partial line', async () => {
    const log = path('mail.log', delivery(1));
    await api.openFiles.open([log], 'user');
    await commands.executeCommand('mailFlow.follow');
    const sent = () => api.store.report?.messages.outbound.messages;
    await until('the first message', () => sent() === 1);
    appendFileSync(log, delivery(2) + delivery(3).slice(0, 40));
    await until('the second message', () => sent() === 2);
    appendFileSync(log, delivery(3).slice(40));
    await until('the third message', () => sent() === 3);
    renameSync(log, `${log}.1`);
    writeFileSync(log, delivery(4));
    await until('the first message of the new file', () => sent() === 4);
    deepEqual(
      api.store.state.analysis!.files.map(({ lines }) => lines.read),
      [3, 1],
    );
    await commands.executeCommand('mailFlow.stopFollowing');
    await until('the new file alone', () => sent() === 1);
    equal(api.store.state.reading, undefined);
  });
});
