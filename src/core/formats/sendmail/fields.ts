import { four, fourAt } from '../../text/ascii';

const space = 32,
  comma = 44,
  equals = 61,
  quote = 34,
  backslash = 92,
  less = 60,
  greater = 62,
  open = 91,
  close = 93;

/** The first letters of the keys that matter; the sign behind them makes each one unique. */
const keys = {
  xdelay: four('xdel'),
  mailer: four('mail'),
  relay: four('rela'),
  stat: four('stat'),
  size: four('size'),
  nrcpts: four('nrcp'),
  msgid: four('msgi'),
  proto: four('prot'),
  daemon: four('daem'),
  version: four('vers'),
  tlsVersion: four('tls_'),
  cipher: four('ciph'),
  dsn: four('dsn='),
} as const;

/** Where the fields `key=value, key=value` of a line stand; a start of 0 means that the field is not there. */
export class SendmailFields {
  xdelayStart = 0;
  xdelayEnd = 0;
  mailerStart = 0;
  mailerEnd = 0;
  relayStart = 0;
  relayEnd = 0;
  statStart = 0;
  statEnd = 0;
  sizeStart = 0;
  sizeEnd = 0;
  recipientsStart = 0;
  recipientsEnd = 0;
  protocolStart = 0;
  protocolEnd = 0;
  daemonStart = 0;
  daemonEnd = 0;
  versionStart = 0;
  versionEnd = 0;
  cipherStart = 0;
  cipherEnd = 0;
  /** First digit of `dsn=` (RFC 3463), or 0. */
  dsn = 0;
  messageId = false;
  /** Recipients that `to=` lists. */
  listed = 0;
  /** The list of recipients goes on in the next line. */
  more = false;

  /** Reads `b[p, e)`, behind `to=`. What the other server says comes last and is not looked into. */
  delivery(b: Uint8Array, p: number, e: number): void {
    this.reset();
    p = this.list(b, p, e);
    while (p < e) {
      if (b[p] === open && b[p + 1] === 109) this.more = true;
      const end = valueEnd(b, p, e);
      if (this.take(b, p, end, true)) {
        this.statEnd = e;
        return;
      }
      p = end + 2;
    }
  }

  /** Reads `b[p, e)`, behind `from=`. The message id, which a stranger writes, stands before the fields that follow it, so the last of each counts. */
  arrival(b: Uint8Array, p: number, e: number): void {
    this.reset();
    for (p = valueEnd(b, p, e) + 2; p < e;) {
      const end = valueEnd(b, p, e);
      this.take(b, p, end, false);
      p = end + 2;
    }
  }

  /** Reads `b[p, e)`, behind `STARTTLS=client, `. */
  handshake(b: Uint8Array, p: number, e: number): void {
    this.reset();
    while (p < e) {
      const end = valueEnd(b, p, e);
      this.take(b, p, end, true);
      p = end + 2;
    }
  }

  /** Notes one field. Returns whether it was `stat=`, the last one of a delivery. */
  private take(b: Uint8Array, p: number, e: number, first: boolean): boolean {
    let v = p + 3;
    while (v < e && b[v] !== equals) v++;
    if (v >= e) return false;
    v++;
    switch (fourAt(b, p)) {
      case keys.relay:
        if (!first || this.relayStart === 0) {
          this.relayStart = v;
          this.relayEnd = e;
        }
        break;
      case keys.mailer:
        if (!first || this.mailerStart === 0) {
          this.mailerStart = v;
          this.mailerEnd = e;
        }
        break;
      case keys.xdelay:
        if (!first || this.xdelayStart === 0) {
          this.xdelayStart = v;
          this.xdelayEnd = e;
        }
        break;
      // What stands before the message id can't be a stranger's.
      case keys.size:
        if (this.sizeStart === 0) {
          this.sizeStart = v;
          this.sizeEnd = e;
        }
        break;
      case keys.nrcpts:
        if (this.recipientsStart === 0) {
          this.recipientsStart = v;
          this.recipientsEnd = e;
        }
        break;
      case keys.msgid:
        this.messageId = true;
        break;
      case keys.proto:
        this.protocolStart = v;
        this.protocolEnd = e;
        break;
      case keys.daemon:
        this.daemonStart = v;
        this.daemonEnd = e;
        break;
      case keys.version:
        if (!first || this.versionStart === 0) {
          this.versionStart = v;
          this.versionEnd = e;
        }
        break;
      case keys.tlsVersion:
        if (b[p + 5] === 101 && b[p + 6] === 114 && b[p + 7] === 115) {
          this.versionStart = v;
          this.versionEnd = e;
        }
        break;
      case keys.cipher:
        if (!first || this.cipherStart === 0) {
          this.cipherStart = v;
          this.cipherEnd = e;
        }
        break;
      case keys.dsn:
        this.dsn = b[v] - 48;
        break;
      case keys.stat:
        this.statStart = v;
        return first;
      default:
    }
    return false;
  }

