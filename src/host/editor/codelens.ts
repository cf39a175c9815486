import {
  CodeLens,
  EventEmitter,
  languages,
  l10n,
  Range,
  workspace,
  type CodeLensProvider,
  type TextDocument,
} from 'vscode';
import type { Figure } from '../../core/drilldown/figure';
import { tlsVersions, type TlsVersion } from '../../core/model';
import { connectorLabel, directionLabel, tlsLabel } from '../../core/report/sentences';
import { cluesOf } from '../../core/drilldown/clues';
import { Disposing } from '../dispose';
import { lineOf, linesScheme, shownLog } from '../figures/excerpt';
import { sameLines } from './linefacts';
import type { Reveal } from './reveal';
import type { Store } from '../reading/store';
import { Throttle } from '../throttle';
import { messageCount, plainText, translate } from '../wording';

/** Most lines of a log with a lens: each pushes the others apart. */
const most = 200;
/** The longest line that is searched for ids. */
const longestLine = 16 * 1024;

/** Above the first line of each figure in a log of the report: what it is the first of, all of these lines, and the message itself. */
export class FigureLenses extends Disposing implements CodeLensProvider {
  private readonly changed = this.own(new EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly store: Store,
    private readonly reveal: Reveal,
  ) {
    super();
    const refresh = this.own(new Throttle(500, () => this.changed.fire()));
    this.own(languages.registerCodeLensProvider([{ scheme: 'file' }, { scheme: linesScheme }], this));
    this.own(store.onDidChange(() => refresh.ask()));
    this.own(
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('mailFlow.codeLens.enabled')) this.changed.fire();
      }),
    );
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    const { report, state } = this.store,
      shown = shownLog(document);
    if (
      !report ||
      !shown ||
      state.reading ||
      document.isDirty ||
      !workspace.getConfiguration('mailFlow').get<boolean>('codeLens.enabled')
    )
      return [];
    const file = report.analysis.files.findIndex(({ path, format }) => path === shown.path && format !== null);
    if (file < 0 || !sameLines(shown, report.analysis.files[file])) return [];
    const rangeAt = (line: number) => new Range(line - shown.first, 0, line - shown.first, 0);
    const firsts: { line: number; title: string; figure: Figure }[] = [];
    for (const { name, direction, tls, places } of report.messages.connectors) {
      for (const [version, place] of places.entries()) {
        if (place?.file !== file || tls[version] === 0 || place.line < shown.first || place.line > shown.last) continue;
        const figure: Figure = {
          ...report.filter,
          connectors: [name],
          directions: [direction],
          tls: [(tlsVersions as readonly TlsVersion[])[version]],
        };
        const title = `${translate('{0}: {1}', directionLabel(translate, direction), connectorLabel(translate, name, direction))} · ${tlsLabel(translate, figure.tls![0])} · ${messageCount(tls[version])}`;
        firsts.push({ line: place.line, title: plainText(title), figure });
      }
    }
    const lenses = firsts
      .sort((a, b) => a.line - b.line)
      .slice(0, most)
      .flatMap(({ line, title, figure }) => {
        const range = rangeAt(line),
          [id] = idsIn(shown.text(line));
        const lens = new CodeLens(range, {
          title,
          tooltip: l10n.t('This is the first of these lines. Show all of them'),
          command: 'mailFlow.showLines',
          arguments: [{ figure }],
        });
        return id === undefined
          ? [lens]
          : [
              lens,
              new CodeLens(range, {
                title: l10n.t('Follow this message'),
                command: 'mailFlow.followMessage',
                arguments: [id],
              }),
            ];
      });
    if (shown.whole || !this.reveal.opensWhole(shown.path)) return lenses;
    const at = lineOf(document.uri);
    return [
      ...lenses,
      new CodeLens(rangeAt(at.line), {
        title: l10n.t('Show in the whole log'),
        command: 'mailFlow.reveal',
        arguments: [at],
      }),
    ];
  }
}

/** Ids of the message or session that a line is about. */
function idsIn(text: string): string[] {
  const { message, session } = cluesOf(text.slice(0, longestLine));
  return [...message, ...session];
}
