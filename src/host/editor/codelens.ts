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
import { idsOf } from '../../core/drilldown/lineids';
import type { Report } from '../../export/report';
import { Disposing } from '../dispose';
import { lineOf, linesScheme, shownLog, type ShownLog } from '../figures/excerpt';
import { sameLines } from './linefacts';
import type { Reveal } from './reveal';
import type { Store } from '../reading/store';
import { Throttle } from '../throttle';
import { messageCount, plainText, translate } from '../wording';

/** Most lines of a log with a lens: each pushes the others apart. */
const most = 200;
/** The longest line that is searched for ids. */
const longestLine = 16 * 1024;

/**
 * Above the first line of each figure in a log of the report: what it is the first of, all of these lines, and the
 * message itself.
 */
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
    const { report } = this.store;
    const shown = shownLog(document);
    if (!report || !shown || !this.isOffered(document)) return [];
    const file = report.analysis.files.findIndex(({ path, format }) => path === shown.path && format !== null);
    if (file < 0 || !sameLines(shown, report.analysis.files[file])) return [];
    const firsts = firstLines(report, file, shown);
    const lenses = firsts.sort((a, b) => a.line - b.line).slice(0, most);
    return [...lenses.flatMap((first) => lensesOf(first, shown)), ...this.wholeLog(document, shown)];
  }

  private isOffered(document: TextDocument): boolean {
    const enabled = workspace.getConfiguration('mailFlow').get<boolean>('codeLens.enabled') === true;
    return enabled && !this.store.state.reading && !document.isDirty;
  }

  /** The way from a part of a log to all of it. */
  private wholeLog(document: TextDocument, shown: ShownLog): CodeLens[] {
    if (shown.whole || !this.reveal.opensWhole(shown.path)) return [];
    const at = lineOf(document.uri);
    const title = l10n.t('Show in the whole log');
    return [new CodeLens(rangeAt(shown, at.line), { title, command: 'mailFlow.reveal', arguments: [at] })];
  }
}

/** The first line of a figure. */
interface FirstLine {
  line: number;
  title: string;
  figure: Figure;
}

/** The figures of the report whose first line is among those shown. */
function firstLines(report: Report, file: number, shown: ShownLog): FirstLine[] {
  return report.messages.connectors.flatMap(({ name, direction, tls, places }) =>
    [...places.entries()].flatMap(([version, place]) => {
      if (place?.file !== file || tls[version] === 0) return [];
      if (place.line < shown.first || place.line > shown.last) return [];
      const known: TlsVersion = tlsVersions[version];
      const figure: Figure = { ...report.filter, connectors: [name], directions: [direction], tls: [known] };
      const connector = connectorLabel(translate, name, direction);
      const flow = translate('{0}: {1}', directionLabel(translate, direction), connector);
      const title = `${flow} · ${tlsLabel(translate, known)} · ${messageCount(tls[version])}`;
      return [{ line: place.line, title: plainText(title), figure }];
    }),
  );
}

function lensesOf({ line, title, figure }: FirstLine, shown: ShownLog): CodeLens[] {
  const range = rangeAt(shown, line);
  const tooltip = l10n.t('This is the first of these lines. Show all of them');
  const lens = new CodeLens(range, { title, tooltip, command: 'mailFlow.showLines', arguments: [{ figure }] });
  const [id] = idsIn(shown.text(line));
  if (id === undefined) return [lens];
  const follow = { title: l10n.t('Follow this message'), command: 'mailFlow.followMessage', arguments: [id] };
  return [lens, new CodeLens(range, follow)];
}

function rangeAt(shown: ShownLog, line: number): Range {
  return new Range(line - shown.first, 0, line - shown.first, 0);
}

/** Ids of the message or session that a line is about. */
function idsIn(text: string): string[] {
  const { message, session } = idsOf(text.slice(0, longestLine));
  return [...message, ...session];
}
