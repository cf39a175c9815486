import type { IdMap } from '../../cube/cubebuilder';
import {
  DirectionCode,
  FaultCode,
  ForcedCode,
  OutcomeCode,
  TlsCode,
  TypeCode,
  UnitCode,
  type Milliseconds,
  type WordId,
} from '../../model';
import type { Sink } from '../../reading/sink';

/** Most recipients of a message that are told apart; the rest are counted as they come. */
const mostRecipients = 10_000;

/**
 * A message in Exim's queue, from its arrival until `Completed`. Plain data: it travels between threads as it is.
 */
export interface EximMessage {
  time: Milliseconds;
  direction: DirectionCode;
  outcome: OutcomeCode;
  tls: TlsCode;
  cipher: WordId;
  server: WordId;
  remote: WordId;
  address: WordId;
  /** Whether its arrival was counted without saying for how many recipients, so that deliveries must tell. */
  counting: boolean;
  /** The first recipient that a line named, as a number; 0 as long as there is none. */
  first: number;
  /** The others, from the second on. */
  others: Set<number> | undefined;
  /** Hosts to which Exim said that it would go on without TLS, after a failed handshake. */
  clear: WordId[] | undefined;
}

/** A message whose arrival is of no interest: it was local, it was not seen, or it named its recipients. */
export function bystander(): EximMessage {
  return {
    time: 0,
    direction: DirectionCode.internal,
    outcome: OutcomeCode.accepted,
    tls: TlsCode.unknown,
    cipher: 0,
    server: 0,
    remote: 0,
    address: 0,
    counting: false,
    first: 0,
    others: undefined,
    clear: undefined,
  };
}

/** The same message with word ids of another cube. */
export function copyMessage(m: EximMessage, ids: IdMap): EximMessage {
  return {
    ...m,
    cipher: ids.ciphers[m.cipher],
    server: ids.servers[m.server],
    remote: ids.remotes[m.remote],
    address: ids.addresses[m.address],
    others: m.others && new Set(m.others),
    clear: m.clear?.map((host) => ids.remotes[host]),
  };
}

/**
 * A line names a recipient of the message: an address that the sender gave, or had before it was expanded. The arrival
 * was counted with one recipient, since there is no message without; every further one is added to it here. Returns
 * whether this was one.
 */
export function mention(m: EximMessage, recipient: number, line: number, sink: Sink): boolean {
  if (!m.counting || recipient === m.first) return false;
  if (m.first === 0) {
    m.first = recipient;
    return false;
  }
  m.others ??= new Set();
  if (m.others.has(recipient)) return false;
  if (m.others.size < mostRecipients) m.others.add(recipient);
  sink.add({
    unit: UnitCode.message,
    direction: m.direction,
    outcome: m.outcome,
    tls: m.tls,
    fault: FaultCode.none,
    forced: ForcedCode.unknown,
    type: TypeCode.unknown,
    connector: 0,
    cipher: m.cipher,
    server: m.server,
    remote: m.remote,
    address: m.address,
    evidence: 0,
    time: m.time,
    count: 0,
    recipients: 1,
    bytes: 0,
    line,
    tlsAt: 0,
  });
  return true;
}

/**
 * The bytes of an address as one number of 53 bits, never 0. Two addresses of one message would have to meet by chance.
 */
export function addressNumber(b: Uint8Array, s: number, e: number): number {
  let one = 0x811c9dc5,
    other = 0x9747b28c;
  for (let i = s; i < e; i++) {
    one = Math.imul(one ^ b[i], 0x01000193);
    other = Math.imul(other ^ b[i], 0x5bd1e995);
  }
  other ^= other >>> 15;
  return (one >>> 0) * 0x200000 + (other >>> 11) || 1;
}
