import { at, isObject, parse, textOf, type JsonObject } from '../../text/json';
import { decode } from '../../text/words';
import { Opened, Tier, type Box, type BoxedLine } from './box';
import { stamp } from './stamps';

/**
 * The names under which shippers and stores keep the parts of a line of syslog: rsyslog (property replacer), syslog-ng
 * (macros, `format-gelf`), Vector, Fluent Bit, Logstash (input-syslog), Elastic Common Schema, GELF, Splunk, Azure
 * Monitor, CloudWatch, Google Cloud Logging. The first that holds something counts.
 */
export const fieldNames = {
  time: [
    '@timestamp',
    'timestamp',
    'time',
    'ISODATE',
    'date',
    'DATE',
    '_time',
    'timereported',
    'EventTime',
    'timegenerated',
    'TimeGenerated',
    'ts',
  ],
  host: [
    'host.hostname',
    'log.syslog.hostname',
    'host.name',
    'host',
    'hostname',
    'sysloghost',
    'HOST',
    'logsource',
    // Azure Monitor: `Computer` is the one that collected the line.
    'HostName',
    'Computer',
    'agent.hostname',
    'source',
  ],
  // rsyslog cuts `programname` at the slash that Postfix has in its names, so the tag comes first.
  program: [
    'syslogtag',
    'syslog-tag',
    'tag',
    'programname',
    'app-name',
    'log.syslog.appname',
    'appname',
    'app_name',
    'ident',
    'PROGRAM',
    'program',
    '_program',
    'process.name',
    '_application_name',
    'application_name',
    'ProcessName',
  ],
  pid: [
    'procid',
    'log.syslog.procid',
    'pid',
    'PID',
    '_pid',
    'process.pid',
    '_process_id',
    'process_id',
    'ProcessID',
    'ProcessId',
  ],
  text: ['message', 'msg', 'MESSAGE', 'MSG', 'short_message', 'SyslogMessage'],
  raw: [
    'log',
    '_raw',
    'full_message',
    'event.original',
    'line',
    'message',
    '@message',
    'msg',
    'MESSAGE',
    'MSG',
    'short_message',
    'textPayload',
  ],
  stream: ['stream', 'container_id', 'container_name', 'CONTAINER_ID', 'kubernetes.pod_name'],
} as const;

/** An object of JSON with a line, or with the parts of one. */
export const fields: Box = {
  tier: Tier.fields,
  open(line) {
    if (line.bytes[line.start] !== 123) return Opened.none;
    const whole = parse(decode(line.bytes.subarray(line.start, line.end)));
    if (!isObject(whole)) return Opened.broken;
    const object = inner(whole);
    return isJournalEntry(object) ? journalEntry(line, object) : openFields(line, object);
  },
};

/** The line becomes that which an object holds under `fieldNames`, as a whole or in parts. */
export function openFields(line: BoxedLine, object: JsonObject): Opened {
  const tag = tagOf(object),
    time = timeOf(first(object, fieldNames.time)) || line.time,
    host = wordOf(first(object, fieldNames.host).replace(/:+$/, '')) || line.host;
  const text = first(object, fieldNames.text);
  if (tag !== '' && text !== '' && !isWholeLine(text, tag)) {
    if (time === '') return Opened.broken;
    line.becomeText(`${time} ${host === '' ? '' : `${host} `}${tag}: ${oneLine(text)}`);
    return Opened.line;
  }
  return rawLine(line, object, time, host);
}

/** Elasticsearch has a document in `_source`, Splunk's export one in `result`. */
function inner(object: JsonObject): JsonObject {
  const source = object._source ?? object.result;
  return isObject(source) ? source : object;
}

/** A line as it was, in a field. */
function rawLine(line: BoxedLine, object: JsonObject, time: string, host: string): Opened {
  const candidates = fieldNames.raw.map((name) => textOf(valueAt(object, name))).filter((text) => text.trim() !== '');
  const raw = candidates.find((text) => stamped.test(text)) ?? candidates[0];
  if (raw === undefined) return Opened.none;
  line.time = time;
  line.host = host;
  line.stream += fieldNames.stream.map((name) => textOf(valueAt(object, name))).join(' ');
  line.becomeText(oneLine(raw));
  // Docker's log text has its line end unless it goes on in the next object.
  return typeof object.log === 'string' && typeof object.stream === 'string' && !raw.endsWith('\n')
    ? Opened.part
    : Opened.line;
}

