import { addAccount } from './addaccount';
import { CubeBuilder } from '../cube/cubebuilder';
import { UnresolvedLines } from './unresolvedlines';
import { Verdict, type BlockLines, type Format, type Parser } from './format';
import { blockSize, kernel, kernelOf } from './kernel';
import type { ProblemCode } from '../model';
import { pack, unpack } from '../cube/pack';
import { Sink, type FileAccount, type FileContext, type ReadOptions } from './sink';
import { countLines, type LineRanges } from './linemask';
import { loadState, mergeState, prepareState, saveState } from './state';
import { Byte } from '../text/ascii';
import { copyOf, indexOfByte } from '../text/bytes';
import { noTime } from '../text/coveredtime';
import { Tail } from './tail';
import { TimeReader, yearAnchor } from '../text/time';

/** A line longer than this is skipped, so that a file without line ends can't fill the memory. */
const longestLine = 1 << 20;
/** Bytes of an array that stay free behind a line, for comparing several at a time. */
const margin = 256;
/** Most bytes of deferred lines a segment keeps before it stops waiting for what came earlier. */
const unresolvedLimit = 64 << 20;
/** Fewer bytes than this are not worth a copy into the engine's memory. */
const leastBlock = 256;
/** Bytes between two checkpoints. */
const checkpointEvery = 1 << 20;

/**
 * What reading one range of a log yields: a file, a range of one that begins at a line start, or bytes appended to one.
 * It holds the cube of everything decided and two ragged edges: lines that depend on what came before (`unresolved`),
 * and the sessions still open at its end (in the parser). `merge` joins neighbours: `stitch(read(a), read(b))` equals
 * `read(a + b)`.
 */
export class Segment implements BlockLines {
  readonly accounts: FileAccount[] = [];
  readonly parser: Parser;
  private readonly sink: Sink;
  private unresolved = new UnresolvedLines();
  /** A line whose end has not been read yet: its first `carried` bytes. */
  private carry: Uint8Array = new Uint8Array(4096);
  private carried = 0;
  private skipping = false;
  private readonly tail = new Tail();
  /** The bytes at hand have a NUL: a crash or a bad transfer leaves them, no program writes them. */
  private hasNul = false;
  private current!: FileAccount;

  /** @param first whether nothing came before: then every line is decided. */
  constructor(
    readonly format: Format,
    readonly options: ReadOptions,
    first: boolean,
    readonly builder = new CubeBuilder(),
  ) {
    this.sink = new Sink(this.builder, options, first);
    this.parser = format.parser(this.sink);
  }

  get first(): boolean {
    return this.sink.first;
  }

  /** The bytes that follow are this file's. */
  open(file: FileContext): void {
    this.current = this.enter(file);
  }

  /** Reads bytes of the current file, cut anywhere. The array may be reused after the call. */
  push(chunk: Uint8Array): void {
    // All that is read is of one class, however it came here: code that meets two runs a good deal slower.
    const bytes =
      chunk.constructor === Uint8Array ? chunk : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
    let start = 0;
    this.tail.keep(bytes);
    this.hasNul = indexOfByte(bytes, 0, 0) >= 0 || (this.hasNul && this.carried > 0);
    if (this.carried > 0 || this.skipping) {
      const end = indexOfByte(bytes, 10, 0);
      if (end < 0) {
        this.hold(bytes, 0);
        this.current.bytes += bytes.length;
        return;
      }
      this.hold(bytes.subarray(0, end), 0);
      this.lastLine();
      start = end + 1;
    }
    this.checkpoint(start);
    if (this.readsBlocks && !this.hasNul && bytes.length - start >= leastBlock) start = this.blocks(bytes, start);
    // Lines near the end are read from a copy, so that a look beyond the end of a line never leaves the array.
    const safe = bytes.length - margin;
    for (;;) {
      const end = indexOfByte(bytes, 10, start);
      if (end < 0) break;
      if (end <= safe) this.whole(bytes, start, end);
      else {
        this.hold(bytes, start, end);
        this.lastLine();
      }
      start = end + 1;
    }
    this.current.bytes += bytes.length;
    if (start < bytes.length) this.hold(bytes, start);
  }

  /** Whether the engine scans the bytes of the current file. */
  get readsBlocks(): boolean {
    return this.parser.block?.ready === true;
  }

  /** Reads whole lines from `start` on through the engine; returns the start of the first line that is left. */
  private blocks(bytes: Uint8Array, start: number): number {
    const { bytes: memory, room } = kernel()!,
      reader = this.parser.block!,
      there = kernelOf(bytes) && bytes.byteOffset;
    while (start < bytes.length) {
      const end = bytes.subarray(start, start + blockSize).lastIndexOf(10) + 1;
      if (end === 0) break;
      if (there === undefined) memory.set(bytes.subarray(start, start + end), room);
      const at = there === undefined ? room : there + start;
      reader.read(at, at + end, this);
      start += end;
    }
    return start;
  }

