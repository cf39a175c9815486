import { addressOf } from '../text/address';
import { registeredDomain } from '../text/domain';

/**
 * What a remote host is counted as where a log has too many: its domain, `*.example.com`, or the network of its
 * address.
 */
export function groupOf(host: string): string {
  if (host === '' || host.startsWith('(') || isNetwork(host)) return host;
  const address = /^[\d.]+$|:/.test(host) ? addressOf(host) : undefined;
  if (address) return address.network(16, 32);
  const domain = registeredDomain(host);
  return domain === undefined ? host : `*.${domain}`;
}

/** Whether a name is that of a network, `192.0.0.0/16`. */
export function isNetwork(name: string): boolean {
  return /^[\d.]+\/\d+$|^[\da-f:]+\/\d+$/.test(name);
}
