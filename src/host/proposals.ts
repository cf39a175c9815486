import { commands, ConfigurationTarget, l10n, window, workspace } from 'vscode';
import type { ConnectorSummary, RemoteSummary } from '../core/query';
import type { ConnectorRule } from '../core/rules';
import { domainOf } from '../core/text/domain';
import { Disposing } from './dispose';
import { plainText } from './wording';

/** Makes a connector of the user's own from a remote host in the tree: proposes the rule, asks for its name, and puts it before the others. */
export class Proposals extends Disposing {
  constructor() {
    super();
    this.own(commands.registerCommand('mailFlow.proposeRule', (node?: { connector?: ConnectorSummary; remote?: RemoteSummary }) => node?.connector && node.remote && propose(node.connector, node.remote)));
  }
}

/**
 * The hosts or addresses a rule for this host would name: an address as it is; a name with its domain, when it has more than a domain,
 * so that the other servers of the same partner belong to it too.
 */
export function proposedRule(host: string, direction: ConnectorRule['direction']): Omit<ConnectorRule, 'name'> {
  if (/^[\d.]+$|:/.test(host)) return { direction, addresses: [host] };
  const domain = domainOf(host);
  return { direction, hosts: domain !== host && host.endsWith(`.${domain}`) ? [host, `*.${domain}`] : [host] };
}

async function propose({ direction }: ConnectorSummary, { host }: RemoteSummary): Promise<void> {
  if (direction === 'internal') return;
  const rule = proposedRule(host, direction);
  const pattern = plainText((rule.hosts ?? rule.addresses ?? []).join(', '));
  const name = await window.showInputBox({
    title: l10n.t('New Connector for {0}', plainText(host)), prompt: l10n.t('Its name. Mail with {0} will belong to it.', pattern), ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? l10n.t('A name is needed.') : undefined),
  });
  if (name === undefined) return;
  const config = workspace.getConfiguration('mailFlow');
  // The first rule that matches wins, so the new one goes first.
  await config.update('connectors', [{ name: name.trim(), ...rule }, ...config.get<ConnectorRule[]>('connectors', [])], workspace.workspaceFolders && workspace.isTrusted ? ConfigurationTarget.Workspace : ConfigurationTarget.Global);
}
