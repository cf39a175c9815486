import { getDomain } from 'tldts-icann';

/** Logs have names that are no host names, such as `*.example.com` and those with underscores. */
const anyName = { validateHostname: false, extractHostname: false, detectIp: false };

/**
 * The domain that a host name is registered under, by the Public Suffix List (https://publicsuffix.org, the part of
 * registries): `mx1.mail.example.co.uk` is of `example.co.uk`. Undefined for addresses, for names without a domain, and
 * for what stands above all domains, such as `co.uk`.
 */
export function registeredDomain(host: string): string | undefined {
  if (host.startsWith('(') || host.includes(':') || /^[\d./]*$/.test(host)) return undefined;
  return getDomain(host, anyName) ?? undefined;
}

/** The same, where a host without such a domain stands for itself. */
export function domainOf(host: string): string {
  return registeredDomain(host) ?? host;
}

/** The domain of a mail address, without angle brackets; empty where there is none. */
export function mailDomain(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? '' : address.slice(at + 1).replace(/[>\s].*$/s, '');
}
