import type { IdMap } from '../../cube/cubebuilder';
import type { Ids } from '../../reading/state';
import type { MailEvent } from '../../model';
import { packable } from '../../cube/pack';
import { shifted } from '../../cube/placecode';

const smallWidth = 8,
  wordWidth = 7,
  numberWidth = 6;

/**
 * A message, accepted: an event to be filled for each line, since nobody keeps one that is counted. What the user's own
 * connectors may change in it (`RuleMatcher.apply`) has to be set each time.
 */
export function blankEvent(): MailEvent {
  return {
    unit: 0,
    direction: 0,
    outcome: 0,
    tls: 0,
    fault: 0,
    forced: 0,
    type: 0,
    connector: 0,
    cipher: 0,
    server: 0,
    remote: 0,
    address: 0,
    evidence: 0,
    time: 0,
    count: 0,
    recipients: 0,
    bytes: 0,
    line: 0,
    tlsAt: 0,
  };
}

/**
 * Events that are decided on later, each with numbers that identify its message. Columns of typed arrays: a million
 * events cost no objects and travel between threads.
 */
export class EventBuffer {
  length = 0;
  private small = new Uint8Array(16 * smallWidth);
  private words = new Int32Array(16 * wordWidth);
  private numbers = new Float64Array(16 * numberWidth);
  /** `width` numbers for each event. */
  keys: Int32Array;

  constructor(readonly width: number) {
    this.keys = new Int32Array(16 * width);
  }

  /** Adds an event; its keys are zero. `mark` (0 to 255) is the caller's. Returns its position. */
  push(e: MailEvent, file: number, mark: number): number {
    const at = this.length++;
    if (at * smallWidth === this.small.length) {
      this.small = twice(this.small);
      this.words = twice(this.words);
      this.numbers = twice(this.numbers);
      this.keys = twice(this.keys);
    }
    this.set(at, e, file, mark);
    return at;
  }

  /** Puts another event in the place of one. */
  set(at: number, e: MailEvent, file: number, mark: number): void {
    const { small, words, numbers } = this;
    let i = at * smallWidth;
    small[i++] = e.unit;
    small[i++] = e.direction;
    small[i++] = e.outcome;
    small[i++] = e.tls;
    small[i++] = e.fault;
    small[i++] = e.forced;
    small[i++] = e.type;
    small[i] = mark;
    i = at * wordWidth;
    words[i++] = e.connector;
    words[i++] = e.cipher;
    words[i++] = e.server;
    words[i++] = e.remote;
    words[i++] = e.address;
    words[i++] = e.evidence;
    words[i] = file;
    i = at * numberWidth;
    numbers[i++] = e.time;
    numbers[i++] = e.count;
    numbers[i++] = e.recipients;
    numbers[i++] = e.bytes;
    numbers[i++] = e.line;
    numbers[i] = e.tlsAt;
  }

  /** Fills `into` with an event. */
  get(at: number, into: MailEvent): MailEvent {
    const { small, words, numbers } = this;
    let i = at * smallWidth;
    into.unit = small[i++];
    into.direction = small[i++];
    into.outcome = small[i++];
    into.tls = small[i++];
    into.fault = small[i++];
    into.forced = small[i++];
    into.type = small[i];
    i = at * wordWidth;
    into.connector = words[i++];
    into.cipher = words[i++];
    into.server = words[i++];
    into.remote = words[i++];
    into.address = words[i++];
    into.evidence = words[i];
    i = at * numberWidth;
    into.time = numbers[i++];
    into.count = numbers[i++];
    into.recipients = numbers[i++];
    into.bytes = numbers[i++];
    into.line = numbers[i++];
    into.tlsAt = numbers[i];
    return into;
  }

  /** The same with the word ids of another builder, and lines counted from the start of the file. */
  getFor(at: number, into: MailEvent, ids: Ids | IdMap, shift: readonly number[]): MailEvent {
    this.get(at, into);
    into.connector = ids.connectors[into.connector];
    into.cipher = ids.ciphers[into.cipher];
    into.server = ids.servers[into.server];
    into.remote = ids.remotes[into.remote];
    into.address = ids.addresses[into.address];
    into.evidence = ids.evidence[into.evidence];
    into.line += shift[this.file(at)] ?? 0;
    into.tlsAt = shifted(into.tlsAt, shift);
    return into;
  }

  /** Forgets the first `count` events; the others move up. */
  drop(count: number): void {
    this.small.copyWithin(0, count * smallWidth, this.length * smallWidth);
    this.words.copyWithin(0, count * wordWidth, this.length * wordWidth);
    this.numbers.copyWithin(0, count * numberWidth, this.length * numberWidth);
    this.keys.copyWithin(0, count * this.width, this.length * this.width);
    this.length -= count;
  }

  file(at: number): number {
    return this.words[at * wordWidth + wordWidth - 1];
  }

  mark(at: number): number {
    return this.small[at * smallWidth + smallWidth - 1];
  }
}

packable('EventBuffer', EventBuffer);

function twice<T extends Uint8Array | Int32Array | Float64Array>(old: T): T {
  const next = new (old.constructor as new (n: number) => T)(old.length * 2);
  next.set(old);
  return next;
}
