import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
import { lookUp } from '../../../src/core/drilldown/figure';
import { findLines } from '../../../src/core/drilldown/search';
import { blankEvent } from '../../../src/core/formats/shared/eventbuffer';
import { Tier } from '../../../src/core/reading/boxes/box';
import { stitch } from '../../../src/core/reading/segment';
import { formats } from '../../../src/core/formats/index';
import { serverFolders } from '../../../src/core/reading/serverfolders';
import { defaultLimits } from '../../../src/core/insights/index';
import type { Analysis } from '../../../src/core/reading/analysis';
import { summarise } from '../../../src/core/report/query';
import { cubeOfServers, serversOf, type Server } from '../../../src/core/report/servers';
import { Zone } from '../../../src/core/text/zone';
import { makeReport } from '../../../src/export/report';
import { analyse } from '../reading/analyse';
import { memorySource, optionsOf, read, segmentOf } from '../reading/read';

const start = Date.UTC(2026, 0, 1);
const event = fc.record({
  minute: fc.nat(3000),
  direction: fc.constantFrom(0, 1, 2),
  tls: fc.nat(7),
  server: fc.constantFrom('', '-', 'mx1', 'MX1', 'Mx2', 'mx2', 'mx3.example', 'mx3.example.'),
  count: fc.nat(3),
});

