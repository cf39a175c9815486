import { copyOf, indexOfByte } from '../text/bytes';
import { decode } from '../text/words';
import { idsOf } from './lineids';
import { Key, KeySet } from './keys';
import { Processes } from './processes';

/** One line of a message or session. */
export interface TracedLine {
  /** Position of the file among those that were read. */
  file: number;
  /** From 1. */
  line: number;
  /** As logged, cut where it is longer than anybody wants to see. */
  text: string;
}

/** What was found, in the order of files and lines. */
export interface Trace {
  lines: TracedLine[];
  /** Lines that belong to it beyond those that are kept. */
  more: number;
  /** All that was looked for: what the user gave, and the ids that it led to. */
  ids: string[];
  /** Ids that were found and not followed, since there were too many. */
  idsLeft: number;
}

/** Bounds of memory and time. Every id is one more search through the logs. */
const mostIds = 64,
  mostLines = 10_000,
  mostBytes = 8 * 1024 * 1024,
  mostPasses = 8,
  longestLine = 16 * 1024,
  longestCarry = 1024 * 1024,
  shortestNeedle = 4;

/**
 * Gathers the lines of a message or a session from logs that are read as a stream, as often as ids lead to further ids:
 * from a queue id to the message-id and from there to the queue ids on other servers and behind filters (Postfix, Exim,
 * Sendmail), from an address to the sessions of Exchange. Use: for every pass, `begin(i)`, `push(bytes)` … `end()` for
 * each file in order, until `again()` says no.
 */
export class Tracer {
  private readonly ids = new Map<string, { key: Key; expands: boolean }>();
  private readonly left = new Set<string>();
  private readonly processes = new Processes(mostIds);
  private readonly found = new Map<number, TracedLine>();
  private bytes = 0;
  private more = new Set<number>();
  private moreUncounted = 0;
  private passes = 0;
  private learned = false;
  private set: KeySet | undefined;
  private file = 0;
  private line = 1;
  private carry: Uint8Array = new Uint8Array(0);

  /**
   * @param needles queue ids, message-ids, session ids or addresses; those shorter than four characters would be
   * everywhere and are left out.
   */
  constructor(needles: readonly string[]) {
    for (const needle of needles.map((text) => text.trim())) {
      if (needle.length < shortestNeedle) continue;
      this.ids.set(needle, { key: new Key(needle), expands: true });
      // Addresses are the same in any case, and many programs write them in lower case.
      const lower = needle.toLowerCase();
      if (needle.includes('@') && !this.ids.has(lower)) this.ids.set(lower, { key: new Key(lower), expands: true });
    }
  }

  /** A file begins. */
  begin(file: number): void {
    this.file = file;
    this.line = 1;
    this.carry = new Uint8Array(0);
  }

  /** The next bytes of the file; cut anywhere. */
  push(bytes: Uint8Array): void {
    let block = bytes;
    if (this.carry.length > 0) {
      block = new Uint8Array(this.carry.length + bytes.length);
      block.set(this.carry);
      block.set(bytes, this.carry.length);
    }
    const end = block.lastIndexOf(10) + 1;
    // A line that does not end is looked at in parts, so that it can't fill the memory.
    const whole = end === 0 && block.length > longestCarry ? block.length : end;
    this.search(block.subarray(0, whole));
    this.carry = copyOf(block, whole);
  }

  /** The file ends. */
  end(): void {
    this.search(this.carry);
    this.carry = new Uint8Array(0);
  }

  /** After all files of a pass: whether they have to be read again for ids that earlier lines may have. */
  again(): boolean {
    this.passes++;
    const again = this.learned && this.passes < mostPasses;
    this.learned = false;
    this.processes.reset();
    return again;
  }

  result(): Trace {
    return {
      lines: [...this.found.values()].sort((a, b) => a.file - b.file || a.line - b.line),
      more: this.more.size + this.moreUncounted,
      ids: [...this.ids.keys()],
      idsLeft: this.left.size,
    };
  }

  /** Looks through whole lines. */
  private search(block: Uint8Array): void {
    const hits = new Map<number, Hit>();
    const wanted = this.wanted();
    wanted.each(block, (key, at) => {
      const start = block.lastIndexOf(10, at) + 1,
        hit = hits.get(start),
        id = this.ids.get(key.text);
      const mine = id !== undefined,
        expands = id?.expands ?? false;
      if (!hit) hits.set(start, { mine, expands });
      else {
        hit.mine ||= mine;
        hit.expands ||= expands;
      }
    });
    let counted = 0;
    for (const [start, hit] of [...hits].sort((a, b) => a[0] - b[0])) {
      this.line += newlines(block, counted, start);
      counted = start;
      const end = indexOfByte(block, 10, start);
      this.take(
        decode(block.subarray(start, Math.min(end < 0 ? block.length : end, start + longestLine))).replace(/\r$/, ''),
        hit,
      );
    }
    this.line += newlines(block, counted, block.length);
  }

  /** All that is looked for now, made anew only when something has been added. */
  private wanted(): KeySet {
    const keys = [...this.ids.values()].map(({ key }) => key).concat(this.processes.keys());
    if (!this.set || this.set.keys.length !== keys.length) this.set = new KeySet(keys);
    return this.set;
  }

  private take(text: string, { mine, expands }: Hit): void {
    const line: TracedLine = { file: this.file, line: this.line, text };
    const { message, session, process } = idsOf(text);
    for (const own of this.processes.lines(line, process, mine)) this.keep(own);
    if (!mine) return;
    this.keep(line);
    if (process !== undefined && this.processes.watch(process)) this.learned = true;
    if (!expands) return;
    for (const id of message) this.learn(id, true);
    for (const id of session) this.learn(id, false);
  }

  /** Looks for one more id from now on, and in the next pass in what was before. */
  private learn(id: string, expands: boolean): void {
    if (id.length < shortestNeedle || this.ids.has(id)) return;
    if (this.ids.size >= mostIds) {
      if (this.left.size < mostLines) this.left.add(id);
      return;
    }
    this.ids.set(id, { key: new Key(id), expands });
    this.learned = true;
  }

  private keep(line: TracedLine): void {
    const id = line.file * 2 ** 40 + line.line;
    if (this.found.has(id) || this.more.has(id)) return;
    if (this.found.size < mostLines && this.bytes < mostBytes) {
      this.found.set(id, line);
      this.bytes += line.text.length;
      return;
    }
    if (this.more.size < 10 * mostLines) this.more.add(id);
    else if (this.passes === 0) this.moreUncounted++;
  }
}

interface Hit {
  /** The line has an id of the message. */
  mine: boolean;
  /** And not only that of a session, so that its other ids are the message's too. */
  expands: boolean;
}

function newlines(b: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = indexOfByte(b, 10, from); at >= 0 && at < to; at = indexOfByte(b, 10, at + 1)) count++;
  return count;
}
