/** What taking a box off has given. */
export const enum Opened {
  /** It is in no such box. */
  none,
  /** What was in the box stands there now: a line, or the next box. */
  line,
  /** It is the beginning or the middle of a line that goes on in the next one of its stream. */
  part,
  /** It has the signs of the box but is damaged or cut. */
  broken,
  /** It is longer than any line that is read, once its parts are put together. */
  tooLong,
  /** It may be the end of a line that began before this segment. */
  uncertain,
}

/** How sure it is that a line is in a box; each includes those before. */
export const enum Tier {
  /** The lines of the file are in no box. */
  bare,
  /** Its form is that of no log format. */
  certain,
  /** An object of JSON with a message: a format of its own may look the same. */
  fields,
  /** Any line behind a time stamp. */
  stamps,
}

/** A line while its boxes are taken off, with what they tell of it. */
export class BoxedLine {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Where the line ends with the spaces behind it. */
  fullEnd = 0;
  /** As RFC 3339 or RFC 3164 write it; empty where no box tells it. */
  time = '';
  /** A host, pod or container; empty where no box tells it. */
  host = '';
  /** What tells its stream from others of the same file whose parts may stand between. */
  stream = '';
  /** Of what `beginning` was asked last. */
  private known = nothing;
  private readonly rooms: [Uint8Array, Uint8Array] = [new Uint8Array(4096), new Uint8Array(4096)];

  /** Begins with the line `bytes[start, end)` of a file. */
  begin(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.start = start;
    this.fullEnd = end;
    while (end > start && (bytes[end - 1] === 13 || bytes[end - 1] === 32)) end--;
    this.end = end;
    this.time = this.host = this.stream = '';
    this.forget();
  }

  /** Room for so many bytes that is not where the line stands. */
  room(length: number): Uint8Array {
    const i = this.bytes === this.rooms[0] ? 1 : 0;
    if (this.rooms[i].length < length) this.rooms[i] = new Uint8Array(length * 2);
    return this.rooms[i];
  }

  /** The line is this from now on, at the beginning of what `room` gave. */
  become(bytes: Uint8Array, length: number): void {
    this.bytes = bytes;
    this.start = 0;
    this.end = this.fullEnd = length;
    this.forget();
  }

  /** The line is this text from now on. */
  becomeText(text: string): void {
    const room = this.room(text.length * 3);
    this.become(room, encoder.encodeInto(text, room).written);
  }

  /** Its first characters, one for each byte, so that places in the text are places in the line. */
  beginning(): string {
    const { bytes, start, end } = this;
    if (bytes !== this.known.bytes || start !== this.known.start || end !== this.known.end)
      this.known = {
        bytes,
        start,
        end,
        text: latin.decode(bytes.subarray(start, Math.min(end, start + longestPrefix))),
      };
    return this.known.text;
  }

  /** The bytes where the line stands have changed. */
  private forget(): void {
    this.known = nothing;
  }
}

const nothing = { bytes: new Uint8Array(0) as Uint8Array, start: 0, end: 0, text: '' };
/** One character for each byte. */
const latin = new TextDecoder('latin1');
/** Longest part of a line in which boxes look for their signs, in bytes. */
const longestPrefix = 400;
const encoder = new TextEncoder();

/** An outer form around lines. */
export interface Box {
  /** The least tier in which it is looked for. */
  tier: Tier;
  /** Takes the box off, if the line is in one. */
  open(line: BoxedLine): Opened;
}
