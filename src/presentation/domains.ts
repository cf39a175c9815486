import type { RemoteSummary } from '../core/report/remotes';
import { domainOf } from '../core/text/domain';
import { earlier } from './places';

/** Remote hosts summed by their domain, largest first; addresses and the rest stay as they are. */
export function byDomain(hosts: readonly RemoteSummary[]): RemoteSummary[] {
  const domains = new Map<string, RemoteSummary>();
  for (const host of hosts) {
    const name = domainOf(host.host),
      sum = domains.get(name);
    domains.set(
      name,
      !sum
        ? { ...host, host: name }
        : {
            host: name,
            messages: sum.messages + host.messages,
            recipients: sum.recipients + host.recipients,
            tls: sum.tls.map((n, v) => n + host.tls[v]),
            place: earlier(sum.place, host.place)!,
            first: Math.min(sum.first, host.first),
            last: Math.max(sum.last, host.last),
          },
    );
  }
  return [...domains.values()].sort((a, b) => b.messages - a.messages || (a.host < b.host ? -1 : 1));
}
