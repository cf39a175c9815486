import { Byte, equals, find, startsWith } from '../../text/ascii';

/** What an entry is about. */
export const enum Topic {
  other,
  /** Nothing that OpenSMTPD writes: the line is damaged. */
  unreadable,
  connected,
  tls,
  message,
  disconnected,
  connecting,
  downgraded,
  error,
  relayed,
  delivered,
}

/** What the parts of OpenSMTPD log of a session, before 6.4 as `event=…`. */
const anySession: [word: string, topic: Topic][] = [
  ['authentication', Topic.other],
  ['auth', Topic.other],
  ['bad-input', Topic.other],
  ['cert-check', Topic.other],
  ['tls', Topic.tls],
  ['starttls', Topic.tls],
  ['message', Topic.message],
  ['error', Topic.error],
  ['disconnected', Topic.disconnected],
  ['closed', Topic.disconnected],
];
const parts: { name: string; inbound: boolean; topics: [word: string, topic: Topic][] }[] = [
  {
    name: 'smtp ',
    inbound: true,
    topics: [...anySession, ['connected', Topic.connected], ['envelope', Topic.other], ['failed-command', Topic.other]],
  },
  {
    name: 'mta ',
    inbound: false,
    topics: [
      ...anySession,
      ['connecting', Topic.connecting],
      ['delivery', Topic.relayed],
      ['connected', Topic.other],
      ['server-cert-check', Topic.other],
    ],
  },
  { name: 'mda ', inbound: false, topics: [['delivery', Topic.delivered]] },
];

/** What version 5 logs of a session that comes in. */
const oldSession: [words: string, topic: Topic][] = [
  ['New session ', Topic.connected],
  ['Started TLS on session ', Topic.tls],
  ['Closing session ', Topic.disconnected],
  ['Disconnecting session ', Topic.disconnected],
  ['Received disconnect from session ', Topic.disconnected],
];
/** The handshake has failed, and the session goes on in clear. */
const downgrades = ['opportunistic TLS failed, downgrading to plain', 'TLS failed, downgrading to plain'];
const accepted = 'Accepted message ',
  onSession = ' on session ';

/**
 * Reads an entry of OpenSMTPD: of 6.4 and later (`<session> smtp message msgid=…`), of 6.0 to 6.3 (`<session> smtp
 * event=message …`) and of 5.x (`smtp-in: Accepted message … on session <session>: …`).
 */
export class Entry {
  topic: Topic = Topic.other;
  /** Whether it is about a session of a server: mail that comes in. */
  inbound = false;
  /** The session's 64 bits; both 0 where there is none. */
  high = 0;
  low = 0;
  /** The same as one. */
  get session(): string {
    return `${this.high} ${this.low}`;
  }
  /** Where the fields begin. */
  fields = 0;
  /** The entry is one of 5.x. */
  old = false;

  /** Reads the text `b[p, e)`. Returns false where it is not an entry about mail. */
  read(b: Uint8Array, p: number, e: number): boolean {
    this.topic = Topic.other;
    this.high = this.low = 0;
    this.old = false;
    if (this.id(b, p, e) && b[p + 16] === Byte.space) return this.current(b, p + 17, e);
    this.old = true;
    if (startsWith(b, p, 'smtp-in: ')) return this.oldIn(b, p + 9, e);
    if (startsWith(b, p, 'smtp-out: ')) return this.oldOut(b, p + 10, e);
    if (startsWith(b, p, 'relay: ')) return this.oldRelay(b, p + 7, e, Topic.relayed);
    return startsWith(b, p, 'delivery: ') ? this.oldRelay(b, p + 10, e, Topic.delivered) : false;
  }

  /** `smtp …`, `mta …` or `mda …` behind the session's id. */
  private current(b: Uint8Array, p: number, e: number): boolean {
    let part = 0;
    while (part < parts.length && !startsWith(b, p, parts[part].name)) part++;
    if (part === parts.length) return false;
    const { name, inbound, topics } = parts[part];
    this.inbound = inbound;
    p += name.length;
    if (startsWith(b, p, 'event=')) p += 6;
    let end = p;
    while (end < e && b[end] !== Byte.space) end++;
    this.fields = Math.min(end + 1, e);
    this.topic = Topic.unreadable;
    for (const [word, topic] of topics) if (equals(b, p, end, word)) this.topic = topic;
    // Other words with fields are of a version that is not known here; what they say is no fact of it.
    if (this.topic === Topic.unreadable && end < e && !looksLikeFact(b, end, e)) this.topic = Topic.other;
    return true;
  }

