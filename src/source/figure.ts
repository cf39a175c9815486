import { carriers, formats } from '../core/formats/index';
import { readFacts, type LineFacts } from '../core/drilldown/facts';
import { findLines, type FoundLine } from '../core/drilldown/search';
import { withoutLines } from '../core/reading/linemask';
import type { Source } from '../core/reading/source';
import { Zone } from '../core/text/zone';
import type { FactsRequest, FigureLine, FigureRequest, FigureResult, RereadRequest } from '../protocol';
import { openFile } from './file';
import { pickLines } from './lines';

/** Most lines and characters of a page. */
const page = { lines: 1000, characters: 4 << 20 };
/** Milliseconds between two reports of what was found, so that lines are seen as they come. */
const pause = 100;
/** Known lines shown while the search has not reached them: how many, batch size, and most milliseconds of waiting. */
const early = { lines: 1000, batch: 50, time: 250 };

/** Who shows the lines. */
export interface Reader {
  /** Lines of the page in the order found; `early` ones come again when the search reaches them. */
  found(lines: FigureLine[], early: boolean): void;
  /** The page is full; the search goes on when the promise is fulfilled. */
  more(): Promise<void>;
  progress(read: number, total: number): void;
}

/**
 * Finds the lines behind a figure of local files, page by page. Parsers read the logs in order; of plain files, lines
 * whose place the report knows are shown at once, so that few messages late in a huge log need no wait.
 */
export async function findFigure(request: FigureRequest, reader: Reader): Promise<FigureResult> {
  const { sources, options, extents } = await opened(request);
  const checkpoints = (source: Source) => extents.get(source.path)?.checkpoints ?? [];
  const textOf = async (lines: FoundLine[]): Promise<FigureLine[]> => {
    const all = lines.flatMap((line) => (line.tls ? [line, line.tls] : [line]));
    for (const [file, wanted] of byFile(all.filter(({ text }) => text === undefined))) {
      const source = sources[file];
      const texts = await pickLines(source.file, source.entry, checkpoints(source), wanted).catch(
        () => new Map<number, string>(),
      );
      for (const line of all) if (line.file === file) line.text ??= texts.get(line.line);
    }
    const withPath = <T extends { file: number }>({ file, ...rest }: T) => ({ path: sources[file].path, ...rest });
    return lines.map(({ tls, ...line }) => ({ ...withPath(line), ...(tls && { tls: withPath(tls) }) }));
  };

  // Lines close together cost little; where each is far from the others, the first screens must do.
  const showKnown = async () => {
    const known = request.known.flatMap(({ path, line }): FoundLine[] => {
      const file = sources.findIndex((source) => source.path === path && checkpoints(source).length > 0);
      return file < 0 ? [] : [{ file, line, count: 0, text: undefined }];
    });
    const until = Date.now() + early.time;
    for (let at = 0; at < Math.min(known.length, early.lines) && Date.now() < until; at += early.batch)
      reader.found(
        (await textOf(known.slice(at, at + early.batch))).filter(({ text }) => text !== undefined),
        true,
      );
  };

  if (request.counted === 0) return { lines: 0, unread: [] };
  if (request.skip === 0) await showKnown();

  const total = sources.reduce((sum, { size }) => sum + size, 0);
  let waiting: FoundLine[] = [],
    messages = 0,
    skipped = 0,
    lines = 0,
    characters = 0,
    shown = 0,
    next = Date.now();
  const flush = async () => {
    const batch = waiting;
    waiting = [];
    next = Date.now() + pause;
    if (batch.length > 0) reader.found(await textOf(batch), false);
  };
  const reports = await findLines(
    sources,
    options,
    request,
    sources.map(({ path }) => extents.get(path)?.lines),
    async (found) => {
      for (const line of found) {
        messages += line.count;
        if (skipped < request.skip) {
          skipped++;
          continue;
        }
        // The page ends only with a line that does not fit: a figure of exactly one page has no empty page behind it.
        if (lines >= page.lines || characters >= page.characters) {
          await flush();
          await reader.more();
          lines = characters = 0;
        }
        waiting.push(line);
        lines++;
        shown++;
        characters += line.text?.length ?? 200;
      }
      // All that the report counts is found: the rest of a huge log need not be read.
      if (messages >= request.counted) return false;
      if (Date.now() < next) return true;
      await flush();
      next = Date.now() + pause;
      reader.progress(
        sources.reduce((sum, { position }) => sum + position, 0),
        total,
      );
      return true;
    },
  );
  await flush();
  return {
    lines: shown + skipped,
    unread: reports
      .filter(({ state }) => state === 'failed')
      .map(({ path, detail }) => ({ path, code: detail ?? 'EIO' })),
  };
}

/** What lines of one of the logs state; nothing where it is not among them. */
export async function factsOf(request: FactsRequest): Promise<LineFacts> {
  const { sources, options, extents } = await opened(request);
  return readFacts(
    sources,
    options,
    request.shownTls,
    { file: sources.findIndex(({ path }) => path === request.path), first: request.first, last: request.last },
    sources.map(({ path }) => extents.get(path)?.lines),
  );
}

/** The logs of a report, to be read as they were. */
async function opened({ files, leaveOut, extents, timeZone, year, rules, columns }: RereadRequest) {
  const skip = new Set(leaveOut);
  const rank = new Map(extents.map(({ path }, i) => [path, i]));
  const sources = (await Promise.all(files.map(openFile)))
    .flat()
    .filter(({ path }) => !skip.has(path))
    .sort((a, b) => (rank.get(a.path) ?? Infinity) - (rank.get(b.path) ?? Infinity))
    .map((source) => {
      const { repeated } = extents[rank.get(source.path) ?? -1] ?? {};
      return repeated ? withoutLines(source, repeated) : source;
    });
  return {
    sources,
    options: { formats, carriers, zone: new Zone(timeZone), year, rules, columns },
    extents: new Map(extents.map((one) => [one.path, one])),
  };
}

/** The numbers of some lines by their log, ascending. */
function byFile(lines: readonly { file: number; line: number }[]): Map<number, number[]> {
  const files = new Map<number, number[]>();
  for (const { file, line } of lines) {
    const numbers = files.get(file);
    if (numbers) numbers.push(line);
    else files.set(file, [line]);
  }
  for (const numbers of files.values()) numbers.sort((a, b) => a - b);
  return files;
}
