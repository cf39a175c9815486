import { Byte } from '../../text/ascii';
import { decode } from '../../text/words';
import { looksLikeFact, Topic } from './entry';
import type { OpensmtpdFields } from './fields';

/** Version and cipher suite of a handshake; both empty where the text can't be read whole. */
export function handshakeOf(text: string): { version: string; cipher: string } {
  const [, version, cipher] = /version=([^,\s]+), cipher=([^,\s"]+), bits=\d+"?$/.exec(text) ??
    /ciphers="?([^:\s]+):([^:\s]+):\d+"?$/.exec(text) ?? [undefined, '', ''];
  return { version, cipher };
}

/** Whether `proto=`, the last field of a message, is whole. */
export function hasProtocol(fields: OpensmtpdFields, b: Uint8Array, p: number, e: number): boolean {
  return fields.find(b, p, e, 'proto') && /^E?SMTP\w?\w?$/.test(decode(b.subarray(fields.start, fields.end)));
}

/** Whether `stat=`, the last field of a delivery, is whole: where it stands in quotes, so does its end. */
export function hasAnswer(fields: OpensmtpdFields, b: Uint8Array, p: number, e: number): boolean {
  if (!fields.find(b, p, e, 'stat')) return false;
  return b[fields.start - 1] !== Byte.quote || (b[e - 1] === Byte.quote && e > fields.start);
}

/** Whether the other server has said what `stat=` says: it begins with a reply code (RFC 5321, 4.2). */
export function isAnswered(fields: OpensmtpdFields, b: Uint8Array, p: number, e: number): boolean {
  return fields.find(b, p, e, 'stat') && /^[245]\d\d[ -]/.test(decode(b.subarray(fields.start, fields.start + 4)));
}

/** Whether an entry tells what became of a message. */
export function isOfMail(topic: Topic): boolean {
  return topic === Topic.message || topic === Topic.relayed || topic === Topic.delivered;
}

/** Whether `b[p, e)` begins with the address of a server: `smtp://`, `smtp+tls://`, `smtps://`, `tls://`, `lmtp://` … */
export function isUrl(b: Uint8Array, p: number, e: number): boolean {
  return /^(?:smtp|smtps|smtp\+tls|smtp\+notls|tls|lmtp):\/\//.test(decode(b.subarray(p, Math.min(e, p + 16))));
}

/**
 * Whether a text that is about no mail is one of the server's own: `info: OpenSMTPD 7.0 starting`, `warn: …`,
 * `smtp-out: Enabling route …`, `Exiting`. It is not where it has the id of a session, or a part of one, or fields.
 */
export function isRemark(b: Uint8Array, p: number, e: number): boolean {
  const text = decode(b.subarray(p, Math.min(e, p + 64)));
  return (
    !/^[0-9a-f]{4,16}(?: |$)|^\S{15,18} (?:smtp|mta|mda) |^[0-9a-f]{1,3}$/.test(text) &&
    (/^\w[\w/-]*: /.test(text) || !looksLikeFact(b, p, e))
  );
}
