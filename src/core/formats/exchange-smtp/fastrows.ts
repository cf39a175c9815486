import { KernelClaim, type Kernel } from '../../reading/kernel';
import type { Milliseconds, WordId } from '../../model';
import { readOneByOne } from '../shared/splitrows';
import { Verdict, type BlockLines, type BlockReader } from '../../reading/format';
import { Command, commandAt, sizeOf } from './commands';
import type { Dialogue } from './dialogue';
import type { Notice } from './handshake';
import { At, Kind, noName } from './record';
import type { ProtocolRow } from './row';
import type { SmtpSession } from './session';
import { eachId } from './table';

/** What the parser does for the rows that the scanner has read. */
export interface Openings {
  /** The session of a row with which one begins; undefined where what came before this segment must be known. */
  begin(row: ProtocolRow, line: number): SmtpSession | undefined;
  close(row: ProtocolRow, session: SmtpSession): void;
  /** The ids of which rows wait for the segment before this one; see `SessionTable.idsOf`. */
  waiting(): Int32Array;
  /** Rows of this time were read. */
  covers(time: Milliseconds): void;
  /** Whether so many sessions can begin without one being given up for them. */
  hasRoom(sessions: number): boolean;
}

/** No row is shorter. */
const shortestRow = 52;

/**
 * A name to be put into the scanner's table once all its records are taken: until then they speak of other names
 * there.
 */
interface Name {
  place: number;
  host: boolean;
  start: number;
  end: number;
  word: WordId;
}

/** Takes the records that the scanner makes of common rows, and has the parser read the others. */
export class FastRows implements BlockReader {
  ready = false;
  private readonly claim = new KernelClaim();
  private readonly kernel = this.claim.kernel;
  /** The scanner's sessions by their numbers. */
  private readonly sessions: (SmtpSession | undefined)[] = [];
  private readonly notices: Notice[] = [];
  /** Words of hosts and connectors by their places in the scanner's table. */
  private readonly words: WordId[] = [];
  private readonly names: Name[] = [];
  /** The day of the rows that the engine reads. */
  private day: Milliseconds = NaN;

  constructor(
    private readonly row: ProtocolRow,
    private readonly dialogue: Dialogue,
    private readonly openings: Openings,
  ) {}

  /** @param usual whether the rows that follow have the usual columns. */
  open(usual: boolean): void {
    this.ready = usual && this.kernel !== undefined;
  }

  /** What the scanner knows of the open sessions holds no longer. */
  forget(): void {
    this.claim.release();
  }

  read(start: number, end: number, lines: BlockLines): void {
    const machine = this.kernel!,
      { functions, numbers: n, bytes: b } = machine;
    const base = functions.smtpRecords() >> 2;
    while (start < end) {
      if (this.claim.take()) this.begin(machine);
      if (!this.ready || !this.openings.hasRoom((end - start) / shortestRow)) {
        readOneByOne(start, end, lines);
        return;
      }
      const count = functions.smtp(start, end),
        before = lines.read,
        last = base + (count - 1) * At.width,
        unread = count > 0 && n[last] === Kind.unread;
      const until = unread ? last : last + At.width;
      for (let at = base; at < until; at += At.width) this.record(n, b, at, before, lines);
      this.cover(machine);
      this.step(machine);
      this.tellNames(machine);
      lines.context(before + functions.lines.value - (unread ? 1 : 0) - lines.read);
      if (unread) lines.line(n[last + At.start], n[last + At.end]);
      start = functions.next.value;
    }
  }

  /** The parser has read a row of this session; `undefined` where the row waits for what came before this segment. */
  learn(bytes: Uint8Array, end: number, session: SmtpSession | undefined): void {
    if (!this.claim.holds) return;
    const { row } = this,
      { a, b, c, d } = row,
      { functions } = this.kernel!;
    if (session === undefined) {
      functions.smtpWaiting(a, b, c, d);
      return;
    }
    this.sessions[functions.smtpSession(a, b, c, d, session.next)] = session;
    if (bytes !== this.kernel!.bytes) return;
    functions.smtpDay(row.time);
    this.day = row.day(bytes);
    if (row.context < end) this.learnWording(bytes, end);
  }

