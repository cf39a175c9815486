import { Byte } from '../../text/ascii';
import type { Milliseconds, ProblemCode, WordId } from '../../model';
import { CsvFields, fieldEnd, separatorAt } from '../../text/csv';
import { isComplete, type ProtocolLayout } from './layout';
import { At } from './record';

/** Length of `2026-03-02T07:50:00.472Z`, as every Exchange writes it. */
const timeLength = 24;
/** Hexadecimal digits of a session id. */
const idLength = 16;

/**
 * One row of a protocol log, taken apart on its bytes. One object serves all rows; `…End` is the position behind a
 * field.
 */
export class ProtocolRow {
  time = 0;
  connector = 0;
  connectorEnd = 0;
  local = 0;
  localEnd = 0;
  remote = 0;
  remoteEnd = 0;
  /** Where the session id is. */
  session = 0;
  /** The sixteen bytes of the session id, four in each number; the highest bit marks send sessions. */
  a = 0;
  b = 0;
  c = 0;
  d = 0;
  sequence = 0;
  /** The byte in the event column. */
  event = 0;
  /** Where the data begins, behind its quote if it has one. */
  data = 0;
  /** Where the context begins, behind its quote; the end of the row unless it is an information row without data. */
  context = 0;
  /** The connector is named without its server, as Send connectors are. */
  bare = false;
  /** The word of the host that EHLO names, and that of the connector, where they are known; else -1. */
  host: WordId | -1 = -1;
  name: WordId | -1 = -1;
  private readonly fields = new CsvFields();
  /** The same bytes as the row's, to load four at once. */
  private view: DataView = new DataView(new ArrayBuffer(0));
  private viewed: Uint8Array | undefined;

  /** Reads the row in `bytes[start, end)`. Returns why it can't be used, if so. */
  read(layout: ProtocolLayout, bytes: Uint8Array, start: number, end: number): ProblemCode | undefined {
    this.host = this.name = -1;
    // The space that a file has been given before it is written reads as NULs.
    if (bytes[start] === Byte.nul || bytes[end - 1] === Byte.nul) return 'bad-line';
    this.look(bytes);
    return layout.standard && end - start > timeLength && bytes[start + timeLength] === Byte.comma
      ? this.readStandard(bytes, start, end)
      : this.readAny(layout, bytes, start, end);
  }

  /** The nine standard columns in their order, behind a time stamp of the usual length. */
  private readStandard(bytes: Uint8Array, start: number, end: number): ProblemCode | undefined {
    const { view } = this;
    this.time = start;
    const connector = (this.connector = start + timeLength + 1);
    const connectorEnd =
      bytes[connector] === Byte.quote ? fieldEnd(bytes, connector, end) : separatorAt(view, connector, end);
    if (connectorEnd < 0) return 'bad-line';
    this.connectorEnd = connectorEnd;
    const id = connectorEnd + 1;
    const number = id + idLength + 1;
    if (number >= end || bytes[number - 1] !== Byte.comma) return 'bad-columns';
    const numberEnd = this.readSequence(bytes, number, end);
    if (numberEnd < 0 || bytes[numberEnd] !== Byte.comma) return 'bad-columns';
    this.local = numberEnd + 1;
    this.localEnd = separatorAt(view, this.local, end);
    this.remote = this.localEnd + 1;
    const i = (this.remoteEnd = separatorAt(view, this.remote, end));
    if (i + 2 >= end || bytes[i + 2] !== Byte.comma || !isEvent(bytes[i + 1])) return 'bad-columns';
    this.event = bytes[i + 1];
    this.readId(id);
    return this.readTexts(bytes, i + 3, end);
  }

