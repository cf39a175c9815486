import { count, keepCheckpoint, newAccount } from './account';
import { addAccount } from './addaccount';
import { Opened, Tier } from './boxes/box';
import { InnerLines } from './boxes/innerlines';
import { LineOpener } from './boxes/opener';
import { longestLine, margin, type Carry } from './carry';
import { CubeBuilder } from '../cube/cubebuilder';
import { decideAlone, recordsOf } from './decide';
import type { SavedSegment } from './savedsegment';
import { UnfinishedLine } from './unfinishedline';
import { Left, UnresolvedLines } from './unresolvedlines';
import { Verdict, type BlockLines, type Format, type Parser } from './format';
import { blockSize, kernel, kernelOf } from './kernel';
import type { ProblemCode } from '../model';
import { pack, unpack } from '../cube/pack';
import { Sink, type FileAccount, type FileContext, type ReadOptions } from './sink';
import { loadState, mergeState, prepareState, saveState } from './state';
import { Byte, trimmedEnd } from '../text/ascii';
import { copyOf, indexOfByte } from '../text/bytes';
import { Tail } from './tail';
import { yearAnchor } from '../text/time';

/** Most bytes of deferred lines a segment keeps before it stops waiting for what came earlier. */
const unresolvedLimit = 64 << 20;
/** Fewer bytes than this are not worth a copy into the engine's memory. */
const leastBlock = 256;

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
  private readonly unfinished: UnfinishedLine;
  private readonly carry: Carry;
  private readonly tail = new Tail();
  /** The bytes at hand have a NUL: a crash or a bad transfer leaves them, no program writes them. */
  private hasNul = false;
  private current!: FileAccount;
  private readonly opener: LineOpener;
  private readonly inner = new InnerLines();

  /** @param first whether nothing came before: then every line is decided. */
  constructor(
    readonly format: Format,
    readonly options: ReadOptions,
    first: boolean,
    readonly builder = new CubeBuilder(),
  ) {
    this.sink = new Sink(this.builder, options, first);
    this.parser = format.parser(this.sink);
    this.unfinished = new UnfinishedLine(recordsOf(this.sink, this.parser, () => this.read + 1));
    this.carry = this.unfinished.carry;
    this.opener = new LineOpener(first, (file, line, lines) => {
      for (let i = 0; i < lines; i++) this.sink.amend(file, 'context', 'skipped');
      this.sink.note('box-line-cut', line, file);
    });
  }

  get first(): boolean {
    return this.sink.first;
  }

  /** The bytes that follow are this file's. */
  open(file: FileContext): void {
    this.current = this.enter(file);
    this.opener.lookFor(file);
    this.unfinished.whole = this.opener.tier !== Tier.bare;
  }

  /** Reads bytes of the current file, cut anywhere. The array may be reused after the call. */
  push(chunk: Uint8Array): void {
    // All that is read is of one class, however it came here: code that meets two runs a good deal slower.
    const bytes =
      chunk.constructor === Uint8Array ? chunk : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
    let start = 0;
    this.tail.keep(bytes);
    this.hasNul = indexOfByte(bytes, 0, 0) >= 0 || (this.hasNul && !this.unfinished.empty);
    if (!this.unfinished.empty) {
      const end = indexOfByte(bytes, 10, 0);
      if (end < 0) {
        this.unfinished.keep(bytes, 0, bytes.length);
        this.current.bytes += bytes.length;
        return;
      }
      this.unfinished.keep(bytes, 0, end);
      this.lastLine();
      start = end + 1;
    }
    this.readInner();
    keepCheckpoint(this.current, start);
    if (this.readsBlocks && !this.hasNul && bytes.length - start >= leastBlock) start = this.blocks(bytes, start);
    // Lines near the end are read from a copy, so that a look beyond the end of a line never leaves the array.
    const safe = bytes.length - margin;
    for (;;) {
      const end = indexOfByte(bytes, 10, start);
      if (end < 0) break;
      if (end <= safe && end - start <= longestLine) this.whole(bytes, start, end);
      else {
        this.unfinished.keep(bytes, start, end);
        this.lastLine();
      }
      start = end + 1;
    }
    this.current.bytes += bytes.length;
    if (start < bytes.length) this.unfinished.keep(bytes, start, bytes.length);
    this.readInner();
  }

  /** Whether the engine scans the bytes of the current file. */
  get readsBlocks(): boolean {
    return this.opener.tier === Tier.bare && this.parser.block?.ready === true;
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
    if (!this.unfinished.empty) this.lastLine();
    this.readInner();
    this.tail.end(this.current, this.options);
  }

  /** Something is wrong with the current file as a whole, at the place that has been reached. */
  note(code: ProblemCode): void {
    this.sink.note(code, this.current.lines.read);
  }

  /** Removes and returns a last line without line end: the file may still be growing. */
  takePartialLine(): Uint8Array {
    const { carry } = this;
    if (carry.tooLong || this.unfinished.long.open) this.end();
    this.tail.end(this.current, this.options);
    const partialLine = copyOf(carry.bytes, 0, carry.length);
    carry.length = 0;
    if (this.current) this.current.bytes -= partialLine.length;
    return partialLine;
  }

  /** Appends a neighbour that begins where this segment ends. `right` stays as it is. */
  merge(right: Segment): void {
    const shift: number[] = [];
    for (const account of right.accounts)
      if (account) shift[account.file.index] = this.accounts[account.file.index]?.lines.read ?? 0;
    // Lines at the head of `right` that it has not read are those that come next.
    this.readAgain(right, shift, true);
    if (this.parser.state) prepareState(this.parser.state, right.parser.state!);
    else this.parser.beforeMerge?.(right.parser);
    // The others are judged by what stands before and behind them.
    const known = this.builder.evidence.merge(right.builder.evidence, shift);
    this.readAgain(right, shift, false);
    const ids = this.builder.merge(right.builder, shift, known);
    for (const account of right.accounts)
      if (account) addAccount(this.enter(account.file), account, shift[account.file.index]);
    if (this.parser.state) mergeState(this.parser.state, right.parser.state!, ids, shift);
    else this.parser.merge!(right.parser, ids, shift);
    this.opener.follow(right.opener, shift);
    if (right.current) this.open(right.current.file);
  }

  /** Reads the lines that `right` has left to this segment: those that it has not read, or the others. */
  private readAgain(right: Segment, shift: readonly number[], unread: boolean): void {
    const { sink, builder } = this;
    builder.evidence.readAgain(!unread);
    sink.shiftAgain = shift;
    right.unresolved.each((file, line, bytes, left, host) => {
      if (unread !== left > Left.read) return;
      const account = this.enter(right.accounts[file].file);
      this.carry.add(bytes, 0);
      sink.lineAgain = line + shift[file];
      sink.host = host;
      this.opener.lookFor(account.file);
      const verdict =
        left === Left.boxed
          ? this.boxAgain(this.carry.bytes, this.carry.take(), sink.lineAgain)
          : this.readLine(this.carry.bytes, 0, this.carry.take(), sink.lineAgain);
      if (verdict !== Verdict.unresolved) count(account, verdict);
    });
    sink.host = '';
    sink.lineAgain = 0;
    sink.shiftAgain = [];
    builder.evidence.readAgain(false);
  }

  /**
   * Everything as data, for another thread or the cache; `Segment.load` restores it. Undefined where the format can't.
   */
  save(): SavedSegment | undefined {
    const { state } = this.parser;
    if ((!state && !this.parser.save) || !this.unfinished.empty) return undefined;
    return {
      format: this.format.id,
      first: this.first,
      builder: pack(this.builder),
      parser: pack(state ? saveState(state) : this.parser.save!()),
      unresolved: this.unresolved.save(),
      boxes: this.opener.save(),
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
    segment.opener.load(saved.boxes);
    for (const file of files) if (saved.accounts[file.index]) saved.accounts[file.index].file = file;
    for (const account of saved.accounts.filter((one) => one !== undefined)) {
      segment.accounts[account.file.index] = account;
      segment.enter(account.file);
    }
    if (saved.current >= 0) segment.open(segment.accounts[saved.current].file);
    return segment;
  }

  /** The log has ended: what still waits for an end is counted. Only a segment that is `first` may finish. */
  finish(): void {
    this.opener.finish();
    this.parser.finish?.();
  }

  /** What a file says of the time is to be read anew. */
  forgetClock(file: FileContext): void {
    this.sink.forgetClock(file.index);
  }

  private enter(file: FileContext): FileAccount {
    const account = (this.accounts[file.index] ??= newAccount(file));
    this.sink.open(account, () => yearAnchor(file.head, file.modified, this.options));
    return account;
  }

  line(start: number, end: number): void {
    const { bytes } = kernel()!;
    this.plain(bytes, bytes[start] === Byte.recordSeparator ? start + 1 : start, end);
  }

  /** A line of the file. */
  private whole(bytes: Uint8Array, start: number, end: number): void {
    if (bytes[start] === Byte.recordSeparator) start++;
    if (this.opener.tier === Tier.bare) this.plain(bytes, start, end);
    else this.boxed(bytes, start, end);
  }

  /** A line that may be in boxes. */
  private boxed(bytes: Uint8Array, start: number, end: number): void {
    const { opener, inner } = this,
      number = this.current.lines.read + inner.lines + 1;
    const opened = opener.open(bytes, start, end, this.current.file.index, number);
    if (opened !== Opened.line) {
      this.readInner();
      this.count(this.unopened(opened, bytes, start, end, number));
      return;
    }
    if (!inner.fits(opener.line, opener.first)) this.readInner();
    inner.add(opener.line, opener.first);
  }

  /** What becomes of a line that could not be opened. */
  private unopened(opened: Opened, bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    if (opened === Opened.uncertain) return this.defer(bytes, start, end, line, true);
    if (opened === Opened.part) return Verdict.context;
    return this.sink.skip(opened === Opened.tooLong ? 'line-too-long' : 'box-not-opened', line);
  }

  /** A line that a later segment could not open, since it may be the end of one that began here. */
  private boxAgain(bytes: Uint8Array, end: number, line: number): Verdict {
    const { opener, inner } = this,
      opened = opener.open(bytes, 0, end, this.sink.account.file.index, line);
    if (opened !== Opened.line) return this.unopened(opened, bytes, 0, end, line);
    inner.add(opener.line, 0);
    inner.clear();
    this.sink.host = inner.host;
    const length = trimmedEnd(inner.bytes, 0, opener.line.end - opener.line.start);
    inner.bytes[length] = 10;
    if (!this.parser.binary && inner.bytes.subarray(0, length).includes(0)) return this.sink.skip('bad-line', line);
    return length === 0 && !this.parser.blankLines ? Verdict.context : this.readLine(inner.bytes, 0, length, line);
  }

  /** Reads the lines that were inside of boxes. */
  private readInner(): void {
    const { inner } = this;
    if (inner.lines === 0) return;
    const bytes = inner.bytes.subarray(0, inner.length),
      { hasNul } = this;
    this.hasNul = indexOfByte(bytes, 0, 0) >= 0;
    const many = inner.first === 0 && bytes.length >= leastBlock,
      blocks = many && this.parser.block?.ready === true && !this.hasNul;
    inner.lines = 0;
    this.sink.host = inner.host;
    let start = blocks ? this.blocks(bytes, 0) : 0;
    for (let end: number; start < bytes.length; start = end + 1) {
      end = indexOfByte(bytes, 10, start);
      this.plain(inner.bytes, start, end, inner.first || undefined);
    }
    this.sink.host = '';
    this.hasNul = hasNul;
    inner.clear();
  }

  private plain(bytes: Uint8Array, start: number, end: number, line = this.current.lines.read + 1): void {
    if (this.hasNul && !this.parser.binary && bytes.subarray(start, end).includes(0))
      return this.count(this.sink.skip('bad-line', line));
    end = trimmedEnd(bytes, start, end);
    if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
    this.count(start >= end && !this.parser.blankLines ? Verdict.context : this.readLine(bytes, start, end, line));
  }

  private readLine(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const verdict = this.parser.line(bytes, start, end, line);
    return verdict === Verdict.unresolved ? this.defer(bytes, start, end, line) : verdict;
  }

  /** Keeps a line that depends on what came before, or decides it where there are too many. */
  private defer(bytes: Uint8Array, start: number, end: number, line: number, boxed = false): Verdict {
    const { storedInstead: instead, leftUnread } = this.sink;
    if (instead) {
      bytes = instead;
      start = 0;
      end = instead.length;
    }
    this.sink.storedInstead = undefined;
    this.sink.leftUnread = false;
    if (this.unresolved.size + end - start > unresolvedLimit) {
      if (!boxed) return decideAlone(this.sink, this.parser, bytes, start, end, line);
      this.sink.note('join-evicted', line);
      this.opener.settle();
      return this.boxAgain(bytes.slice(start, end), end - start, line);
    }
    const left = boxed ? Left.boxed : leftUnread ? Left.unread : Left.read;
    this.unresolved.push(this.sink.account.file.index, line, bytes, start, end, left, this.sink.host);
    return Verdict.unresolved;
  }

  private count(verdict: Verdict): void {
    this.current.lines.read++;
    if (verdict !== Verdict.unresolved) count(this.current, verdict);
  }

  /** The line that was kept is whole. */
  private lastLine(): void {
    if (this.unfinished.long.open) return this.count(this.unfinished.long.end());
    const { carry } = this,
      end = carry.take();
    if (carry.tooLong) {
      carry.tooLong = false;
      this.readInner();
      this.count(this.sink.skip('line-too-long', this.current.lines.read + 1));
    } else this.whole(carry.bytes, 0, end);
  }
}

/** Two neighbouring segments as one. Associative; neither argument is changed. */
export function stitch(a: Segment, b: Segment): Segment {
  const joined = new Segment(a.format, a.options, a.first);
  joined.merge(a);
  joined.merge(b);
  return joined;
}
