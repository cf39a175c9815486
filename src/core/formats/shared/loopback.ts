import { Addresses, addressOf, type Address } from '../../text/address';

const localhost = [108, 111, 99, 97, 108, 104, 111, 115, 116];
const dot = 46;
/** The addresses that a machine always has. */
const own = ['127.0.0.1', '::1'];
/** How addresses of the machine itself begin, in any spelling. */
const beginning = /^\[?(?:IPv6:)?(?:127\.|[:0])/i;

/**
 * Tells which hosts are the machine itself, over which content filters and local programs hand over mail: 127.0.0.1 and
 * ::1 always; the rest of 127.0.0.0/8 where it stands in place of a name or is called localhost, since a host may give
 * names of its own to those addresses and treat them as others.
 */
export class LoopbackHosts {
  private readonly addresses = new Addresses();

  /**
   * Whether the host with the address in `b[start, end)` and the name in `b[nameStart, nameEnd)`, which may be empty,
   * is one.
   */
  has(b: Uint8Array, start: number, end: number, nameStart: number, nameEnd: number): boolean {
    const address = this.addresses.loopback(b, start, end);
    return address !== undefined && (own.includes(address.text) || this.isUnnamed(address, b, nameStart, nameEnd));
  }

  private isUnnamed(address: Address, b: Uint8Array, s: number, e: number): boolean {
    if (s >= e || this.addresses.loopback(b, s, e)?.text === address.text) return true;
    return localhost.every((c, i) => (b[s + i] | 32) === c) && (e - s === 9 || (e - s > 9 && b[s + 9] === dot));
  }
}

/** Whether an address of which no host name is logged is one of the machine itself. */
export function isLoopback(text: string): boolean {
  return beginning.test(text) && addressOf(text)?.loopback === true;
}