  /** Reads a sequence number of one to nine digits. Returns where it ends, -1 where there is none. */
  private readSequence(bytes: Uint8Array, start: number, end: number): number {
    let i = start;
    let value = 0;
    for (; i < end; i++) {
      const digit = bytes[i] - Byte.zero;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    this.sequence = value;
    return i === start || i - start > 9 ? -1 : i;
  }

  /** Has the bytes ready to be loaded four at a time. */
  private look(bytes: Uint8Array): void {
    if (bytes === this.viewed) return;
    this.viewed = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Takes the row of the scanner's record at `n[at]`: all but session id, sequence number and context. */
  take(n: Int32Array, at: number, bytes: Uint8Array): void {
    this.look(bytes);
    this.time = n[at + At.start];
    this.connector = this.time + timeLength + 1;
    this.connectorEnd = n[at + At.connectorEnd];
    this.session = this.connectorEnd + 1;
    this.local = n[at + At.local];
    this.localEnd = n[at + At.localEnd];
    this.remote = this.localEnd + 1;
    this.remoteEnd = n[at + At.remoteEnd];
    this.event = n[at + At.event] & 255;
    this.bare = n[at + At.event] > 255;
    this.data = n[at + At.data];
    this.host = this.name = -1;
  }

  /** Whether the session id consists of hexadecimal digits, which `read` does not look at. */
  hasId(bytes: Uint8Array): boolean {
    for (let i = this.session; i < this.session + idLength; i++) {
      const c = bytes[i] | 32;
      if (!((c >= 48 && c <= 57 && bytes[i] < 64) || (c >= 97 && c <= 102))) return false;
    }
    return true;
  }

  /**
   * Whether the time stamp has this date, hour and minute, its first sixteen bytes as two numbers, and goes on as
   * `:07.123Z`.
   */
  isInMinute(date: number, minute: number): boolean {
    const { view, time } = this;
    if (time + timeLength > view.byteLength || view.getFloat64(time + 8) !== minute || view.getFloat64(time) !== date)
      return false;
    const seconds = view.getInt32(time + 16),
      tens = ((seconds >> 16) & 255) - 48,
      ones = ((seconds >> 8) & 255) - 48;
    return (
      (seconds & 0xff0000ff) === 0x3a00002e &&
      tens >= 0 &&
      tens < 6 &&
      ones >= 0 &&
      ones <= 9 &&
      (view.getInt32(time + 20) & 0xf0f0f0ff) === 0x3030305a
    );
  }

  /** The start of the day of its valid time stamp, which is in UTC. */
  day(bytes: Uint8Array): Milliseconds {
    const number = (at: number, digits: number) => {
      let n = 0;
      for (let i = this.time + at; i < this.time + at + digits; i++) n = n * 10 + bytes[i] - 48;
      return n;
    };
    return Date.UTC(number(0, 4), number(5, 2) - 1, number(8, 2));
  }

  /** Eight bytes as a number that no other eight bytes of text have. */
  eightAt(at: number): number {
    return at + 8 <= this.view.byteLength ? this.view.getFloat64(at) : NaN;
  }

  /** Any columns in any order, as the header names them. */
  private readAny(layout: ProtocolLayout, bytes: Uint8Array, start: number, end: number): ProblemCode | undefined {
    const { fields } = this;
    if (!fields.find(bytes, start, end, layout.width)) return 'bad-line';
    if (fields.count < layout.width || !isComplete(layout)) return 'bad-columns';
    const { starts, ends } = fields;
    this.time = starts[layout.time];
    this.connector = placeOf(starts, layout.connector, start);
    this.connectorEnd = placeOf(ends, layout.connector, start);
    this.local = placeOf(starts, layout.local, start);
    this.localEnd = placeOf(ends, layout.local, start);
    this.remote = placeOf(starts, layout.remote, start);
    this.remoteEnd = placeOf(ends, layout.remote, start);
    this.event = bytes[starts[layout.event]];
    if (!isEvent(this.event) || ends[layout.event] - starts[layout.event] !== 1) return 'bad-columns';
    if (ends[layout.session] - starts[layout.session] !== idLength) return 'bad-columns';
    const sequenceEnd = ends[layout.sequence];
    if (this.readSequence(bytes, starts[layout.sequence], sequenceEnd) !== sequenceEnd) return 'bad-columns';
    this.readId(starts[layout.session]);
    const data = starts[layout.data];
    if (layout.tail) return this.readTexts(bytes, data, end);
    this.data = behindQuote(bytes, data);
    const informs = this.event === Byte.star && data === ends[layout.data];
    this.context = informs ? behindQuote(bytes, starts[layout.context]) : end;
    return undefined;
  }

  /** Reads the session id at `id`, behind its connector. */
  readId(id: number): void {
    const { view, connectorEnd } = this;
    // Exchange's front end hands mail on in a send session that has the id of the receive session, so the id alone is
    // not enough.
    this.bare = separatorAt(view, this.connector, connectorEnd, Byte.backslash) === connectorEnd;
    this.session = id;
    this.a = this.bare ? view.getInt32(id) | 0x80000000 : view.getInt32(id);
    this.b = view.getInt32(id + 4);
    this.c = view.getInt32(id + 8);
    this.d = view.getInt32(id + 12);
  }

  /**
   * Data and context as the last two columns. Most rows are not read beyond the first bytes of their data, but a quote
   * that is not closed is noticed.
   */
  private readTexts(bytes: Uint8Array, data: number, end: number): ProblemCode | undefined {
    this.context = end;
    this.data = behindQuote(bytes, data);
    if (this.data > data) return quotedData(bytes, data, end);
    let i = end - 1;
    while (i >= data && bytes[i] !== Byte.comma) i--;
    if (i < data) return 'bad-columns';
    if (this.event !== Byte.star || bytes[data] !== Byte.comma) return undefined;
    this.context = data + 1 < end ? behindQuote(bytes, data + 1) : data + 1;
    return this.context === data + 1 || closes(bytes, end, data + 1) || fieldEnd(bytes, data + 1, end) >= 0
      ? undefined
      : 'bad-line';
  }
}

/** What is wrong with the quoted data that begins at `data`, if anything: a context must follow it. */
function quotedData(bytes: Uint8Array, data: number, end: number): ProblemCode | undefined {
  // A single quote before an empty context closes the field, whatever stands in it.
  if (bytes[end - 1] === Byte.comma && closes(bytes, end - 1, data)) return undefined;
  const close = fieldEnd(bytes, data, end);
  if (close < 0) return 'bad-line';
  return close === end ? 'bad-columns' : undefined;
}

/** Whether a single quote stands before `end`, behind the text that begins at `start` with a quote. */
function closes(bytes: Uint8Array, end: number, start: number): boolean {
  return bytes[end - 1] === Byte.quote && bytes[end - 2] !== Byte.quote && end - 1 > start;
}

/** The first byte of a field's content. */
function behindQuote(bytes: Uint8Array, start: number): number {
  return bytes[start] === Byte.quote ? start + 1 : start;
}

/** Where a column begins or ends; a column that the file does not have is empty. */
function placeOf(places: Int32Array, column: number, otherwise: number): number {
  return column < 0 ? otherwise : places[column];
}

function isEvent(c: number): boolean {
  return c === Byte.less || c === Byte.greater || c === Byte.star || c === Byte.plus || c === Byte.minus;
}
