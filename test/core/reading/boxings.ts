/** Boxes to put the lines of a log into, as the tools write them. */

import type { ColumnMapping } from '../../../src/core/connectors/columns';
import type { SyslogParts } from './syslogparts';

/** A way to put lines into boxes. */
export interface Boxing {
  name: string;
  /** Whether it holds any line or only those of syslog. */
  holds: 'any' | 'stamped' | 'syslog';
  /** The line in its box; lines that it splits are several, joined by line feeds. */
  wrap(line: string, at: number, parts: SyslogParts | undefined): string;
  /** Lines become several, so that they are counted differently. */
  splits?: boolean;
  /** The line without its box, where the box has lost some of it. */
  loses?(parts: SyslogParts): string;
  /** Zones of stamps are lost. */
  local?: boolean;
  /** The line before the first. */
  header?: string;
  /** What its columns are, where nobody knows their names. */
  columns?: ColumnMapping['columns'];
}

/** Never the same for two lines. */
const at = (i: number) => new Date(1798761600000 + i * 250).toISOString().replace('Z', '456789Z');
/** As Go writes it: `<`, `>` and `&` are escaped. */
const go = (text: string) =>
  JSON.stringify(text).replace(/[<>&]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const docker = (text: string, i: number, stream = 'stdout') =>
  `{"log":${go(text)},"stream":"${stream}","time":"${at(i)}"}`;
const json = (value: unknown) => JSON.stringify(value);
/** A cell of CSV, in quotes where it needs them or always. */
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const cell = (text: string) => (/[",\r\n]/.test(text) ? quoted(text) : text);
const row = (...cells: string[]) => cells.map(cell).join(',');
const quotedRow = (...cells: string[]) => cells.map(quoted).join(',');
/** As browsers write it in the United States. */
const american = (time: string) => {
  const [year, month, day, hour, minute, second] = time.split(/[-T:.Z]/).map(Number);
  const clock = [minute, second].map((n) => String(n).padStart(2, '0')).join(':');
  return `${month}/${day}/${year}, ${hour % 12 || 12}:${clock}.000 ${hour < 12 ? 'AM' : 'PM'}`;
};
const monthName = (wall: string) => new Date(`${wall}Z`).toUTCString().slice(8, 11);
const cut = (line: string) => Math.ceil(line.length / 2);

export const boxings: Boxing[] = [
  { name: 'docker', holds: 'any', wrap: (line, i) => docker(`${line}\n`, i) },
  {
    name: 'docker, split',
    holds: 'any',
    splits: true,
    wrap: (line, i) =>
      i % 3 === 0
        ? [
            docker(line.slice(0, cut(line)), i),
            docker('\n', i, 'stderr'),
            docker(`${line.slice(cut(line))}\n`, i),
          ].join('\n')
        : docker(`${line}\n`, i),
  },
  { name: 'compose', holds: 'any', wrap: (line) => `postfix-mailcow-1  | ${line}` },
  { name: 'compose in colours', holds: 'any', wrap: (line) => `\x1b[36mpostfix-mailcow_1    |\x1b[0m ${line}` },
  { name: 'docker logs -t', holds: 'stamped', wrap: (line, i) => `${at(i)} ${line}` },
  { name: 'compose -t', holds: 'stamped', wrap: (line, i) => `mail-1  | ${at(i)} ${line}` },
  { name: 'CRI', holds: 'any', wrap: (line, i) => `${at(i)} stdout F ${line}` },
  {
    name: 'CRI, split',
    holds: 'any',
    splits: true,
    wrap: (line, i) =>
      i % 3 === 0
        ? `${at(i)} stdout P ${line.slice(0, cut(line))}\n${at(i)} stderr F \n${at(i)} stdout F ${line.slice(cut(line))}`
        : `${at(i)} stdout F ${line}`,
  },
  { name: 'kubectl --prefix', holds: 'any', wrap: (line) => `[pod/postfix-0/postfix] ${line}` },
  { name: 'stern', holds: 'stamped', wrap: (line) => `postfix-0 postfix ${line}` },
  {
    name: 'stern in colours',
    holds: 'stamped',
    wrap: (line) => `\x1b[32mpostfix-0\x1b[0m \x1b[36mpostfix\x1b[0m ${line}`,
  },
  { name: 'message', holds: 'any', wrap: (line, i) => json({ '@timestamp': at(i), message: line }) },
  { name: 'server-sent events', holds: 'any', wrap: (line) => `data: ${json({ message: line })}` },
  { name: 'log', holds: 'any', wrap: (line, i) => json({ date: 1795509206.5 + i, log: line }) },
  { name: 'Loki', holds: 'any', wrap: (line, i) => json({ labels: { job: 'mail' }, line, timestamp: at(i) }) },
  {
    name: 'Splunk',
    holds: 'any',
    wrap: (line) => json({ preview: false, result: { _raw: line, _time: '2027-01-01' } }),
  },
  {
    name: '_source.message',
    holds: 'any',
    wrap: (line, i) => json({ _index: 'a', _source: { '@timestamp': at(i), message: line } }),
  },
  {
    name: 'full_message',
    holds: 'stamped',
    wrap: (line) => json({ version: '1.1', host: 'relay', short_message: 'cut', full_message: line }),
  },
  {
    name: 'journal of Docker',
    holds: 'any',
    wrap: (line) =>
      json({
        __REALTIME_TIMESTAMP: '1795509205677390',
        SYSLOG_IDENTIFIER: 'ab12',
        CONTAINER_NAME: 'mail',
        CONTAINER_ID: 'ab12',
        MESSAGE: line,
      }),
  },
  {
    name: 'rsyslog',
    holds: 'syslog',
    wrap: (_, __, p) =>
      json({
        timestamp: p!.time,
        host: p!.host,
        programname: p!.program.split('/')[0],
        syslogtag: `${p!.program}[${p!.pid}]:`,
        procid: p!.pid,
        msg: ` ${p!.text}`,
      }),
  },
  {
    name: 'rsyslog without tag',
    holds: 'syslog',
    loses: (p) => `${p.priority}${p.stamp} ${p.host} ${p.program.split('/')[0]}[${p.pid}]: ${p.text}`,
    wrap: (_, __, p) =>
      json({
        timereported: p!.time,
        hostname: p!.host,
        programname: p!.program.split('/')[0],
        procid: p!.pid,
        msg: ` ${p!.text}`,
      }),
  },
  {
    name: 'syslog-ng',
    holds: 'syslog',
    wrap: (_, __, p) => json({ ISODATE: p!.time, HOST: p!.host, PROGRAM: p!.program, PID: p!.pid, MESSAGE: p!.text }),
  },
  {
    name: 'Vector',
    holds: 'syslog',
    wrap: (_, __, p) =>
      json({
        appname: p!.program,
        facility: 'mail',
        hostname: p!.host,
        message: p!.text,
        procid: Number(p!.pid),
        timestamp: p!.time,
      }),
  },
  {
    name: 'Fluent Bit',
    holds: 'syslog',
    wrap: (_, __, p) =>
      json({
        date: Date.parse(p!.time) / 1000,
        pri: '22',
        host: p!.host,
        ident: p!.program,
        pid: p!.pid,
        message: p!.text,
      }),
  },
  {
    name: 'ECS',
    holds: 'syslog',
    wrap: (_, __, p) =>
      json({
        '@timestamp': p!.time,
        host: { hostname: p!.host },
        process: { name: p!.program, pid: Number(p!.pid) },
        message: p!.text,
      }),
  },
  {
    name: 'GELF',
    holds: 'syslog',
    wrap: (_, __, p) =>
      json({
        version: '1.1',
        host: p!.host,
        short_message: p!.text,
        timestamp: Date.parse(p!.time) / 1000,
        _application_name: p!.program,
        _process_id: p!.pid,
      }),
  },
  {
    name: 'GELF of syslog-ng',
    holds: 'syslog',
    wrap: (_, __, p) =>
      json({
        version: '1.1',
        timestamp: Date.parse(p!.time) / 1000,
        short_message: p!.text,
        level: 6,
        host: p!.host,
        _program: p!.program,
        _pid: Number(p!.pid),
        _facility: 'mail',
        _class: '',
      }),
  },
  {
    name: 'Logstash',
    holds: 'syslog',
    wrap: (_, __, p) =>
      json({
        '@timestamp': p!.time,
        logsource: p!.host,
        program: p!.program,
        pid: p!.pid,
        message: p!.text,
        facility_label: 'mail',
      }),
  },
  {
    name: 'Graylog',
    holds: 'syslog',
    wrap: (_, __, p) => json({ timestamp: p!.time, source: p!.host, message: `${p!.program}[${p!.pid}]: ${p!.text}` }),
  },
  {
    name: 'BusyBox',
    holds: 'syslog',
    wrap: (_, __, p) => `${p!.stamp} ${p!.host} mail.info ${p!.program}[${p!.pid}]: ${p!.text}`,
  },
  {
    name: 'AIX',
    holds: 'syslog',
    wrap: (_, __, p) => `${p!.stamp} ${p!.host} mail:info ${p!.program}[${p!.pid}]: ${p!.text}`,
  },
  {
    name: 'FreeBSD',
    holds: 'syslog',
    wrap: (_, __, p) => `${p!.stamp} <mail.info> ${p!.host} ${p!.program}[${p!.pid}]: ${p!.text}`,
  },
  {
    name: 'FreeBSD in numbers',
    holds: 'syslog',
    wrap: (_, __, p) => `${p!.stamp} <2.6> ${p!.host} ${p!.program}[${p!.pid}]: ${p!.text}`,
  },
  {
    name: 'Solaris',
    holds: 'syslog',
    wrap: (_, __, p) => `${p!.stamp} ${p!.host} ${p!.program}[${p!.pid}]: [ID 197553 mail.info] ${p!.text}`,
  },
  {
    name: 'year in the stamp',
    holds: 'syslog',
    wrap: (_, __, p) => {
      const date = new Date(p!.wall).toUTCString();
      const stamp = [date.slice(8, 11), date.slice(5, 7), p!.wall.slice(0, 4), p!.wall.slice(11)].join(' ');
      return `${stamp} ${p!.host} ${p!.program}[${p!.pid}]: ${p!.text}`;
    },
    local: true,
  },
  {
    name: 'year before the stamp',
    holds: 'syslog',
    wrap: (_, __, p) => {
      const date = new Date(p!.wall).toUTCString();
      const stamp = [p!.wall.slice(0, 4), date.slice(8, 11), date.slice(5, 7), p!.wall.slice(11)].join(' ');
      return `${stamp} ${p!.host} ${p!.program}[${p!.pid}]: ${p!.text}`;
    },
    local: true,
  },
  {
    name: 'socklog',
    holds: 'stamped',
    wrap: (line, i) => `${at(i).slice(0, 25)} mail.info: ${line}`,
  },
  {
    name: 'space in the stamp',
    holds: 'syslog',
    wrap: (_, __, p) => `${p!.wall.replace('T', ' ')} ${p!.host} ${p!.program}[${p!.pid}]: ${p!.text}`,
    local: true,
  },
  {
    name: 'octet count',
    holds: 'syslog',
    wrap: (line, _, p) => {
      const framed = p!.priority === '' ? `<22>${line}` : line;
      return `${Buffer.byteLength(framed)} ${framed}`;
    },
  },
  { name: 'relay', holds: 'stamped', wrap: (line) => `Dec 31 23:59:59 relay ${line}` },
  {
    name: 'relay with its own priority',
    holds: 'stamped',
    wrap: (line) => `<22>2027-01-01T00:00:00.5+01:00 relay.example ${line}`,
  },
  {
    name: 'relay of RFC 5424',
    holds: 'stamped',
    wrap: (line) => `<22>1 2027-01-01T00:00:00.5+01:00 relay.example - - - - ${line}`,
  },
  {
    name: 'CRI in JSON of a shipper',
    holds: 'any',
    wrap: (line, i) => json({ '@timestamp': at(i), message: `${at(i)} stdout F ${line}` }),
  },
  {
    name: 'fields in Docker in compose',
    holds: 'syslog',
    wrap: (_, i, p) => {
      const fields = { timestamp: p!.time, host: p!.host, syslogtag: `${p!.program}[${p!.pid}]:`, message: p!.text };
      return `mail-1  | ${docker(`${json(fields)}\n`, i)}`;
    },
  },
  {
    name: 'rows of Splunk',
    holds: 'any',
    header: '"_raw","_time",host,index',
    wrap: (line, i) => row(line, at(i), 'indexer, 1', 'mail'),
  },
  {
    name: 'rows of Grafana',
    holds: 'any',
    header: '"labels","Time","Line","tsNs"',
    wrap: (line, i) => quotedRow('{"job":"mail"}', at(i).slice(0, 23).replace('T', ' '), line, `1795509205${i}`),
  },
  {
    name: 'rows of several lines',
    holds: 'any',
    splits: true,
    header: 'Time,labels,Line',
    wrap: (line, i) => row(at(i), i % 3 === 0 ? 'a\n"b", c\n' : 'a', line),
  },
  {
    name: 'rows of Graylog',
    holds: 'syslog',
    header: '"timestamp","source","message"',
    wrap: (_, __, p) => quotedRow(p!.time, p!.host, `${p!.program}[${p!.pid}]: ${p!.text}`),
  },
  {
    name: 'rows of Azure Monitor',
    holds: 'syslog',
    header:
      'TimeGenerated [UTC],Computer,EventTime [UTC],Facility,HostName,SeverityLevel,SyslogMessage,ProcessID,ProcessName',
    wrap: (_, __, p) => row('', 'collector', american(p!.time), 'mail', p!.host, 'info', p!.text, p!.pid, p!.program),
  },
  {
    name: 'rows of Kibana',
    holds: 'syslog',
    local: true,
    header: '"@timestamp","host.name","process.name","process.pid",message',
    wrap: (_, __, p) => {
      const [date, clock] = p!.wall.split('T');
      const time = `${monthName(p!.wall)} ${Number(date.slice(8))}, ${date.slice(0, 4)} @ ${clock}.000`;
      return quotedRow(time, p!.host, p!.program, p!.pid, p!.text);
    },
  },
  {
    name: 'rows with tabs',
    holds: 'any',
    header: '@timestamp\t@message',
    wrap: (line, i) => `${at(i)}\t${line.startsWith('"') ? quoted(line) : line}`,
  },
  {
    name: 'rows that a user has mapped',
    holds: 'syslog',
    header: 'Quando;Nodo;Programma;Processo;Testo',
    columns: { time: 'Quando', host: 'Nodo', program: 'Programma', pid: 'Processo', line: 'Testo' },
    wrap: (_, __, p) => [p!.time, p!.host, p!.program, p!.pid, p!.text].map(quoted).join(';'),
  },
  {
    name: 'CRI in rows that a user has mapped',
    holds: 'any',
    header: 'n;Inhalt',
    columns: { line: 'Inhalt' },
    wrap: (line, i) => `${i};${quoted(`${at(i)} stdout F ${line}`)}`,
  },
];
