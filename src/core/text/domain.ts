/** Second-level labels under which country domains register names: `example.co.uk`, `example.com.au`. */
const registries = new Set([
  'ac',
  'co',
  'com',
  'edu',
  'gob',
  'gov',
  'gouv',
  'go',
  'mil',
  'ne',
  'net',
  'nom',
  'or',
  'org',
  'sch',
]);

/**
 * The domain that a host name is registered under, judged by its form: its last two labels, or three below a country's
 * registry (`mx1.mail.example.co.uk` is of `example.co.uk`). Names without a domain are returned as they are.
 */
export function domainOf(host: string): string {
  if (host === '' || host.startsWith('(') || host.includes(':') || /^[\d./]+$/.test(host)) return host;
  const labels = host.split('.');
  if (labels.length <= 2) return host;
  const keep = labels.at(-1)!.length === 2 && registries.has(labels.at(-2)!) ? 3 : 2;
  return labels.slice(-keep).join('.');
}

/** The domain of a mail address, without angle brackets; empty where there is none. */
export function mailDomain(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? '' : address.slice(at + 1).replace(/[>\s].*$/s, '');
}
