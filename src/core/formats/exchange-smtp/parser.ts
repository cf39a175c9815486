import { Byte } from '../../text/ascii';
import type { IdMap } from '../../cube/cubebuilder';
import type { ProblemCode } from '../../model';
import type { FileAccount, Sink } from '../../reading/sink';
import { Verdict, type BlockReader, type Parser } from '../../reading/format';
import type { AcceptedMessages } from './accepted';
import { Dialogue } from './dialogue';
import { afterHeader, continued, protocolLayout, type ProtocolLayout } from './layout';
import { FastRows } from './fastrows';
import { ProtocolRow } from './row';
import { SmtpSession } from './session';
import { SessionTable, eachId, ended, waiting, type SessionId } from './table';

/** Gives each row of a protocol log to its session, which may have begun in a part of the log that was not read yet. */
export class ProtocolParser implements Parser {
  private readonly row = new ProtocolRow();
  private readonly table = new SessionTable();
  private readonly dialogue: Dialogue;
  /** The layouts of the files by their index; undefined for files that were not read here. */
  private layouts: (ProtocolLayout | undefined)[] = [];
  private account: FileAccount | undefined;
  private layout!: ProtocolLayout;
  /** The first and the second eight bytes of the last valid time stamp: `2026-03-`, `02T07:50`. */
  private date = NaN;
  private minute = NaN;
  /** A session that has ended, for use again. */
  private spare: SmtpSession | undefined;
  private readonly fastRows: FastRows;

  constructor(private readonly sink: Sink) {
    this.dialogue = new Dialogue(sink, this.row);
    this.fastRows = new FastRows(this.row, this.dialogue, {
      begin: (row, line) => this.sessionOf(row, this.table.get(row), line),
      close: (row, session) => this.end(row, session),
      waiting: () => this.table.idsOf(waiting),
      covers: (time) => this.sink.covers(time),
      hasRoom: (sessions) => this.table.hasRoom(sessions),
    });
  }

  get block(): BlockReader {
    if (this.sink.account !== undefined && this.sink.account !== this.account) this.enter();
    return this.fastRows;
  }

  /** The messages that were counted, for message tracking; kept where it is read too. */
  get accepted(): AcceptedMessages | undefined {
    return this.dialogue.messages.identities?.accepted;
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    if (this.sink.account !== this.account) this.enter();
    if (bytes[start] === Byte.hash) return this.header(bytes, start, end);
    const { row, layout } = this;
    const problem = layout.foreign ? 'other-format' : row.read(layout, bytes, start, end);
    if (problem !== undefined) return this.unfit(problem, line);
    const known = this.table.get(row);
    if (known === undefined && !row.hasId(bytes)) return this.unfit('bad-columns', line);
    if (!this.isTime(bytes, row)) return this.unfit('bad-time', line);
    const session = this.sessionOf(row, known, line);
    if (session !== undefined) session.next = row.sequence + 1;
    this.fastRows.learn(bytes, end, session);
    if (session === undefined) return Verdict.unresolved;
    switch (row.event) {
      case Byte.star:
        return row.context < end ? this.dialogue.information(session, bytes, end, line) : Verdict.context;
      case Byte.minus:
        this.end(row, session);
        this.fastRows.leave(row);
        return Verdict.context;
      case Byte.plus:
        return Verdict.context;
      default:
        return this.dialogue.spoken(session, bytes, end, line);
    }
  }

  merge(other: Parser, ids: IdMap, shift: readonly number[]): void {
    const right = other as ProtocolParser;
    right.layouts.forEach((layout, file) => {
      if (layout) this.layouts[file] = continued(this.layouts[file], layout);
    });
    if (right.accepted) this.accepted?.merge(right.accepted);
    this.account = undefined;
    this.fastRows.forget();
    eachId(right.table.idsOf(ended), (id) => this.close(id));
    for (const { id, session } of right.table.entries()) this.remember(id, session.copy(ids, shift));
  }

  /** Content without a reply is no message here, but may be one in the next file. */
  finish(): void {
    for (const { session } of this.table.entries())
      if (session.waiting.hasContent) this.sink.note('not-finished', session.line, session.file);
  }

