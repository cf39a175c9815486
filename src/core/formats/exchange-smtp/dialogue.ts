import { Byte } from '../../text/ascii';
import { TlsCode, type Milliseconds } from '../../model';
import type { Sink } from '../../reading/sink';
import { Verdict } from '../../reading/format';
import { Command, commandAt, contains, sizeOf } from './commands';
import { hostNameEnd, isDotted } from './greeting';
import { Handshake, Handshakes, type Notice } from './handshake';
import { Messages } from './message';
import type { ProtocolRow } from './row';
import { Side, Step, type SmtpSession } from './session';

/** Follows what the two sides of a session say to each other. */
export class Dialogue {
  private readonly handshakes: Handshakes;
  readonly messages: Messages;

  /** @param row the row that is being read. */
  constructor(
    private readonly sink: Sink,
    private readonly row: ProtocolRow,
  ) {
    this.handshakes = new Handshakes(sink.words.ciphers);
    this.messages = new Messages(sink);
  }

  /** An information row without data, whose context begins at `row.context`. */
  information(session: SmtpSession, bytes: Uint8Array, end: number, line: number): Verdict {
    const notice = this.noticeAt(bytes, end);
    return notice === undefined ? Verdict.context : this.noticed(session, notice, bytes, line);
  }

  /** What the information row says whose context begins at `row.context`; undefined where it is not worth a look. */
  noticeAt(bytes: Uint8Array, end: number): Notice | undefined {
    const { context } = this.row;
    return mayTellOfTls(bytes, context) ? this.handshakes.read(bytes, context, end) : undefined;
  }

  /** An information row has said this. */
  noticed(session: SmtpSession, { what, tls, cipher }: Notice, bytes: Uint8Array, line: number): Verdict {
    switch (what) {
      case Handshake.succeeded:
        session.secure(tls, cipher, this.sink.tlsAt(line));
        return Verdict.context;
      case Handshake.failed:
        session.fail();
        return Verdict.context;
      case Handshake.required:
        if (session.refused) return Verdict.context;
        session.refused = true;
        if (session.side === Side.unknown) session.side = this.row.bare ? Side.send : Side.receive;
        return this.messages.refused(session, this.row, bytes, this.time(bytes), line, false);
      default:
        return Verdict.context;
    }
  }

  /** A row of what was sent or received. */
  spoken(session: SmtpSession, bytes: Uint8Array, end: number, line: number): Verdict {
    const { data } = this.row,
      code = replyCode(bytes, data, end),
      command = code > 0 ? Command.other : commandAt(bytes, data, end);
    return this.said(session, code, command, sizeOf(command, bytes, data, end), bytes, end, line);
  }

  /** What was sent or received: a reply with this code, or where that is 0 a command that speaks of `size` bytes. */
  said(
    session: SmtpSession,
    code: number,
    command: Command,
    size: number,
    bytes: Uint8Array,
    end: number,
    line: number,
  ): Verdict {
    const { row } = this;
    if (session.side === Side.unknown) session.side = this.sideOf(session, code, command);
    if ((session.side === Side.receive) === (row.event === Byte.less)) {
      if (command === Command.hello && session.side === Side.receive) {
        if (row.host < 0) row.host = this.hostAt(bytes, row.data + 5, end, false);
        session.host = row.host || session.host;
      }
      if (command === Command.lastChunk) this.mark(session, line);
      if (!session.waiting.push(command, size)) {
        session.lose();
        this.sink.note('join-evicted', line);
      }
      return Verdict.context;
    }
    return code === 0 ? Verdict.context : this.reply(session, code, bytes, end, line);
  }

