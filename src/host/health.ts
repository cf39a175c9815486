import { l10n, ThemeColor, ThemeIcon } from 'vscode';
import type { Insight } from '../core/insights/insight';
import type { Severity } from '../core/insights/rule';
import { ruleOf } from '../core/insights/index';
import { versionsOf } from '../core/insights/counted';
import { insightTitle } from '../core/insights/insightsentences';
import { TlsCode } from '../core/model';
import { knownTls, protectedByTls, type TlsCounts } from '../core/report/query';
import { tlsLabels } from '../core/report/sentences';
import { insightCount, insightShare, number, share, translate } from './wording';

/** How well mail was protected: an icon and the same in words, since a colour alone tells nothing to many. */
export interface Health {
  icon: ThemeIcon;
  words: string;
}

/** @param insights those about the connector, the worst first. */
export function healthOf(tls: TlsCounts, insights: readonly Insight[]): Health {
  if (insights.length > 0) return { icon: severityIcon(insights[0].severity), words: insightCount(insights.length) };
  if (knownTls(tls) === 0)
    return { icon: new ThemeIcon('question', new ThemeColor('disabledForeground')), words: l10n.t('TLS is unknown') };
  return { icon: new ThemeIcon('pass', new ThemeColor('testing.iconPassed')), words: l10n.t('No insight') };
}

/** The icon and colour that VS Code gives problems of this severity. */
export function severityIcon(severity: Severity): ThemeIcon {
  switch (severity) {
    case 'error':
      return new ThemeIcon('error', new ThemeColor('problemsErrorIcon.foreground'));
    case 'warning':
      return new ThemeIcon('warning', new ThemeColor('problemsWarningIcon.foreground'));
    case 'information':
      return new ThemeIcon('info', new ThemeColor('problemsInfoIcon.foreground'));
  }
}

/** The share of an insight, else of the weakest TLS version that occurs, e.g. "No TLS 45.3%": what to look at first. */
export function worstShare(tls: TlsCounts, insight: Insight | undefined): string {
  const known = knownTls(tls),
    labels = tlsLabels(translate);
  if (insight) {
    const version = versionsOf(insight)?.at(-1);
    return version === undefined || ruleOf(insight.id).compares
      ? insightTitle(translate, insight, number)
      : `${labels[version]} ${insightShare(insight)}`;
  }
  if (known === 0) return l10n.t('TLS is unknown');
  const worst = [
    TlsCode.none,
    TlsCode.ssl30,
    TlsCode.tls10,
    TlsCode.tls11,
    TlsCode.tls12,
    TlsCode.tls13,
    TlsCode.tls,
  ].find((code) => tls[code] > 0)!;
  return `${labels[worst]} ${share(tls[worst], known)}`;
}

/** "97% protected", of the messages whose TLS is known. */
export function protectedShare(tls: TlsCounts): string {
  return knownTls(tls) === 0
    ? l10n.t('TLS is unknown')
    : l10n.t('{0} protected', share(protectedByTls(tls), knownTls(tls)));
}
