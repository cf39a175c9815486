import { Byte } from '../../text/ascii';
import { isDigit, numberAt } from '../../text/digits';
import { beginsWith } from '../../text/bytes';
import { decode } from '../../text/words';
import { isTime } from './nearmiss';
import { smtpIn } from './phrases';
import { wordEnd } from './wordend';

const namesOfFields = new Set(['X', 'C', 'CV', 'D', 'DN', 'Q', 'QT', 'DT', 'H', 'T', 'R', 'P', 'S', 'F', 'I', 'A']);
/** Longest name of a field that is looked at. */
const longestName = 4;

/**
 * Where the fields of a line that matter stand, after its flag (Exim specification, "Log files": `H= P= X= CV= T= S=`
 * and so on). A start of 0 means that the field is not there. Quoted text, which strangers write, is never looked into.
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
  /** A field can't be read, or another line begins in this one. */
  mangled = false;
  /** `U=`, the user of a local submission, is there. */
  local = false;
  /** `R=`, the router, is there. */
  routed = false;
  /** The connection was used before: a star stands behind the address. */
  continued = false;
  /** Where the text of an error begins; the line's end where there is none. */
  errorStart = 0;

  /** Reads `b[p, e)`, the part behind `<=` or `(=`. */
  arrival(b: Uint8Array, p: number, e: number): void {
    this.reset(e);
    // The sender is the first word; one in quotes may hold anything.
    for (p = wordEnd(b, p, e) + 1; p < e; p++) {
      if (this.size >= 0 && isFor(b, p)) {
        this.countRecipients(b, p + 4, e);
        return;
      }
      p = this.field(b, p, e);
    }
  }

  /**
   * Reads `b[p, e)`, the part behind the flag of a delivery. `failed`: the flag is `==` or `**`, and an error's text
   * may follow.
   */
  delivery(b: Uint8Array, p: number, e: number, failed: boolean): void {
    this.reset(e);
    this.recipientStart = p;
    p = this.recipientEnd = wordEnd(b, p, e);
    if (failed && b[p - 1] === Byte.colon) {
      this.recipientEnd--;
      this.errorStart = p;
      return;
    }
    for (p++; p < e; p++) {
      // The server's answer `C=` comes last; only queue and delivery times may follow.
      if (b[p] === 67 && b[p + 1] === Byte.equals) {
        this.afterAnswer(b, wordEnd(b, p, e), e);
        return;
      }
      p = this.isOriginal(b, p) ? this.original(b, p, e) : this.field(b, p, e);
      if (failed && b[p - 1] === Byte.colon) {
        this.errorAt(p);
        return;
      }
    }
  }

  /** Behind the server's answer: times of queue and delivery. */
  private afterAnswer(b: Uint8Array, p: number, e: number): void {
    if (p > e - 1) this.cut ||= b[e - 1] !== Byte.quote;
    for (p++; p < e; p = wordEnd(b, p, e) + 1) if (b[p + 2] !== Byte.equals) this.mangled = true;
  }

  private reset(e: number): void {
    this.nameStart = this.nameEnd = this.addressStart = this.addressEnd = this.protocolStart = this.protocolEnd = 0;
    this.tlsStart = this.tlsEnd = this.transportStart = this.transportEnd = this.recipientStart = this.recipientEnd = 0;
    this.verified = this.cut = this.mangled = this.local = this.routed = this.continued = false;
    this.size = -1;
    this.recipients = 0;
    this.errorStart = e;
  }

  /** Reads the field at `p`. Returns the end of its last word. */
  private field(b: Uint8Array, p: number, e: number): number {
    if (b[p + 1] === Byte.equals)
      switch (b[p]) {
        case 72: // H=
          return this.host(b, p + 2, e);
        case 80: // P=
          return this.protocol(b, p + 2, e);
        case 83: // S=
          if (this.size < 0) this.size = numberAt(b, p + 2, e);
          break;
        case 82: // R=
          this.routed = true;
          break;
        case 84: // T=
          return this.transport(b, p + 2, e);
        case 85: // U=
          this.local = true;
          break;
        case 88: // X=
          return this.tls(b, p + 2, e);
        default:
      }
    else return this.longerField(b, p, e);
    return wordEnd(b, p, e);
  }

  /** A field with a name of two letters or more, or a word that is none. */
  private longerField(b: Uint8Array, p: number, e: number): number {
    const end = wordEnd(b, p, e);
    if (b[p] === 67 && b[p + 1] === 86 && b[p + 2] === Byte.equals)
      this.verified = true; // CV=
    else if (isMangled(b, p, e) || (b[p] === Byte.less && b[end - 1] !== Byte.greater)) this.mangled = true;
    // The line ends in the name of a field.
    else if (end === e && end - p <= 2 && isNameOfField(b, p, end)) this.cut = true;
    return end;
  }

  private protocol(b: Uint8Array, p: number, e: number): number {
    const end = wordEnd(b, p, e);
    if (this.protocolStart > 0) return end;
    this.protocolStart = p;
    return (this.protocolEnd = end);
  }

  private transport(b: Uint8Array, p: number, e: number): number {
    const end = wordEnd(b, p, e);
    // The subject of an arrival, whose closing quote is missing: it has taken in what stood behind it.
    if (end === e && b[p] === Byte.quote && b[e - 1] !== Byte.quote) this.cut = true;
    if (this.transportStart > 0) return end;
    this.transportStart = p;
    return (this.transportEnd = end);
  }

  private tls(b: Uint8Array, p: number, e: number): number {
    const end = wordEnd(b, p, e);
    if (this.tlsStart > 0) return end;
    // Version, cipher suite and bits; a line that ends before the suite may end within the version.
    if (end === e && !b.subarray(p, end).includes(Byte.colon)) this.cut = true;
    this.tlsStart = p;
    return (this.tlsEnd = end);
  }

  /**
   * Whether `<address>` at `p` is the recipient as the sender wrote it: it stands before all that is about the
   * delivery.
   */
  private isOriginal(b: Uint8Array, p: number): boolean {
    return b[p] === Byte.less && this.transportStart === 0 && this.nameStart === 0;
  }

  private original(b: Uint8Array, p: number, e: number): number {
    const end = wordEnd(b, p, e);
    this.recipientStart = p + 1;
    this.recipientEnd = b[end - 1] === Byte.greater ? end - 1 : end;
    return end;
  }

  private countRecipients(b: Uint8Array, p: number, e: number): void {
    for (; p < e; p = wordEnd(b, p, e) + 1) {
      if (b[p] !== Byte.space) this.recipients++;
      if (isTime(b, p)) this.mangled = true;
    }
  }

  /** The text of an error begins behind the colon before `p`, which is no part of a field. */
  private errorAt(p: number): void {
    if (this.tlsEnd === p) this.tlsEnd--;
    if (this.transportEnd === p) this.transportEnd--;
    this.errorStart = p;
  }

  /**
   * `name (helo) [address]:port`, `(helo) [address]`, `name [address]` or `[address]`. Returns the end of its last
   * word.
   */
  private host(b: Uint8Array, p: number, e: number): number {
    if (this.addressStart > 0) return wordEnd(b, p, e);
    p = this.hostName(b, p, e);
    if (p >= e || b[p] !== Byte.openBracket) {
      this.cut = true;
      return Math.min(p, e);
    }
    let q = p + 1;
    while (q < e && b[q] !== Byte.closeBracket && b[q] !== Byte.space) q++;
    if (q >= e || b[q] !== Byte.closeBracket) {
      this.cut = true;
      return q;
    }
    this.addressStart = p + 1;
    this.addressEnd = q;
    const end = wordEnd(b, q, e);
    this.continued = b[end - 1] === Byte.star;
    return end;
  }

  /** What stands before a host's address. Returns where that begins. */
  private hostName(b: Uint8Array, p: number, e: number): number {
    this.nameStart = this.nameEnd = p;
    if (b[p] !== Byte.openParenthesis && b[p] !== Byte.openBracket) {
      p = this.nameEnd = wordEnd(b, p, e);
      p++;
    }
    if (b[p] === Byte.openParenthesis && p < e) p = this.helo(b, p, e);
    if (this.nameEnd > this.nameStart && b[this.nameEnd - 1] === Byte.dot) this.nameEnd--;
    return p;
  }

  /**
   * `(helo) `, the host's name where no other is known. A host may call itself anything, so the end is where an address
   * follows.
   */
  private helo(b: Uint8Array, p: number, e: number): number {
    let q = p + 1;
    while (q < e && !(b[q] === Byte.closeParenthesis && b[q + 1] === Byte.space && b[q + 2] === Byte.openBracket)) q++;
    // A literal address in place of a name says no more than the real address.
    if (this.nameEnd === this.nameStart && b[p + 1] !== Byte.openBracket) {
      this.nameStart = p + 1;
      this.nameEnd = q;
    }
    return q + 2;
  }
}

