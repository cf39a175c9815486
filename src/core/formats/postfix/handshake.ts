import { TlsCode, type WordId } from '../../model';
import type { CubeBuilder } from '../../cube/cubebuilder';
import { Piece, find, four, fourAt, startsWith } from '../../text/ascii';
import { besideSuite } from '../../text/keyexchange';
import { tlsVersion } from '../../text/tls';
import { decode } from '../../text/words';

/** Most ways of writing version, cipher and key exchange that are remembered, and their greatest length. */
const mostProtocols = 32;
const mostBytes = 128;

const TLS = four('TLS '),
  from = four('from'),
  to = four('to  ') & 0xffffff;

/**
 * The line of a TLS handshake, as `smtpd_tls_loglevel` and `smtp_tls_loglevel` from 1 on have it logged:
 * `Anonymous TLS connection established from PEER: TLSv1.3 with cipher NAME (256/256 bits) key-exchange NAME …`; also
 * Trusted, Untrusted, Verified,
 * `reused`, without that first word in old versions, and `from PEER to NAME` where the client asked for a server name.
 */
export class HandshakeLine {
  /** The other end; of a client without its port. */
  peerStart = 0;
  peerEnd = 0;
  tls: TlsCode = TlsCode.tls;
  /** Whether all of it could be read; else nothing but that there was TLS. */
  whole = false;
  /** Where the text behind version, cipher and key exchange begins. */
  restStart = 0;
  /** The cipher suite, with the key exchange where the line names it (see `besideSuite`). */
  cipher: WordId = 0;
  /**
   * How version, cipher and key exchange were written in the line that was read last, where that is remembered, and
   * where it stands.
   */
  way: Protocol | undefined;
  wayStart = 0;
  /** The few ways in which a log writes version, cipher and key exchange, the commonest ones first. */
  private readonly protocols: Protocol[] = [];

  constructor(private readonly words: CubeBuilder) {}

  /** Whether a client's (`inbound`) or our own handshake stands in `b[p, e)`; then it is read. */
  read(b: Uint8Array, v: DataView, p: number, e: number, inbound: boolean): boolean {
    p = peerOfHandshake(b, p, e);
    if (p < 0 || p >= e || (inbound ? fourAt(b, p) !== from : (fourAt(b, p) & 0xffffff) !== to)) return false;
    p = Math.min(p + (inbound ? 5 : 3), e);
    this.peerStart = p;
    this.whole = false;
    p = this.peerEnd = inbound ? peerEnd(v, p, e) : relayEnd(b, v, p, e);
    p = protocolStart(b, v, inbound ? portEnd(b, p, e) : p, e);
    if (p < 0) {
      this.tls = TlsCode.tls;
      this.cipher = 0;
    } else this.whole = this.knownProtocol(b, v, p, e) || this.protocol(b, v, p, e);
    return true;
  }

  private knownProtocol(b: Uint8Array, v: DataView, s: number, e: number): boolean {
    const { protocols } = this;
    for (let i = 0; i < protocols.length; i++) {
      const known = protocols[i],
        end = s + known.text.length;
      // Where the line goes on with a key exchange or with what is told of it, another way begins with the same words;
      // the kernel knows them by the same rule.
      if (end > e || !known.text.at(v, s) || (end < e && (b[end] !== 32 || b[end + 1] === 40 || b[end + 1] === 107)))
        continue;
      this.tls = known.tls;
      this.cipher = known.cipher;
      this.way = known;
      this.wayStart = s;
      this.restStart = end;
      if (i > 0) {
        protocols[i] = protocols[i - 1];
        protocols[i - 1] = known;
      }
      return true;
    }
    return false;
  }