  save(): unknown {
    const { table } = this,
      open = table.entries().map(({ id, session }) => [id, session.save()]);
    return {
      accepted: this.accepted,
      layouts: this.layouts,
      ended: table.idsOf(ended),
      waiting: table.idsOf(waiting),
      open,
    };
  }

  load(saved: unknown): void {
    const { accepted, layouts, open, ...done } = saved as {
      accepted?: AcceptedMessages;
      layouts: ProtocolLayout[];
      ended: Int32Array;
      waiting: Int32Array;
      open: [SessionId, unknown][];
    };
    if (accepted) this.accepted?.merge(accepted);
    this.layouts = layouts;
    this.fastRows.forget();
    eachId(done.ended, (id) => this.remember(id, ended));
    eachId(done.waiting, (id) => this.remember(id, waiting));
    for (const [id, session] of open) this.remember(id, SmtpSession.load(session));
  }

  advice(): string[] {
    return [];
  }

  /** The following rows are of another file. */
  private enter(): void {
    this.account = this.sink.account;
    this.date = this.minute = NaN;
    this.use(this.layouts[this.account.file.index] ?? protocolLayout(this.account.file.head));
  }

  /** The following rows have this layout. */
  private use(layout: ProtocolLayout): void {
    this.layout = this.layouts[this.account!.file.index] = layout;
    this.fastRows.open(layout.standard && !layout.foreign);
  }

  /** A header line. It holds for the rows behind it, also for those that are read again later. */
  private header(bytes: Uint8Array, start: number, end: number): Verdict {
    this.use(afterHeader(this.layout, bytes, start, end));
    return this.sink.first ? Verdict.context : Verdict.unresolved;
  }

  /** The row can't be used, unless a header before this segment has changed the columns. */
  private unfit(code: ProblemCode, line: number): Verdict {
    return this.sink.first || (this.layout.typeSeen && this.layout.columnsSeen)
      ? this.sink.skip(code, line)
      : Verdict.unresolved;
  }

  /** Whether there is a valid time stamp. Rows of one minute follow each other, so most need only be compared. */
  private isTime(bytes: Uint8Array, row: ProtocolRow): boolean {
    if (row.isInMinute(this.date, this.minute)) return true;
    if (Number.isNaN(this.sink.time.iso(bytes, row.time))) return false;
    this.date = row.eightAt(row.time);
    this.minute = row.eightAt(row.time + 8);
    return true;
  }

  /**
   * The session of a row, new where the row begins one; undefined where it depends on what came before this segment.
   */
  private sessionOf(row: ProtocolRow, known: SmtpSession | undefined, line: number): SmtpSession | undefined {
    const { first } = this.sink;
    if (row.sequence === 0 || row.event === Byte.plus) {
      if (known === waiting && !first) return undefined;
      const session = known === undefined || known === waiting || known === ended ? this.add(row) : known;
      session.begin(this.sink.tlsAt(line));
      return session;
    }
    if (known === undefined || known === waiting || known === ended) {
      if (known !== ended && !first) {
        if (known === undefined) this.remember(row, waiting);
        return undefined;
      }
      const session = this.add(row);
      session.beginLate();
      return session;
    }
    if (row.sequence !== known.next) {
      this.sink.note('rows-missing', line);
      known.lose();
    }
    return known;
  }

  private add(id: SessionId): SmtpSession {
    const session = this.spare ?? new SmtpSession();
    this.spare = undefined;
    this.remember(id, session);
    return session;
  }

  private remember(id: SessionId, session: SmtpSession): void {
    const evicted = this.table.set(id, session);
    if (evicted > 0) this.fastRows.forget();
    for (let i = 0; i < evicted; i++) this.sink.note('join-evicted', this.sink.account.lines.read + 1);
  }

  /** This row is the last one of its session. */
  private end(row: ProtocolRow, session: SmtpSession): void {
    this.close(row);
    this.spare = session;
  }

  /** The session has ended. A segment in the middle of a log remembers that: late rows are not an earlier session's. */
  private close(id: SessionId): void {
    if (this.sink.first) this.table.delete(id);
    else this.remember(id, ended);
  }
}
