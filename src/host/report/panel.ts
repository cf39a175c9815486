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
import { readFigure } from '../../core/drilldown/figure';
import { periods, type Period } from '../../core/report/period';
import type { Place } from '../../core/report/order';
import { exportFormats } from '../../export/endings';
import type { FromReport, ReportSnapshot, ReportView, ToReport } from '../../protocol';
import { readFilters } from '../../core/report/clauses';
import { Disposing, Slot } from '../dispose';
import type { Exporting } from './exporting';
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
    })),
    cube: emptyCube(),
    progress: reading ?? { read: 0, total: 0 },
    complete: read.length === 0,
  };
}

/** The report in an editor tab; there is one at most. The page gets complete snapshots and keeps only where the reader is on it. */
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

  /** Figures go with the period, limits and baseline that they were made from, also while those of newer ones are still under way. */
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

const commandsOfPage = ['openLog', 'openSample', 'openSettings'] as const;

/** A message of the page, or undefined for anything that is none: the page shows text of strangers, so it is not trusted. */
export function readMessage(data: unknown): FromReport | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { type, place, period, command, text, filters } = data as {
    type?: unknown;
    place?: Partial<Place>;
    period?: unknown;
    command?: unknown;
    text?: unknown;
    filters?: unknown;
  };
  switch (type) {
    case 'ready':
    case 'drawn':
      return { type };
    case 'reveal':
      return isIndex(place?.file, 0) && isIndex(place?.line, 1)
        ? { type, place: { file: place!.file!, line: place!.line! } }
        : undefined;
    case 'lines': {
      const figure = readFigure((data as { figure?: unknown }).figure);
      return figure && { type, figure };
    }
    case 'period': {
      const read = readPeriod(period);
      return read === undefined ? undefined : { type, period: read };
    }
    case 'export':
      return readExport(data);
    case 'picture':
      return readPicture(data);
    case 'copy':
      return typeof text === 'string' && text.length <= 65_536 ? { type, text } : undefined;
    case 'filters':
      return Array.isArray(filters) ? { type, filters: readFilters(filters) } : undefined;
    case 'command': {
      const known = commandsOfPage.find((one) => one === command);
      return known && { type, command: known };
    }
    default:
      return undefined;
  }
}

function readPeriod(value: unknown): Period | undefined {
  const named = periods.find((one) => one === value);
  if (named || typeof value !== 'object' || value === null) return named;
  const { from, to } = value as { from?: unknown; to?: unknown };
  const date = (text: unknown) =>
    text === undefined ||
    (typeof text === 'string' &&
      /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text) &&
      !Number.isNaN(Date.parse(text)));
  return date(from) && date(to) ? { from: from as string | undefined, to: to as string | undefined } : undefined;
}

function readExport(data: object): FromReport | undefined {
  const { format, pseudonyms, selection } = data as {
    format?: unknown;
    pseudonyms?: unknown;
    selection?: { connector?: unknown; direction?: unknown };
  };
  const known = exportFormats.find((one) => one === format);
  if (!known || typeof pseudonyms !== 'boolean') return undefined;
  if (selection === undefined || selection === null) return { type: 'export', format: known, pseudonyms };
  const { connector, direction } = selection;
  if ((connector !== null && typeof connector !== 'string') || (direction !== 'inbound' && direction !== 'outbound'))
    return undefined;
  return { type: 'export', format: known, pseudonyms, selection: { connector, direction } };
}

/** Most bytes of a picture: a chart has some hundred kilobytes. */
const largestPicture = 20_000_000;

function readPicture(data: object): FromReport | undefined {
  const { format, data: content } = data as { format?: unknown; data?: unknown };
  if (typeof content !== 'string' || content.length > largestPicture || (format !== 'svg' && format !== 'png'))
    return undefined;
  return (format === 'svg' ? content.startsWith('<svg') : /^[\w+/]+=*$/.test(content))
    ? { type: 'picture', format, data: content }
    : undefined;
}

function isIndex(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least;
}
