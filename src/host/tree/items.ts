import { l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { proofOf } from '../../core/insights/counted';
import type { Insight } from '../../core/insights/insight';
import { insightAdvice, insightTitle } from '../../core/insights/insightsentences';
import { TlsCode } from '../../core/model';
import { knownTls, type ConnectorSummary, type DirectionSummary } from '../../core/report/query';
import type { Place } from '../../core/report/order';
import type { RemoteSummary } from '../../core/report/remotes';
import { connectorLabel, directionLabel, forcedLabel, tlsLabels, typeLabel } from '../../core/report/sentences';
import { comparisonText } from '../settings/savedbaseline';
import type { RawLine } from '../figures/excerpt';
import {
  bytesText,
  fileName,
  insightShare,
  insightText,
  messageCount,
  number,
  plainText,
  sessionCount,
  share,
  translate,
} from '../wording';
import { healthOf, protectedShare, severityIcon, worstShare } from '../health';
import { idOf, insightsOf, type Direction, type Node, type Part } from './nodes';

/** How a node of the connector tree looks and reads. Its id stays the same as long as it is about the same thing. */
export function itemOf(node: Node): TreeItem {
  switch (node.kind) {
    case 'direction':
      return directionItem(node.part, node.direction);
    case 'connector':
      return connectorItem(node.part, node.connector);
    case 'more':
      return moreItem(node.part, node.direction, node.hidden);
    case 'tls':
      return tlsItem(node.part, node.connector, node.version);
    case 'insight':
      return insightItem(node.part, node.insight);
    case 'remotes':
      return item(
        l10n.t('Remote hosts'),
        `${idOf(node.part, node.connector)} remotes`,
        '',
        new ThemeIcon('server'),
        TreeItemCollapsibleState.Collapsed,
        l10n.t('The hosts at the other end, the largest first'),
      );
    case 'remote':
      return remoteItem(node.part, node.connector, node.remote);
    case 'internal':
      return internalItem(node.part.summary.internal);
  }
}

function countOf({ sessions }: Part, n: number): string {
  return sessions ? sessionCount(n) : messageCount(n);
}

function item(
  label: string,
  id: string,
  description: string,
  icon: ThemeIcon,
  collapsible = TreeItemCollapsibleState.None,
  tooltip?: string,
): TreeItem {
  const made = new TreeItem(plainText(label), collapsible);
  made.id = id;
  made.description = plainText(description);
  made.iconPath = icon;
  made.tooltip = tooltip ?? `${made.label as string}: ${made.description}`;
  made.accessibilityInformation = { label: `${made.label as string}, ${made.description}` };
  return made;
}

/** The tooltip of a node whose item has none yet. */
export function tooltipOf(node: Node): string | undefined {
  return node.kind === 'connector' ? connectorTooltip(node.part, node.connector) : undefined;
}

function directionItem(part: Part, direction: Direction): TreeItem {
  const sum: DirectionSummary = part.summary[direction],
    label = directionLabel(translate, direction);
  const icon = new ThemeIcon(direction === 'inbound' ? 'arrow-down' : 'arrow-up');
  const made = item(
    part.sessions ? l10n.t('{0}, reported sessions', label) : label,
    `${part.sessions} ${direction}`,
    `${countOf(part, sum.messages)} · ${protectedShare(sum.tls)}`,
    icon,
    TreeItemCollapsibleState.Expanded,
  );
  made.contextValue = 'direction';
  return made;
}

function connectorItem(part: Part, connector: ConnectorSummary): TreeItem {
  const { name, direction, messages, tls } = connector;
  const insights = insightsOf(part, connector),
    health = healthOf(tls, insights),
    worst = worstShare(tls, insights[0]);
  const made = item(
    connectorLabel(translate, name, direction),
    idOf(part, connector),
    `${number(messages)} · ${worst}`,
    health.icon,
    TreeItemCollapsibleState.Collapsed,
  );
  made.contextValue = 'connector';
  made.accessibilityInformation = {
    label: [made.label as string, countOf(part, messages), worst, health.words].join(', '),
  };
  made.tooltip = undefined;
  return made;
}

function forcedWords(connector: ConnectorSummary): string {
  const { forcedTls, forcedHosts } = connector;
  if (forcedHosts > 0) return l10n.t('Forced TLS: {0}', forcedLabel(translate, connector, number));
  return forcedTls === null ? '' : forcedTls ? l10n.t('TLS is required') : l10n.t('TLS is not required');
}

/**
 * All that is known about a connector. It is put into words only when the user asks for it: there may be ten thousand.
 */
function connectorTooltip(part: Part, connector: ConnectorSummary): string {
  const { name, direction, type, messages, recipients, bytes, tls, failed } = connector,
    insights = insightsOf(part, connector);
  return [
    `${plainText(connectorLabel(translate, name, direction))} (${directionLabel(translate, direction)})`,
    healthOf(tls, insights).words,
    l10n.t('{0}, {1} recipients, {2}', countOf(part, messages), number(recipients), bytesText(bytes)),
    type !== 'unknown' && l10n.t('Connector type: {0}', typeLabel(translate, type)),
    forcedWords(connector),
    failed.deferred + failed.bounced + failed.rejected > 0 &&
      l10n.t(
        'Not in the volume: {0} deferred, {1} bounced, {2} rejected',
        number(failed.deferred),
        number(failed.bounced),
        number(failed.rejected),
      ),
    !part.sessions && comparisonText(connector, part.report.view.baseline),
    ...insights.map((insight) => insightText(insight, part.report)),
  ]
    .filter(Boolean)
    .join('\n');
}

/** The connectors that are not listed yet, counted; a click lists some more. */
function moreItem(part: Part, direction: Direction, hidden: number): TreeItem {
  const label = hidden === 1 ? l10n.t('1 more connector') : l10n.t('{0} more connectors', number(hidden));
  const made = item(
    label,
    `${part.sessions} ${direction} more`,
    l10n.t('click to show more'),
    new ThemeIcon('ellipsis'),
  );
  made.command = {
    command: 'mailFlow.showMoreConnectors',
    title: l10n.t('Show more connectors'),
    arguments: [made.id],
  };
  return made;
}

function tlsItem(part: Part, connector: ConnectorSummary, version: number): TreeItem {
  const n = connector.tls[version],
    label = tlsLabels(translate)[version];
  const known = knownTls(connector.tls);
  const description = version === TlsCode.unknown ? number(n) : `${number(n)} · ${share(n, known)}`;
  const icon = new ThemeIcon(version === TlsCode.none ? 'unlock' : version === TlsCode.unknown ? 'question' : 'lock');
  const made = item(label, `${idOf(part, connector)} ${version}`, description, icon);
  made.contextValue = 'tls';
  return leadTo(made, part, connector.places[version]);
}

function remoteItem(part: Part, connector: ConnectorSummary, remote: RemoteSummary): TreeItem {
  const named = remote.host !== '' && remote.host !== '(other)';
  const label =
    remote.host === '' ? l10n.t('(no host logged)') : remote.host === '(other)' ? l10n.t('(other)') : remote.host;
  const made = item(
    label,
    `${idOf(part, connector)} remote ${JSON.stringify(remote.host)}`,
    `${number(remote.messages)} · ${worstShare(remote.tls, undefined)}`,
    new ThemeIcon('vm'),
  );
  made.contextValue = remote.host === '(other)' ? undefined : named && !part.sessions ? 'remote' : 'remoteFigure';
  return leadTo(made, part, remote.place);
}

function insightItem(part: Part, insight: Insight): TreeItem {
  const format = part.report.analysis.files[insight.place.file]?.format ?? null;
  const tooltip = `${insightText(insight, part.report)}\n${insightAdvice(translate, insight, format)}`;
  const made = item(
    insightTitle(translate, insight, number),
    `insight ${insight.id} ${insight.direction} ${JSON.stringify(insight.connector)}`,
    insightShare(insight),
    severityIcon(insight.severity),
    TreeItemCollapsibleState.None,
    tooltip,
  );
  made.contextValue = 'insight';
  return leadTo(made, part, proofOf(insight));
}

function internalItem(messages: number): TreeItem {
  const made = item(
    directionLabel(translate, 'internal'),
    'internal',
    messageCount(messages),
    new ThemeIcon('arrow-swap'),
    TreeItemCollapsibleState.None,
    l10n.t('Between own servers or delivered locally, and not part of the volume: {0}.', messageCount(messages)),
  );
  made.contextValue = 'internal';
  return made;
}

/** A click goes to the first line of the log behind the figure. */
function leadTo(made: TreeItem, { report }: Part, place: Place | undefined): TreeItem {
  const file = place && report.analysis.files[place.file];
  if (!file) return made;
  made.tooltip = `${made.tooltip as string}\n${l10n.t('First in {0}, line {1}', fileName(file.path), number(place.line))}`;
  made.command = {
    command: 'mailFlow.reveal',
    title: l10n.t('Show the first line in the log'),
    arguments: [{ path: file.path, line: place.line } satisfies RawLine],
  };
  return made;
}
