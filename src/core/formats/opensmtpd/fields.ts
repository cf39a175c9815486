import { Byte, equals, startsWith } from '../../text/ascii';
import { wholeNumber } from '../../text/digits';

/**
 * Finds the fields `key=value` of an entry. Spaces part them, in 5.x commas and spaces; values may stand in quotes or
 * angle brackets. OpenSMTPD takes no addresses with quotes or spaces, so what strangers write can't look like a field.
 */
export class OpensmtpdFields {
  start = 0;
  end = 0;

  /** Finds the value of `key` in `b[p, e)`, without quotes or angle brackets. */
  find(b: Uint8Array, p: number, e: number, key: string): boolean {
    while (p < e) {
      let q = p;
      while (q < e && b[q] !== Byte.equals && b[q] !== Byte.space) q++;
      if (q >= e || b[q] === Byte.space) {
        p = q + 1;
        continue;
      }
      const end = this.value(b, q + 1, e, key === 'stat');
      if (equals(b, p, q, key)) return true;
      p = end;
      while (p < e && (b[p] === Byte.space || b[p] === Byte.comma)) p++;
    }
    return false;
  }

  number(b: Uint8Array): number {
    return wholeNumber(b, this.start, this.end);
  }

  /**
   * Notes the value at `p`. Returns where the next field can begin. `toEnd`: it may hold quotes itself, and comes last.
   */
  private value(b: Uint8Array, p: number, e: number, toEnd: boolean): number {
    const mark = b[p] === Byte.quote ? Byte.quote : b[p] === Byte.less ? Byte.greater : Byte.space;
    if (mark === Byte.space) {
      let end = p;
      while (end < e && b[end] !== mark) end++;
      this.start = p;
      this.end = b[end - 1] === Byte.comma ? end - 1 : end;
      return end;
    }
    let end = p + 1;
    while (end < e && b[end] !== mark) end++;
    this.start = p + 1;
    this.end = toEnd ? e : Math.min(end, e);
    return end + 1;
  }
}

/** A host with its address. */
export class Peer {
  nameStart = 0;
  nameEnd = 0;
  addressStart = 0;
  addressEnd = 0;

  /** `192.0.2.1 (host)` or a name alone, as `relay=` says it. */
  relay(b: Uint8Array, s: number, e: number): void {
    let p = s;
    while (p < e && b[p] !== Byte.space) p++;
    this.nameStart = this.nameEnd = 0;
    this.addressStart = this.addressEnd = 0;
    if (p >= e || b[p + 1] !== Byte.openParenthesis) {
      this.name(b, s, e);
      return;
    }
    this.address(b, s, p);
    let q = p + 2;
    while (q < e && b[q] !== Byte.closeParenthesis) q++;
    this.name(b, p + 2, q);
  }

  /** An address: `192.0.2.1`, `[2001:db8::1]` or `IPv6:2001:db8::1`. */
  address(b: Uint8Array, s: number, e: number): void {
    if (b[s] === Byte.openBracket) {
      s++;
      if (b[e - 1] === Byte.closeBracket) e--;
    }
    if (startsWith(b, s, 'IPv6:')) s += 5;
    this.addressStart = s;
    this.addressEnd = e;
  }

  /** A name; `<unknown>` and the like are none. */
  name(b: Uint8Array, s: number, e: number): void {
    if (s < e && b[e - 1] === Byte.dot) e--;
    const isKnown = s < e && b[s] !== Byte.less && b[s] !== Byte.openParenthesis && !equals(b, s, e, 'unknown');
    this.nameStart = isKnown ? s : 0;
    this.nameEnd = isKnown ? e : 0;
  }
}
