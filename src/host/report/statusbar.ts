import { l10n, StatusBarAlignment, window } from 'vscode';
import type { Report } from '../../export/report';
import { Disposing } from '../dispose';
import type { Store } from '../reading/store';
import { Throttle } from '../throttle';
import { protectedShare } from '../health';
import { days, insightCount, messageCount, sessionCount } from '../wording';

/** The figures of the open report in the status bar; a click leads to it. Without a report there is nothing. */
export class StatusBar extends Disposing {
  private readonly item = this.own(window.createStatusBarItem('mailFlow.summary', StatusBarAlignment.Left));

  constructor(private readonly store: Store) {
    super();
    this.item.name = l10n.t('Mail Flow Report');
    this.item.command = 'mailFlow.openReport';
    const refresh = this.own(new Throttle(250, () => this.refresh()));
    this.own(store.onDidChange(() => refresh.ask()));
  }

  /** What the item says, for tests. */
  get text(): string | undefined {
    return this.store.report && this.item.text;
  }

  private refresh(): void {
    const { report, state } = this.store;
    if (!report) {
      this.item.hide();
      return;
    }
    const words = summaryOf(report),
      partial = state.reading !== undefined || !report.analysis.complete;
    const icon = report.insights.length > 0 ? '$(warning)' : '$(graph)';
    this.item.text = [`${icon} ${words.join(' · ')}`, partial && l10n.t('(partial)')].filter(Boolean).join(' ');
    const lines = [
      l10n.t('Mail Flow Report'),
      ...words,
      partial && l10n.t('The figures are partial.'),
      l10n.t('Click to open the report.'),
    ].filter(Boolean) as string[];
    this.item.tooltip = lines.join('\n');
    this.item.accessibilityInformation = { label: lines.join(', '), role: 'button' };
    this.item.show();
  }
}

/**
 * Period, volume, protected share and insights; of a report without messages those of the sessions that others have
 * reported.
 */
function summaryOf({ messages, sessions, insights, view }: Report): string[] {
  const counted = messages.period || !sessions.period ? messages : sessions,
    n = counted.inbound.messages + counted.outbound.messages;
  const tls = counted.inbound.tls.map((count, version) => count + counted.outbound.tls[version]);
  const { period } = counted;
  return [
    period && days(period.from, period.to - 1, view.zone.name),
    counted === sessions ? sessionCount(n) : messageCount(n),
    protectedShare(tls),
    insightCount(insights.length),
  ].filter((word) => word !== undefined);
}