  private reply(session: SmtpSession, code: number, bytes: Uint8Array, end: number, line: number): Verdict {
    const { row } = this,
      { data } = row;
    if (code === 250 || code === 220) this.greeting(session, code, bytes, data, end);
    if (bytes[data + 3] === Byte.minus) return Verdict.context;
    if (code === 354) this.mark(session, line);
    const final = code === 250 && isFinal(bytes, data + 4, end),
      step = session.reply(code, final);
    if (step === Step.accepted) {
      const verdict = this.messages.accepted(session, row, bytes, data, end, this.time(bytes), line);
      session.forget();
      return verdict;
    }
    if (
      step === Step.failed &&
      !session.refused &&
      (contains(bytes, data, end, 'tls is required') || contains(bytes, data, end, 'must issue a starttls'))
    ) {
      session.refused = true;
      return this.messages.refused(session, row, bytes, this.time(bytes), line, code >= 500);
    }
    // It accepts a message of which no content was seen.
    if (final && step === Step.none) this.sink.note('rows-missing', line);
    return Verdict.context;
  }

  /** Here the content of the present message was given, or could be. */
  private mark(session: SmtpSession, line: number): void {
    session.file = this.sink.account.file.index;
    session.line = line;
  }

  /** The first lines of a greeting or of a reply to EHLO: a remote server's name, and that there is no TLS yet. */
  private greeting(session: SmtpSession, code: number, bytes: Uint8Array, data: number, end: number): void {
    if (session.side === Side.send) {
      if (session.host === 0 && (code === 250 ? session.waiting.awaits(Command.hello) : session.waiting.empty))
        session.host = this.hostAt(bytes, data + 4, end, code === 220);
    } else if (
      session.tls === TlsCode.unknown &&
      code === 250 &&
      (session.waiting.awaits(Command.hello) || session.waiting.empty) &&
      contains(bytes, data, end, 'starttls')
    ) {
      // Exchange offers STARTTLS only where there is no TLS (RFC 3207, 4.2).
      session.plain();
    }
  }

  /**
   * The word of the host name at this position; 0 where there is none. `dotted`: a word without a dot is not taken
   * for one.
   */
  private hostAt(bytes: Uint8Array, at: number, end: number, dotted: boolean): number {
    while (at < end && bytes[at] === Byte.space) at++;
    const to = hostNameEnd(bytes, at, end);
    return dotted && !isDotted(bytes, at, to) ? 0 : this.sink.words.remotes.intern(bytes, at, to);
  }

  /**
   * Replies are the server's, commands the client's. Of other text the server's is what came first, or the name of the
   * connector decides.
   */
  private sideOf(session: SmtpSession, code: number, command: Command): Side {
    const received = this.row.event === Byte.less;
    if (code > 0) return received ? Side.send : Side.receive;
    if (command !== Command.other) return received ? Side.receive : Side.send;
    return (session.incomplete ? this.row.bare : received) ? Side.send : Side.receive;
  }

  private time(bytes: Uint8Array): Milliseconds {
    return this.sink.time.iso(bytes, this.row.time);
  }
}

/** The first letters of what `Handshakes` reads: most information rows are about other things. */
function mayTellOfTls(bytes: Uint8Array, at: number): boolean {
  const letters = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  return (
    letters === 0x544c5320 /* "TLS " */ ||
    letters === 0x436f6e6e /* "Connector is configured …" */ ||
    letters === 0x44726f70
  ); /* "Drop connection …" */
}

/** The three digits of a reply (RFC 5321, 4.2), or 0. */
function replyCode(bytes: Uint8Array, at: number, end: number): number {
  if (at + 3 > end) return 0;
  const a = bytes[at] - 48,
    b = bytes[at + 1] - 48,
    c = bytes[at + 2] - 48;
  return a >= 2 && a <= 5 && b >= 0 && b <= 9 && c >= 0 && c <= 9 ? a * 100 + b * 10 + c : 0;
}

/** `2.6.0 <message id>`, with which Exchange accepts a message; `2.6.0 CHUNK received` is for a part of one. */
function isFinal(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    at + 6 < end &&
    bytes[at] === 50 &&
    bytes[at + 2] === 54 &&
    bytes[at + 4] === Byte.zero &&
    bytes[at + 6] === Byte.less
  );
}
