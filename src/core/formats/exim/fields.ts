import { ViewOf } from '../../text/ascii';

const space = 32,
  quote = 34,
  backslash = 92,
  equals = 61,
  colon = 58,
  less = 60,
  greater = 62,
  open = 91,
  close = 93,
  paren = 40,
  star = 42;

/**
 * Where the fields of a line that matter stand, after its flag (Exim specification, "Log files": `H= P= X= CV= T= S=` and so on).
 * A start of 0 means that the field is not there. Quoted text, which strangers write, is never looked into.
 */
export class EximFields {
  /** The host's name, or what it called itself where its name is not known; empty where only the address is logged. */
  nameStart = 0;
  nameEnd = 0;
  addressStart = 0;
  addressEnd = 0;
  protocolStart = 0;
  protocolEnd = 0;
  tlsStart = 0;
  tlsEnd = 0;
  transportStart = 0;
  transportEnd = 0;
  /** The recipient as the sender wrote it, without the angle brackets around it. */
  recipientStart = 0;
  recipientEnd = 0;
  /** Whether `CV=` is there, which is written for TLS only. */
  verified = false;
  /** Value of `S=`, in bytes; -1 where it is not there. */
  size = -1;
  /** How many recipients `for` names; 0 where there is no `for`. */
  recipients = 0;
  /** The line ends within a field. */
  cut = false;
  /** Where the text of an error begins; the line's end where there is none. */
  errorStart = 0;

  /** Reads `b[p, e)`, the part behind `<=` or `(=`. */
  arrival(b: Uint8Array, p: number, e: number): void {
    this.reset(e);
    // The sender is the first word; one in quotes may hold anything.
    for (p = wordEnd(b, p, e) + 1; p < e; p = wordEnd(b, p, e) + 1) {
      const c = b[p];
      if (b[p + 1] === equals) {
        if (c === 72) {
          p = this.host(b, p + 2, e);
          continue;
        }
        if (c === 80) {
          if (this.protocolStart === 0) {
            this.protocolStart = p + 2;
            p = this.protocolEnd = wordEnd(b, p, e);
          }
        } else if (c === 88) p = this.tls(b, p, e);
        else if (c === 83 && this.size < 0) this.size = numberAt(b, p + 2, e);
      } else if (c === 67 && b[p + 1] === 86 && b[p + 2] === equals) this.verified = true;
      else if (c === 102 && b[p + 1] === 111 && b[p + 2] === 114 && b[p + 3] === space && this.size >= 0) {
        for (p += 4; p < e; p = wordEnd(b, p, e) + 1) if (b[p] !== space) this.recipients++;
        return;
      }
    }
  }

  /** Reads `b[p, e)`, the part behind the flag of a delivery. `failed`: the flag is `==` or `**`, and an error's text may follow. */
  delivery(b: Uint8Array, p: number, e: number, failed: boolean): void {
    this.reset(e);
    this.recipientStart = p;
    p = this.recipientEnd = wordEnd(b, p, e);
    if (failed && b[p - 1] === colon) {
      this.recipientEnd--;
      this.errorStart = p;
      return;
    }
    for (p++; p < e; p = wordEnd(b, p, e) + 1) {
      const c = b[p];
      if (b[p + 1] === equals) {
        if (c === 72) {
          p = this.host(b, p + 2, e);
          if (failed && b[p - 1] === colon) {
            this.errorStart = p;
            return;
          }
          continue;
        }
        if (c === 84) {
          if (this.transportStart === 0) {
            this.transportStart = p + 2;
            this.transportEnd = p = wordEnd(b, p, e);
          }
        } else if (c === 88) p = this.tls(b, p, e);
        else if (c === 83 && this.size < 0) this.size = numberAt(b, p + 2, e);
        // The server's answer comes last; only queue and delivery times may follow.
        else if (c === 67) return;
      } else if (c === 67 && b[p + 1] === 86 && b[p + 2] === equals) this.verified = true;
      else if (c === less && this.transportStart === 0 && this.nameStart === 0) {
        const end = wordEnd(b, p, e);
        this.recipientStart = p + 1;
        this.recipientEnd = b[end - 1] === greater ? end - 1 : end;
        p = end;
      }
      if (failed) {
        const end = wordEnd(b, p, e);
        if (b[end - 1] === colon) {
          if (this.tlsEnd === end) this.tlsEnd--;
          if (this.transportEnd === end) this.transportEnd--;
          this.errorStart = end;
          return;
        }
      }
    }
  }

