import { EventEmitter, l10n, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, window, type TreeDataProvider, type TreeView } from 'vscode';
import type { Insight } from '../../core/insights/insight';
import { TlsCode } from '../../core/model';
import { knownTls, remotesOf, type ConnectorSummary, type DirectionSummary, type Place, type RemoteSummary, type Summary } from '../../core/query';
import { insightTitle } from '../../core/insights/sentences';
import { connectorLabel, directionLabel, tlsLabels, typeLabel } from '../../core/sentences';
import type { Report } from '../../export/report';
import { comparisonText } from '../baseline';
import { Disposing } from '../dispose';
import type { RawLine } from '../reveal';
import type { State, Store } from '../store';
import { Throttle } from '../throttle';
import { bytesText, days, fileName, insightShare, insightText, messageCount, number, plainText, sessionCount, share, translate } from '../wording';
import { healthOf, protectedShare, worstShare } from './health';

type Direction = 'inbound' | 'outbound';
/** Hosts shown for a connector; the rest is one row. */
const mostRemotes = 50;
/** Messages, or the sessions that aggregate reports count. */
interface Part { report: Report; summary: Summary; sessions: boolean }

export type Node =
  | { kind: 'direction'; part: Part; direction: Direction }
  | { kind: 'connector'; part: Part; connector: ConnectorSummary }
  | { kind: 'tls'; part: Part; connector: ConnectorSummary; version: number }
  | { kind: 'insight'; part: Part; insight: Insight }
  | { kind: 'remotes'; part: Part; connector: ConnectorSummary }
  | { kind: 'remote'; part: Part; connector: ConnectorSummary; remote: RemoteSummary }
  | { kind: 'internal'; part: Part };

