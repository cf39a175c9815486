/** What time logs cover, what of a period they do not, and that nothing is claimed of any other time. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
import { blankEvent } from '../../../src/core/formats/shared/eventbuffer';
import { defaultLimits } from '../../../src/core/insights/index';
import { UnitCode } from '../../../src/core/model';
import {
  coveragesOf,
  coveredDays,
  coveredOf,
  gapsOf,
  uncoveredDays,
  type Coverage,
  type Span,
} from '../../../src/core/report/coverage';
import { momentOf, resolvePeriod, type Period } from '../../../src/core/report/period';
import { Zone } from '../../../src/core/text/zone';
import { makeReport } from '../../../src/export/report';
import { analyse } from '../reading/analyse';
import { optionsOf, read, sourcesOf } from '../reading/read';

const minute = 60_000,
  quarter = 15 * minute,
  hour = 60 * minute,
  day = 24 * hour;
const at = (text: string) => Date.parse(text);
const files = (...all: Span[][]) =>
  all.map((covers, i) => ({
    path: `${i}.log`,
    format: 'postfix',
    bytes: 1,
    lines: { read: 1, used: 1, context: 0, skipped: 0 },
    problems: [],
    state: 'complete' as const,
    advice: [],
    checkpoints: [],
    covers,
  }));
const nothing = new CubeBuilder().build();
const coverageOf = (zone: string, ...all: Span[][]): Coverage =>
  coveragesOf({ files: files(...all), cube: nothing }, new Zone(zone)).messages;
const span = (from: string, to: string): Span => ({ from: at(from), to: at(to) });

/** A message of an exim log at this time. */
const message = (time: string, id: number) => {
  const letter = (n: number) => String.fromCharCode(65 + (n % 26));
  const queueId = `1wR8k${letter(id)}-00000000001-0${letter(id)}${letter(id / 26)}9`;
  const tls = 'X=TLS1.3:TLS_AES_256_GCM_SHA384:256';
  return `${time} ${queueId} <= a@b.example H=mx.example [192.0.2.1] P=esmtps ${tls} S=100 for c@d.example\n`;
};
const note = (time: string) => `${time} Start queue run: pid=1\n`;

