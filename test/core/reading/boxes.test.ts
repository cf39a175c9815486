/** Lines in boxes say what they say without them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { recogniseHead } from '../../../src/core/reading/logreader';
import { mergeAlike } from '../../../src/core/cube/alike';
import type { Cube } from '../../../src/core/cube/cube';
import { Segment, stitch } from '../../../src/core/reading/segment';
import { formats } from '../../../src/core/formats/index';
import { Zone } from '../../../src/core/text/zone';
import { analyse } from './analyse';
import { cubeWords, segmentWords, wordsAfterNothing } from './cells';
import { fixtureCases, memorySource, optionsOf, read, type FixtureCase } from './read';
import { boxings, type Boxing } from './boxings';
import { stamped, syslogReader, type SyslogParts } from './syslogparts';

/** Lines of a file that are put into boxes. */
const mostLines = 120;
/** Fixtures that are not lines which each stand for themselves, or whose lines look like boxes or are damaged. */
const otherForms = /near-misses$|^postfix\/journal-(?:cat|export|json-(?:pretty|damaged))|^opensmtpd\/terminal/;
/** Formats of lines, and which of them are syslog. */
const syslogs = ['postfix', 'exim', 'sendmail', 'opensmtpd'];
const lineFormats = [
  ...syslogs,
  'haraka',
  'stalwart',
  'kumomta',
  'ses',
  'cisco-esa-mail',
  'cisco-esa-cef',
  'mimecast',
  'proofpoint',
];
const isText = ({ files }: FixtureCase) =>
  files.every(({ bytes }) => Buffer.from(bytes.toString('utf8')).equals(bytes));
const cases = fixtureCases().filter(
  (fixture) => lineFormats.includes(fixture.id) && !otherForms.test(`${fixture.id}/${fixture.name}`) && isText(fixture),
);

/** Every so many of the fixtures, others for each boxing, and the first of each format. */
function sample(boxing: Boxing, every: number, ids = lineFormats): FixtureCase[] {
  const shift = boxings.indexOf(boxing);
  return cases.filter(
    ({ id }, i) => ids.includes(id) && ((i + shift) % every === 0 || cases.findIndex((one) => one.id === id) === i),
  );
}

/** A cube whose mail is not told apart by server: a box may name one where the line inside does not. */
function withoutServers({ series, cells, remoteCells, ...rest }: Cube): Cube {
  const unnamed = { ...series, server: new Int32Array(series.length) };
  return { ...rest, ...mergeAlike({ series: unnamed, cells, remoteCells }) };
}

/** The figures of files, apart from servers and what belongs to their bytes; of split lines without numbers of lines. */
async function figures(files: readonly Buffer[], { modified, ...options }: FixtureCase['options'], splits = false) {
  const { cube, files: reports } = await analyse(
    files.map((bytes, i) => memorySource(`${i}`, bytes, 5000, modified)),
    optionsOf(options),
  );
  const words = cubeWords(withoutServers(cube), String);
  const cells = (list: string[]) => (splits ? list.map((cell) => cell.replace(/^\d+:\d+ /, '')).sort() : list);
  return {
    files: reports.map(({ format, lines, problems, advice, state }) => ({
      format,
      state,
      advice,
      lines: splits ? { used: lines.used, skipped: lines.skipped } : lines,
      problems: splits ? problems.map(({ code, count }) => ({ code, count })) : problems,
    })),
    cells: cells(words.cells),
    hosts: cells(words.hosts),
  };
}

/**
 * The lines of a log from a share of it on in boxes, and as they are. What a boxing can't hold and would not be taken
 * for a line of a log without a box is in neither.
 */
function boxed({ files, options }: FixtureCase, boxing: Boxing, from = 0): { bare: Buffer; inside: Buffer }[] {
  const { wrap, loses, header } = boxing;
  return files.map(({ bytes }, file) => {
    const partsOf = syslogReader(options.year ?? 2026, new Zone(options.timeZone ?? 'UTC'));
    // A table has a line more, and no lines beside its rows.
    const bare = header === undefined ? [] : [''],
      inside = header === undefined ? [] : [header];
    const mayStandBeside = (line: string) => line === '' || (header === undefined && stamped.test(line));
    const lines = bytes
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .split('\n')
      .slice(0, mostLines);
    for (const [i, end] of lines.entries()) {
      const line = end.replace(/\r$/, ''),
        parts = partsOf(line);
      const fits = i >= from * lines.length && isHeld(boxing, line, parts);
      if (!fits && !mayStandBeside(line)) continue;
      bare.push((fits && parts && loses?.(parts)) || line);
      inside.push(fits ? wrap(line, file * mostLines + i, parts) : line);
    }
    return { bare: Buffer.from(bare.join('\n')), inside: Buffer.from(inside.join('\n')) };
  });
}

