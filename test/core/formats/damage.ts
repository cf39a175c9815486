/**
 * What damage to a log must never do: change a figure without a word.
 *
 * `damageTests` takes the fixtures of a format and damages one line at a time, in every way in which logs are damaged.
 * Afterwards the figures are the same, or a problem stands at the line. `removalTests` takes context lines away: a line
 * that states no fact can't change a figure.
 */
import assert from 'node:assert/strict';
import { carriers, formats } from '../../../src/core/formats/index';
import { directions, outcomes, tlsVersions, units, type ProblemCode } from '../../../src/core/model';
import type { Analysis } from '../../../src/core/reading/analysis';
import { Verdict, type Format } from '../../../src/core/reading/format';
import { analyse } from '../reading/analyse';
import type { Sink } from '../../../src/core/reading/sink';
import { Lines, chance, ways, type Way } from './damageways';
import { fixtureCases, memorySource, optionsOf, type FixtureCase } from '../reading/read';

/** Damages per fixture; more for a long run. */
const runs = Number(process.env.DAMAGES ?? 60);
/** Another one gives other damages. */
const seed = Number(process.env.DAMAGE_SEED ?? 1);
/** Failures that are written out. */
const mostShown = 12;

/** What a format can't see by itself, with the reason; and how it tells. */
export interface DamageRules {
  /**
   * Where the problem stands: at the damaged line, or anywhere in the file, for records of several lines and for
   * sessions.
   */
  told?: 'line' | 'file';
  /** Fixtures that are left out, by name. */
  except?: readonly string[];
  /** The fixtures that these rules are for; all unless said. */
  only?: readonly string[];
  /** The reason why this damage can't be seen in the line, if so. What it did is counted as excused. */
  excuse?(damage: Damage): string | undefined;
  /** A line that stands twice is recognised, by an id in it. Without one, two equal lines are two messages. */
  knowsRepeats?: boolean;
  /** Fixtures with records of several lines, which are context until the last one tells what of. */
  withRecords?: readonly string[];
  /** A context line says something of its session: without it a problem must say that lines are missing. */
  removalTold?: boolean;
}

/** One damage and what came of it. */
export interface Damage {
  fixture: string;
  way: string;
  file: number;
  /** From 1. */
  line: number;
  verdict: Verdict | undefined;
  before: string;
  after: string;
  result: Result;
  /** The figures that are not what they were. */
  changed: string[];
}

/**
 * `same` figures; `told` by a problem; `value`: every message is still counted, and none has lost its TLS, but a
 * name, a version or a number is another one; `again`: what is said twice is counted twice; `unread`: a file is not
 * recognised any more, which its report says; `silent`: anything else.
 */
type Result = (typeof results)[number];
const results = ['same', 'told', 'value', 'again', 'unread', 'silent'] as const;

/** Logs to be damaged: a fixture, or others of formats that are given. */
export type Logs = Pick<FixtureCase, 'id' | 'name' | 'files' | 'options'> & { formats?: readonly Format[] };

/** What one reading of logs tells. */
interface Reading {
  /** Messages by unit, direction and outcome. */
  messages: Map<string, number>;
  /** Messages by all that a report tells apart, with their recipients. */
  figures: Map<string, number>;
  /** Messages without TLS. */
  none: number;
  /** Problems by file, line and code. */
  problems: Map<string, number>;
  verdicts: (Verdict | undefined)[][];
  /** Files that no format claims. */
  unread: number;
  /** Lines that state a fact. */
  used: number;
}

/** Takes part in reading: what each line was used for, and where each problem is. */
class Witness {
  readonly verdicts: (Verdict | undefined)[][] = [];
  readonly problems = new Map<string, number>();

  /** The format, watched. */
  watch(format: Format): Format {
    return { ...format, parser: (sink) => this.parser(format, sink) };
  }

  /** What it has seen, by the positions of the files in the logs, which are read in the order of their times. */
  inOrder(positions: readonly number[]): Pick<Reading, 'problems' | 'verdicts'> {
    const problems = new Map<string, number>(),
      verdicts: Reading['verdicts'] = [];
    for (const [key, count] of this.problems)
      problems.set(
        key.replace(/^\d+/, (index) => String(positions[Number(index)])),
        count,
      );
    this.verdicts.forEach((of, index) => (verdicts[positions[index]] = of));
    return { problems, verdicts };
  }