describe('the coverage of logs', () => {
  it('goes from the first line with a time to the last, whether they count or not', async () => {
    const { coverage, inputs, period } = await read([
      note('2026-11-10 06:01:07') + message('2026-11-10 12:00:00', 1) + note('2026-11-10 17:58:59'),
    ]);
    const whole = { from: '2026-11-10T06:01:00.000Z', to: '2026-11-10T17:59:00.000Z' };
    assert.deepEqual(coverage, [{ format: 'exim', ...whole, gaps: [] }]);
    assert.deepEqual([inputs[0].from, inputs[0].to], [whole.from, whole.to]);
    assert.deepEqual(period, { ...whole, timeZone: 'UTC' });
  });
  it('is that of a whole day for a row without a time of day, and of its range for a report', async () => {
    const table = await read([
      'Date,Connector Name,Direction,TLS used\n2026-03-02,A,Inbound,TLS 1.2\n2026-03-04,A,Inbound,TLS 1.3\n',
    ]);
    assert.deepEqual(table.coverage, [
      { format: 'table', from: '2026-03-02T00:00:00.000Z', to: '2026-03-05T00:00:00.000Z', gaps: [] },
    ]);
    const report = {
      'organization-name': 'x',
      'date-range': { 'start-datetime': '2026-03-02T00:00:00Z', 'end-datetime': '2026-03-03T23:59:59Z' },
      'contact-info': 'a@b.example',
      'report-id': '1',
      policies: [
        {
          policy: { 'policy-type': 'sts', 'policy-domain': 'b.example' },
          summary: { 'total-successful-session-count': 3, 'total-failure-session-count': 0 },
        },
      ],
    };
    assert.deepEqual((await read([JSON.stringify(report)])).coverage, [
      { format: 'tlsrpt', from: '2026-03-02T00:00:00.000Z', to: '2026-03-04T00:00:00.000Z', gaps: [] },
    ]);
  });
  it('has no gap between rotations, whatever the night between them', () => {
    const { spans } = coverageOf(
      'UTC',
      [span('2026-11-10T00:10Z', '2026-11-10T20:00Z')],
      [span('2026-11-11T22:00Z', '2026-11-12T09:00Z')],
    );
    assert.deepEqual(spans, [span('2026-11-10T00:10Z', '2026-11-12T09:00Z')]);
  });
  it('has a gap where a whole day of the zone lies between two files', () => {
    const logs = [[span('2026-11-10T00:00Z', '2026-11-10T23:30Z')], [span('2026-11-12T00:30Z', '2026-11-12T09:00Z')]];
    assert.deepEqual(gapsOf(coverageOf('UTC', ...logs).spans), [span('2026-11-10T23:30Z', '2026-11-12T00:30Z')]);
    assert.deepEqual(gapsOf(coverageOf('Europe/Rome', ...logs).spans), [], 'in Rome the first log ends on the 11th');
  });
  it('does not go through a month of silence in one file, e.g. after a line of a clock that was not set yet', async () => {
    const { coverage } = await read([
      note('2020-01-01 00:00:10') + message('2026-11-10 12:00:00', 1) + note('2026-12-11 00:00:00'),
    ]);
    assert.deepEqual(coverage[0].gaps, [{ from: '2020-01-02T00:00:00.000Z', to: '2026-11-10T00:00:00.000Z' }]);
    assert.equal(coverage[0].to, '2026-12-11T00:01:00.000Z', 'thirty days of silence are no gap');
  });
  it('has all that is counted in it, in any order of the rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(40 * 1440), { minLength: 1, maxLength: 20 }), async (minutes) => {
        const stamps = minutes.map((m) => new Date(at('2026-01-01T00:00Z') + m * minute).toISOString());
        const { coverage, totals, inputs } = await read([
          stamps.map((stamp, i) => message(stamp.slice(0, 19).replace('T', ' '), i)).join(''),
        ]);
        if (inputs[0].detail === 'newest-first') {
          assert.ok(stamps[0] > stamps.at(-1)!);
          return;
        }
        const [{ from, to, gaps }] = coverage;
        for (const stamp of stamps) {
          assert.ok(stamp >= from && stamp < to);
          assert.ok(gaps.every((gap) => stamp < gap.from || stamp >= gap.to));
        }
        assert.equal(totals.inbound.messages, minutes.length, 'the whole period has all of them');
      }),
      { numRuns: 50 },
    );
  });
  it('says of any minute, day and period what a look at every minute says', () => {
    const zones = ['UTC', 'Europe/Rome', 'America/New_York', 'Asia/Kathmandu'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.array(fc.tuple(fc.nat(9 * 24), fc.integer({ min: 1, max: 60 })), { minLength: 1, maxLength: 6 }),
        fc.nat(10 * 24),
        fc.integer({ min: 1, max: 12 * 24 }),
        (name, list, begin, length) => {
          // Around the day on which summer time begins in Rome.
          const start = at('2026-03-25T00:00Z'),
            zone = new Zone(name),
            coverage = coverageOf(
              name,
              ...list.map(([from, hours]) => [{ from: start + from * hour, to: start + (from + hours) * hour }]),
            );
          const dayOf = (time: number) => Math.floor((time + zone.offsetAt(time)) / day);
          const covered = (time: number) => coverage.spans.some((one) => one.from <= time && time < one.to);
          // No two files with a whole day between them are one span, and no two others are apart.
          for (const gap of gapsOf(coverage.spans)) assert.ok(dayOf(gap.to) - dayOf(gap.from - 1) >= 2);
          const from = start + begin * hour,
            to = from + length * hour,
            quarters = Array.from({ length: length * 4 }, (_, i) => from + i * quarter);
          assert.equal(coveredDays(coverage, from, to), new Set(quarters.filter(covered).map(dayOf)).size);
          const expected = new Map<number, { none: boolean; whole: boolean }>();
          for (let d = dayOf(from); d <= dayOf(to - 1); d++) {
            const first = zone.toUtc(d * day),
              end = zone.toUtc((d + 1) * day),
              parts = Array.from({ length: (end - first) / quarter }, (_, i) => first + i * quarter),
              known = parts.filter((time) => time >= from && time < to && covered(time)).length;
            expected.set(d, { none: known === 0, whole: parts.length - known <= parts.length / 24 });
          }
          const found = new Map<number, string>();
          for (const run of uncoveredDays(coverage, from, to))
            for (let d = run.first / day; d <= run.last / day; d++) found.set(d, run.covered);
          for (const [d, { none, whole }] of expected)
            assert.equal(found.get(d) ?? 'wholly', none ? 'none' : whole ? 'wholly' : 'partly', `${name} day ${d}`);
        },
      ),
      { numRuns: 300 },
    );
  });
  it('is partly that of one format where another one ends', () => {
    const { zone, spans } = coverageOf('UTC', [span('2026-11-01T00:00Z', '2026-11-10T00:00Z')]);
    const both: Coverage = {
      zone,
      spans,
      formats: [
        { format: 'exim', spans },
        { format: 'postfix', spans: [span('2026-11-05T00:00Z', '2026-11-10T00:00Z')] },
      ],
    };
    assert.equal(coveredOf(both, at('2026-11-02T00:00Z'), at('2026-11-03T00:00Z')), 'partly');
    assert.equal(coveredOf(both, at('2026-11-06T00:00Z'), at('2026-11-07T00:00Z')), 'wholly');
    assert.equal(coveredOf(both, at('2026-12-06T00:00Z'), at('2026-12-07T00:00Z')), 'none');
  });
  it('of messages leaves TLS reports out, which count sessions', async () => {
    const analysis = await analyse(sourcesOf([message('2026-11-10 12:00:00', 1)]), optionsOf({}));
    const session = new CubeBuilder();
    session.add({ ...blankEvent(), unit: UnitCode.session, time: at('2026-12-01T00:00Z'), count: 1, line: 1 }, 1);
    const [file] = files([span('2026-12-01T00:00Z', '2026-12-02T00:00Z')]);
    const cube = new CubeBuilder();
    cube.add({ ...blankEvent(), time: at('2026-11-10T12:00Z'), count: 1, line: 1 }, 0);
    cube.merge(session, []);
    const { messages, sessions } = coveragesOf(
      { files: [analysis.files[0], { ...file, format: 'tlsrpt' }], cube: cube.build() },
      new Zone('UTC'),
    );
    assert.deepEqual(
      messages.formats.map(({ format }) => format),
      ['exim'],
    );
    assert.deepEqual(
      sessions.formats.map(({ format }) => format),
      ['tlsrpt'],
    );
  });
});

