/** Finding the lines behind a figure in files on a disk, page by page. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { generators } from '../../../bench/generators/index.mjs';
import type { Analysis } from '../../../src/core/reading/analysis';
import { lookUp, stepOf, type Figure } from '../../../src/core/drilldown/figure';
import type { FigureLine, FigureRequest, FigureResult } from '../../../src/protocol';
import { findFigure } from '../../../src/source/figure';
import { pickLines, readLines } from '../../../src/source/lines';
import { readLogs } from '../../../src/source/read';

const clear: Figure = { directions: ['outbound'], tls: ['none'] };

describe('the lines behind a figure of files @slow', () => {
  let folder: string, log: string, packed: string, raw: string[];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mail-flow-figure-'));
    log = join(folder, 'mail.log');
    generators.postfix(log, 6 << 20);
    raw = readFileSync(log, 'utf8').split('\n');
    packed = join(folder, 'old.gz');
    writeFileSync(packed, gzipSync(readFileSync(log)));
  });
  after(() => rmSync(folder, { recursive: true }));

  const read = (...files: string[]) => readLogs({ files, timeZone: 'UTC', rules: [], hash: false, year: 2026 });
  const requestFor = ({ cube, files }: Analysis, figure: Figure, skip = 0): FigureRequest => ({
    files: files.map(({ path }) => path),
    timeZone: 'UTC',
    year: 2026,
    rules: [],
    figure,
    shownTls: cube.shownTls,
    step: stepOf(cube, figure),
    skip,
    counted: lookUp(cube, figure).messages,
    leaveOut: [],
    extents: files.map(({ path, lines, checkpoints }) => ({ path, lines: lines.read, checkpoints })),
    known: lookUp(cube, figure, 50).places.map(({ file, line }) => ({ path: files[file].path, line })),
  });
  const find = async (
    request: FigureRequest,
  ): Promise<{ pages: FigureLine[][]; early: FigureLine[]; result: FigureResult }> => {
    const pages: FigureLine[][] = [[]],
      early: FigureLine[] = [];
    const result = await findFigure(request, {
      found: (lines, known) => (known ? early : pages[pages.length - 1]).push(...lines),
      more: async () => {
        pages.push([]);
      },
      progress: () => undefined,
    });
    return { pages, early, result };
  };

  it('come in pages of a thousand, all of them and each once @slow', async () => {
    const analysis = await read(log),
      { pages, result } = await find(requestFor(analysis, {})),
      all = pages.flat();
    assert.ok(pages.length > 2, `${pages.length} pages`);
    assert.ok(pages.slice(0, -1).every((page) => page.length === 1000));
    assert.equal(
      all.reduce((sum, { count }) => sum + count, 0),
      lookUp(analysis.cube, {}).messages,
    );
    assert.equal(new Set(all.map(({ line }) => line)).size, all.length);
    assert.equal(result.lines, all.length);
    for (const { line, text } of all) assert.equal(text, raw[line - 1]);
    // A search that was given up goes on behind what it has shown.
    const rest = await find(requestFor(analysis, {}, 1500));
    assert.deepEqual(rest.pages.flat(), all.slice(1500));
  });

  it('are known at once by their places where the report has them, and come again', async () => {
    const { pages, early } = await find(requestFor(await read(log), clear)),
      all = new Map(pages.flat().map(({ line, text }) => [line, text]));
    assert.equal(early.length, 50);
    for (const { line, text } of early) assert.equal(text, raw[line - 1]);
    assert.ok(early.some(({ line }) => all.has(line)));
  });

  it('are the same from a compressed log, and from one that has grown @slow', async () => {
    const analysis = await read(log),
      grown = join(folder, 'grown.log');
    const places = (found: { pages: FigureLine[][] }) =>
      found.pages.flat().map(({ line, count, text }) => [line, count, text]);
    const expected = places(await find(requestFor(analysis, clear)));
    assert.deepEqual(places(await find(requestFor(await read(packed), clear))), expected);
    writeFileSync(grown, readFileSync(log));
    const request = requestFor(await read(grown), clear);
    appendFileSync(grown, readFileSync(log));
    assert.deepEqual(places(await find(request)), expected);
  });

  it('are missing with a reason where a log is gone, and the others are found', async () => {
    const lost = join(folder, 'lost.log');
    generators.postfix(lost, 100_000);
    const request = requestFor(await read(log, lost), clear);
    rmSync(lost);
    const { pages, result } = await find(request);
    assert.ok(pages.flat().length > 0);
    assert.deepEqual(result.unread, [{ path: lost, code: 'ENOENT' }]);
  });

  it('are picked by their numbers from anywhere in a log', async () => {
    const {
        files: [{ checkpoints }],
      } = await read(log),
      last = raw.length - 1;
    for (const path of [log, packed]) {
      const wanted = [1, 2, 5000, 5001, last];
      assert.deepEqual(
        [...(await pickLines(path, undefined, path === log ? checkpoints : [], [...wanted, last + 7]))],
        wanted.map((line) => [line, raw[line - 1]]),
      );
      assert.deepEqual(await readLines(path, undefined, checkpoints, last - 1, 5), raw.slice(last - 2, last));
    }
  });
});
