/** Records of JSON say the same in whatever document an export holds them. */
import assert from 'node:assert/strict';
import { isObject, parse, type JsonObject } from '../../../src/core/text/json';
import { recogniseHead } from '../../../src/core/reading/logreader';
import { Segment, stitch } from '../../../src/core/reading/segment';
import { formats } from '../../../src/core/formats/index';
import { analyse } from './analyse';
import { cubeWords, segmentWords, wordsAfterNothing } from './cells';
import { fixtureCases, memorySource, optionsOf, read, type FixtureCase } from './read';

type Write = (records: readonly JsonObject[]) => string;

const textsOf = ({ files }: FixtureCase) => files.map(({ bytes }) => bytes.toString('utf8').replace(/^\ufeff/, ''));
const recordsOf = (text: string) =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map(parse);
const areRecords = (text: string) => text.trim() !== '' && recordsOf(text).every(isObject);
/** Fixtures of whole objects of JSON, one a line. */
const cases = fixtureCases().filter((fixture) => textsOf(fixture).every(areRecords));

const pretty = (value: unknown, indent: string | number = 2) => JSON.stringify(value, null, indent);
const oneLine: Record<string, Write> = {
  'a list in one line': (records) => JSON.stringify(records),
  'a list in an object in one line': (records) => JSON.stringify({ '@odata.context': '[{', value: records }),
};
const severalLines: Record<string, Write> = {
  'a list with a record a line': (records) => `[\n${records.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`,
  'a list with commas first': (records) => `[${records.map((one) => JSON.stringify(one)).join('\n,')}]`,
  'a printed list': (records) => pretty(records),
  'a printed list with tabs and CRLF': (records) => `\ufeff${pretty(records, '\t').replaceAll('\n', '\r\n')}`,
  'a printed list without indents': (records) => pretty(records).replaceAll(/\n +/g, '\n'),
  'printed objects side by side': (records) => records.map((one) => pretty(one)).join('\n'),
  'a printed list in an object': (records) => pretty({ meta: { a: [1, {}] }, value: records, '@odata.nextLink': 'x' }),
  'a printed list in an object in an object': (records) => pretty({ took: 3, hits: { total: {}, hits: records } }),
  'printed lists in objects side by side': (records) =>
    [records.slice(0, 1), records.slice(1)].map((some) => pretty({ Records: some })).join('\n'),
  'a sequence': (records) => records.map((one) => `\u001e${JSON.stringify(one)}\n`).join(''),
  'a printed sequence': (records) => records.map((one) => `\u001e${pretty(one)}\n`).join(''),
};

/** What a log says, apart from where. */
async function figures(texts: readonly string[], { modified, ...options }: FixtureCase['options']) {
  const { cube, files } = await analyse(
    texts.map((text, i) => memorySource(`${i}`, Buffer.from(text), 5000, modified)),
    optionsOf(options),
  );
  const { cells, hosts } = cubeWords(cube, String);
  const bare = (list: readonly string[]) => list.map((cell) => cell.replace(/^\d+:\d+ /, '')).sort();
  return {
    formats: files.map(({ format }) => format),
    problems: files.map(({ problems }) => problems.map(({ code, count }) => `${count} ${code}`)),
    cells: bare(cells),
    hosts: bare(hosts),
  };
}

async function compare(fixtures: readonly FixtureCase[], write: Write, told: boolean): Promise<void> {
  const formatsSeen = new Set<string>();
  for (const fixture of fixtures) {
    const texts = textsOf(fixture),
      lines = await figures(texts, fixture.options),
      document = await figures(
        texts.map((text) => write(recordsOf(text) as JsonObject[])),
        fixture.options,
      );
    if (!told) document.problems = lines.problems;
    assert.deepEqual(document, lines, `${fixture.id}/${fixture.name}`);
    formatsSeen.add(fixture.id);
  }
  assert.ok(formatsSeen.size > 5);
}

describe('records of JSON', () => {
  for (const [form, write] of Object.entries(severalLines))
    it(`say the same as ${form}`, () => compare(cases, write, true));
  // Records in one line share what becomes of it, and the journal has an entry a line.
  for (const [form, write] of Object.entries(oneLine))
    it(`say the same as ${form}`, () =>
      compare(
        cases.filter(({ id }) => id !== 'postfix'),
        write,
        false,
      ));
});

const record = (i: number) => ({
  type: 'Delivery',
  nodeid: 'n1',
  sender: 'a@example.org',
  id: String(i),
  recipient: `"}]{[\\ é@example.com`,
  size: 1000,
  response: { code: 250, content: 'OK {["\\ }' },
  peer_address: { name: `mx${i}.example.com.`, addr: '192.0.2.1' },
  timestamp: 1_795_000_000 + i,
  egress_pool: 'pool',
  tags: [{ a: 1 }, { b: [] }],
});
const records = Array.from({ length: 12 }, (_, i) => record(i));

async function outcome(text: string, chunk?: number) {
  const {
    inputs: [{ lines, problems }],
    totals,
  } = await read([text], {}, chunk);
  return {
    messages: totals.outbound.messages,
    skipped: lines.skipped,
    problems: problems.map(({ code, count, line }) => `${count} ${code} at ${line}`),
  };
}

