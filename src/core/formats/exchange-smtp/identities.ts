import { Byte } from '../../text/ascii';
import { beginsWith } from '../../text/bytes';
import { CsvFields, fieldEnd } from '../../text/csv';
import { Fingerprint } from '../../text/fingerprint';
import { AcceptedMessages, Identity } from './accepted';
import { numberEnd } from './commands';
import type { ProtocolRow } from './row';

/** Says of each accepted message what message tracking knows it by. */
export class Identities {
  readonly accepted = new AcceptedMessages();
  private readonly print = new Fingerprint();
  private readonly reply = new CsvFields();

  /**
   * The message was accepted with the reply `250 2.6.0 <message id> [InternalId=5450313518248,
   * Hostname=EX01.contoso.com]`, or with one that names nothing. The reply to a message that was sent is a
   * stranger's, so it names nothing either.
   */
  add(row: ProtocolRow, bytes: Uint8Array, end: number, internal: boolean, sent: boolean): void {
    const { print, reply, accepted } = this,
      { data, session } = row;
    const field = bytes[data - 1] === Byte.quote ? data - 1 : data;
    reply.content(bytes, field, fieldEnd(bytes, field, end));
    const text = reply.bytes,
      last = reply.end;
    if (sent || !beginsWith(text, reply.start, last, '250 2.6.0 <')) {
      accepted.add(print.of(Identity.session).text(bytes, session, session + 16), internal);
      return;
    }
    const id = reply.start + 10;
    let i = id;
    while (i < last && !(text[i] === Byte.greater && (i + 1 === last || text[i + 1] === Byte.space))) i++;
    accepted.add(
      print
        .of(Identity.message)
        .text(bytes, session, session + 16)
        .text(text, id, i + 1),
      internal,
    );
    const number = i + 2 + '[internalid='.length;
    if (!beginsWith(text, i + 1, last, ' [internalid=')) return;
    const close = numberEnd(text, number, last);
    if (!beginsWith(text, close, last, ', hostname=')) return;
    const host = close + ', hostname='.length;
    let hostEnd = host;
    while (hostEnd < last && text[hostEnd] !== Byte.closeBracket) hostEnd++;
    accepted.add(print.of(Identity.queued).text(text, number, close).host(text, host, hostEnd), internal);
  }
}
