import { commands, EventEmitter, l10n, window, type TreeDataProvider, type TreeItem, type TreeView } from 'vscode';
import { UnitCode } from '../../core/model';
import type { ConnectorSummary } from '../../core/report/query';
import { remotesOf } from '../../core/report/remotes';
import { connectorLabel } from '../../core/report/sentences';
import type { Report } from '../../export/report';
import { Disposing } from '../dispose';
import type { Store } from '../reading/store';
import { Throttle } from '../throttle';
import { days, insightCount, number, plainText, translate } from '../wording';
import type { ConnectorChoice } from './choice';
import { itemOf, tooltipOf } from './items';
import { connectorsOf, insightsOf, partsOf, type Direction, type Node, type Part } from './nodes';
import { inOrder, matching } from './order';
import { statusText } from './status';

/** Hosts shown for a connector; the rest is one row. */
const mostRemotes = 50;
/**
 * Connectors that are listed at first, and with each click on the row of the others: VS Code makes all rows of a tree
 * at once.
 */
const pageSize = 200;

/** The view *Connectors*: directions, their connectors, and for each its TLS versions and insights. */
export class ConnectorsView extends Disposing implements TreeDataProvider<Node> {
  private readonly changed = this.own(new EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: TreeView<Node>;
  private known: { report: Report; parts: Part[] } | undefined;
  /** How many connectors are listed, by the id of the row of the others, where the user asked for more. */
  private readonly listed = new Map<string, number>();

  constructor(
    private readonly store: Store,
    private readonly choice: ConnectorChoice,
  ) {
    super();
    this.view = this.own(
      window.createTreeView('mailFlow.connectors', { treeDataProvider: this, showCollapseAll: true }),
    );
    const refresh = this.own(new Throttle(250, () => this.refresh()));
    this.own(store.onDidChange(() => refresh.ask()));
    this.own(
      choice.onDidChange(() => {
        this.listed.clear();
        refresh.ask();
      }),
    );
    this.own(
      commands.registerCommand('mailFlow.showMoreConnectors', (id: string) => {
        this.listed.set(id, (this.listed.get(id) ?? pageSize) + pageSize);
        this.changed.fire(undefined);
      }),
    );
  }

  getChildren(node?: Node): Node[] {
    if (!node) return this.roots();
    const { part } = node;
    if (node.kind === 'direction') return this.connectors(part, node.direction);
    if (node.kind === 'remotes') return this.remotes(node);
    if (node.kind !== 'connector') return [];
    const { connector } = node;
    const versions = connector.tls.flatMap((n, version): Node[] =>
      n > 0 ? [{ kind: 'tls', part, connector, version }] : [],
    );
    return [
      ...insightsOf(part, connector).map((insight): Node => ({ kind: 'insight', part, insight })),
      ...versions,
      ...(connector.messages > 0 ? [{ kind: 'remotes', part, connector } satisfies Node] : []),
    ];
  }

  getTreeItem(node: Node): TreeItem {
    return itemOf(node);
  }

  resolveTreeItem(item: TreeItem, node: Node): TreeItem {
    item.tooltip ??= tooltipOf(node);
    return item;
  }

  private parts(): Part[] {
    const { report } = this.store;
    if (!report) return [];
    if (this.known?.report !== report) this.known = { report, parts: partsOf(report) };
    return this.known.parts;
  }

  private connectors(part: Part, direction: Direction): Node[] {
    const wanted = inOrder(this.wanted(part, direction), this.choice.order),
      most = this.listed.get(`${part.sessions} ${direction} more`) ?? pageSize;
    const nodes = wanted.slice(0, most).map((connector): Node => ({ kind: 'connector', part, connector }));
    return wanted.length > most ? [...nodes, { kind: 'more', part, direction, hidden: wanted.length - most }] : nodes;
  }

  /** The connectors that pass the user's filter. */
  private wanted(part: Part, direction: Direction): readonly ConnectorSummary[] {
    return matching(
      connectorsOf(part, direction),
      this.choice.text,
      ({ name }) => name ?? connectorLabel(translate, name, direction),
    );
  }

  private remotes({ part, connector }: { part: Part; connector: ConnectorSummary }): Node[] {
    const filter = { ...part.report.filter, directions: [connector.direction], connectors: [connector.name] };
    return remotesOf(
      part.report.analysis.cube,
      filter,
      mostRemotes,
      part.sessions ? UnitCode.session : UnitCode.message,
    ).map((remote) => ({ kind: 'remote', part, connector, remote }));
  }

  private roots(): Node[] {
    const parts = this.parts();
    const roots = parts.flatMap((part) =>
      (['inbound', 'outbound'] as const)
        .filter((direction) => this.wanted(part, direction).length > 0)
        .map((direction): Node => ({ kind: 'direction', part, direction })),
    );
    return parts[0]?.summary.internal > 0 && this.choice.text.trim() === ''
      ? [...roots, { kind: 'internal', part: parts[0] }]
      : roots;
  }

  private refresh(): void {
    const { state, report, usualReport } = this.store,
      insights = usualReport?.insights.length ?? 0;
    this.view.badge = insights === 0 ? undefined : { value: insights, tooltip: insightCount(insights) };
    const period = report?.messages.period ?? report?.sessions.period;
    this.view.description = period && days(period.from, period.to - 1, report!.view.zone.name);
    this.view.message = [statusText(state, report), this.filterText()].filter(Boolean).join(' ') || undefined;
    this.changed.fire(undefined);
  }

  /** How much the filter leaves, so that nobody takes a part for the whole. */
  private filterText(): string | undefined {
    const text = this.choice.text.trim(),
      parts = this.parts();
    if (text === '' || parts.length === 0) return undefined;
    const count = (of: (part: Part, direction: Direction) => readonly ConnectorSummary[]) =>
      parts.reduce((sum, part) => sum + of(part, 'inbound').length + of(part, 'outbound').length, 0);
    return l10n.t(
      '{0} of {1} connectors match "{2}".',
      number(count((part, direction) => this.wanted(part, direction))),
      number(count(connectorsOf)),
      plainText(text),
    );
  }
}
