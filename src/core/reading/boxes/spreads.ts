import { Byte } from '../../text/ascii';
import { headLines } from '../../text/head';
import { isObject, parse } from '../../text/json';
import { decode } from '../../text/words';
import { indentOf, keyAt, type Spread } from './spread';

/** Most brackets around records. */
const deepest = 6;
/** Most lists that are tried, since each is looked at by every format. */
const mostLists = 6;

/**
 * How the first bytes of a file may hold records of JSON that are not one a line; the first that a format knows is right.
 * None where its lines are whole objects or lists.
 * @param known a format knows the lines as they are.
 */
export function spreadsOf(head: Uint8Array, known: boolean): Spread[] {
  let start = head[0] === 0xef ? 3 : 0;
  while (start < head.length && head[start] <= Byte.recordSeparator + 2) start++;
  const first = head[start];
  if (first !== Byte.openBrace && first !== Byte.openBracket) return [];
  const feed = head.indexOf(Byte.lineFeed, start),
    line = parse(decode(head.subarray(start, feed < 0 ? head.length : feed)));
  if (Array.isArray(line) || (known && areLines(head)) || (feed < 0 && first === Byte.openBracket)) return [];
  const sideBySide = isObject(line) || feed < 0 ? [] : [{ base: 0, key: '' }],
    places = first === Byte.openBracket ? [{ base: 1, key: '' }] : [...sideBySide, ...listsOf(head, start)];
  return places.map((place) => ({ ...place, indent: recordIndent(head, start, place.base) }));
}

/** Whether most lines are whole objects, even if one of them is damaged. */
function areLines(head: Uint8Array): boolean {
  const lines = headLines(head).filter((line) => line !== '');
  return lines.filter((line) => line.length > 2 && isObject(parse(line))).length * 2 >= lines.length;
}

/** The lists of objects in the first object, the outermost first. */
function listsOf(head: Uint8Array, start: number): Pick<Spread, 'base' | 'key'>[] {
  const found = new Map<string, { base: number; key: string }>();
  let depth = 0,
    last = 0,
    key = '';
  for (let i = start; i < head.length && found.size < mostLists; i++) {
    const c = head[i];
    if (c === Byte.quote) {
      const end = quoteEnd(head, i);
      key = keyAt(head, i, end);
      i = end;
    } else if (c === Byte.openBrace || c === Byte.openBracket) {
      if (c === Byte.openBrace && last === Byte.openBracket && depth <= deepest)
        found.set(`${depth} ${key}`, { base: depth, key });
      depth++;
    } else if (c === Byte.closeBrace || c === Byte.closeBracket) {
      depth--;
      if (depth === 0) break;
    }
    if (c > Byte.space) last = c;
  }
  return [...found.values()].sort((a, b) => a.base - b.base);
}

function quoteEnd(head: Uint8Array, at: number): number {
  for (let i = at + 1; i < head.length; i++) {
    if (head[i] === Byte.backslash) i++;
    else if (head[i] === Byte.quote) return i;
  }
  return head.length;
}

/**
 * The blanks before the brace of a record, if they tell it from the objects in it, of which the first record that has
 * some is looked at; else −1.
 */
function recordIndent(head: Uint8Array, start: number, base: number): number {
  const inner = new Set<number>();
  let depth = 0,
    indent = -1;
  for (let from = start, end: number; from < head.length; from = end + 1) {
    end = head.indexOf(Byte.lineFeed, from);
    if (end < 0) end = head.length;
    const blanks = indentOf(head, from, end);
    if (blanks >= 0 && depth > base) inner.add(blanks);
    if (blanks >= 0 && depth === base && indent < 0) indent = blanks;
    depth += opened(head, from, end);
    if (depth <= base && inner.size > 0) break;
  }
  return inner.has(indent) ? -1 : indent;
}

/** How many more brackets are open behind a line than before it. */
function opened(head: Uint8Array, from: number, end: number): number {
  let more = 0;
  for (let i = from; i < end; i++) {
    const c = head[i];
    if (c === Byte.quote) i = Math.min(quoteEnd(head, i), end);
    else if (c === Byte.openBrace || c === Byte.openBracket) more++;
    else if (c === Byte.closeBrace || c === Byte.closeBracket) more--;
  }
  return more;
}
