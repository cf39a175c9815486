import { Decompress } from 'fzstd';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ProblemCode } from '../core/model';
import { Utf16Decoder, utf16Order } from '../core/text/utf16';

type Chunks = AsyncIterable<Uint8Array>;
/** Takes what is wrong with a container, once each. */
type Report = (code: ProblemCode) => void;

/**
 * Most times that a file may unpack to its size, once it has yielded `after` bytes: mail logs compress 8 to 25 times.
 */
const bomb = { ratio: 1000, after: 64 << 20 };

const isGzip = (b: Uint8Array) => b[0] === 0x1f && b[1] === 0x8b;
const isContent = (byte: number) => byte !== 0;
const isZstd = (b: Uint8Array) => b[0] === 0x28 && b[1] === 0xb5 && b[2] === 0x2f && b[3] === 0xfd;

/** Whether a file can be read from its middle: neither compressed nor UTF-16, by its first bytes. */
export function isPlain(head: Uint8Array): boolean {
  return !isGzip(head) && !isZstd(head) && !utf16Order(head);
}

/**
 * Stored bytes, unpacked by their magic numbers (gzip of any number of members, zstd) and as UTF-8.
 * @throws `EBOMB` when they unpack to more than a thousand times their size.
 */
export async function* unpacked(stored: Chunks, report: Report): Chunks {
  let taken = 0;
  const counted = async function* () {
    for await (const chunk of stored) {
      taken += chunk.length;
      yield chunk;
    }
  };
  const all = counted()[Symbol.asyncIterator]();
  // A reader that stops early must close the file all the same.
  try {
    const { value, done } = await all.next();
    if (done) return;
    const whole = prepend(value, { [Symbol.asyncIterator]: () => all });
    if (isGzip(value)) yield* asUtf8(bounded(gunzip(whole, report), () => taken));
    else if (isZstd(value)) yield* asUtf8(bounded(unzstd(whole, report), () => taken));
    else yield* asUtf8(whole);
  } finally {
    await all.return(undefined);
  }
}

async function* asUtf8(chunks: Chunks): Chunks {
  let decoder: Utf16Decoder | undefined;
  let first = true;
  for await (const chunk of chunks) {
    if (first) {
      first = false;
      const order = utf16Order(chunk);
      if (order) decoder = new Utf16Decoder(order);
    }
    yield decoder ? decoder.push(chunk) : chunk;
  }
  const rest = decoder?.end();
  if (rest) yield rest;
}

async function* gunzip(stored: Chunks, report: Report): Chunks {
  // Output of 1 MiB at a time is three times as fast as the default of 16 KiB.
  const ahead: Uint8Array[] = [];
  let begins = 0;
  const copies = async function* () {
    for await (const block of stored) {
      while (ahead.length > 0 && begins + ahead[0].length <= stream.bytesWritten) begins += ahead.shift()!.length;
      const copy = Uint8Array.from(block);
      ahead.push(copy);
      yield copy;
    }
  };
  const input = Readable.from(copies(), { objectMode: true, highWaterMark: 1 });
  const stream = createGunzip({ chunkSize: 1 << 20 });
  input.on('error', (error) => stream.destroy(error));
  input.pipe(stream);
  try {
    yield* stream as Chunks;
    // The stream ends behind the last member. Zeros after it are usual, e.g. on tapes; anything else is lost.
    let lost = Buffer.concat(ahead)
      .subarray(stream.bytesWritten - begins)
      .some(isContent);
    input.unpipe(stream);
    for await (const block of input as Chunks) if ((lost ||= block.some(isContent))) break;
    if (lost) report('damaged-file');
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === 'Z_BUF_ERROR') report('truncated-file');
    else if (code === 'Z_DATA_ERROR') report('damaged-file');
    else throw error;
  } finally {
    input.destroy();
    stream.destroy();
  }
}

async function* unzstd(stored: Chunks, report: Report): Chunks {
  let out: Uint8Array[] = [];
  const stream = new Decompress((chunk) => {
    if (chunk) out.push(chunk);
  });
  try {
    for await (const block of stored) {
      stream.push(Uint8Array.from(block));
      yield* out;
      out = [];
    }
    stream.push(new Uint8Array(0), true);
  } catch (error) {
    // The decoder's own errors have a number for a code; those of the file system have a name.
    if (typeof (error as { code?: unknown }).code === 'string') throw error;
    report('damaged-file');
  }
  yield* out;
}

async function* bounded(chunks: Chunks, taken: () => number): Chunks {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > bomb.after && length > taken() * bomb.ratio)
      throw Object.assign(new Error('unpacks to more than a thousand times its size'), { code: 'EBOMB' });
    yield chunk;
  }
}

async function* prepend(first: Uint8Array, rest: Chunks): Chunks {
  yield first;
  yield* rest;
}