/** The options of a fixture, with what the user says of the columns of a table. */
function settingsOf({ options }: FixtureCase, { header, columns }: Boxing): FixtureCase['options'] {
  return columns ? { ...options, columns: [{ header: header!, columns }] } : options;
}

/** Whether a boxing can hold a line. */
function isHeld({ holds, local }: Boxing, line: string, parts: SyslogParts | undefined): boolean {
  if (holds === 'any') return line !== '';
  if (holds === 'stamped') return stamped.test(line);
  return parts !== undefined && !(local && parts.stamp.endsWith('+01:00'));
}

/** Whether no line is in a box. */
function holdsNothing({ bare, inside }: { bare: Buffer; inside: Buffer }): boolean {
  return inside.equals(bare) || bare.every((byte) => byte <= 32);
}

/** Compares logs in boxes with those without; returns how many differed from these by a box. */
async function compare(fixtures: readonly FixtureCase[], boxing: Boxing, from = 0): Promise<number> {
  let held = 0;
  const wrong: string[] = [];
  for (const fixture of fixtures) {
    // Of rows of several lines nobody tells which stand in two files.
    if (boxing.header !== undefined && boxing.splits && fixture.files.length > 1) continue;
    const both = boxed(fixture, boxing, from);
    if (both.every(holdsNothing)) continue;
    held++;
    const [inside, bare] = await Promise.all(
      (['inside', 'bare'] as const).map((side) =>
        figures(
          both.map((one) => one[side]),
          settingsOf(fixture, boxing),
          boxing.splits,
        ),
      ),
    );
    try {
      assert.deepEqual(inside, bare);
    } catch (error) {
      wrong.push(`${fixture.id}/${fixture.name}: ${(error as Error).message.slice(0, 600)}`);
    }
  }
  assert.deepEqual(wrong, []);
  return held;
}

describe('boxes @slow', () => {
  for (const boxing of boxings)
    it(`${boxing.name}: logs in it give the figures of the logs without`, async () => {
      assert.ok((await compare(sample(boxing, 6), boxing)) > 2);
    });
  for (const boxing of boxings.filter(({ splits, loses, header }) => !splits && !loses && header === undefined))
    it(`${boxing.name}: may begin in the middle of a log`, async () => {
      assert.ok((await compare(sample(boxing, 25, syslogs), boxing, 0.5)) > 1);
    });
});

describe('logs in boxes, cut and joined @slow', () => {
  for (const boxing of boxings.filter(({ name }) => /split|^docker$|^relay$|compose$|^rows of|mapped$/.test(name)))
    it(`in ${boxing.name} give the same`, () => {
      for (const fixture of sample(boxing, 30, ['postfix', 'exim', 'sendmail'])) {
        const [one] = boxed(fixture, boxing),
          bytes = one.inside;
        // Lines of another form, which it can't hold.
        if (holdsNothing(one)) continue;
        const settings = settingsOf(fixture, boxing),
          file = fileOf(settings, bytes);
        const part = (from: number, to: number, first: boolean) => {
          const segment = new Segment(file.format, optionsOf(settings), first);
          segment.open(file.context);
          segment.push(bytes.subarray(from, to));
          segment.end();
          return segment;
        };
        const whole = segmentWords(part(0, bytes.length, true));
        const starts = [0, ...[...bytes.keys()].filter((i) => bytes[i] === 10).map((i) => i + 1)];
        fc.assert(
          fc.property(
            fc.array(fc.nat(), { maxLength: 5 }),
            fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
            (cuts, order) => {
              const at = [...new Set([0, ...cuts.map((n) => starts[n % starts.length])])].sort((a, b) => a - b);
              let parts = at.map((from, i) => part(from, at[i + 1] ?? bytes.length, i === 0));
              if (order[0] % 3 === 0)
                parts = parts.map((one) => Segment.load(structuredClone(one.save()!), one.format, one.options));
              for (let i = 0; parts.length > 1; i++) {
                const left = order[i] % (parts.length - 1);
                parts.splice(left, 2, stitch(parts[left], parts[left + 1]));
              }
              assert.deepEqual(wordsAfterNothing(parts[0]), whole);
            },
          ),
          { numRuns: 20 },
        );
      }
    });
});