/** Whether `for ` stands here, behind which the recipients follow. */
function isFor(b: Uint8Array, p: number): boolean {
  return b[p] === 102 && b[p + 1] === 111 && b[p + 2] === 114 && b[p + 3] === Byte.space;
}

/** Whether an arrival says where it came from: over SMTP from a host (`H=`, `P=`), or from a user (`U=`). */
export function isWholeArrival(
  b: Uint8Array,
  { addressStart, protocolStart, protocolEnd, local }: EximFields,
): boolean {
  if (local || isLocal(b, protocolStart, protocolEnd)) return true;
  return addressStart > 0 && protocolStart > 0 && smtpIn(b, protocolStart, protocolEnd) >= 0;
}

/** Whether a delivery says what it was made by: router and transport; mail to `:blackhole:` has no transport. */
export function isWholeDelivery(b: Uint8Array, p: number, fields: EximFields): boolean {
  const { addressStart, tlsStart, transportStart, routed, verified, mangled } = fields;
  if (mangled || ((tlsStart > 0 || verified) && addressStart === 0)) return false;
  return b[p] === Byte.colon || (routed && transportStart > 0);
}

/** `local`, `local-smtp` and the like. */
function isLocal(b: Uint8Array, s: number, e: number): boolean {
  return s > 0 && beginsWith(b, s, e, 'local');
}

/**
 * Whether a word is no field as Exim writes one: an address without a field that it belongs to, something else than
 * letters and digits before `=`, or the time of another line.
 */
function isMangled(b: Uint8Array, p: number, e: number): boolean {
  if (b[p] === Byte.openBracket || isTime(b, p)) return true;
  for (let q = p; q < p + longestName && q < e && b[q] !== Byte.space; q++) {
    // `id*=` is the id of a message that Exim itself wrote.
    if (b[q] === Byte.equals)
      return (
        q === p || !isLetterOrDigit(b[p]) || !(isLetterOrDigit(b[q - 1]) || (b[q - 1] === Byte.star && q === p + 3))
      );
  }
  return false;
}

/** Whether a word is one of the names that stand before `=`; `K` and `L` stand alone. */
function isNameOfField(b: Uint8Array, p: number, e: number): boolean {
  return namesOfFields.has(decode(b.subarray(p, e)));
}

function isLetterOrDigit(c: number): boolean {
  return isDigit(c) || ((c | 32) >= 97 && (c | 32) <= 122);
}
