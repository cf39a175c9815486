import { FaultCode, ForcedCode, OutcomeCode, TlsCode } from '../../model';
import { find, startsWith, wideHashOf } from '../../text/ascii';

/** What may be said of a delivery, up to the bracket in front of the response. */
const statuses: [string, OutcomeCode | undefined][] = [
  ['status=sent (', OutcomeCode.accepted],
  ['status=deferred (', OutcomeCode.deferred],
  ['status=SOFTBOUNCE (', OutcomeCode.deferred],
  ['status=bounced (', OutcomeCode.bounced],
  ['status=expired (', OutcomeCode.bounced],
  ['status=undeliverable (', OutcomeCode.bounced],
  ['status=deliverable (', undefined],
];

/**
 * A delivery line of smtp, lmtp, local, virtual or pipe behind its queue id:
 * `to=<a@b>, [orig_to=<c@d>, ]relay=HOST[IP]:PORT, [conn_use=N, ]delay=1, delays=a/b/c/d, [tls=FEATURE, ]dsn=2.0.0,
 * status=sent (response)`.
 */
export class DeliveryLine {
  relayStart = 0;
  relayEnd = 0;
  /** What became of it; undefined for address probes that found a deliverable address, which move no mail. */
  outcome: OutcomeCode | undefined;
  /** What the `tls=` field of Postfix 3.11 says, else `absent`; `tls` where it says that TLS was used. */
  tls: TlsCode = TlsCode.absent;
  forced = ForcedCode.unknown;
  fault = FaultCode.none;
  /** Hash and length of status and response, equal for the recipients of one hand-over. */
  response = 0;
  responseLength = 0;
  /**
   * Hash of what stands between relay and status, equal for the recipients of one hand-over: when and how it was made.
   */
  attempt = 0;
  /** The response breaks off. */
  cut = false;
  private delaysStart = 0;

  /**
   * A delivery that was read elsewhere: accepted, with nothing said of TLS. @param delays where the parts of `delays=`
   * begin, or 0.
   */
  accepted(response: number, responseLength: number, attempt: number, delays: number): void {
    this.outcome = OutcomeCode.accepted;
    this.tls = TlsCode.absent;
    this.forced = ForcedCode.unknown;
    this.fault = FaultCode.none;
    this.response = response;
    this.responseLength = responseLength;
    this.attempt = attempt;
    this.delaysStart = delays;
    this.cut = false;
  }

  /** Reads `b[p, e)`, which begins with `to=`; false where it is not a whole delivery line. */
  read(b: Uint8Array, v: DataView, p: number, e: number): boolean {
    this.tls = TlsCode.absent;
    this.forced = ForcedCode.unknown;
    this.fault = FaultCode.none;
    this.delaysStart = 0;
    p = this.recipients(b, v, p + 3, e);
    if (p < 0) return false;
    this.relayStart = p;
    p = find(v, p, e, 44);
    this.relayEnd = p;
    // Fields begin behind ", ": conn_use=, delay=, delays=, tls=, dsn=, status=.
    for (; p < e && b[p] === 44 && b[p + 1] === 32;) {
      p += 2;
      if (b[p] === 115) return this.status(b, v, p, e);
      p = this.field(b, p, e);
    }
    return false;
  }

  /** The end of a field that stands before the status; the line's end where it is none. */
  private field(b: Uint8Array, p: number, e: number): number {
    if (startsWith(b, p, 'tls=')) {
      this.feature(b, p + 4, e);
      while (p < e && b[p] !== 44) p++;
      return p;
    }
    const start = this.valueStart(b, p);
    if (start === 0) return e;
    p = start;
    // Digits, dots and slashes.
    while (p < e && b[p] >= 46 && b[p] <= 57) p++;
    return p;
  }

  /** Where the value of a field with numbers begins; 0 for other fields. Keeps that of `delays=`. */
  private valueStart(b: Uint8Array, p: number): number {
    switch (b[p]) {
      case 100:
        if (startsWith(b, p, 'delay=')) return p + 6;
        if (startsWith(b, p, 'delays=')) return (this.delaysStart = p + 7);
        return startsWith(b, p, 'dsn=') ? p + 4 : 0;
      case 99:
        return startsWith(b, p, 'conn_use=') ? p + 9 : 0;
      default:
        return 0;
    }
  }

