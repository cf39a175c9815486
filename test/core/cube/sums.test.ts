import assert from 'node:assert/strict';
import fc from 'fast-check';
import { placeCode, shifted } from '../../../src/core/cube/placecode';
import { SumTable } from '../../../src/core/cube/sums';

const event = fc.record({
  minute: fc.integer({ min: 0, max: 4000 }),
  series: fc.integer({ min: 0, max: 80 }),
  remote: fc.integer({ min: 0, max: 500 }),
  count: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0x7fffffff, 0x80000000, 5e9, 2 ** 50)),
  recipients: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(3e9)),
  bytes: fc.oneof(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(2 ** 32, 2 ** 40 + 1)),
  file: fc.constantFrom(0, 0, 0, 1),
  line: fc.oneof(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(2 ** 32 + 5, 2 ** 31)),
});
const steps = [
  { minutes: 1, limit: 40 },
  { minutes: 60, limit: 60 },
  { minutes: 1440, limit: Infinity },
];

describe('sums', () => {
  for (const remotes of [false, true])
    it(`are those of a plain table, ${remotes ? 'by remote host, ' : ''}in the step that is left`, () => {
      fc.assert(
        fc.property(fc.array(event, { maxLength: 700, size: 'max' }), fc.nat({ max: 3 }), (events, parts) => {
          const tables = Array.from({ length: parts + 1 }, () => new SumTable(steps));
          events.forEach((e, i) => {
            const table = tables[Math.floor((i * tables.length) / events.length)];
            if (remotes) table.add(e.minute, e.series, e.remote, e.count, e.recipients, 0, e.file, e.line, 0);
            else table.add(e.minute, e.series, 0, e.count, e.recipients, e.bytes, e.file, e.line, 0);
          });
          const all = tables[0],
            same = Int32Array.from({ length: 600 }, (_, i) => i);
          for (const other of tables.slice(1)) all.merge(other, same, []);
          const sums = new Map<string, number[]>(),
            add = (
              minute: number,
              series: number,
              remote: number,
              file: number,
              line: number,
              ...numbers: number[]
            ) => {
              const key = `${Math.floor(minute / all.step) * all.step} ${series} ${remote}`,
                sum = sums.get(key);
              if (!sum) sums.set(key, [file, line, ...numbers]);
              else {
                if (file === sum[0]) sum[1] = Math.min(sum[1], line);
                numbers.forEach((n, i) => {
                  sum[2 + i] += n;
                });
              }
            };
          for (const e of events)
            add(e.minute, e.series, remotes ? e.remote : 0, 0, 1, e.count, e.recipients, remotes ? 0 : e.bytes);
          const expected = new Map(sums);
          sums.clear();
          const c = remotes
            ? { ...all.remoteColumns(), bytes: new Float64Array(all.length) }
            : { ...all.columns(), remote: new Int32Array(all.length) };
          for (let i = 0; i < c.length; i++)
            add(c.minute[i], c.series[i], c.remote[i], 0, 1, c.messages[i], c.recipients[i], c.bytes[i]);
          assert.deepEqual(sums, expected);
        }),
        { numRuns: 40 },
      );
    });

  for (const [name, minuteOf] of [
    ['goes on', (i: number) => i >> 3],
    ['goes back', (i: number) => 3000 - (i >> 3)],
    ['jumps', (i: number) => Math.imul(i, 0x9e3779b1) >>> 20],
    ['goes on, and jumps from some row on', (i: number) => (i < 9000 ? i >> 3 : Math.imul(i, 0x9e3779b1) >>> 20)],
    ['stands still', () => 7],
  ] as const)
    it(`are those of a plain table where time ${name}`, () => {
      const table = new SumTable([{ minutes: 1, limit: Infinity }]),
        expected = new Map<string, number>();
      for (let i = 0; i < 20_000; i++) {
        const minute = minuteOf(i),
          series = Math.imul(i, 0x85ebca6b) >>> 26,
          remote = i % 3 === 0 ? 0 : Math.imul(i, 0xc2b2ae35) >>> 27,
          key = `${minute} ${series} ${remote}`;
        table.add(minute, series, remote, 1, 0, 0, 0, i + 1, 0);
        expected.set(key, (expected.get(key) ?? 0) + 1);
      }
      const { length, minute, series, remote, messages } = table.remoteColumns(),
        found = new Map<string, number>();
      for (let i = 0; i < length; i++) found.set(`${minute[i]} ${series[i]} ${remote[i]}`, messages[i]);
      assert.equal(length, expected.size);
      assert.deepEqual(found, expected);
    });

  it('take the step that their rows ask for, whatever parts they are merged from', () => {
    const same = Int32Array.from({ length: 81 }, (_, i) => i);
    fc.assert(
      fc.property(fc.array(event, { maxLength: 120, size: 'max' }), fc.nat({ max: 120 }), (events, cut) => {
        const sum = (some: typeof events) => {
          const table = new SumTable(steps);
          for (const e of some) table.add(e.minute, e.series, 0, e.count, 1, 1, e.file, e.line, 0);
          return table;
        };
        const whole = sum(events);
        const merged = sum(events.slice(0, cut));
        merged.merge(sum(events.slice(cut)), same, []);
        assert.deepEqual([merged.step, merged.length], [whole.step, whole.length]);
      }),
    );
  });

  it('are kept by the minute up to the limit, and by the hour beyond it', () => {
    const table = new SumTable([
      { minutes: 1, limit: 3 },
      { minutes: 60, limit: Infinity },
    ]);
    for (const [rows, step] of [1, 1, 1, 60].entries()) {
      table.add(rows, 0, 0, 1, 1, 1, 0, rows + 1, 0);
      assert.equal(table.step, step, `${rows + 1} rows`);
    }
    assert.equal(table.length, 1);
  });

  it('keep where the log shows the TLS of the first line, through merging and coarser steps', () => {
    /** Every second line shows none; the others have their TLS ten lines above, some in the file before. */
    const shownAt = (file: number, line: number) =>
      line % 2 === 0 ? 0 : placeCode(line % 3 === 0 ? 0 : file, Math.max(1, line - 10));
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 700, size: 'max' }),
        fc.nat({ max: 3 }),
        fc.tuple(fc.nat(1000), fc.nat(1000)),
        (events, parts, shift) => {
          const tables = Array.from({ length: parts + 1 }, () => new SumTable(steps));
          events.forEach((e, i) => {
            const table = tables[Math.floor((i * tables.length) / events.length)];
            table.add(e.minute, e.series, 0, e.count, e.recipients, e.bytes, e.file, e.line, shownAt(e.file, e.line));
          });
          const all = new SumTable(steps);
          const same = Int32Array.from({ length: 600 }, (_, i) => i);
          for (const table of tables) all.merge(table, same, shift);
          const { length, file, line, tlsAt } = all.columns();
          for (let i = 0; i < length; i++)
            assert.equal(tlsAt[i], shifted(shownAt(file[i], line[i] - shift[file[i]]), shift));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keep the first line of a file, however large its number', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 300, size: 'max' }), (events) => {
        const table = new SumTable([{ minutes: 1440, limit: Infinity }]);
        for (const e of events) table.add(e.minute, 1, 1, 1, 1, 0, 0, e.line, 0);
        const { minute, line, length } = table.remoteColumns();
        for (let i = 0; i < length; i++)
          assert.equal(
            line[i],
            Math.min(...events.filter((e) => Math.floor(e.minute / 1440) * 1440 === minute[i]).map((e) => e.line)),
          );
      }),
      { numRuns: 40 },
    );
  });
});
