import {
  CodeAction,
  CodeActionKind,
  commands,
  l10n,
  languages,
  window,
  workspace,
  type Diagnostic,
  type TextDocument,
  type Uri,
} from 'vscode';
import { ruleOf } from '../../core/insights/index';
import type { Insight } from '../../core/insights/insight';
import { insightTitle } from '../../core/insights/insightsentences';
import type { Override } from '../../core/insights/overrides';
import { connectorLabel } from '../../core/report/sentences';
import { codeOf, mostProblems, source } from './diagnostics';
import { Disposing } from '../dispose';
import { insightPage, showPage } from './pages';
import { linesScheme } from '../figures/excerpt';
import type { Store } from '../reading/store';
import { settingsTarget } from '../configuration';
import { insightText, number, plainText, translate } from '../wording';

/** Days for which an insight is ignored, unless the user names another day. */
const usualDays = 90;

/** What can be done about an insight: quick fixes of its problem, and entries in the tree. */
export class Fixes extends Disposing {
  /** @param extension where the pages of the insights are. */
  constructor(
    private readonly store: Store,
    extension: Uri,
  ) {
    super();
    this.own(
      languages.registerCodeActionsProvider(
        [{ scheme: 'file' }, { scheme: linesScheme }],
        {
          provideCodeActions: (document, _range, { diagnostics }) =>
            diagnostics.flatMap((diagnostic) => this.actionsFor(document, diagnostic)),
        },
        { providedCodeActionKinds: [CodeActionKind.QuickFix] },
      ),
    );
    this.own(
      commands.registerCommand(
        'mailFlow.changeThreshold',
        (node?: { insight?: Insight }) => node?.insight && this.changeThreshold(node.insight),
      ),
    );
    this.own(
      commands.registerCommand(
        'mailFlow.explainInsight',
        (node?: { insight?: Insight }) => node?.insight && showPage(insightPage(extension, node.insight.id)),
      ),
    );
    this.own(
      commands.registerCommand(
        'mailFlow.ignoreInsight',
        (node?: { insight?: Insight }) => node?.insight && this.ignore(node.insight),
      ),
    );
  }

  private actionsFor(_document: TextDocument, diagnostic: Diagnostic): CodeAction[] {
    // What comes back from VS Code is a copy, so the insight is found by its sentence, which names its connector and
    // figures.
    const report = this.store.usualReport;
    const insight =
      report && diagnostic.source === source
        ? report.insights
            .slice(0, mostProblems)
            .find((one) => one.id === codeOf(diagnostic) && insightText(one, report) === diagnostic.message)
        : undefined;
    if (!insight) return [];
    const action = (title: string, command: string, argument: unknown) => {
      const made = new CodeAction(title, CodeActionKind.QuickFix);
      made.diagnostics = [diagnostic];
      made.command = { command, title, arguments: [argument] };
      return made;
    };
    return [
      action(l10n.t('Show in the mail flow report'), 'mailFlow.showInReport', {
        connector: { name: insight.connector, direction: insight.direction },
      }),
      action(l10n.t('Show all offending lines'), 'mailFlow.showLines', { insight }),
      action(l10n.t('Explain this insight'), 'mailFlow.explainInsight', { insight }),
      action(l10n.t('Change the threshold…'), 'mailFlow.changeThreshold', { insight }),
      action(l10n.t('Ignore for this connector until…'), 'mailFlow.ignoreInsight', { insight }),
      action(l10n.t('Propose a connector rule…'), 'mailFlow.proposeRule', { insight }),
    ];
  }

  /** Asks for another threshold and sets it; figures and problems follow, and no log is read again. */
  private async changeThreshold({ id, threshold }: Insight): Promise<void> {
    const rule = ruleOf(id);
    // A connector with a threshold of its own does not follow the common one.
    if (threshold !== this.store.state.settings.limits[rule.setting]) {
      await commands.executeCommand('workbench.action.openSettings', 'mailFlow.insights.overrides');
      return;
    }
    const wrong = (text: string) =>
      text.trim() === '' || !(Number(text) >= rule.least && Number(text) <= rule.most)
        ? l10n.t('A number from {0} to {1} is expected.', number(rule.least), number(rule.most))
        : undefined;
    const prompt = {
      percent: l10n.t('More than so many percent make an insight of a connector.'),
      messages: l10n.t('At least so many messages before make an insight of a connector that has none now.'),
      points: l10n.t('More than so many percentage points over the baseline make an insight of a connector.'),
    }[rule.unit];
    const text = await window.showInputBox({
      title: l10n.t('Threshold of "{0}"', insightTitle(translate, { id, threshold }, number)),
      prompt,
      value: String(threshold),
      ignoreFocusOut: true,
      validateInput: wrong,
    });
    if (text !== undefined)
      await workspace
        .getConfiguration('mailFlow')
        .update(`insights.${rule.setting}.threshold`, Number(text), settingsTarget());
  }

  /** Adds an exception to the settings. It needs a reason and ends on a day, so that nobody forgets it. */
  private async ignore({ id, threshold, connector, direction }: Insight): Promise<void> {
    if (direction === 'internal') return;
    const title = l10n.t(
      'Ignore "{0}" for {1}',
      insightTitle(translate, { id, threshold }, number),
      plainText(connectorLabel(translate, connector, direction)),
    );
    const reason = await window.showInputBox({
      title,
      prompt: l10n.t('Why is it ignored? Who reads the settings later will see this.'),
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() === '' ? l10n.t('A reason is needed.') : undefined),
    });
    if (reason === undefined) return;
    const { zone } = this.store.state.settings,
      now = zone.dayOf(Date.now());
    const until = await window.showInputBox({
      title,
      prompt: l10n.t('The last day on which it is ignored, as YYYY-MM-DD.'),
      ignoreFocusOut: true,
      value: new Date(Date.parse(now) + usualDays * 86_400_000).toISOString().slice(0, 10),
      validateInput: (text) =>
        /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && text >= now
          ? undefined
          : l10n.t('A day from today on is expected, as YYYY-MM-DD.'),
    });
    if (until === undefined) return;
    const config = workspace.getConfiguration('mailFlow');
    const override: Override = { connector, direction, insight: id, ignore: true, reason: reason.trim(), until };
    await config.update(
      'insights.overrides',
      [...config.get<Override[]>('insights.overrides', []).flatMap((one) => without(one, override)), override],
      settingsTarget(),
    );
  }
}

/**
 * What is left of an exception beside another one: two about the same connector, direction and insight would contradict
 * each other.
 */
function without(one: Override, other: Override): Override[] {
  if (
    one.connector !== other.connector ||
    (one.insight !== undefined && one.insight !== other.insight) ||
    (one.direction !== undefined && one.direction !== other.direction)
  )
    return [one];
  return one.direction === undefined
    ? [{ ...one, direction: other.direction === 'inbound' ? 'outbound' : 'inbound' }]
    : [];
}
