/** Phrases of Exim's entries, found as bytes. */
const encoder = new TextEncoder();
const bytesOf = (text: string) => encoder.encode(text);

const completed = bytesOf('Completed');
const tlsSession = bytesOf('TLS session');
const inClear = bytesOf('delivering unencrypted to ');
const demands = ['a TLS session is required, but ', 'TLS session', 'failure while setting up TLS session'].map(bytesOf);
const smtp = bytesOf('smtp');
const space = 32;

export function startsWith(b: Uint8Array, p: number, e: number, word: Uint8Array): boolean {
  if (e - p < word.length) return false;
  for (let i = 0; i < word.length; i++) if (b[p + i] !== word[i]) return false;
  return true;
}

/** The message has left the queue. */
export function isCompleted(b: Uint8Array, p: number, e: number): boolean {
  return startsWith(b, p, e, completed) && (e - p === completed.length || b[p + completed.length] === space);
}

/**
 * Where the host's name begins in `TLS session: (reason): detail: delivering unencrypted to H=host [address] (not in hosts_require_tls)`,
 * or, before Exim 4.90, `TLS session failure: delivering unencrypted to host [address] (…)`; 0 for other entries.
 */
export function clearHost(b: Uint8Array, p: number, e: number): number {
  if (!startsWith(b, p, e, tlsSession)) return 0;
  for (let q = p + tlsSession.length; q < e; q++) {
    if (b[q] !== inClear[0] || !startsWith(b, q, e, inClear)) continue;
    q += inClear.length;
    return b[q] === 72 && b[q + 1] === 61 ? q + 2 : q;
  }
  return 0;
}

/** Whether an error's text says that TLS is demanded and was not to be had. The words of the other server, which come later, don't count. */
export function isTlsDemanded(b: Uint8Array, p: number, e: number): boolean {
  if (b[p] === space) p++;
  return demands.some((words) => startsWith(b, p, e, words));
}

/** Where `smtp` begins in the protocol `b[s, e)`, or -1: only such messages came over SMTP. */
export function smtpIn(b: Uint8Array, s: number, e: number): number {
  for (let p = s; p + smtp.length <= e; p++) if (b[p] === smtp[0] && startsWith(b, p, e, smtp)) return p;
  return -1;
}

/** Whether a protocol with `smtp` at `at` is one over TLS: `smtps`, `esmtpsa`, and `ssmtp` of old versions. */
export function isOverTls(b: Uint8Array, s: number, at: number, e: number): boolean {
  if (at > s && b[at - 1] === 115) return true;
  for (let p = at + smtp.length; p < e; p++) if (b[p] === 115) return true;
  return false;
}
