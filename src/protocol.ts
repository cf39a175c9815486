/** Every message between the extension host, the worker and the report page. Types only. */
import type { Analysis } from './core/reading/analysis';
import type { Baseline } from './core/report/baseline';
import type { NamedFilter } from './core/report/clauses';
import type { ColumnMapping } from './core/connectors/columns';
import type { Cube } from './core/cube/cube';
import type { ShownTls } from './core/cube/evidence';
import type { Limits } from './core/insights/insight';
import type { LineFacts } from './core/drilldown/facts';
import type { Figure } from './core/drilldown/figure';
import type { Wanted } from './core/drilldown/finder';
import type { Direction, FileReport, Milliseconds, ProblemCode } from './core/model';
import type { Period } from './core/report/period';
import type { Place } from './core/report/order';
import type { ConnectorRule } from './core/connectors/rules';
import type { SavedSegment } from './core/reading/savedsegment';
import type { FileContext } from './core/reading/sink';
import type { Print, Range, Stored } from './core/reading/source';
import type { Trace } from './core/drilldown/tracer';

/** What the worker must know to read a data set. It can be posted: zones go by name. */
export interface ReadRequest {
  /** Paths of local files, in any order. */
  files: string[];
  /** Whether `-` among them is standard input, and FIFOs are waited for. */
  pipes?: boolean;
  timeZone: string;
  year?: number;
  rules: ConnectorRule[];
  /** What the columns of tables mean whose header is not known. */
  columns?: ColumnMapping[];
  /** A format id for files whose content should not decide. */
  format?: string;
  /** Whether to compute SHA-256 of each file. */
  hash: boolean;
  /** Most threads; default: as many as there are cores, at most 8. */
  threads?: number;
  /** A folder for summaries of logs, so that a known log need not be read again. */
  cache?: string;
  /** Go on after the first result: another one follows whenever the logs have grown, at most four a second. */
  follow?: boolean;
}

/** What a reading thread must know to begin a range of a log. */
export interface RangeOptions {
  format: string;
  timeZone: string;
  year?: number;
  rules: ConnectorRule[];
  columns?: ColumnMapping[];
  joined?: boolean;
}

/**
 * A range of one file, or a whole one. `last`: a last line without line end is left out, since it may still be growing.
 */
export interface Piece {
  path: string;
  entry?: string;
  as: Stored;
  range: Range;
  file: FileContext;
  last: boolean;
  /** Whether its print is wanted. */
  printed: boolean;
}

/** Raw lines of a log, to show what a figure follows from. Lines count from 1. */
export interface LinesRequest {
  path: string;
  entry?: string;
  checkpoints: FileReport['checkpoints'];
  from: number;
  count: number;
}

/** Look for the lines of a message or session. */
export interface TraceRequest {
  /** Paths of local files, in any order. */
  files: string[];
  /** Queue ids, message-ids, session ids or addresses. */
  ids: string[];
  /** Logs in these files that are not looked at, e.g. since they have the same content as others. */
  leaveOut: string[];
}

/** Read the logs of a report once more, as far as it has read them. */
export interface RereadRequest extends Pick<ReadRequest, 'files' | 'timeZone' | 'year' | 'rules' | 'columns'> {
  /** Logs in these files that were not counted, since they have the same content as others. */
  leaveOut: string[];
  /**
   * By path of the log, in the order in which they are one log: of how many of its lines the report is made, where some
   * of them begin, and which were left out.
   */
  extents: {
    path: string;
    lines: number;
    checkpoints: FileReport['checkpoints'];
    repeated?: FileReport['repeated'];
  }[];
  /** `Cube.shownTls` of the report. */
  shownTls: ShownTls;
}

/** Report what lines of one log state, from one to another. */
export interface FactsRequest extends RereadRequest {
  path: string;
  first: number;
  last: number;
}

/** Find the lines that a figure of a report counts. */
export interface FigureRequest extends RereadRequest, Wanted {
  /** Messages or sessions that the report counts. */
  counted: number;
  /** Lines that the report knows to be behind the figure. */
  known: { path: string; line: number }[];
  /** How many lines were shown before, where an earlier search is taken up again. */
  skip: number;
}

/** Make a file of a report. The cube goes ahead in parts. It can be posted: zones go by name. */
export interface ExportRequest {
  format: 'csv' | 'json' | 'markdown' | 'html' | 'sarif' | 'remote-hosts';
  pseudonyms: boolean;
  analysis: Omit<Analysis, 'cube'>;
  view: {
    period: Period;
    timeZone: string;
    directions?: Direction[];
    connectors?: (string | null)[];
    servers?: (string | null)[];
    limits: Limits;
    baseline?: Baseline;
  };
  tool: { name: string; version: string; generated: Date };
  rules: readonly ConnectorRule[];
  /** BCP 47, and English sentence to sentence in the user's language. */
  language: string;
  sentences: Record<string, string>;
}

/** A line behind a figure, and how many messages or sessions it counts. No text: it is no longer in the log. */
export interface FigureLine {
  path: string;
  line: number;
  count: number;
  text: string | undefined;
  /** See `TlsLine`. */
  tls?: { path: string; line: number; none: boolean; text: string | undefined };
}

