/**
 * The words that every format, view and export agrees on.
 *
 * Small enumerations are numbers in the hot path and in typed arrays; the arrays of names below give
 * each number its word. The order of `tlsVersions` is the order of every TLS row on screen and in exports.
 */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Milliseconds = number;
/** Whole minutes since 1970-01-01T00:00:00Z. */
export type Minutes = number;
declare const inList: unique symbol, inFile: unique symbol;
/**
 * Index into one of the word lists of a segment; 0 is always "no word". Any number will do: the mark only lets
 * `Fields` find the word ids among the fields of an entry.
 */
export type WordId = number & { readonly [inList]?: never };
/** Number of a line within one file, from 1; marked like a word id. */
export type LineNumber = number & { readonly [inFile]?: never };
declare const inFiles: unique symbol;
/** A file and a line of it as one number, as `placeCode` gives it; 0 is none. */
export type PlaceCode = number & { readonly [inFiles]?: never };

export const units = ['message', 'session'] as const;
export type Unit = (typeof units)[number];
export const enum UnitCode {
  message,
  session,
}

export const directions = ['inbound', 'outbound', 'internal'] as const;
export type Direction = (typeof directions)[number];
export const enum DirectionCode {
  inbound,
  outbound,
  internal,
}

/** `accepted` covers both mail taken in with 250 and mail handed over; only that is volume. */
export const outcomes = ['accepted', 'deferred', 'bounced', 'rejected'] as const;
export type Outcome = (typeof outcomes)[number];
export const enum OutcomeCode {
  accepted,
  deferred,
  bounced,
  rejected,
}

export const connectorTypes = ['unknown', 'onPremises', 'partner', 'internet'] as const;
export type ConnectorType = (typeof connectorTypes)[number];
export const enum TypeCode {
  unknown,
  onPremises,
  partner,
  internet,
}

export const tlsVersions = ['none', 'ssl3.0', 'tls1.0', 'tls1.1', 'tls1.2', 'tls1.3', 'tls', 'unknown'] as const;
export type TlsVersion = (typeof tlsVersions)[number];
/**
 * `tls`: TLS was used, the log does not say which version. `unknown`: the log cannot say. `absent` exists only while
 * reading: the log shows no sign of TLS for this message. It becomes `none` where the log shows that it would have said
 * so (`Sink.absent`), else `unknown`; never `none` by default.
 */
export const enum TlsCode {
  none,
  ssl30,
  tls10,
  tls11,
  tls12,
  tls13,
  tls,
  unknown,
  absent,
}

/** What went wrong with TLS on the way of a message that was handed over, deferred or refused. */
export const faults = ['', 'clear-after-failed-handshake', 'required-tls-not-met'] as const;
export type Fault = (typeof faults)[number];
export const enum FaultCode {
  none,
  clearAfterFailedHandshake,
  requiredTlsNotMet,
}

/** Whether the connector demands TLS, as far as the log or a rule says. */
export const enum ForcedCode {
  unknown,
  no,
  yes,
}
export const forcedValues: readonly (boolean | null)[] = [null, false, true];

/**
 * One additive fact read from a log. Build it as one literal: spreading an object here makes reading five times slower.
 * Word ids come from the `Sink` that takes the event.
 */
export interface MailEvent {
  unit: UnitCode;
  direction: DirectionCode;
  outcome: OutcomeCode;
  tls: TlsCode;
  fault: FaultCode;
  forced: ForcedCode;
  type: TypeCode;
  /** The log's own name of the connector; 0 for mail without one. */
  connector: WordId;
  cipher: WordId;
  /** The mail server that wrote the line of the message, as the log names it; 0 where it names none. */
  server: WordId;
  /** The host at the other end as logged, else its address. */
  remote: WordId;
  /** The address of that host where it is logged; connector rules match it. */
  address: WordId;
  /** With `TlsCode.absent`: the proof that would make it `none`. */
  evidence: WordId;
  time: Milliseconds;
  /** Messages (or sessions); 0 where a line only adds recipients to a message that was already counted. */
  count: number;
  recipients: number;
  bytes: number;
  /** Line number in the file, from 1. */
  line: number;
  /**
   * The line that shows the TLS, as `placeCode` gives it. Of mail without TLS, where its session begins: no line from
   * there to the counted one shows any. 0 where the counted line says it itself, or nothing does.
   */
  tlsAt: PlaceCode;
}

/** Why a line (or something in it) could not be used. Every code has a sentence in the user interface. */
export const problemCodes = [
  'bad-line',
  'bad-time',
  'bad-columns',
  'bad-json',
  'bad-number',
  'line-too-long',
  'box-not-opened',
  'box-line-cut',
  'unfinished-record',
  'other-format',
  'foreign-lines',
  'nothing-used',
  'newest-first',
  'no-process-id',
  'no-service-name',
  'session-began-earlier',
  'lines-missing',
  'rows-missing',
  'not-finished',
  'discard-not-counted',
  'join-evicted',
  'too-many-names',
  'hosts-grouped',
  'truncated-file',
  'damaged-file',
  'repeats-forgotten',
  'repeated-line',
  'counted-twice',
  'same-report-id',
  'unknown-tls',
  'unknown-status',
  'no-direction',
  'time-from-file',
  'counts-from-percentages',
  'not-followed',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/** A reason with the number of times it applied and the first line where it did. */
export interface Problem {
  code: ProblemCode;
  count: number;
  line: number;
  /** The name of another format that has to do with it. */
  format?: string;
  /** The time that it is about. */
  from?: Milliseconds;
  to?: Milliseconds;
}

/** Lines of one file: read = used + context + skipped, always. `context`: understood, but no fact by itself. */
export interface LineCounts {
  read: number;
  used: number;
  context: number;
  skipped: number;
}

/** One file of a data set and what became of its lines. */
export interface FileReport {
  path: string;
  /** Format id, or null where no format claims the file. */
  format: string | null;
  /** Ids of other formats whose lines it has too, and which were read, as in a central syslog. */
  otherFormats?: string[];
  bytes: number;
  /** SHA-256 of the file's bytes as stored, in hex; absent when it was not asked for. */
  sha256?: string;
  /** When anything about the file had last been changed (ctime) as it was read. */
  changed?: Milliseconds;
  lines: LineCounts;
  problems: Problem[];
  /** `failed`: could not be read to its end; `detail` names the system's error code. */
  state: 'complete' | 'partial' | 'unrecognised' | 'failed' | 'duplicate';
  detail?: string;
  /** Advice for the administrator, e.g. which setting would make the log say more. */
  advice: string[];
  /** Every so many bytes the line that begins there: lets a line be found without reading the file from its start. */
  checkpoints: { line: number; offset: number }[];
  /** The time that its lines cover, in order; `to` is exclusive. Mostly one range, see `spansOf`. */
  covers: { from: Milliseconds; to: Milliseconds }[];
  /** Lines that were not counted, since they stand in another file: ranges, each by its first and last line. */
  repeated?: readonly LineNumber[];
}
