/** What the silence of logs means, against rules that are applied to the whole list of lines. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Silence } from '../../../src/core/cube/evidence';
import { now, unknownStart } from '../../../src/core/cube/evidencekey';
import {
  DirectionCode,
  FaultCode,
  ForcedCode,
  OutcomeCode,
  TlsCode,
  TypeCode,
  UnitCode,
} from '../../../src/core/model';
import { Verdict, type Format, type Parser } from '../../../src/core/reading/format';
import { Segment, stitch } from '../../../src/core/reading/segment';
import type { FileContext, Sink } from '../../../src/core/reading/sink';
import { Evidence } from '../../../src/core/cube/evidence';
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
import { optionsOf } from '../reading/read';

const day = 86_400_000;

/**
 * One line: a host, what it says, when, and since when its process may have read its settings. `left`: only what came
 * before a segment tells that.
 */
interface Line {
  host: number;
  says: 'tls' | 'silent' | 'restart';
  time: number;
  began: number;
  left: boolean;
}

/** A format with such lines as JSON. */
const format: Format = {
  id: 'toy',
  name: 'Toy',
  detect: () => true,
  parser: (sink) => new ToyParser(sink),
};

/** The same, of which all lines but restarts are left to what came before. */
const leaving: Format = { ...format, parser: (sink) => new ToyParser(sink, true) };

class ToyParser implements Parser {
  constructor(
    private readonly sink: Sink,
    private readonly leavesAll = false,
  ) {}

  line(bytes: Uint8Array, start: number, end: number, number: number): Verdict {
    const { id, host, says, time, began, left } = JSON.parse(
      Buffer.from(bytes.subarray(start, end)).toString(),
    ) as Line & { id: number };
    const { sink } = this,
      source = sink.evidenceSource(`host ${host}`, time),
      key = sink.evidence(`mail of host ${host}`, source);
    const start_ = began < 0 ? now : began,
      isLeft = left && !sink.first;
    if (says === 'restart') {
      sink.restarted(source, time);
      return Verdict.context;
    }
    if (this.leavesAll && !sink.first) return Verdict.unresolved;
    if (says === 'tls') {
      sink.showsTls(key, time, isLeft ? unknownStart : start_);
      return isLeft ? Verdict.unresolved : Verdict.context;
    }
    if (isLeft) return Verdict.unresolved;
    sink.add({
      unit: UnitCode.message,
      direction: DirectionCode.inbound,
      outcome: OutcomeCode.accepted,
      tls: TlsCode.absent,
      fault: FaultCode.none,
      forced: ForcedCode.unknown,
      type: TypeCode.unknown,
      connector: sink.words.connectors.internText(`line ${id}`),
      cipher: 0,
      server: 0,
      remote: 0,
      address: 0,
      evidence: sink.absent(key, time, start_) + Silence.unknown,
      time,
      count: 1,
      recipients: 1,
      bytes: 0,
      line: number,
      tlsAt: 0,
    });
    return Verdict.used;
  }
  merge(): void {}
  finish(): void {}
  save(): unknown {
    return {};
  }
  load(): void {}
  advice(): string[] {
    return [];
  }
}

/** For each silent line whether it was in clear, by the rules as they are written down. */
function oracle(lines: readonly Line[]): (boolean | undefined)[] {
  const epoch = lines.map(
    ({ host }, i) => lines.filter((l, j) => j < i && l.says === 'restart' && l.host === host).length,
  );
  const restart = lines.map(
    ({ host }, i) => lines.filter((l, j) => j < i && l.says === 'restart' && l.host === host).at(-1)?.time,
  );
  const isOlder = (i: number) => lines[i].began >= 0 && restart[i] !== undefined && lines[i].began <= restart[i]!;
  const dayOf = (i: number) => Math.floor(lines[i].time / day);
  return lines.map(({ host, says }, i) => {
    if (says !== 'silent') return undefined;
    if (isOlder(i)) return false;
    const tls = lines.flatMap((l, j) => (l.says === 'tls' && l.host === host && !isOlder(j) ? [j] : []));
    const sameEpoch = tls.filter((j) => epoch[j] === epoch[i]);
    const earlierThatDay = sameEpoch.some((j) => j < i && dayOf(j) === dayOf(i));
    const onBothSides = sameEpoch.some((j) => j < i) && sameEpoch.some((j) => j > i);
    const laterThatDay = sameEpoch.some((j) => j > i && dayOf(j) === dayOf(i)) && tls.some((j) => j < i);
    return earlierThatDay || onBothSides || laterThatDay;
  });
}

