import type { AnalyseOptions } from '../reading/logreader';
import type { FileReport } from '../model';
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
  const finder = new LineFinder(wanted, (file, line, count) => {
    if (line > (extents[file] ?? Infinity)) return;
    const last = found[found.length - 1];
    // A line that is a report of its own states several facts.
    if (last && last.line === line && last.file === file) last.count += count;
    else found.push({ file, line, count, text: view.text(file, line) });
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
