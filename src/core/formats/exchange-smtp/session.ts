import { TlsCode, type ProblemCode, type WordId } from '../../model';

/** Whose log it is: the roles of `<` and `>` swap between the two. */
export const enum Side { unknown, receive, send }

/** SMTP commands that change what a session is about, and the two waits for a final reply: for `content` after DATA's 354. */
export const enum Command { other, hello, mail, probe, rcpt, data, content, chunk, lastChunk, reset, auth, exchangeAuth, startTls, anonymousTls }

/** What a reply means for the message that is on its way. */
export const enum Step { none, accepted, failed }

/** Most runs of commands that may wait for a reply; no real pipeline comes near (RFC 2920 ends one at each DATA). */
const longestPipeline = 128;

/** One SMTP session as far as it has been read: TLS, the transaction that is open and the commands that wait for a reply. */
export class Session {
  side = Side.unknown;
  /** The sequence number that must come next: Exchange numbers the rows of a session without gaps. */
  next = 0;
  tls = TlsCode.none;
  cipher: WordId = 0;
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
  /** Order in which the sessions were seen first. */
  born = 0;
  /** The commands without a reply as runs of equal ones: kind, how many, bytes. Runs `head` to `tail` are in use. */
  private kinds: number[] = [];
  private counts: number[] = [];
  private sizes: number[] = [];
  private head = 0;
  private tail = 0;

  /** The session begins with this row. It is in clear, and the log would show a handshake: `none` is certain. */
  begin(): void {
    this.side = Side.unknown;
    this.tls = TlsCode.none; this.cipher = 0; this.doubt = undefined;
    this.incomplete = this.failed = this.internal = false;
    this.host = 0;
    this.forget();
    this.settle();
  }

  /** The session began before the log does. */
  beginLate(): void {
    this.begin();
    this.tls = TlsCode.unknown; this.doubt = 'session-began-earlier';
    this.incomplete = true;
  }

  /** Rows are missing here: there may have been a handshake, and replies no longer match commands. */
  lose(): void {
    if (this.tls === TlsCode.none) { this.tls = TlsCode.unknown; this.doubt = 'lines-missing'; }
    this.incomplete = true;
    this.forget();
    this.settle();
  }

  /** A handshake succeeded. */
  secure(tls: TlsCode, cipher: WordId): void {
    this.tls = tls; this.cipher = cipher; this.doubt = undefined;
    this.settle();
  }

  /** A handshake failed: what is sent from here on in this session is in clear. */
  fail(): void {
    this.failed = true;
    if (this.tls === TlsCode.unknown) this.plain();
    this.settle();
  }

  /** It is proved that there is no TLS at this point. */
  plain(): void { this.tls = TlsCode.none; this.doubt = undefined; }

  /** There is no message on its way. */
  forget(): void {
    this.recipients = this.declared = this.chunks = 0;
    this.probe = this.refused = false;
  }

  /** Whether the oldest command without a reply is this one. */
  awaits(kind: Command): boolean { return this.head < this.tail && this.kinds[this.head] === kind; }

  /** Whether every command has had its reply. */
  get settled(): boolean { return this.head === this.tail; }

  /**
   * A command was given; replies come in the order of the commands, which a client may send without waiting (RFC 2920).
   * False where more commands wait than a session can have, so that it has to be given up.
   */
  command(kind: Command, size: number): boolean {
    if (this.head === this.tail) this.head = this.tail = 0;
    else {
      const last = this.kinds[this.tail - 1];
      // AUTH must be the last of its group (RFC 4954): what follows before its reply is the client's part of the authentication.
      if (last === Command.auth || last === Command.exchangeAuth) return true;
      if (last === kind && (kind === Command.rcpt || kind === Command.chunk || kind === Command.other)) {
        this.counts[this.tail - 1]++;
        this.sizes[this.tail - 1] += size;
        return true;
      }
      if (this.tail === longestPipeline && !this.compact()) return false;
    }
    this.kinds[this.tail] = kind; this.counts[this.tail] = 1; this.sizes[this.tail] = size;
    this.tail++;
    return true;
  }

  /** A whole reply came. `final`: it has the words with which Exchange accepts a message. */
  reply(code: number, final: boolean): Step {
    if (code === 354) this.expectContent();
    if (code >= 300 && code < 400) return Step.none;
    if (final) this.skipToContent();
    if (this.head === this.tail) return code >= 400 ? Step.failed : final && this.incomplete ? Step.accepted : Step.none;
    const kind = this.kinds[this.head], size = this.sizes[this.head];
    if (--this.counts[this.head] === 0) this.head++;
    else this.sizes[this.head] = 0;
    return this.answer(kind, code, size);
  }

  /** The same session with the word ids of another builder. */
  copy(remotes: Int32Array, ciphers: Int32Array): Session {
    const copy = new Session();
    Object.assign(copy, this, { kinds: [...this.kinds], counts: [...this.counts], sizes: [...this.sizes] });
    copy.host = remotes[this.host]; copy.cipher = ciphers[this.cipher];
    return copy;
  }

  private answer(kind: Command, code: number, size: number): Step {
    const good = code < 300;
    switch (kind) {
      case Command.mail:
      case Command.probe:
        this.forget();
        if (good) { this.declared = size; this.probe = kind === Command.probe; }
        break;
      case Command.rcpt:
        if (code >= 250 && code < 260) this.recipients++;
        break;
      case Command.chunk:
        this.chunks += size;
        break;
      case Command.lastChunk:
      case Command.content:
        this.chunks += size;
        if (good) return Step.accepted;
        break;
      case Command.reset:
      case Command.hello:
        if (good) this.forget();
        return Step.none;
      case Command.startTls:
      case Command.anonymousTls:
        // The peer may now begin the handshake. Only the row about its end says what became of it.
        if (code === 220 && this.tls === TlsCode.none) this.tls = TlsCode.unknown;
        // Exchange sends X-ANONYMOUSTLS to servers of its own organisation only.
        if (code === 220 && kind === Command.anonymousTls && this.side === Side.send) this.internal = true;
        return Step.none;
      case Command.exchangeAuth:
        if (code === 235) this.internal = true;
        return Step.none;
      default:
        return Step.none;
    }
    return good ? Step.none : Step.failed;
  }

  /** DATA was granted. Without a DATA in sight it was given in a row that is missing. */
  private expectContent(): void {
    for (let i = this.head; i < this.tail; i++) {
      if (this.kinds[i] !== Command.data) continue;
      this.head = i;
      this.kinds[i] = Command.content;
      return;
    }
    if (this.head === this.tail && this.incomplete) this.command(Command.content, 0);
  }

  /** The message was accepted, so replies to the commands before it are no longer to come. */
  private skipToContent(): void {
    for (let i = this.head; i < this.tail; i++) {
      if (this.kinds[i] === Command.content || this.kinds[i] === Command.lastChunk) { this.head = i; return; }
    }
  }

  private settle(): void { this.head = this.tail = 0; }

  private compact(): boolean {
    if (this.head === 0) return false;
    for (const list of [this.kinds, this.counts, this.sizes]) list.copyWithin(0, this.head, this.tail);
    this.tail -= this.head;
    this.head = 0;
    return true;
  }
}
