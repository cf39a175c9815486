/** The lines behind a figure: for every fixture, what is found by reading again is what the report counts. */
import assert from 'node:assert/strict';
import { analyse } from '../reading/analyse';
import type { Analysis } from '../../../src/core/reading/analysis';
import { lookUp, readFigure, stepOf, type Figure } from '../../../src/core/drilldown/figure';
import { factsAt, readFacts } from '../../../src/core/drilldown/facts';
import { findLines, type FoundLine } from '../../../src/core/drilldown/search';
import { LineWindow } from '../../../src/core/drilldown/window';
import { directions, faults, outcomes, tlsVersions, units, type FileReport } from '../../../src/core/model';
import type { Source } from '../../../src/core/reading/source';
import { decode } from '../../../src/core/text/words';
import { Utf16Decoder, utf16Order } from '../../../src/core/text/utf16';
import { fixtureCases, memorySource, optionsOf, report, type FixtureCase } from '../reading/read';
import { suiteOf } from '../../../src/core/text/keyexchange';

async function find(
  sources: Source[],
  options: ReturnType<typeof optionsOf>,
  { cube, files }: Analysis,
  figure: Figure,
): Promise<FoundLine[]> {
  const all: FoundLine[] = [];
  await findLines(
    sources,
    options,
    { figure, shownTls: cube.shownTls, step: stepOf(cube, figure) },
    files.map(({ lines }) => lines.read),
    async (lines) => {
      all.push(...lines);
      return true;
    },
  );
  return all;
}

/** A queue id of Postfix. */
const id = (i: number) => `AB${String(i).padStart(8, '0')}`;

const sum = (lines: readonly FoundLine[]) => lines.reduce((all, { count }) => all + count, 0);

/** Every figure that a view of the report can show: each series, by itself and by its parts, and each remote host. */
function figuresOf({ cube }: Analysis): Figure[] {
  const { series, remoteCells } = cube,
    all = new Map<string, Figure>();
  const add = (figure: Figure) => {
    all.set(JSON.stringify(figure), figure);
  };
  const connector = (s: number) => (series.connector[s] === 0 ? null : cube.connectors[series.connector[s]]);
  for (let s = 0; s < series.length; s++) {
    const base: Figure = {
      unit: units[series.unit[s]],
      directions: [directions[series.direction[s]]],
      connectors: [connector(s)],
    };
    add(base);
    add({ ...base, tls: [tlsVersions[series.tls[s]]] });
    add({ ...base, outcomes: [outcomes[series.outcome[s]]] });
    if (series.fault[s] > 0) add({ ...base, fault: faults[series.fault[s]] });
    if (series.cipher[s] > 0)
      add({
        unit: base.unit,
        directions: base.directions,
        ciphers: [suiteOf(cube.ciphers[series.cipher[s]])],
        tls: [tlsVersions[series.tls[s]]],
      });
  }
  for (let i = 0; i < Math.min(remoteCells.length, 40); i++) {
    const s = remoteCells.series[i],
      minute = remoteCells.minute[i] * 60_000;
    add({
      unit: units[series.unit[s]],
      directions: [directions[series.direction[s]]],
      connectors: [connector(s)],
      hosts: [cube.remotes[remoteCells.remote[i]]],
    });
    add({ unit: units[series.unit[s]], from: minute, to: minute + cube.cellMinutes * 60_000 });
  }
  return [...all.values()];
}

