import { Byte } from '../../text/ascii';

/** The host in a `relay=`: `name. [address]`, `name [address] (may be forged)`, `[address]`, or a name alone. */
export class SendmailRelay {
  nameStart = 0;
  nameEnd = 0;
  addressStart = 0;
  addressEnd = 0;
  /** The name has letters in it that no host's has. */
  strange = false;

  read(b: Uint8Array, s: number, e: number): void {
    this.address(b, s, e);
    this.nameStart = this.nameEnd = s;
    // A name in brackets is an address, which is read already.
    if (b[s] === Byte.openBracket) return;
    let p = s;
    this.strange = false;
    while (p < e && b[p] !== Byte.space) if (!isOfName(b[p++])) this.strange = true;
    this.nameEnd = p > s && b[p - 1] === Byte.dot ? p - 1 : p;
  }

  /** The address is the last thing in brackets, without the tag `IPv6:`. */
  private address(b: Uint8Array, s: number, e: number): void {
    this.addressStart = this.addressEnd = 0;
    let end = e;
    while (end > s && b[end - 1] !== Byte.closeBracket) end--;
    let start = end - 1;
    while (start >= s && b[start] !== Byte.openBracket) start--;
    if (end === s || start < s) return;
    this.addressStart = b[start + 1] === 73 && b[start + 5] === Byte.colon ? start + 6 : start + 1;
    this.addressEnd = end - 1;
  }
}

/** Letters, digits, `-._`, those of an address, and what an ident server adds (`user@host`); also bytes of other scripts. */
function isOfName(c: number): boolean {
  return (
    c >= 0x80 ||
    (c >= 48 && c <= 58) ||
    (c >= 64 && c <= 93 && c !== 92) ||
    (c >= 97 && c <= 122) ||
    c === 95 ||
    (c >= 45 && c <= 46)
  );
}
