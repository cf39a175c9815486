/** Records of separated values that may stand on several lines. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import Papa from 'papaparse';
import { Verdict, type Format, type Parser } from '../../../src/core/reading/format';
import { Segment, stitch } from '../../../src/core/reading/segment';
import { CsvRecords } from '../../../src/core/formats/shared/records';
import { optionsOf } from '../reading/read';

/** Reads records into the names of connectors, so that they can be compared after a stitch. */
function recordFormat(found: string[]): Format {
  return {
    id: 'records',
    name: 'records',
    detect: () => true,
    parser: (sink): Parser => {
      const records = new CsvRecords(sink, {
        enter: () => undefined,
        standsAlone: () => false,
        take: (row, _start, _end, line) => {
          found.push(JSON.stringify([line, ...Array.from({ length: row.count }, (_, i) => row.string(i))]));
          return Verdict.used;
        },
      });
      return {
        line: (...args) => records.line(...args),
        state: { records },
        finish: () => records.finish(),
      };
    },
  };
}

function segmentOf(text: string, found: string[], first = true): Segment {
  const segment = new Segment(recordFormat(found), optionsOf({}), first);
  segment.open({ index: 0, name: 'a', head: new Uint8Array(0) });
  segment.push(Buffer.from(text));
  segment.end();
  return segment;
}

const plain = fc
  .string({ unit: fc.constantFrom('a', 'b', ' ', ',', '"', '\n', '2', 'ü'), maxLength: 8 })
  .map((text) => text.trim().replace(/\n\n+/g, '\n'));
const rowsOf = fc.array(fc.tuple(plain, plain, plain), { minLength: 1, maxLength: 8 });
const quotedAll = (rows: readonly (readonly string[])[]) =>
  rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n');

describe('CSV records over several lines', () => {
  it('are those that another reader finds', () => {
    fc.assert(
      fc.property(rowsOf, fc.boolean(), (rows, all) => {
        const text = all ? quotedAll(rows) : Papa.unparse(rows);
        const found: string[] = [];
        segmentOf(text, found).finish();
        const expected = (Papa.parse(text, { newline: '\r\n' }).data as string[][])
          .filter((cells) => cells.length > 1 || cells[0] !== '')
          .map((cells) => cells.map((value) => value.trim().replace(/(?:[ \r]*\n)+/g, '\n')));
        assert.deepEqual(
          found.map((record) => (JSON.parse(record) as string[]).slice(1)),
          expected,
        );
      }),
      { numRuns: 500 },
    );
  });
  it('are the same when the file is cut at any line @slow', () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const text = `${quotedAll(rows)}\r\n`;
        const whole: string[] = [];
        const end = segmentOf(text, whole);
        end.finish();
        for (let cut = text.indexOf('\n') + 1; cut > 0 && cut < text.length; cut = text.indexOf('\n', cut) + 1) {
          const right: string[] = [],
            right2: string[] = [];
          const parts = [segmentOf(text.slice(0, cut), right), segmentOf(text.slice(cut), right2, false)];
          const before = parts[0].accounts[0].lines.read;
          const joined: string[] = [];
          const both = new Segment(recordFormat(joined), optionsOf({}), true);
          both.merge(parts[0]);
          both.merge(parts[1]);
          both.finish();
          // The right part numbers its lines from 1.
          const shifted = right2.map((record) => {
            const [line, ...cells] = JSON.parse(record) as [number, ...string[]];
            return JSON.stringify([line + before, ...cells]);
          });
          assert.deepEqual([...right, ...joined, ...shifted].sort(), [...whole].sort());
          assert.deepEqual(both.accounts[0].lines, end.accounts[0].lines);
        }
      }),
      { numRuns: 200 },
    );
  });
  it('a stray quote costs one record', () => {
    const found: string[] = [];
    const segment = segmentOf(['a,b', 'c,"d', 'e,f', 'g,"h, i"', 'j,k'].join('\n'), found);
    segment.finish();
    assert.deepEqual(
      found.map((record) => JSON.parse(record) as unknown),
      [
        [1, 'a', 'b'],
        [3, 'e', 'f'],
        [4, 'g', 'h, i'],
        [5, 'j', 'k'],
      ],
    );
    assert.deepEqual(segment.accounts[0].lines, { read: 5, used: 4, context: 0, skipped: 1 });
    assert.deepEqual([...segment.accounts[0].problems], [['unfinished-record', { count: 1, line: 2 }]]);
  });
  it('a stray quote that nothing contradicts costs one record too, after 64 KiB at most', () => {
    const found: string[] = [];
    const lines = ['a,"b', ...Array.from({ length: 20_000 }, (_, i) => `c,${i}`)];
    const segment = segmentOf(lines.join('\n'), found);
    assert.ok(found.length > 19_000, String(found.length));
    segment.finish();
    assert.equal(found.length, 20_000);
    assert.equal(segment.accounts[0].lines.skipped, 1);
  });
  it('quotes in every line do not make the reading slow @slow', () => {
    for (const line of [',"', '""', '"', 'a,"b""', '","']) {
      const segment = segmentOf(`${line}\n`.repeat(200_000), []);
      segment.finish();
      const { read, used, context, skipped } = segment.accounts[0].lines;
      assert.equal(read, used + context + skipped);
    }
  });
  it('a record does not go on in the next file', () => {
    const found: string[] = [];
    const segment = segmentOf('a,"b\nc,d\n', found);
    segment.open({ index: 1, name: 'b', head: new Uint8Array(0) });
    segment.push(Buffer.from('e",f\n'));
    segment.end();
    segment.finish();
    assert.deepEqual(
      found.map((record) => JSON.parse(record) as unknown),
      [
        [2, 'c', 'd'],
        [1, 'e"', 'f'],
      ],
    );
    assert.deepEqual(
      segment.accounts.map(({ lines }) => lines),
      [
        { read: 2, used: 1, context: 0, skipped: 1 },
        { read: 1, used: 1, context: 0, skipped: 0 },
      ],
    );
  });
  it('stitching does not change its parts', () => {
    const parts = [segmentOf('"a","b\nc', []), segmentOf('d","e"\n"f","g"\n', [], false)];
    const once = stitch(parts[0], parts[1]),
      twice = stitch(parts[0], parts[1]);
    assert.deepEqual(once.accounts[0].lines, twice.accounts[0].lines);
  });
});
