import { startsWith } from '../../text/ascii';

const space = 32;

/** What an entry is about. */
export const enum Topic {
  other,
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

/**
 * Reads an entry of OpenSMTPD: of 6.4 and later (`<session> smtp message msgid=…`), of 6.0 to 6.3 (`<session> smtp event=message …`)
 * and of 5.x (`smtp-in: Accepted message … on session <session>: …`).
 */
export class Entry {
  topic: Topic = Topic.other;
  /** Whether it is about a session of a server: mail that comes in. */
  inbound = false;
  /** The session's 64 bits; both 0 where there is none. */
  high = 0;
  low = 0;
  /** Where the fields begin. */
  fields = 0;
  /** The entry is one of 5.x. */
  old = false;

  /** Reads the text `b[p, e)`. Returns false where it is not an entry about mail. */
  read(b: Uint8Array, p: number, e: number): boolean {
    this.topic = Topic.other;
    this.high = this.low = 0;
    this.old = false;
    if (this.id(b, p, e) && b[p + 16] === space) return this.current(b, p + 17, e);
    this.old = true;
    if (startsWith(b, p, 'smtp-in: ')) return this.oldIn(b, p + 9, e);
    if (startsWith(b, p, 'smtp-out: ')) return this.oldOut(b, p + 10, e);
    if (startsWith(b, p, 'relay: ')) return this.oldRelay(b, p + 7, e, Topic.relayed);
    return startsWith(b, p, 'delivery: ') ? this.oldRelay(b, p + 10, e, Topic.delivered) : false;
  }

  /** `smtp …`, `mta …` or `mda …` behind the session's id. */
  private current(b: Uint8Array, p: number, e: number): boolean {
    this.inbound = startsWith(b, p, 'smtp ');
    const mta = !this.inbound && startsWith(b, p, 'mta ');
    if (!this.inbound && !mta && !startsWith(b, p, 'mda ')) return false;
    p += this.inbound ? 5 : 4;
    if (startsWith(b, p, 'event=')) p += 6;
    let end = p;
    while (end < e && b[end] !== space) end++;
    this.fields = Math.min(end + 1, e);
    const is = (word: string) => end - p === word.length && startsWith(b, p, word);
    if (is('connected')) this.topic = this.inbound ? Topic.connected : Topic.other;
    else if (is('tls') || is('starttls')) this.topic = Topic.tls;
    else if (is('message')) this.topic = Topic.message;
    else if (is('disconnected') || is('closed')) this.topic = Topic.disconnected;
    else if (is('connecting')) this.topic = Topic.connecting;
    else if (is('error')) this.topic = Topic.error;
    else if (is('delivery')) this.topic = mta ? Topic.relayed : Topic.delivered;
    return true;
  }

  private oldIn(b: Uint8Array, p: number, e: number): boolean {
    this.inbound = true;
    if (startsWith(b, p, 'New session ')) return this.about(Topic.connected, b, p + 12, e);
    if (startsWith(b, p, 'Started TLS on session ')) return this.about(Topic.tls, b, p + 23, e);
    // `Accepted message 4296f490 on session 08d856b172f69c5c: from=…`
    if (
      startsWith(b, p, 'Accepted message ') &&
      startsWith(b, p + 25, ' on session ') &&
      this.about(Topic.message, b, p + 37, e)
    ) {
      this.fields = p + 17;
      return true;
    }
    if (startsWith(b, p, 'Closing session ')) return this.about(Topic.disconnected, b, p + 16, e);
    if (startsWith(b, p, 'Disconnecting session ')) return this.about(Topic.disconnected, b, p + 22, e);
    if (startsWith(b, p, 'Received disconnect from session ')) return this.about(Topic.disconnected, b, p + 33, e);
    this.topic = Topic.other;
    return true;
  }

  private oldOut(b: Uint8Array, p: number, e: number): boolean {
    this.inbound = false;
    if (startsWith(b, p, 'Connecting to ')) {
      // The session's id stands at the end: `Connecting to smtp://192.0.2.1:25 (host) on session 08d856b172f69c5c...`
      for (let q = p + 14; q + 28 <= e; q++)
        if (b[q] === space && startsWith(b, q, ' on session ') && this.about(Topic.connecting, b, q + 12, e)) {
          this.fields = p + 14;
          return true;
        }
      return false;
    }
    if (startsWith(b, p, 'Started TLS on session ')) return this.about(Topic.tls, b, p + 23, e);
    if (startsWith(b, p, 'Closing session ')) return this.about(Topic.disconnected, b, p + 16, e);
    if (startsWith(b, p, 'Error on session ') && this.about(Topic.error, b, p + 17, e)) {
      // Written by 6.x too: `Error on session b7e679827136235b: opportunistic TLS failed, downgrading to plain`
      if (
        startsWith(b, this.fields, 'opportunistic TLS failed, downgrading to plain') ||
        startsWith(b, this.fields, 'TLS failed, downgrading to plain')
      )
        this.topic = Topic.downgraded;
    }
    return true;
  }

  /** `Ok for <envelope>: session=<session>, from=…`, older `Ok for <envelope>: from=…`. The fields begin with the outcome. */
  private oldRelay(b: Uint8Array, p: number, e: number, topic: Topic): boolean {
    this.inbound = false;
    let q = p;
    while (q < e && b[q] !== space) q++;
    if (!startsWith(b, q, ' for ')) return false;
    this.topic = topic;
    this.fields = p;
    if (startsWith(b, q + 21, ': session=')) this.id(b, q + 31, e);
    return true;
  }

  private about(topic: Topic, b: Uint8Array, p: number, e: number): boolean {
    if (!this.id(b, p, e)) return false;
    this.topic = topic;
    this.fields = Math.min(p + (b[p + 16] === 58 ? 18 : 17), e);
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
