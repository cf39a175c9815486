import type { ColumnMapping } from '../connectors/columns';
import type { IdMap } from '../cube/cubebuilder';
import type { Sink } from './sink';
import type { State } from './state';

/** The first bytes of a file as UTF-8 (at most 64 KiB), for recognising its format. */
export interface Head {
  bytes: Uint8Array;
  /** The complete lines among them, decoded; an unfinished last line is left out unless it is the only one. */
  lines: string[];
  /** Columns that the user has named, for tables whose header is known to nobody else. */
  columns?: readonly ColumnMapping[];
}

/** What a parser did with a line. */
export const enum Verdict {
  /** The line stated a fact that went into the cube. */
  used,
  /** Understood, but no fact by itself. */
  context,
  /** It depends on lines before this segment. The line is kept and read again when the segment before is known. */
  unresolved,
  /** Not usable; the reason was given to `Sink.skip`. */
  skipped,
}

/** What became of a line with two records: used where one of them was, else what the worse one was. */
export function worstOf(one: Verdict, other: Verdict): Verdict {
  return one === Verdict.used || other === Verdict.used ? Verdict.used : Math.max(one, other);
}

/**
 * A log format: recognises its files by content alone, and makes parsers for them.
 * Exactly one format claims a file, so `detect` must look for what no other format has.
 */
export interface Format {
  id: string;
  /** The name people know it by, e.g. "Postfix". Not translated. */
  name: string;
  detect(head: Head): boolean;
  /**
   * Formats whose files are read first: their parsers (`ReadOptions.related`) know which messages they have counted.
   */
  after?: readonly string[];
  /**
   * How mail is told that stands in two files: `lines`, since no two lines that state a fact are the same (each has a
   * time, and an id of its session or message); `parser`, which knows its messages by their ids. Absent: not at all.
   */
  repeats?: 'lines' | 'parser';
  /** A file is one document of JSON in whatever lines, which the parser reads as a whole. */
  document?: true;
  /**
   * Lines say more with those before them, so that they must stand in the order of their times. A log that has its newest
   * lines first is not read then, but told.
   */
  inOrder?: true;
  /**
   * Lines are written by a mail server that they may not name: then the folder of their file does, where files of
   * several folders are read.
   */
  byServer?: true;
  /**
   * Formats whose files this one reads where it detects them as its own too: the log of a system, into which programs of
   * all kinds write. It claims no file by itself.
   */
  carries?: readonly string[];
  parser(sink: Sink): Parser;
}

/**
 * Reads the lines of a segment one by one, holding the sessions, processes and queue ids that are open.
 *
 * A segment may begin in the middle of a log. While `sink.first` is false, a session without a seen beginning is
 * unknown and not "without TLS": return `Verdict.unresolved` for a line that needs it, and treat what it would change
 * as unknown. When `sink.first` is true nothing came before, and such a message is counted with `TlsCode.unknown`.
 */
export interface Parser {
  /**
   * Everything that later lines depend on. The segment merges, saves and loads it; what is not in it is of no use to
   * them. Absent only where the parser does that itself, in `merge`, `save` and `load`.
   */
  readonly state?: State;
  /**
   * Reads the line `bytes[start, end)` (without its line end) with number `line` in its file.
   * Never throws. `bytes` is reused after the call: copy what must be kept.
   */
  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict;
  /** Reads most lines many at a time, with the same result as `line` one by one; absent where there is no such way. */
  readonly block?: BlockReader;
  /** Whether blank lines mean something to this format; otherwise the segment counts them as context. */
  readonly blankLines?: boolean;
  /** Whether NULs may stand in the lines of the current file; otherwise the segment skips such lines as damaged. */
  readonly binary?: boolean;
  /** The log has ended: count what waits for the end of its session. */
  finish?(): void;
  /** Codes of settings that would make a file, or its log, say more, e.g. `postfix-smtpd-tls-loglevel`. */
  advice?(file: number): string[];
  /** Of a format that carries others: the ids of those whose lines a file has. */
  streamsOf?(file: number): readonly string[];
  /** @see StatePart.beforeMerge */
  beforeMerge?(right: Parser): void;
  /** @see StatePart.merge */
  merge?(right: Parser, ids: IdMap, shift: readonly number[]): void;
  /** @see StatePart.save */
  save?(): unknown;
  /** @see StatePart.load */
  load?(saved: unknown): void;
}

/** Reads many lines at once. */
export interface BlockReader {
  /** Whether the lines of the current file can be read this way. */
  readonly ready: boolean;
  /**
   * Reads all lines of `bytes[start, end)` in the engine's memory, whose last one has its end, and reports each in
   * order.
   */
  read(start: number, end: number, lines: BlockLines): void;
}

/** Receives the lines of a block in order; positions are those in the engine's memory. */
export interface BlockLines {
  /** Lines of the file before the next one. */
  readonly read: number;
  /** The next lines are context. */
  context(count: number): void;
  /** The next line `[start, end)` was read with this verdict. */
  verdict(verdict: Verdict, start: number, end: number): void;
  /** The next line `[start, end)`, which ends at its line feed, is to be read by `Parser.line`. */
  line(start: number, end: number): void;
}