  private parser(format: Format, sink: Sink) {
    const note = sink.note.bind(sink);
    sink.note = (code: ProblemCode, line: number, file = sink.account.file.index) => {
      add(this.problems, `${file} ${line} ${code}`, 1);
      note(code, line, file);
    };
    const parser = format.parser(sink);
    const read = parser.line.bind(parser);
    // Without the way for many lines at once each line comes by here.
    Object.defineProperty(parser, 'block', { value: undefined });
    parser.line = (bytes, start, end, line) => {
      const verdict = read(bytes, start, end, line);
      (this.verdicts[sink.account.file.index] ??= [])[line] = verdict;
      return verdict;
    };
    return parser;
  }
}

function add(sums: Map<string, number>, key: string, count: number): void {
  sums.set(key, (sums.get(key) ?? 0) + count);
}

/** Reads the files of a fixture as its format. */
export async function readClosely(fixture: Logs, files: readonly Buffer[]): Promise<Reading> {
  const witness = new Witness();
  const sources = files.map((bytes, i) => memorySource(`${i}.log`, bytes, undefined, fixture.options.modified));
  const analysis = await analyse(sources, {
    ...optionsOf(fixture.options),
    formats: (fixture.formats ?? formats).map((format) => witness.watch(format)),
    carriers: fixture.formats ? [] : carriers.map((format) => witness.watch(format)),
  });
  return {
    ...sumsOf(analysis),
    ...witness.inOrder(analysis.files.map(({ path }) => parseInt(path, 10))),
    unread: analysis.files.filter(({ state }) => state === 'unrecognised').length,
    used: analysis.files.reduce((sum, { lines }) => sum + lines.used, 0),
  };
}

function sumsOf({ cube }: Analysis): Pick<Reading, 'messages' | 'figures' | 'none'> {
  const { cells, series } = cube;
  const messages = new Map<string, number>();
  const figures = new Map<string, number>();
  let none = 0;
  for (let i = 0; i < cells.length; i++) {
    const s = cells.series[i];
    const kind = [units[series.unit[s]], directions[series.direction[s]], outcomes[series.outcome[s]]].join(' ');
    const tls = tlsVersions[series.tls[s]];
    add(messages, kind, cells.messages[i]);
    const figure = `${kind} ${tls} ${cube.connectors[series.connector[s]]}`;
    add(figures, figure, cells.messages[i]);
    add(figures, `${figure}: recipients`, cells.recipients[i]);
    if (tls === 'none') none += cells.messages[i];
  }
  return { messages, figures, none };
}

function differences(before: Map<string, number>, after: Map<string, number>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => (before.get(key) ?? 0) !== (after.get(key) ?? 0))
    .map((key) => `${key}: ${before.get(key) ?? 0} -> ${after.get(key) ?? 0}`);
}

/** Whether a problem stands at one of the lines `[from, to]`; for a whole file it must be a new one. */
function isTold(plain: Reading, damaged: Reading, { file, from, to, at }: Range): boolean {
  for (const [key, count] of damaged.problems) {
    const [f, line] = key.split(' ').map(Number);
    if (f === file && line === at) return true;
    if (to === Infinity && count <= (plain.problems.get(key) ?? 0)) continue;
    if (f === file && line >= from && line <= to) return true;
  }
  return false;
}

/** Lines at which a problem is looked for. */
interface Range {
  file: number;
  from: number;
  to: number;
  /** The damaged line: it is listed, whether it was so before or not. */
  at?: number;
}

/** What came of a reading, beside the one of the log as it was. */
function judge(plain: Reading, damaged: Reading, range: Range, mayRepeat = false): Result {
  if (differences(plain.figures, damaged.figures).length === 0) return 'same';
  if (isTold(plain, damaged, range)) return 'told';
  if (damaged.unread > plain.unread) return 'unread';
  if (mayRepeat && [...plain.figures].every(([key, count]) => (damaged.figures.get(key) ?? 0) >= count)) return 'again';
  return differences(plain.messages, damaged.messages).length === 0 && damaged.none <= plain.none ? 'value' : 'silent';
}

