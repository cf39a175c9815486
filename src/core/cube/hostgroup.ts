import ipaddr from 'ipaddr.js';
import { domainOf } from '../text/domain';

/**
 * What a remote host is counted as where a log has too many: its domain, `*.example.com`, or the network of its
 * address.
 */
export function groupOf(host: string): string {
  if (host === '' || host.startsWith('(') || isNetwork(host)) return host;
  // The look that tells most names from addresses at once; a failure of the other takes as long as a thousand of it.
  if (!/^[\d.]+$|:/.test(host) || !ipaddr.isValid(host)) {
    const domain = domainOf(host);
    return domain.includes('.') ? `*.${domain.replace(/^\*\./, '')}` : host;
  }
  const address = ipaddr.process(host),
    bits = address.kind() === 'ipv4' ? 16 : 32;
  return `${ipaddr.fromByteArray(address.toByteArray().map((byte, i) => (i < bits / 8 ? byte : 0))).toString()}/${bits}`;
}

/** Whether a name is that of a network, `192.0.0.0/16`. */
export function isNetwork(name: string): boolean {
  return /^[\d.]+\/\d+$|^[\da-f:]+\/\d+$/.test(name);
}