describe('a log in boxes that shows less TLS from some line on', () => {
  const docker = boxings.find(({ name }) => name === 'docker')!;
  for (const name of ['exim/log-selector-switched', 'postfix/log-level-switched'])
    it(`proves nothing across that line, wherever it is cut: ${name}`, () => {
      const fixture = cases.find((one) => `${one.id}/${one.name}` === name)!,
        [{ inside }] = boxed(fixture, docker),
        file = fileOf(fixture.options, inside);
      const part = (from: number, to: number) => {
        const segment = new Segment(file.format, optionsOf(fixture.options), from === 0);
        segment.open(file.context);
        segment.push(inside.subarray(from, to));
        segment.end();
        return segment;
      };
      const whole = segmentWords(part(0, inside.length)),
        starts = [...inside.keys()].filter((i) => inside[i] === 10 && i + 1 < inside.length).map((i) => i + 1);
      for (const cut of starts)
        assert.deepEqual(segmentWords(stitch(part(0, cut), part(cut, inside.length))), whole, `cut at ${cut}`);
    });
});

function fileOf({ columns, modified }: FixtureCase['options'], bytes: Buffer) {
  const { head, tier, rows, format } = recogniseHead(bytes.subarray(0, 65536), formats, columns);
  return {
    format: format!,
    context: { index: 0, name: 'a', head, boxes: tier, rows, modified },
  };
}

