import type { ProblemCode } from '../../core/model';

/** Bytes, a block at a time; a block is reused once the next one is asked for. */
export type Chunks = AsyncIterable<Uint8Array>;
/** Takes what is wrong with a container, once each. */
export type Report = (code: ProblemCode) => void;
/** Unpacks stored bytes; reports what is wrong with them, and yields what came before. */
export type Unpack = (stored: Chunks, report: Report) => Chunks;

/** Stored bytes as a queue, for what takes them in parts of its own. */
export class Input {
  private readonly blocks: AsyncIterator<Uint8Array>;
  private rest: Uint8Array = new Uint8Array(0);
  /** The stored bytes have ended. */
  ended = false;

  constructor(stored: Chunks) {
    this.blocks = stored[Symbol.asyncIterator]();
  }

  /** Waits until at least `wanted` bytes are there, or all that there are. */
  async fill(wanted: number): Promise<void> {
    if (this.rest.length >= wanted || this.ended) return;
    const parts = [this.rest];
    for (let length = this.rest.length; length < wanted;) {
      const { value, done } = await this.blocks.next();
      if (done) {
        this.ended = true;
        break;
      }
      parts.push(Uint8Array.from(value));
      length += value.length;
    }
    this.rest = Buffer.concat(parts);
  }

  /** What is there. */
  get bytes(): Uint8Array {
    return this.rest;
  }

  skip(count: number): void {
    this.rest = this.rest.subarray(count);
  }

  /** Whether nothing but zeros is left: padding is usual, e.g. on tapes. */
  async onlyPadding(): Promise<boolean> {
    for (;;) {
      if (this.rest.some((byte) => byte !== 0)) return false;
      this.rest = this.rest.subarray(this.rest.length);
      if (this.ended) return true;
      await this.fill(1);
    }
  }

  /** A reader that stops early lets go of the file all the same. */
  async close(): Promise<void> {
    await this.blocks.return?.(undefined);
  }
}

/** The stored bytes end before what they hold does. */
export class EarlyEnd extends Error {}

/** An error of the file system has a name for a code; those of decoders have a number or none. */
export function isOfSystem(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^E[A-Z]/.test(code);
}

/** What is packed in a way that is not read here. */
export function unreadable(why: string): Error {
  return Object.assign(new Error(why), { code: 'EMETHOD' });
}