  private reset(e: number): void {
    this.nameStart = this.nameEnd = this.addressStart = this.addressEnd = this.protocolStart = this.protocolEnd = 0;
    this.tlsStart = this.tlsEnd = this.transportStart = this.transportEnd = this.recipientStart = this.recipientEnd = 0;
    this.verified = this.cut = false;
    this.size = -1;
    this.recipients = 0;
    this.errorStart = e;
  }

  private tls(b: Uint8Array, p: number, e: number): number {
    if (this.tlsStart > 0) return p;
    this.tlsStart = p + 2;
    return (this.tlsEnd = wordEnd(b, p, e));
  }

  /**
   * `name (helo) [address]:port`, `(helo) [address]`, `name [address]` or `[address]`, from behind `H=`.
   * Returns the end of its last word.
   */
  private host(b: Uint8Array, p: number, e: number): number {
    if (this.addressStart > 0) return wordEnd(b, p, e);
    this.nameStart = this.nameEnd = p;
    if (b[p] !== paren && b[p] !== open) {
      p = this.nameEnd = wordEnd(b, p, e);
      p++;
    }
    if (b[p] === paren && p < e) {
      // A host may call itself anything where the administrator allows it, so the end is where an address follows.
      let q = p + 1;
      while (q < e && !(b[q] === 41 && b[q + 1] === space && b[q + 2] === open)) q++;
      // A literal address in place of a name says no more than the real address.
      if (this.nameEnd === this.nameStart && b[p + 1] !== open) {
        this.nameStart = p + 1;
        this.nameEnd = q;
      }
      p = q + 2;
    }
    if (p >= e || b[p] !== open) {
      this.cut = true;
      return Math.min(p, e);
    }
    let q = p + 1;
    while (q < e && b[q] !== close && b[q] !== space) q++;
    if (q >= e || b[q] !== close) {
      this.cut = true;
      return q;
    }
    this.addressStart = p + 1;
    this.addressEnd = q;
    if (this.nameEnd > this.nameStart && b[this.nameEnd - 1] === 46) this.nameEnd--;
    return wordEnd(b, q, e);
  }
}

/** Of what is being read. */
const views = new ViewOf();
/** Four spaces, four quotes, and what tells a byte of zeros in four bytes: its highest bit is then set, and those of bytes before it are not. */
const spaces = 0x20202020,
  quotes = 0x22222222,
  ones = 0x01010101,
  highest = 0x80808080;

/** The end of the word at `p`: the next space that is not in quotes, or the line's end. */
function wordEnd(b: Uint8Array, p: number, e: number): number {
  const view = views.of(b);
  for (;;) {
    for (; p + 4 <= e; p += 4) {
      const four = view.getInt32(p, true),
        s = four ^ spaces,
        q = four ^ quotes,
        found = (((s - ones) & ~s) | ((q - ones) & ~q)) & highest;
      if (found !== 0) {
        p += (31 - Math.clz32(found & -found)) >> 3;
        break;
      }
    }
    while (p < e && b[p] !== space && b[p] !== quote) p++;
    if (p >= e) return e;
    const c = b[p];
    if (c === space) return p;
    if (c === quote) {
      for (p++; p < e && b[p] !== quote; p++) if (b[p] === backslash) p++;
      if (p >= e) return e;
    }
    p++;
  }
}

/** The whole number at `p`, or -1 where there is none. */
function numberAt(b: Uint8Array, p: number, e: number): number {
  let n = 0,
    q = p;
  for (; q < e && b[q] >= 48 && b[q] <= 57 && q - p < 15; q++) n = n * 10 + b[q] - 48;
  return q === p ? -1 : n;
}

/** Splits `TLS1.3:TLS_AES_256_GCM_SHA384:256*` (version, cipher suite, bits; a star for a resumed session) and gives the ends of its first two parts. */
export function tlsParts(b: Uint8Array, s: number, e: number): { version: number; cipher: number } {
  let first = s;
  while (first < e && b[first] !== colon) first++;
  let last = b[e - 1] === star ? e - 1 : e;
  while (last > first && b[last] !== colon) last--;
  return { version: first, cipher: last > first ? last : e };
}