describe('a period', () => {
  const coverage = (zone = 'UTC') => coverageOf(zone, [span('2026-11-01T06:01Z', '2026-11-20T17:59Z')]);
  const resolved = (period: Period, zone?: string, cellMinutes = 1) => {
    const { from, to } = resolvePeriod(period, { cellMinutes }, coverage(zone));
    return [from, to].map((time) => (time === undefined ? undefined : new Date(time).toISOString().slice(0, 16)));
  };
  it('of days has whole days of the zone, and ends with the log', () => {
    assert.deepEqual(resolved('7d'), ['2026-11-14T00:00', '2026-11-20T17:59']);
    assert.deepEqual(resolved('7d', 'Europe/Rome'), ['2026-11-13T23:00', '2026-11-20T17:59']);
    assert.deepEqual(
      resolved('7d', 'Pacific/Auckland'),
      ['2026-11-14T11:00', '2026-11-20T17:59'],
      'there it is the 21st',
    );
  });
  it('is clipped to what the logs cover', () => {
    assert.deepEqual(resolved('30d'), ['2026-11-01T06:01', '2026-11-20T17:59']);
    assert.deepEqual(resolved('all'), ['2026-11-01T06:01', '2026-11-20T17:59']);
    assert.deepEqual(resolved({ from: '2026-10-01' }), ['2026-11-01T06:01', '2026-11-20T17:59']);
    assert.deepEqual(resolved({ from: '2026-11-02', to: '2026-11-03' }), ['2026-11-02T00:00', '2026-11-03T00:00']);
  });
  it('that no log touches stays as it was asked for', () => {
    assert.deepEqual(resolved({ from: '2025-01-01', to: '2025-02-01' }), ['2025-01-01T00:00', '2025-02-01T00:00']);
    assert.deepEqual(resolved({ from: '2026-11-20T17:59' }), ['2026-11-20T17:59', undefined]);
  });
  it('has whole steps of a cube that knows time in steps', () => {
    assert.deepEqual(resolved({ from: '2026-11-02T10:07', to: '2026-11-02T11:52' }, 'UTC', 15), [
      '2026-11-02T10:00',
      '2026-11-02T12:00',
    ]);
  });
  it('takes every form of ISO 8601, and nothing that it would have to round or guess', () => {
    const zone = new Zone('Europe/Rome'),
      taken = {
        '2026-07-01': '2026-06-30T22:00',
        '2026-07-01T10:30': '2026-07-01T08:30',
        '2026-07-01T10:30:00.000Z': '2026-07-01T10:30',
        '2026-07-01T10:30+0530': '2026-07-01T05:00',
        '2026-07-01T10:30:00-03:00': '2026-07-01T13:30',
      };
    for (const [text, moment] of Object.entries(taken))
      assert.equal(new Date(momentOf(text, zone)).toISOString().slice(0, 16), moment, text);
    for (const text of [
      '2026-07-01T10:30:01',
      '2026-07-01T10:30:00.001Z',
      '2026-02-30',
      '2026-13-01',
      '2026-07-01 10:30',
      '2026-07-01T25:00',
      '1 July 2026',
      '2026-07-01Z',
      '',
      '2026-07-01T10:30:60',
    ])
      assert.throws(() => momentOf(text, zone), RangeError, text);
  });
});

