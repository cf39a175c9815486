import { Byte } from '../../text/ascii';
import { Verdict } from '../../reading/format';
import {
  DirectionCode,
  FaultCode,
  ForcedCode,
  OutcomeCode,
  TlsCode,
  TypeCode,
  UnitCode,
  type Milliseconds,
} from '../../model';
import type { Sink } from '../../reading/sink';
import { beginsWith } from '../../text/bytes';
import { CsvFields } from '../../text/csv';
import { decode } from '../../text/words';
import { digitsAt } from './commands';
import { ProtocolHops, isSpecial, portColon } from './hop';
import { ConnectorServers } from './connectorservers';
import { Identities } from './identities';
import type { ProtocolRow } from './row';
import { Side, type SmtpSession } from './session';

/** Makes events of the rows that decide on a message: connector, ends and time are those of that row. */
export class Messages {
  private readonly hops: ProtocolHops;
  private readonly servers: ConnectorServers;
  private readonly name = new CsvFields();

  /** Kept where message tracking of the same messages is read too. */
  readonly identities: Identities | undefined;

  constructor(private readonly sink: Sink) {
    this.hops = new ProtocolHops(sink.words.connectors);
    this.servers = new ConnectorServers(sink.words);
    this.identities = sink.options.joined ? new Identities() : undefined;
  }

  /** The message of the session was accepted with the reply in `bytes[data, end)`. */
  accepted(
    session: SmtpSession,
    row: ProtocolRow,
    bytes: Uint8Array,
    data: number,
    end: number,
    time: Milliseconds,
    line: number,
  ): Verdict {
    // A front end that drops a probe says so, whoever claims to send it.
    const probe = session.probe
      ? isSpecial(addressText(row, bytes))
      : session.side === Side.receive && beginsWith(bytes, data, end, '250 probe message');
    const fault = session.tls === TlsCode.none && session.failed ? FaultCode.clearAfterFailedHandshake : FaultCode.none;
    const internal = this.add(
      session,
      row,
      bytes,
      time,
      line,
      OutcomeCode.accepted,
      fault,
      ForcedCode.unknown,
      session.recipients,
      bytesIn(bytes, data, end) || session.chunks || session.declared,
      probe,
    );
    this.identities?.add(row, bytes, end, internal, session.side === Side.send);
    return Verdict.used;
  }

  /** A message was refused because TLS is required and not used. */
  refused(
    session: SmtpSession,
    row: ProtocolRow,
    bytes: Uint8Array,
    time: Milliseconds,
    line: number,
    permanent: boolean,
  ): Verdict {
    const received = session.side === Side.receive;
    const outcome = received ? OutcomeCode.rejected : permanent ? OutcomeCode.bounced : OutcomeCode.deferred;
    // Our own server's demand is a setting of this connector; the demand of a remote server is not.
    this.add(
      session,
      row,
      bytes,
      time,
      line,
      outcome,
      FaultCode.requiredTlsNotMet,
      received ? ForcedCode.yes : ForcedCode.unknown,
      0,
      0,
      false,
    );
    return Verdict.used;
  }

  /** Returns whether the hop lies inside the organisation. */
  private add(
    session: SmtpSession,
    row: ProtocolRow,
    bytes: Uint8Array,
    time: Milliseconds,
    line: number,
    outcome: OutcomeCode,
    fault: FaultCode,
    forced: ForcedCode,
    recipients: number,
    size: number,
    probe: boolean,
  ): boolean {
    const { words } = this.sink,
      { connectors } = words,
      { remote, remoteEnd } = row;
    if (row.name < 0) {
      this.name.content(bytes, row.connector, row.connectorEnd);
      row.name = connectors.intern(this.name.bytes, this.name.start, this.name.end);
    }
    const connector = row.name;
    const internal = probe || session.internal || this.hops.isInternal(session.side, connector, bytes, row);
    const colon = portColon(bytes, remote, remoteEnd),
      bracket = bytes[remote] === Byte.openBracket && bytes[colon - 1] === Byte.closeBracket ? 1 : 0;
    if (session.tls === TlsCode.unknown && session.doubt) {
      this.sink.note(session.doubt, line);
      session.doubt = undefined;
    }
    this.sink.add({
      unit: UnitCode.message,
      direction: internal
        ? DirectionCode.internal
        : session.side === Side.send
          ? DirectionCode.outbound
          : DirectionCode.inbound,
      outcome,
      tls: session.tls,
      fault,
      forced,
      type: TypeCode.unknown,
      connector,
      cipher: session.cipher,
      server: session.side === Side.receive ? this.servers.of(connector) : 0,
      remote: session.host || words.remotes.intern(bytes, remote + bracket, colon - bracket),
      // Only the user's own connectors ask for the address.
      address:
        this.sink.options.rules.length > 0 ? words.addresses.intern(bytes, remote + bracket, colon - bracket) : 0,
      evidence: 0,
      time,
      count: 1,
      recipients,
      bytes: size,
      line,
      tlsAt: session.tlsAt,
    });
    return internal;
  }
}

/**
 * The bytes that Exchange took in, by its final reply: `… 141301 bytes in 0.101, 1361.827 KB/sec`. The last such words
 * count, and only behind the ids, since the message id is the sender's.
 */
function bytesIn(bytes: Uint8Array, start: number, end: number): number {
  // At least `0.1, 1 KB/sec` follows.
  for (let i = end - ' bytes in 0.1, 1 KB/sec'.length; i > start; i--) {
    if (bytes[i] !== Byte.space || bytes[i + 1] !== 98 || !beginsWith(bytes, i, end, ' bytes in ')) continue;
    let from = i;
    while (from > start && bytes[from - 1] >= 48 && bytes[from - 1] <= 57) from--;
    return isBehindIds(bytes, i, end) ? digitsAt(bytes, from, i) : 0;
  }
  return 0;
}

/** Whether nothing that strangers write can stand here: the message id, in `<>`, and Exchange's own, in `[]`, come before. */
function isBehindIds(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === Byte.greater || bytes[i] === Byte.closeBracket) return false;
  return true;
}

function addressText(row: ProtocolRow, bytes: Uint8Array): string {
  return decode(bytes.subarray(row.remote, portColon(bytes, row.remote, row.remoteEnd))).replace(/^\[|\]$/g, '');
}
