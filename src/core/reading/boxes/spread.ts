import { Byte } from '../../text/ascii';
import { decode } from '../../text/words';
import { longestLine } from '../carry';
import { Opened, type BoxedLine } from './box';

/**
 * How a document of JSON holds records that are not one a line: pretty-printed, in a list of several lines, or in a list
 * somewhere in an object, such as `{"value":[…]}`. Plain data, which travels to other threads.
 */
export interface Spread {
  /** How many objects and lists are open around each record. */
  base: number;
  /** The name of their list in the object that holds it, as it is written; empty where none does. */
  key: string;
  /** How many bytes stand before the brace of a record; −1 where nothing else tells that one begins. */
  indent: number;
}

/** The records of a document as far as they have come. Plain data. */
export interface OpenDocument {
  /** Of the data set. */
  file: number;
  /** The brackets that are open around records, outermost first. */
  around: number[];
  /** They as they were where the list of records began. */
  home: number[];
  /** The last text among them. */
  key: string;
  /** The outermost of so many brackets as are around records is that of their list. */
  among: boolean;
  /** A list of records stands in what is open. */
  reached: boolean;
  /** How many brackets are open in the record at hand; 0 between records. */
  depth: number;
  bytes: Uint8Array;
  length: number;
  /** The first line of the record at hand, else the last line; how many lines the record has so far. */
  line: number;
  count: number;
}

export function newDocument(file: number): OpenDocument {
  const bytes = new Uint8Array(0);
  return {
    file,
    around: [],
    home: [],
    key: '',
    among: false,
    reached: false,
    depth: 0,
    bytes,
    length: 0,
    line: 1,
    count: 0,
  };
}

/** Most brackets that are kept in mind. */
const mostAround = 64;
/** Most bytes of a name that are compared, with its quote. */
const longestKey = 200;

/** Puts the records of a document together, which begins with its file. */
export class SpreadReader {
  /** The first line of the first record that the last line has completed. */
  first = 0;
  private stray = false;
  private tooLong = false;
  /** Where the record at hand begins or goes on in the line. */
  private from = 0;
  private out: Uint8Array = new Uint8Array(4096);
  private length = 0;

  constructor(
    private readonly spread: Spread,
    private readonly document: OpenDocument,
  ) {}

  /** Whether this line begins a record, whatever came before. */
  begins({ bytes, start, end }: BoxedLine): boolean {
    const { indent } = this.spread;
    return indent >= 0 && indentOf(bytes, start, end) === indent;
  }

  /** A record begins: its list is open, even if a damaged record seems to have closed it. */
  restart(): void {
    const { document } = this;
    if (document.depth > 0) this.giveUp();
    if (document.home.length === 0 || this.isAmongRecords()) return;
    document.around = [...document.home];
    document.among = document.reached = true;
  }

  /** Gives up the record that is open; returns how many lines it had. */
  giveUp(): number {
    const { document } = this,
      { count } = document;
    document.depth = document.length = document.count = 0;
    return count;
  }

  /** Reads the next line. After `Opened.line` it holds the records that it has completed, side by side. */
  push(line: BoxedLine, number: number): Opened {
    const { document } = this,
      { bytes, start, end } = line;
    this.length = 0;
    this.stray = this.tooLong = false;
    this.from = start;
    if (document.depth === 0) document.line = number;
    let quoted = false,
      quote = 0;
    for (let i = start; i < end; i++) {
      const c = bytes[i];
      if (!quoted) {
        if (document.depth > 0) this.inside(bytes, i);
        else this.between(c, i, number);
        quoted = c === Byte.quote;
        quote = i;
      } else if (c === Byte.backslash) i++;
      else if (c === Byte.quote) {
        quoted = false;
        if (document.depth === 0) document.key = keyAt(bytes, quote, i);
      }
    }
    if (document.depth > 0) this.keep(bytes, end);
    if (this.tooLong) return Opened.tooLong;
    // No text of JSON goes on in the next line.
    if (this.stray || quoted) return Opened.broken;
    if (this.length === 0) return Opened.part;
    line.become(this.out, this.length);
    return Opened.line;
  }