/** A segment of the lines from one number to another, of files of so many lines each. */
function segmentOf(
  lines: readonly Line[],
  from: number,
  to: number,
  perFile: number,
  of = format,
  builder?: CubeBuilder,
): Segment {
  const segment = new Segment(of, optionsOf({}), from === 0, builder);
  for (let at = from; at < to;) {
    const index = Math.floor(at / perFile),
      next = Math.min(to, (index + 1) * perFile);
    // Positions in the data set need not be the order of reading.
    const file: FileContext = { index: 99 - index, name: String(index), head: new Uint8Array() };
    segment.open(file);
    segment.push(
      Buffer.from(
        lines
          .slice(at, next)
          .map((line, i) => `${JSON.stringify({ id: at + i, ...line })}\n`)
          .join(''),
      ),
    );
    at = next;
  }
  return segment;
}

function travelled(segment: Segment): Segment {
  return Segment.load(structuredClone(segment.save()!), segment.format, segment.options);
}

/** For each silent line whether the segment says that it was in clear. */
function judged(segment: Segment, lines: readonly Line[]): (boolean | undefined)[] {
  const cube = segment.builder.build();
  const byName = new Map<string, TlsCode>();
  for (let i = 0; i < cube.cells.length; i++) {
    const series = cube.cells.series[i];
    byName.set(cube.connectors[cube.series.connector[series]], cube.series.tls[series]);
  }
  return lines.map(({ says }, i) => {
    const tls = byName.get(`line ${i}`);
    if (says !== 'silent') return undefined;
    assert.ok(tls === TlsCode.none || tls === TlsCode.unknown, `line ${i} is ${tls}`);
    return tls === TlsCode.none;
  });
}

const says = fc.constantFrom<Line['says'][]>('tls', 'tls', 'silent', 'silent', 'silent', 'restart');
/** Lines in the order of time, some by processes that began before. */
const inOrder = fc
  .array(
    fc.record({
      host: fc.nat(1),
      says,
      step: fc.constantFrom(1000, 5000, day / 3),
      ago: fc.nat(5),
      left: fc.boolean(),
    }),
    {
      maxLength: 30,
    },
  )
  .map((list) => {
    let time = 20_000 * day;
    const times = list.map(({ step }) => (time += step));
    return list.map(({ host, says, ago, left }, i): Line => {
      const began = ago === 0 ? -1 : (times[i - ago] ?? times[0]) + 500;
      return { host, says, time: times[i], began, left: left && says !== 'restart' };
    });
  });
/** Lines of any days, as where clocks go wrong. */
const anyDay = fc
  .array(fc.record({ host: fc.nat(1), says, day: fc.nat(2), left: fc.boolean() }), { maxLength: 30 })
  .map((list) =>
    list.map(({ host, says, day: d, left }): Line => ({
      host,
      says,
      time: (20_000 + d) * day,
      began: -1,
      left: left && says === 'silent',
    })),
  );

describe('silence @slow', () => {
  for (const [name, all] of [
    ['of lines in order', inOrder],
    ['of lines of any day', anyDay],
  ] as const) {
    it(`${name} is judged as by rules over the whole log`, () => {
      fc.assert(
        fc.property(all, fc.integer({ min: 1, max: 12 }), (lines, perFile) => {
          assert.deepEqual(judged(segmentOf(lines, 0, lines.length, perFile), lines), oracle(lines));
        }),
        { numRuns: 1000 },
      );
    });
    it(`${name} is judged the same where the log is cut anywhere and joined in any order`, () => {
      fc.assert(
        fc.property(
          all,
          fc.integer({ min: 1, max: 12 }),
          fc.array(fc.nat(30), { maxLength: 4 }),
          fc.infiniteStream(fc.nat(9)),
          fc.constantFrom(format, leaving),
          (lines, perFile, at, picks, of) => {
            const cuts = [0, ...at.filter((cut) => cut > 0 && cut < lines.length), lines.length].sort((a, b) => a - b);
            const parts = cuts.slice(1).map((to, i) => segmentOf(lines, cuts[i], to, perFile, of));
            while (parts.length > 1) {
              const pick = picks.next().value!,
                i = pick % (parts.length - 1),
                [a, b] = parts.slice(i, i + 2);
              parts.splice(i, 2, pick < 5 ? stitch(a, b) : travelled(stitch(travelled(a), travelled(b))));
            }
            assert.deepEqual(judged(parts[0], lines), oracle(lines));
          },
        ),
        { numRuns: 1500 },
      );
    });
    it(`${name} is judged the same when they are read once more for their lines`, () => {
      fc.assert(
        fc.property(all, fc.integer({ min: 1, max: 12 }), fc.nat(30), (lines, perFile, at) => {
          const cut = Math.min(at, lines.length);
          const joined = stitch(segmentOf(lines, 0, cut, perFile), segmentOf(lines, cut, lines.length, perFile));
          const { shownTls } = structuredClone(joined.builder.build());
          const again = new CubeBuilder(Evidence.of(shownTls));
          assert.deepEqual(judged(segmentOf(lines, 0, lines.length, perFile, format, again), lines), oracle(lines));
        }),
        { numRuns: 1500 },
      );
    });
  }
});
