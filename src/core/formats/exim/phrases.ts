/** Phrases of Exim's entries, found as bytes. */
import { Byte } from '../../text/ascii';
import { beginsWith } from '../../text/bytes';
import { decode } from '../../text/words';

const completed = 'completed';
const tlsSession = 'tls session';
const inClear = 'delivering unencrypted to ';
const demands = ['a tls session is required', 'tls session', 'failure while setting up tls session'];
const smtp = 'smtp';
/** The letter s, which stands for TLS before or behind `smtp`. */
const secure = 115;

/** The message has left the queue. */
export function isCompleted(b: Uint8Array, p: number, e: number): boolean {
  return beginsWith(b, p, e, completed) && (e - p === completed.length || b[p + completed.length] === Byte.space);
}

/** The daemon was started, or reads its settings anew and starts itself again. */
export function isRestart(b: Uint8Array, p: number, e: number): boolean {
  if (beginsWith(b, p, e, 'exim ')) return contains(b, p, e, ' daemon started:');
  return (beginsWith(b, p, e, 'pid ') || beginsWith(b, p, e, 'sighup ')) && contains(b, p, e, 'SIGHUP received');
}

function contains(b: Uint8Array, p: number, e: number, text: string): boolean {
  return decode(b.subarray(p, Math.min(e, p + 100))).includes(text);
}

/**
 * Where the host's name begins in `TLS session: (reason): detail: delivering unencrypted to H=host [address] (not in
 * hosts_require_tls)`, or, before Exim 4.90, `TLS session failure: delivering unencrypted to host [address] (…)`; 0 for
 * other entries.
 */
export function clearHost(b: Uint8Array, p: number, e: number): number {
  if (!beginsWith(b, p, e, tlsSession)) return 0;
  for (let q = p + tlsSession.length; q < e; q++) {
    if (!beginsWith(b, q, e, inClear)) continue;
    q += inClear.length;
    return b[q] === 72 && b[q + 1] === Byte.equals ? q + 2 : q;
  }
  return 0;
}

/**
 * Whether an error's text says that TLS is demanded and was not to be had. The other server's words, which come later,
 * don't count.
 */
export function isTlsDemanded(b: Uint8Array, p: number, e: number): boolean {
  const start = b[p] === Byte.space ? p + 1 : p;
  return demands.some((words) => beginsWith(b, start, e, words));
}

/** Where `smtp` begins in the protocol `b[s, e)`, or -1: only such messages came over SMTP. */
export function smtpIn(b: Uint8Array, s: number, e: number): number {
  for (let p = s; p + smtp.length <= e; p++) if (b[p] === secure && beginsWith(b, p, e, smtp)) return p;
  return -1;
}

/** Whether a protocol with `smtp` at `at` is one over TLS: `smtps`, `esmtpsa`, and `ssmtp` of old versions. */
export function isOverTls(b: Uint8Array, s: number, at: number, e: number): boolean {
  if (at > s && b[at - 1] === secure) return true;
  for (let p = at + smtp.length; p < e; p++) if (b[p] === secure) return true;
  return false;
}
