import { FaultCode, TlsCode, type Milliseconds, type WordId } from '../../model';
import type { InboundService } from './service';

/** How an SMTP session ended, as far as its log lines say. */
export const enum SessionEnd {
  open,
  /** Without counters: Postfix before 3.0, or the line is missing. */
  uncounted,
  /** Counters without STARTTLS. */
  plain,
  /** Counters with a STARTTLS that worked. */
  startTls,
  /** Counters with nothing but STARTTLS that failed. */
  failedStartTls,
}

/** How much of a session this segment has seen. */
export const enum SessionStart {
  logged,
  /** Its `connect` line is missing: it began before the log, or the line got lost. */
  missing,
  /** It began before this segment: its lines are deferred. */
  earlier,
}

/**
 * The SMTP session of a process of smtpd: what it does from one `connect` to the next. The object serves all sessions
 * of the process, and then those
 * of another one. So its serial number only ever rises: a message that came in an earlier session never takes a later
 * one for its own.
 */
export class PostfixSession {
  /** Tells the sessions that this object has stood for apart. */
  serial = 0;
  end = SessionEnd.open;
  /** `absent` until a TLS line is seen. */
  tls: TlsCode = TlsCode.absent;
  cipher: WordId = 0;
  /** A number for the client that the TLS line names. */
  client = 0;
  /** What its silence means, and the epoch of its host in which it began; −1 where that is not known. */
  silence: WordId = 0;
  epoch = -1;
  /** Its TLS line, or before there is one its `connect` line: see `MailEvent.tlsAt`. */
  tlsAt = 0;
  /** Messages whose TLS is not known before the session ends. */
  waiting: PostfixMessage[] | undefined;
  /** With a before-queue filter: the message that is being passed on. */
  proxied: PostfixMessage | undefined;

  constructor(
    public service: InboundService,
    public start: SessionStart,
  ) {}

  /** Nothing of the session matters any more but that it has ended. */
  get isOver(): boolean {
    return (
      this.end !== SessionEnd.open &&
      this.start !== SessionStart.earlier &&
      this.waiting === undefined &&
      this.proxied === undefined
    );
  }

  /** Begins the next session of the process. */
  next(service: InboundService, start: SessionStart): void {
    this.serial++;
    this.service = service;
    this.start = start;
    this.end = SessionEnd.open;
    this.tls = TlsCode.absent;
    this.cipher = this.client = this.silence = this.tlsAt = 0;
    this.epoch = -1;
    this.waiting = this.proxied = undefined;
  }
}

/** A message on its way in: from `client=` until the queue manager takes it. */
export class PostfixMessage {
  session: PostfixSession | undefined;
  /** Which of the sessions that `session` has stood for it came in. */
  serial = 0;
  tls: TlsCode = TlsCode.unknown;
  cipher: WordId = 0;
  evidence: WordId = 0;
  fault = FaultCode.none;
  /** See `MailEvent.tlsAt`. */
  tlsAt = 0;
  /** TLS is not known yet. */
  waits = false;
  beganEarlier = false;
  accepted = false;
  recipients = 0;
  bytes = 0;

  /** Whether the session it came in is still open. */
  get open(): boolean {
    return this.session !== undefined && this.session.end === SessionEnd.open && this.session.serial === this.serial;
  }

  /**
   * @param client a number for the other end, to be compared with that of a TLS line; 0 where it is not logged.
   * @param remote the other end's name, @param address its address, @param loopback whether it is this host itself.
   */
  constructor(
    readonly service: InboundService,
    readonly client: number,
    readonly remote: WordId,
    readonly address: WordId,
    readonly loopback: boolean,
    readonly time: Milliseconds,
    readonly file: number,
    readonly line: number,
  ) {}
}
