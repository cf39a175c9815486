import {
  commands,
  env,
  EventEmitter,
  l10n,
  Uri,
  ViewColumn,
  window,
  type LogOutputChannel,
  type Memento,
  type WebviewPanel,
} from 'vscode';
import type { Analysis } from '../../core/reading/analysis';
import { emptyCube } from '../../core/cube/cube';
import { readFilters } from '../../core/report/clauses';
import type { Place } from '../../core/report/order';
import type { ReportSnapshot, ReportView, ToReport } from '../../protocol';
import { Disposing, Slot } from '../dispose';
import type { Exporting } from './exporting';
import { readMessage } from './pagemessages';
import { pageHtml, pageRoots } from './page';
import type { Reveal } from '../editor/reveal';
import type { State, Store } from '../reading/store';
import { Throttle } from '../throttle';
import { baseNames } from '../wording';

export const reportType = 'mailFlow.report';
/** Under which the user's filters are kept in the workspace. */
const filtersKey = 'filters';

/** Without figures so far: the files that are being read, so that the page does not say that none is open. */
function withoutFigures({ files, analysis, reading }: State): Analysis {
  const read = reading || analysis ? files.filter(({ excluded, waiting }) => !excluded && !waiting) : [];
  return {
    files: read.map(({ path, size }) => ({
      path,
      format: null,
      bytes: size,
      lines: { read: 0, used: 0, context: 0, skipped: 0 },
      problems: [],
      state: 'partial',
      advice: [],
      checkpoints: [],
      covers: [],
    })),
    cube: emptyCube(),
    progress: reading ?? { read: 0, total: 0 },
    complete: read.length === 0,
  };
}

/**
 * The report in an editor tab; there is one at most. The page gets complete snapshots and keeps only where the reader
 * is on it.
 */
export class ReportPanel extends Disposing {
  private readonly drawn = this.own(new EventEmitter<void>());
  /** The page has drawn a snapshot. */
  readonly onDidDraw = this.drawn.event;
  private readonly panel = this.own(new Slot<WebviewPanel>());
  private readonly posting = this.own(new Throttle(250, () => this.post()));
  private ready = false;
  private shown: ReportSnapshot | undefined;
  /** The analysis that the page has: it need not be sent again. */
  private sent: Analysis | undefined;
  private waiting: ToReport | undefined;

  constructor(
    private readonly store: Store,
    private readonly reveal: Reveal,
    private readonly extension: Uri,
    private readonly log: LogOutputChannel,
    private readonly exporting: Exporting,
    private readonly kept: Memento,
  ) {
    super();
    this.own(store.onDidChange(() => this.posting.ask()));
  }

  get isOpen(): boolean {
    return this.panel.value !== undefined;
  }

  /** Opens the report, or brings it to the front. */
  show(): void {
    if (this.panel.value) {
      this.panel.value.reveal();
      return;
    }
    this.adopt(window.createWebviewPanel(reportType, l10n.t('Mail Flow Report'), ViewColumn.Active));
  }

  /** Opens the report at a connector. */
  showConnector(connector: string | null, direction: 'inbound' | 'outbound'): void {
    const message: ToReport = { type: 'show', connector, direction };
    this.show();
    if (this.ready) this.send(message);
    else this.waiting = message;
  }

  /** Fills a panel with the report: a new one, or one that VS Code has kept over a restart. */
  adopt(panel: WebviewPanel): void {
    this.ready = false;
    this.panel.set(panel);
    panel.webview.options = {
      enableScripts: true,
      enableForms: false,
      enableCommandUris: false,
      localResourceRoots: pageRoots(this.extension),
    };
    panel.iconPath = {
      light: Uri.joinPath(this.extension, 'media', 'report-light.svg'),
      dark: Uri.joinPath(this.extension, 'media', 'report-dark.svg'),
    };
    panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message));
    // A page that is hidden is gone; it says `ready` again when it comes back.
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.ready = false;
    });
    panel.onDidDispose(() => {
      if (this.panel.value === panel) {
        this.ready = false;
        this.shown = undefined;
        this.panel.set(undefined);
      }
    });
    panel.webview.html = pageHtml(panel.webview, this.extension);
  }

  private send(message: ToReport): void {
    void this.panel.value?.webview.postMessage(message);
  }

  private post(): void {
    if (!this.ready) return;
    const { state, report } = this.store,
      analysis = report?.analysis ?? withoutFigures(state),
      view = this.view();
    this.shown = { ...view, analysis, fileNames: baseNames(analysis.files.map(({ path }) => path)) };
    this.send(analysis === this.sent ? { type: 'view', view } : { type: 'snapshot', snapshot: this.shown });
    this.sent = analysis;
  }

  /**
   * Figures go with the period, limits and baseline that they were made from, also while those of newer ones are still
   * under way.
   */
  private view(): ReportView {
    const { state, report } = this.store,
      { settings } = state;
    const { period, limits, baseline, zone } = report?.view ?? { ...settings, ...state };
    return {
      reading: state.reading !== undefined || (state.analysis !== undefined && !report),
      limits,
      baseline,
      period,
      from: report?.filter.from,
      to: report?.filter.to,
      timeZone: zone.name,
      language: env.language,
      sentences: sentences(),
      filters: readFilters(this.kept.get(filtersKey)),
    };
  }

  private receive(data: unknown): void {
    const message = readMessage(data);
    switch (message?.type) {
      case 'ready':
        this.ready = true;
        this.sent = undefined;
        this.posting.ask();
        if (this.waiting) {
          this.send(this.waiting);
          this.waiting = undefined;
        }
        break;
      case 'drawn':
        this.drawn.fire();
        break;
      case 'reveal':
        this.goTo(message.place);
        break;
      case 'lines':
        void commands.executeCommand('mailFlow.showLines', { figure: message.figure });
        break;
      case 'period':
        this.store.update({ period: message.period });
        break;
      case 'export':
        void this.exporting.save(message);
        break;
      case 'picture':
        void this.exporting.savePicture(message);
        break;
      case 'copy':
        void this.exporting.copy(message.text);
        break;
      case 'filters':
        void this.kept.update(filtersKey, message.filters).then(() => this.posting.ask());
        break;
      case 'command':
        void commands.executeCommand(`mailFlow.${message.command}`);
        break;
      case undefined:
        this.log.warn('the report page sent a message that is none of its own; it was dropped');
    }
  }

  /** A place is one of the snapshot that the page shows, which may be older than that of the store. */
  private goTo({ file, line }: Place): void {
    const path = this.shown?.analysis.files[file]?.path;
    if (path !== undefined) void this.reveal.show({ path, line });
  }
}

/** The sentences of the page in the user's language; none where that is English. */
function sentences(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(l10n.bundle ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
