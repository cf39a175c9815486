const space = 32,
  comma = 44,
  equals = 61,
  quote = 34,
  less = 60,
  greater = 62,
  open = 91,
  close = 93,
  colon = 58,
  paren = 40;

/**
 * Finds the fields `key=value` of an entry. Spaces part them, in 5.x commas and spaces; values may stand in quotes or angle brackets.
 * OpenSMTPD takes no addresses with quotes or spaces, so what strangers write can't look like a field.
 */
export class OpensmtpdFields {
  start = 0;
  end = 0;

  /** Finds the value of `key` in `b[p, e)`, without quotes or angle brackets. */
  find(b: Uint8Array, p: number, e: number, key: string): boolean {
    while (p < e) {
      let q = p;
      while (q < e && b[q] !== equals && b[q] !== space) q++;
      if (b[q] !== equals) {
        p = q + 1;
        continue;
      }
      const found = q - p === key.length && same(b, p, key);
      q++;
      const mark = b[q] === quote ? quote : b[q] === less ? greater : 0;
      let end: number;
      if (mark > 0) {
        // The answer of the other server comes last and may hold quotes itself.
        end = found && key === 'stat' ? e : q + 1;
        while (end < e && b[end] !== mark) end++;
        if (found) {
          this.start = q + 1;
          this.end = Math.min(end, e);
          return true;
        }
        end++;
      } else {
        end = q;
        while (end < e && b[end] !== space) end++;
        if (found) {
          this.start = q;
          this.end = b[end - 1] === comma ? end - 1 : end;
          return true;
        }
      }
      p = end;
      while (p < e && (b[p] === space || b[p] === comma)) p++;
    }
    return false;
  }

  number(b: Uint8Array): number {
    let n = 0;
    if (this.start >= this.end || this.end - this.start > 15) return -1;
    for (let i = this.start; i < this.end; i++) {
      if (b[i] < 48 || b[i] > 57) return -1;
      n = n * 10 + b[i] - 48;
    }
    return n;
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
    while (p < e && b[p] !== space) p++;
    this.nameStart = this.nameEnd = 0;
    this.addressStart = this.addressEnd = 0;
    if (p >= e || b[p + 1] !== paren) {
      this.name(b, s, e);
      return;
    }
    this.address(b, s, p);
    let q = p + 2;
    while (q < e && b[q] !== 41) q++;
    this.name(b, p + 2, q);
  }

  /** An address: `192.0.2.1`, `[2001:db8::1]` or `IPv6:2001:db8::1`. */
  address(b: Uint8Array, s: number, e: number): void {
    if (b[s] === open) {
      s++;
      if (b[e - 1] === close) e--;
    }
    if (b[s] === 73 && b[s + 4] === colon) s += 5;
    this.addressStart = s;
    this.addressEnd = e;
  }

  /** A name; `<unknown>` and the like are none. */
  name(b: Uint8Array, s: number, e: number): void {
    if (s < e && b[e - 1] === 46) e--;
    const known = s < e && b[s] !== less && b[s] !== paren && !(e - s === 7 && same(b, s, 'unknown'));
    this.nameStart = known ? s : 0;
    this.nameEnd = known ? e : 0;
  }
}

function same(b: Uint8Array, p: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (b[p + i] !== text.charCodeAt(i)) return false;
  return true;
}
