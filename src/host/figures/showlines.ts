import {
  commands,
  DocumentLink,
  EventEmitter,
  l10n,
  languages,
  Range,
  Uri,
  window,
  workspace,
  type TextDocument,
  type TextDocumentContentProvider,
} from 'vscode';
import { lookUp, readFigure, stepOf, type Figure } from '../../core/drilldown/figure';
import type { Report } from '../../export/report';
import type { FigureRequest } from '../../protocol';
import type { Analyser } from '../reading/analyser';
import { Disposing } from '../dispose';
import { figureOfNode, figureTitle, type Counted } from './figures';
import { FigureSearch } from './figuresearch';
import { figureText, type FigureText } from './figuretext';
import { pickFigure } from './pickfigure';
import { rereadRequest } from '../reading/rereader';
import type { State, Store } from '../reading/store';
import { Throttle } from '../throttle';

const figureScheme = 'mailflow-figure';
/** Least milliseconds between two updates of a document: a large one has a long way to the window. */
const pause = 150;
/** Lines that the report knows by their places, given to the search so that they can be shown at once. */
const mostKnown = 1000;

/** A document with the lines behind a figure, and the search for them. */
interface Shown {
  search: FigureSearch;
  text: FigureText;
  updates: Throttle;
}

/** Shows all raw lines that a figure of the report counts, in a document that fills as they are found. */
export class FigureLines extends Disposing implements TextDocumentContentProvider {
  private readonly changed = this.own(new EventEmitter<Uri>());
  readonly onDidChange = this.changed.event;
  private readonly shown = new Map<string, Shown>();
  private count = 0;

  constructor(
    private readonly store: Store,
    private readonly analyser: Analyser,
  ) {
    super();
    this.own(workspace.registerTextDocumentContentProvider(figureScheme, this));
    this.own(workspace.onDidCloseTextDocument(({ uri }) => this.close(String(uri))));
    this.own(
      languages.registerDocumentLinkProvider(
        { scheme: figureScheme },
        { provideDocumentLinks: (document) => this.links(document) },
      ),
    );
    this.own(commands.registerCommand('mailFlow.showLines', (wanted?: unknown) => this.showFor(wanted)));
    this.own(
      commands.registerCommand('mailFlow.moreLines', (uri?: unknown) => this.shown.get(String(uri))?.search.goOn()),
    );
    this.own({
      dispose: () => {
        for (const uri of [...this.shown.keys()]) this.close(uri);
      },
    });
  }

  provideTextDocumentContent(uri: Uri): string {
    return (
      this.shown.get(String(uri))?.text.text ??
      l10n.t('These lines have been closed. Choose "Show Lines" at the figure again to see them.')
    );
  }

  /** Opens a document for a figure and begins to fill it. */
  async show(figure: Figure): Promise<void> {
    const { report, state } = this.store;
    if (!report) return;
    const { zone } = state.settings,
      title = figureTitle(figure, zone.name),
      { request, messages } = requestFor(report, state, figure);
    const uri = Uri.from({ scheme: figureScheme, path: `/${title.replaceAll('/', '_')}`, query: String(++this.count) }),
      key = String(uri);
    const updates = new Throttle(pause, () => this.update(uri));
    const search = new FigureSearch(
      {
        title,
        sessions: figure.unit === 'session',
        counted: messages,
        messages: 0,
        lines: 0,
        rows: [],
        early: [],
        state: 'searching',
        progress: { read: 0, total: 0 },
        unread: [],
      },
      request,
      this.analyser,
      (now) => (now ? this.update(uri) : updates.ask()),
    );
    // Searches that wait for a reader give their threads to this one.
    for (const other of this.shown.values()) if (other.search.isPaused) other.search.rest();
    this.shown.set(key, { search, text: figureText(search.found), updates });
    search.goOn();
    const document = await workspace.openTextDocument(uri);
    // VS Code takes no change of a document that it is about to open, so what was found meanwhile is given now.
    this.update(uri);
    await window.showTextDocument(document, { preview: true });
  }

  /** @param wanted a node of the tree, or a figure; without either the user is asked. */
  private async showFor(wanted: unknown): Promise<void> {
    const { report } = this.store;
    if (!report) {
      void window.showInformationMessage(
        l10n.t('Open a mail log first: the lines are those behind a figure of the report.'),
      );
      return;
    }
    const node = typeof wanted === 'object' && wanted !== null ? (wanted as Counted & { figure?: unknown }) : undefined;
    const figure =
      node?.figure !== undefined
        ? readFigure(node.figure)
        : node
          ? figureOfNode(report, node)
          : await pickFigure(report);
    if (figure) await this.show(figure);
  }

  private update(uri: Uri): void {
    const shown = this.shown.get(String(uri));
    if (!shown) return;
    shown.text = figureText(shown.search.found);
    this.changed.fire(uri);
  }

  private close(key: string): void {
    const shown = this.shown.get(key);
    if (!shown) return;
    this.shown.delete(key);
    shown.updates.dispose();
    shown.search.rest();
  }

  /** Each place leads to its line in the log, and the last line to more. */
  private links(document: TextDocument): DocumentLink[] {
    const key = String(document.uri),
      text = this.shown.get(key)?.text;
    // While a document is being filled, this may be about one that is older than what is known; VS Code asks again.
    if (!text || document.getText() !== text.text) return [];
    const link = (range: Range, command: string, argument: unknown, tooltip: string) => {
      const made = new DocumentLink(
        range,
        Uri.from({ scheme: 'command', path: command, query: JSON.stringify([argument]) }),
      );
      made.tooltip = tooltip;
      return made;
    };
    const places = [...text.places].map(([at, { path, line, width }]) =>
      link(new Range(at, 0, at, width), 'mailFlow.reveal', { path, line }, l10n.t('Show the line in the log')),
    );
    return [
      ...text.more.map((at) =>
        link(document.lineAt(at).range, 'mailFlow.moreLines', key, l10n.t('Go on with the search')),
      ),
      ...places,
    ];
  }
}

/** What the reading thread must know to find the lines of a figure, and what the report counts. */
function requestFor({ analysis }: Report, state: State, figure: Figure): { request: FigureRequest; messages: number } {
  const { cube, files } = analysis,
    { messages, places } = lookUp(cube, figure, mostKnown);
  return {
    messages,
    request: {
      ...rereadRequest(analysis, state),
      figure,
      step: stepOf(cube, figure),
      skip: 0,
      counted: messages,
      known: places.map(({ file, line }) => ({ path: files[file].path, line })),
    },
  };
}
