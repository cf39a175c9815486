/** Words by which lines of Postfix are told apart. */
import { startsWith } from '../../text/ascii';

const expired = 'expired, returned to sender';

/** The position of the colon behind a queue id, short or long, or -1. */
export function queueIdEnd(b: Uint8Array, p: number, e: number): number {
  let q = p;
  while (q < e && q - p < 33 && isOfId(b[q])) q++;
  return q - p >= 5 && b[q] === 58 && b[q + 1] === 32 && q + 2 < e ? q : -1;
}

/** Whether a byte can be part of a queue id: a letter or a digit. */
function isOfId(c: number): boolean {
  return (c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 122);
}

/** Whether `discard:` (access maps, header and body checks) or `milter-discard:` stands at `p`. */
export function isDiscard(b: Uint8Array, p: number): boolean {
  return startsWith(b, p, 'discard: ') || startsWith(b, p, 'milter-discard: ');
}

/**
 * Whether smtp says that the connection of a delivery has broken, which it tries again (smtp_trouble.c): with the same
 * server in clear, where TLS is not demanded and the message has waited for `minimal_backoff_time`.
 */
export function isLost(b: Uint8Array, p: number): boolean {
  return startsWith(b, p, 'lost connection with ') || startsWith(b, p, 'conversation with ');
}

/** Whether master says that Postfix was started or has read its settings anew. */
export function isRestart(b: Uint8Array, p: number): boolean {
  return startsWith(b, p, 'daemon started') || startsWith(b, p, 'reload ');
}

/** Whether `from=<sender>, status=expired, returned to sender` ends here, `force-expired` with it: no message. */
export function isExpired(b: Uint8Array, e: number): boolean {
  return startsWith(b, e - expired.length, expired);
}

/** Whether a relay is another host or none; local delivery names its transport or a socket instead. */
export function isRelay(b: Uint8Array, s: number, e: number): boolean {
  if (e - s === 4 && startsWith(b, s, 'none')) return true;
  let p = e;
  while (p > s && b[p - 1] >= 48 && b[p - 1] <= 57) p--;
  return p < e && b[p - 1] === 58 && b[p - 2] === 93;
}
