import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ProblemCode } from '../core/model';
import type { Range, Source } from '../core/reading/source';
import { Input, type Chunks } from './packed/packed';
import { unpacked } from './unpack';

const headSize = 64 * 1024;

/** The name that stands for standard input. */
export const standardInput = '-';

/** A log that comes through a pipe: standard input, or what has the name of a FIFO. It is read once, from its start. */
export class PipeSource implements Source {
  readonly onePass = true;
  readonly file: string;
  readonly size = 0;
  /** Who pipes a log does it now. */
  readonly modified = Date.now();
  position = 0;
  readonly problems: ProblemCode[] = [];
  private readonly hash = createHash('sha256');
  private readonly all: AsyncIterator<Uint8Array>;
  /** What was read of the log to look at its head. */
  private ahead: Uint8Array[] = [];

  /** @param bytes what comes through it. */
  constructor(
    readonly path: string,
    private readonly bytes: Chunks,
  ) {
    this.file = path;
    this.all = unpacked(this.stored(), (code) => this.problems.push(code))[Symbol.asyncIterator]();
  }

  async head(): Promise<Uint8Array> {
    for (let length = 0; length < headSize;) {
      const { value, done } = await this.all.next();
      if (done) break;
      this.ahead.push(Uint8Array.from(value));
      length += value.length;
    }
    return Buffer.concat(this.ahead).subarray(0, headSize);
  }

  async *chunks(_range?: Range): AsyncIterable<Uint8Array> {
    while (this.ahead.length > 0) yield this.ahead.shift()!;
    yield* { [Symbol.asyncIterator]: () => this.all };
  }

  async ranges(): Promise<Range[]> {
    return [{ from: 0 }];
  }

  /** Reads to the end what nobody wanted to read. */
  async sha256(): Promise<string> {
    for await (const _ of this.chunks());
    return this.hash.copy().digest('hex');
  }

  private async *stored(): AsyncIterable<Uint8Array> {
    for await (const bytes of this.bytes) {
      this.hash.update(bytes);
      this.position += bytes.length;
      yield bytes;
    }
  }
}

/** Bytes at the head of a pipe that tell whether an archive comes through it. */
const enough = 64 * 1024;

/** What comes through a pipe: its first bytes, to be looked at, and all of it. */
export async function pipeOf(path: string): Promise<{ head: Buffer; all: Chunks }> {
  const input = new Input(streamOf(path));
  await input.fill(enough);
  const head = Buffer.from(input.bytes.subarray(0, enough));
  const all = async function* () {
    for (; input.bytes.length > 0; await input.fill(1)) {
      const { bytes } = input;
      input.skip(bytes.length);
      yield bytes;
    }
  };
  return { head, all: all() };
}

/**
 * What comes through a pipe as a file that is removed when the process ends: logs that are compared with others, to
 * count once what they share, are read several times, and archives are not read from their start to their end.
 */
export async function spooled(all: Chunks): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mail-flow-')),
    file = join(folder, 'pipe');
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await pipeline(all, createWriteStream(file, { mode: 0o600 }));
  return file;
}

function streamOf(path: string): Readable {
  return path === standardInput ? process.stdin : createReadStream(path);
}
