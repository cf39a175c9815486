import { workspace, type TextDocument } from 'vscode';
import type { LineFacts as Facts } from '../../core/drilldown/facts';
import type { Analysis } from '../../core/reading/analysis';
import type { FileReport } from '../../core/model';
import type { Analyser } from '../reading/analyser';
import { Disposing } from '../dispose';
import { shownLog, type ShownLog } from '../figures/excerpt';
import { rereadRequest } from '../reading/rereader';
import type { Store } from '../reading/store';

/** Logs of more bytes together are not read once more for what one of their lines states. */
const most = 512 * 1024 * 1024;

interface Known {
  document: string;
  analysis: Analysis;
  facts: Promise<Facts | undefined>;
  cancel: AbortController;
}

/**
 * What the lines of a log in an editor state, as the report counted them: read once, when it is first asked for, on a
 * thread of its own. Of the last document only.
 */
export class LineFactsCache extends Disposing {
  private known: Known | undefined;

  constructor(
    private readonly store: Store,
    private readonly analyser: Analyser,
  ) {
    super();
    this.own({ dispose: () => this.forget() });
    this.own(
      store.onDidChange(({ analysis }) => {
        if (this.known && this.known.analysis !== analysis) this.forget();
      }),
    );
    this.own(
      workspace.onDidCloseTextDocument(({ uri }) => {
        if (String(uri) === this.known?.document) this.forget();
      }),
    );
  }

  /** The facts of a document that shows a log of the report as it was read, or lines of it; undefined for any other. */
  of(document: TextDocument): Promise<Facts | undefined> | undefined {
    const { report, state } = this.store,
      shown = shownLog(document);
    if (!report || state.reading || !shown || document.isDirty) return undefined;
    const { analysis } = report,
      log = analysis.files.find(({ path }) => path === shown.path),
      key = String(document.uri);
    if (!log || log.format === null || log.state === 'duplicate' || !sameLines(shown, log)) return undefined;
    if (this.known?.document === key && this.known.analysis === analysis) return this.known.facts;
    if (analysis.files.reduce((sum, { bytes }) => sum + bytes, 0) > most) return undefined;
    this.forget();
    const cancel = new AbortController();
    const facts = this.analyser
      .facts(
        { ...rereadRequest(analysis, state), path: shown.path, first: shown.first, last: shown.last },
        cancel.signal,
      )
      .catch(() => undefined);
    this.known = { document: key, analysis, facts, cancel };
    return facts;
  }

  private forget(): void {
    this.known?.cancel.abort();
    this.known = undefined;
  }
}

/**
 * Whether a document has the lines that were read: it may have grown since, and VS Code takes a carriage return for the
 * end of a line, which would move all lines behind it.
 */
export function sameLines({ whole, last }: ShownLog, { lines }: FileReport): boolean {
  return whole ? last === lines.read || last === lines.read + 1 : last <= lines.read;
}