/** Damages lines of a fixture, `count` times. */
export async function damages(fixture: Logs, rules: DamageRules, count: number): Promise<Damage[]> {
  const files = fixture.files.map(({ bytes }) => bytes);
  const plain = await readClosely(fixture, files);
  const texts = files.map((bytes) => new Lines(bytes));
  const places = texts.flatMap(({ lines }, file) =>
    lines.flatMap((line, at) => (line.length > 0 ? [{ file, at }] : [])),
  );
  const pick = chance(seed + fixture.name.length * 7919);
  const all: Damage[] = [];
  for (let i = 0; i < count; i++) {
    const { file, at } = places[pick(places.length)];
    const way = ways[i % ways.length];
    all.push(await damageLine(fixture, plain, texts, { file, at, way, pick, rules }));
  }
  return all;
}

interface Place {
  file: number;
  at: number;
  way: Way;
  pick: (n: number) => number;
  rules: DamageRules;
}

async function damageLine(fixture: Logs, plain: Reading, texts: Lines[], place: Place): Promise<Damage> {
  const { file, at, way, pick, rules } = place;
  const { lines } = texts[file];
  const line = lines[at];
  const put = way.apply(line, pick(line.length), pick, lines[at + 1] ?? Buffer.alloc(0));
  const files = texts.map((text, i) => text.with(i === file ? at : -1, i === file && way.takesNext ? 2 : 1, put));
  const damaged = await readClosely(fixture, files);
  const added = put.filter((byte) => byte === 10).length;
  // A header has its effect on every line of the file.
  const isContext = plain.verdicts[file]?.[at + 1] === Verdict.context;
  const range = rules.told === 'file' || isContext ? { from: 0, to: Infinity } : { from: at + 1, to: at + 1 + added };
  return {
    fixture: `${fixture.id}/${fixture.name}`,
    way: way.name,
    file,
    line: at + 1,
    verdict: plain.verdicts[file]?.[at + 1],
    before: line.toString('latin1'),
    after: put.toString('latin1'),
    result: judge(plain, damaged, { file, at: at + 1, ...range }, way.repeats === true && !rules.knowsRepeats),
    changed: differences(plain.figures, damaged.figures),
  };
}

/** Whether a damage did what it must not do. */
export function isSilent({ result, way }: Damage): boolean {
  return result === 'silent' || (result === 'value' && ways.find(({ name }) => name === way)!.strict);
}

/** Whether nothing but a value is another one: before and after the damage, the pattern's group stands there. */
export function isOnlyIn({ before, after }: Damage, pattern: RegExp): boolean {
  const without = (text: string) => text.replace(pattern, (whole, value: string) => whole.replace(value, ''));
  return before !== after && without(before) === without(after);
}

/**
 * Takes every context line of a fixture away, one at a time; at most `count` of them.
 * @param told what is lost must be told, so a line of a record may be taken away too.
 */
export async function removals(fixture: Logs, count: number, told = false): Promise<Damage[]> {
  const files = fixture.files.map(({ bytes }) => bytes);
  const plain = await readClosely(fixture, files);
  const texts = files.map((bytes) => new Lines(bytes));
  const places = texts.flatMap(({ lines }, file) =>
    lines.flatMap((_, at) => (plain.verdicts[file]?.[at + 1] === Verdict.context ? [{ file, at }] : [])),
  );
  const step = Math.max(1, places.length / count);
  const all: Damage[] = [];
  for (let i = 0; i < places.length; i += step) {
    const { file, at } = places[Math.floor(i)];
    const without = await readClosely(
      fixture,
      texts.map((text, f) => text.with(f === file ? at : -1, 1, undefined)),
    );
    // A line of a record that is given up may have been used after all.
    if (!told && without.used < plain.used && without.unread === plain.unread) continue;
    all.push({
      fixture: `${fixture.id}/${fixture.name}`,
      way: 'removed',
      file,
      line: at + 1,
      verdict: Verdict.context,
      before: texts[file].lines[at].toString('latin1'),
      after: '',
      // The lines behind it have other numbers, so problems are compared by what they say.
      result: judge(unplaced(plain), unplaced(without), { file: 0, from: 0, to: Infinity }),
      changed: differences(plain.figures, without.figures),
    });
  }
  return all;
}