describe('the lines behind a figure @slow', () => {
  for (const fixture of fixtureCases().filter(({ id }) => id !== 'unrecognised'))
    it(`are as many as it counts: ${fixture.id}/${fixture.name}`, () => everyFigure(fixture));

  it('state together what the cube holds, asked for by halves, for every fixture', async () => {
    for (const { id, name, files, options } of fixtureCases().filter((one) => one.id !== 'unrecognised')) {
      const read = optionsOf(options),
        given = files.map((file) => memorySource(file.name, file.bytes, 1000, options.modified)),
        { cube, files: reports } = await analyse(given, read),
        sources = asInReport(given, reports);
      const { series, cells } = cube,
        inCube = new Map<string, number>(),
        inLines = new Map<string, number>();
      const add = (sums: Map<string, number>, key: unknown[], count: number) => {
        if (count > 0) sums.set(key.join(), (sums.get(key.join()) ?? 0) + count);
      };
      for (let i = 0; i < cells.length; i++) {
        const s = cells.series[i];
        add(
          inCube,
          [
            series.unit[s],
            series.direction[s],
            series.outcome[s],
            series.tls[s],
            series.fault[s],
            series.connector[s] === 0 ? null : cube.connectors[series.connector[s]],
            suiteOf(cube.ciphers[series.cipher[s]]),
          ],
          cells.messages[i],
        );
      }
      for (const file of sources.keys())
        for (const half of [0, 1]) {
          const middle = reports[file].lines.read >> 1,
            lines = [
              { first: 1, last: middle },
              { first: middle + 1, last: Infinity },
            ][half];
          const facts = await readFacts(
            sources,
            read,
            cube.shownTls,
            { file, ...lines },
            reports.map(({ lines }) => lines.read),
          );
          assert.ok(facts.lines.every((line) => line >= lines.first && line <= lines.last));
          for (const line of new Set(facts.lines))
            for (const fact of factsAt(facts, line))
              add(
                inLines,
                [fact.unit, fact.direction, fact.outcome, fact.tls, fact.fault, fact.connector, fact.cipher],
                fact.count,
              );
        }
      assert.deepEqual(new Map([...inLines].sort()), new Map([...inCube].sort()), `${id}/${name}`);
    }
  });

  it('are those that the log has at that place, up to where the figure was made', async () => {
    const log = Array.from(
      { length: 400 },
      (_, i) =>
        `2026-11-20T10:00:${String(i % 60).padStart(2, '0')}+00:00 mx postfix/smtp[${i}]: ${id(i)}: ` +
        `to=<r@example.com>, relay=mx${i % 2}.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, ` +
        'status=sent (250 ok)',
    );
    const source = (lines: string[]) => [memorySource('a.log', Buffer.from(lines.join('\n')), 777)];
    const options = optionsOf({}),
      analysis = await analyse(source(log.slice(0, 301)), options);
    const figure: Figure = { hosts: ['mx1.example'] };
    const found = await find(source(log), options, analysis, figure);
    assert.deepEqual(
      found.map(({ line, text }) => [line, text]),
      log.flatMap((text, i) => (i % 2 === 1 && i < 301 ? [[i + 1, text]] : [])),
    );
    assert.equal(sum(found), lookUp(analysis.cube, figure).messages);
  });

  it('wait for whoever takes them', async () => {
    const line = (i: number) =>
      `2026-11-20T10:00:00+00:00 mx postfix/smtp[${i}]: ${id(i)}: to=<r@example.com>, ` +
      'relay=mx.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)\n';
    const source = memorySource('a.log', Buffer.from(Array.from({ length: 100 }, (_, i) => line(i)).join('')), 500),
      options = optionsOf({}),
      { cube } = await analyse([source], options);
    let go = () => {},
      taken = 0,
      asked = () => {};
    const first = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const all = findLines([source], options, { figure: {}, shownTls: cube.shownTls, step: 1 }, [], (lines) => {
      taken += lines.length;
      asked();
      return new Promise((resolve) => {
        go = () => resolve(true);
      });
    });
    await first;
    const before = taken;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(before < 10 && taken === before, `${before}, then ${taken} lines were read without being asked for`);
    const on = setInterval(() => go());
    try {
      await all;
    } finally {
      clearInterval(on);
    }
    assert.equal(taken, 100);
  });
});

/** Sources in the order of a report's files. */
function asInReport(sources: readonly Source[], reports: readonly FileReport[]): Source[] {
  return reports.map(({ path }) => sources.find((source) => source.path === path)!);
}

async function everyFigure({ files, options }: FixtureCase): Promise<void> {
  const read = optionsOf(options),
    given = files.map(({ name, bytes }) => memorySource(name, bytes, 1000, options.modified));
  const analysis = await analyse(given, read),
    json = report(analysis, options),
    sources = asInReport(given, analysis.files);
  const raw = sources.map(({ path }) => {
    const { bytes } = files.find(({ name }) => name === path)!;
    const order = utf16Order(bytes);
    return (order ? [new Utf16Decoder(order).push(bytes)] : [bytes])
      .map((all) => decode(all))
      .join('')
      .replaceAll('\ufeff', '')
      .split('\n');
  });
  for (const figure of figuresOf(analysis)) {
    const lines = await find(sources, read, analysis, figure);
    assert.equal(sum(lines), lookUp(analysis.cube, figure).messages, JSON.stringify(figure));
    for (const { file, line, text } of lines)
      if (text !== undefined)
        assert.equal(
          text,
          raw[file][line - 1].replace(/\r$/, '').slice(0, text?.length),
          `${sources[file].path}:${line}`,
        );
    assert.equal(
      new Set(lines.map(({ file, line }) => `${file}:${line}`)).size,
      lines.length,
      `a line twice: ${JSON.stringify(figure)}`,
    );
  }
  // What the JSON report says, which is what people sign.
  for (const { name, direction, messages, tls } of json.connectors) {
    assert.equal(sum(await find(sources, read, analysis, { connectors: [name], directions: [direction] })), messages);
    for (const version of tlsVersions)
      if (tls[version] > 0)
        assert.equal(
          sum(await find(sources, read, analysis, { connectors: [name], directions: [direction], tls: [version] })),
          tls[version],
          `${name} ${version}`,
        );
  }
}