const stamped = new RegExp(`^${stamp} `);

/** An entry of the systemd journal, which readers of syslog take as it is, unless it holds the output of a container. */
function journalEntry(line: BoxedLine, object: JsonObject): Opened {
  if (object.CONTAINER_ID === undefined && object.CONTAINER_NAME === undefined) return Opened.none;
  if (typeof object.MESSAGE !== 'string') return Opened.broken;
  const micros = textOf(object._SOURCE_REALTIME_TIMESTAMP ?? object.__REALTIME_TIMESTAMP);
  line.time = timeOf(micros);
  line.host = wordOf(textOf(object.CONTAINER_NAME)) || wordOf(textOf(object._HOSTNAME));
  line.stream += `${textOf(object.CONTAINER_ID)} ${textOf(object.PRIORITY)}`;
  line.becomeText(oneLine(object.MESSAGE));
  return object.CONTAINER_PARTIAL_MESSAGE === 'true' ? Opened.part : Opened.line;
}

/** Whether readers of syslog know the object as an entry of the journal. */
export function isJournalEntry(object: JsonObject): boolean {
  return (
    object.MESSAGE !== undefined &&
    (object.SYSLOG_IDENTIFIER ?? object._COMM) !== undefined &&
    '__REALTIME_TIMESTAMP' in object
  );
}

/** Program and process id as `program[1]`; empty where no program is told. */
function tagOf(object: JsonObject): string {
  const tag = /^([^[\]]*?)(?:\[(\d{1,10})\])?:?\s*$/.exec(first(object, fieldNames.program).trim());
  const program = wordOf(tag?.[1] ?? '').replace(/[:[\]]/g, '_');
  if (!tag || program === '') return '';
  const pid = tag[2] ?? first(object, fieldNames.pid);
  return /^\d{1,10}$/.test(pid) ? `${program}[${pid}]` : program;
}

/** Whether a text is the line itself and not only its message: the program stands in it again, with stamp or process id. */
function isWholeLine(text: string, tag: string): boolean {
  const program = tag.replace(/\[\d+\]$/, '').replace(/[^\w/-]/g, '\\$&');
  const before = `(?:\\S+ )?${program}[^\\s:[]*`;
  return new RegExp(`^(?:${stamp} ${before}(?:\\[\\d+\\])?: |${before}\\[\\d+\\]: )`).test(text.slice(0, 400));
}

/** A time as RFC 3339 or RFC 3164 writes it; empty where it is none. Numbers count from 1970, in any unit. */
function timeOf(text: string): string {
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/.test(text))
    return text
      .replace(' ', 'T')
      .replace(/ (?=[+-]\d)/, '')
      .split(' ')[0];
  if (/^[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d$/.test(text)) return text;
  if (!/^\d{9,20}(?:\.\d+)?$/.test(text)) return '';
  const number = Number(text),
    unit = number < 1e11 ? 1000 : number < 1e14 ? 1 : number < 1e17 ? 1e-3 : 1e-6;
  const date = new Date(number * unit);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

function first(object: JsonObject, keys: readonly string[]): string {
  for (const key of keys) {
    const text = textOf(valueAt(object, key));
    if (text !== '') return text;
  }
  return '';
}

/** A field by its name, whose dots may be part of it or lead into objects. */
export function valueAt(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : name.includes('.') ? at(object, ...name.split('.')) : undefined;
}

/** A name as one word. */
function wordOf(text: string): string {
  return text
    .trim()
    .replace(/[\s\x00-\x1f\x7f]+/g, '_')
    .slice(0, 255);
}

/** One line stays one: what ends a line inside becomes a space. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+$/, '').replace(/[\r\n]+/g, ' ');
}
