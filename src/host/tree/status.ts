import { l10n } from 'vscode';
import type { Report } from '../../export/report';
import type { State } from '../reading/store';

/** What has to be known before a figure is believed; undefined where all is well. */
export function statusText(
  { files, analysis, reading, outdated }: State,
  report: Report | undefined,
): string | undefined {
  const percent = reading && reading.total > 0 ? Math.min(100, Math.floor((reading.read / reading.total) * 100)) : 0;
  if (reading)
    return analysis?.complete
      ? l10n.t('Reading again… {0}%', percent)
      : l10n.t('Reading… {0}%. The figures are partial.', percent);
  if (analysis && !analysis.complete) return l10n.t('The reading was ended before its end. The figures are partial.');
  if (outdated === 'failed') return l10n.t('The last reading failed. The figures are those of the one before.');
  if (outdated === 'cancelled')
    return analysis
      ? l10n.t('The last reading was cancelled. The figures are those of the one before.')
      : l10n.t('The reading was cancelled.');
  if (!analysis && files.length > 0) return l10n.t('No file has been analyzed yet. Choose one below.');
  const empty = report && report.messages.connectors.length + report.sessions.connectors.length === 0;
  return empty ? l10n.t('There is no message in this period.') : undefined;
}
