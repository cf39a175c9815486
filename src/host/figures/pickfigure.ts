import { l10n, window, type QuickPickItem } from 'vscode';
import type { Figure } from '../../core/drilldown/figure';
import { tlsVersions } from '../../core/model';
import { connectorLabel, directionLabel, tlsLabels } from '../../core/report/sentences';
import type { Report } from '../../export/report';
import { figureOfNode, type Counted } from './figures';
import { messageCount, plainText, sessionCount, translate } from '../wording';

/** Asks for a connector, and then for one of its TLS versions or all of its messages. */
export async function pickFigure(report: Report): Promise<Figure | undefined> {
  const parts = [
    { summary: report.messages, sessions: false },
    { summary: report.sessions, sessions: true },
  ];
  const count = (n: number, sessions: boolean) => (sessions ? sessionCount(n) : messageCount(n));
  const connectors = parts.flatMap((part) =>
    part.summary.connectors
      .filter(({ messages }) => messages > 0)
      .map((connector) => ({
        label: plainText(connectorLabel(translate, connector.name, connector.direction)),
        description: `${directionLabel(translate, connector.direction)}, ${count(connector.messages, part.sessions)}`,
        node: { part, connector },
      })),
  );
  const chosen = await pick(l10n.t('Show Lines: Which Connector?'), connectors);
  if (!chosen) return undefined;
  const { part, connector } = chosen,
    labels = tlsLabels(translate);
  const versions = tlsVersions.flatMap((_, version) =>
    connector.tls[version] > 0
      ? [
          {
            label: labels[version],
            description: count(connector.tls[version], part.sessions),
            node: { part, connector, version },
          },
        ]
      : [],
  );
  const all = {
    label: l10n.t('All TLS versions'),
    description: count(connector.messages, part.sessions),
    node: { part, connector },
  };
  const node: Counted | undefined =
    versions.length > 1 ? await pick(l10n.t('Show Lines: Which TLS Version?'), [all, ...versions]) : all.node;
  return node && figureOfNode(report, node);
}

async function pick<T>(title: string, items: readonly (QuickPickItem & { node: T })[]): Promise<T | undefined> {
  return (await window.showQuickPick(items, { title, matchOnDescription: true }))?.node;
}
