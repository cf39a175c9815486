import {
  FaultCode,
  ForcedCode,
  TlsCode,
  TypeCode,
  UnitCode,
  type DirectionCode,
  type Milliseconds,
  type OutcomeCode,
  type PlaceCode,
  type WordId,
} from '../../model';
import type { Sink } from '../../reading/sink';
import { plausible } from '../../text/coveredtime';
import { numberOf } from '../../text/json';
import { tlsVersion, withSuite } from '../../text/tls';
import type { Words } from '../../text/words';

/**
 * One hop of mail as the record of a gateway or a cloud service states it: in text, and what it does not state left
 * out.
 */
export interface Hop {
  direction: DirectionCode;
  outcome: OutcomeCode;
  tls: TlsCode;
  time: Milliseconds;
  line: number;
  /** The file of `line`, where that is not the current one. */
  file?: number;
  /** See `MailEvent.tlsAt`. Default 0. */
  tlsAt?: PlaceCode;
  unit?: UnitCode;
  /** Default 1. */
  count?: number;
  /** Default 1. */
  recipients?: number;
  bytes?: number;
  connector?: string;
  cipher?: string;
  /** The mail server that states it. Default: the host of the box around the line. */
  server?: string;
  /** The host at the other end, else its address. */
  host?: string;
  address?: string;
  fault?: FaultCode;
  forced?: ForcedCode;
  /** With `TlsCode.absent`. */
  evidence?: WordId;
}

/**
 * The longest name that is kept in full (RFC 1035 allows 255 octets for a host; connectors are shorter in every
 * product).
 */
const longestName = 512;
/** Spellings of TLS versions that are remembered; a log has a handful. */
const mostSpellings = 256;

/** Turns hops in text into events. */
export class Hops {
  private readonly spellings = new Map<string, TlsCode>();

  constructor(private readonly sink: Sink) {}

  add(hop: Hop): void {
    const { connectors, ciphers, remotes, addresses } = this.sink.words;
    const bytes = hop.bytes ?? 0;
    this.sink.add(
      {
        unit: hop.unit ?? UnitCode.message,
        direction: hop.direction,
        outcome: hop.outcome,
        tls: withSuite(hop.tls, hop.cipher ?? ''),
        fault: hop.fault ?? FaultCode.none,
        forced: hop.forced ?? ForcedCode.unknown,
        type: TypeCode.unknown,
        connector: wordOf(connectors, hop.connector),
        cipher: wordOf(ciphers, hop.cipher),
        server: this.server(hop),
        remote: wordOf(remotes, hostName(hop.host || hop.address || '')),
        address: wordOf(addresses, hostName(hop.address ?? '')),
        evidence: hop.evidence ?? 0,
        time: hop.time,
        count: hop.count ?? 1,
        recipients: hop.recipients ?? 1,
        bytes: bytes > 0 && bytes < Number.MAX_SAFE_INTEGER ? Math.floor(bytes) : 0,
        line: hop.line,
        tlsAt: hop.tlsAt ?? 0,
      },
      hop.file,
    );
  }

  private server({ server }: Hop): WordId {
    return this.sink.words.servers.id(server || this.sink.host);
  }

  /** The time that a field states in one of the forms of `TimeReader.any`; NaN where it states none. */
  time(text: string): Milliseconds {
    return this.sink.time.any(new TextEncoder().encode(text), 0);
  }

  /** The TLS version that a field names, `missing` where it is empty, unknown where it names none that is known. */
  tls(text: string, missing: TlsCode): TlsCode {
    if (text === '') return missing;
    let code = this.spellings.get(text);
    if (code === undefined) {
      code = tlsVersion(text.slice(0, longestName)) ?? TlsCode.unknown;
      if (this.spellings.size < mostSpellings) this.spellings.set(text, code);
    }
    return code;
  }
}

/** The id of a name, as much of it as is kept; of no name 0. */
function wordOf(words: Words, name = ''): WordId {
  return words.internText(name.slice(0, longestName));
}

/** A host name or address without final dot, square brackets and the tag of IPv6 literals (RFC 5321, 4.1.3). */
export function hostName(text: string): string {
  const bare = text
    .trim()
    .slice(0, longestName)
    .replace(/^\[/, '')
    .replace(/\]$/, '')
    .replace(/^IPv6:/i, '');
  return bare.endsWith('.') ? bare.slice(0, -1) : bare;
}

/** A time given as a number since 1970, or as its digits, in units of so many milliseconds; NaN where it can't be one. */
export function sinceEpoch(value: unknown, unit: number): Milliseconds {
  return plausible(Math.floor(numberOf(value) * unit));
}