describe('damaged boxes @slow', () => {
  const at = '2026-11-24T08:00:00+00:00 mx postfix/smtpd[7]: ';
  const session = [
    'connect from a.example[192.0.2.1]',
    'Anonymous TLS connection established from a.example[192.0.2.1]: TLSv1.3 with cipher X (256/256 bits)',
    'A1B2C3D4E5: client=a.example[192.0.2.1]',
  ].map((text) => at + text);
  const queued =
    '2026-11-24T08:00:01+00:00 mx postfix/qmgr[1]: A1B2C3D4E5: from=<a@example.org>, size=1, nrcpt=1 (queue active)';
  const end = `${at}disconnect from a.example[192.0.2.1]`;
  const lines = [...session, queued, end];
  const docker = (text: string, stream = 'stdout') =>
    `{"log":${JSON.stringify(text)},"stream":"${stream}","time":"2026-11-24T08:00:00.5Z"}`;
  const cri = (text: string, tag = 'F', stream = 'stdout') => `2026-11-24T08:00:00.5Z ${stream} ${tag} ${text}`;
  /** Messages by TLS version, line counts and problems. */
  const outcome = async (log: readonly string[], settings = {}) => {
    const {
      inputs: [{ lines, problems, format }],
      totals,
    } = await read([`${log.join('\n')}\n`], settings);
    const { used, context, skipped } = lines;
    return {
      format,
      tls13: totals.inbound.tls['tls1.3'],
      messages: totals.inbound.messages,
      lines: `${used + context} read, ${skipped} skipped`,
      problems: problems.map(({ code, count, line }) => `${count} ${code} at ${line}`),
    };
  };
  const whole = { format: 'postfix', tls13: 1, messages: 1, lines: '5 read, 0 skipped', problems: [] };
  const boxes = lines.map((line) => docker(`${line}\n`));

  it('are whole at first', async () => {
    assert.deepEqual(await outcome(boxes), whole);
    assert.deepEqual(await outcome(lines.map((line) => cri(line))), whole);
  });
  it('are told at every place where a line of Docker may be cut', async () => {
    for (let cut = 1; cut < boxes[4].length; cut++) {
      const { lines: counts, problems } = await outcome([...boxes, boxes[4].slice(0, cut), ...boxes.slice(4)]);
      assert.deepEqual([counts, problems], ['6 read, 1 skipped', ['1 box-not-opened at 6']], `${cut}`);
    }
  });
  it('are told where other lines stand among them', async () => {
    for (const line of [
      '{"log":1}',
      '{"a":"b"}',
      'Attaching to mail-1',
      '{',
      '{"log":"\\x","stream":"stdout"}',
      '\0\0',
    ]) {
      const { lines: counts, problems } = await outcome([...boxes, line]);
      assert.match(counts, /1 skipped$/, line);
      assert.equal(problems.length, 1, line);
    }
  });
  it('are told where the rest of a line never comes, and what follows is read', async () => {
    for (const part of [cri(`${at}lost`, 'P'), docker(`${at}lost`)]) {
      const wanted = { ...whole, lines: '5 read, 1 skipped' };
      const boxed = part.startsWith('{') ? boxes : lines.map((line) => cri(line));
      const of = (line: number) => ({ ...wanted, problems: [`1 box-line-cut at ${line}`] });
      assert.deepEqual(await outcome([...boxed, part]), of(6));
      // A line of the other stream is not the rest of it, whatever comes between.
      const err = (text: string) => (part.startsWith('{') ? docker(`${text}\n`, 'stderr') : cri(text, 'F', 'stderr'));
      assert.deepEqual(
        (await outcome([part, ...lines.map(err), ...Array<string>(64).fill(err('')), boxed[4]])).problems,
        ['1 box-line-cut at 1'],
      );
    }
  });
  it('are told where a line in parts is longer than any', async () => {
    const part = 'x'.repeat(16_384);
    for (const log of [
      [...lines.map((line) => cri(line)), ...Array<string>(70).fill(cri(part, 'P')), cri('end')],
      [...boxes, ...Array<string>(70).fill(docker(part)), docker('end\n')],
    ]) {
      const { tls13, problems } = await outcome(log);
      assert.deepEqual([tls13, problems], [1, ['1 line-too-long at 76']]);
    }
  });
  it('in JSON of the wrong types say nothing', async () => {
    const shipped = lines.map((message) => JSON.stringify({ message }));
    assert.deepEqual(await outcome(shipped), whole);
    for (const record of [
      { message: 1.5, syslogtag: [], host: {} },
      { message: null },
      { message: [at] },
      { syslogtag: 'postfix/smtpd[7]:', msg: 'A1: client=b.example[192.0.2.2]', timestamp: 'yesterday' },
      { programname: 'postfix/smtpd', msg: 'x', timestamp: 1e300 },
      { _source: [] },
    ]) {
      const { messages, lines: counts } = await outcome([...shipped, JSON.stringify(record)]);
      assert.deepEqual([messages, counts], [1, '5 read, 1 skipped'], JSON.stringify(record));
    }
  });
  it('make no second line of a text by a stranger', async () => {
    const forged = `${at}A9B2C3D4E5: client=b.example[192.0.2.2]`;
    for (const inside of ['x\n', 'x\r\n', 'x\u2028', 'x\u0000'])
      for (const record of [
        docker(`${at}warning: ${inside}${forged}\n`),
        JSON.stringify({ message: `${at}warning: ${inside}${forged}` }),
        JSON.stringify({
          timestamp: '2026-11-24T08:00:00Z',
          host: 'mx',
          syslogtag: `a\n${forged}:`,
          msg: `${inside}${forged}`,
        }),
        JSON.stringify({
          timestamp: '2026-11-24T08:00:00Z',
          host: `mx\n${forged}`,
          syslogtag: 'a:',
          msg: `${inside}${forged}`,
        }),
      ]) {
        const log = record.startsWith('{"log"') ? boxes : lines.map((message) => JSON.stringify({ message }));
        const { messages } = await outcome([...log, record]);
        assert.equal(messages, 1, record);
      }
  });
  it('that begin behind the head of a bare log are told', async () => {
    const bare = cases.find((one) => `${one.id}/${one.name}` === 'postfix/rfc3339')!.files[0].bytes.toString(),
      lines = bare.trimEnd().split('\n').slice(0, 50);
    const log = (behind: readonly string[]) =>
      `${bare.repeat(Math.ceil(80_000 / bare.length))}${[...behind, ''].join('\n')}`;
    for (const [name, boxed] of [
      [
        'docker',
        lines.map((line) => JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2026-11-24T08:29:06Z' })),
      ],
      ['cri', lines.map((line) => `2026-11-24T08:29:06.1Z stdout F ${line}`)],
    ] as const) {
      const [without, mixed] = [await read([log([])]), await read([log(boxed)])];
      assert.deepEqual(mixed.totals, without.totals, name);
      assert.equal(mixed.inputs[0].lines.skipped, without.inputs[0].lines.skipped + 50, name);
    }
  });
  it('do not hide the lines of a log that is in none', async () => {
    // A stranger's line looks like a box with a line of another format.
    const other = docker('2026-11-24 08:00:00 1xVm1P-0001dB-0Y <= a@example.org H=b.example [192.0.2.2] P=esmtp S=1\n');
    const { format, messages, tls13 } = await outcome([...lines, other]);
    assert.deepEqual([format, messages, tls13], ['postfix', 1, 1]);
  });
});