  private inside(bytes: Uint8Array, i: number): void {
    const { document } = this,
      c = bytes[i];
    if (c === Byte.openBrace || c === Byte.openBracket) document.depth++;
    else if (c === Byte.closeBrace || c === Byte.closeBracket) {
      document.depth--;
      if (document.depth === 0) this.complete(bytes, i + 1);
    }
  }

  /** A byte that is in no record. */
  private between(c: number, i: number, number: number): void {
    const { document } = this,
      isAmong = this.isAmongRecords();
    if (c === Byte.openBrace && isAmong) {
      document.depth = 1;
      document.line = number;
      this.from = i;
    } else if (c === Byte.openBrace || c === Byte.openBracket) this.open(c, isAmong);
    else if (c === Byte.closeBrace || c === Byte.closeBracket) this.close();
    else if (isAmong || document.around.length === 0) this.stray ||= !isBlank(c);
  }

  private isAmongRecords(): boolean {
    const { around, among } = this.document,
      { base } = this.spread;
    return around.length === base && (base === 0 || among);
  }

  private open(c: number, isAmong: boolean): void {
    const { document, spread } = this,
      { around } = document;
    // A list among records may hide some.
    if (isAmong || around.length >= mostAround) {
      this.stray = true;
      return;
    }
    around.push(c);
    if (around.length !== spread.base) return;
    const isNamed = spread.base === 1 || document.key === spread.key;
    document.among = c === Byte.openBracket && isNamed;
    if (!document.among) return;
    document.reached = true;
    document.home = [...around];
  }

  private close(): void {
    const { document } = this;
    // What holds no list of records may be one.
    if (document.around.pop() === undefined || (document.around.length === 0 && !document.reached)) this.stray = true;
    if (document.around.length === 0) document.reached = false;
  }

  /** A record ends before `end`. */
  private complete(bytes: Uint8Array, end: number): void {
    const { document } = this,
      { length } = document,
      all = this.length + length + end - this.from + 1;
    if (this.length === 0) this.first = document.line;
    document.length = document.count = 0;
    if (length > longestLine) {
      this.tooLong = true;
      return;
    }
    if (all > this.out.length) this.out = grown(this.out, this.length, all);
    if (this.length > 0) this.out[this.length++] = Byte.comma;
    this.out.set(document.bytes.subarray(0, length), this.length);
    this.out.set(bytes.subarray(this.from, end), this.length + length);
    this.length += length + end - this.from;
  }

  /** Keeps the part of a record that ends with the line. */
  private keep(bytes: Uint8Array, end: number): void {
    const { document } = this,
      length = document.length + end - this.from + 1;
    document.count++;
    if (length <= longestLine) {
      if (length > document.bytes.length) document.bytes = grown(document.bytes, document.length, length);
      document.bytes.set(bytes.subarray(this.from, end), document.length);
      document.bytes[length - 1] = Byte.space;
    }
    document.length = length;
  }
}

/** The text between two quotes, as it is written. */
export function keyAt(bytes: Uint8Array, quote: number, end: number): string {
  return decode(bytes.subarray(quote + 1, Math.min(end, quote + longestKey)));
}

/** How many blanks stand before the brace with which a line begins; −1 where it begins with another one. */
export function indentOf(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === Byte.space || bytes[at] === Byte.tab)) at++;
  return at < end && bytes[at] === Byte.openBrace ? at - start : -1;
}

function grown(bytes: Uint8Array, length: number, least: number): Uint8Array {
  const more = new Uint8Array(least * 2);
  more.set(bytes.subarray(0, length));
  return more;
}

/** Blanks, commas, what separates the records of a sequence (RFC 7464), and a byte order mark. */
function isBlank(c: number): boolean {
  return c <= Byte.space || c === Byte.comma || c === 0xef || c === 0xbb || c === 0xbf;
}