  /**
   * `TLSv1.3 with cipher NAME (256/256 bits) key-exchange NAME`, the latter with its curve or its bits in brackets,
   * from Postfix 3.4 on and in TLS 1.3.
   */
  private protocol(b: Uint8Array, v: DataView, s: number, e: number): boolean {
    const versionEnd = find(v, s, e, 32);
    let end = versionEnd,
      cipher = end,
      cipherEnd = end;
    if (startsWith(b, end, ' with cipher ')) {
      cipher = end + 13;
      cipherEnd = find(v, cipher, e, 32);
      end = bracketsEnd(b, cipherEnd, e);
    }
    this.tls = TlsCode.tls;
    this.cipher = 0;
    if (!bits.test(decode(b.subarray(cipherEnd, Math.min(end, cipherEnd + 32))))) return false;
    this.tls = tlsVersion(decode(b.subarray(s, versionEnd))) ?? TlsCode.tls;
    if (cipher < cipherEnd && end < e && startsWith(b, end, besideSuite)) {
      const exchange = end + besideSuite.length;
      end = bracketsEnd(b, find(v, exchange, e, 32), e);
      this.cipher = this.words.ciphers.internText(
        decode(b.subarray(cipher, cipherEnd)) + besideSuite + decode(b.subarray(exchange, end)),
      );
    } else {
      this.cipher = this.words.ciphers.intern(b, cipher, cipherEnd);
    }
    if (cipher >= cipherEnd || (end < e && b[end] !== 32)) return false;
    this.restStart = end;
    if (end - s >= mostBytes || this.protocols.length >= mostProtocols) return true;
    this.protocols.push((this.way = { text: new Piece(v, s, end), tls: this.tls, cipher: this.cipher }));
    this.wayStart = s;
    return true;
  }
}

/** ` (256/256 bits)`, behind the cipher suite. */
const bits = /^ \(\d+\/\d+ bits\)$/;

/** Behind the colon after a peer, or after the name that a client asked for, ` to NAME`; -1 where none follows. */
function protocolStart(b: Uint8Array, v: DataView, p: number, e: number): number {
  if (startsWith(b, p, ' to ')) p = Math.max(p, find(v, p + 4, e, 32) - 1);
  return p + 2 < e && b[p] === 58 && b[p + 1] === 32 ? p + 2 : -1;
}

/** The end of ` (…)` behind a name, or the end of the name where nothing stands in brackets. */
function bracketsEnd(b: Uint8Array, p: number, e: number): number {
  if (b[p] !== 32 || b[p + 1] !== 40) return p;
  for (let end = p + 2; end < e; end++) if (b[end] === 41) return end + 1;
  return p;
}

export interface Protocol {
  text: Piece;
  tls: TlsCode;
  cipher: WordId;
}

/** The end of `HOST[IP]`. */
export function peerEnd(v: DataView, p: number, e: number): number {
  const close = find(v, p, e, 93);
  return close < e ? close + 1 : find(v, p, e, 32);
}

/** The end of `HOST[IP]`, with `:PORT` where `smtpd_client_port_logging` has it logged; -1 where it is none. */
export function clientEnd(b: Uint8Array, v: DataView, p: number, e: number): number {
  const open = find(v, p, e, 91),
    close = find(v, open, e, 93);
  if (open === p || close >= e || find(v, p, close, 32) < close) return -1;
  return relayEnd(b, v, p, e);
}

/** Behind `:PORT`, where one stands at `p`. */
function portEnd(b: Uint8Array, p: number, e: number): number {
  if (b[p] === 58 && b[p + 1] !== 32) for (p++; p < e && b[p] >= 48 && b[p] <= 57; p++);
  return p;
}

/** The end of `HOST[IP]:PORT`. */
export function relayEnd(b: Uint8Array, v: DataView, p: number, e: number): number {
  return portEnd(b, peerEnd(v, p, e), e);
}

/** Where `from` or `to` and the peer stand in the line of a handshake; -1 where it is none. */
function peerOfHandshake(b: Uint8Array, p: number, e: number): number {
  const c = b[p];
  // The length of Anonymous and Untrusted, Trusted, Verified; of none where the line begins with "TLS".
  if (!(c === 84 && b[p + 1] === 76)) p += c === 84 ? 8 : c === 86 ? 9 : 10;
  // Behind a line that breaks off stands what is left of others.
  if (p + 15 >= e || fourAt(b, p) !== TLS || b[p + 4] !== 99 || b[p + 14] !== 32) return -1;
  p += 15;
  return p + (b[p] === 101 ? 12 : 7);
}
