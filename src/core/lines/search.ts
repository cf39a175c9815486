import { DataSet, type AnalyseOptions } from '../analyse';
import type { FileReport } from '../model';
import { Segment } from '../segment';
import type { Source } from '../source';
import { LineFinder, type Wanted } from './finder';
import { LineWindow } from './window';

/** A line that a figure counts. */
export interface FoundLine {
  /** Position of its log among those that are searched. */
  file: number;
  /** From 1. */
  line: number;
  /** For how many messages or sessions it stands: one in most logs, more in those that are sums themselves. */
  count: number;
  /** As logged; undefined where the parser told the line so late that its bytes are gone. */
  text: string | undefined;
}

/**
 * Reads logs once more, in the order in which they are one log, and tells the lines that a figure counts in the order in which the parsers know them.
 * @param extents by position of the log, how many of its lines the figure is made of: it may have grown since.
 * @returns what became of each log: some may not be readable any more.
 * @param take gets the lines found in each block of bytes, also when there are none; reading goes on when the promise is fulfilled with true, and ends with false. Lines that were held back until the log's end come with the last call.
 */
export async function findLines(sources: readonly Source[], options: AnalyseOptions, wanted: Wanted, extents: readonly (number | undefined)[], take: (lines: FoundLine[]) => Promise<boolean>): Promise<FileReport[]> {
  let found: FoundLine[] = [];
  const view = new LineWindow();
  const finder = () => new LineFinder(wanted, (file, line, count) => {
    if (line > (extents[file] ?? Infinity)) return;
    const last = found[found.length - 1];
    // A line that is a report of its own states several facts.
    if (last && last.line === line && last.file === file) last.count += count;
    else found.push({ file, line, count, text: view.text(file, line) });
  });
  let on = true;
  const give = async () => { const lines = found; found = []; on = await take(lines); };
  const data = await DataSet.open(sources, options, async ({ format, files, options }, events) => {
    const segment = new Segment(format, options, true, finder());
    for (const { source, file } of files) {
      if (!on) break;
      segment.end();
      segment.open(file);
      view.open(file.index);
      const account = segment.accounts[file.index];
      try {
        for await (const chunk of source.chunks()) {
          view.push(chunk, account.lines.read + 1);
          segment.push(chunk);
          await give();
          if (!on || account.lines.read >= (extents[file.index] ?? Infinity)) break;
        }
      } catch (error) { events.failed(file, error); }
    }
    return { segment, rest: segment.leave() };
  });
  // Whoever has all that was wanted does not want what waits for the end of a log.
  if (!on) return [];
  const { files } = data.end();
  await give();
  return files;
}
