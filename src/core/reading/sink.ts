import type { ColumnMapping } from '../connectors/columns';
import type { CubeBuilder } from '../cube/cubebuilder';
import type { Tier } from './boxes/box';
import type { LineTable } from './boxes/linetable';
import type { Spread } from './boxes/spread';
import { now, type LinePlace } from '../cube/evidencekey';
import { placeCode } from '../cube/placecode';
import { Verdict, type Parser } from './format';
import type { LineRanges } from './linemask';
import type { LineCounts, MailEvent, Milliseconds, PlaceCode, ProblemCode, WordId } from '../model';
import { RuleMatcher, type ConnectorRule } from '../connectors/rules';
import { cover, coverRange, type CoveredTime } from '../text/coveredtime';
import type { End } from './tail';
import { TimeReader, type YearAnchor } from '../text/time';
import type { Zone } from '../text/zone';

/** What a reader must know that the log itself does not say. */
export interface ReadOptions {
  /** The zone of logs that write local time. */
  zone: Zone;
  /** The year of a file's first line, for logs that write none. Default: from the file's time of change. */
  year?: number;
  /** The user's own connectors. */
  rules: readonly ConnectorRule[];
  /** What the columns of tables mean whose header is not known. */
  columns?: readonly ColumnMapping[];
  /**
   * The parser of another format of this data set, once all of its files have been read; undefined where there are
   * none. See `Format.after`.
   */
  related?(id: string): Parser | undefined;
  /** This and another format of the data set tell of the same messages, which are to be counted once. */
  joined?: boolean;
}

/** The file that is being read. */
export interface FileContext {
  /** Its position in the data set. */
  index: number;
  name: string;
  /** The id of the format as which it was recognised. */
  format?: string;
  /** Its first bytes as UTF-8 (at most 64 KiB): a segment from its middle finds the column names here. */
  head: Uint8Array;
  /** In which boxes its lines may be; then `head` holds the lines inside. Absent: in none. */
  boxes?: Tier;
  /** Its lines stand in the rows of this table. */
  rows?: LineTable;
  /** Its records stand so in a document of JSON, which can only be read from its beginning. */
  spread?: Spread;
  /** When it was last changed. */
  modified?: number;
  /** The server that wrote the lines that name none, where its folder tells. */
  server?: string;
}

/** Line counts and problems of one file within a segment. */
export interface FileAccount {
  file: FileContext;
  lines: LineCounts;
  problems: Map<ProblemCode, { count: number; line: number }>;
  checkpoints: { line: number; offset: number }[];
  bytes: number;
  covered: CoveredTime;
  /** How the file ends, as far as it has been read. */
  ends?: End;
  /** Lines that were left out, since they stand in another file. */
  repeated?: LineRanges;
}

/** Where a parser puts what it reads: events, words, proofs, problems. One per segment. */
export class Sink {
  /** True where nothing came before this segment: what is not known now was never logged. */
  first: boolean;
  /** The file of the line that is being read; set by the segment. */
  account!: FileAccount;
  /** Reads time stamps with the zone and year that hold for the current file. */
  time!: TimeReader;
  /**
   * What the segment shall keep of a deferred line in place of its bytes, e.g. a record of many lines as one; taken
   * with the verdict.
   */
  storedInstead: Uint8Array | undefined;
  /** The deferred line belongs to what began before the segment, and nothing of it was read; taken with the verdict. */
  leftUnread = false;
  /** The number in its file of a line that is read again; 0 while lines are read for the first time. */
  lineAgain = 0;
  /** By file, how many lines stood before those that a neighbour has left and that are read again. */
  shiftAgain: readonly number[] = [];
  /** The host of the box around the line that is being read; empty where none names one. */
  host = '';
  private fileStart: LinePlace = 0;
  private quarter = NaN;
  private day = 0;
  private readonly rules: RuleMatcher | undefined;
  private readonly times: TimeReader[] = [];
  /** By file, the server of lines that name none. */
  private readonly servers: WordId[] = [];

  constructor(
    readonly words: CubeBuilder,
    readonly options: ReadOptions,
    first: boolean,
    private readonly accounts: FileAccount[] = [],
  ) {
    this.first = first;
    this.rules = options.rules.length > 0 ? new RuleMatcher(options.rules, words) : undefined;
  }

  /** A sink for events of which only the end of the log tells whether they count: another cube, the same accounts. */
  scratch(words: CubeBuilder): Sink {
    return new Sink(words, this.options, true, this.accounts);
  }

  /** The following lines belong to this file. */
  open(account: FileAccount, anchor: () => YearAnchor): void {
    this.host = '';
    this.account = this.accounts[account.file.index] = account;
    this.time = this.times[account.file.index] ??= new TimeReader(this.options.zone, anchor(), account.covered);
    this.fileStart = this.words.evidence.placeOfFile(account.file.index, account.file.name);
  }

  /** The next time that a file is opened its stamps are read from another anchor. */
  forgetClock(file: number): void {
    delete this.times[file];
  }

  /** Goes back to a file that was open before, to read on in what was held back from it. */
  reopen(file: number): void {
    this.account = this.accounts[file];
    this.time = this.times[file];
  }

