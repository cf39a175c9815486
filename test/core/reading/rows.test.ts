/** Tables whose rows hold lines of a log, where they are damaged, hostile or in the wrong order. */
import assert from 'node:assert/strict';
import type { ReadSettings } from './read';
import { fixtureCases, read } from './read';

const at = '2026-11-24T08:00:00+00:00';
const session = [
  'connect from a.example[192.0.2.1]',
  'Anonymous TLS connection established from a.example[192.0.2.1]: TLSv1.3 with cipher X (256/256 bits)',
  'A1B2C3D4E5: client=a.example[192.0.2.1], sasl_method="LOGIN"',
];
const texts: [program: string, pid: string, text: string][] = [
  ...session.map((text) => ['postfix/smtpd', '7', text] as [string, string, string]),
  ['postfix/qmgr', '1', 'A1B2C3D4E5: from=<a@example.org>, size=1, nrcpt=1 (queue active)'],
  ['postfix/smtpd', '7', 'disconnect from a.example[192.0.2.1]'],
];
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const header = 'TimeGenerated,HostName,ProcessName,ProcessID,SyslogMessage';
const rowsAt = (time: (i: number) => string) =>
  texts.map(([program, pid, text], i) => [time(i), 'mx', program, pid, quoted(text)].join(','));
const rows = rowsAt(() => at);
/** All of its cells are in quotes. */
const quotedRows = texts.map(([program, pid, text]) => [at, 'mx', program, pid, text].map(quoted).join(','));

async function outcome(lines: readonly string[], settings: ReadSettings = {}, end = '\n', chunk?: number) {
  const {
    inputs: [{ format, state, detail, lines: counts, problems }],
    totals,
  } = await read([`${lines.join(end)}${end}`], settings, chunk);
  return {
    format,
    ...(state !== 'complete' && { state, detail }),
    tls13: totals.inbound.tls['tls1.3'],
    messages: totals.inbound.messages,
    lines: `${counts.used + counts.context} read, ${counts.skipped} skipped`,
    problems: problems.map(({ code, count, line }) => `${count} ${code} at ${line}`),
  };
}
const whole = { format: 'postfix', tls13: 1, messages: 1, lines: '6 read, 0 skipped', problems: [] };

describe('rows that hold lines of a log', () => {
  it('are read with any line end, mark, preamble and chunk', async () => {
    for (const all of [rows, quotedRows]) {
      assert.deepEqual(await outcome([header, ...all]), whole);
      assert.deepEqual(await outcome([header, ...all], {}, '\r\n'), whole);
      assert.deepEqual(await outcome([`\ufeff${header}`, ...all], {}, '\r\n', 1), whole);
      const seven = { ...whole, lines: '7 read, 0 skipped' };
      assert.deepEqual(await outcome(['sep=,', header, ...all]), seven);
      assert.deepEqual(await outcome([header, ...all.slice(0, 2), '', ...all.slice(2)]), seven);
      // Exports that were put together.
      assert.deepEqual(await outcome([header, ...all.slice(0, 2), `\ufeff${header}`, ...all.slice(2)]), seven);
    }
  });
  it('are told where they are damaged, and all others count', async () => {
    for (const damaged of [
      'a,b',
      `${rows[0]},more`,
      `${at},mx,p,1,"a"b`,
      'yesterday,mx,postfix/smtpd,7,connect from x',
    ])
      assert.deepEqual(
        await outcome([header, ...rows, damaged]),
        { ...whole, lines: '6 read, 1 skipped', problems: ['1 box-not-opened at 7'] },
        damaged,
      );
  });
  it('cost one row where a quote is never closed, at every place of the log', async () => {
    for (const open of [`"${at},mx,p`, `${at},mx,postfix/smtpd,7,"connect`])
      for (let i = 1; i <= quotedRows.length + 1; i++) {
        const lines = [header, ...quotedRows];
        lines.splice(i, 0, open);
        const wanted = { ...whole, lines: '6 read, 1 skipped', problems: [`1 box-line-cut at ${i + 1}`] };
        assert.deepEqual(await outcome(lines), wanted, `${open} at ${i}`);
      }
  });
  it('are told as lost where an open quote swallows them, and no more of them than one row may have', async () => {
    const noise = Array.from({ length: 3000 }, (_, i) => `${at},mx,postfix/anvil,1,statistics: number ${i} of many`);
    const { messages, problems, lines } = await outcome([header, ...rows, '"open', ...noise, ...rows.slice(0, 2)]);
    assert.equal(messages, 1);
    assert.deepEqual(problems, ['1 box-line-cut at 7']);
    const skipped = Number(/(\d+) skipped/.exec(lines)![1]);
    assert.ok(skipped > 100 && skipped < 1500, lines);
  });
  it('are all there where many come at once', async () => {
    const noise = Array.from({ length: 20_000 }, (_, i) => `${at},mx,postfix/anvil,1,statistics: number ${i} of many`);
    assert.deepEqual(await outcome([header, ...rows, ...noise], {}, '\n', 4 << 20), {
      ...whole,
      lines: '20006 read, 0 skipped',
    });
  });
  it('make no second line of a text by a stranger', async () => {
    const forged = `${at} mx postfix/smtpd[7]: B9B2C3D4E5: client=b.example[192.0.2.2]`,
      forgedRow = `${at},mx,postfix/smtpd,7,B9B2C3D4E5: client=b.example[192.0.2.2]`;
    for (const inside of ['x\n', 'x\r\n', 'x\u2028', 'x"\n', 'x",\n'])
      for (const what of [forged, forgedRow, `${header}\n${forgedRow}`]) {
        const cells = [at, 'mx', 'postfix/smtpd', '7', `warning: ${inside}${what}`];
        const { messages } = await outcome([header, ...rows, cells.map(quoted).join(',')]);
        assert.equal(messages, 1, JSON.stringify(what));
      }
  });
  it('with other names are read as the user says, in rows and in objects', async () => {
    const names = ['When', 'Node', 'Prog', 'P', 'Text'];
    const columns = [
      {
        header: names.join(','),
        columns: { time: 'When', host: 'Node', program: 'Prog', pid: 'P', line: 'Text' },
      },
    ];
    assert.deepEqual(await outcome([names.join(','), ...rows], { columns }), whole);
    const objects = texts.map(([program, pid, Text]) =>
      JSON.stringify({ When: at, Node: 'mx', Prog: program, P: Number(pid), Text }),
    );
    assert.deepEqual(await outcome(objects, { columns }), { ...whole, lines: '5 read, 0 skipped' });
    assert.equal((await outcome([names.join(','), ...rows])).format, null);
  });
  it('name the server that wrote the line, not the one that collected it', async () => {
    const { servers } = await read([[`Computer,${header}`, ...rows.map((row) => `collector,${row}`), ''].join('\n')]);
    assert.deepEqual(
      servers.map(({ name }) => name),
      ['mx'],
    );
  });
});

