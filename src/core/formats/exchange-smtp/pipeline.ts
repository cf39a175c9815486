import { Command } from './commands';

/** Most runs of commands that may wait for a reply. Real pipelines are shorter, since each DATA ends one. */
const longestPipeline = 128;

/**
 * The commands that wait for a reply. Replies come in the order of the commands, which a client may send without
 * waiting (RFC 2920). Equal commands in a row are kept as one run with a count, so that a list of a thousand
 * recipients costs nothing.
 */
export class Pipeline {
  /** Of each run the command, how many are left and the bytes that they speak of. Runs `head` to `tail` are in use. */
  private kinds: number[] = [];
  private counts: number[] = [];
  private sizes: number[] = [];
  private head = 0;
  private tail = 0;

  get empty(): boolean {
    return this.head === this.tail;
  }

  clear(): void {
    this.head = this.tail = 0;
  }

  /** Whether the oldest command without a reply is this one. */
  awaits(kind: Command): boolean {
    return this.head < this.tail && this.kinds[this.head] === kind;
  }

  /** Whether the content of a message was given and its reply is still to come. */
  get hasContent(): boolean {
    for (let i = this.head; i < this.tail; i++)
      if (this.kinds[i] === Command.content || this.kinds[i] === Command.lastChunk) return true;
    return false;
  }

  /** Adds a command. False where more of them wait than a session can have. */
  push(kind: Command, size: number): boolean {
    if (this.head === this.tail) this.head = this.tail = 0;
    else {
      const last = this.kinds[this.tail - 1];
      // AUTH must be the last of its group (RFC 4954, 4): what follows before its reply is the client's part of the
      // authentication.
      if (last === Command.auth || last === Command.exchangeAuth) return true;
      if (last === kind && (kind === Command.rcpt || kind === Command.chunk || kind === Command.other)) {
        this.counts[this.tail - 1]++;
        this.sizes[this.tail - 1] += size;
        return true;
      }
      if (this.tail === longestPipeline && !this.compact()) return false;
    }
    this.kinds[this.tail] = kind;
    this.counts[this.tail] = 1;
    this.sizes[this.tail] = size;
    this.tail++;
    return true;
  }

  /** Takes the oldest command, and the bytes of its run with the first one taken; not when it is empty. */
  take(): Command {
    const kind = this.kinds[this.head];
    this.size = this.sizes[this.head];
    if (--this.counts[this.head] === 0) this.head++;
    else this.sizes[this.head] = 0;
    return kind;
  }

  /** Bytes that the command taken last speaks of. */
  size = 0;

  /** DATA was granted, and its content is awaited. False where no DATA waits. */
  expectContent(): boolean {
    for (let i = this.head; i < this.tail; i++) {
      if (this.kinds[i] !== Command.data) continue;
      this.head = i;
      this.kinds[i] = Command.content;
      return true;
    }
    return false;
  }

  /** The message was accepted, so replies to the commands before its content are no longer to come. */
  skipToContent(): void {
    for (let i = this.head; i < this.tail; i++) {
      if (this.kinds[i] === Command.content || this.kinds[i] === Command.lastChunk) {
        this.head = i;
        return;
      }
    }
  }

  copyFrom(other: Pipeline): void {
    Object.assign(this, other, { kinds: [...other.kinds], counts: [...other.counts], sizes: [...other.sizes] });
  }

  private compact(): boolean {
    if (this.head === 0) return false;
    for (const list of [this.kinds, this.counts, this.sizes]) list.copyWithin(0, this.head, this.tail);
    this.tail -= this.head;
    this.head = 0;
    return true;
  }
}
