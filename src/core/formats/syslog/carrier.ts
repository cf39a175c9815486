import type { IdMap } from '../../cube/cubebuilder';
import { Verdict, type BlockReader, type Parser } from '../../reading/format';
import type { FileAccount, Sink } from '../../reading/sink';
import { loadState, mergeState, prepareState, saveState } from '../../reading/state';
import { ViewOf } from '../../text/ascii';
import { isTextLeftOut, journalLine, programOf, RecordPart } from '../../text/journal';
import { isDigit } from '../../text/digits';
import { isObject, type JsonObject } from '../../text/json';
import { Prefix, SyslogReader } from '../../text/syslog';
import { decode } from '../../text/words';
import { Form, formOf } from './journalform';
import { Entries } from './records';

/** A format whose lines stand in the log of a system among those of other programs. */
export interface Stream {
  /** Of the format. */
  id: string;
  /** Whether a program of this name, as syslog gives it, writes the format. */
  owns(program: string): boolean;
  /** @param reader reads what stands before the text of a line; the carrier may have done so. */
  parser(sink: Sink, reader?: SyslogReader): Parser;
}

/** A stream of a log that has been met. */
interface Met {
  stream: Stream;
  parser: Parser;
}

/**
 * Reads the log of a system, into which many programs write: each line goes to the parser of the program that wrote it,
 * in the order in which they stand. Lines of programs that nobody knows, and those of none, go to the parser of the
 * format as which the file was recognised.
 */
export class Carrier implements Parser {
  /** They end the entries of `journalctl -o export`. */
  readonly blankLines = true;
  private readonly reader = new SyslogReader();
  private readonly view = new ViewOf();
  /** In the order of `streams`. */
  private readonly met: (Met | undefined)[] = [];
  /** By `SyslogReader.origin`: whose lines they are; null where nobody's. */
  private readonly owners: (Met | null | undefined)[] = [];
  private readonly entries: Entries;
  private account: FileAccount | undefined;
  private form = Form.lines;
  /** The format of the file. */
  private main!: Met;
  /** Whose line came last. */
  private last: Met | undefined;
  /** By file the ids of the formats whose lines it has. */
  private readonly found: (Set<string> | undefined)[] = [];

  /** @param streams the first is that of files whose format is none of them. */
  constructor(
    private readonly sink: Sink,
    private readonly streams: readonly Stream[],
  ) {
    this.entries = new Entries(sink);
  }

  get block(): BlockReader | undefined {
    if (this.sink.account === undefined) return this.at(0).parser.block;
    if (this.sink.account !== this.account) this.open(this.sink.account);
    return this.form === Form.lines ? this.main.parser.block : undefined;
  }

  get binary(): boolean {
    if (this.sink.account !== this.account) this.open(this.sink.account);
    return this.form === Form.exported;
  }

  line(b: Uint8Array, s: number, e: number, line: number): Verdict {
    if (this.sink.account !== this.account) this.open(this.sink.account);
    // What was put together from an entry of several lines is read again as one.
    if (this.form !== Form.lines && !isDigit(b[s])) return this.part(b, s, e, line);
    if (s >= e) return Verdict.context;
    const fields = b[s] === 123 ? entryOf(b, s, e) : undefined;
    if (fields && isTextLeftOut(fields)) return this.textLeftOut(fields, line);
    const entry = fields && journalLine(fields);
    return entry ? this.syslog(entry, 0, entry.length, line) : this.syslog(b, s, e, line);
  }

  /** The ids of the formats whose lines a file has, that of the file first. */
  streamsOf(file: number): readonly string[] {
    return [...(this.found[file] ?? [])];
  }

  advice(file: number): string[] {
    const found = this.found[file];
    return this.met.flatMap((met) => (met && found?.has(met.stream.id) ? (met.parser.advice?.(file) ?? []) : []));
  }

  finish(): void {
    this.entries.end();
    for (const met of this.met) met?.parser.finish?.();
  }

  beforeMerge(right: Parser): void {
    this.eachOf(right as Carrier, (own, theirs) => {
      if (own.state) prepareState(own.state, theirs.state!);
      else own.beforeMerge?.(theirs);
    });
  }

  merge(right: Parser, ids: IdMap, shift: readonly number[]): void {
    const other = right as Carrier;
    this.eachOf(other, (own, theirs) => {
      if (own.state) mergeState(own.state, theirs.state!, ids, shift);
      else own.merge!(theirs, ids, shift);
    });
    this.entries.merge(other.entries, shift);
    other.found.forEach((found, file) => found?.forEach((id) => this.foundIn(file).add(id)));
  }

  save() {
    return {
      entries: this.entries.save(),
      found: this.found.map((found) => found && [...found]),
      parsers: this.met.map((met) => met && (met.parser.state ? saveState(met.parser.state) : met.parser.save!())),
    };
  }

