import { Byte } from '../../text/ascii';
import { Verdict } from '../../reading/format';
import type { LineNumber } from '../../model';
import type { Sink } from '../../reading/sink';
import { translated, type Ids, type StatePart } from '../../reading/state';
import { objectsOf, type JsonObject } from '../../text/json';
import { decode } from '../../text/words';

/** A record longer than this is not waited for. */
const longestRecord = 64 * 1024;

/** A record whose end has not come yet. `indent`: how many bytes stand before its brace. */
interface OpenRecord {
  file: number;
  lines: string[];
  line: LineNumber;
  length: number;
  indent: number;
}

/**
 * Objects of JSON, whether one stands on each line, or an array stands in one line, or one object takes many lines as
 * `ConvertTo-Json` writes them. In the last form a line that begins with `{` begins a record and a line with `}`
 * under it ends it; what stands around the records is context. In JSON no string goes on in the next line, so a
 * segment knows where it is as soon as a record begins.
 */
export class JsonRecords implements StatePart {
  private open: OpenRecord | undefined;
  private synced = false;

  /** @param take reads the objects of a record, or of a line with several. `line` is the first line. */
  constructor(
    private readonly sink: Sink,
    private readonly take: (objects: JsonObject[], line: number) => Verdict,
  ) {}

  /** `Parser.line` of a format whose records are these. */
  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    if (this.open && this.open.file !== this.sink.account.file.index) this.giveUp();
    let at = start;
    while (at < end && bytes[at] <= Byte.space) at++;
    if (at === end) return Verdict.context;
    const begins = bytes[at] === Byte.openBrace || bytes[at] === Byte.openBracket;
    if (!this.synced && !this.sink.first && !begins) return Verdict.unresolved;
    this.synced = true;
    if (begins) return this.begin(bytes, start, at, end, line);
    if (this.open) return this.append(this.open, bytes, start, at, end);
    return standsAround(bytes, at, end) ? Verdict.context : this.sink.skip('bad-json', line);
  }

  /** A line whose first letter, at `at`, opens an object or a list. */
  private begin(bytes: Uint8Array, start: number, at: number, end: number, line: number): Verdict {
    if (this.open) this.giveUp();
    const objects = objectsOf(bytes, at, end);
    if (objects) return this.take(objects, line);
    if (bytes[at] === Byte.openBracket) return Verdict.context;
    this.open = {
      file: this.sink.account.file.index,
      lines: [decode(bytes.subarray(start, end))],
      line,
      length: end - start,
      indent: at - start,
    };
    return Verdict.context;
  }

  /** A line of the record that is open. A brace under the one with which it began ends it. */
  private append(open: OpenRecord, bytes: Uint8Array, start: number, at: number, end: number): Verdict {
    open.length += end - start + 1;
    if (open.length > longestRecord) {
      this.giveUp();
      return Verdict.context;
    }
    open.lines.push(decode(bytes.subarray(start, end)));
    if (bytes[at] !== Byte.closeBrace || at - start !== open.indent) return Verdict.context;
    this.open = undefined;
    const whole = new TextEncoder().encode(open.lines.join('\n').replace(/[\s,\]]*$/, ''));
    const objects = objectsOf(whole, 0, whole.length);
    return objects ? this.take(objects, open.line) : this.sink.skip('bad-json', open.line);
  }

  merge(right: JsonRecords, ids: Ids, shift: readonly number[]): void {
    if (!right.synced) return;
    if (this.open) this.giveUp();
    this.synced = true;
    this.open = right.open && translated(right.open, { line: 'line' }, ids, shift);
  }

  /** `Parser.finish`. */
  finish(): void {
    if (this.open) this.giveUp();
  }

  save(): unknown {
    return { open: this.open, synced: this.synced };
  }

  load(saved: unknown): void {
    Object.assign(this, saved as { open: OpenRecord | undefined; synced: boolean });
  }

  /** The record ends nowhere. An object around a list of records is none. */
  private giveUp(): void {
    const { file, line, lines } = this.open!;
    this.open = undefined;
    if (lines[lines.length - 1].trimEnd().endsWith('[')) return;
    this.sink.amend(file, 'context', 'skipped');
    this.sink.note('unfinished-record', line, file);
  }
}

/** Whether a line stands around records: the end of a list or object, or a key with the list of records behind it. */
function standsAround(bytes: Uint8Array, at: number, end: number): boolean {
  const first = bytes[at];
  return (
    first === Byte.closeBracket ||
    first === Byte.closeBrace ||
    (first === Byte.quote && bytes[end - 1] === Byte.openBracket)
  );
}
