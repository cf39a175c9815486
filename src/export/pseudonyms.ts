import ipaddr from 'ipaddr.js';
import type { Cube } from '../core/cube/cube';
import type { Insight } from '../core/insights/insight';
import { domainOf } from '../core/text/domain';
import { isNetwork } from '../core/cube/hostgroup';
import { makeReport, type Report } from './report';

export interface PseudonymOptions {
  /** A keyed hash in hex, e.g. HMAC-SHA-256 with a key that is made for one export and then forgotten. */
  keyed(text: string): string;
  /** Keep the domain of host names, so that partners stay recognisable. */
  keepDomains: boolean;
}

/**
 * The same report with names that can't be led back to hosts, connectors, servers or files: a name has one pseudonym within the
 * report, and another in the next. Addresses are cut to their network, /24 or /48; hosts that share it become one.
 */
export function pseudonymise(report: Report, options: PseudonymOptions): Report {
  const { analysis, view } = report;
  const connector = (name: string) =>
    name === '' || name === '(other)' ? name : `connector-${options.keyed(`connector ${name}`).slice(0, 12)}`;
  const server = (name: string) =>
    name === '' || name === '(other)' ? name : `server-${options.keyed(`server ${name.toLowerCase()}`).slice(0, 12)}`;
  const files = analysis.files.map((file) => ({
    ...file,
    path: fileName(file.path, options),
    detail: file.state === 'duplicate' && file.detail !== undefined ? fileName(file.detail, options) : file.detail,
  }));
  const cube: Cube = {
    ...analysis.cube,
    connectors: analysis.cube.connectors.map(connector),
    servers: analysis.cube.servers.map(server),
    ...remotes(analysis.cube, options),
  };
  const named = (name: string | null) => (name === null ? null : connector(name));
  const hidden = makeReport(
    { ...analysis, files, cube },
    {
      ...view,
      connectors: view.connectors?.map(named),
      servers: view.servers?.map((name) => name && server(name)),
      baseline: view.baseline && {
        ...view.baseline,
        servers: view.baseline.servers?.map((name) => name && server(name)),
        connectors: view.baseline.connectors.map((one) => ({ ...one, name: named(one.name) })),
      },
    },
  );
  // Limits can be set for single connectors by their real names, so the insights are those that were found with them.
  const hide = (insight: Insight) => ({ ...insight, connector: named(insight.connector) });
  // A reason is the user's own words and may name anybody.
  const ignored = report.ignored.map(({ insight, override }) => ({
    insight: hide(insight),
    override: { ...override, connector: named(override.connector), reason: '' },
  }));
  return { ...hidden, insights: report.insights.map(hide), ignored };
}

function fileName(path: string, { keyed }: PseudonymOptions): string {
  return `file-${keyed(`file ${path}`).slice(0, 12)}`;
}

/** Remote hosts under their pseudonyms; those with the same one, such as two addresses of a network, become one. */
function remotes(cube: Cube, options: PseudonymOptions): Pick<Cube, 'remotes' | 'remoteCells'> {
  const names: string[] = [],
    ids = new Map<string, number>();
  const idOf = cube.remotes.map((host) => {
    const name = remoteName(host, options);
    let id = ids.get(name);
    if (id === undefined) {
      ids.set(name, (id = names.length));
      names.push(name);
    }
    return id;
  });
  return {
    remotes: names,
    remoteCells: { ...cube.remoteCells, remote: cube.remoteCells.remote.map((id) => idOf[id]) },
  };
}

function remoteName(host: string, { keyed, keepDomains }: PseudonymOptions): string {
  if (host === '' || host === '(other)' || isNetwork(host)) return host;
  const address = host.replace(/^\[(?:ipv6:)?|\]$/gi, '');
  if (ipaddr.isValid(address)) return network(address);
  const pseudonym = `host-${keyed(`host ${host}`).slice(0, 12)}`,
    domain = domainOf(host);
  return keepDomains && domain.includes('.') ? (domain === host ? host : `${pseudonym}.${domain}`) : pseudonym;
}

function network(address: string): string {
  const parsed = ipaddr.process(address);
  const bits = parsed.kind() === 'ipv4' ? 24 : 48,
    bytes = parsed.toByteArray().map((byte, i) => (i < bits / 8 ? byte : 0));
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`;
}
