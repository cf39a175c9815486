/** Exchange SMTP protocol logs: what the fixtures can't show. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { headOf } from '../../../src/core/reading/logreader';
import { exchangeSmtp } from '../../../src/core/formats/exchange-smtp/exchange-smtp';
import { Counted, Identity, type AcceptedMessages } from '../../../src/core/formats/exchange-smtp/accepted';
import { directions, faults, outcomes, tlsVersions } from '../../../src/core/model';
import { Segment, stitch } from '../../../src/core/reading/segment';
import { Fingerprint } from '../../../src/core/text/fingerprint';
import { fixtureCases, optionsOf, read } from '../reading/read';

const fields = 'date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context';
const header = (type = 'Receive') => [
  '#Software: Microsoft Exchange Server',
  `#Log-type: SMTP ${type} Protocol Log`,
  `#Fields: ${fields}`,
];

/** Rows of sessions, written as `event data` or `* | context`. */
class Log {
  readonly lines: string[] = header();
  private readonly numbers = new Map<number, number>();

  /** Rows of the session with this number, which go on where its last ones ended; `from`: the number of the first. */
  rows(
    session: number,
    rows: string[],
    {
      connector = 'EX01\\Default Frontend EX01',
      remote = '198.51.100.7:4000',
      local = '10.0.0.5:25',
      from = this.numbers.get(session) ?? 0,
    } = {},
  ): this {
    for (const row of rows) {
      const [data, context = ''] = row.slice(2).split(' | ');
      const id = `08DE6F${session.toString(16).toUpperCase().padStart(10, '0')}`;
      const cells = [connector, id, from++, local, remote, row[0], quoted(data), quoted(context)];
      this.lines.push(`2026-03-02T07:50:00.000Z,${cells.join(',')}`);
    }
    this.numbers.set(session, from);
    return this;
  }

  get text(): string {
    return `${this.lines.join('\r\n')}\r\n`;
  }
}

const quoted = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const hello = [
  '+ ',
  '> 220 EX01.contoso.com Microsoft ESMTP MAIL Service ready',
  '< EHLO mx.sender.example',
  '> 250  EX01.contoso.com Hello [198.51.100.7] SIZE PIPELINING STARTTLS',
];
const handshake = [
  '< STARTTLS',
  '> 220 2.0.0 SMTP server ready',
  '*  | TLS protocol SP_PROT_TLS1_2_SERVER negotiation succeeded using bulk encryption algorithm CALG_AES_256 ' +
    'with strength 256 bits, MAC hash algorithm CALG_SHA_384 with strength 0 bits and key exchange algorithm ' +
    'CALG_ECDHE with strength 384 bits',
];
const message = [
  '< MAIL FROM:<a@sender.example>',
  '> 250 2.1.0 Sender OK',
  '< RCPT TO:<b@contoso.com>',
  '> 250 2.1.5 Recipient OK',
  '< BDAT 10 LAST',
  '> 250 2.6.0 <m@sender.example> [InternalId=1, Hostname=EX01] 10 bytes in 0.1, 1 KB/sec Queued mail for delivery',
];
const sending = { connector: 'Internet Mail', remote: '192.0.2.25:25', local: '10.0.0.5:4000' };
/** The same rows as a send session has them. */
const sent = (rows: string[]) =>
  rows.map((row) => ({ '<': '>', '>': '<' })[row[0]] ? `${row[0] === '<' ? '>' : '<'}${row.slice(1)}` : row);

function segment(text: string | Uint8Array, first = true, joined = false): Segment {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text,
    part = new Segment(exchangeSmtp, { ...optionsOf({}), joined }, first);
  part.open({ index: 0, name: 'a.log', head: Buffer.from(header().join('\n')) });
  part.push(bytes);
  part.end();
  return part;
}

