/** The log of a system, into which several mail servers write: each is read as if it had a log of its own. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { carriers } from '../../../src/core/formats/index';
import { directions, outcomes, tlsVersions, units } from '../../../src/core/model';
import type { Analysis } from '../../../src/core/reading/analysis';
import { stitch } from '../../../src/core/reading/segment';
import { analyse } from '../reading/analyse';
import { segmentWords } from '../reading/cells';
import { fixtureCases, memorySource, optionsOf, read, segmentOf, type FixtureCase } from '../reading/read';

const [syslog] = carriers;
const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const traditional = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d) /;
const line = /^(\d{4}-\d\d-\d\dT\S+) (\S+) ([\w./-]+(?:\[\d+\])?:.*)$/;

const cases = fixtureCases().filter(({ id, files }) => {
  if (!syslog.carries!.includes(id)) return false;
  const lines = files[0].bytes.toString('latin1').trimEnd().split('\n');
  return lines.filter((text) => line.test(text) || traditional.test(text)).length * 10 >= lines.length * 9;
});
const names = cases.map(({ id, name }) => `${id}/${name}`);

function caseOf(name: string): FixtureCase {
  return cases[names.indexOf(name)];
}

const start = Date.UTC(2026, 10, 24, 8);

/** Lines with their times moved, so that the log begins when every other one does. */
function movedToStart(lines: readonly string[]): string[] {
  const first = lines.map((text) => Date.parse(line.exec(text)?.[1] ?? '')).find((time) => !Number.isNaN(time));
  return lines.map((text) =>
    text.replace(line, (_, stamp: string, host: string, rest: string) => {
      const time = Date.parse(stamp) + start - (first ?? start);
      return `${Number.isNaN(time) ? stamp : new Date(time).toISOString()} ${host} ${rest}`;
    }),
  );
}

/** A log's lines with whole stamps and hosts of its own, so that none depends on what stands before it. */
function linesOf(fixture: string, host: string): string[] {
  const lines = caseOf(fixture)
    .files[0].bytes.toString('latin1')
    .trimEnd()
    .split('\n')
    .map((text) =>
      text
        .replace(traditional, (_, month: string, day: string, clock: string) => {
          const number = String(months.indexOf(month) / 3 + 1).padStart(2, '0');
          return `2026-${number}-${day.replace(' ', '0')}T${clock}+00:00 `;
        })
        .replace(line, `$1 ${host}.$2 $3`),
    );
  return movedToStart(lines);
}

