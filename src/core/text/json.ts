import { decode } from './words';

/** An object of a JSON log. Its values are a stranger's: look at them with the functions below. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The objects of one line: one, a list, or several side by side with or without commas, as exports and delivery streams
 * write them. Undefined where the line is not JSON or has none. The work is linear in the line's length.
 */
export function objectsOf(bytes: Uint8Array, start: number, end: number): JsonObject[] | undefined {
  const text = decode(bytes.subarray(start, end));
  const whole = parse(text);
  const found = whole !== undefined ? listOf(whole) : sideBySide(text);
  return found && found.length > 0 && found.every(isObject) ? found : undefined;
}

/** Whether a line begins as an object or a list does. */
export function isJson(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === 32 || bytes[at] === 9)) at++;
  return at < end && (bytes[at] === 123 || bytes[at] === 91);
}

/** The value of JSON text; undefined where it is not valid. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sideBySide(text: string): unknown[] | undefined {
  const found: unknown[] = [];
  for (let at = 0; ;) {
    while (at < text.length && (text[at] === ',' || text[at] <= ' ')) at++;
    if (at === text.length) return found;
    const end = valueEnd(text, at);
    const value = text[at] === '{' ? parse(text.slice(at, end)) : undefined;
    if (value === undefined) return undefined;
    found.push(value);
    at = end;
  }
}

/** The end (exclusive) of the object or list at `at`, or of the text where it is cut off. Does not check validity. */
function valueEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) i = stringEnd(text, i);
    else if (c === 123 || c === 91) depth++;
    else if ((c === 125 || c === 93) && --depth === 0) return i + 1;
  }
  return text.length;
}

/** The position of the quote that ends the string beginning at `at`, or the end of the text. */
export function stringEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === 34) return i;
  }
  return text.length;
}

/** A string as it is, a number or a truth value as text; empty for everything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}

/**
 * A number, or a string of digits with an optional sign and fraction, as exports write 64-bit numbers; NaN otherwise.
 */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d{1,18}(?:\.\d{1,18})?$/.test(value) ? Number(value) : NaN;
}

/** A list as it is, nothing as an empty one, every other value as a list of one. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

/** What stands at the end of a path of keys; undefined where it leads nowhere. */
export function at(value: unknown, ...path: string[]): unknown {
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

const longestShape = 200;

/**
 * The keys of a line's first object with the beginning of their values as written (at most 200 characters), for
 * recognising a format. Also works where the line is cut off. Empty where the line is not JSON.
 */
export function shapeOf(line: string): Map<string, string> {
  const shape = new Map<string, string>();
  const open = /^[\s\ufeff[]*\{/.exec(line);
  if (!open) return shape;
  for (let at = open[0].length; at < line.length;) {
    if (line[at] === '}') break;
    if (line[at] !== '"') {
      at++;
      continue;
    }
    const end = stringEnd(line, at);
    const key = line.slice(at + 1, end);
    let value = end + 1;
    while (value < line.length && (line[value] === ':' || line[value] <= ' ')) value++;
    at = skipValue(line, value);
    shape.set(key, line.slice(value, Math.min(at, value + longestShape)));
  }
  return shape;
}

function skipValue(text: string, at: number): number {
  if (text[at] === '"') return stringEnd(text, at) + 1;
  if (text[at] === '{' || text[at] === '[') return valueEnd(text, at);
  while (at < text.length && text[at] !== ',' && text[at] !== '}') at++;
  return at;
}

/** Whether one of the first lines is a JSON object of this shape. */
export function looksLike(lines: readonly string[], fits: (shape: Map<string, string>) => boolean): boolean {
  return lines.slice(0, 20).some((line) => {
    const shape = shapeOf(line);
    return shape.size > 0 && fits(shape);
  });
}

/**
 * Whether an object in this valid JSON text has the same key twice. `JSON.parse` keeps the last one silently, so that
 * two readers of one text may see different figures (RFC 8259, section 4).
 */
export function hasDuplicateKeys(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let key = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 123) {
      open.push(new Set());
      key = true;
    } else if (c === 91) {
      open.push(undefined);
      key = false;
    } else if (c === 125 || c === 93) {
      open.pop();
      key = false;
    } else if (c === 44) key = open[open.length - 1] !== undefined;
    else if (c === 34) {
      const end = stringEnd(text, i);
      const keys = open[open.length - 1];
      if (key && keys) {
        const name = text.slice(i, end + 1);
        const plain = name.includes('\\') ? String(parse(name)) : name.slice(1, -1);
        if (keys.has(plain)) return true;
        keys.add(plain);
        key = false;
      }
      i = end;
    }
  }
  return false;
}
