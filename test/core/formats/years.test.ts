/** A time stamp of a year that can't be right is told in every format, and nothing is counted at that time. */
import assert from 'node:assert/strict';
import { formats } from '../../../src/core/formats/index';
import { Verdict } from '../../../src/core/reading/format';
import { analyse } from '../reading/analyse';
import { fixtureCases, memorySource, optionsOf, type FixtureCase } from '../reading/read';
import { readClosely, usedLate } from './damage';
import { Lines } from './damageways';

const wrongYears = [0, 1979, 2101, 9999];
/** Used lines of a fixture that are tried one at a time. */
const mostLines = 10;

/** Dates with their year in front or behind, as logs write them, and numbers of seconds or milliseconds since 1970. */
const years = [
  /(?<![\d.-])20\d\d(?=[-/.]\d\d?[-/.]\d\d?)/g,
  /(?<=(?<!\d)\d\d?[-/.]\d\d?[-/.])20\d\d(?!\d)/g,
  /(?<=\d\d:\d\d:\d\d(?: [+-]\d{4})? )20\d\d(?!\d)/g,
  /(?<=\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) )20\d\d(?!\d)/g,
];
const epochs = /(?<![\w.])1[5-9]\d{8}(?:\d{3}|\d{6})?(?=\.\d|[^\w.]|$)/g;

/** The stamp of RFC 3164, which has no year, and in its place that of RFC 3339, which has one. */
const traditional = /^(<\d+>)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]?(\d) (\d\d:\d\d:\d\d) /;

/** A line with all of its dates in another year, and with nothing else changed. */
function inYear(line: string, year: number): string {
  const digits = String(year).padStart(4, '0');
  const dated = years.reduce((text, pattern) => text.replace(pattern, digits), line);
  if (traditional.test(dated)) return dated.replace(traditional, `$1${digits}-03-0$2T$3+00:00 `);
  return dated.replace(epochs, (number) => {
    const unit = 10 ** (number.length - 10);
    return String(Math.floor(Date.UTC(2000, 5) / 1000 + (Math.max(year, 1979) - 2000) * 31_556_952) * unit);
  });
}

async function readAll(fixture: FixtureCase, files: readonly Buffer[]) {
  const { options } = fixture;
  const { cube, files: reports } = await analyse(
    files.map((bytes, i) => memorySource(`${i}.log`, bytes, undefined, options.modified)),
    optionsOf(options),
  );
  return {
    minutes: new Set(cube.cells.minute.subarray(0, cube.cells.length)),
    problems: reports.flatMap(({ problems }) => problems.map(({ code }) => code)),
    badTimes: reports.flatMap(({ problems }) => problems.filter(({ code }) => code === 'bad-time')),
    unread: reports.filter(({ state }) => state === 'unrecognised').length,
  };
}

describe('years that no log was written in', () => {
  for (const { id } of formats) {
    it(`are told by ${id} @slow`, async () => {
      let tried = 0;
      for (const fixture of fixtureCases().filter((one) => one.id === id)) tried += await tryLines(fixture);
      assert.ok(tried > 0, 'no line with a year');
    });
  }
});

/** Gives the used lines of a fixture wrong years, one at a time. Returns how many were tried. */
async function tryLines(fixture: FixtureCase): Promise<number> {
  const files = fixture.files.map(({ bytes }) => bytes),
    texts = files.map((bytes) => new Lines(bytes));
  const { verdicts } = await readClosely(fixture, files),
    plain = await readAll(fixture, files);
  const places = texts.flatMap(({ lines }, file) =>
    lines.flatMap((line, at) => {
      const text = line.toString('latin1');
      const isUsed =
        verdicts[file]?.[at + 1] === (usedLate.includes(fixture.id) ? Verdict.context : Verdict.used) &&
        // The end of a record of several lines has a quote that was opened in one before.
        text.split('"').length % 2 === 1;
      return isUsed && inYear(text, 1979) !== text ? [{ file, at, text }] : [];
    }),
  );
  for (const { file, at, text } of places.slice(0, mostLines))
    for (const year of wrongYears) {
      const put = Buffer.from(inYear(text, year), 'latin1'),
        damaged = texts.map((one, i) => one.with(i === file ? at : -1, 1, put)),
        found = await readAll(fixture, damaged),
        name = `${fixture.id}/${fixture.name} file ${file} line ${at + 1}: ${put.toString('latin1').slice(0, 300)}`;
      assert.deepEqual(
        [...found.minutes].filter((minute) => !plain.minutes.has(minute)),
        [],
        name,
      );
      const count = (reports: { count: number }[]) => reports.reduce((sum, one) => sum + one.count, 0);
      assert.ok(count(found.badTimes) > count(plain.badTimes) || found.unread > plain.unread, `not told: ${name}`);
    }
  return places.length;
}