describe('documents of JSON', () => {
  const whole = { messages: 12, skipped: 0, problems: [] };
  const list = pretty(records),
    wrapper = pretty({ value: records, next: null });

  it('are read in whatever chunks they come', async () => {
    for (const text of [list, wrapper, records.map((one) => pretty(one)).join('\n')])
      for (const chunk of [1, 7, 100, undefined]) assert.deepEqual(await outcome(text, chunk), whole);
  });
  it('are told where they are cut, at every line, and what was whole before counts', async () => {
    for (const text of [list, wrapper]) {
      const lines = text.split('\n'),
        ends = lines.flatMap((line, i) => (/^ {2,4}\},?$/.test(line) && lines[i - 1] !== '[' ? [i] : []));
      for (let i = 30; i < lines.length - 1; i++) {
        const { messages, problems } = await outcome(lines.slice(0, i).join('\n'));
        const indent = text === list ? '  }' : '    }';
        assert.equal(
          messages,
          ends
            .filter((end) => end < i && lines[end].startsWith(indent))
            .filter((end) => lines[end].replace(',', '') === indent).length,
        );
        if (messages < 12) assert.equal(problems.length, 1, `${i}`);
      }
    }
  });
  it('lose one record where a line of it is lost, and name it', async () => {
    for (const text of [list, wrapper]) {
      const lines = text.split('\n'),
        second = lines.findIndex((line) => /^ +"id": "1"/.test(line)) - 4;
      for (let i = second; i < second + 50; i++) {
        const damaged = lines.filter((_, at) => at !== i).join('\n');
        // What is another record without it is one.
        if (parse(damaged) !== undefined) continue;
        const { messages, problems } = await outcome(damaged);
        assert.ok(
          messages === 12 || (messages >= 10 && problems.length > 0),
          `${lines[i]} ${messages} ${problems.join()}`,
        );
      }
    }
  });
  it('name what stands beside their records', async () => {
    const beside = [
      list.replace('\n]', ',\n  oops\n]'),
      list.replace('\n]', `,\n  [${JSON.stringify(record(20))}]\n]`),
      `${list}\n${JSON.stringify(record(20))}`,
      `${wrapper}\n${JSON.stringify(record(20))}`,
      `${list.replace(/\n\]$/, '')}\n${list}`,
    ];
    for (const text of beside) {
      const { messages, problems } = await outcome(text);
      assert.ok(messages >= 12 && problems.length > 0, text.slice(-200));
    }
    assert.deepEqual(await outcome(`${list}\n${list}`), { ...whole, messages: 24 });
  });
  it('lead to the line with which a record begins', async () => {
    const lines = pretty([...records, { ...record(13), timestamp: 'x' }, ...records]).split('\n');
    const at = lines.findIndex((line) => line.includes('"timestamp": "x"'));
    const begins = lines.slice(0, at).lastIndexOf('  {') + 1;
    assert.deepEqual((await outcome(lines.join('\n'))).problems, [`1 bad-time at ${begins}`]);
  });
  it('a record that is too long is told, and those behind it count', async () => {
    const { messages, problems } = await outcome(
      pretty([...records, { ...record(13), x: Array(100_000).fill('0123456789') }, ...records]),
    );
    assert.deepEqual([messages, problems.map((one) => one.replace(/ at .*/, ''))], [24, ['1 line-too-long']]);
  });
  it('count once what stands in two of them, or in one and in lines', async () => {
    const later = pretty({ value: records.slice(4).concat(record(12)) });
    for (const first of [list, wrapper, records.map((one) => `${JSON.stringify(one)}\n`).join('')]) {
      const { totals, inputs } = await read([first, later]);
      const repeated = inputs.map(({ problems }) => problems.map(({ code, count }) => `${count} ${code}`));
      assert.deepEqual([totals.outbound.messages, repeated.flat().join()], [13, '8 repeated-line']);
    }
  });
  it('go on after they were kept, and follow one another', () => {
    const bytes = Buffer.from(wrapper),
      { head, tier, spread, format } = recogniseHead(bytes, formats);
    const part = (file: number, from: number, to: number, first: boolean, before?: Segment) => {
      const segment = before ?? new Segment(format!, optionsOf({}), first);
      segment.open({ index: file, name: `${file}`, head, boxes: tier, spread });
      segment.push(bytes.subarray(from, to));
      segment.end();
      return segment;
    };
    const both = part(1, 0, bytes.length, false, part(0, 0, bytes.length, true));
    const wanted = segmentWords(both);
    for (let cut = 0; cut < bytes.length; cut += 97) {
      const end = bytes.lastIndexOf(10, cut) + 1;
      const kept = structuredClone(part(0, 0, end, true).save()!);
      const left = part(0, end, bytes.length, true, Segment.load(kept, format!, optionsOf({})));
      assert.deepEqual(wordsAfterNothing(stitch(left, part(1, 0, bytes.length, false))), wanted, `${end}`);
      const right = part(
        1,
        end,
        bytes.length,
        false,
        Segment.load(structuredClone(part(1, 0, end, false).save()!), format!, optionsOf({})),
      );
      assert.deepEqual(wordsAfterNothing(stitch(part(0, 0, bytes.length, true), right)), wanted, `${end}`);
      const grown = stitch(part(0, 0, bytes.length, true), part(1, 0, end, false));
      assert.deepEqual(segmentWords(part(1, end, bytes.length, false, grown)), wanted, `${end}`);
    }
  });
});
