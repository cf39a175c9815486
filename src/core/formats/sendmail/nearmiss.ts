import { Byte, find, four, fourAt, startsWith } from '../../text/ascii';
import { decode } from '../../text/words';

/** How the keys end of the fields with which Sendmail states a fact: stat, nrcpts, mailer, msgid, proto, version, cipher, STARTTLS. */
const factKeys = new Set(['stat', 'cpts', 'iler', 'sgid', 'roto', 'sion', 'pher', 'TTLS'].map(four));

/**
 * Whether a line that could not be understood looks like one that states a fact.
 * @param least how many fields it has to have for that.
 */
export function looksLikeFact(b: Uint8Array, v: DataView, p: number, e: number, least: number): boolean {
  let count = 0;
  for (let q = find(v, p, e, Byte.equals); q < e; q = find(v, q + 1, e, Byte.equals))
    if (q - 4 >= p && factKeys.has(fourAt(b, q - 4)) && ++count === least) return true;
  return false;
}

/**
 * Whether a line without queue id tells that the program was started or reads its settings anew: `starting daemon
 * (8.17.1): SMTP+queueing@00:10:00`, `restarting /usr/sbin/sendmail due to signal`. Any of these words will do.
 */
export function isStart(b: Uint8Array, p: number, e: number): boolean {
  const isNear =
    startsWith(b, p, 'start') || startsWith(b, p, 'restart') || b[e - 1] === 108 || b[e - 3] === Byte.colon;
  return (
    isNear &&
    /^(?:re)?start(?:ing|ed) |ing daemon \(|daemon \(\d|queue?ing@[\d:]+$|due to signal$/.test(
      decode(b.subarray(p, Math.min(e, p + 200))),
    )
  );
}

/** Whether `STARTTLS=`, behind which `b[p, e)` stands, tells of something else than a session that has begun (tls.c). */
export function isTlsRemark(b: Uint8Array, p: number, e: number): boolean {
  const text = decode(b.subarray(p, e));
  return tlsRemark.test(text) && !/(?:version|cipher)=/.test(text);
}

const tlsRemark = new RegExp(
  `^(?:server|client|read|write)(?:: (?:error|warning|info):|(?:, relay=[^,]+)?, (?:${[
    String.raw`(?:error|warning|info)\b`,
    '(?:init|start|cert-subject)=',
    'get_',
    'SSL_shutdown (?:failed|not done)',
    'Diffie-Hellman init, ',
  ].join('|')}))`,
);

/**
 * Whether a line without queue id tells which features a ruleset has set for TLS with a host, at LogLevel 14 or more:
 * `tls_srv_features=empty, stat=0, relay=mail.example [192.0.2.1]`. Its `stat=` is no outcome.
 */
export function isTlsFeatures(b: Uint8Array, p: number, e: number): boolean {
  return (
    startsWith(b, p, 'tls_') &&
    /^tls_(?:srv|clt)_features=[^=]*, stat=\d+, relay=\S+ \[[^\]=]*\]$/.test(
      decode(b.subarray(p, Math.min(e, p + 400))),
    )
  );
}

/** Whether a line ends with `bits=256/256`, the last field of a session. */
export function endsWithBits(b: Uint8Array, e: number): boolean {
  return /, bits=\d{1,5}\/\d{1,5}$/.test(decode(b.subarray(Math.max(0, e - 20), e)));
}

/** Whether a text is cut off within the queue id, which begins at `s`, or within the word at `p` behind it. */
export function isCutOff(b: Uint8Array, s: number, p: number, e: number): boolean {
  if (p === s) return e - s <= 20 && /^(?:[A-Za-z0-9]*|[A-Za-z0-9]{5,}: ?)$/.test(decode(b.subarray(s, e)));
  return e - p < 5 && ['from=', 'to='].some((word) => word.startsWith(decode(b.subarray(p, e))));
}
