import { isDeepStrictEqual } from 'node:util';
import { Diagnostic, DiagnosticSeverity, languages, workspace, type LogOutputChannel, type Uri } from 'vscode';
import type { Cube } from '../../core/cube/cube';
import { unknownConnectors } from '../../core/insights/overrides';
import { Disposing } from '../dispose';
import type { SettingRemark } from '../configuration';
import { rangeOf, settingsFileOf } from './settingsfiles';
import type { Store } from '../reading/store';
import { plainText, translate } from '../wording';

/**
 * What is wrong with settings, or should be known about them: at its place in settings.json, or in the log where that
 * file is not at hand.
 */
export class SettingsChecks extends Disposing {
  private readonly collection = this.own(languages.createDiagnosticCollection('mailFlow.settings'));
  private remarks: readonly SettingRemark[] = [];
  private readonly logged = new Set<string>();
  private turn = 0;
  private checked: { cube: Cube; overrides: unknown } | undefined;

  /** @param storage the extension's global storage. */
  constructor(
    private readonly store: Store,
    private readonly storage: Uri,
    private readonly log: LogOutputChannel,
  ) {
    super();
    this.own(store.onDidChange(() => this.look()));
  }

  /** Shows remarks in place of those there were. */
  show(remarks: readonly SettingRemark[]): void {
    this.remarks = remarks;
    void this.publish();
  }

  /** Other figures, or other overrides: whether there are connectors for them may have changed. */
  private look(): void {
    const {
      analysis,
      settings: {
        limits: { overrides },
      },
      reading,
    } = this.store.state;
    if (
      reading ||
      !analysis?.complete ||
      (this.checked?.cube === analysis.cube && this.checked.overrides === overrides)
    )
      return;
    this.checked = { cube: analysis.cube, overrides };
    void this.publish();
  }

  private async publish(): Promise<void> {
    const turn = ++this.turn,
      byFile = new Map<string, [Uri, Diagnostic[]]>();
    for (const remark of [...this.remarks, ...this.withoutConnector()]) {
      const { key, wrong } = remark,
        message = plainText(remark.message);
      const file = await settingsFileOf(key, this.storage);
      if (turn !== this.turn || this.disposed) return;
      if (!file) {
        this.tell(`mailFlow.${key}: ${message}`);
        continue;
      }
      const diagnostic = new Diagnostic(
        rangeOf(file, key, remark),
        message,
        wrong ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
      );
      diagnostic.source = 'Mail Flow';
      diagnostic.code = `mailFlow.${key}`;
      const [, some] = byFile.get(String(file.uri)) ?? [file.uri, []];
      byFile.set(String(file.uri), [file.uri, [...some, diagnostic]]);
    }
    this.collection.clear();
    this.collection.set([...byFile.values()]);
  }

  /**
   * Overrides for connectors that the logs do not have, each at its position in the setting, in which there may be
   * others that have expired.
   */
  private withoutConnector(): SettingRemark[] {
    const {
      analysis,
      settings: {
        limits: { overrides = [] },
      },
    } = this.store.state;
    if (!analysis?.complete) return [];
    const written = workspace
      .getConfiguration('mailFlow')
      .get<unknown[]>('insights.overrides', [])
      .map((one) => JSON.parse(JSON.stringify(one)) as unknown);
    return unknownConnectors(overrides, analysis.cube, translate).map(({ at: [i, ...rest], message }) => ({
      key: 'insights.overrides',
      wrong: false,
      message,
      at: [written.findIndex((one) => isDeepStrictEqual(one, { ...overrides[i as number] })), ...rest],
    }));
  }

  /** Once for each sentence, since settings are checked again with every log. */
  private tell(sentence: string): void {
    if (this.logged.has(sentence)) return;
    this.logged.add(sentence);
    this.log.warn(sentence);
  }
}