  /** The parser has read the last row of the session that `row` is of. */
  leave({ a, b, c, d }: ProtocolRow): void {
    if (this.claim.holds) this.kernel!.functions.smtpSession(a, b, c, d, -1);
  }

  private record(n: Int32Array, b: Uint8Array, at: number, before: number, lines: BlockLines): void {
    const { row, sessions, dialogue } = this,
      line = before + n[at + At.line] + 1,
      end = n[at + At.end],
      index = n[at + At.session];
    row.take(n, at, b);
    let verdict = Verdict.context;
    if (n[at] === Kind.spoken) {
      let command: Command = n[at + At.command],
        size = n[at + At.size];
      if (command === Command.look) {
        command = commandAt(b, row.data, end);
        size = sizeOf(command, b, row.data, end);
      }
      const place = n[at + At.name],
        hello = command === Command.hello,
        word = place < 0 ? -1 : this.words[place];
      if (hello) row.host = word;
      else row.name = word;
      verdict = dialogue.said(sessions[index]!, n[at + At.code], command, size, b, end, line);
      if (word < 0 && place !== noName) this.keepName(~place, hello, end);
    } else if (n[at] === Kind.begin) {
      row.readId(n[at + At.connectorEnd] + 1);
      sessions[index] = this.openings.begin(row, line);
    } else if (n[at] === Kind.close) {
      row.readId(n[at + At.connectorEnd] + 1);
      this.openings.close(row, sessions[index]!);
      sessions[index] = undefined;
    } else verdict = dialogue.noticed(sessions[index]!, this.notices[n[at + At.code]], b, line);
    if (verdict === Verdict.context) return;
    lines.context(line - 1 - lines.read);
    lines.verdict(verdict, n[at + At.start], end);
  }

  private cover({ functions }: Kernel): void {
    const first = functions.smtpFirstMinute(),
      last = functions.smtpLastMinute();
    if (first > last) return;
    this.openings.covers(this.day + first * 60_000);
    this.openings.covers(this.day + last * 60_000);
  }

  /** The sessions have come as far as the scanner has read them. */
  private step({ functions, numbers: n }: Kernel): void {
    const { sessions } = this,
      first = functions.smtpStepped() >> 2,
      steps = functions.smtpSteps(),
      next = functions.smtpNext() >> 2,
      width = functions.smtpWidth() >> 2;
    for (let i = first; i < first + steps; i++) {
      const session = sessions[n[i]];
      if (session !== undefined) session.next = n[next + n[i] * width];
    }
  }

  /** The scanner was another parser's. */
  private begin(machine: Kernel): void {
    machine.functions.smtpForget();
    eachId(this.openings.waiting(), ({ a, b, c, d }) => machine.functions.smtpWaiting(a, b, c, d));
    this.sessions.length = this.notices.length = this.words.length = 0;
  }

  /** The row names a host or connector that the scanner does not know. */
  private keepName(place: number, host: boolean, end: number): void {
    const { row } = this,
      word = host ? row.host : row.name;
    // The word for all that are too many is counted each time.
    if (word < 0 || word === 1) return;
    this.names.push(
      host
        ? { place, host, start: row.data + 5, end, word }
        : { place, host, start: row.connector, end: row.connectorEnd, word },
    );
  }

  private tellNames({ functions }: Kernel): void {
    const { names } = this;
    for (const { place, host, start, end, word } of names)
      if ((host ? functions.smtpHost(place, start, end) : functions.smtpConnector(place, start, end)) !== 0)
        this.words[place] = word;
    names.length = 0;
  }

  private learnWording(bytes: Uint8Array, end: number): void {
    const { row } = this,
      notice = this.dialogue.noticeAt(bytes, end);
    // What stands for all cipher suites that are too many is counted each time.
    if (notice === undefined || notice.cipher === 1) return;
    const index = this.kernel!.functions.smtpWording(row.context, end);
    if (index >= 0) this.notices[index] = notice;
  }
}