function unplaced(reading: Reading): Reading {
  const problems = new Map<string, number>();
  for (const [key, count] of reading.problems) add(problems, `0 0 ${key.split(' ')[2]}`, count);
  return { ...reading, problems };
}

/** Formats of whose lines only the end of the log tells which are used; until then they are context. */
export const usedLate: readonly string[] = ['gmail-bigquery'];
const columns = ['used', 'same', 'told', 'value', 'again', 'unread', 'excused', 'silent'] as const;
type Counts = Map<string, Record<(typeof columns)[number], number>>;

/** By format, how damages of used lines came out. Each file of tests is a bundle of its own, so they share it this way. */
const counts = ((globalThis as { damageCounts?: Counts }).damageCounts ??= new Map());

function countUsed(id: string, all: readonly Damage[], refused: readonly Damage[]): void {
  const sums = counts.get(id) ?? { used: 0, same: 0, told: 0, value: 0, again: 0, unread: 0, excused: 0, silent: 0 };
  counts.set(id, sums);
  const used = usedLate.includes(id) ? Verdict.context : Verdict.used;
  for (const one of all.filter(({ verdict }) => verdict === used)) {
    sums.used++;
    sums[isSilent(one) ? (refused.includes(one) ? 'silent' : 'excused') : one.result]++;
  }
}

// With DAMAGE_TABLE set, the sums of all tests that ran stand behind them.
after(() => {
  if (!process.env.DAMAGE_TABLE || counts.size === 0) return;
  const row = (name: string, cells: readonly unknown[]) =>
    [name.padEnd(22), ...cells.map((cell) => String(cell).padStart(8))].join('') + '\n';
  const sum = (column: (typeof columns)[number]) => [...counts.values()].reduce((all, sums) => all + sums[column], 0);
  process.stdout.write(row('', columns));
  for (const [id, sums] of [...counts].sort()) process.stdout.write(row(id, Object.values(sums)));
  process.stdout.write(row('all', columns.map(sum)));
  counts.clear();
});

function fixturesOf(id: string, { except = [], only }: DamageRules): FixtureCase[] {
  return fixtureCases().filter(
    (one) => one.id === id && !except.includes(one.name) && (only?.includes(one.name) ?? true),
  );
}

/** Tests of all fixtures of a format. */
export function damageTests(id: string, rules: DamageRules = {}): void {
  for (const fixture of fixturesOf(id, rules)) {
    it(`${id}/${fixture.name} is never wrong in silence when a line is damaged @slow`, async function () {
      const all = await damages(fixture, rules, runs),
        silent = all.filter(isSilent),
        refused = silent.filter((one) => rules.excuse?.(one) === undefined);
      this.test!.title += `: ${tally(all)}`;
      countUsed(id, all, refused);
      refuse(refused);
    });
    if (rules.withRecords?.includes(fixture.name)) continue;
    it(`${id}/${fixture.name} counts the same without a context line @slow`, async function () {
      const all = await removals(fixture, runs, rules.removalTold);
      this.test!.title += `: ${tally(all)}`;
      const allowed: Result[] = rules.removalTold ? ['same', 'unread', 'told'] : ['same', 'unread'];
      refuse(all.filter(({ result }) => !allowed.includes(result)));
    });
  }
}

function refuse(wrong: readonly Damage[]): void {
  if (wrong.length > 0) assert.fail(`${wrong.length} damages:\n${said(wrong).join('\n')}`);
}

function tally(all: readonly Damage[]): string {
  const count = (result: Result) => all.filter((one) => one.result === result).length;
  return results.map((result) => `${count(result)} ${result}`).join(', ');
}

/** Damages in words, as many as can be looked at. */
function said(all: readonly Damage[]): string[] {
  return all
    .slice(0, mostShown)
    .map(({ fixture, way, file, line, before, after, result, changed }) =>
      [`${fixture} file ${file} line ${line}, ${way}: ${result}`, before, after, changed.join('; ')].join('\n    '),
    );
}
