import { l10n } from 'vscode';
import { figureOfInsight } from '../../core/insights/counted';
import type { Insight } from '../../core/insights/insight';
import type { Figure } from '../../core/drilldown/figure';
import { tlsVersions, type Fault, type TlsVersion, type Unit } from '../../core/model';
import type { ConnectorSummary } from '../../core/report/query';
import type { RemoteSummary } from '../../core/report/remotes';
import { connectorLabel, directionLabel, tlsLabel } from '../../core/report/sentences';
import { displayText } from '../../core/text/display';
import type { Report } from '../../export/report';
import { days, translate } from '../wording';

/** Whatever of the tree has a figure: a direction, a connector, one of its TLS versions, a remote host, an insight. */
export interface Counted {
  kind?: string;
  part?: { sessions: boolean };
  direction?: 'inbound' | 'outbound';
  connector?: ConnectorSummary;
  version?: number;
  remote?: RemoteSummary;
  insight?: Insight;
}

/** The figure that a node of the tree shows, or undefined where it shows none of its own. */
export function figureOfNode(
  { analysis, filter }: Report,
  { kind, part, direction, connector, version, remote, insight }: Counted,
): Figure | undefined {
  if (insight) return figureOfInsight(analysis.cube, filter, insight);
  const unit: Unit = part?.sessions ? 'session' : 'message';
  if (kind === 'internal') return { ...filter, unit, directions: ['internal'] };
  if (!connector) return direction && { ...filter, unit, directions: [direction] };
  const own: Figure = { ...filter, unit, connectors: [connector.name], directions: [connector.direction] };
  if (remote) return remote.host === '(other)' ? undefined : { ...own, hosts: [remote.host] };
  return version === undefined ? own : { ...own, tls: [tlsVersions[version] as TlsVersion] };
}

/** What a figure counts, in words and on one line, e.g. "Outbound, partner-out, No TLS, Nov 3 – 10, 2026". */
export function figureTitle(figure: Figure, timeZone: string): string {
  const { directions, connectors, tls, ciphers, fault, hosts, domains, outcomes, from, to } = figure;
  const list = (names: readonly string[]) =>
    names.length > 3
      ? l10n.t('{0} and {1} more', names.slice(0, 3).join(', '), String(names.length - 3))
      : names.join(', ');
  const parts = [
    list((directions ?? []).map((direction) => directionLabel(translate, direction))),
    connectors && list(connectors.map((name) => connectorLabel(translate, name, directions?.[0] ?? 'inbound'))),
    tls && list(tls.map((version) => tlsLabel(translate, version))),
    ciphers && list(ciphers),
    fault && faultText(fault),
    outcomes && !outcomes.includes('accepted') && l10n.t('not accepted'),
    hosts && list(hosts.map((host) => (host === '' ? l10n.t('(no host logged)') : host))),
    domains && list([...domains]),
    from !== undefined && to !== undefined && days(from, to - 1, timeZone),
  ];
  return (
    parts
      .filter((part): part is string => typeof part === 'string' && part !== '')
      .map((part) => displayText(part))
      .join(' · ') || l10n.t('All messages')
  );
}

function faultText(fault: Fault): string {
  return fault === 'required-tls-not-met'
    ? l10n.t('TLS was required and not used')
    : l10n.t('clear text after a failed handshake');
}