describe('mail servers', () => {
  it('have the figures of a plain count, however the log was cut; together they have all', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200, size: 'max' }), fc.nat({ max: 3 }), (events, cuts) => {
        const builders = Array.from({ length: cuts + 1 }, () => new CubeBuilder());
        events.forEach(({ minute, server, ...e }, i) => {
          const builder = builders[Math.floor((i * builders.length) / events.length)];
          builder.add(
            { ...blankEvent(), ...e, server: builder.servers.id(server), time: start + minute * 60_000, line: i + 1 },
            0,
          );
        });
        for (const other of builders.slice(1)) builders[0].merge(other, []);
        const cube = builders[0].build(),
          whole = summarise(cube);
        const nameOf = (server: string) => (server === '-' ? '' : server.toLowerCase().replace(/\.$/, ''));
        const counted = (direction: number, server?: string) =>
          events
            .filter((e) => e.direction === direction && (server === undefined || nameOf(e.server) === server))
            .reduce((sum, e) => sum + e.count, 0);
        const names = [...new Set(events.map((e) => nameOf(e.server)))].sort();
        assert.deepEqual(
          serversOf(cube)
            .map((name) => name?.toLowerCase() ?? '')
            .sort(),
          names,
        );
        for (const server of serversOf(cube)) {
          const name = server?.toLowerCase() ?? '',
            own = summarise(cubeOfServers(cube, [server && server.toUpperCase()]));
          const sums = whole.servers.find((one) => one.name === server);
          for (const { inbound, outbound, internal } of [own, ...(sums ? [sums] : [])])
            assert.deepEqual(
              [inbound.messages, outbound.messages, internal],
              [counted(0, name), counted(1, name), counted(2, name)],
            );
        }
        for (const direction of ['inbound', 'outbound'] as const)
          assert.deepEqual(
            whole.servers.reduce((tls, one) => tls.map((n, i) => n + one[direction].tls[i]), new Array(8).fill(0)),
            whole[direction].tls,
          );
      }),
    );
  });

  it('are named as the log does, in the same way whatever is read first', () => {
    const names = (...spelt: string[]) => {
      const { servers } = new CubeBuilder();
      spelt.forEach((name) => servers.id(name));
      return servers.list().slice(2);
    };
    assert.deepEqual(names('mbx1', 'MBX1', 'Mbx1'), ['MBX1']);
    assert.deepEqual(names('MBX1', 'mbx1'), ['MBX1']);
    assert.deepEqual(names('-', '', 'mx.', 'mx'), ['mx']);
  });

  it('past the limit are one, and that is told', () => {
    const builder = new CubeBuilder();
    for (let i = 0; i < 10_100; i++)
      builder.add(
        { ...blankEvent(), count: 1, server: builder.servers.id(`mx${i}.example`), time: start, line: i + 1 },
        0,
      );
    const cube = builder.build();
    assert.equal(summarise(cube).inbound.messages, 10_100);
    assert.deepEqual(
      builder.losses(cube).map(({ code, count }) => [code, count]),
      [['too-many-names', 102]],
    );
  });

  it('are told by folders where those are no usual ones and differ', () => {
    const named = (...paths: string[]) => serverFolders(paths);
    assert.deepEqual(named('/srv/mx1/mainlog', '/srv/mx2/mainlog'), ['mx1', 'mx2']);
    assert.deepEqual(named('/logs/mx1/var/log/exim4/mainlog', '/logs/192.0.2.7/exim4/mainlog'), ['mx1', '192.0.2.7']);
    assert.deepEqual(
      named(
        String.raw`\\MBX1\c$\Program Files\Microsoft\Exchange Server\V15\TransportRoles\Logs\Hub\ProtocolLog\SmtpSend\SEND1.LOG`,
        String.raw`\\MBX2\c$\Program Files\Microsoft\Exchange Server\V15\TransportRoles\Logs\Hub\ProtocolLog\SmtpSend\SEND1.LOG`,
      ),
      ['MBX1', 'MBX2'],
    );
    for (const paths of [
      ['/var/log/exim4/mainlog', '/var/log/mainlog'],
      ['/srv/mx1/mainlog', '/srv/mx1/mainlog.1'],
      ['/srv/mx1/2026-11-01/mainlog', '/srv/mx1/2026-11-02/mainlog'],
      ['/srv/mx1/mainlog', 'mainlog'],
    ])
      assert.deepEqual(serverFolders(paths), [undefined, undefined], paths.join(' '));
  });

  const arrival = (hour: string, host: string, tls: string) =>
    `2026-11-24 ${hour}:00:00 1xVm1P-0001dB-0Y <= a@${host} H=${host} [192.0.2.2] ${tls} S=1 id=1@${host}\n`;

  it('are the folders of logs that name none, and no others', async () => {
    const files = {
      mx1: arrival('08', 'a.example', 'P=esmtp'),
      mx2: arrival('09', 'b.example', 'P=esmtps X=TLS1.3:X:256'),
    };
    const sources = Object.entries(files).map(([folder, text]) =>
      memorySource(`/srv/${folder}/mainlog`, Buffer.from(text)),
    );
    const { servers } = summarise((await analyse(sources, optionsOf({}))).cube);
    assert.deepEqual(
      servers.map(({ name, inbound }) => [name, inbound.messages, inbound.tls[0]]),
      [
        ['mx1', 1, 1],
        ['mx2', 1, 0],
      ],
    );
    assert.deepEqual((await read(Object.values(files))).servers, []);
  });

  it('are the hosts of boxes around lines that name none, with messages of their own', async () => {
    const lines = [
      `[pod/exim-0/exim] ${arrival('08', 'a.example', 'P=esmtp')}`,
      `[pod/exim-1/exim] ${arrival('08', 'b.example', 'P=esmtps X=TLS1.3:X:256')}`,
      '[pod/exim-0/exim] 2026-11-24 08:00:01 1xVm1P-0001dB-0Y => x@c.example R=r T=remote_smtp H=c.example [192.0.2.3] C="250"\n',
      '[pod/exim-0/exim] 2026-11-24 08:00:01 1xVm1P-0001dB-0Y -> y@c.example R=r T=remote_smtp H=c.example [192.0.2.3] C="250"\n',
    ];
    const { servers } = await read([lines.join('')]);
    assert.deepEqual(
      servers.map(({ name, inbound, outbound }) => [name, inbound.messages, inbound.recipients, outbound.messages]),
      [
        ['exim-0', 1, 2, 1],
        ['exim-1', 1, 1, 0],
      ],
    );
  });

  it('are the hosts of boxes also where a log is cut', () => {
    const pods = ['exim-0', 'exim-1'],
      lines = pods.map((pod, i) => `[pod/${pod}/exim] ${arrival('08', `${i}.example`, 'P=esmtp')}`);
    const delivery = '1xVm1P-0001dB-0Y => x@c.example R=r T=remote_smtp H=c.example [192.0.2.3] C="250"\n';
    // Only behind so many lines is it certain that none is the end of one before the cut.
    for (let i = 0; i < 70; i++) lines.push(`[pod/exim-1/exim] 2026-11-24 08:00:01 Start queue run: pid=${i}\n`);
    lines.push(...pods.map((pod) => `[pod/${pod}/exim] 2026-11-24 08:00:01 ${delivery}`));
    const format = formats.find(({ id }) => id === 'exim')!;
    const part = (text: string, first: boolean) => {
      const bytes = Buffer.from(text),
        head = Buffer.from(lines.join('').replace(/^\[.*?\] /gm, ''));
      return segmentOf(format, {}, first, { index: 0, name: 'a.log', head, boxes: Tier.certain }, bytes);
    };
    for (let cut = 0; cut <= lines.length; cut++) {
      const joined = stitch(part(lines.slice(0, cut).join(''), true), part(lines.slice(cut).join(''), false));
      joined.finish();
      assert.deepEqual(
        summarise(joined.builder.build()).servers.map(({ name, inbound, outbound }) => [
          name,
          inbound.messages,
          outbound.messages,
        ]),
        pods.map((pod) => [pod, 1, 1]),
        `cut behind line ${cut}`,
      );
    }
  });

  const syslog = (host: string, day: number) =>
    Buffer.from(
      [
        `Nov  ${day} 08:00:00 ${host} postfix/smtpd[1]: connect from a.example[192.0.2.2]`,
        `Nov  ${day} 08:00:00 ${host} postfix/smtpd[1]: A1B2C3D4E5: client=a.example[192.0.2.2]`,
        `Nov  ${day} 08:00:01 ${host} postfix/qmgr[2]: A1B2C3D4E5: from=<a@a.example>, size=1, nrcpt=1 (queue active)`,
        `Nov  ${day} 08:00:02 ${host} postfix/smtpd[1]: disconnect from a.example[192.0.2.2] ehlo=1 mail=1 quit=1 commands=3`,
        '',
      ].join('\n'),
    );
  const reportOf = (analysis: Analysis, servers?: Server[]) =>
    makeReport(analysis, { period: 'all', zone: new Zone('UTC'), limits: defaultLimits, servers });

  it('of a filter have lines, places and coverage of their own', async () => {
    const sources = () => [memorySource('a.log', syslog('mx1', 2)), memorySource('b.log', syslog('mx2', 5))];
    const analysis = await analyse(sources(), optionsOf({})),
      report = reportOf(analysis, ['MX2']);
    assert.equal(report.messages.inbound.messages, 1);
    assert.deepEqual(
      report.coverage.messages.spans.map(({ from }) => new Date(from).getUTCDate()),
      [5],
    );
    const { cube } = analysis;
    for (const [server, file] of [
      ['mx1', 0],
      ['MX2', 1],
    ] as const) {
      const figure = { servers: [server] },
        found: [number, number][] = [];
      assert.equal(lookUp(cube, figure).messages, 1);
      await findLines(sources(), { ...optionsOf({}) }, { figure, shownTls: cube.shownTls, step: 1 }, [], (lines) => {
        found.push(...lines.map(({ file, line }): [number, number] => [file, line]));
        return Promise.resolve(true);
      });
      assert.deepEqual(found, [[file, 2]]);
    }
  });
});
