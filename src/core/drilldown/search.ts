import type { AnalyseOptions } from '../reading/logreader';
import { fileOf, lineOf } from '../cube/placecode';
import { TlsCode, type FileReport } from '../model';
import type { Source } from '../reading/source';
import { LineFinder, type Wanted } from './finder';
import { reread } from './reread';
import { LineWindow } from './window';

/** A line that a figure counts. */
export interface FoundLine {
  /** Position of its log among those that are searched. */
  file: number;
  /** From 1. */
  line: number;
  /** For how many messages or sessions it stands: one in most logs, more in those that are sums themselves. */
  count: number;
  /** As logged; undefined where the parser emitted the event so late that the bytes of its line are gone. */
  text: string | undefined;
  /** The line that shows its TLS, where that is another one. */
  tls?: TlsLine;
}

/** The line that shows the TLS of a message; or where its session begins, of which no line shows any. */
interface TlsLine {
  file: number;
  line: number;
  /** No line from here to the counted one shows TLS. */
  none: boolean;
  text: string | undefined;
}

/**
 * Finds the lines that a figure counts, in the order in which the parsers emit their events.
 * @param extents by position of the log, how many of its lines the figure is made of: it may have grown since.
 * @param take receives the lines found in each block of bytes, also when there are none; the last call has those that
 * parsers kept until the log's end. Reading goes on when the promise is fulfilled with true, and ends with false.
 * @returns what became of each log: some may not be readable any more.
 */
export function findLines(
  sources: readonly Source[],
  options: AnalyseOptions,
  wanted: Wanted,
  extents: readonly (number | undefined)[],
  take: (lines: FoundLine[]) => Promise<boolean>,
): Promise<FileReport[]> {
  let found: FoundLine[] = [];
  const view = new LineWindow();
  const finder = new LineFinder(wanted, ({ line, count, tlsAt }, file, tls) => {
    if (line > (extents[file] ?? Infinity)) return;
    const last = found[found.length - 1];
    // A line that is a report of its own states several facts.
    if (last && last.line === line && last.file === file) last.count += count;
    else found.push({ file, line, count, text: view.text(file, line), tls: tlsLine(view, tlsAt, tls) });
  });
  return reread(sources, options, extents, finder, {
    open: (file) => view.open(file),
    bytes: (chunk, line) => view.push(chunk, line),
    read: () => {
      const lines = found;
      found = [];
      return take(lines);
    },
  });
}

function tlsLine(view: LineWindow, tlsAt: number, tls: TlsCode): TlsLine | undefined {
  if (tlsAt === 0 || tls === TlsCode.unknown) return undefined;
  const file = fileOf(tlsAt),
    line = lineOf(tlsAt);
  return { file, line, none: tls === TlsCode.none, text: view.text(file, line) };
}