/** The end of a search: lines in all, and logs that could not be read any more. */
export interface FigureResult {
  lines: number;
  unread: { path: string; code: string }[];
}

/** What was found; lines name their file by its position in `paths`. `unread`: files not read to their end, and why. */
export interface TraceResult extends Trace {
  paths: string[];
  unread: { path: string; code: string }[];
}

export type ToWorker =
  | { type: 'read'; request: ReadRequest }
  | { type: 'lines'; request: LinesRequest }
  | { type: 'trace'; request: TraceRequest }
  /** Find the lines behind a figure, and after a page of them: go on. */
  | { type: 'figure'; request: FigureRequest }
  | { type: 'more' }
  | { type: 'facts'; request: FactsRequest }
  /** Some columns of a cube, until there are all of them; then the export to make of it. */
  | { type: 'cube'; part: Partial<Cube> }
  | { type: 'export'; request: ExportRequest }
  /** SHA-256 of the stored bytes of a log. */
  | { type: 'hash'; path: string; entry?: string; as: Stored }
  /** To a reading thread: the next piece of its range, the first one with `begin`; then the end of the range. */
  | { type: 'piece'; begin?: RangeOptions; piece: Piece }
  | { type: 'endRange' };

export type FromWorker =
  /** At most four a second while reading; `analysis` is partial. */
  | { type: 'progress'; analysis: Analysis }
  | { type: 'result'; analysis: Analysis }
  /** The worker itself failed; files that can't be read are part of a result instead. */
  | { type: 'failed'; detail: string; code?: string }
  /**
   * From a reading thread: bytes read of a piece, what is wrong with its file once it is read, the segment of a range.
   */
  | { type: 'bytes'; bytes: number }
  | { type: 'piece'; problems: ProblemCode[]; prints: Print[] }
  | { type: 'segment'; saved: SavedSegment; partialLine?: Uint8Array }
  | { type: 'hashed'; sha256: string }
  | { type: 'lines'; lines: string[] }
  /** Bytes searched so far of those to search, which grow when ids lead to further ids; then what was found. */
  | { type: 'searched'; read: number; total: number }
  | { type: 'trace'; result: TraceResult }
  /**
   * Lines behind a figure as they are found (`early`: known from the report, they come again); a full page; the end.
   */
  | { type: 'found'; lines: FigureLine[]; early: boolean }
  | { type: 'page' }
  | { type: 'figure'; result: FigureResult }
  | { type: 'facts'; facts: LineFacts }
  /** A whole file. */
  | { type: 'exported'; content: Uint8Array<ArrayBuffer> }
  /** Every second while logs are read: distinguishes a worker that hangs from one that has a long way to go. */
  | { type: 'alive' };

/** How the report page shows an analysis. */
export interface ReportView {
  /** A worker is still reading. An incomplete analysis that nobody is reading was cancelled, and stays partial. */
  reading: boolean;
  limits: Limits;
  /** The earlier report to compare with. */
  baseline?: Baseline;
  period: Period;
  /** Resolved from `period` by the host; undefined where the cube is empty or the side is open. `to` is exclusive. */
  from?: Milliseconds;
  to?: Milliseconds;
  timeZone: string;
  /** BCP 47, for numbers and dates. */
  language: string;
  /** The translation bundle: English sentence to sentence in the user's language. Empty for English. */
  sentences: Record<string, string>;
  /** The user's filters of the details table, kept in the workspace. */
  filters?: NamedFilter[];
}

/** Everything the report page shows; always complete, never a difference, since the page may have been hidden. */
export interface ReportSnapshot extends ReportView {
  analysis: Analysis;
  /** Names of files as shown, by their position in `analysis.files`. */
  fileNames: string[];
}

export type ToReport =
  | { type: 'snapshot'; snapshot: ReportSnapshot }
  /** The analysis of the last snapshot, seen otherwise. It is not sent again, since it may have a million cells. */
  | { type: 'view'; view: ReportView }
  /** Show a connector in the connector report, e.g. after a click in the tree. */
  | { type: 'show'; connector: string | null; direction: 'inbound' | 'outbound' };

export type FromReport =
  | { type: 'ready' }
  /** The page has drawn a snapshot: tests and the host's spinner wait for it. */
  | { type: 'drawn' }
  /** Go to the raw line behind a figure. */
  | { type: 'reveal'; place: Place }
  /** Show all lines behind a figure. */
  | { type: 'lines'; figure: Figure }
  /** The user chose another period in the page; the host keeps it and answers with a snapshot. */
  | { type: 'period'; period: Period }
  /** Save what is shown as a file; the host asks where. */
  | {
      type: 'export';
      format: ExportRequest['format'];
      pseudonyms: boolean;
      selection?: { connector: string | null; direction: 'inbound' | 'outbound' };
      /** Mail servers; all of them unless said. */
      servers?: (string | null)[];
    }
  /** Save a picture of a chart: the text of an SVG, or a PNG in base 64. */
  | { type: 'picture'; format: 'svg' | 'png'; data: string }
  | { type: 'copy'; text: string }
  /** The user's named filters, all of them. */
  | { type: 'filters'; filters: NamedFilter[] }
  | { type: 'command'; command: 'openLog' | 'openSample' | 'openSettings' };
