/** Mail that stands in two files counts once where its lines prove it, else a problem says how much there is. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { generators } from '../../../bench/generators/index.mjs';
import { lookUp, stepOf } from '../../../src/core/drilldown/figure';
import { findFigure } from '../../../src/source/figure';
import { readLogs } from '../../../src/source/read';
import { report, type Json } from '../reading/read';

/** Lines `[from, to)` of a log. */
type Part = readonly [from: number, to: number];

describe('logs that overlap @slow', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mail-flow-overlaps-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const request = (names: readonly string[]) => ({
    files: names.map((name) => join(folder, name)),
    timeZone: 'UTC',
    year: 2026,
    rules: [],
    hash: false,
    threads: 1,
  });
  const read = async (...names: string[]) => report(await readLogs(request(names)));
  const figures = ({ totals, connectors, internal, insights }: Json) => ({
    totals,
    internal,
    connectors: connectors.map(({ remotes, ...rest }) => ({ ...rest, remotes: remotes.length })),
    insights: insights.map((insight) => ({ ...insight, path: '', line: 0, counted: undefined })),
  });
  const repeated = ({ inputs }: Json) =>
    inputs.map(({ problems }) => problems.find(({ code }) => code === 'repeated-line')?.count ?? 0);

  for (const kind of ['postfix', 'exim', 'exchange-smtp'] as const)
    describe(kind, () => {
      let lines: string[], head: string[], whole: Json;
      const write = (name: string, ...parts: Part[]) =>
        writeFileSync(join(folder, name), [...head, ...parts.flatMap(([from, to]) => lines.slice(from, to))].join(''));

      before(async () => {
        const path = join(folder, 'whole.log');
        generators[kind](path, 300_000);
        const all = readFileSync(path, 'latin1').split(/(?<=\n)/);
        head = all.filter((line) => line.startsWith('#'));
        lines = all.filter((line) => !line.startsWith('#'));
        whole = await read('whole.log');
        assert.ok(whole.totals.inbound.messages > 50);
      });

      it('by half count what the whole log counts, in either order', async () => {
        write('a.log', [0, 700]);
        write('b.log', [300, lines.length]);
        const [one, other] = [await read('a.log', 'b.log'), await read('b.log', 'a.log')];
        assert.deepEqual(figures(one), figures(whole));
        assert.deepEqual(repeated(one), [0, 400]);
        assert.equal(JSON.stringify(one), JSON.stringify(other));
        for (const { lines } of one.inputs) assert.equal(lines.read, lines.used + lines.context + lines.skipped);
      });
      it('by one line, or by all, count it once', async () => {
        write('a.log', [0, 500]);
        for (const [from, to, both] of [
          [499, 900, 1],
          [200, 300, 100],
          [500, 900, 0],
        ]) {
          write('b.log', [from, to]);
          write('whole.log', [0, Math.max(500, to)]);
          const parts = await read('a.log', 'b.log');
          assert.deepEqual(figures(parts), figures(await read('whole.log')), `${from}`);
          assert.deepEqual(repeated(parts), [0, both]);
        }
      });
      it('are known where one is compressed, and has other line ends', async () => {
        write('a.log', [0, 700]);
        write('b.log', [300, 1000]);
        write('whole.log', [0, 1000]);
        const text = readFileSync(join(folder, 'a.log'), 'latin1').replaceAll('\n', '\r\n');
        writeFileSync(join(folder, 'a.log.gz'), gzipSync(Buffer.from(text, 'latin1')));
        const parts = await read('b.log', 'a.log.gz');
        assert.deepEqual(figures(parts), figures(await read('whole.log')));
        assert.deepEqual(repeated(parts), [0, 400]);
      });
      it('lead from a figure to each message once', async () => {
        write('a.log', [0, 700]);
        write('b.log', [300, 1000]);
        const { cube, files } = await readLogs(request(['a.log', 'b.log'])),
          figure = { directions: ['inbound' as const] };
        const found: string[] = [];
        let counted = 0;
        await findFigure(
          {
            ...request(['b.log', 'a.log']),
            figure,
            shownTls: cube.shownTls,
            step: stepOf(cube, figure),
            counted: 1_000_000,
            known: [],
            skip: 0,
            leaveOut: [],
            extents: files.map(({ path, lines: { read }, checkpoints, repeated }) => ({
              path,
              lines: read,
              checkpoints,
              repeated,
            })),
          },
          {
            found: (lines) => {
              for (const { path, line, count } of lines) {
                found.push(`${path}:${line}`);
                counted += count;
              }
            },
            more: async () => {},
            progress: () => {},
          },
        );
        assert.equal(counted, lookUp(cube, figure).messages);
        assert.equal(new Set(found).size, found.length);
      });
    });

  it('without ids are told, with the number of messages in both', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `2026-11-10T06:00:${String(i).padStart(2, '0')}Z,A,received,TLSv1.2,${1 + (i % 3)}\n`,
    );
    const header = 'date,connector,direction,tls version,messages\n';
    writeFileSync(join(folder, 'a.csv'), header + rows.slice(0, 30).join(''));
    writeFileSync(join(folder, 'b.csv'), header + rows.slice(20).join(''));
    const { inputs, totals } = await read('a.csv', 'b.csv');
    const count = (from: number, to: number) => rows.slice(from, to).reduce((sum, row) => sum + Number(row.at(-2)), 0);
    assert.equal(totals.inbound.messages, count(0, 30) + count(20, 40));
    assert.deepEqual(inputs[1].problems, [{ code: 'counted-twice', count: count(20, 30), line: 1 }]);
    assert.deepEqual(inputs[0].problems, []);
  });

  it('of two hosts that wrote at the same time have nothing in common', async () => {
    generators.postfix(join(folder, 'a.log'), 100_000);
    const text = readFileSync(join(folder, 'a.log'), 'latin1');
    writeFileSync(join(folder, 'b.log'), text.replaceAll(' mx1 ', ' mx2 '));
    const [one, both] = [await read('a.log'), await read('a.log', 'b.log')];
    assert.equal(both.totals.inbound.messages, 2 * one.totals.inbound.messages);
    assert.deepEqual(repeated(both), [0, 0]);
  });
});
