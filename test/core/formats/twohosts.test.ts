import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { stitch, type Segment } from '../../../src/core/reading/segment';
import { fixtures } from '../reading/read';
import { factsByServer, factsOf, segmentOf } from './facts';

/**
 * A log of one host, as this host would have written it. Two hosts that write the same have the same processes, queue
 * ids and sessions, line by line.
 */
type Writer = (host: string) => string[];

/** The lines of a fixture, each as `host` would have written it. */
function written(format: string, name: string, by: (line: string, host: string) => string | undefined): Writer {
  const folder = join(fixtures, format, name);
  const files = readdirSync(folder).filter((file) => file !== 'expected.json');
  const lines = files.flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean));
  return (host) => lines.flatMap((line) => by(line, host) ?? []);
}

const prefix = /^((?:<\d+>)?(?:\w{3} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) )[\w.-]+ /;
const renamed = (line: string, host: string) => line.replace(prefix, `$1${host} `);
const behind = (program: string) => (line: string, host: string) =>
  `Mar  2 08:00:00 ${host} ${program}[1]: ${line.replace(/^.*?(?=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/, '')}`;

const logs: [name: string, format: string, writer: Writer][] = [
  ['Postfix', 'postfix', written('postfix', 'processes-interleaved', renamed)],
  ['Postfix, queue ids used again', 'postfix', written('postfix', 'queue-ids-used-again', renamed)],
  ['Exim', 'exim', written('exim', 'syslog', renamed)],
  [
    'Exim, its own lines',
    'exim',
    written('exim', 'every-form', (line, host) => `Nov 24 08:37:00 ${host} exim[7]: ${line}`),
  ],
  ['Sendmail', 'sendmail', written('sendmail', 'rfc3339', renamed)],
  ['OpenSMTPD', 'opensmtpd', written('opensmtpd', 'syslog', renamed)],
  ['Haraka', 'haraka', written('haraka', 'syslog', renamed)],
  ['Stalwart', 'stalwart', written('stalwart', 'text', behind('stalwart'))],
  [
    'Cisco mail_logs',
    'cisco-esa-mail',
    written('cisco-esa-mail', 'two-appliances', (line, host) =>
      line.includes(' esa1 ') ? renamed(line, host) : undefined,
    ),
  ],
];

/** Lines that say of a session that it uses TLS. */
const showsTls =
  /STARTTLS=|TLS connection (?:established|reused)|\b(?:smtp|mta) tls |\bsecured|\(tls\.handshake\)|start-tls\)|CID \d+ TLS /;

/** Lines of two hosts in one log: for each line whether the first host wrote it, until one has written all of its lines. */
function mixed(one: string[], other: string[], turns: readonly boolean[]): string[] {
  const left = [...one],
    right = [...other],
    all: string[] = [];
  for (const isFirst of turns) {
    const line = (isFirst ? left : right).shift();
    if (line !== undefined) all.push(line);
  }
  return [...all, ...left, ...right];
}

/** Line by line. */
function alternating({ length }: string[]): boolean[] {
  return Array.from({ length: length * 2 }, (_, i) => i % 2 === 0);
}

function read(format: string, lines: string[], first = true): Segment {
  return segmentOf(format, lines, {}, first);
}

describe('two hosts in one log', () => {
  for (const [name, format, writer] of logs) {
    const one = writer('mx1'),
      other = writer('mx2'),
      alone = factsOf(read(format, one)),
      expected = new Map([
        ['mx1', alone],
        ['mx2', factsOf(read(format, other))],
      ]);

    it(`${name}: each has the figures that it has alone`, () => {
      assert.ok(alone.length > 0);
      const lines = mixed(one, other, alternating(one));
      assert.deepEqual(factsByServer(read(format, lines)), expected);
      fc.assert(
        fc.property(fc.array(fc.boolean(), { maxLength: lines.length, size: 'max' }), (turns) => {
          assert.deepEqual(factsByServer(read(format, mixed(one, other, turns))), expected);
        }),
        { numRuns: 20 },
      );
    });

    it(`${name}: also where one of them shows no TLS`, () => {
      const silent = other.filter((line) => !showsTls.test(line));
      const own = new Map([...expected, ['mx2', factsOf(read(format, silent))]]);
      assert.deepEqual(factsByServer(read(format, mixed(one, silent, alternating(one)))), own);
    });

    it(`${name}: also where the log is cut`, () => {
      const lines = mixed(other, one, alternating(one));
      for (let cut = 1; cut < lines.length; cut += Math.ceil(lines.length / 40)) {
        const joined = stitch(read(format, lines.slice(0, cut)), read(format, lines.slice(cut), false));
        assert.deepEqual(factsByServer(joined), expected, `cut behind line ${cut}`);
        // What is open in the middle goes on in a log that has met the hosts in another order.
        const next = cut + 1 + (cut % 7);
        const pieces = [lines.slice(0, cut), lines.slice(cut, next), lines.slice(next)];
        const [head, middle, tail] = pieces.map((piece, i) => read(format, piece, i === 0));
        const whole = stitch(stitch(head, middle), tail);
        assert.deepEqual(factsByServer(whole), expected, `cut behind lines ${cut} and ${next}`);
      }
    });
  }
});
