import type { Milliseconds } from '../model';

/** What decides where a file stands among others. */
export interface Ordered {
  path: string;
  /** Its first time stamp; Infinity without any. */
  begins: Milliseconds;
}

const second = 1000;
/** Older than any numbered one: names that end with a date are as old as it says. */
const dated = 1e15;
const packed = /\.(?:gz|zst|zip|bz2|xz|Z)$/i;

/**
 * How old the name says that a file is: `mail.log` is newer than `mail.log.1`, that than `mail.log.2`, and files with
 * dates, such as `mail.log-20261110.gz`, go by their dates (logrotate, newsyslog).
 */
function rotationOf(path: string): number {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).replace(packed, '');
  const date = /[-.](\d{4})-?(\d\d)-?(\d\d)(?:[-._T]?(\d{2,6}))?(?:\.[a-z]+)?$/i.exec(name);
  if (date) return dated - Number(`${date[1]}${date[2]}${date[3]}${(date[4] ?? '').padEnd(6, '0')}`);
  const number = /\.(\d{1,5})(?:\.[a-z]+)?$/i.exec(name);
  return number ? Number(number[1]) : -1;
}

/**
 * The order in which files are one log: by the second of their first time stamps, then the older one by its name, then
 * by the fraction of the second, then by name, numbers by their value. The order in which they were given has no part.
 */
export function compareFiles(a: Ordered, b: Ordered): number {
  return (
    compareNumbers(Math.floor(a.begins / second), Math.floor(b.begins / second)) ||
    compareNumbers(rotationOf(b.path), rotationOf(a.path)) ||
    compareNumbers(a.begins, b.begins) ||
    compareNames(a.path, b.path)
  );
}

/** Infinity is equal to itself. */
function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names by their parts: runs of digits by their value, anything else by code units. The same in every language. */
function compareNames(a: string, b: string): number {
  const left = partsOf(a),
    right = partsOf(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareParts(left[i], right[i]);
    if (order !== 0) return order;
  }
  return left.length - right.length || compareTexts(a, b);
}

function partsOf(name: string): string[] {
  return name.match(/\d+|\D+/g) ?? [];
}

function compareParts(a: string, b: string): number {
  const numbers = compareNumbers(Number(a), Number(b));
  return Number.isNaN(Number(a)) || Number.isNaN(Number(b)) ? compareTexts(a, b) : numbers;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
