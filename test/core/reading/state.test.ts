/** What parsers carry from segment to segment: all of it, with the names and lines that it had. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
import { now } from '../../../src/core/cube/evidencekey';
import { pack, unpack } from '../../../src/core/cube/pack';
import { formats } from '../../../src/core/formats/index';
import { Candidates } from '../../../src/core/formats/shared/candidates';
import { IdTable } from '../../../src/core/formats/shared/idtable';
import { DirectionCode, OutcomeCode, TlsCode, type LineNumber, type WordId } from '../../../src/core/model';
import type { ConnectorRule } from '../../../src/core/connectors/rules';
import { Words } from '../../../src/core/text/words';
import { Segment } from '../../../src/core/reading/segment';
import { Sink, type FileAccount } from '../../../src/core/reading/sink';
import { noTime } from '../../../src/core/text/coveredtime';
import { loadState, mergeState, saveState, type EntryFields, type State } from '../../../src/core/reading/state';
import { cubeWords } from './cells';
import { fixtureCases, optionsOf, type FixtureCase } from './read';

interface Part {
  remote: WordId;
  line: LineNumber;
  file: number;
}
interface Entry {
  cipher: WordId;
  name: string;
  remotes: WordId[];
  parts: Part[];
  last: Part | undefined;
  seen: Set<number>;
}
const fields: EntryFields<Entry> = {
  cipher: 'ciphers',
  remotes: 'remotes',
  parts: { remote: 'remotes', line: 'line' },
  last: { remote: 'remotes', line: 'line' },
};

/** A sink of a segment that reads a file. */
function sinkOf(words: CubeBuilder, first: boolean, rules: ConnectorRule[] = []) {
  const sink = new Sink(words, optionsOf({ rules }), first);
  const account: FileAccount = {
    file: { index: 0, name: 'a', head: new Uint8Array() },
    lines: { read: 0, used: 0, context: 0, skipped: 0 },
    problems: new Map(),
    checkpoints: [],
    bytes: 0,
    covered: noTime(),
  };
  sink.open(account, () => ({ year: 2026 }) as never);
  return { sink, account };
}

/** A segment's table with what it needs. */
function tableOf(first: boolean, limit = Infinity) {
  const words = new CubeBuilder();
  const { sink, account } = sinkOf(words, first);
  const state = { table: new IdTable<string, Entry>(sink, { limit, fields }) };
  return { words, account, state };
}
type Made = ReturnType<typeof tableOf>;

/** An entry of which every field follows from a number. */
function entryOf({ words }: Made, n: number, line: number): Entry {
  const part = (m: number): Part => ({ remote: words.remotes.internText(`host${m}`), line, file: 0 });
  return {
    cipher: words.ciphers.internText(`cipher${n}`),
    name: `name${n}`,
    remotes: [n, n + 1].map((m) => words.remotes.internText(`host${m}`)),
    parts: [part(n), part(n + 2)],
    last: n % 2 ? part(n + 3) : undefined,
    seen: new Set([n]),
  };
}

/** What a table says, in words. */
function said({ words, state }: Made): string[] {
  const host = (id: WordId) => words.remotes.text(id);
  return [...state.table.values()].map((entry) =>
    JSON.stringify([
      words.ciphers.text(entry.cipher),
      entry.name,
      entry.remotes.map(host),
      entry.parts.map(({ remote, line }) => [host(remote), line]),
      entry.last && [host(entry.last.remote), entry.last.line],
      [...entry.seen],
    ]),
  );
}