  get read(): number {
    return this.current.lines.read;
  }

  context(count: number): void {
    const { lines } = this.current;
    lines.read += count;
    lines.context += count;
  }

  verdict(verdict: Verdict, start: number, end: number): void {
    this.count(verdict === Verdict.unresolved ? this.defer(kernel()!.bytes, start, end, this.read + 1) : verdict);
  }

  /** The current file has ended; a last line without line end is read as it is. */
  end(): void {
    if (this.carried > 0 || this.skipping) this.lastLine();
    this.readTail();
  }

  /** Something is wrong with the current file as a whole, at the place that has been reached. */
  note(code: ProblemCode): void {
    this.sink.note(code, this.current.lines.read);
  }

  /** These lines of a file were left out, since they stand in another one. */
  leaveOut(index: number, ranges: LineRanges): void {
    const account = this.accounts[index],
      count = countLines(ranges);
    account.repeated = ranges;
    // They were read as blank lines.
    account.lines.context -= count;
    account.lines.skipped += count;
    account.problems.set('repeated-line', { count, line: ranges[0] });
  }

  /** Removes and returns a last line without line end: the file may still be growing. */
  takePartialLine(): Uint8Array {
    if (this.skipping) this.end();
    this.readTail();
    const partialLine = copyOf(this.carry, 0, this.carried);
    this.carried = 0;
    if (this.current) this.current.bytes -= partialLine.length;
    return partialLine;
  }

  /** Appends a neighbour that begins where this segment ends. `right` stays as it is. */
  merge(right: Segment): void {
    const shift: number[] = [];
    for (const account of right.accounts)
      if (account) shift[account.file.index] = this.accounts[account.file.index]?.lines.read ?? 0;
    // Lines that are read again are judged by what stands before and behind them.
    const evidence = this.builder.evidence.merge(right.builder.evidence, shift);
    if (this.parser.state) prepareState(this.parser.state, right.parser.state!);
    else this.parser.beforeMerge?.(right.parser);
    this.readAgain(right, shift);
    const ids = this.builder.merge(right.builder, shift, evidence);
    for (const account of right.accounts)
      if (account) addAccount(this.enter(account.file), account, shift[account.file.index]);
    if (this.parser.state) mergeState(this.parser.state, right.parser.state!, ids, shift);
    else this.parser.merge!(right.parser, ids, shift);
    if (right.current) this.open(right.current.file);
  }

  /** Reads the lines that `right` has left to this segment. */
  private readAgain(right: Segment, shift: readonly number[]): void {
    const { sink, builder } = this;
    builder.evidence.readAgain(true);
    right.unresolved.each((file, line, bytes) => {
      const account = this.enter(right.accounts[file].file);
      this.hold(bytes, 0);
      sink.lineAgain = line + shift[file];
      const verdict = this.readLine(this.carry, 0, this.take(), sink.lineAgain);
      if (verdict !== Verdict.unresolved) count(account, verdict);
    });
    sink.lineAgain = 0;
    builder.evidence.readAgain(false);
  }

  /**
   * Everything as data, for another thread or the cache; `Segment.load` restores it. Undefined where the format can't.
   */
  save(): SavedSegment | undefined {
    const { state } = this.parser;
    if ((!state && !this.parser.save) || this.carried > 0) return undefined;
    return {
      format: this.format.id,
      first: this.first,
      builder: pack(this.builder),
      parser: pack(state ? saveState(state) : this.parser.save!()),
      unresolved: this.unresolved.save(),
      accounts: this.accounts,
      current: this.current?.file.index ?? -1,
    };
  }

  /**
   * The segment that `save` was called on. `files`: the same files as they are now, where they may have changed since.
   * @throws TypeError when another version saved it.
   */
  static load(saved: SavedSegment, format: Format, options: ReadOptions, files: readonly FileContext[] = []): Segment {
    const segment = new Segment(format, options, saved.first, unpack(saved.builder) as CubeBuilder);
    const { parser } = segment,
      open = unpack(saved.parser);
    if (parser.state) loadState(parser.state, open as Record<string, unknown>);
    else parser.load!(open);
    segment.unresolved = UnresolvedLines.load(saved.unresolved);
    for (const file of files) if (saved.accounts[file.index]) saved.accounts[file.index].file = file;
    for (const account of saved.accounts)
      if (account) {
        segment.accounts[account.file.index] = account;
        segment.enter(account.file);
      }
    if (saved.current >= 0) segment.open(segment.accounts[saved.current].file);
    return segment;
  }

  /** The log has ended: what still waits for an end is counted. Only a segment that is `first` may finish. */
  finish(): void {
    this.parser.finish?.();
  }

  /** What a file says of the time is to be read anew. */
  forgetClock(file: FileContext): void {
    this.sink.forgetClock(file.index);
  }

