import ipaddr from 'ipaddr.js';
import type { WordId } from '../model';
import { decode, Words } from './words';

/** Ranges of an organisation's own networks: RFC 1918, 4193, 6598, 3927 and 4291, and the machine itself. */
const privateRanges = new Set<string>(['private', 'uniqueLocal', 'carrierGradeNat', 'linkLocal', 'loopback']);
/** Most spellings of which the address is remembered. */
const mostSpellings = 10_000;

/**
 * The address in one of the ways logs write it:
 *
 *     [  IPv6:  2001:db8::1  %eth0  ]  :25
 *        tag    address      zone      port
 *
 * All but the address may be missing. A port follows brackets or an IPv4 address, since IPv6 has colons of its own.
 */
const spelling = (() => {
  const tag = '(?:IPv6:)?',
    zone = String.raw`(?:%[\w.-]+)?`,
    port = String.raw`(?::\d+)?`;
  const bracketed = String.raw`\[${tag}([\da-f:.]+)${zone}\]${port}`;
  const withColons = String.raw`${tag}([\da-f:.]*:[\da-f:.]*:[\da-f:.]*)${zone}`;
  const ofDigits = String.raw`([\d.]+)${port}`;
  return new RegExp(`^(?:${bracketed}|${withColons}|${ofDigits})$`, 'i');
})();

/** An IP address. One of IPv4 that is written as IPv6 (`::ffff:192.0.2.1`, RFC 4291, 2.5.5.2) is one of IPv4. */
export class Address {
  /** In the shortest form (RFC 5952). */
  readonly text: string;
  /** Whether it is one of the machine itself: 127.0.0.0/8 or ::1. */
  readonly loopback: boolean;
  /** Whether it is of a network that only an organisation itself can reach. */
  readonly private: boolean;
  /** Whether the internet does not route it: private, for documentation, reserved (IANA special-purpose registries). */
  readonly special: boolean;

  constructor(private readonly parsed: ipaddr.IPv4 | ipaddr.IPv6) {
    const range = parsed.range();
    this.text = parsed.toString();
    this.loopback = range === 'loopback';
    this.private = privateRanges.has(range);
    this.special = range !== 'unicast';
  }

  /** The network of so many bits in which it lies, `192.0.0.0/16` or `2001:db8::/32`. */
  network(bits4: number, bits6: number): string {
    const bits = this.parsed.kind() === 'ipv4' ? bits4 : bits6;
    const bytes = this.parsed.toByteArray().map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, bits - i * 8))));
    return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`;
  }

  /** Whether it is the same address, or lies in the network of its first `bits` bits. */
  isIn(base: ipaddr.IPv4 | ipaddr.IPv6, bits: number): boolean {
    return this.parsed.kind() === base.kind() && this.parsed.match(base as never, bits as never);
  }
}

/** The address that a text is, in any of the ways logs write one; undefined where it is none. */
export function addressOf(text: string): Address | undefined {
  const parts = spelling.exec(text);
  const bare = parts?.[1] ?? parts?.[2] ?? parts?.[3];
  if (bare === undefined) return undefined;
  // Numbers such as 127.1 are no addresses in logs.
  const valid = bare.includes(':') ? ipaddr.IPv6.isValid(bare) : ipaddr.IPv4.isValidFourPartDecimal(bare);
  return valid ? new Address(ipaddr.process(bare)) : undefined;
}

/** A network `192.0.2.0/24` or a single address, for which is asked whether it holds others. */
export class Network {
  private constructor(
    private readonly base: ipaddr.IPv4 | ipaddr.IPv6,
    private readonly bits: number,
  ) {}

  /**
   * The network that a text is, undefined where it is none. Short forms are refused: `10/8` might mean 10.0.0.0 or
   * 0.0.0.10.
   */
  static of(text: string): Network | undefined {
    const cidr = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
    if (ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr)) return new Network(...ipaddr.IPv4.parseCIDR(cidr));
    if (!ipaddr.IPv6.isValidCIDR(cidr)) return undefined;
    const [base, bits] = ipaddr.IPv6.parseCIDR(cidr);
    return base.isIPv4MappedAddress() && bits >= 96
      ? new Network(base.toIPv4Address(), bits - 96)
      : new Network(base, bits);
  }

  has(address: Address): boolean {
    return address.isIn(this.base, this.bits);
  }

  /** Whether all of `other` lies in it. */
  holds(other: Network): boolean {
    return this.bits <= other.bits && new Address(other.base).isIn(this.base, this.bits);
  }
}

/** The addresses among the words of a list, each word parsed once. */
export class WordAddresses {
  private readonly known: (Address | null | undefined)[] = [];

  constructor(private readonly words: Words) {}

  /** The address that the word is, undefined where it is none. */
  of(id: WordId): Address | undefined {
    let address = this.known[id];
    if (address === undefined) this.known[id] = address = addressOf(this.words.text(id)) ?? null;
    return address ?? undefined;
  }
}

/** The addresses in the bytes of a log, each spelling parsed once. */
export class Addresses {
  private readonly words = new Words(mostSpellings);
  private readonly addresses = new WordAddresses(this.words);

  /** The address that `b[s, e)` is, undefined where it is none. */
  at(b: Uint8Array, s: number, e: number): Address | undefined {
    const id = this.words.intern(b, s, e);
    // Past the limit one word stands for all.
    return id === 1 ? addressOf(decode(b.subarray(s, e))) : this.addresses.of(id);
  }

  /** The address of the machine itself that `b[s, e)` is, undefined for all others. */
  loopback(b: Uint8Array, s: number, e: number): Address | undefined {
    if (s >= e || !mayBeLoopback(b, s)) return undefined;
    const address = this.at(b, s, e);
    return address?.loopback ? address : undefined;
  }
}

const colon = 58,
  zero = 48,
  open = 91;

/**
 * Whether an address at `p` begins as those of the machine itself do, in any spelling: rules out nearly all at a
 * glance.
 */
function mayBeLoopback(b: Uint8Array, p: number): boolean {
  if (b[p] === open) p++;
  if ((b[p] | 32) === 105 && b[p + 4] === colon) p += 5;
  const c = b[p];
  return c === colon || c === zero || (c === 49 && b[p + 1] === 50 && b[p + 2] === 55);
}
