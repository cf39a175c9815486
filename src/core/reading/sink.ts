import type { ColumnMapping } from '../connectors/columns';
import type { CubeBuilder } from '../cube/cubebuilder';
import { Verdict, type Parser } from './format';
import { TlsCode, type LineCounts, type MailEvent, type ProblemCode, type WordId } from '../model';
import { RuleMatcher, type ConnectorRule } from '../connectors/rules';
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
  /** The parser of another format of this data set, once all of its files have been read; undefined where there are none. See `Format.after`. */
  related?(id: string): Parser | undefined;
  /** This and another format of the data set tell of the same messages, which are to be counted once. */
  joined?: boolean;
}

/** The file that is being read. */
export interface FileContext {
  /** Its position in the data set. */
  index: number;
  name: string;
  /** Its first bytes as UTF-8 (at most 64 KiB): a segment from its middle finds the column names here. */
  head: Uint8Array;
  /** When it was last changed. */
  modified?: number;
}

/** Line counts and problems of one file within a segment. */
export interface FileAccount {
  file: FileContext;
  lines: LineCounts;
  problems: Map<ProblemCode, { count: number; line: number }>;
  checkpoints: { line: number; offset: number }[];
  bytes: number;
}

/** Where a parser puts what it reads: events, words, proofs, problems. One per segment. */
export class Sink {
  /** True where nothing came before this segment: what is not known now was never logged. */
  first: boolean;
  /** The file of the line that is being read; set by the segment. */
  account!: FileAccount;
  /** Reads time stamps with the zone and year that hold for the current file. */
  time!: TimeReader;
  /** What the segment shall keep of a deferred line in place of its bytes, e.g. a record of many lines as one; taken with the verdict. */
  storedInstead: Uint8Array | undefined;
  private readonly rules: RuleMatcher | undefined;
  private readonly times: TimeReader[] = [];

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
    this.account = this.accounts[account.file.index] = account;
    this.time = this.times[account.file.index] ??= new TimeReader(this.options.zone, anchor());
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

  /** Counts an event, under the user's connector where one matches. `file` is that of `event.line`; a message may end in a later file than it began. */
  add(event: MailEvent, file = this.account.file.index): void {
    if (this.rules) {
      this.rules.apply(event);
      // A rule that names addresses can't know this one any more.
      if (event.address === 1) this.note('too-many-names', event.line, file);
    }
    this.words.add(event, file);
  }

  /** A name for `MailEvent.evidence`, the same for the same text. `unproved`: what absent signs mean as long as nothing proves that they mean none. */
  evidence(name: string, unproved: TlsCode.unknown | TlsCode.tls = TlsCode.unknown): WordId {
    return this.words.addEvidence(name, unproved);
  }

  /** The log shows TLS where there is some: absent signs with this evidence mean none. */
  showsTls(evidence: WordId): void {
    this.words.showsTls(evidence);
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