describe('a comparison with the previous period', () => {
  /** Two weeks of an exim log, a message each day; without the days that `skip` names. */
  const logOf = (skip: number[] = []) => {
    const days = Array.from({ length: 14 }, (_, i) => i + 1).filter((d) => !skip.includes(d));
    // Each day is a file of its own, from its first minute to its last.
    return days.map((d) => {
      const date = `2026-11-${String(d).padStart(2, '0')}`;
      return (
        note(`${date} 00:00:01`) +
        message(`${date} 12:00:00`, d) +
        (d > 7 ? '' : message(`${date} 13:00:00`, d + 300)) +
        note(`${date} 23:59:59`)
      );
    });
  };
  const changes = async (skip?: number[]) => {
    const analysis = await analyse(sourcesOf(logOf(skip)), optionsOf({}));
    const view = { period: '7d', zone: new Zone('UTC'), limits: { ...defaultLimits, volumeChange: 10 } } as const;
    return makeReport(analysis, view).insights.filter(({ id }) => id === 'volume-change');
  };
  it('is made where the logs cover both', async () => {
    const [insight] = await changes();
    assert.deepEqual([insight?.messages, insight?.of], [7, 14]);
  });
  it('is not made where a day of either is missing: nobody knows what came on it', async () => {
    assert.deepEqual(await changes([3]), []);
    assert.deepEqual(await changes([10]), []);
    assert.deepEqual(await changes([1]), []);
  });
});

describe('years outside of 1980 to 2100', () => {
  const bad = async (log: string, settings = {}) => {
    const { inputs, totals } = await read([log], settings);
    assert.equal(totals.inbound.messages + totals.outbound.messages, 1, log);
    assert.deepEqual(
      inputs[0].problems.filter(({ code }) => code === 'bad-time').map(({ line }) => line),
      [2],
    );
    assert.ok(inputs[0].lines.skipped >= 1);
    assert.match(inputs[0].from ?? '', /^2026-/);
    assert.match(inputs[0].to ?? '', /^2026-/);
  };
  it('are no times of a log with dates', async () => {
    for (const year of ['1979', '2101', '0000', '9999'])
      await bad(message('2026-11-10 12:00:00', 1) + message(`${year}-11-10 12:00:00`, 2));
  });
  it('are no times of syslog, as seconds since 1970 or in ISO 8601', async () => {
    const sent = (time: string, id: string) =>
      `${time} mx postfix/smtp[77]: ${id}: to=<a@b.example>, relay=mx.b.example[192.0.2.9]:25, delay=1, ` +
      'delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)\n';
    for (const time of ['315532799.000000', '4133980800.000000'])
      await bad(sent('1795509211.893732', 'AB12CD34') + sent(time, 'AB12CD35'));
    await bad(sent('2026-11-10T12:00:00+00:00', 'AB12CD34') + sent('1970-01-01T00:00:09+00:00', 'AB12CD35'));
  });
  it('are no times of JSON', async () => {
    const record = (timestamp: number) =>
      `${JSON.stringify({
        type: 'Delivery',
        id: String(timestamp),
        sender: 'a@b.example',
        recipient: 'c@d.example',
        queue: 'd.example',
        site: 'mx.d.example',
        size: 9,
        response: { code: 250, content: 'ok' },
        peer_address: { name: 'mx.d.example', addr: '192.0.2.3' },
        timestamp,
        created: timestamp,
        num_attempts: 0,
        egress_pool: 'p',
        egress_source: 's',
        delivery_protocol: 'ESMTP',
        tls_protocol_version: 'TLSv1.3',
        nodeid: 'n',
      })}\n`;
    for (const time of [0, 4_133_980_800]) await bad(record(1_795_509_211) + record(time));
  });
});