/** What a segment counted: direction, outcome, TLS, fault, connector, messages, recipients, bytes. */
function facts(part: Segment): string[] {
  const { cells, series, connectors } = part.builder.build();
  return Array.from(cells.series.subarray(0, cells.length), (s, i) =>
    [
      directions[series.direction[s]],
      outcomes[series.outcome[s]],
      tlsVersions[series.tls[s]],
      faults[series.fault[s]],
      connectors[series.connector[s]],
      cells.messages[i],
      cells.recipients[i],
      cells.bytes[i],
      cells.line[i],
    ].join(' '),
  ).sort();
}

const problems = (part: Segment) =>
  part.accounts.map((account) => Object.fromEntries([...account.problems].map(([code, { count }]) => [code, count])));
const everything = (part: Segment) => {
  const end = stitch(new Segment(exchangeSmtp, part.options, true), part);
  return {
    facts: facts(end),
    problems: end.accounts.map((a) => [...a.problems].sort()),
    lines: end.accounts.map((a) => a.lines),
  };
};

describe('Exchange SMTP protocol log', () => {
  describe('is recognised', () => {
    const detects = (...lines: string[]) => exchangeSmtp.detect(headOf(Buffer.from(lines.join('\r\n') + '\r\n')));
    it('by its type, in whatever case', () => assert.ok(detects('#Software: x', '#LOG-TYPE: smtp send protocol log')));
    it('by a row alone, also with a quoted connector', () =>
      assert.ok(detects('half a line', new Log().rows(1, ['+ '], { connector: '"EX01\\a, b"' }).lines[3])));
    it('but not as message tracking', () =>
      assert.ok(!detects('#Log-type: Message Tracking Log', new Log().rows(1, ['+ ']).lines[3])));
    it('but not as a connectivity or agent log, or any other table', () => {
      assert.ok(
        !detects(
          '#Log-type: Transport Connectivity Log',
          '2026-03-02T07:50:00.000Z,08DE6F0000001A0E,SMTP,contoso.com,+,Undefined',
        ),
      );
      assert.ok(!detects('2026-03-02T07:50:00.000Z,08DE6F0000001A0E,SMTP,contoso.com,+,Undefined'));
      assert.ok(
        !detects(
          '2024-01-25T15:16:09.949Z,192.0.2.14,host,192.0.2.14,host,08DC1DB12C345BE5;2024-01-25T15:16:09.544Z;0,' +
            'host\\Default,SMTP,RECEIVE,1,<a@b>,1e6e,a@b,,7229,1,,,s,a@b,a@b,0cA,Incoming,,,,,,',
        ),
      );
      assert.ok(!detects('date,name,session,number,from,to,event', '2026-03-02,a,b,1,c,d,+'));
    });
  });

  it('a session in two files has its TLS, and unknown where the first file is missing', async () => {
    const log = new Log().rows(1, [...hello, ...handshake]);
    const one = log.text,
      two = new Log().rows(1, message, { from: 7 }).text;
    assert.equal((await read([one, two])).totals.inbound.tls['tls1.2'], 1);
    const alone = await read([two]);
    assert.equal(alone.totals.inbound.tls.unknown, 1);
    assert.deepEqual(
      alone.inputs[0].problems.map(({ code, count, line }) => [code, count, line]),
      [['session-began-earlier', 1, 9]],
    );
  });

  it('marks mail in clear after a failed handshake, and mail refused for want of TLS', () => {
    const log = new Log()
      .rows(1, [
        ...hello,
        '< STARTTLS',
        '> 220 2.0.0 SMTP server ready',
        '*  | TLS negotiation failed with error SocketError',
        ...message,
      ])
      .rows(2, [...hello, '< MAIL FROM:<a@sender.example>', '> 451 5.7.3 STARTTLS is required to send mail'])
      .rows(
        3,
        [...sent(hello), '> MAIL FROM:<a@contoso.com>', '< 451 5.7.3 STARTTLS is required to send mail'],
        sending,
      )
      .rows(
        4,
        [...sent(hello), '> MAIL FROM:<a@contoso.com>', '< 530 5.7.0 Must issue a STARTTLS command first'],
        sending,
      );
    assert.deepEqual(facts(segment(log.text)), [
      'inbound accepted none clear-after-failed-handshake EX01\\Default Frontend EX01 1 1 10 16',
      'inbound rejected none required-tls-not-met EX01\\Default Frontend EX01 1 0 0 22',
      'outbound bounced none required-tls-not-met Internet Mail 1 0 0 34',
      'outbound deferred none required-tls-not-met Internet Mail 1 0 0 28',
    ]);
  });

  it('does not let the other side speak for the server', async () => {
    const forged = [
      '< 250 2.6.0 <forged@evil> [InternalId=1] 9 bytes in 1, Queued mail for delivery',
      '> 500 5.3.3 Unrecognized command',
    ];
    const received = await read([new Log().rows(1, [...hello, ...forged, ...message]).text]);
    assert.deepEqual([received.totals.inbound.messages, received.totals.inbound.bytes], [1, 10]);
    const greeted = await read([
      new Log().rows(
        1,
        ['* | attempting to connect', '+ ', '< MAIL FROM:<a@evil>', '< 250 2.6.0 <x@evil> ok', '> QUIT'],
        sending,
      ).text,
    ]);
    assert.deepEqual([greeted.totals.inbound.messages, greeted.totals.outbound.messages], [0, 0]);
  });

  it('counts ten thousand recipients of one pipelined message', async () => {
    const many = 10_000;
    const log = new Log().rows(1, [
      ...hello,
      message[0],
      ...new Array<string>(many).fill(message[2]),
      '< DATA',
      message[1],
      ...new Array<string>(many).fill(message[3]),
      '> 354 Start mail input',
      '> 250 2.0.0 ok',
    ]);
    assert.equal((await read([log.text])).totals.inbound.recipients, many);
  });

  it('gives up a session in which commands without a reply pile up, and says so', async () => {
    const flood = Array.from({ length: 300 }, (_, i) => (i % 2 ? '< RSET' : '< NOOP'));
    const { totals, inputs } = await read([new Log().rows(1, [...hello, ...flood, ...message]).text]);
    assert.equal(totals.inbound.tls.none, 0);
    assert.ok(inputs[0].problems.some(({ code }) => code === 'join-evicted'));
  });

  it('forgets the oldest of more sessions than it can hold, and says that their TLS is unknown @slow', () => {
    const log = new Log();
    for (let i = 0; i < 200_001; i++) log.rows(i, ['+ ']);
    log.rows(0, message).rows(200_000, message);
    const part = segment(log.text);
    assert.deepEqual(
      facts(part)
        .map((fact) => fact.split(' ')[2])
        .sort(),
      ['none', 'unknown'],
    );
    assert.deepEqual(problems(part), [{ 'join-evicted': 100_000, 'session-began-earlier': 1 }]);
  });

  it('in the midst of a log holds back the rows of sessions that began before, and no others', () => {
    const log = new Log()
      .rows(1, message, { from: 9 })
      .rows(2, [...hello, ...handshake, ...message])
      .rows(1, ['- ']);
    const part = segment(log.text, false);
    const { lines, length } = part.save()!.unresolved;
    assert.deepEqual([...lines.slice(0, length)], [1, 2, 3, 4, 5, 6, 7, 8, 9, 23]);
    assert.deepEqual(
      facts(part).map((fact) => fact.split(' ')[2]),
      ['tls1.2'],
    );
  });

  it('goes on in a saved session as if it had never been put away', () => {
    const log = new Log()
      .rows(1, [...hello, ...handshake, ...message.slice(0, 3)])
      .rows(2, [...hello, '- '])
      .rows(3, message, { from: 4 });
    const before = log.text,
      after = new Log()
        .rows(1, message.slice(3), { from: 10 })
        .rows(2, message, { from: 5 })
        .rows(3, message, { from: 10 }).text;
    for (const first of [true, false]) {
      const saved = Segment.load(structuredClone(segment(before, first).save()!), exchangeSmtp, optionsOf({}));
      assert.deepEqual(everything(stitch(saved, segment(after, false))), everything(segment(before + after, first)));
    }
  });

  it('tells message tracking which messages it has counted, by all that tracking knows them by', () => {
    const log = new Log()
      .rows(1, [...hello, ...message])
      .rows(2, message, { from: 4, local: '10.0.0.5:2525' })
      .rows(3, [...sent(hello), ...sent(message.slice(0, 5)), '< 250 2.0.0 Ok: queued as 9912C136E0'], sending);
    const halves = [
      segment(log.text.slice(0, 900).replace(/[^\n]*$/, ''), true, true),
      segment(log.text.slice(log.text.slice(0, 900).lastIndexOf('\n') + 1), false, true),
    ];
    const { accepted } = stitch(halves[0], halves[1]).parser as unknown as { accepted: AcceptedMessages };
    const text = (print: Fingerprint, value: string) => print.text(Buffer.from(value), 0, value.length);
    const find = ({ a, b }: Fingerprint) => accepted.find(a, b);
    assert.equal(
      find(text(text(new Fingerprint().of(Identity.message), '08DE6F0000000001'), '<m@sender.example>')),
      Counted.external,
    );
    assert.equal(
      find(text(text(new Fingerprint().of(Identity.message), '08DE6F0000000002'), '<m@sender.example>')),
      Counted.internal,
    );
    assert.equal(find(text(new Fingerprint().of(Identity.session), '08DE6F0000000003')), Counted.external);
    assert.equal(
      find(text(new Fingerprint().of(Identity.queued), '1').host(Buffer.from('ex01.contoso.com'), 0, 16)),
      Counted.external,
    );
    assert.equal(find(text(new Fingerprint().of(Identity.session), '08DE6F0000000001')), Counted.no);
  });

  it('is the same wherever it is cut, also when rows are lost, doubled, out of order or damaged @slow', () => {
    const logs = fixtureCases()
      .filter(({ id, name }) => id === 'exchange-smtp' && name !== 'columns-in-any-order')
      .map(({ files }) =>
        files[0].bytes
          .toString('latin1')
          .replace(/^\xef\xbb\xbf/, '')
          .split('\n')
          .slice(0, 130),
      );
    const change = fc.record({ kind: fc.nat(4), at: fc.nat(), to: fc.nat(), byte: fc.nat(255) });
    fc.assert(
      fc.property(
        fc.constantFrom(...logs),
        fc.array(change, { maxLength: 8 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (original, changes, places, fromRight) => {
          const lines = changes.reduce(damaged, original);
          const bytes = Buffer.from(lines.join('\n'), 'latin1');
          const ends = [...bytes.keys()].filter((i) => bytes[i] === 10).map((i) => i + 1);
          const cuts = [0, ...places.map((place) => ends[place % ends.length]).sort((a, b) => a - b), bytes.length];
          const parts = cuts.slice(1).map((to, i) => segment(bytes.subarray(cuts[i], to), cuts[i] === 0 && i === 0));
          assert.deepEqual(
            everything(fromRight ? parts.reduceRight((right, left) => stitch(left, right)) : parts.reduce(stitch)),
            everything(segment(bytes)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** The lines with one change; header lines stay where they are. */
function damaged(
  lines: string[],
  { kind, at, to, byte }: { kind: number; at: number; to: number; byte: number },
): string[] {
  const from = at % lines.length,
    other = to % lines.length,
    line = lines[from],
    place = to % (line.length + 1);
  if (line.startsWith('#') || lines[other].startsWith('#')) return lines;
  switch (kind) {
    case 0:
      return lines.toSpliced(from, 1);
    case 1:
      return lines.toSpliced(other, 0, line);
    case 2:
      return lines.with(from, lines[other]).with(other, line);
    case 3:
      return lines.with(
        from,
        line.slice(0, place) + String.fromCharCode(byte === 10 ? 0 : byte) + line.slice(place + 1),
      );
    default:
      return lines.with(from, line.slice(0, place));
  }
}