const inOrder = ['cisco-esa-mail', 'exim', 'haraka', 'opensmtpd', 'postfix', 'sendmail', 'stalwart'];
/** Their lines have no time, or none with a year where the year changes. */
const withoutTime = ['opensmtpd/terminal', 'postfix/journal-cat', 'postfix/new-year'];

describe('logs that have their newest lines first', () => {
  const failed = { format: 'postfix', state: 'failed', detail: 'newest-first', tls13: 0, messages: 0, problems: [] };
  const later = (i: number) => `2026-11-24T08:00:0${i}+00:00`;
  const bare = texts.map(([program, pid, text], i) => `${later(i)} mx ${program}[${pid}]: ${text}`);
  const none = { ...failed, lines: '0 read, 0 skipped' };

  it('are told, whatever they stand in', async () => {
    assert.deepEqual(await outcome([header, ...rowsAt(later).reverse()]), none);
    assert.deepEqual(await outcome([...bare].reverse()), none);
    assert.deepEqual(await outcome(bare.map((line) => JSON.stringify({ line })).reverse()), none);
    // Of a store's export one step back is enough.
    assert.deepEqual(await outcome([header, ...rowsAt((i) => later(Number(i === 4))).reverse()]), none);
  });
  it('are told where only the end shows it', async () => {
    const days = Array.from({ length: 400 }, (_, i) => `2026-11-2${i < 399 ? 4 : 2}T08:00:00+00:00`);
    const noise = days.map((day) => `${day} mx postfix/anvil[1]: statistics: ${'x'.repeat(200)}`);
    const { problems, messages } = await outcome([...bare, ...noise]);
    assert.deepEqual([problems, messages], [['1 newest-first at 1'], 1]);
  });
  it('are not taken for that where a few lines are late', async () => {
    const late = [bare[0], `2026-11-24T07:59:59+00:00 mx postfix/anvil[1]: statistics: x`, ...bare.slice(1)];
    assert.deepEqual(await outcome(late), whole);
    assert.deepEqual(await outcome([header, ...rows]), whole);
  });
  it('are told in every format whose lines need those before them @slow', async () => {
    const told = new Set<string>();
    for (const { id, name, files, options } of fixtureCases()) {
      if (!inOrder.includes(id) || files.length > 1 || withoutTime.includes(`${id}/${name}`)) continue;
      const lines = files[0].bytes.toString('latin1').trimEnd().split('\n');
      const { totals: forward } = await read([Buffer.from(lines.join('\n'), 'latin1')], options),
        { totals, inputs } = await read([Buffer.from([...lines].reverse().join('\n'), 'latin1')], options);
      if (inputs[0].detail === 'newest-first') told.add(id);
      else assert.deepEqual(totals, forward, `${id}/${name}`);
    }
    assert.deepEqual([...told].sort(), inOrder);
  });
});
