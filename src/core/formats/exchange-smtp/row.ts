import { Byte } from '../../text/ascii';
import type { ProblemCode, WordId } from '../../model';
import { CsvFields, fieldEnd, separatorAt } from '../../text/csv';
import { isComplete, type Layout } from './layout';
import { At } from './record';

/** Length of `2026-03-02T07:50:00.472Z`, as every Exchange writes it. */
const timeLength = 24;

/** One row of a protocol log, taken apart on its bytes. One object serves all rows; `…End` is the position behind a field. */
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
  /** The sixteen bytes of the session id, four in each number; the highest bit tells send sessions from receive sessions. */
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

  /**
   * Reads `bytes[start, end)`. Returns why it can't be used, if so. The nine standard columns in their order are found here and not in a
   * method of their own: V8 then compiles the whole way through a row as one piece.
   */
  read(layout: Layout, bytes: Uint8Array, start: number, end: number): ProblemCode | undefined {
    this.host = this.name = -1;
    // The space that a file has been given before it is written reads as NULs.
    if (bytes[start] === 0 || bytes[end - 1] === 0) return 'bad-line';
    if (bytes !== this.viewed) {
      this.viewed = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    if (!layout.standard || end - start <= timeLength || bytes[start + timeLength] !== Byte.comma)
      return this.readAny(layout, bytes, start, end);
    this.time = start;
    let i = start + timeLength + 1;
    this.connector = i;
    if (bytes[i] === Byte.quote) {
      i = fieldEnd(bytes, i, end);
      if (i < 0) return 'bad-line';
    } else i = separatorAt(this.view, i, end);
    this.connectorEnd = i;
    const id = i + 1;
    i += 18;
    if (i >= end || bytes[i - 1] !== Byte.comma) return 'bad-columns';
    const number = i;
    let sequence = 0;
    for (; i < end && bytes[i] !== Byte.comma; i++) {
      const digit = bytes[i] - 48;
      if (digit < 0 || digit > 9) return 'bad-columns';
      sequence = sequence * 10 + digit;
    }
    if (i === number || i - number > 9) return 'bad-columns';
    this.sequence = sequence;
    this.local = i + 1;
    this.localEnd = separatorAt(this.view, i + 1, end);
    this.remote = this.localEnd + 1;
    i = this.remoteEnd = separatorAt(this.view, this.remote, end);
    if (i + 2 >= end || bytes[i + 2] !== Byte.comma || !isEvent(bytes[i + 1])) return 'bad-columns';
    this.event = bytes[i + 1];
    this.readId(id);
    return this.readTexts(bytes, i + 3, end);
  }

  /** The row that the kernel has read as the record at `n[at]`; all but the session id, its sequence number and the context. */
  take(n: Int32Array, at: number, bytes: Uint8Array): void {
    if (bytes !== this.viewed) {
      this.viewed = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
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
    for (let i = this.session; i < this.session + 16; i++) {
      const c = bytes[i] | 32;
      if (!((c >= 48 && c <= 57 && bytes[i] < 64) || (c >= 97 && c <= 102))) return false;
    }
    return true;
  }

  /** Whether the time stamp has this date, hour and minute, its first sixteen bytes as two numbers, and goes on as `:07.123Z`. */
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

  /** Eight bytes as a number that no other eight bytes of text have. */
  eightAt(at: number): number {
    return at + 8 <= this.view.byteLength ? this.view.getFloat64(at) : NaN;
  }

  /** Any columns in any order, as the header names them. */
  private readAny(layout: Layout, bytes: Uint8Array, start: number, end: number): ProblemCode | undefined {
    const { starts, ends } = this.fields;
    if (!this.fields.find(bytes, start, end, layout.width)) return 'bad-line';
    if (this.fields.count < layout.width || !isComplete(layout)) return 'bad-columns';
    this.time = starts[layout.time];
    this.connector = this.connectorEnd = this.local = this.localEnd = this.remote = this.remoteEnd = start;
    if (layout.connector >= 0) {
      this.connector = starts[layout.connector];
      this.connectorEnd = ends[layout.connector];
    }
    if (layout.local >= 0) {
      this.local = starts[layout.local];
      this.localEnd = ends[layout.local];
    }
    if (layout.remote >= 0) {
      this.remote = starts[layout.remote];
      this.remoteEnd = ends[layout.remote];
    }
    this.event = bytes[starts[layout.event]];
    const from = starts[layout.sequence],
      to = ends[layout.sequence];
    let digits = from;
    this.sequence = 0;
    for (; digits < to && bytes[digits] >= 48 && bytes[digits] <= 57; digits++)
      this.sequence = this.sequence * 10 + bytes[digits] - 48;
    if (
      !isEvent(this.event) ||
      ends[layout.event] - starts[layout.event] !== 1 ||
      ends[layout.session] - starts[layout.session] !== 16 ||
      to === from ||
      digits < to ||
      to - from > 9
    )
      return 'bad-columns';
    this.readId(starts[layout.session]);
    const data = starts[layout.data];
    if (layout.tail) return this.readTexts(bytes, data, end);
    const context = starts[layout.context];
    this.data = bytes[data] === Byte.quote ? data + 1 : data;
    this.context =
      this.event !== Byte.star || data < ends[layout.data]
        ? end
        : bytes[context] === Byte.quote
          ? context + 1
          : context;
    return undefined;
  }

  /** Reads the session id at `id`, behind its connector. */
  readId(id: number): void {
    const { view, connectorEnd } = this;
    // Exchange's front end hands mail on in a send session that has the id of the receive session, so the id alone is not enough.
    this.bare = separatorAt(view, this.connector, connectorEnd, Byte.backslash) === connectorEnd;
    this.session = id;
    this.a = this.bare ? view.getInt32(id) | 0x80000000 : view.getInt32(id);
    this.b = view.getInt32(id + 4);
    this.c = view.getInt32(id + 8);
    this.d = view.getInt32(id + 12);
  }

  /** Data and context as the last two columns. Most rows are not read beyond the first bytes of their data, but a quote that is not closed is noticed. */
  private readTexts(bytes: Uint8Array, data: number, end: number): ProblemCode | undefined {
    this.data = data;
    this.context = end;
    if (bytes[data] === Byte.quote) {
      this.data++;
      // A single quote at the end closes the field, whatever stands in it.
      if (
        bytes[end - 1] === Byte.comma &&
        bytes[end - 2] === Byte.quote &&
        bytes[end - 3] !== Byte.quote &&
        end - 2 > data
      )
        return undefined;
      const close = fieldEnd(bytes, data, end);
      return close < 0 ? 'bad-line' : close === end ? 'bad-columns' : undefined;
    }
    let i = end - 1;
    while (i >= data && bytes[i] !== Byte.comma) i--;
    if (i < data) return 'bad-columns';
    if (this.event !== Byte.star || bytes[data] !== Byte.comma) return undefined;
    this.context = data + 1;
    if (data + 1 >= end || bytes[data + 1] !== Byte.quote) return undefined;
    this.context++;
    if (bytes[end - 1] === Byte.quote && bytes[end - 2] !== Byte.quote && end - 2 > data) return undefined;
    return fieldEnd(bytes, data + 1, end) < 0 ? 'bad-line' : undefined;
  }
}

function isEvent(c: number): boolean {
  return c === Byte.less || c === Byte.greater || c === Byte.star || c === Byte.plus || c === Byte.minus;
}