  /** A line that was given as one thing has turned out to be another. */
  amend(file: number, from: Exclude<keyof LineCounts, 'read'>, to: Exclude<keyof LineCounts, 'read'>): void {
    const { lines } = this.accounts[file];
    lines[from]--;
    lines[to]++;
  }

  /**
   * Counts an event, under the user's connector where one matches. `file` is that of `event.line`; a message may end in
   * a later file than it began.
   */
  add(event: MailEvent, file = this.account.file.index): void {
    if (this.rules) {
      this.rules.apply(event);
      // A rule that names addresses can't know this one any more.
      if (event.address === 1) this.note('too-many-names', event.line, file);
    }
    if (event.server === 0) event.server = this.serverOf(file);
    const account = this.accounts[file];
    // A message that began in a file of an earlier segment: its line was covered there.
    if (account) cover(account.covered, event.time);
    this.words.add(event, file);
  }

  private serverOf(file: number): WordId {
    const account = this.accounts[file] as FileAccount | undefined;
    if (!account) return 0;
    return (this.servers[file] ??= this.words.servers.id(account.file.server ?? ''));
  }

  /**
   * The id of what writes a log by settings of its own, such as a host. @param start the time of its first line here.
   */
  evidenceSource(name: string, start: Milliseconds): number {
    return this.words.evidence.source(name, this.first ? -Infinity : start);
  }

  /**
   * The id of one kind of mail, such as a direction, of which the log shows TLS or keeps silent; the same for the same
   * name.
   * @param source what `evidenceSource` gave, where the log tells of restarts.
   */
  evidence(name: string, source = 0): number {
    return this.words.evidence.key(name, source, true);
  }

  /**
   * The same for a table, whose rows stand in any order: it shows TLS from the first day on which it does to the last.
   */
  evidenceOfTable(name: string): number {
    return this.words.evidence.key(name, 0, false);
  }

  /**
   * The line shows TLS: mail of this kind is logged with its TLS.
   * @param began see `absent`; `unknownStart` where only a later line tells, see `settleTls`.
   */
  showsTls(evidence: number, time: Milliseconds, began: Milliseconds = now): void {
    this.words.evidence.showsTls(evidence, this.place, this.dayOf(time), began);
  }

  /** Whether TLS was shown before on the same day, since the last restart. */
  isShown(evidence: number, time: Milliseconds): boolean {
    return this.words.evidence.isShown(evidence, this.dayOf(time));
  }

  /** When the process that wrote the TLS line of that file began is known by now. */
  settleTls(evidence: number, file: number, line: number, began: Milliseconds): void {
    const known = this.words.evidence;
    known.settle(evidence, known.placeOfFile(file, '') + line, began);
  }

  /**
   * What to put into `MailEvent.evidence` of mail of which the line shows no TLS, where that would stand in this line;
   * a `Silence` may be added to it.
   * @param began when the process that writes the line may have read its settings, at the earliest: at the line itself
   * unless said.
   */
  absent(evidence: number, time: Milliseconds, began: Milliseconds = now): WordId {
    return this.words.evidence.absent(evidence, this.place, this.dayOf(time), began);
  }

  /** The line tells that sessions of this kind begin with TLS (`implicit`), or that they do STARTTLS. */
  showsWay(evidence: number, implicit: boolean): void {
    this.words.evidence.showsWay(evidence, implicit);
  }

  /**
   * The line tells that the source was started or has read its settings anew: from now on its log may show more or
   * less.
   */
  restarted(source: number, time: Milliseconds): void {
    this.words.evidence.restarted(source, this.place, time);
  }

  /** How often the source was restarted before the line, as far as is known here. */
  epoch(source: number): number {
    return this.words.evidence.epoch(source, this.place);
  }

  /** Where the line stands that is being read. */
  private get place(): LinePlace {
    return this.fileStart + this.line;
  }

  /** For `MailEvent.tlsAt`: a line of the file that is being read; the one that is being read unless said. */
  tlsAt(line = this.line): PlaceCode {
    return placeCode(this.account.file.index, line);
  }

  /** The number of the line that is being read. */
  get line(): number {
    return this.lineAgain || this.account.lines.read + 1;
  }

  /** The day of a time in the zone in which the log is read, counted from 1970. */
  private dayOf(time: Milliseconds): number {
    const quarter = Math.floor(time / 900_000);
    if (quarter !== this.quarter) {
      this.quarter = quarter;
      this.day = Math.floor((time + this.options.zone.offsetAt(time)) / 86_400_000);
    }
    return this.day;
  }

  /** A line is about this time, or all of a range up to `to`. Times that `time` reads are covered without a call. */
  covers(time: Milliseconds, to = time, file = this.account.file.index): void {
    const { covered } = this.accounts[file];
    if (to > time) coverRange(covered, time, to);
    else cover(covered, time);
  }

  /** The line can't be used, for this reason. */
  skip(code: ProblemCode, line: number): Verdict {
    this.note(code, line);
    return Verdict.skipped;
  }

  /** Something the reader of the report should know of, though the line was used. */
  note(code: ProblemCode, line: number, file = this.account.file.index): void {
    const { problems } = this.accounts[file];
    const problem = problems.get(code);
    if (!problem) problems.set(code, { count: 1, line });
    else {
      problem.count++;
      if (line < problem.line) problem.line = line;
    }
  }
}
