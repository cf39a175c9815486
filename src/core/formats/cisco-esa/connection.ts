import { FaultCode, TlsCode, type PlaceCode } from '../../model';
import type { Hop } from '../shared/hops';

/** What is known of the TLS of a connection, in either direction. */
export interface Security {
  tls: TlsCode;
  cipher: string;
  /** The line of the handshake, or of the beginning: see `MailEvent.tlsAt`. */
  tlsAt: PlaceCode;
  failed: boolean;
  required: boolean;
}
export interface Incoming extends Security {
  interface: string;
  host: string;
  address: string;
}
export interface Outgoing extends Security {
  address: string;
}
/** A message. `failed`: the delivery connection whose failure has been counted, −1 for none. */
export interface CiscoMessage {
  incoming: Incoming | undefined;
  seen: boolean;
  recipients: number;
  bytes: number;
  failed: number;
}

/** Notes that a message has failed on a connection. Returns whether it had already: each recipient has a line. */
export function failsAgain(message: CiscoMessage, dcid: number): boolean {
  const again = message.failed === dcid;
  message.failed = dcid;
  return again;
}

/** TLS, cipher and fault of a connection; without one nothing is known. */
export function how(
  security: Security | undefined,
  accepted: boolean,
): Pick<Hop, 'tls' | 'cipher' | 'tlsAt' | 'fault'> {
  if (!security) return { tls: TlsCode.unknown, cipher: '', tlsAt: 0, fault: FaultCode.none };
  const { tls, cipher, tlsAt, failed, required } = security;
  // After a handshake that failed, mail on the same connection goes in clear; the log has just shown that it tells.
  if (accepted && tls === TlsCode.absent && failed)
    return { tls: TlsCode.none, cipher, tlsAt, fault: FaultCode.clearAfterFailedHandshake };
  return {
    tls: !accepted && tls === TlsCode.absent ? TlsCode.unknown : tls,
    cipher,
    tlsAt,
    fault: !accepted && required ? FaultCode.requiredTlsNotMet : FaultCode.none,
  };
}