  private enter(file: FileContext): FileAccount {
    const account = (this.accounts[file.index] ??= {
      file,
      lines: { read: 0, used: 0, context: 0, skipped: 0 },
      problems: new Map(),
      checkpoints: [],
      bytes: 0,
      covered: noTime(),
    });
    this.sink.open(account, () => yearAnchor(file.head, file.modified, this.options));
    return account;
  }

  line(start: number, end: number): void {
    this.whole(kernel()!.bytes, start, end);
  }

  private whole(bytes: Uint8Array, start: number, end: number): void {
    if (this.hasNul) {
      while (end > start && (bytes[end - 1] === 0 || bytes[end - 1] === Byte.carriageReturn)) end--;
      if (end === start ? bytes[start] === 0 : indexOfByte(bytes.subarray(start, end), 0, 0) >= 0) {
        this.count(this.sink.skip('bad-line', this.current.lines.read + 1));
        return;
      }
    }
    // Spaces and carriage returns behind a line mean nothing: editors and transfers leave them.
    while (end > start && (bytes[end - 1] === Byte.carriageReturn || bytes[end - 1] === Byte.space)) end--;
    if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
    this.count(
      start >= end && !this.parser.blankLines
        ? Verdict.context
        : this.readLine(bytes, start, end, this.current.lines.read + 1),
    );
  }

  private readLine(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const verdict = this.parser.line(bytes, start, end, line);
    return verdict === Verdict.unresolved ? this.defer(bytes, start, end, line) : verdict;
  }

  /** Keeps a line that depends on what came before, or decides it where there are too many. */
  private defer(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const { storedInstead: instead } = this.sink;
    if (instead) {
      bytes = instead;
      start = 0;
      end = instead.length;
    }
    this.sink.storedInstead = undefined;
    if (this.unresolved.size + end - start > unresolvedLimit) {
      this.sink.note('join-evicted', line);
      this.sink.first = true;
      const decided = this.parser.line(bytes, start, end, line);
      this.sink.first = false;
      return decided;
    }
    this.unresolved.push(this.sink.account.file.index, line, bytes, start, end);
    return Verdict.unresolved;
  }

  private count(verdict: Verdict): void {
    this.current.lines.read++;
    if (verdict !== Verdict.unresolved) count(this.current, verdict);
  }

  /** Keeps the beginning of a line whose end has not come yet. */
  private hold(bytes: Uint8Array, start: number, end = bytes.length): void {
    if (this.skipping) return;
    const length = this.carried + end - start;
    if (length > longestLine) {
      this.skipping = true;
      this.carried = 0;
      return;
    }
    if (length + margin > this.carry.length) {
      const grown = new Uint8Array(length * 2 + margin);
      grown.set(this.carry.subarray(0, this.carried));
      this.carry = grown;
    }
    this.carry.set(bytes.subarray(start, end), this.carried);
    this.carried = length;
  }

  /** The line that was kept is whole. */
  private lastLine(): void {
    const end = this.take();
    if (this.skipping) {
      this.skipping = false;
      this.count(this.sink.skip('line-too-long', this.current.lines.read + 1));
    } else this.whole(this.carry, 0, end);
  }

  /** Ends the carried bytes as a line; returns its length in `carry`. */
  private take(): number {
    const end = this.carried;
    this.carried = 0;
    this.carry[end] = 10;
    return end;
  }

  /** Finds out how the current file ends. */
  private readTail(): void {
    if (this.tail.isEmpty) return;
    const { head, modified } = this.current.file,
      time = new TimeReader(this.options.zone, yearAnchor(head, modified, this.options));
    this.current.ends = this.tail.read(time) ?? this.current.ends;
  }

  private checkpoint(start: number): void {
    const { checkpoints, bytes, lines } = this.current;
    const offset = bytes + start;
    if (
      checkpoints.length === 0
        ? offset >= checkpointEvery
        : offset - checkpoints[checkpoints.length - 1].offset >= checkpointEvery
    )
      checkpoints.push({ line: lines.read + 1, offset });
  }
}

/** A segment as data. */
export interface SavedSegment {
  format: string;
  first: boolean;
  builder: unknown;
  parser: unknown;
  unresolved: ReturnType<UnresolvedLines['save']>;
  accounts: FileAccount[];
  /** Position in the data set of the file that was read last. */
  current: number;
}

/** Two neighbouring segments as one. Associative; neither argument is changed. */
export function stitch(a: Segment, b: Segment): Segment {
  const joined = new Segment(a.format, a.options, a.first);
  joined.merge(a);
  joined.merge(b);
  return joined;
}

function count(account: FileAccount, verdict: Verdict): void {
  if (verdict === Verdict.used) account.lines.used++;
  else if (verdict === Verdict.context) account.lines.context++;
  else account.lines.skipped++;
}