  private oldIn(b: Uint8Array, p: number, e: number): boolean {
    this.inbound = true;
    for (const [words, topic] of oldSession)
      if (startsWith(b, p, words)) return this.about(topic, b, p + words.length, e);
    // `Accepted message 4296f490 on session 08d856b172f69c5c: from=…`
    if (startsWith(b, p, accepted) && startsWith(b, p + accepted.length + 8, onSession)) {
      if (!this.about(Topic.message, b, p + accepted.length + 8 + onSession.length, e)) return false;
      this.fields = p + accepted.length;
    }
    return true;
  }

  private oldOut(b: Uint8Array, p: number, e: number): boolean {
    this.inbound = false;
    if (startsWith(b, p, 'Connecting to ')) return this.oldConnecting(b, p + 14, e);
    if (startsWith(b, p, 'Started TLS on session ')) return this.about(Topic.tls, b, p + 23, e);
    if (startsWith(b, p, 'Closing session ')) return this.about(Topic.disconnected, b, p + 16, e);
    // Written by 6.x too: `Error on session b7e679827136235b: opportunistic TLS failed, downgrading to plain`
    if (startsWith(b, p, 'Error on session ') && this.about(Topic.error, b, p + 17, e))
      if (downgrades.some((words) => startsWith(b, this.fields, words))) this.topic = Topic.downgraded;
    return true;
  }

  /** `smtp://192.0.2.1:25 (host) on session 08d856b172f69c5c...`: the session's id stands at the end. */
  private oldConnecting(b: Uint8Array, p: number, e: number): boolean {
    for (let q = p; q + onSession.length + 16 <= e; q++)
      if (startsWith(b, q, onSession) && this.about(Topic.connecting, b, q + onSession.length, e)) {
        this.fields = p;
        return true;
      }
    return false;
  }

  /**
   * `Ok for <envelope>: session=<session>, from=…`, older `Ok for <envelope>: from=…`. The fields begin with the
   * outcome.
   */
  private oldRelay(b: Uint8Array, p: number, e: number, topic: Topic): boolean {
    this.inbound = false;
    let q = p;
    while (q < e && b[q] !== Byte.space) q++;
    if (!startsWith(b, q, ' for ')) return false;
    this.topic = topic;
    this.fields = p;
    if (startsWith(b, q + 21, ': session=')) this.id(b, q + 31, e);
    return true;
  }

  private about(topic: Topic, b: Uint8Array, p: number, e: number): boolean {
    if (!this.id(b, p, e)) return false;
    this.topic = topic;
    this.fields = Math.min(p + (b[p + 16] === Byte.colon ? 18 : 17), e);
    return true;
  }

  /** Sixteen digits of base 16. */
  private id(b: Uint8Array, p: number, e: number): boolean {
    const high = p + 16 <= e ? hex(b, p) : NaN,
      low = hex(b, p + 8);
    if (Number.isNaN(high) || Number.isNaN(low)) return false;
    this.high = high;
    this.low = low;
    return true;
  }
}

/** The fields with which an entry states a fact. */
const factKeys = ['address', 'ciphers', 'version', 'msgid', 'result', 'nrcpt', 'relay'];
/** How the entry of a session begins, behind its id. */
const beginnings = ['smtp ', 'mta ', 'mda '];

/** Whether `b[p, e)` has a field of a fact. */
export function looksLikeFact(b: Uint8Array, p: number, e: number): boolean {
  for (let q = p; q < e; q++)
    if (b[q] === Byte.equals && factKeys.some((key) => q - key.length >= p && startsWith(b, q - key.length, key)))
      return true;
  return false;
}

/** Whether an entry of a session begins in `b[p, e)`: behind the text of another one, or of another program. */
export function holdsEntry(b: Uint8Array, v: DataView, p: number, e: number): boolean {
  for (let q = find(v, p, e, Byte.space); q < e; q = find(v, q + 1, e, Byte.space))
    if (q - 16 >= p && beginnings.some((word) => startsWith(b, q + 1, word)) && !Number.isNaN(hex(b, q - 8)))
      return true;
  return false;
}

/** Eight digits of base 16 as a number of 32 bits, or NaN. */
export function hex(b: Uint8Array, p: number): number {
  let n = 0;
  for (let i = p; i < p + 8; i++) {
    const c = b[i];
    const digit = c >= 48 && c <= 57 ? c - 48 : c >= 97 && c <= 102 ? c - 87 : -1;
    if (digit < 0) return NaN;
    n = (n << 4) | digit;
  }
  return n;
}