describe('the last bytes of a log', () => {
  it('give any line, however they were cut, and none that is gone', () => {
    const lines = ['', 'one', 'two\r', '', 'three is longer', 'é'],
      bytes = Buffer.from(lines.join('\n'));
    for (let size = 1; size < 9; size++) {
      const view = new LineWindow();
      view.open(3);
      for (let at = 0, line = 1; at < bytes.length; at += size) {
        view.push(bytes.subarray(at, at + size), line);
        line += [...bytes.subarray(at, at + size)].filter((byte) => byte === 10).length;
      }
      for (const order of [lines.keys(), [...lines.keys()].reverse()])
        for (const i of order)
          assert.equal(view.text(3, i + 1), lines[i].replace('\r', ''), `line ${i + 1} in blocks of ${size}`);
      assert.equal(view.text(2, 1), undefined);
      assert.equal(view.text(3, 99), undefined);
    }
    const small = new LineWindow(10);
    small.open(0);
    for (let i = 1; i <= 9; i++) small.push(Buffer.from(`line ${i}\n`), i);
    assert.deepEqual(
      [1, 7, 8, 9].map((line) => small.text(0, line)),
      [undefined, undefined, 'line 8', 'line 9'],
    );
  });
});

describe('a figure from outside', () => {
  it('is taken when it is one, and nothing else is', () => {
    const figure: Figure = {
      from: 1,
      to: 2,
      directions: ['inbound'],
      connectors: [null, 'x'],
      servers: ['mx1', null],
      tls: ['none'],
      outcomes: ['accepted'],
      hosts: ['a'],
      unit: 'session',
      ciphers: ['c'],
      domains: ['d'],
      fault: 'required-tls-not-met',
    };
    assert.deepEqual(readFigure({ ...figure, more: 1 }), figure);
    for (const wrong of [
      null,
      1,
      { from: 'x' },
      { directions: ['up'] },
      { connectors: [1] },
      { servers: [1] },
      { tls: 'none' },
      { hosts: [null] },
      { unit: 'mail' },
      { fault: 'x' },
      { hosts: Array.from({ length: 9999 }, () => 'a') },
    ])
      assert.equal(readFigure(wrong), undefined, JSON.stringify(wrong));
  });
});

/** What a line that shows TLS says somewhere, in any format. */
const showsTls = /tls|ssl|esmtps|CV=|submissions|\b465\b/i;
/** Where a record has several lines, or the header of a table says what a column is. */
const saidBeside = /journal-(export|json-pretty)|exim\/syslog|eac-report/;

describe('the line that shows the TLS of a message @slow', () => {
  for (const fixture of fixtureCases().filter(({ id }) => id !== 'unrecognised'))
    it(`speaks of TLS: ${fixture.id}/${fixture.name}`, async () => {
      const options = optionsOf(fixture.options),
        sources = () => fixture.files.map(({ name, bytes }) => memorySource(name, bytes));
      const analysis = await analyse(sources(), options);
      const isExempt = saidBeside.test(`${fixture.id}/${fixture.name}`);
      const withTls = tlsVersions.filter((version) => version !== 'none' && version !== 'unknown');
      for (const tls of isExempt ? [] : withTls)
        for (const { line, text, tls: shown } of await find(sources(), options, analysis, { tls: [tls] })) {
          const words = shown ? shown.text : text;
          if (words !== undefined) assert.match(words, showsTls, `line ${line} ${tls}`);
        }
      for (const { tls, file, line } of await find(sources(), options, analysis, { tls: ['none'] }))
        if (tls) {
          assert.ok(tls.none && (tls.file < file || tls.line < line));
          assert.doesNotMatch(tls.text ?? '', /\bTLS\b|STARTTLS|ciphers=/);
        }
    });
});
