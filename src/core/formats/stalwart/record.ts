import { decode } from '../../text/words';
import { syslogHost } from '../shared/sysloghost';
import { at, isObject, listOf, objectsOf, textOf, type JsonObject } from '../../text/json';

/** One event of the server, from either form of the log. */
export interface ServerEvent {
  /** Nothing shows that a part of the line is lost. */
  whole: boolean;
  /** The server that logged it, where a collector has noted it. */
  host: string;
  /** Its name, such as `delivery.delivered`. */
  name: string;
  /** Its time as written, RFC 3339. */
  time: string;
  /** A value as text, empty where it is not stated. */
  value(key: string): string;
  /**
   * The same without the keys of a delivery that stand before those of its event: sender and recipients may hold
   * anything.
   */
  own(key: string): string;
  /**
   * Of several values under one key the last: nothing of a stranger stands behind the size of a message that was taken
   * in.
   */
  last(key: string): string;
  /** How many entries a list has; 1 where it is no list. */
  size(key: string): number;
}

/**
 *     2026-01-12T00:42:54Z INFO TLS handshake (tls.handshake) listenerId = "smtp", …
 *     1 time               level description   2 name         3 keys
 *
 * What stands before it is the prefix of a collector.
 */
const entry = new RegExp(
  String.raw`(?:^|\s)(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z) (?:ERROR|WARN|INFO|DEBUG|TRACE) ` +
    String.raw`[^(]{1,120}\(([a-z0-9-]{1,40}\.[a-z0-9-]{1,60})\)(?: (.*))?$`,
  's',
);
/** A key with all of its value at the end of a line. */
const lastValue = /(?:^|, )[\w.-]+ = (?:"[^]*"|[^\s",[\]{}]+|[[{][^]*[\]}])$/;
/** The time and the level with which another line begins, since the end of this one is lost. */
const otherEvent = /\d\d:\d\d:\d\d(?:\.\d{1,9})?Z (?:ERROR|WARN|INFO|DEBUG|TRACE) /;
/** The server colours its log unless told otherwise. */
const colours = /\u001b\[[0-9;]*m/g;

/**
 * A line of the text log; undefined where it is none:
 *
 *     2026-01-12T00:42:54Z INFO TLS handshake (tls.handshake) listenerId = "smtp", localPort = 25, …
 */
export function textEvent(line: string): ServerEvent | undefined {
  const match = entry.exec(line.includes('\u001b') ? line.replace(colours, '') : line);
  if (!match) return undefined;
  const rest = match[3] ?? '';
  const span = /, size = \d+, total = \d+(?=, |$)/.exec(rest);
  const behind = span ? rest.slice(span.index + span[0].length) : rest;
  return {
    host: syslogHost(line.slice(0, match.index + 1)),
    whole: !line.includes('\0') && !otherEvent.test(rest) && (rest === '' || lastValue.test(rest)),
    name: match[2],
    time: match[1],
    value: (key) => valueAt(rest, find(rest, key)),
    own: (key) => valueAt(behind, find(behind, key)),
    last: (key) => valueAt(rest, Math.max(rest.lastIndexOf(`, ${key} = `), find(rest, key))),
    size: (key) => {
      const begin = rest.indexOf('[', find(rest, key));
      return begin < 0
        ? 1
        : rest
            .slice(begin, begin + 65536)
            .split(']', 1)[0]
            .split('", "').length;
    },
  };
}

/** Where a key stands: at the beginning or behind a comma; −1 for nowhere. */
function find(text: string, key: string): number {
  return text.startsWith(`${key} = `) ? 0 : text.indexOf(`, ${key} = `);
}

/** The value of the key at `index`: a text in quotes, or a word. */
function valueAt(text: string, index: number): string {
  if (index < 0) return '';
  const value = text.slice(text.indexOf(' = ', index) + 3);
  return value.startsWith('"') ? value.slice(1, quoteEnd(value)) : /^[^\s,{}[\]]*/.exec(value)![0];
}

/**
 * The quote that ends a text: the server does not mask quotes, so it is the first one before a comma, a bracket or the
 * end.
 */
function quoteEnd(text: string): number {
  for (let i = text.indexOf('"', 1); i > 0; i = text.indexOf('"', i + 1))
    if (i + 1 === text.length || text[i + 1] === ',' || text[i + 1] === ' ' || text[i + 1] === ']') return i;
  return text.length;
}

/** The events of a line of JSON: one, or those in the body of a webhook; undefined where it is not JSON. */
export function jsonEvents(bytes: Uint8Array, start: number, end: number): ServerEvent[] | undefined {
  return objectsOf(bytes, start, end)
    ?.flatMap((one) => ('events' in one ? listOf(one.events).filter(isObject) : [one]))
    .map(jsonEvent);
}

function jsonEvent(object: JsonObject): ServerEvent {
  const data = object.data;
  const value = (key: string): string => textOf(at(data, key));
  return {
    host: textOf(object.host) || textOf(object.hostname),
    whole: !JSON.stringify(object).includes('\\u0000'),
    name: textOf(object.type),
    time: textOf(object.createdAt),
    value,
    own: value,
    last: value,
    size: (key) => Math.max(1, listOf(at(data, key)).length),
  };
}

/** Whether a line of the text log is the server's. */
export function isTextEvent(line: string): boolean {
  return entry.test(line.slice(0, 2048).replace(colours, ''));
}

/** The text of a line as far as it is looked at. */
export function textLine(bytes: Uint8Array, start: number, end: number): string {
  return decode(bytes.subarray(start, Math.min(end, start + 65536)));
}
