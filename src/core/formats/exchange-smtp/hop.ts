import { Addresses, addressOf } from '../../text/address';
import { Byte } from '../../text/ascii';
import { decode, type Words } from '../../text/words';
import { isOwnConnector } from '../shared/exchange-connectors';
import type { ProtocolRow } from './row';
import { Side } from './session';

/**
 * Ports on which only services of Exchange talk to each other (Microsoft Learn, "Network ports for clients and mail
 * flow"): Transport 2525, Outbound Proxy Frontend 717, Mailbox Transport Delivery 475.
 */
const servicePorts = [2525, 717, 475];
/**
 * The front end hands on what clients submit here. Others may use the port too, so the connector's name must say so.
 */
const clientProxyPort = 465;

const enum Name {
  unread,
  ordinary,
  implicit,
  clientProxy,
}

/**
 * Decides which hops lie inside an Exchange organisation, where the same message is logged again. Proofs are ports,
 * loopback and Exchange's own connectors. Private addresses prove nothing: printers and applications relay from there.
 */
export class ProtocolHops {
  private readonly names: Name[] = [];
  private readonly addresses = new Addresses();

  constructor(private readonly connectors: Words) {}

  /** Whether the ends of a connection, `address:port` each, and its connector belong to one Exchange organisation. */
  isInternal(side: Side, connector: number, bytes: Uint8Array, row: ProtocolRow): boolean {
    const { local, localEnd, remote, remoteEnd } = row;
    const localColon = portColon(bytes, local, localEnd),
      remoteColon = portColon(bytes, remote, remoteEnd);
    const port = side === Side.receive ? portAt(bytes, localColon, localEnd) : portAt(bytes, remoteColon, remoteEnd);
    if (servicePorts.includes(port)) return true;
    // A server that talks to itself, over the loopback interface or by its own address.
    const { addresses } = this;
    if (
      addresses.loopback(bytes, remote, remoteColon) &&
      (localColon === local || addresses.loopback(bytes, local, localColon))
    )
      return true;
    if (remoteColon > remote && same(bytes, local, localColon, remote, remoteColon)) return true;
    const name = this.nameOf(connector, bytes, row);
    return name === Name.implicit || (name === Name.clientProxy && port === clientProxyPort);
  }

  /** What the name of the connector says. Past the limit one word stands for all names. */
  private nameOf(connector: number, bytes: Uint8Array, row: ProtocolRow): Name {
    if (connector !== 1) return (this.names[connector] ||= kindOfName(this.connectors.text(connector)));
    const quoted = bytes[row.connector] === Byte.quote ? 1 : 0;
    return kindOfName(decode(bytes.subarray(row.connector + quoted, row.connectorEnd - quoted)));
  }
}

function kindOfName(name: string): Name {
  if (isOwnConnector(name)) return Name.implicit;
  return /^[^\\]*\\client proxy/i.test(name) ? Name.clientProxy : Name.ordinary;
}

/** The colon before the port of an endpoint, or `end` where there is none; an IPv6 address stands in brackets. */
export function portColon(bytes: Uint8Array, start: number, end: number): number {
  for (let i = end - 1; i >= start; i--) {
    if (bytes[i] === Byte.colon) return i;
    if (bytes[i] < 48 || bytes[i] > 57) break;
  }
  return end;
}

/**
 * Whether the internet does not route an address: private, local, for documentation (IANA special-purpose
 * registries).
 */
export function isSpecial(address: string): boolean {
  return addressOf(address)?.special === true;
}

function portAt(bytes: Uint8Array, colon: number, end: number): number {
  let port = 0;
  for (let i = colon + 1; i < end; i++) port = port * 10 + bytes[i] - 48;
  return port;
}

function same(bytes: Uint8Array, a: number, aEnd: number, b: number, bEnd: number): boolean {
  if (aEnd - a !== bEnd - b) return false;
  for (let i = 0; i < aEnd - a; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}