/** The view *Connectors*: directions, their connectors, and for each its TLS versions and insights. */
export class ConnectorsView extends Disposing implements TreeDataProvider<Node> {
  private readonly changed = this.own(new EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: TreeView<Node>;

  constructor(private readonly store: Store) {
    super();
    this.view = this.own(window.createTreeView('mailFlow.connectors', { treeDataProvider: this, showCollapseAll: true }));
    const refresh = this.own(new Throttle(250, () => this.refresh()));
    this.own(store.onDidChange(() => refresh.ask()));
  }

  getChildren(node?: Node): Node[] {
    if (!node) return this.roots();
    const { part } = node;
    if (node.kind === 'direction') return part.summary.connectors.filter(({ direction }) => direction === node.direction).map((connector) => ({ kind: 'connector', part, connector }));
    if (node.kind === 'remotes') return this.remotes(node);
    if (node.kind !== 'connector') return [];
    const { connector } = node;
    const versions = connector.tls.flatMap((n, version): Node[] => (n > 0 ? [{ kind: 'tls', part, connector, version }] : []));
    return [...insightsOf(part, connector).map((insight): Node => ({ kind: 'insight', part, insight })), ...versions, ...(connector.messages > 0 ? [{ kind: 'remotes', part, connector } satisfies Node] : [])];
  }

  getTreeItem(node: Node): TreeItem {
    switch (node.kind) {
      case 'direction': return directionItem(node.part, node.direction);
      case 'connector': return connectorItem(node.part, node.connector);
      case 'tls': return tlsItem(node.part, node.connector, node.version);
      case 'insight': return insightItem(node.part, node.insight);
      case 'remotes': return item(l10n.t('Remote hosts'), `${idOf(node.part, node.connector)} remotes`, '', new ThemeIcon('server'), TreeItemCollapsibleState.Collapsed, l10n.t('The hosts at the other end, the largest first'));
      case 'remote': return remoteItem(node.part, node.connector, node.remote);
      case 'internal': return internalItem(node.part.summary.internal);
    }
  }

  private remotes({ part, connector }: { part: Part; connector: ConnectorSummary }): Node[] {
    const filter = { ...part.report.filter, directions: [connector.direction], connectors: [connector.name] };
    return remotesOf(part.report.analysis.cube, filter, mostRemotes, part.sessions ? 1 : 0).map((remote) => ({ kind: 'remote', part, connector, remote }));
  }

  private roots(): Node[] {
    const { report } = this.store;
    if (!report) return [];
    const parts: Part[] = [{ report, summary: report.messages, sessions: false }, { report, summary: report.sessions, sessions: true }];
    const has = (part: Part, direction: Direction) => part.summary.connectors.some((connector) => connector.direction === direction);
    const roots = parts.flatMap((part) => (['inbound', 'outbound'] as const).filter((direction) => has(part, direction)).map((direction): Node => ({ kind: 'direction', part, direction })));
    return report.messages.internal > 0 ? [...roots, { kind: 'internal', part: parts[0] }] : roots;
  }

  private refresh(): void {
    const { state, report } = this.store;
    const insights = report?.insights.length ?? 0;
    this.view.badge = insights === 0 ? undefined : { value: insights, tooltip: insights === 1 ? l10n.t('1 insight') : l10n.t('{0} insights', number(insights)) };
    const period = report?.messages.period ?? report?.sessions.period;
    this.view.description = period && days(period.from, period.to - 1, state.settings.zone.name);
    this.view.message = statusText(state, report);
    this.changed.fire(undefined);
  }
}

/** What has to be known before a figure is believed; undefined where all is well. */
function statusText({ files, analysis, reading, outdated }: State, report: Report | undefined): string | undefined {
  const percent = reading && reading.total > 0 ? Math.min(100, Math.floor(reading.read / reading.total * 100)) : 0;
  if (reading) return analysis?.complete ? l10n.t('Reading again… {0}%', percent) : l10n.t('Reading… {0}%. The figures are partial.', percent);
  if (analysis && !analysis.complete) return l10n.t('The reading was ended before its end. The figures are partial.');
  if (outdated === 'failed') return l10n.t('The last reading failed. The figures are those of the one before.');
  if (outdated === 'cancelled') return analysis ? l10n.t('The last reading was cancelled. The figures are those of the one before.') : l10n.t('The reading was cancelled.');
  if (!analysis && files.length > 0) return l10n.t('No file has been analyzed yet. Choose one below.');
  const empty = report && report.messages.connectors.length + report.sessions.connectors.length === 0;
  return empty ? l10n.t('There is no message in this period.') : undefined;
}

function insightsOf({ report, sessions }: Part, { name, direction }: ConnectorSummary): Insight[] {
  return sessions ? [] : report.insights.filter((insight) => insight.connector === name && insight.direction === direction);
}

function countOf({ sessions }: Part, n: number): string { return sessions ? sessionCount(n) : messageCount(n); }

function item(label: string, id: string, description: string, icon: ThemeIcon, collapsible = TreeItemCollapsibleState.None, tooltip?: string): TreeItem {
  const made = new TreeItem(plainText(label), collapsible);
  made.id = id;
  made.description = plainText(description);
  made.iconPath = icon;
  made.tooltip = tooltip ?? `${made.label as string}: ${made.description}`;
  made.accessibilityInformation = { label: `${made.label as string}, ${made.description}` };
  return made;
}

function directionItem(part: Part, direction: Direction): TreeItem {
  const sum: DirectionSummary = part.summary[direction], label = directionLabel(translate, direction);
  const icon = new ThemeIcon(direction === 'inbound' ? 'arrow-down' : 'arrow-up');
  const made = item(part.sessions ? l10n.t('{0}, reported sessions', label) : label, `${part.sessions} ${direction}`, `${countOf(part, sum.messages)} · ${protectedShare(sum.tls)}`, icon, TreeItemCollapsibleState.Expanded);
  made.contextValue = 'direction';
  return made;
}

function connectorItem(part: Part, connector: ConnectorSummary): TreeItem {
  const { name, direction, type, forcedTls, messages, recipients, bytes, tls, failed } = connector;
  const insights = insightsOf(part, connector), health = healthOf(tls, insights.length), label = connectorLabel(translate, name, direction);
  const description = `${number(messages)} · ${worstShare(tls, insights[0])}`;
  const tooltip = [
    `${plainText(label)} (${directionLabel(translate, direction)})`, health.words,
    l10n.t('{0}, {1} recipients, {2}', countOf(part, messages), number(recipients), bytesText(bytes)),
    type !== 'unknown' && l10n.t('Connector type: {0}', typeLabel(translate, type)),
    forcedTls !== null && (forcedTls ? l10n.t('TLS is required') : l10n.t('TLS is not required')),
    failed.deferred + failed.bounced + failed.rejected > 0 && l10n.t('Not in the volume: {0} deferred, {1} bounced, {2} rejected', number(failed.deferred), number(failed.bounced), number(failed.rejected)),
    !part.sessions && comparisonText(connector, part.report.view.baseline),
    ...insights.map(insightText),
  ].filter(Boolean).join('\n');
  const made = item(label, idOf(part, connector), description, health.icon, TreeItemCollapsibleState.Collapsed, tooltip);
  made.contextValue = 'connector';
  made.accessibilityInformation = { label: [made.label as string, countOf(part, messages), worstShare(tls, insights[0]), health.words].join(', ') };
  return made;
}

function tlsItem(part: Part, connector: ConnectorSummary, version: number): TreeItem {
  const n = connector.tls[version], label = tlsLabels(translate)[version];
  const known = knownTls(connector.tls);
  const description = version === TlsCode.unknown ? number(n) : `${number(n)} · ${share(n, known)}`;
  const icon = new ThemeIcon(version === TlsCode.none ? 'unlock' : version === TlsCode.unknown ? 'question' : 'lock');
  const made = item(label, `${idOf(part, connector)} ${version}`, description, icon);
  made.contextValue = 'tls';
  return leadTo(made, part, connector.places[version]);
}

function remoteItem(part: Part, connector: ConnectorSummary, remote: RemoteSummary): TreeItem {
  const named = remote.host !== '' && remote.host !== '(other)';
  const label = remote.host === '' ? l10n.t('(no host logged)') : remote.host === '(other)' ? l10n.t('(other)') : remote.host;
  const made = item(label, `${idOf(part, connector)} remote ${JSON.stringify(remote.host)}`, `${number(remote.messages)} · ${worstShare(remote.tls, undefined)}`, new ThemeIcon('vm'));
  made.contextValue = remote.host === '(other)' ? undefined : named && !part.sessions ? 'remote' : 'remoteFigure';
  return leadTo(made, part, remote.place);
}

function insightItem(part: Part, insight: Insight): TreeItem {
  const icon = new ThemeIcon('lightbulb', new ThemeColor('list.warningForeground'));
  const made = item(insightTitle(translate, insight), `insight ${insight.id} ${insight.direction} ${JSON.stringify(insight.connector)}`, insightShare(insight), icon, TreeItemCollapsibleState.None, insightText(insight));
  made.contextValue = 'insight';
  return leadTo(made, part, insight.place);
}

function internalItem(messages: number): TreeItem {
  const made = item(directionLabel(translate, 'internal'), 'internal', messageCount(messages), new ThemeIcon('arrow-swap'), TreeItemCollapsibleState.None, l10n.t('Between own servers or delivered locally, and not part of the volume: {0}.', messageCount(messages)));
  made.contextValue = 'internal';
  return made;
}

function idOf({ sessions }: Part, { name, direction }: ConnectorSummary): string { return `${sessions} ${direction} ${JSON.stringify(name)}`; }

/** A click goes to the first line of the log behind the figure. */
function leadTo(made: TreeItem, { report }: Part, place: Place | undefined): TreeItem {
  const file = place && report.analysis.files[place.file];
  if (!file) return made;
  made.tooltip = `${made.tooltip as string}\n${l10n.t('First in {0}, line {1}', fileName(file.path), number(place.line))}`;
  made.command = { command: 'mailFlow.reveal', title: l10n.t('Show the first line in the log'), arguments: [{ path: file.path, line: place.line } satisfies RawLine] };
  return made;
}
