/** The common lines of some formats are read by WebAssembly, a block at a time. Nothing may come out otherwise than line by line. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formats } from '../../../src/core/formats/index';
import { kernel } from '../../../src/core/reading/kernel';
import { Segment } from '../../../src/core/reading/segment';
import { fixtureCases, optionsOf, type FixtureCase } from './read';

/** Pushes of fewer bytes are read line by line. */
const small = 200;
const fast = formats
  .filter((format) => new Segment(format, optionsOf({}), true).parser.block !== undefined)
  .map((format) => format.id);
const cases = fixtureCases().filter(({ id }) => fast.includes(id));

describe('the kernel', () => {
  it('is there', () => assert.notEqual(kernel(), undefined));
  it('reads some formats', () => assert.ok(fast.includes('postfix')));

  for (const id of fast) {
    const fixtures = cases.filter((fixture) => fixture.id === id);
    it(`reads ${id} logs as the parser does, whatever became of their bytes @slow`, () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...fixtures),
          fc.boolean(),
          fc.array(fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), change }), { maxLength: 12 }),
          (fixture, first, changes) => {
            const bytes = changes.reduce((log, { at, change: { kind, text, length } }) => {
              const from = Math.floor(at * log.length),
                to = kind === 'insert' ? from : Math.min(log.length, from + length);
              return Buffer.concat([
                log.subarray(0, from),
                kind === 'double'
                  ? Buffer.concat([log.subarray(from, to), log.subarray(from, to)])
                  : Buffer.from(kind === 'delete' ? '' : text, 'latin1'),
                log.subarray(to),
              ]);
            }, fixture.files[0].bytes);
            assert.deepEqual(readBy(fixture, bytes, first, bytes.length), readBy(fixture, bytes, first, small));
          },
        ),
        { numRuns: 1500 },
      );
    });

    it(`keeps two ${id} logs apart that are read by turns`, () => {
      const [one, other] = [fixtures[0], fixtures[fixtures.length - 1]];
      const turns = [begin(one, true), begin(other, true)];
      for (let at = 0; at < Math.max(one.files[0].bytes.length, other.files[0].bytes.length); at += 1024)
        [one, other].forEach((fixture, i) => turns[i].push(fixture.files[0].bytes.subarray(at, at + 1024)));
      [one, other].forEach((fixture, i) => {
        turns[i].end();
        assert.deepEqual(turns[i].save(), readBy(fixture, fixture.files[0].bytes, true, small));
      });
    });
  }
});

describe('the kernel and sessions', () => {
  /** Rows of many sessions by turns: more than the kernel knows at once, some of them known by their id before they begin. */
  const rows = (sessions: number) => {
    const steps = [
      ['+', '', ''],
      ['>', '220 hub.example ESMTP', ''],
      ['<', 'EHLO mail.example', ''],
      ['>', '250  hub.example Hello', ''],
      ['<', 'MAIL FROM:<a@b.example> SIZE=10', ''],
      ['>', '250 2.1.0 Sender OK', ''],
      [
        '*',
        '',
        'Connector is configured to send mail only over TLS connections and remote server does not support TLS',
      ],
      ['<', 'BDAT 10 LAST', ''],
      ['>', '"250 2.6.0 <m@b.example> [InternalId=1, Hostname=hub.example] 10 bytes in 0.1, 1 KB/sec"', ''],
      ['-', '', 'Remote'],
    ];
    const row = (session: number, step: number) => {
      const [event, data, context] = steps[step],
        id = (0x08dea10000000000n + BigInt(session % (sessions - 5))).toString(16).toUpperCase().padStart(16, '0');
      const connector = ['HUB\\Default', '"HUB\\Partner ""A"", forced TLS"', 'Internet'][session % 3],
        ends =
          session % 2
            ? '192.0.2.1:25,198.51.100.1:999'
            : '[2001:db8:1111:2222:3333:4444:5555:6666]:25,[2001:db8:1111:2222:3333:4444:5555:7777]:999';
      return `2026-03-0${step < 6 ? 2 : 3}T07:50:00.250Z,${connector},${id},${step},${ends},${event},${data},${context}\r\n`;
    };
    const step = (turn: number, session: number) => turn - ((3 * session) % 4);
    let log = '';
    for (let turn = 0; turn < steps.length + 3; turn++)
      for (let session = 0; session < sessions; session++)
        if (step(turn, session) >= 0 && step(turn, session) < steps.length) log += row(session, step(turn, session));
    return Buffer.from(log);
  };
  for (const [sessions, first] of [
    [40, true],
    [40, false],
    [9000, true],
    [9000, false],
  ] as const) {
    it(`keeps ${sessions} sessions apart in a log ${first ? 'from' : 'behind'} its beginning @slow`, () => {
      const fixture: FixtureCase = {
        id: 'exchange-smtp',
        name: '',
        options: {},
        files: [{ name: 'smtp.log', bytes: rows(sessions) }],
      };
      for (const bytes of [fixture.files[0].bytes, fixture.files[0].bytes.subarray(20_011)])
        assert.deepEqual(
          withoutCheckpoints(readBy(fixture, bytes, first, 1 << 20)),
          withoutCheckpoints(readBy(fixture, bytes, first, small)),
        );
    });
  }
});

/** Checkpoints are where pushes begin. */
const withoutCheckpoints = (saved: ReturnType<typeof readBy>) =>
  saved && { ...saved, accounts: saved.accounts.map((account) => ({ ...account, checkpoints: [] })) };

const change = fc.record({
  kind: fc.constantFrom('replace', 'insert', 'delete', 'double'),
  length: fc.constantFrom(1, 1, 2, 5, 40, 300),
  text: fc.oneof(
    fc.constantFrom(
      '\n',
      '\r\n',
      '\r\r\n',
      '  \n',
      ' ',
      ':',
      '[',
      ']',
      '"',
      ',',
      '=',
      '<',
      '>',
      '0',
      '9',
      '\0',
      '\xff',
    ),
    fc.string({ maxLength: 4 }),
  ),
});

function begin(fixture: FixtureCase, first: boolean): Segment {
  const {
    id,
    files: [{ bytes, name }],
    options,
  } = fixture;
  const segment = new Segment(
    formats.find((format) => format.id === id)!,
    optionsOf(options),
    first,
  );
  segment.open({ index: 0, name, head: bytes.subarray(0, 65536), modified: options.modified });
  return segment;
}

/** All that a segment knows, open sessions and deferred lines too, read in pushes of so many bytes. */
function readBy(fixture: FixtureCase, bytes: Uint8Array, first: boolean, size: number) {
  const segment = begin(fixture, first);
  for (let at = 0; at < bytes.length; at += size) segment.push(bytes.subarray(at, at + size));
  segment.end();
  return segment.save();
}
