import { commands, l10n, window, type Memento } from 'vscode';
import {
  connectorKey,
  readBaseline,
  compareWith,
  baselineIndex,
  type Baseline,
  type BaselineConnector,
} from '../../core/report/baseline';
import type { ConnectorSummary } from '../../core/report/query';
import { tlsJson } from '../../export/json';
import type { Report } from '../../export/report';
import { Disposing } from '../dispose';
import type { Store } from '../reading/store';
import { number } from '../wording';

/**
 * Under which the baseline is kept in the workspace, in the form of a JSON export, so that one of a later version can
 * be read or refused.
 */
const baselineKey = 'baseline';

/** The report that later ones are compared with. It is kept in the workspace; files are not read again for it. */
export class Baselines extends Disposing {
  constructor(
    private readonly store: Store,
    private readonly kept: Memento,
  ) {
    super();
    this.own(commands.registerCommand('mailFlow.setBaseline', () => this.set()));
    this.own(commands.registerCommand('mailFlow.clearBaseline', () => this.use(undefined)));
    const { baseline } = readBaseline(kept.get(baselineKey));
    if (baseline) store.update({ baseline });
    tellContext(baseline);
  }

  private async set(): Promise<void> {
    const report = await this.store.settled(),
      { state } = this.store;
    if (!report || state.reading || state.outdated || !report.analysis.complete) {
      void window.showInformationMessage(
        l10n.t('Only a complete report can be the baseline. Open a mail log, and wait until it has been read.'),
      );
      return;
    }
    const baseline = baselineOf(report);
    await this.use(baseline);
    void window.showInformationMessage(
      baseline.connectors.length === 1
        ? l10n.t('This report is the baseline now, with 1 connector.')
        : l10n.t('This report is the baseline now, with {0} connectors.', number(baseline.connectors.length)),
    );
  }

  private async use(baseline: Baseline | undefined): Promise<void> {
    this.store.update({ baseline });
    tellContext(baseline);
    await this.kept.update(baselineKey, baseline && storedForm(baseline));
  }
}

function tellContext(baseline: Baseline | undefined): void {
  void commands.executeCommand('setContext', 'mailFlow.hasBaseline', baseline !== undefined);
}

/**
 * The figures of a report that later ones are compared with: messages by TLS version of each connector in the period on
 * show.
 */
function baselineOf({ messages }: Report): Baseline {
  const iso = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  const connectors = messages.connectors.flatMap(({ name, direction, tls }): BaselineConnector[] =>
    direction === 'internal' ? [] : [{ name, direction, tls: [...tls] }],
  );
  return { from: iso(messages.period?.from), to: iso(messages.period?.to), connectors };
}

function storedForm({ from, to, connectors }: Baseline): object {
  return {
    schema: 'mail-flow-report/1',
    period: { from, to },
    connectors: connectors.map(({ name, direction, tls }) => ({ name, direction, tls: tlsJson(tls) })),
  };
}

const indexes = new WeakMap<Baseline, Map<string, BaselineConnector>>();

/**
 * How a connector compares with the baseline, in words; undefined without one, or where the shares can't be compared.
 */
export function comparisonText(
  { name, direction, tls }: ConnectorSummary,
  baseline: Baseline | undefined,
): string | undefined {
  if (!baseline) return undefined;
  const index = indexes.get(baseline) ?? baselineIndex(baseline);
  indexes.set(baseline, index);
  const before = index.get(connectorKey(name, direction));
  if (!before) return l10n.t('Not in the baseline');
  switch (compareWith(tls, before).change) {
    case 'worse':
      return l10n.t('Worse than the baseline');
    case 'better':
      return l10n.t('Better than the baseline');
    case 'same':
      return l10n.t('The same as in the baseline');
    case undefined:
      return undefined;
  }
}
