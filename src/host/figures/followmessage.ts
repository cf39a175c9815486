import {
  commands,
  DocumentLink,
  l10n,
  languages,
  Range,
  Uri,
  window,
  workspace,
  type TextDocument,
  type TextDocumentContentProvider,
} from 'vscode';
import { displayText } from '../../core/text/display';
import type { TraceResult } from '../../protocol';
import type { Analyser } from '../reading/analyser';
import { Disposing } from '../dispose';
import { oneLine } from './figuretext';
import { showProgress } from '../reading/progress';
import type { RawLine } from './excerpt';
import type { Store } from '../reading/store';
import { baseNames, failureText, fileNames, lineCount, number, plainText } from '../wording';

const traceScheme = 'mailflow-trace';
/** Shortest and longest id: shorter ones are everywhere, and RFC 5322 allows no line with a longer one. */
const shortest = 4,
  longest = 998;

/** Text of a found message, and for each of its lines the place in the log, if it has one. */
interface Shown {
  text: string;
  places: Map<number, RawLine & { width: number }>;
}

/** Gathers the lines of one message or session over all open logs, and shows them with their places. */
export class MessageTrace extends Disposing implements TextDocumentContentProvider {
  /** What is open in editors, by the document's address. */
  private readonly shown = new Map<string, Shown>();
  private count = 0;

  constructor(
    private readonly store: Store,
    private readonly analyser: Analyser,
  ) {
    super();
    this.own(workspace.registerTextDocumentContentProvider(traceScheme, this));
    this.own(workspace.onDidCloseTextDocument(({ uri }) => this.shown.delete(String(uri))));
    this.own(
      languages.registerDocumentLinkProvider(
        { scheme: traceScheme },
        { provideDocumentLinks: (document) => this.links(document) },
      ),
    );
    this.own(
      commands.registerCommand('mailFlow.followMessage', (id?: unknown) =>
        this.follow(typeof id === 'string' ? id : undefined),
      ),
    );
  }

  provideTextDocumentContent(uri: Uri): string {
    return (
      this.shown.get(String(uri))?.text ??
      l10n.t('These lines have been closed. Run the command "Follow One Message or Session…" again to see them.')
    );
  }

  /** @param id what to follow; the user is asked when it is not given. */
  private async follow(given: string | undefined): Promise<void> {
    const wanted = this.store.state.files.filter(({ excluded }) => !excluded).map(({ path }) => path);
    if (wanted.length === 0) {
      void window.showInformationMessage(
        l10n.t('Open a mail log first: a message is looked for in the logs of the report.'),
      );
      return;
    }
    const id = (given ?? (await ask()))?.trim();
    if (id === undefined || wrong(id)) return;
    const leaveOut =
      this.store.state.analysis?.files.filter(({ state }) => state === 'duplicate').map(({ path }) => path) ?? [];
    const cancelled = new AbortController();
    let result: TraceResult | undefined;
    try {
      result = await showProgress(
        true,
        wanted,
        () => cancelled.abort(),
        (report) => this.analyser.trace({ files: wanted, ids: [id], leaveOut }, report, cancelled.signal),
      );
    } catch {
      void window.showErrorMessage(
        l10n.t('{0} could not be followed, because the reading process stopped.', plainText(id)),
      );
      return;
    }
    if (result) await this.show(id, result);
  }

  private async show(id: string, result: TraceResult): Promise<void> {
    if (result.lines.length === 0) {
      const where = result.unread.length > 0 ? ` ${unreadText(result)}` : '';
      void window.showInformationMessage(l10n.t('No line of the open logs has {0}.', plainText(id)) + where);
      return;
    }
    const uri = Uri.from({
      scheme: traceScheme,
      path: `/${plainText(id).replaceAll('/', '_')}`,
      query: String(++this.count),
    });
    this.shown.set(String(uri), textOf(id, result));
    await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
  }

  /** Each place leads to its line in the log. */
  private links({ uri }: TextDocument): DocumentLink[] {
    return [...(this.shown.get(String(uri))?.places ?? [])].map(([at, { path, line, width }]) => {
      const link = new DocumentLink(
        new Range(at, 0, at, width),
        Uri.parse(`command:mailFlow.reveal?${encodeURIComponent(JSON.stringify([{ path, line }]))}`),
      );
      link.tooltip = l10n.t('Show the line in the log');
      return link;
    });
  }
}

function ask(): Thenable<string | undefined> {
  const { selection, document } = window.activeTextEditor ?? {};
  const selected = selection?.isSingleLine ? document!.getText(selection).trim() : '';
  return window.showInputBox({
    title: l10n.t('Follow One Message or Session'),
    prompt: l10n.t('A queue id, message-id, session id or address, whole and as the log has it.'),
    placeHolder: '4FaBc23Xyz, <one.1@mx.example>, 08DC4A5B6C7D8E9F',
    value: selected.length <= longest ? selected : '',
    ignoreFocusOut: true,
    validateInput: (text) => wrong(text.trim()),
  });
}

/** Why an id can't be looked for; undefined where it can. */
function wrong(id: string): string | undefined {
  return id.length >= shortest && id.length <= longest
    ? undefined
    : l10n.t('From {0} to {1} characters are expected.', number(shortest), number(longest));
}

function unreadText({ unread }: TraceResult): string {
  return l10n.t(
    'Not searched to their end: {0}. {1}',
    fileNames(unread.map(({ path }) => path)),
    failureText(unread[0].code),
  );
}

/** What was looked for and found, what could not be, and the lines with their places. */
function textOf(id: string, result: TraceResult): Shown {
  const { lines, more, ids, idsLeft, paths, unread } = result,
    names = baseNames(paths).map((name) => displayText(name));
  const head = [
    l10n.t(
      '{0}: {1} in {2} of {3} logs.',
      displayText(id),
      lineCount(lines.length),
      number(new Set(lines.map(({ file }) => file)).size),
      number(paths.length),
    ),
  ];
  if (ids.length > 1) head.push(l10n.t('Looked for: {0}', ids.map((one) => displayText(one)).join(', ')));
  if (more > 0) head.push(l10n.t('{0} more that belong to it are not shown.', lineCount(more)));
  if (idsLeft > 0)
    head.push(l10n.t('{0} more ids were found and not followed, since there were too many.', number(idsLeft)));
  if (unread.length > 0) head.push(unreadText(result));
  head.push('');
  const labels = lines.map(({ file, line }) => `${names[file]}:${line}`),
    width = Math.min(60, Math.max(...labels.map((label) => label.length)));
  const places: Shown['places'] = new Map();
  // A line may have ends of its own for the editor, and would push those after it away from their places.
  const rows = lines.map(({ file, line, text }, i) => {
    places.set(head.length + i, { path: paths[file], line, width: labels[i].length });
    return `${labels[i].padEnd(width)}  ${oneLine(text)}`;
  });
  return { text: [...head, ...rows].join('\n'), places };
}