  /**
   * Seconds since the connection to the relay was begun: the last two parts of `delays=` (connection set-up with DNS,
   * EHLO and TLS; transmission).
   */
  connected(b: Uint8Array): number {
    let p = this.delaysStart,
      part = 0,
      value = 0,
      scale = 1,
      sum = 0;
    if (p === 0) return NaN;
    for (; part < 4; p++) {
      const c = b[p];
      if (c >= 48 && c <= 57) {
        if (scale === 1) value = value * 10 + c - 48;
        else {
          value += (c - 48) * scale;
          scale /= 10;
        }
      } else if (c === 46) scale = 0.1;
      else {
        if (part >= 2) sum += value;
        part++;
        value = 0;
        scale = 1;
        if (c !== 47) break;
      }
    }
    return sum;
  }

  /**
   * The position behind `relay=`, or -1. A recipient is a stranger's text: Postfix quotes a local part with special
   * characters,
   * so that what stands in quotes is skipped, and an address without quotes holds no comma behind its `>`.
   */
  private recipients(b: Uint8Array, v: DataView, p: number, e: number): number {
    p = addressEnd(b, v, p, e);
    if (b[p] === 44 && b[p + 2] === 111) p = addressEnd(b, v, p + 10, e);
    if (isRelay(b, p)) return p + 8;
    for (; p < e; p++) if (b[p] === 44 && isRelay(b, p)) return p + 8;
    return -1;
  }

  private status(b: Uint8Array, v: DataView, p: number, e: number): boolean {
    const status = statuses.find(([words]) => startsWith(b, p, words));
    if (status === undefined) return false;
    this.outcome = status[1];
    this.cut = b[e - 1] !== 41;
    this.attempt = wideHashOf(v, this.relayEnd, p);
    this.response = wideHashOf(v, p + 7, e);
    this.responseLength = e - p;
    if (this.outcome !== OutcomeCode.accepted) this.reason(b, p + 7, e);
    return true;
  }

  /**
   * Why it was not delivered, where the reason is a demand for TLS of this system. What the other side said begins with
   * "host".
   */
  private reason(b: Uint8Array, p: number, e: number): void {
    while (p < e && b[p] !== 40) p++;
    p++;
    if (b[p] === 100 && startsWith(b, p, 'delivery temporarily suspended: ')) p += 32;
    if (
      (b[p] === 84 && startsWith(b, p, 'TLS is required')) ||
      (b[p] === 83 && startsWith(b, p, 'Server certificate not '))
    ) {
      this.fault = FaultCode.requiredTlsNotMet;
      this.forced = ForcedCode.yes;
    }
  }

  /**
   * `tls=LEVEL[:ACTUAL]` with `/requiretls`, `?` (not decided) or `!` (violated, the connection was not used),
   * https://www.postfix.org/postconf.5.html#smtp_log_tls_feature_status.
   */
  private feature(b: Uint8Array, p: number, e: number): void {
    let text = '';
    for (; p < e && b[p] !== 44 && text.length < 64; p++) text += String.fromCharCode(b[p]);
    if (text.includes('!')) this.fault = FaultCode.requiredTlsNotMet;
    const [own] = text.split('/');
    const [level, actual] = own.replace(/[!?]/g, '').split(':');
    if (/^(?:encrypt|fingerprint|verify|secure|dane-only)$/.test(level)) this.forced = ForcedCode.yes;
    else if (level === 'may' || level === 'none') this.forced = ForcedCode.no;
    if (/^[^!?]+$/.test(own)) this.tls = (actual ?? level) === 'none' ? TlsCode.none : TlsCode.tls;
  }
}

/** The position behind an address in angle brackets. */
function addressEnd(b: Uint8Array, v: DataView, p: number, e: number): number {
  if (b[p] !== 60) return p;
  p++;
  if (b[p] === 34) {
    for (p++; p < e && b[p] !== 34; p++) if (b[p] === 92) p++;
  }
  return find(v, p, e, 62) + 1;
}

/** Whether `, relay=` stands at `p`. */
function isRelay(b: Uint8Array, p: number): boolean {
  return (
    b[p] === 44 &&
    b[p + 2] === 114 &&
    b[p + 3] === 101 &&
    b[p + 4] === 108 &&
    b[p + 5] === 97 &&
    b[p + 6] === 121 &&
    b[p + 7] === 61
  );
}