describe('the state of parsers', () => {
  it('a word id or a line number that is not declared is refused by the type checker', () => {
    // @ts-expect-error cipher is a word id
    const noWord: EntryFields<Entry> = { remotes: fields.remotes, parts: fields.parts, last: fields.last };
    // @ts-expect-error the parts have a line number
    const noLine: EntryFields<Entry> = { ...fields, parts: { remote: 'remotes' } };
    // @ts-expect-error nobody knows in which file
    const noFile: EntryFields<{ line: LineNumber }> = { line: 'line' };
    // @ts-expect-error text is no word id
    const text: EntryFields<{ name: string }> = { name: 'remotes' };
    const none: EntryFields<{ name: string; count: number; inner: { list: string[] } }> = {};
    assert.ok([noWord, noLine, noFile, text, none]);
  });

  it('is the same in one segment and in several, wherever the log is cut and whichever travels', () => {
    const steps = fc.array(fc.record({ id: fc.nat(8), open: fc.boolean(), value: fc.nat(20) }), { maxLength: 40 });
    fc.assert(
      fc.property(steps, fc.array(fc.nat(40), { maxLength: 4 }), fc.boolean(), (all, cuts, travels) => {
        const run = (made: Made, from: number, to: number): Made => {
          for (let i = from; i < to; i++) {
            const { id, open, value } = all[i];
            if (open) made.state.table.open(String(id), entryOf(made, value, i + 1 - from), i + 1 - from);
            else made.state.table.close(String(id));
          }
          return made;
        };
        const at = [...new Set([0, ...cuts.filter((cut) => cut < all.length), all.length])].sort((a, b) => a - b);
        const left = tableOf(true);
        for (let i = 0; i + 1 < at.length; i++) {
          let right = run(tableOf(false), at[i], at[i + 1]);
          if (travels) right = travelled(right);
          const before = said(right);
          mergeState(left.state, right.state, left.words.merge(right.words, [at[i]]), [at[i]]);
          // What is merged is a copy.
          for (const entry of left.state.table.values()) entry.parts.forEach((part) => (part.line += 0));
          assert.deepEqual(said(right), before);
        }
        assert.deepEqual(said(left).sort(), said(run(tableOf(true), 0, all.length)).sort());
      }),
    );
  });

  it('a table holds no more than its limit, and says what it has lost', () => {
    const made = tableOf(true, 3);
    for (let i = 0; i < 10; i++) made.state.table.open(String(i % 5), entryOf(made, i, i + 1), i + 1);
    assert.equal([...made.state.table.values()].length, 3);
    assert.equal(made.account.problems.get('join-evicted')!.count, 7);
  });

  it('candidates that can not be told apart any more are said, too', () => {
    const few = () => Object.assign(new CubeBuilder(), { addresses: new Words(5) });
    const { sink, account } = sinkOf(Object.assign(few(), { scratch: few }), true, [
      { name: 'Ours', addresses: ['192.0.2.0/24'] },
    ]);
    const candidates = new Candidates(sink);
    const direction = DirectionCode.inbound,
      outcome = OutcomeCode.accepted,
      tls = TlsCode.none;
    for (let n = 0; n < 9; n++)
      candidates.add('row', { direction, outcome, tls, time: 0, address: `192.0.2.${n}`, line: n + 1 });
    assert.deepEqual(account.problems.get('too-many-names'), { count: 6, line: 4 });
  });

  it('every parser declares its state, or merges, saves and loads it itself', () => {
    for (const format of formats) {
      const { parser } = new Segment(format, optionsOf({}), true);
      const own = [parser.merge, parser.save, parser.load].map((method) => method !== undefined);
      assert.deepEqual(own, Array(3).fill(parser.state === undefined), format.id);
    }
  });

  for (const fixture of fixtureCases().filter(({ id }) => id !== 'unrecognised'))
    it(`${fixture.id}/${fixture.name}: names stay what they are among other names`, () => {
      const { bytes } = fixture.files[0],
        ends = [...bytes.keys()].filter((i) => bytes[i] === 10).map((i) => i + 1),
        whole = resultOf(readWhole(fixture));
      for (let n = 1; n < 8; n++) {
        const cut = ends[Math.floor((ends.length * n) / 8)] ?? bytes.length;
        assert.deepEqual(
          resultOf(merged(fixture, [bytes.subarray(0, cut), bytes.subarray(cut)])),
          whole,
          `cut at byte ${cut}`,
        );
      }
    });
});

/** The same table from another thread. */
function travelled(made: Made): Made {
  const other = tableOf(false);
  const words = unpack(structuredClone(pack(made.words))) as CubeBuilder;
  loadState(other.state as State, unpack(structuredClone(pack(saveState(made.state)))) as Record<string, unknown>);
  return { ...other, words };
}

/** All that a finished segment says. */
function resultOf({ builder, accounts, parser }: Segment): unknown {
  return {
    ...cubeWords(builder.build(), String),
    lines: accounts.map(({ lines }) => lines),
    problems: accounts.map(({ problems }) => [...problems].sort()),
    advice: parser.advice?.(0) ?? [],
  };
}

/** The first file of a fixture. */
function readWhole(fixture: FixtureCase): Segment {
  const segment = segmentOf(fixture, fixture.files[0].bytes, true);
  segment.finish();
  return segment;
}

/**
 * The ranges of that file as one segment, whose lists of words begin with words of no meaning, fewer for each range.
 */
function merged(fixture: FixtureCase, ranges: readonly Uint8Array[]): Segment {
  const [left, ...rights] = [new Uint8Array(), ...ranges].map((bytes, i) =>
    segmentOf(fixture, bytes, i === 0, ({ connectors, ciphers, remotes, addresses, evidence }) => {
      for (let n = 0; n < 40 - 15 * i; n++) {
        for (const list of [connectors, ciphers, remotes, addresses]) list.internText(`nobody ${i} ${n}`);
        evidence.absent(evidence.key(`nobody ${i} ${n}`, 0, true), 1, n, now);
      }
    }),
  );
  for (const right of rights) left.merge(right);
  left.finish();
  return left;
}

function segmentOf(
  { id, files, options }: FixtureCase,
  bytes: Uint8Array,
  first: boolean,
  prepare = (_: CubeBuilder) => {},
): Segment {
  const segment = new Segment(
    formats.find((format) => format.id === id)!,
    optionsOf(options),
    first,
  );
  prepare(segment.builder);
  segment.open({ index: 0, name: 'a', head: files[0].bytes.subarray(0, 65536), modified: options.modified });
  segment.push(bytes);
  segment.end();
  return segment;
}