/** Sums of messages, recipients and bytes by all that the log says of them but its lines. */
function sumsOf(...analyses: Analysis[]): Map<string, number[]> {
  const sums = new Map<string, number[]>();
  for (const { cube } of analyses)
    for (let i = 0; i < cube.cells.length; i++) {
      const { series, cells } = cube,
        s = cells.series[i];
      const key = [
        units[series.unit[s]],
        directions[series.direction[s]],
        outcomes[series.outcome[s]],
        tlsVersions[series.tls[s]],
        series.fault[s],
        series.forced[s],
        cube.connectors[series.connector[s]],
        cube.ciphers[series.cipher[s]],
        cells.minute[i],
      ].join(' ');
      const [messages, recipients, bytes] = sums.get(key) ?? [0, 0, 0];
      sums.set(key, [messages + cells.messages[i], recipients + cells.recipients[i], bytes + cells.bytes[i]]);
    }
  return new Map([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const bytesOf = (lines: readonly string[]) => Buffer.from([...lines, ''].join('\n'), 'latin1');
const analysisOf = (lines: readonly string[]) => analyse([memorySource('a.log', bytesOf(lines))], optionsOf({}));

/** Two lists as one, each in its order. @param turns whether the next line is one of the first list. */
function mixed(a: readonly string[], b: readonly string[], turns: readonly boolean[]): string[] {
  const lines: string[] = [];
  let i = 0,
    j = 0;
  for (let turn = 0; i < a.length || j < b.length; turn++)
    if (j >= b.length || (i < a.length && turns[turn % turns.length])) lines.push(a[i++]);
    else lines.push(b[j++]);
  return lines;
}

const turns = fc.array(fc.boolean(), { minLength: 2, maxLength: 40 }).filter((list) => new Set(list).size === 2);
const one = fc.constantFrom(...names);
/** On two hosts. */
const two = fc.tuple(one, one);

describe('a log of several mail servers', () => {
  it('has fixtures of all of them', () =>
    assert.deepEqual([...new Set(cases.map(({ id }) => id))].sort(), [...syslog.carries!].sort()));

  it('gives the sum of what each has written, however their lines are mixed @slow', () =>
    fc.assert(
      fc.asyncProperty(two, turns, async ([first, second], order) => {
        const a = linesOf(first, 'a'),
          b = linesOf(second, 'b');
        const both = await analysisOf(mixed(a, b, order));
        assert.deepEqual(sumsOf(both), sumsOf(await analysisOf(a), await analysisOf(b)));
        const formats = [both.files[0].format, ...(both.files[0].otherFormats ?? [])];
        assert.deepEqual(formats.sort(), [...new Set([caseOf(first).id, caseOf(second).id])].sort());
      }),
      { numRuns: 300 },
    ));

  it('is read the same from one line of another server on @slow', () =>
    fc.assert(
      fc.asyncProperty(two, fc.nat(), fc.nat(), async ([first, second], at, which) => {
        const a = linesOf(first, 'a'),
          others = linesOf(second, 'b'),
          other = others[which % others.length],
          place = at % (a.length + 1);
        const both = await analysisOf([...a.slice(0, place), other, ...a.slice(place)]);
        assert.deepEqual(sumsOf(both), sumsOf(await analysisOf(a), await analysisOf([other])));
      }),
      { numRuns: 300 },
    ));

  it('is the same when cut at any line and stitched @slow', () =>
    fc.assert(
      fc.property(two, turns, fc.double({ min: 0, max: 1, noNaN: true }), ([first, second], order, at) => {
        const bytes = bytesOf(mixed(linesOf(first, 'a'), linesOf(second, 'b'), order));
        const file = { index: 0, name: 'a.log', format: caseOf(first).id, head: bytes.subarray(0, 65536) };
        const part = (from: number, to: number) => segmentOf(syslog, {}, from === 0, file, bytes.subarray(from, to));
        const cut = bytes.indexOf(10, Math.floor(at * (bytes.length - 1))) + 1;
        const whole = part(0, bytes.length),
          joined = stitch(part(0, cut), part(cut, bytes.length));
        whole.finish();
        joined.finish();
        assert.deepEqual(segmentWords(joined), segmentWords(whole));
      }),
      { numRuns: 300 },
    ));

  it('names the programs of each line, whatever stands first', async () => {
    const log = [
      'Nov 10 06:00:00 mx1 sendmail[100]: 1AA60001: from=<x@a.example>, size=500, class=0, nrcpts=1, msgid=<1@a.example>, ' +
        'proto=ESMTP, daemon=MTA, relay=a.example [192.0.2.1]',
      'Nov 10 06:00:01 mx2 exim[7]: 1xVm1P-0001dB-0Y <= a@example.org H=b.example [192.0.2.2] P=esmtps ' +
        'X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no S=1',
      'Nov 10 06:00:02 mx3 dovecot: imap-login: Login: user=<x>, method=PLAIN, rip=192.0.2.9, lip=192.0.2.1',
    ];
    const { inputs, totals } = await read([[...log, ''].join('\n')]);
    assert.deepEqual(
      [inputs[0].format, inputs[0].otherFormats, inputs[0].lines],
      ['exim', ['sendmail'], { read: 3, used: 2, context: 1, skipped: 0 }],
    );
    assert.deepEqual([totals.inbound.messages, totals.inbound.tls['tls1.3']], [2, 1]);
  });

  it('says the same as entries of the journal in any form of theirs', async () => {
    const lines = linesOf('postfix/rfc3339', 'mx'),
      entries = lines.map(entryOf).filter((entry) => entry !== undefined);
    const bare = await analysisOf(lines.filter((text) => entryOf(text)));
    for (const log of [
      entries,
      // `json-seq` (RFC 7464) and `json-sse`.
      entries.map((entry) => `\x1e${entry}`),
      entries.map((entry) => `data: ${entry}\n`),
    ]) {
      const analysis = await analysisOf(log);
      assert.deepEqual(sumsOf(analysis), sumsOf(bare));
      assert.equal(analysis.files[0].lines.skipped, 0);
    }
  });

  it('tells entries of mail servers of which the journal has left out the text', async () => {
    const of = (program: string, text: string | null) =>
      JSON.stringify({
        __REALTIME_TIMESTAMP: '1795509211893732',
        _HOSTNAME: 'mx',
        SYSLOG_IDENTIFIER: program,
        SYSLOG_PID: '7',
        MESSAGE: text,
      });
    for (const [program, text] of [
      ['sendmail', 'STARTTLS=client, init=1'],
      ['postfix/smtpd', 'connect from a.example[192.0.2.1]'],
    ]) {
      const { inputs } = await read([
        [of(program, text), of(program, null), of('dockerd', null), of('exim', null), ''].join('\n'),
      ]);
      assert.equal(inputs[0].lines.skipped, 2, program);
      assert.deepEqual(
        inputs[0].problems
          .filter(({ code }) => code !== 'nothing-used')
          .map(({ code, count, line: at }) => [code, count, at]),
        [['unfinished-record', 2, 2]],
      );
    }
  });
});

/** A line as an entry of the journal. */
function entryOf(text: string): string | undefined {
  const found = /^(\S+) (\S+) ([^\s[]+)\[(\d+)\]: (.*)$/.exec(text);
  if (!found) return undefined;
  const [, time, host, program, pid, message] = found;
  return JSON.stringify({
    __REALTIME_TIMESTAMP: `${Date.parse(time)}000`,
    _HOSTNAME: host,
    SYSLOG_IDENTIFIER: program,
    SYSLOG_PID: pid,
    MESSAGE: message,
  });
}