  /** Counts the recipients of `to=`: commas without a space behind them, outside of quotes and angle brackets, part them. */
  private list(b: Uint8Array, p: number, e: number): number {
    for (let s = p; s < e;) {
      const q = itemEnd(b, s, e);
      if (q > s) this.listed++;
      if (q >= e) return e;
      if (b[q + 1] === space) return q + 2;
      s = q + 1;
    }
    return e;
  }

  private reset(): void {
    this.xdelayStart =
      this.xdelayEnd =
      this.mailerStart =
      this.mailerEnd =
      this.relayStart =
      this.relayEnd =
      this.statStart =
      this.statEnd =
        0;
    this.sizeStart =
      this.sizeEnd =
      this.recipientsStart =
      this.recipientsEnd =
      this.protocolStart =
      this.protocolEnd =
        0;
    this.daemonStart = this.daemonEnd = this.versionStart = this.versionEnd = this.cipherStart = this.cipherEnd = 0;
    this.dsn = this.listed = 0;
    this.messageId = this.more = false;
  }
}

/** The end of the value at `p`: a comma and a space behind it, outside of quotes and angle brackets, or the line's end. */
function valueEnd(b: Uint8Array, p: number, e: number): number {
  for (let q = p; ;) {
    const end = itemEnd(b, q, e);
    if (end >= e || b[end + 1] === space) return end;
    q = end + 1;
  }
}

/** The next comma at or behind `p` outside of quotes and angle brackets, or the line's end. What is opened and never closed means nothing. */
function itemEnd(b: Uint8Array, p: number, e: number): number {
  for (; p < e; p++) {
    const c = b[p];
    if (c === comma) return p;
    if (c === quote || c === less) {
      const end = closing(b, p, e, c === quote ? quote : greater);
      if (end > 0) p = end;
    }
  }
  return e;
}

function closing(b: Uint8Array, p: number, e: number, mark: number): number {
  for (let q = p + 1; q < e; q++) {
    const c = b[q];
    if (c === mark) return q;
    if (c === backslash) q++;
    else if (c === quote) {
      const end = closing(b, q, e, quote);
      if (end > 0) q = end;
    }
  }
  return 0;
}

/** The host in a `relay=`: `name. [address]`, `name [address] (may be forged)`, `[address]`, or a name alone. */
export class SendmailRelay {
  nameStart = 0;
  nameEnd = 0;
  addressStart = 0;
  addressEnd = 0;

  read(b: Uint8Array, s: number, e: number): void {
    this.nameStart = s;
    this.addressStart = this.addressEnd = 0;
    let p = s;
    while (p < e && b[p] !== space) p++;
    this.nameEnd = p;
    // The address is the last thing in brackets; a name in brackets is an address too.
    let q = e;
    while (q > s && b[q - 1] !== close) q--;
    if (q > s) {
      let o = q - 1;
      while (o >= s && b[o] !== open) o--;
      if (o >= s) {
        this.addressStart = o + 1;
        this.addressEnd = q - 1;
      }
    }
    if (b[this.nameStart] === open) {
      this.nameStart = this.nameEnd = s;
    } else if (this.nameEnd > this.nameStart && b[this.nameEnd - 1] === 46) this.nameEnd--;
    if (this.addressStart > 0 && b[this.addressStart] === 73 && b[this.addressStart + 4] === 58) this.addressStart += 5;
  }
}

/** `00:00:05` or `2+00:00:05` (days) in milliseconds; 0 for anything else. */
export function duration(b: Uint8Array, s: number, e: number): number {
  let total = 0,
    n = 0;
  for (let p = s; p < e; p++) {
    const c = b[p];
    if (c >= 48 && c <= 57) n = n * 10 + c - 48;
    else if (c === 43) {
      total = n * 24;
      n = 0;
    } else if (c === 58) {
      total = (total + n) * 60;
      n = 0;
    } else return 0;
  }
  return (total + n) * 1000;
}

/** The whole number `b[s, e)`, or -1. */
export function wholeNumber(b: Uint8Array, s: number, e: number): number {
  if (s >= e || e - s > 15) return -1;
  let n = 0;
  for (let p = s; p < e; p++) {
    if (b[p] < 48 || b[p] > 57) return -1;
    n = n * 10 + b[p] - 48;
  }
  return n;
}
