import { commands, l10n, window, workspace } from 'vscode';
import { hostsBehind } from '../../core/insights/hosts';
import type { Insight } from '../../core/insights/insight';
import type { Direction } from '../../core/model';
import type { ConnectorSummary } from '../../core/report/query';
import type { RemoteSummary } from '../../core/report/remotes';
import type { ConnectorRule } from '../../core/connectors/rules';
import { domainOf } from '../../core/text/domain';
import { Disposing } from '../dispose';
import { settingsTarget } from '../configuration';
import { inSlices } from '../slices';
import type { Store } from '../reading/store';
import { messageCount, plainText } from '../wording';

/** Most hosts to choose from. */
const mostHosts = 50;

/**
 * Makes a connector of the user's own from a remote host, in the tree or behind an insight: proposes the rule, asks for
 * its name, and puts it before the others.
 */
export class Proposals extends Disposing {
  constructor(private readonly store: Store) {
    super();
    this.own(
      commands.registerCommand(
        'mailFlow.proposeRule',
        (node?: { connector?: ConnectorSummary; remote?: RemoteSummary; insight?: Insight }) => {
          if (node?.insight) return this.proposeFor(node.insight);
          return node?.connector && node.remote && propose(node.connector.direction, node.remote.host);
        },
      ),
    );
  }

  /** Behind an insight there may be several hosts: which of them gets a connector of its own? */
  private async proposeFor(insight: Insight): Promise<void> {
    const { report } = this.store;
    if (!report) return;
    const hosts = new Map<string, number>();
    const [behind] = await inSlices(hostsBehind(report.analysis.cube, report.filter, [insight], mostHosts));
    for (const { host, messages } of behind) if (host !== '') hosts.set(host, (hosts.get(host) ?? 0) + messages);
    if (hosts.size === 0) {
      void window.showInformationMessage(
        l10n.t('The log names no host behind this insight, so there is nothing that a rule could go by.'),
      );
      return;
    }
    const items = [...hosts].map(([host, messages]) => ({
      label: plainText(host),
      description: messageCount(messages),
      host,
    }));
    const chosen =
      items.length === 1
        ? items[0]
        : await window.showQuickPick(items, {
            title: l10n.t('New Connector: Which Remote Host?'),
            matchOnDescription: true,
          });
    if (chosen) await propose(insight.direction, chosen.host);
  }
}

/**
 * The hosts or addresses a rule for this host would name: an address as it is; a name with its domain, when it has more
 * than a domain, so that the other servers of the same partner belong to it too.
 * @internal for its test
 */
export function proposedRule(host: string, direction: ConnectorRule['direction']): Omit<ConnectorRule, 'name'> {
  if (/^[\d.]+$|:/.test(host)) return { direction, addresses: [host] };
  const domain = domainOf(host);
  return { direction, hosts: domain !== host && host.endsWith(`.${domain}`) ? [host, `*.${domain}`] : [host] };
}

async function propose(direction: Direction, host: string): Promise<void> {
  if (direction === 'internal') return;
  const rule = proposedRule(host, direction);
  const pattern = plainText((rule.hosts ?? rule.addresses ?? []).join(', '));
  const name = await window.showInputBox({
    title: l10n.t('New Connector for {0}', plainText(host)),
    prompt: l10n.t('Its name. Mail with {0} will belong to it.', pattern),
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? l10n.t('A name is needed.') : undefined),
  });
  if (name === undefined) return;
  const config = workspace.getConfiguration('mailFlow');
  // The first rule that matches wins, so the new one goes first.
  await config.update(
    'connectors',
    [{ name: name.trim(), ...rule }, ...config.get<ConnectorRule[]>('connectors', [])],
    settingsTarget(),
  );
}
