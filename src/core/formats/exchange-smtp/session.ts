import type { IdMap } from '../../cube/cubebuilder';
import { shifted } from '../../cube/placecode';
import { TlsCode, type ProblemCode, type WordId } from '../../model';
import { Command } from './commands';
import { Pipeline } from './pipeline';

/** Whose log it is: the roles of `<` and `>` swap between the two. */
export const enum Side {
  unknown,
  receive,
  send,
}

/** What a reply means for the message that is on its way. */
export const enum Step {
  none,
  accepted,
  failed,
}

/**
 * One SMTP session as far as it has been read: TLS, the transaction that is open and the commands that wait for a
 * reply.
 */
export class SmtpSession {
  side = Side.unknown;
  /** The sequence number that must come next: Exchange numbers the rows of a session without gaps. */
  next = 0;
  tls = TlsCode.none;
  cipher: WordId = 0;
  /** The row of the handshake, or before there is one the row that begins the session: see `MailEvent.tlsAt`. */
  tlsAt = 0;
  /** Why the TLS version is not known, until that has been reported. */
  doubt: ProblemCode | undefined = undefined;
  /** Rows of this session are not in the log, so what was asked for may not be known. */
  incomplete = false;
  /** A TLS handshake failed in this session. */
  failed = false;
  /** Both ends are servers of one Exchange organisation. */
  internal = false;
  /** The name of the other end in its greeting. */
  host: WordId = 0;
  /** Recipients accepted since MAIL FROM. */
  recipients = 0;
  /** Bytes that MAIL FROM announced, and bytes that came in BDAT chunks. */
  declared = 0;
  chunks = 0;
  /** The sender is one of Exchange's own health probes. */
  probe = false;
  /** The present message was refused for want of TLS, which has been counted. */
  refused = false;
  /** File and line where the present message was given its content: its last BDAT, or the 354 that grants DATA. */
  file = 0;
  line = 0;
  /** Order in which the sessions were seen first. */
  born = 0;
  /** The commands that wait for a reply. */
  readonly waiting = new Pipeline();

  /**
   * The session begins with this row, whose place as `MailEvent.tlsAt` is `at`. It is in clear, and the log would show a
   * handshake: `none` is certain.
   */
  begin(at: number): void {
    this.side = Side.unknown;
    this.tlsAt = at;
    this.tls = TlsCode.none;
    this.cipher = 0;
    this.doubt = undefined;
    this.incomplete = this.failed = this.internal = false;
    this.host = this.file = this.line = 0;
    this.forget();
    this.waiting.clear();
  }

  /** The session began before the log does. */
  beginLate(): void {
    this.begin(0);
    this.tls = TlsCode.unknown;
    this.doubt = 'session-began-earlier';
    this.incomplete = true;
  }

  /** Rows are missing here: there may have been a handshake, and replies no longer match commands. */
  lose(): void {
    if (this.tls === TlsCode.none) {
      this.tls = TlsCode.unknown;
      this.doubt = 'lines-missing';
    }
    this.incomplete = true;
    this.forget();
    this.waiting.clear();
  }

  /** A handshake succeeded. */
  secure(tls: TlsCode, cipher: WordId, at: number): void {
    this.tls = tls;
    this.tlsAt = at;
    this.cipher = cipher;
    this.doubt = undefined;
    this.waiting.clear();
  }

  /** A handshake failed: what is sent from here on in this session is in clear. */
  fail(): void {
    this.failed = true;
    if (this.tls === TlsCode.unknown) this.plain();
    this.waiting.clear();
  }

  /** It is proved that there is no TLS at this point. */
  plain(): void {
    this.tls = TlsCode.none;
    this.doubt = undefined;
  }

  /** There is no message on its way. */
  forget(): void {
    this.recipients = this.declared = this.chunks = 0;
    this.probe = this.refused = false;
  }

  /** A whole reply came. `final`: it has the words with which Exchange accepts a message. */
  reply(code: number, final: boolean): Step {
    const { waiting } = this;
    // Without a DATA in sight it was given in a row that is missing.
    if (code === 354 && !waiting.expectContent() && waiting.empty && this.incomplete) waiting.push(Command.content, 0);
    if (code >= 300 && code < 400) return Step.none;
    if (final) waiting.skipToContent();
    if (waiting.empty) return code >= 400 ? Step.failed : final && this.incomplete ? Step.accepted : Step.none;
    const kind = waiting.take();
    return this.answer(kind, code, waiting.size);
  }

  /** The same session with the word ids of another builder, and lines counted from the beginning of the file. */
  copy({ remotes, ciphers }: IdMap, shift: readonly number[]): SmtpSession {
    const { waiting, ...rest } = this;
    const copy = Object.assign(new SmtpSession(), rest);
    copy.waiting.copyFrom(waiting);
    copy.host = remotes[this.host];
    copy.cipher = ciphers[this.cipher];
    copy.line += shift[this.file] ?? 0;
    copy.tlsAt = shifted(this.tlsAt, shift);
    return copy;
  }

  /** The session as data, of which `load` makes it again. */
  save(): unknown {
    return { ...this, waiting: { ...this.waiting } };
  }

  static load(saved: unknown): SmtpSession {
    const { waiting, ...rest } = saved as SmtpSession;
    const session = Object.assign(new SmtpSession(), rest);
    session.waiting.copyFrom(waiting);
    return session;
  }

  /** The reply `code` to a command that spoke of `size` bytes. */
  private answer(kind: Command, code: number, size: number): Step {
    switch (kind) {
      case Command.mail:
      case Command.probe:
        return this.senderAnswered(kind, code, size);
      case Command.rcpt:
        return this.recipientAnswered(code);
      case Command.chunk:
        this.chunks += size;
        return stepOf(code, Step.none);
      case Command.lastChunk:
      case Command.content:
        this.chunks += size;
        return stepOf(code, Step.accepted);
      case Command.reset:
      case Command.hello:
        if (code < 300) this.forget();
        return Step.none;
      case Command.startTls:
      case Command.anonymousTls:
        this.handshakeAnswered(kind, code);
        return Step.none;
      case Command.exchangeAuth:
        if (code === 235) this.internal = true;
        return Step.none;
      default:
        return Step.none;
    }
  }

  private recipientAnswered(code: number): Step {
    if (code >= 250 && code < 260) this.recipients++;
    return stepOf(code, Step.none);
  }

  private senderAnswered(kind: Command, code: number, size: number): Step {
    this.forget();
    if (code < 300) {
      this.declared = size;
      this.probe = kind === Command.probe;
    }
    return stepOf(code, Step.none);
  }

  /** With a 220 the client may begin a handshake. Only the row about its end says what became of it. */
  private handshakeAnswered(kind: Command, code: number): void {
    if (code !== 220) return;
    if (this.tls === TlsCode.none) this.tls = TlsCode.unknown;
    // Exchange sends X-ANONYMOUSTLS to servers of its own organisation only.
    if (kind === Command.anonymousTls && this.side === Side.send) this.internal = true;
  }
}

/** What a reply means where a good one means `good`. */
function stepOf(code: number, good: Step): Step {
  return code < 300 ? good : Step.failed;
}