  load(data: unknown): void {
    const { entries, found, parsers } = data as ReturnType<Carrier['save']>;
    this.entries.load(entries);
    found.forEach((ids, file) => (this.found[file] = ids && new Set(ids)));
    parsers.forEach((saved, i) => {
      if (saved === undefined) return;
      const { parser } = this.at(i);
      if (parser.state) loadState(parser.state, saved as Record<string, unknown>);
      else parser.load!(saved);
    });
  }

  /** Pairs the parsers of a neighbour with those here. */
  private eachOf(right: Carrier, use: (own: Parser, theirs: Parser) => void): void {
    right.met.forEach((theirs, i) => {
      if (theirs) use(this.at(i).parser, theirs.parser);
    });
  }

  private at(i: number): Met {
    const stream = this.streams[i];
    return (this.met[i] ??= { stream, parser: stream.parser(this.sink, this.reader) });
  }

  private open(account: FileAccount): void {
    this.account = account;
    this.form = formOf(account.file.head);
    const { format } = account.file;
    this.main = this.at(
      Math.max(
        0,
        this.streams.findIndex((stream) => stream.id === format),
      ),
    );
    this.writes(this.main);
  }

  private foundIn(file: number): Set<string> {
    return (this.found[file] ??= new Set());
  }

  /** The line is one of this stream. */
  private writes(met: Met): void {
    this.last = met;
    this.foundIn(this.sink.account.file.index).add(met.stream.id);
  }

  private syslog(b: Uint8Array, s: number, e: number, line: number): Verdict {
    const { reader, main } = this;
    const owner = reader.peek(b, this.view.of(b), s, e, this.sink.time) === Prefix.program ? this.owner(b) : main;
    if (owner === null) return this.ofNobody(b, s, e, line);
    if (owner !== this.last) this.writes(owner);
    const verdict = owner.parser.line(b, s, e, line);
    reader.forgetPeeked();
    return verdict;
  }

  /** A line of a program that nobody knows: any of the formats may see what is left of one of its own in it. */
  private ofNobody(b: Uint8Array, s: number, e: number, line: number): Verdict {
    const verdict = this.main.parser.line(b, s, e, line);
    this.reader.forgetPeeked();
    if (verdict !== Verdict.context) return verdict;
    for (const met of this.met)
      if (met && met !== this.main) {
        const other = met.parser.line(b, s, e, line);
        if (other !== Verdict.context) return other;
      }
    return verdict;
  }

  private owner(b: Uint8Array): Met | null {
    const { origin } = this.reader;
    const known = origin > 1 ? this.owners[origin] : undefined;
    if (known !== undefined) return known;
    const { program } = this.reader.names(b);
    const i = this.streams.findIndex((stream) => stream.owns(program));
    const owner = i < 0 ? null : this.at(i);
    if (origin > 1) this.owners[origin] = owner;
    return owner;
  }

  /** A line of an entry of several lines. What is deferred is kept as one line of syslog. */
  private part(b: Uint8Array, s: number, e: number, line: number): Verdict {
    const { sink, entries } = this;
    const part = entries.line(b, s, e, line, this.form === Form.pretty);
    switch (part) {
      case RecordPart.earlier:
        if (sink.first || entries.begun) return sink.skip('bad-line', line);
        sink.leftUnread = true;
        return Verdict.unresolved;
      case RecordPart.inside:
        return Verdict.context;
      case RecordPart.broken:
        return sink.skip('bad-json', line);
      case RecordPart.complete:
        return this.entry(line);
    }
  }

  private entry(line: number): Verdict {
    const { sink, entries } = this;
    const bytes = journalLine(entries.fields);
    if (isTextLeftOut(entries.fields)) return this.textLeftOut(entries.fields, line);
    if (!bytes) return this.withoutText(line);
    const verdict = this.syslog(bytes, 0, bytes.length, line);
    if (verdict === Verdict.unresolved) sink.storedInstead ??= bytes;
    return verdict;
  }

  /** An entry of which journalctl has left out the text: one of a mail server may say anything of its mail. */
  private textLeftOut(fields: JsonObject, line: number): Verdict {
    const program = programOf(fields);
    return this.streams.some((stream) => stream.owns(program))
      ? this.sink.skip('unfinished-record', line)
      : Verdict.context;
  }

  /** An entry without program, time or text, which the format of the file judges as it does one in a line. */
  private withoutText(line: number): Verdict {
    const bytes = new TextEncoder().encode(JSON.stringify(this.entries.fields));
    return this.main.parser.line(bytes, 0, bytes.length, line);
  }
}

/** The object of JSON in `b[s, e)`, which may be an entry of the journal; undefined where there is none. */
function entryOf(b: Uint8Array, s: number, e: number): JsonObject | undefined {
  try {
    const fields: unknown = JSON.parse(decode(b.subarray(s, e)));
    return isObject(fields) ? fields : undefined;
  } catch {
    return undefined;
  }
}
